"""One request to the twin of OMN Core, once it is known what it asks for and who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from reconciler.twins.core.routes import Route
from reconciler.twins.core.state import Record
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused

if TYPE_CHECKING:
    from reconciler.twins.omn_core.things import Token

R = TypeVar("R", bound=Record)
FIRST_ID = 100_000
SCHEMA = "5.6.0"


class Takes(StrEnum):
    """What an operation's body is: a plain request object, or a document (XML, or its compact notation)."""

    OBJECT = "object"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class OmnRoute(Route):
    """One operation; without an `answer` the twin knows it but does not serve it.

    Where `admin_only` is given, it is the word in the refusal of all other users.
    """

    answer: Callable[[Call], Answer] | None = None
    takes: Takes = Takes.OBJECT
    admin_only: str = ""


@dataclass(frozen=True, slots=True)
class Accident:
    """What becomes of one object although nothing is wrong with it. An ERROR is not done, anything else is."""

    value: str
    status: str
    description: str
    issue: str = ""


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
        self.accidents: list[Accident] = []

    def next_request(self) -> None:
        self._turn += 1

    def made(self, key: str) -> None:
        """This keyword was made by the present request."""
        if self._made_at != self._turn:
            self._made.clear()
        self._made_at = self._turn
        self._made.add(key)

    def show_all(self) -> None:
        self._made.clear()

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

    def entries(self, container: str) -> list[JsonObject]:
        """The objects in the one container that this operation takes. Raises Refused."""
        holding = self.body.get(container)
        entries = holding.get("entries") if isinstance(holding, Mapping) else None
        if not isinstance(entries, list):
            raise Refused(400, "Malformed request body")
        return [_present(entry) if isinstance(entry, Mapping) else {} for entry in entries]

    def answered(
        self, container: str, entries: Iterable[Json], *, information: str = "", **attributes: Json
    ) -> Answer:
        """200 and a document with one container; `attributes` are its own, `information` is told in the meta."""
        meta: dict[str, Json] = {
            "messageType": "request",
            "messageTime": self.twin.clock.now(),
            "sourceEnv": "twin",
        }
        if information:
            meta["itemInformationType"] = information
        document: JsonObject = {
            "schemaVersion": SCHEMA,
            "meta": meta,
            container: {**attributes, "entries": list(entries)},
        }
        return Answer(200, document, {"content-type": self.accept})


def _present(entry: JsonObject) -> JsonObject:
    """Without members that are null, which count as not sent."""
    return {name: member for name, member in entry.items() if member is not None}


def text(given: JsonObject, name: str) -> str | None:
    """A member that is one value, as text; None if it was not sent, or is something else."""
    value = given.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else None
