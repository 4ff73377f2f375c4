"""Is there a shorter way? A breadth-first search over every call an API allows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Protocol, TypeVar

S = TypeVar("S", bound=Hashable)


class Goal(Protocol[S]):
    def distance(self, state: S) -> int: ...

    def moves(self, state: S) -> Iterator[S]: ...


def shortest(start: S, goal: Goal[S], reached: Callable[[S], bool], most: int) -> int | None:
    """The least number of calls that lead to the goal, None if it takes more than `most`. A state that is further
    from the goal than calls are left is not looked at again: no call brings it nearer by more than one, which is
    a law of its own."""
    layer, seen = {start}, {start}
    for calls in range(most + 1):
        if any(reached(state) for state in layer):
            return calls
        left = most - calls
        near = (state for state in layer if goal.distance(state) <= left)
        layer = {after for state in near for after in goal.moves(state)} - seen if left else set()
        seen |= layer
    return None
