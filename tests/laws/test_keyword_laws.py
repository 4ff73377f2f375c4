"""Keywords: from any small forest to any other, apply, plan again: 0 calls; and on paper no shorter way exists."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.live import Live
from reconciler.model.recorded import Bond
from tests.laws.forests import Forest, Word, documents, forests, path, shown
from tests.laws.planned import plan_of, read
from tests.laws.search import shortest
from tests.laws.small_keywords import Goal, state_of
from tests.world import CORE, World, lasting, world


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        yield one


@st.composite
def changes(draw: st.DrawFn, most: int = 4, *, labels: bool = True) -> tuple[Forest, Forest]:
    """A forest, and what is to become of it: some keywords kept or changed, some gone, some new."""
    names = tuple(f"k{n}" for n in range(draw(st.integers(0, most))))
    before = draw(forests(names, labels=labels))
    kept = tuple(n for n in names if draw(st.sampled_from((True, True, True, False))))
    new = tuple(f"n{n}" for n in range(draw(st.integers(0, 2 if labels else 1))))
    return before, draw(forests((*kept, *new), before, labels=labels))


def begun(k: World, before: Forest, *, ours: bool) -> None:
    """A world with this forest in it, made by us or by somebody else, and a ledger that knows which."""
    k.core.reset()
    k.ledger = lasting(ephemeral(whoami(), k.clock))
    k.documents = documents(before) if ours else []
    if ours:
        k.apply(k.plan())
        return
    ids: dict[str, str] = {}
    for name in sorted(before, key=lambda n: path(before, n).count("/")):
        one = before[name]
        ids[name] = k.core.add_keyword(one.value, ids[one.parent] if one.parent else "/", labels=dict(one.labels))


def live_forest(k: World) -> dict[str, dict[str, str]]:
    return {p.strip("/"): dict(k.core.keyword(p).labels) for p in k.core.paths()}


@given(changes(), st.booleans())
def test_apply_then_plan_again_has_no_calls(k: World, worlds: tuple[Forest, Forest], ours: bool) -> None:
    before, after = worlds
    begun(k, before, ours=ours)
    k.documents = documents(after, before)
    plan = k.plan()
    assume(not any(a.holds for a in plan.actions))
    assert len(plan.writes) == plan.bound

    report = k.checked_apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert k.plan().writes == ()
    if ours or not before.keys() - after.keys():
        there = live_forest(k)
        assert there.keys() == shown(after).keys()
        assert all(labels.items() <= there[at].items() for at, labels in shown(after).items())


@given(changes())
def test_what_is_as_declared_needs_nothing(k: World, worlds: tuple[Forest, Forest]) -> None:
    before, _ = worlds
    begun(k, before, ours=False)
    k.documents = documents(before)

    plan = k.plan()

    assert (plan.writes, plan.bound) == ((), 0)
    assert {str(a.verb) for a in plan.actions} <= {"adopt"}


def live_answer(forest: Forest) -> Live:
    records: list[Json] = []
    for name, one in forest.items():
        above: dict[str, Json] = {"parentId": one.parent, "parentPath": "/"} if one.parent else {}
        records.append({"id": name, "name": {"itm": [one.value]}, **above})
    return read(CORE, {"Keyword": {"/common/keywords/retrieve": {"kwds": {"entries": records}}}})


def bonds(forest: Forest) -> list[Bond]:
    return [
        Bond(Address(CORE, "Keyword", n), n, list(path(forest, n).split("/")), made=True, on_remove="delete")
        for n in forest
    ]


@given(changes(3, labels=False))
def test_no_shorter_way_to_this_forest(worlds: tuple[Forest, Forest]) -> None:
    before, after = worlds
    plan = plan_of(documents(after, before), live_answer(before), bonds(before))
    assume(not any(a.holds for a in plan.actions) and len(plan.writes) <= 3)
    goal = Goal(before, after)

    assert len(plan.writes) == plan.bound
    assert shortest(state_of(before), goal, goal.reached, len(plan.writes) - 1) is None if plan.writes else True


def test_a_ring_takes_two_calls_and_the_search_finds_them() -> None:
    before = {"a": Word("a", None), "b": Word("b", None)}
    after = {"a": Word("b", None), "b": Word("a", None)}
    goal = Goal(before, after)

    assert shortest(state_of(before), goal, goal.reached, 3) == 2
    plan = plan_of(documents(after, before), live_answer(before), bonds(before))
    assert len(plan.writes) == 2


def test_two_that_change_places_under_one_value_take_three() -> None:
    root = {"r": Word("r", None)}
    before = {**root, "a": Word("x", None), "b": Word("x", "r")}
    after = {**root, "a": Word("x", "r"), "b": Word("x", None)}
    goal = Goal(before, after)

    assert shortest(state_of(before), goal, goal.reached, 3) == 3
    assert len(plan_of(documents(after, before), live_answer(before), bonds(before)).writes) == 3
