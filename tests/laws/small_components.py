"""A few components as the API keeps them, as a value: what each call does, and how far a state is from a goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from reconciler.model.json import Json

ROOT = "1"
TEMPORARY = "tmp"


class Component(NamedTuple):
    """`ident` is its id; new ones are `new-1` …"""

    ident: str
    key: str
    parent: str
    name: str
    sequence: int


State = frozenset[Component]
Aim = tuple[str, str, str | None, int | None]
"""Key, parent's id, and the name and sequence it shall have (None: as it was)."""


def send(state: State, method: str, path: str, body: Mapping[str, Json]) -> State | None:
    """The state after a call, None where the API refuses it, or where a component would lie beneath itself: that
    is never sent, since nobody says that it would be refused (CM-R30, CM-P6, CM-P7)."""
    if path == "sequence":
        items = {str(i["id"]): int(i["sequence"]) for i in body["sequences"]}  # type: ignore[union-attr,index,call-overload,arg-type]
        return frozenset(c._replace(sequence=items.get(c.ident, c.sequence)) for c in state)
    own = next((c for c in state if c.ident == path), None)
    if method == "DELETE":
        return None if own is None or any(c.parent == path for c in state) else state - {own}
    key, parent = (
        str(body.get("key", own.key if own else "")),
        str(body.get("parentId", own.parent if own else "")),
    )
    name = str(body.get("name", own.name if own else ""))
    sequence = int(body.get("sequence", own.sequence if own else 1000))  # type: ignore[arg-type]
    if any(c.key == key and c is not own for c in state) or parent not in {ROOT, *(c.ident for c in state)}:
        return None
    if method == "POST":
        fresh = f"new-{1 + sum(c.ident.startswith('new') for c in state)}"
        return state | {Component(fresh, key, parent, name, sequence)}
    if own is None or own.ident in _above(state, parent):
        return None
    return (state - {own}) | {Component(own.ident, key, parent, name, sequence)}


def _above(state: State, start: str) -> Iterator[str]:
    parents = {c.ident: c.parent for c in state}
    here = start
    while here in parents:
        yield here
        here = parents[here]


@dataclass(frozen=True, slots=True)
class Goal:
    """`kept`: id -> how it shall be. `made`: how those to come shall be. `gone` shall not be there; whatever else
    there is shall be as it was. A parent that is yet to come is named by its key."""

    start: State
    kept: Mapping[str, Aim]
    made: tuple[Aim, ...]
    gone: frozenset[str]

    def distance(self, state: State) -> int:
        """How many components are not as they shall be, those but for their sequence as one."""
        now = {c.ident: c for c in state}
        ids = {c.key: c.ident for c in state}
        wrong = [self._wrong(c, now.get(c.ident), ids) for c in self.start]
        fresh = [c for c in state if c.ident.startswith("new")]
        missing = [not any(_is(c, aim, c, ids) for c in fresh) for aim in self.made]
        stray = [not any(_is(c, aim, c, ids) for aim in self.made) for c in fresh]
        return wrong.count("much") + max(sum(missing), sum(stray)) + ("little" in wrong)

    def _wrong(self, was: Component, now: Component | None, ids: Mapping[str, str]) -> str:
        if was.ident in self.gone or now is None:
            return "" if was.ident in self.gone and now is None else "much"
        aim = self.kept.get(was.ident, (was.key, was.parent, None, None))
        if _is(now, aim, was, ids):
            return ""
        return "little" if _is(now._replace(sequence=aim[3] or was.sequence), aim, was, ids) else "much"

    def moves(self, state: State) -> Iterator[State]:
        """Every state that one call leads to, with any key and parent of the start and of the goal. A wrong name
        or number brings nobody nearer, and all right numbers go at once."""
        keys = [None, TEMPORARY, *sorted({c.key for c in self.start} | {a[0] for a in self._aims()})]
        parents = [None, ROOT, *sorted(c.ident for c in state)]
        for key, parent in product(keys, parents):
            for aim in self.made if key is not None and parent is not None else ():
                yield from _reached(state, "POST", "", _body(key, parent, aim[2], aim[3]))
            for one in state:
                _, _, name, number = self.kept.get(one.ident, ("", "", None, None))
                for said, placed in {(None, None), (name, None), (None, number), (name, number)}:
                    yield from _reached(state, "PUT", one.ident, _body(key, parent, said, placed))
        for one in state:
            yield from _reached(state, "DELETE", one.ident, {})
        right = {c.ident: a[3] for c in state if (a := self.kept.get(c.ident)) and a[3] is not None}
        items: list[Json] = [{"id": i, "sequence": n} for i, n in sorted(right.items())]
        yield from _reached(state, "PUT", "sequence", {"sequences": items})

    def _aims(self) -> tuple[Aim, ...]:
        return (*self.kept.values(), *self.made)


def _body(key: str | None, parent: str | None, name: str | None, number: int | None) -> dict[str, Json]:
    given: dict[str, Json] = {"key": key, "parentId": parent, "name": name, "sequence": number}
    return {k: v for k, v in given.items() if v is not None}


def _is(now: Component, aim: Aim, was: Component, ids: Mapping[str, str]) -> bool:
    key, parent, name, sequence = aim
    above = ids.get(parent.removeprefix("key:"), "") if parent.startswith("key:") else parent
    fresh = now.ident.startswith("new")
    wanted = (
        key,
        above,
        name if name is not None else ("" if fresh else was.name),
        sequence if sequence is not None else (1000 if fresh else was.sequence),
    )
    return now[1:] == wanted


def _reached(state: State, method: str, path: str, body: Mapping[str, Json]) -> Iterator[State]:
    after = send(state, method, path, body)
    if after is not None and after != state:
        yield after
