"""What a plan changes of who can do what: two evaluations, compared person by person and object by object."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final, TypeAlias

from reconciler.access.after import NEW, Ids, after, believed, held_of, lifted
from reconciler.access.evaluate import Derived, Index, derive
from reconciler.access.facts import Facts, Thing
from reconciler.access.listing import object_step, path_of
from reconciler.access.seen import World, as_read, seen, told_ids
from reconciler.access.told import tells
from reconciler.model.access import AccessChange, Sort, Step
from reconciler.model.catalog import Catalog
from reconciler.model.change import Changes
from reconciler.model.document import Desired
from reconciler.model.live import Live
from reconciler.model.plan import Plan
from reconciler.model.record import Record, replace
from reconciler.model.recorded import Recorded

MOST: Final = 100_000
"""So many single gains and losses are worked out; of more, only the grants and memberships themselves are told."""
Key: TypeAlias = "tuple[Thing, str, tuple[str, ...], Thing]"


def access_changes(
    changes: Changes, plan: Plan, desired: Desired, live: Live, recorded: Recorded, catalog: Catalog
) -> tuple[AccessChange, ...]:
    """Who gains and who loses what if the plan is carried out. What is held is told as held."""
    providers = {t.name: t.provider for t in desired.targets.values()}
    kinds = catalog.across(providers)
    going_on = (lifted(c) for c in changes.changes if not c.rests)
    if not any(c.writes and tells(kinds[c.address.target, c.address.kind]) for c in going_on):
        return ()
    ids = Ids({c.id: c for c in plan.calls})
    own = {c.address: c.live.id if c.live else f"{NEW}{c.address}" for c in changes.changes if c.document}
    read = as_read(live, providers, told_ids(desired, recorded, catalog, own), by_id=True)
    now, held = believed(read, changes.changes, kinds, ids), held_of(plan, ids)

    def coming(*, but_held: bool) -> Index:
        return index(after(now, changes.changes, kinds, ids, held if but_held else None))

    def index(world: World) -> Index:
        facts = seen(world, catalog)
        for c in changes.changes:
            said = (c.label, c.document.description, c.address.name) if c.document else (c.label,)
            kind = kinds[c.address.target, c.address.kind]
            if c.address in own:
                facts.entitle(Thing(c.address.target, kind.name, own[c.address]), kind, *said)
        return Index(facts)

    before = index(now)
    going, whole = coming(but_held=True), coming(but_held=False)
    found = [*_compared(before, going, held=False), *_compared(before, whole, held=True)]
    sure = {(g.gains, g.key) for g in found if not g.held}
    return tuple(_told([g for g in found if not g.held or (g.gains, g.key) not in sure]))


class _Gain(Record, frozen=True):
    """One role of one principal on one object that comes or goes; `facts` name what it is about."""

    gains: bool
    one: Derived
    facts: Facts
    held: bool

    @property
    def key(self) -> Key:
        return _key(self.one)


def _key(one: Derived) -> Key:
    return one.who, one.grant.role, one.grant.flags, one.on


def _compared(before: Index, then: Index, *, held: bool) -> Iterator[_Gain]:
    """Gains first, then losses."""
    for index, other, gains in ((then, before, True), (before, then, False)):
        told: dict[Key, Derived] = {}
        for one in _differing(index, other):
            key = _key(one)
            if one.grant.gives and one.grant.opens and key not in told and not other.has(*key):
                told[key] = one
        yield from (_Gain(gains, one, index.facts, held) for one in told.values())


def _differing(index: Index, other: Index) -> list[Derived]:
    """All that comes of the facts which only this side has."""
    grants = [g for g in index.facts.grants if g not in other.facts.grants]
    found: list[Derived] = []
    for one in chain(derive(index, grants), _through(index, other)):
        found.append(one)
        if len(found) > MOST:
            return [Derived(g, g.who, g.on) for g in grants]
    return found


def _through(index: Index, other: Index) -> Iterator[Derived]:
    """What comes through memberships and places that only this side has."""
    joined: dict[Thing, set[Thing]] = {}
    for membership in index.facts.memberships:
        if membership not in other.facts.memberships:
            joined.setdefault(membership.of, set()).add(membership.who)
    for of, members in sorted(joined.items()):
        people = frozenset(p for m in members for p in index.holders(m))
        grants = (g for at in sorted(index.over(of)) for g in index.by_who.get(at, ()))
        yield from derive(index, grants, who=people)
    for inside in index.facts.insides:
        if inside not in other.facts.insides:
            things = frozenset(index.reached(inside.thing))
            around = sorted(index.around(inside.within))
            grants = (g for at in around for g in index.by_on.get(at, ()) if g.reaches)
            yield from derive(index, grants, on=things)


# Telling them together.


def _told(gains: Iterable[_Gain]) -> list[AccessChange]:
    """What one grant gives somebody in an object and all that stands in it is one; so is what several people gain
    or lose alike."""
    by_grant: dict[tuple[object, ...], list[_Gain]] = {}
    for gain in gains:
        one = gain.one
        groups = tuple(m.of for m in one.memberships)
        at = (gain.gains, gain.held, one.who, one.grant, groups)
        by_grant.setdefault(at, []).append(gain)
    single = [told for alike in by_grant.values() for told in _with_within(alike)]
    together: dict[AccessChange, list[str]] = {}
    for change, name in single:
        together.setdefault(change, []).append(name)
    found = [_with_names(change, names) for change, names in together.items()]
    return sorted(found, key=_order)


def _with_within(alike: list[_Gain]) -> Iterator[tuple[AccessChange, str]]:
    top = next((g for g in alike if not g.one.insides), None)
    for gain in [top] if top is not None else alike:
        yield _change(gain, len(alike) - 1 if top is not None else 0), gain.facts.name(gain.one.who)


def _change(gain: _Gain, within: int) -> AccessChange:
    one, facts = gain.one, gain.facts
    return AccessChange(
        target=one.grant.target,
        gains=gain.gains,
        who=(),
        role=one.grant.role,
        object=object_step(facts, one.on),
        sort=facts.principal(one.who).sort,
        flags=one.grant.flags,
        path=path_of(facts, one),
        within=within,
        unknown=one.grant.unknown,
        held=gain.held,
    )


def _with_names(change: AccessChange, names: list[str]) -> AccessChange:
    shown = ("everybody",) if change.sort is Sort.EVERYBODY else tuple(sorted(set(names)))
    return replace(change, who=shown)


def _order(change: AccessChange) -> tuple[object, ...]:
    path: list[Step] = list(change.path)
    return (
        change.held,
        change.target,
        change.object.kind,
        change.object.name,
        change.gains,
        change.role,
        [s.name for s in path],
        change.who,
    )
