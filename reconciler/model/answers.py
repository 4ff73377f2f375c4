"""The answers of one reading as they come in, and what was found out from them: each is gone through once, however
often somebody asks what is to be read next."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Self, TypeVar, cast

from reconciler.model.call import Request, asks
from reconciler.model.json import Json
from reconciler.model.live import Replies
from reconciler.model.packed import put_away, there

S = TypeVar("S")
Add = Callable[[S, Request, Json], None]


class Answers(tuple[tuple[Request, Json], ...]):
    """Replies that remember what `folded` found in them. What follows on them goes on from there."""

    _found: dict[Hashable, tuple[int, object]]

    def __new__(cls, replies: Iterable[tuple[Request, Json]] = ()) -> Self:
        made = super().__new__(cls, replies)
        made._found = {}
        return made

    def and_then(self, more: Iterable[tuple[Request, Json]]) -> Answers:
        """These and those after them. What was found so far is handed on: ask the longer ones from now on."""
        longer = Answers((*self, *more))
        longer._found, self._found = self._found, {}
        return longer

    def put_away(self, since: int, call: str) -> Answers:
        """These with the bodies put away that came from this one on, and to this call. What was found so far is
        handed on, and has to be all that anybody will want to find in them."""
        late = ((r, put_away(body) if asks(r, call) else body) for r, body in self[since:])
        lighter = Answers((*self[:since], *late))
        lighter._found, self._found = self._found, {}
        return lighter

    def folded(self, by: Hashable, begin: Callable[[], S], add: Add[S]) -> S:
        """As the function of this name; `by` tells one question from another."""
        count, state = cast("tuple[int, S]", self._found.pop(by)) if by in self._found else (0, begin())
        for request, body in self[count:]:
            add(state, request, there(body))
        self._found[by] = len(self), state  # not where an answer makes no sense: it is to say so again
        return state


def folded(replies: Replies, by: Hashable, begin: Callable[[], S], add: Add[S]) -> S:
    """What `add` makes of one reply after the other, beginning with `begin()`. It has to depend on nothing but
    `by` and the reply; what comes back is for looking at only."""
    if isinstance(replies, Answers):
        return replies.folded(by, begin, add)
    state = begin()
    for request, body in replies:
        add(state, request, there(body))
    return state
