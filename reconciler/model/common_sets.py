"""Sets of calls that many calls wait for in common: written once in a plan, however many name them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from reconciler.model.json import Json
from reconciler.model.plan import Call

AT_LEAST = 33
"""A set of fewer calls is written out wherever it is named: a person reads it there."""
Numbers: TypeAlias = "Mapping[frozenset[str], int]"
"""A set that is written once -> its place in the plan's list of them."""


def common_sets(calls: Iterable[Call]) -> dict[frozenset[str], int]:
    """The large sets that several calls wait for or follow, in the order of the plan."""
    large = (ids for c in calls for ids in (c.waits, c.follows) if len(ids) >= AT_LEAST)
    times = Counter(large)
    return {ids: place for place, ids in enumerate(ids for ids, count in times.items() if count > 1)}


def ids_json(ids: frozenset[str], numbers: Numbers) -> Json:
    """The calls in the order of the plan, or where in its list they stand."""
    return numbers[ids] if ids in numbers else in_order(ids)


def in_order(ids: Iterable[str]) -> list[Json]:
    return [*sorted(ids, key=lambda i: (int(i) if i.isdigit() else 0, i))]


def ids_from(value: Sequence[str] | int, sets: Sequence[frozenset[str]]) -> frozenset[str]:
    """The inverse of `ids_json`. Raises TypeError or ValueError where it is none."""
    if not isinstance(value, int):
        return frozenset(value)
    if not 0 <= value < len(sets):
        raise ValueError(f"there is no set {value} of calls")
    return sets[value]
