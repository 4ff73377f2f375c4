"""From facts to who has what: along memberships and along what stands in what, by the shortest path."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from reconciler.access.facts import ALL, PERSON, PLACE, Facts, Grant, Inside, Membership, Thing
from reconciler.model.record import Record

S = TypeVar("S")


class Derived(Record, frozen=True):
    """One grant as it comes to one principal and one object. `memberships`: from the principal upwards; `insides`:
    from the granted object downwards."""

    grant: Grant
    who: Thing
    on: Thing
    memberships: tuple[Membership, ...] = ()
    insides: tuple[Inside, ...] = ()


class Index:
    """Facts by what they are about. Every walk visits a thing once, so that no circle holds it up."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.members: dict[Thing, list[Membership]] = {}
        self.groups: dict[Thing, list[Membership]] = {}
        self.inner: dict[Thing, list[Inside]] = {}
        self.outer: dict[Thing, list[Inside]] = {}
        self.by_on: dict[Thing, list[Grant]] = {}
        self.by_who: dict[Thing, list[Grant]] = {}
        for membership in facts.memberships.values():
            self.members.setdefault(membership.of, []).append(membership)
            self.groups.setdefault(membership.who, []).append(membership)
        for inside in facts.insides.values():
            self.inner.setdefault(inside.within, []).append(inside)
            self.outer.setdefault(inside.thing, []).append(inside)
        for grant in facts.grants.values():
            self.by_on.setdefault(grant.on, []).append(grant)
            self.by_who.setdefault(grant.who, []).append(grant)
        self._holders: dict[Thing, Mapping[Thing, tuple[Membership, ...]]] = {}
        self._reached: dict[Thing, Mapping[Thing, tuple[Inside, ...]]] = {}
        self._over: dict[Thing, frozenset[Thing]] = {}
        self._around: dict[Thing, frozenset[Thing]] = {}

    def holders(self, who: Thing) -> Mapping[Thing, tuple[Membership, ...]]:
        """Everybody whom a grant to `who` is a grant to, with the memberships from him upwards. Groups whose
        members are not known stand for themselves."""
        if who not in self._holders:
            walked = _walk(who, lambda at: ((m.who, m) for m in self.members.get(at, ())))
            ends = {t: tuple(reversed(steps)) for t, steps in walked.items() if self._is_end(t)}
            self._holders[who] = ends or {who: ()}
        return self._holders[who]

    def _is_end(self, thing: Thing) -> bool:
        return thing.kind in (PERSON, ALL, PLACE) or not self.members.get(thing)

    def reached(self, on: Thing) -> Mapping[Thing, tuple[Inside, ...]]:
        """The object and all that stands in it, with the way there."""
        if on not in self._reached:
            self._reached[on] = _walk(on, lambda at: ((i.thing, i) for i in self.inner.get(at, ())))
        return self._reached[on]

    def over(self, who: Thing) -> frozenset[Thing]:
        """Somebody, and every group that he belongs to."""
        if who not in self._over:
            self._over[who] = frozenset(_walk(who, lambda at: ((m.of, m) for m in self.groups.get(at, ()))))
        return self._over[who]

    def around(self, on: Thing) -> frozenset[Thing]:
        """An object, and everything that it stands in."""
        if on not in self._around:
            self._around[on] = frozenset(_walk(on, lambda at: ((i.within, i) for i in self.outer.get(at, ()))))
        return self._around[on]

    def has(self, who: Thing, role: str, flags: tuple[str, ...], on: Thing) -> bool:
        """Whether any grant gives somebody this role on an object."""
        over = self.over(who)
        return any(
            g.gives and g.role == role and g.flags == flags and g.who in over and (g.reaches or at == on)
            for at in self.around(on)
            for g in self.by_on.get(at, ())
        )


def _walk(start: Thing, steps: Callable[[Thing], Iterable[tuple[Thing, S]]]) -> dict[Thing, tuple[S, ...]]:
    """Everything that is reached, breadth first, with the steps there."""
    found: dict[Thing, tuple[S, ...]] = {start: ()}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        for there, step in steps(here):
            if there not in found:
                found[there] = (*found[here], step)
                waiting.append(there)
    return found


def derive(
    index: Index, grants: Iterable[Grant], who: frozenset[Thing] | None = None, on: frozenset[Thing] | None = None
) -> Iterator[Derived]:
    """Everything that these grants give, and those that give nothing where they stand. `who`, `on`: only to these
    principals, and on these objects."""
    for grant in grants:
        objects = index.reached(grant.on) if grant.reaches and grant.gives else {grant.on: ()}
        chosen = [(o, way) for o, way in objects.items() if on is None or o in on]
        if not chosen:
            continue
        for holder, memberships in index.holders(grant.who).items():
            if who is None or holder in who:
                for thing, insides in chosen:
                    yield Derived(grant, holder, thing, memberships, insides)
