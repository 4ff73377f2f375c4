"""A few groups as the API keeps them, as a value, where a name can be borne by one group only (OA-P27)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations, permutations
from typing import NamedTuple

TEMPORARY = "in-between"

Members = frozenset[str]


class Group(NamedTuple):
    """`ident` is the server's id; new groups are `new 1` …"""

    ident: str
    name: str
    members: Members


State = frozenset[Group]


def send(state: State, method: str, ident: str, name: str = "", members: Members = frozenset()) -> State | None:
    """The state after a POST, a PUT of name and members, or a DELETE; None where it is refused."""
    own = next((g for g in state if g.ident == ident), None)
    if method != "DELETE" and any(g is not own and g.name == name for g in state):
        return None
    if method == "POST":
        fresh = f"new {1 + sum(g.ident.startswith('new') for g in state)}"
        return state | {Group(fresh, name, members)}
    if own is None:
        return None
    return state - {own} | ({Group(ident, name, members)} if method == "PUT" else set())


class Wanted(NamedTuple):
    """A group as it shall be; `members` None: as they are, in a new one nobody. `additive`: others may stay."""

    name: str
    members: Members | None
    additive: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """`kept`: ident -> as it shall be; `made`: those to come; `gone`: idents that shall not be there. Whatever
    else there is shall be as it was."""

    start: State
    kept: Mapping[str, Wanted]
    made: tuple[Wanted, ...]
    gone: frozenset[str]
    users: tuple[str, ...]

    def distance(self, state: State) -> int:
        """How many groups are not as they shall be: no call touches more than one."""
        now = {g.ident: g for g in state}
        wrong = sum(self._far(g, now.get(g.ident)) for g in self.start)
        fresh = [g for g in state if g.ident.startswith("new")]
        slots: list[Wanted | None] = [*self.made, *[None] * max(0, len(fresh) - len(self.made))]
        found: list[Group | None] = [*fresh, *[None] * max(0, len(self.made) - len(fresh))]
        return wrong + min(
            sum(_other(wanted, group) for wanted, group in zip(slots, order, strict=True))
            for order in permutations(found)
        )

    def _far(self, before: Group, now: Group | None) -> int:
        if before.ident in self.gone:
            return int(now is not None)
        wanted = self.kept.get(before.ident, Wanted(before.name, before.members))
        return 99 if now is None else int(not _is(wanted, now, before.members))

    def moves(self, state: State) -> Iterator[State]:
        """Every state that one call leads to, with names and people of the start and of the goal."""
        wanted = [*self.kept.values(), *self.made]
        names = [*sorted({g.name for g in self.start} | {w.name for w in wanted}), TEMPORARY]
        crowds = chain.from_iterable(combinations(self.users, n) for n in range(len(self.users) + 1))
        for crowd in map(frozenset, crowds):
            for name in names:
                yield from _reached(state, "POST", "", name, crowd)
                for ident in sorted(g.ident for g in state):
                    yield from _reached(state, "PUT", ident, name, crowd)
        for ident in sorted(g.ident for g in state):
            yield from _reached(state, "DELETE", ident, "", frozenset())


def _other(wanted: Wanted | None, now: Group | None) -> bool:
    """Whether a new group is not as it shall be; None: there shall be none, or there is none."""
    return now is not None if wanted is None else not _is(wanted, now, frozenset())


def _is(wanted: Wanted, now: Group | None, before: Members) -> bool:
    if now is None or now.name != wanted.name:
        return False
    members = before if wanted.members is None else wanted.members | (before if wanted.additive else frozenset())
    return now.members == members


def _reached(state: State, method: str, ident: str, name: str, members: Members) -> Iterator[State]:
    after = send(state, method, ident, name, members)
    if after is not None and after != state:
        yield after
