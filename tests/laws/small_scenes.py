"""What a scene of a kind is: small random manifests, one after the other, and every call that its API allows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any, TypeVar

from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.laws.small_trials import Done
from tests.laws.small_twins import Board, Node, Sent
from tests.world import World, doc

T = TypeVar("T")
At = tuple[str, str]


class Past(dict[str, Document]):
    """What the manifests before said, by name, and how many there were."""

    step: int = 0


def nothing_more(_: Done, __: Node) -> Iterable[Sent]:
    """The calls of the plan in any grouping are all there is."""
    return ()


def no_matter(_: Board, __: Node, ___: Node) -> int:
    return 0


def one_call(_: Node, __: Sent, ___: Node) -> int:
    return 1


def anything(_: Done, __: Node, ___: Sent) -> bool:
    return True


def bare(_: World) -> None:
    """Nothing besides what the table of the kind has there."""


@dataclass(frozen=True, slots=True)
class Scene:
    """`draw`: the next manifests, given those before. `moves`: the calls that the API allows in a state, with
    values of the start and of the goal. `far`: at least so many calls are left, of which no call makes up for
    more than one. `cost`: of one call, with the looks that the formula counts with it. `allowed`: whether
    the rules of order let a call be sent by then. `begin`: what is there besides. `again`: the same chances at
    every step."""

    at: At
    draw: Callable[[random.Random, World, Past], Sequence[Document]]
    moves: Callable[[Done, Node], Iterable[Sent]] = nothing_more
    far: Callable[[Board, Node, Node], int] = no_matter
    cost: Callable[[Node, Sent, Node], int] = one_call
    allowed: Callable[[Done, Node, Sent], bool] = anything
    begin: Callable[[World], object] = bare
    again: bool = False


DELETABLE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "first-removals", "effects"]}


def some(rng: random.Random, items: Sequence[T], least: int = 0, most: int = 3) -> list[T]:
    """A few of them, in any order."""
    return rng.sample(items, rng.randint(min(least, len(items)), min(most, len(items))))


def sets(items: Iterable[T], least: int = 1) -> Iterator[tuple[T, ...]]:
    """Every set of them."""
    known = [*items]
    return chain.from_iterable(combinations(known, n) for n in range(least, len(known) + 1))


def said(kind: str, name: str, spec: Mapping[str, Json], before: Past, key: str, **words: Any) -> Document:
    """A document, with its former key where that is another."""
    old = before[name].spec.get(key) if name in before else None
    former = {"previous_key": old} if old is not None and old != spec.get(key) else {}
    return doc(kind, name, spec, **{**DELETABLE, **former, **words})


LOST = 99
"""Calls that are left where none help: an id that is gone never comes back."""


def things(collection: str) -> Callable[[Board, Node, Node], int]:
    """How many are not as they shall be; no call is about two."""

    def far(board: Board, node: Node, goal: Node) -> int:
        now, then, first = node.table(collection), goal.table(collection), board.start.table(collection)
        if first.keys() & then.keys() - now.keys():
            return LOST
        wrong = sum(
            own not in then or board.text(now[own]) != board.text(then[own]) for own in now.keys() & first.keys()
        )
        return wrong + abs(len(now.keys() - first.keys()) - len(then.keys() - first.keys()))

    return far
