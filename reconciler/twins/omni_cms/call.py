"""One request to the twin of Omni-CMS, once it is known what it asks for and who asks."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from reconciler.twins.core.routes import Route
from reconciler.twins.core.state import Record
from reconciler.twins.core.twin import Twin
from reconciler.twins.core.values import Answer, JsonObject, Request

if TYPE_CHECKING:
    from reconciler.twins.omni_cms.things import User

KEY_HEADER = "X-OMNI-API-KEY"
COOKIE = "omni_session"
DONE = "Your request was successful."

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class CmsRoute(Route):
    """One operation, all of which the twin serves. `public` ones need no key."""

    answer: Callable[[Call], Answer]
    public: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation's function is given. `caller` is None for an anonymous one, on public operations only."""

    twin: Twin
    request: Request
    ids: Mapping[str, str]
    dice: random.Random
    caller: User | None = None

    def table(self, kind: type[R]) -> dict[str, R]:
        """All things of one kind, by id as text."""
        return self.twin.state.of(kind)

    def hard(self, question: str) -> bool:
        """Does the adversarial reading of this question hold?"""
        return self.twin.knobs.hard(question)

    def moment(self) -> str:
        """To be called once, when all checks have passed: moves the clock on; the time of the change."""
        return self.twin.clock.tick()

    def created(self, new_id: int) -> Answer:
        """The answer to a create, with the new id but for CM-P4."""
        return Answer(201, done() if self.hard("CM-P4") else done(new_id))


def done(about: int | None = None) -> JsonObject:
    """The generic response to what succeeded; `about`: the id of what it is about."""
    return {**({} if about is None else {"id": about}), "message": DONE, "success": True}
