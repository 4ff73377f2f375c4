"""Who steps aside where several wait for each other."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.providers.omni_analytics import circles

Waits = Mapping[int, set[int]]


def ends(waits: Waits, without: frozenset[int]) -> bool:
    try:
        TopologicalSorter({n: m - without for n, m in waits.items() if n not in without}).prepare()
    except CycleError:
        return False
    return True


def graphs(most: int) -> st.SearchStrategy[Waits]:
    """Any waits among a few, nobody for himself."""
    nodes = st.integers(0, most - 1)
    return st.sets(st.tuples(nodes, nodes)).map(
        lambda pairs: {n: {b for a, b in pairs if a == n and b != n} for n in range(most)}
    )


def test_nobody_steps_aside_where_none_wait_in_a_circle() -> None:
    assert circles.aside({0: {1, 2}, 1: {2}, 2: set()}) == frozenset()


def test_one_steps_aside_out_of_two_circles_that_share_it() -> None:
    assert circles.aside({0: {1, 2}, 1: {0}, 2: {0}}) == {0}
    assert circles.aside({0: {2}, 1: {2}, 2: {0, 1}}) == {2}


def test_circles_apart_take_one_each() -> None:
    assert circles.aside({0: {1}, 1: {0}, 2: {3}, 3: {2}}) == {0, 2}


@given(graphs(6))
def test_no_fewer_would_do(waits: Waits) -> None:
    found = circles.aside(waits)

    assert ends(waits, found)
    fewer = [frozenset(some) for n in range(len(found)) for some in combinations(waits, n)]
    assert not any(ends(waits, some) for some in fewer)


@given(graphs(6))
def test_of_a_large_knot_none_steps_aside_in_vain(waits: Waits) -> None:
    with pytest.MonkeyPatch.context() as m:
        m.setattr(circles, "MOST", 0)
        found = circles.aside(waits)

    assert ends(waits, found)
    assert not any(ends(waits, found - {one}) for one in found)
