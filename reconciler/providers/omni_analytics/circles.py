"""Who steps aside, so that nobody waits for somebody who waits for him. Pure: nodes, and who waits for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from math import comb
from typing import Final

MOST: Final = 5_000
"""Sets that are tried in one knot, so that a large one ends as well."""


def aside(waits: Mapping[int, Set[int]]) -> frozenset[int]:
    """The fewest nodes without which there is no circle, the first of several such sets. Where a knot is so large
    that not all sets of a size can be tried, a set that does it, and of which none can be left out."""
    return frozenset[int]().union(*(_of(knot, waits) for knot in knots(waits)))


def knots(waits: Mapping[int, Set[int]]) -> list[frozenset[int]]:
    """The groups of those that all wait for each other, however many there are between."""
    reach = {n: _reached(waits, n) for n in waits}
    found = (frozenset(m for m in reach[n] if n in reach[m]) for n in waits if n in reach[n])
    return sorted(set(found), key=min)


def _of(knot: frozenset[int], waits: Mapping[int, Set[int]]) -> frozenset[int]:
    members = sorted(knot)
    for many in range(1, len(members)):
        if comb(len(members), many) > MOST:
            return _some(members, waits)
        for chosen in combinations(members, many):
            if _ends(knot - {*chosen}, waits):
                return frozenset(chosen)
    return knot


def _some(members: list[int], waits: Mapping[int, Set[int]]) -> frozenset[int]:
    """Beginning with all, whoever can be let back in, those with the fewest ties first."""
    ties = {n: len(waits[n]) + sum(n in waits[m] for m in members) for n in members}
    chosen = {*members}
    for one in sorted(members, key=lambda n: (ties[n], n)):
        if _ends({*members} - (chosen - {one}), waits):
            chosen.discard(one)
    return frozenset(chosen)


def _ends(nodes: Iterable[int], waits: Mapping[int, Set[int]]) -> bool:
    """Whether there is no circle among these."""
    there = {*nodes}
    try:
        TopologicalSorter({n: waits[n] & there for n in there}).prepare()
    except CycleError:
        return False
    return True


def _reached(waits: Mapping[int, Set[int]], start: int) -> set[int]:
    found, left = set[int](), [*waits[start]]
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            left += waits[here]
    return found
