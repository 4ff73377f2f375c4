"""One request to the twin of Studio Tracker, once it is known what it asks for and who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from reconciler.twins.core.routes import Route
from reconciler.twins.core.state import Record
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, JsonObject, NotJson, Refused, Request

if TYPE_CHECKING:
    from reconciler.twins.studio_tracker.things import User

R = TypeVar("R", bound=Record)


@dataclass(slots=True)
class Feed:
    """What the server knows of the job feed: its shared secret, and whether unsigned calls pass as well."""

    secret: str = "feed-secret"  # noqa: S105 - of a twin
    allow_unsigned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerRoute(Route):
    """One operation. Where `safe_unless` is given, only the requests it says yes to can write."""

    answer: Callable[[Call], Answer]
    safe_unless: Callable[[Request], bool] | None = None

    def writes(self, request: Request) -> bool:
        """Could this request of the operation change anything?"""
        return self.write and (self.safe_unless is None or self.safe_unless(request))


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation's function is given. `caller` is None for public operations only."""

    twin: Twin
    request: Request
    ids: Mapping[str, str]
    feed: Feed
    caller: User | None = None

    @property
    def user(self) -> User:
        """Who asks."""
        if self.caller is None:
            raise Refused(401, "")
        return self.caller

    def table(self, kind: type[R]) -> dict[str, R]:
        """All things of one kind, by id, of every organisation."""
        return self.twin.state.of(kind)

    def hard(self, question: str) -> bool:
        """Does the adversarial reading of this question hold?"""
        return self.twin.knobs.hard(question)

    def moment(self) -> str:
        """To be called once, when all checks have passed: moves the clock on; the time of the change."""
        return self.twin.clock.tick()

    def new_id(self, kind: str) -> str:
        """`cmo7team1`, `cmo7team2` …"""
        return f"cmo7{kind}{self.twin.counters.next(kind)}"

    def require_admin(self) -> None:
        """Raises Refused for anyone but an administrator."""
        if self.user.role != "ADMIN":
            raise Refused(403, "Forbidden")

    def require(self, permission: str) -> None:
        """Raises Refused for a role without this project permission."""
        if self.user.role not in {"ADMIN", "PRODUCER"}:
            raise Refused(403, f"Missing permission: {permission}")

    def body(self, *fields: str) -> JsonObject:
        """The body, an object; with ST-P9 of these fields only. Raises Refused."""
        try:
            body = self.request.json()
        except NotJson:
            body = None
        if not isinstance(body, Mapping):
            raise Refused(400, "Invalid JSON")
        if self.hard("ST-P9"):
            for key in body:
                if key not in fields:
                    raise Refused(400, f"{key}: Unrecognized key")
        return body

    def deleted(self) -> Answer:
        """The answer to every delete that succeeded."""
        return Answer(204) if self.hard("ST-P6") else Answer(200, {"ok": True})
