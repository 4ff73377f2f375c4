"""A few keywords as the API keeps them, as a value: what each call does, however many keywords go into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from tests.laws.forests import Forest

TEMPORARY = "tmp"


class Node(NamedTuple):
    name: str
    value: str
    parent: str | None


class State(NamedTuple):
    """`late`: a delete has gone that frees nothing, and so only deletes may follow (OC-R28, OC-R31). `moved`: all
    moves go into one request (OC-R27), and it has gone."""

    nodes: frozenset[Node]
    late: bool = False
    moved: bool = False


def state_of(forest: Forest) -> State:
    return State(frozenset(Node(name, one.value, one.parent) for name, one in forest.items()))


@dataclass(frozen=True, slots=True)
class Goal:
    """From one forest to another, by the calls of OC-R24 to OC-R28 alone."""

    start: Forest
    end: Forest

    def distance(self, state: State) -> int:  # noqa: ARG002 - one call may do everything
        return 0

    def reached(self, state: State) -> bool:
        return state.nodes == state_of(self.end).nodes

    def moves(self, state: State) -> Iterator[State]:
        """Every state that one call leads to."""
        if not state.late:
            yield from (State(nodes, moved=state.moved) for nodes in _closure(state.nodes, self._persisted))
        if not state.late and not state.moved:
            yield from (State(nodes, moved=True) for nodes in _closure(state.nodes, self._moved))
        for nodes in _closure(state.nodes, self._deleted):
            gone = {n.name for n in state.nodes} - {n.name for n in nodes}
            yield State(nodes, state.late or not gone <= self._freeing(), state.moved)

    def _persisted(self, nodes: frozenset[Node], done: frozenset[str]) -> Iterator[tuple[str, frozenset[Node]]]:
        by_name = {n.name: n for n in nodes}
        for one in nodes:
            for value in {TEMPORARY, *(w.value for w in (*self.start.values(), *self.end.values()))}:
                if one.name not in done and value != one.value and self._may_rename(one, value, by_name, done):
                    yield one.name, nodes - {one} | {one._replace(value=value)}
        for name, word in self.end.items():
            if name not in self.start and name not in by_name and (word.parent is None or word.parent in by_name):
                made = Node(name, word.value, word.parent)
                renamed = {a for a in _above(made, by_name) if a in done and a in self.start}
                nested = word.parent in done and word.parent not in self.start
                if _free(nodes, made) and not (nested and renamed):
                    yield name, nodes | {made}

    def _may_rename(self, one: Node, value: str, by_name: Mapping[str, Node], done: frozenset[str]) -> bool:
        """Not what was just made; a doomed one only where something that stays has to leave it; nothing above a
        keyword that is made by its path in the same call (OC-R27)."""
        if one.name not in self.start or not _free(frozenset(by_name.values()), one._replace(value=value)):
            return False
        if one.name not in self.end and not self._needed_inside(one.name):
            return False
        nested = [by_name[n] for n in done if n not in self.start and by_name[n].parent not in (None, *self.start)]
        return not any(one.name in _above(n, by_name) for n in nested)

    def _needed_inside(self, doomed: str) -> bool:
        nodes = {n.name: n for n in state_of(self.start).nodes}
        return any(doomed in _above(nodes[name], nodes) for name in self.start if name in self.end)

    def _moved(self, nodes: frozenset[Node], done: frozenset[str]) -> Iterator[tuple[str, frozenset[Node]]]:
        """What is to be deleted is never moved: it could end up beneath something that stays (OC-R27)."""
        by_name = {n.name: n for n in nodes}
        for one in (n for n in nodes if n.name in self.end):
            for parent in (None, *by_name):
                after = one._replace(parent=parent)
                inside = parent is not None and (
                    parent == one.name or one.name in _above(by_name[parent], by_name)
                )
                if one.name in self.start and one.name not in done and not inside and _free(nodes - {one}, after):
                    yield one.name, nodes - {one} | {after}

    def _deleted(self, nodes: frozenset[Node], done: frozenset[str]) -> Iterator[tuple[str, frozenset[Node]]]:  # noqa: ARG002
        for one in nodes:
            if one.name not in self.end and not any(n.parent == one.name for n in nodes):
                yield one.name, nodes - {one}

    def _freeing(self) -> set[str]:
        """What is to go and has a value that something of the goal is to have, and what lies beneath that."""
        wanted = {(w.parent, w.value) for w in self.end.values()}
        nodes = {n.name: n for n in state_of(self.start).nodes}
        free = {n for n, w in self.start.items() if n not in self.end and (w.parent, w.value) in wanted}
        return free | {n for n in self.start if n not in self.end and free & set(_above(nodes[n], nodes))}


Steps: TypeAlias = "Callable[[frozenset[Node], frozenset[str]], Iterator[tuple[str, frozenset[Node]]]]"
"""What one more keyword in the same call can lead to: whose turn it was, and how things are then."""


def _closure(start: frozenset[Node], steps: Steps) -> set[frozenset[Node]]:
    """Every state that some of these steps, each for another keyword, lead to."""
    found: set[tuple[frozenset[Node], frozenset[str]]] = set()
    waiting = [(start, frozenset[str]())]
    while waiting:
        nodes, done = waiting.pop()
        for name, after in steps(nodes, done):
            one = (after, done | {name})
            if one not in found:
                found.add(one)
                waiting.append(one)
    return {nodes for nodes, _ in found} - {start}


def _free(nodes: frozenset[Node], one: Node) -> bool:
    return not any(n.name != one.name and (n.parent, n.value) == (one.parent, one.value) for n in nodes)


def _above(one: Node, by_name: Mapping[str, Node]) -> list[str]:
    found, here = list[str](), one.parent
    while here is not None and here in by_name and len(found) <= len(by_name):
        found.append(here)
        here = by_name[here].parent
    return found
