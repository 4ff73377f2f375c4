"""One request to the twin of OMN Core, once it is known what it asks for and who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from reconciler.twins.core.clock import parse_instant
from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.routes import Route
from reconciler.twins.core.state import Record
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omn_core.media import JSON

if TYPE_CHECKING:
    from reconciler.twins.omn_core.things import Token

R = TypeVar("R", bound=Record)
FIRST_ID = 100_000
LARGEST_BATCH = 200
SCHEMA = "5.6.0"


class Takes(StrEnum):
    """What an operation's body is: a plain request object, or a document (XML, or its compact notation)."""

    OBJECT = "object"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class OmnRoute(Route):
    """One operation; without an `answer` the twin knows it but does not serve it.

    Where `admin_only` is given, it is the word in the refusal of all other users. A `plain` one answers an object
    in JSON, whatever is asked for.
    """

    answer: Callable[[Call], Answer] | None = None
    takes: Takes = Takes.OBJECT
    admin_only: str = ""
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Accident:
    """What becomes of one object although nothing is wrong with it. An ERROR is not done, anything else is."""

    value: str
    status: str
    description: str
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where a directory is still shown, and in how many lists."""

    rnc: str | None
    parent: str | None
    reads: int


class Traffic:
    """What the twin knows of its latest requests: what lists do not show yet (OC-P13), how much was done, and what
    is going to break.
    """

    def __init__(self) -> None:
        self._turn = 0
        self._made_at = 0
        self._made: set[str] = set()
        self.effects = 0
        self.break_after: int | None = None
        self.guids: list[str] = []
        self.move_delay = 0
        self.moves: dict[str, Moved] = {}
        self.unfound: dict[str, int] = {}
        self.accidents: list[Accident] = []

    def next_request(self) -> None:
        self._turn += 1

    def made(self, key: str) -> None:
        """The thing of this id was made by the present request."""
        if self._made_at != self._turn:
            self._made.clear()
        self._made_at = self._turn
        self._made.add(key)

    def show_all(self) -> None:
        self._made.clear()
        self.moves.clear()
        self.unfound.clear()

    def hidden(self) -> frozenset[str]:
        """The ids that a list does not show to the present request."""
        return frozenset(self._made) if self._made_at == self._turn - 1 else frozenset()

    def breaks(self, done: int) -> bool:
        """Does the call break off here, with this many of its objects done? Only once."""
        if self.break_after is None or done < self.break_after:
            return False
        self.break_after = None
        return True

    def accident(self, value: str) -> Accident | None:
        """What is to happen to the object of this value. Only once."""
        found = next((accident for accident in self.accidents if accident.value == value), None)
        if found is not None:
            self.accidents.remove(found)
        return found


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation's function is given. `accept` is the media type to answer in."""

    twin: Twin
    traffic: Traffic
    caller: Token
    accept: str
    body: JsonObject = field(default_factory=dict)

    def table(self, kind: type[R]) -> dict[str, R]:
        """All things of one kind, by id."""
        return self.twin.state.of(kind)

    def hard(self, question: str) -> bool:
        """Does the adversarial reading of this question hold?"""
        return self.twin.knobs.hard(question)

    def moment(self) -> str:
        """To be called once for each object that passed its checks: moves the clock on; the time of the change."""
        self.traffic.effects += 1
        return self.twin.clock.tick()

    def new_id(self) -> str:
        """The next id, of one row for all kinds."""
        return str(FIRST_ID - 1 + self.twin.counters.next("id"))

    def made(self, key: str) -> None:
        """The thing of this id was made: the very next request may not see it in a list (OC-P44)."""
        if self.hard("OC-P44"):
            self.traffic.made(key)

    def date(self, instant: str) -> str:
        """A date as an answer shows it (OC-P49)."""
        return oddly_dated(instant) if instant and self.hard("OC-P49") else instant

    def has(self, container: str) -> bool:
        """Is there such a container in the body?"""
        return isinstance(self.body.get(container), Mapping)

    def entries(self, container: str) -> list[JsonObject]:
        """The objects in a container that this operation takes. Raises Refused."""
        holding = self.body.get(container)
        entries = holding.get("entries") if isinstance(holding, Mapping) else None
        if not isinstance(entries, list):
            raise Refused(400, "Malformed request body")
        if len(entries) > LARGEST_BATCH and self.hard("OC-P31"):
            raise Refused(400, f"More than {LARGEST_BATCH} objects in one call")
        return [present(entry) if isinstance(entry, Mapping) else {} for entry in entries]

    def answered(
        self, container: str, entries: Iterable[Json], *, information: str = "", **attributes: Json
    ) -> Answer:
        """200 and a document with one container; `attributes` are its own, `information` is told in the meta."""
        return self.document({container: {**attributes, "entries": list(entries)}}, information)

    def document(self, containers: JsonObject, information: str = "") -> Answer:
        """200 and a document with these containers."""
        meta: dict[str, Json] = {
            "messageType": "request",
            "messageTime": self.date(self.twin.clock.now()),
            "sourceEnv": "twin",
        }
        if information:
            meta["itemInformationType"] = information
        return Answer(200, {"schemaVersion": SCHEMA, "meta": meta, **containers}, {"content-type": self.accept})

    def plain(self, answer: JsonObject) -> Answer:
        """200 and an object in JSON."""
        return Answer(200, answer, {"content-type": JSON})


def oddly_dated(instant: str) -> str:
    """The same instant with an offset, or without any zone: which, follows from the instant."""
    moment = parse_instant(instant)
    if moment.second % 2:
        return moment.replace(tzinfo=None).isoformat(timespec="milliseconds")
    return moment.astimezone(timezone(timedelta(hours=2))).isoformat(timespec="milliseconds")


def present(entry: JsonObject) -> JsonObject:
    """Without members that are null, which count as not sent."""
    return {name: member for name, member in entry.items() if member is not None}


def text(given: JsonObject, name: str) -> str | None:
    """A member that is one value, as text; None if it was not sent, or is something else."""
    value = given.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None


KIND: Kind[OmnRoute] = Kind(
    questions=(
        Knob("OC-P29", "what is left out of a persist", "stays as it is", "is taken away, or gets its default"),
        Knob("OC-P31", "more than 200 objects in one call", "taken", "refused as a whole"),
        Knob("OC-P42", "a retrieve of one unknown thing by its name", "404", "200, empty"),
        Knob("OC-P44", "a list right after a persist", "shows what it made", "does not show it"),
        Knob("OC-P49", "dates in answers", "UTC with Z", "with an offset, some without a zone"),
    )
)
