"""Changes that wait for each other: keys that pass on, places to be left first, and the knots these can make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import pairwise
from typing import TypeAlias

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.record import Record
from reconciler.providers.omni_cms.tree import Forest, forest, goes, node, own_node, stopped

Before: TypeAlias = "dict[Address, set[Address]]"
"""Address -> those whose calls have to go first."""
MOST = 7
"""Changes of one knot whose orders are all tried."""


def handovers(kind: Kind, changes: Sequence[Change]) -> dict[Address, Address]:
    """Who takes a key -> who has it now, and leaves it by rename or delete (CM-R29)."""
    going = [c for c in changes if not stopped(c)]
    leavers = {_key(c.live.scope, c.live.key): c for c in going if c.live and _leaves(kind, c)}
    takers = [c for c in going if c.verb is Verb.CREATE or (c.live and kind.key in c.changed)]
    found = ((c.address, leavers.get(_key(c.scope, c.key))) for c in takers)
    return {taker: leaver.address for taker, leaver in found if leaver and leaver.address != taker}


def _leaves(kind: Kind, change: Change) -> bool:
    return change.verb is Verb.DELETE or kind.key in change.changed


def _key(scope: Sequence[Value], key: Json) -> str:
    return canonical([list(scope), key])


def with_keys(fixed: Before, passing: Mapping[Address, Address], asides: Set[Address] = frozenset()) -> Before:
    """What must go before what: `fixed`, and whoever leaves a key before who takes it, unless it was set aside."""
    return {
        a: first | ({passing[a]} if a in passing and passing[a] not in asides else set())
        for a, first in fixed.items()
    }


def places(changes: Sequence[Change], needs: Mapping[Address, Set[Address]]) -> Before:
    """What must go before something else whatever the keys are: what it needs, what lies in it and is deleted too,
    what is made for it to lie in. There is no knot in that alone."""
    found: Before = {c.address: set(needs.get(c.address, ())) for c in changes}
    made = {str(c.address): c.address for c in changes if c.verb is Verb.CREATE}
    for change in changes:
        if goes(change) and (above := made.get(node(change.parent))) is not None:
            found[change.address].add(above)
    doomed = {c.live.id: c for c in changes if c.verb is Verb.DELETE and c.live and not stopped(c)}
    for change in doomed.values():
        lies_in = doomed.get(change.live.parent or "") if change.live else None
        if lies_in is not None:
            found[lies_in.address].add(change.address)
    return found


def knots(before: Mapping[Address, Set[Address]]) -> list[list[Address]]:
    """Every set of changes that all wait for each other, in the order of their addresses."""
    left = _tangled(before)
    reached = {a: _reached(a, left) for a in left}
    found: list[list[Address]] = []
    seen = set[Address]()
    for start in sorted(left):
        knot = sorted(a for a in reached[start] if start in reached[a])
        if knot and start not in seen:
            seen |= set(knot)
            found.append(knot)
    return found


def _tangled(before: Mapping[Address, Set[Address]]) -> Before:
    """What is left once everything has gone that can."""
    left = {a: {b for b in first if b in before} for a, first in before.items()}
    free = [a for a, first in left.items() if not first]
    waiting: Before = {}
    for a, first in left.items():
        for b in first:
            waiting.setdefault(b, set()).add(a)
    while free:
        gone = free.pop()
        del left[gone]
        for a in waiting.get(gone, ()):
            left[a].discard(gone)
            if not left[a]:
                free.append(a)
    return left


def _reached(start: Address, before: Mapping[Address, Set[Address]]) -> set[Address]:
    found, todo = set[Address](), [start]
    while todo:
        fresh = before[todo.pop()] - found
        found |= fresh
        todo += fresh
    return found


def untied(
    kind: Kind, changes: Sequence[Change], live: Collection, needs: Mapping[Address, frozenset[Address]]
) -> dict[Address, frozenset[Address]]:
    """The needs, where a knot has an order that spares every extra call: each of it then needs the one before."""
    found = dict(needs)
    by_address = {c.address: c for c in changes}
    scene = _Scene(handovers(kind, changes), forest(changes, live))
    for knot in knots(with_keys(places(changes, needs), scene.handovers)):
        way = _way([by_address[a] for a in knot], scene)
        for one, after in pairwise(way):
            found[after] = found.get(after, frozenset()) - set(knot) | {one}
        if way:
            found[way[0]] = found.get(way[0], frozenset()) - set(knot)
    return found


class _Scene(Record, frozen=True):
    handovers: Mapping[Address, Address]
    trees: Forest


def _way(knot: Sequence[Change], scene: _Scene) -> list[Address]:
    """An order in which each change is possible when its turn comes; empty where there is none."""
    if len(knot) > MOST:
        return []
    trails: list[tuple[Change, ...]] = [()]
    seen = set[frozenset[Address]]()
    for trail in trails:
        done = frozenset(c.address for c in trail)
        if len(trail) == len(knot):
            return [c.address for c in trail]
        for change in knot:
            after = done | {change.address}
            if change.address not in done and after not in seen and _possible(change, done, knot, scene):
                seen.add(after)
                trails.append((*trail, change))
    return []


def _possible(change: Change, done: Set[Address], knot: Sequence[Change], scene: _Scene) -> bool:
    waiting = {c.address for c in knot} - done
    unmade = {str(c.address) for c in knot if c.verb is Verb.CREATE and c.address in waiting}
    if scene.handovers.get(change.address) in waiting or (goes(change) and node(change.parent) in unmade):
        return False
    if change.verb is Verb.DELETE and change.live is not None:
        inside = [c for c in knot if c.live and c.live.parent == change.live.id]
        return not any(c.address in waiting and (goes(c) or c.verb is Verb.DELETE) for c in inside)
    return change.live is None or not goes(change) or not _beneath(change, waiting, knot, scene.trees)


def _beneath(change: Change, waiting: Set[Address], knot: Sequence[Change], trees: Forest) -> bool:
    """Whether its new parent may lie beneath it at that moment."""
    members = {own_node(c): c for c in knot}
    own = own_node(change)
    seen, left = set[str](), [trees.then[own]]
    while left:
        here = left.pop()
        if here == own:
            return True
        if here is None or here in seen:
            continue
        seen.add(here)
        member = members.get(here)
        if member is None or member.address in waiting:
            left.append(trees.now.get(here))
        if member is None or member.address not in waiting:
            left.append(trees.then.get(here))
    return False
