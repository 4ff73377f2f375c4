"""A few labels as the API keeps them, as a value: what each call does, and how far a state is from a goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from reconciler.model.json import Json

TEMPORARY = "in between"


class Label(NamedTuple):
    """`ident` is the label itself, whatever its name: what carries it stays with it. New ones are `new 1` …"""

    ident: str
    name: str
    verified: bool
    homepage: bool


State = frozenset[Label]
Flags = tuple[bool | None, bool | None]


def send(state: State, method: str, name: str, body: Mapping[str, Json]) -> State | None:
    """The state after a call, None where the API refuses it (OA-R19 to OA-R25). `name`: the one in the path."""
    own = next((one for one in state if one.name.casefold() == name.casefold()), None)
    new = str(body.get("name", own.name if own else ""))
    taken = any(one is not own and one.name.casefold() == new.casefold() for one in state)
    if method == "POST":
        ident = f"new {1 + sum(one.ident.startswith('new') for one in state)}"
        made = Label(ident, new, body.get("verified") is True, body.get("homepage") is True)
        return None if own is not None or taken else state | {made}
    if own is None or (method == "PUT" and taken):
        return None
    if method == "DELETE":
        return state - {own}
    verified, homepage = body.get("verified", own.verified), body.get("homepage", own.homepage)
    return (state - {own}) | {Label(own.ident, new, verified is True, homepage is True)}


@dataclass(frozen=True, slots=True)
class Goal:
    """`kept`: ident -> the name and flags it shall have (None: as it was). `made`: the same of those to come.
    Whatever else there is shall be as it was; `gone` shall not be there."""

    start: State
    kept: Mapping[str, tuple[str, Flags]]
    made: tuple[tuple[str, Flags], ...]
    gone: frozenset[str]

    def distance(self, state: State) -> int:
        """How many labels are not as they shall be. No call touches more than one, so no fewer calls can do."""
        now = {one.ident: one for one in state}
        wrong = sum(not self._right(one.ident, now.get(one.ident)) for one in self.start)
        fresh = [one for one in state if one.ident.startswith("new")]
        missing = sum(not any(_is(one, *wanted, False) for one in fresh) for wanted in self.made)
        stray = sum(not any(_is(one, *wanted, False) for wanted in self.made) for one in fresh)
        return wrong + max(missing, stray)

    def _right(self, ident: str, now: Label | None) -> bool:
        before = next(one for one in self.start if one.ident == ident)
        if ident in self.gone or now is None:
            return (now is None) == (ident in self.gone)
        name, flags = self.kept.get(ident, (before.name, (None, None)))
        wanted = tuple(was if flag is None else flag for flag, was in zip(flags, before[2:], strict=True))
        return now.name.casefold() == name.casefold() and now[2:] == wanted

    def moves(self, state: State) -> Iterator[State]:
        """Every state that one call leads to, with names and flags of the start and of the goal."""
        names = {one.name for one in self.start} | {name for name, _ in (*self.kept.values(), *self.made)}
        flags = product((None, True, False), repeat=2)
        for name, (verified, homepage) in product((None, *sorted(names), TEMPORARY), flags):
            given: dict[str, Json] = {"name": name, "verified": verified, "homepage": homepage}
            body = {k: v for k, v in given.items() if v is not None}
            if name is not None:
                yield from _reached(state, "POST", name, body)
            for one in state if body else ():
                yield from _reached(state, "PUT", one.name, body)
        for one in state:
            yield from _reached(state, "DELETE", one.name, {})


def _is(one: Label, name: str, flags: Flags, default: bool) -> bool:
    wanted = tuple(default if flag is None else flag for flag in flags)
    return one.name.casefold() == name.casefold() and one[2:] == wanted


def _reached(state: State, method: str, name: str, body: Mapping[str, Json]) -> Iterator[State]:
    after = send(state, method, name, body)
    if after is not None and after != state:
        yield after
