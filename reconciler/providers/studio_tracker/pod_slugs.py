"""Slugs that go round: from a deleted pod by renames to a new one, into which that pod's people move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TypeAlias

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.entries import entry_text
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.providers.studio_tracker.pod_review import MEMBERS, inside

Ring: TypeAlias = "Mapping[Address, frozenset[Address]]"
MOST = 7
"""New pods that hang together of which every choice is tried."""


def set_aside(kind: Kind, changes: Sequence[Change]) -> dict[Address, Address]:
    """New pod -> the pod that has to leave its slug for it by a temporary one: its own next slug is free only once
    the new pod has taken in the people of the one that is called so now. As few as will do (ST-R69)."""
    leaves = {spoken(c.live.key): c for c in changes if c.live is not None and _leaves(kind, c)}
    freed = {c.address: _chain(c, leaves) for c in changes if c.verb is Verb.CREATE}
    ends = {new: last for new, (_, last) in freed.items() if last is not None}
    moves = {new: _takes_in(changes, gone) for new, gone in ends.items()}
    needs = {new: frozenset(into & moves.keys()) for new, into in moves.items()}
    firsts = {new: first for new, (first, _) in freed.items() if first is not None}
    return {new: firsts[new] for new in _fewest(needs)}


def _leaves(kind: Kind, change: Change) -> bool:
    return change.verb is Verb.DELETE or kind.key in change.changed


def _chain(new: Change, leaves: Mapping[str, Change]) -> tuple[Address | None, Change | None]:
    """Who leaves the slug of a new pod by a rename, and the pod whose delete makes that possible in the end; None
    where there is none."""
    first = here = leaves.get(spoken(new.key))
    for _ in leaves:
        if here is None or here.verb is Verb.DELETE:
            break
        here = leaves.get(spoken(here.key))
    gone = here if here is not None and here.verb is Verb.DELETE else None
    return (first.address if first is not None else None), gone


def _takes_in(changes: Sequence[Change], gone: Change) -> set[Address]:
    """The pods that people of a deleted one move to."""
    people = {*inside(gone.live)}
    adding = ((c, d.add) for c in changes if (d := c.deltas.get(MEMBERS)) is not None)
    return {c.address for c, added in adding if not people.isdisjoint(entry_text(e.id) for e in added)}


def _fewest(needs: Ring) -> tuple[Address, ...]:
    """The fewest without which nothing goes round; where that would take long to find, all that do."""
    around = sorted(a for a in needs if _reaches(needs, a, a))
    tried = range(len(around) if len(around) <= MOST else 0)
    sizes = (found for size in tried for found in combinations(around, size))
    return next((found for found in sizes if not _goes_round(needs, found)), tuple(around))


def _goes_round(needs: Ring, without: Sequence[Address]) -> bool:
    left = {a: frozenset(into - {*without}) for a, into in needs.items() if a not in without}
    return any(_reaches(left, a, a) for a in left)


def _reaches(needs: Ring, start: Address, end: Address) -> bool:
    seen, waiting = set[Address](), [start]
    while waiting:
        into = needs.get(waiting.pop(), frozenset[Address]())
        if end in into:
            return True
        waiting += into - seen
        seen |= into
    return False
