"""One request to the twin of Omni Analytics, once it is known what it asks for and who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from reconciler.twins.core.routes import Route
from reconciler.twins.core.state import Record
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, JsonObject, Refused

if TYPE_CHECKING:
    from reconciler.twins.omni_analytics.things import Key

R = TypeVar("R", bound=Record)


class Style(StrEnum):
    """How an operation words its errors (OA-P1)."""

    PLAIN = "plain"
    TITLED = "titled"
    SCIM = "scim"
    BARE = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class OmniRoute(Route):
    """One operation; without an `answer` the twin knows it but does not serve it.

    `prefix` stands before the texts of its 400s; `query` and `fields` are the documented query parameters and
    body keys (`fields` None: it takes no body; `body_optional`: none at all counts as an empty object); `uuids`
    the path ids that must be UUIDs; `on_behalf` marks the operations whose query parameter `userId` names the
    user to act for; `strict` that unknown query keys are refused under either reading of OA-P7, in these words
    (empty: the usual ones; `{}`: the keys). `bad_id` are the words for a path id that is no UUID, `{}` being it.
    """

    answer: Callable[[Call], Answer] | None = None
    style: Style = Style.PLAIN
    prefix: str = ""
    org_key_only: bool = False
    on_behalf: bool = False
    uuids: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    body_optional: bool = False
    strict: str | None = None
    bad_id: str = ""


class Lag:
    """What lists do not show yet (OA-P6): the thing made by the request just before, and only once."""

    def __init__(self) -> None:
        self._turn = 0
        self._made: tuple[int, type[Record], str] | None = None

    def next_request(self) -> None:
        self._turn += 1

    def made(self, kind: type[Record], key: str) -> None:
        self._made = (self._turn, kind, key)

    def show_all(self) -> None:
        self._made = None

    def hides(self, kind: type[Record]) -> str | None:
        """The id that a list of this kind does not show to the present request."""
        if self._made is None or self._made[:2] != (self._turn - 1, kind):
            return None
        return self._made[2]


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation's function is given. `query` holds the first value of each parameter."""

    twin: Twin
    lag: Lag
    route: OmniRoute
    caller: Key
    ids: Mapping[str, str]
    query: Mapping[str, str]
    body: JsonObject = field(default_factory=dict)

    def table(self, kind: type[R]) -> dict[str, R]:
        """All things of one kind, by id."""
        return self.twin.state.of(kind)

    def listed(self, kind: type[R]) -> list[R]:
        """The things of one kind that a list shows, in order of creation."""
        hidden = self.lag.hides(kind)
        return [record for key, record in self.table(kind).items() if key != hidden]

    def hard(self, question: str) -> bool:
        """Does the adversarial reading of this question hold?"""
        return self.twin.knobs.hard(question)

    @property
    def newer(self) -> bool:
        """Are answers given in the shape of the newer edition of the reference (OA-R35)?"""
        return self.hard("newer-answers")

    def moment(self) -> str:
        """To be called once, when all checks have passed: moves the clock on; the time of the change."""
        return self.twin.clock.tick()

    def made(self, kind: type[Record], key: str) -> None:
        """Tell the lists that this thing is new."""
        if self.hard("OA-P6"):
            self.lag.made(kind, key)

    def bad(self, text: str) -> Refused:
        """A 400 with the operation's prefix."""
        return Refused(400, self.route.prefix + text)
