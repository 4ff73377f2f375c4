"""Directories: from any small tree to any other, apply, plan again: 0 calls; and as few as OC-C41 says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import assume, given

from reconciler.ledger import ephemeral, whoami
from reconciler.model.json import Json
from tests.contract.directories import tree
from tests.laws.directories import RNCS, Tree, changes, documents, path, shown
from tests.world import CORE, World, lasting, world


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        yield one


def begun(k: World, before: Tree, *, ours: bool) -> None:
    """A world with this tree in it, made by us or by somebody else, and a ledger that knows which."""
    k.core.reset()
    for rnc in RNCS:
        k.core.add_rnc(rnc)
    k.ledger = lasting(ephemeral(whoami(), k.clock))
    k.documents = documents(before) if ours else []
    if ours:
        k.apply(k.plan())
        return
    for at in sorted(before, key=lambda n: path(before, n).count("/")):
        one = before[at]
        k.core.add_directory(f"/{one.rnc}/{path(before, at)}", vals=one.values or None)


@given(changes())
def test_apply_then_plan_again_has_no_calls(k: World, worlds: tuple[Tree, Tree]) -> None:
    before, after = worlds
    begun(k, before, ours=True)
    k.documents = documents(after, before)
    plan = k.plan()
    assume(not any(a.holds for a in plan.actions))
    assert nearly(len(plan.writes), plan.bound)

    report = k.checked_apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done"}
    assert k.plan().writes == ()
    there = tree(k)
    assert there.keys() == shown(after).keys()
    for at, values in shown(after).items():
        assert all(covers(there[at], name, value) for name, value in values.items())


def nearly(calls: int, bound: int) -> bool:
    """As many as the formula says; in one world of some thousand, one more or fewer: where moves, new paths and
    a delete that frees a name come together, neither side looks at every way there is."""
    return abs(calls - bound) <= 1


def covers(there: Json, name: str, value: Json) -> bool:
    """Whether a twin has this value; of one by locale, whatever other locales it has."""
    own = there.get(name) if isinstance(there, dict) else None
    return own.items() >= value.items() if isinstance(value, dict) and isinstance(own, dict) else own == value


@given(changes())
def test_somebody_elses_directories_come_to_be_as_declared(k: World, worlds: tuple[Tree, Tree]) -> None:
    before, after = worlds
    begun(k, before, ours=False)
    k.documents = documents(after, before)
    plan = k.plan()
    assume(not any(a.holds for a in plan.actions))
    assert nearly(len(plan.writes), plan.bound)

    k.checked_apply(plan)

    assert k.plan().writes == ()


@given(changes())
def test_what_is_as_declared_needs_nothing(k: World, worlds: tuple[Tree, Tree]) -> None:
    before, _ = worlds
    begun(k, before, ours=True)

    plan = k.plan()

    assert (plan.writes, plan.bound) == ((), 0)


def test_covers_sees_a_difference() -> None:
    there: Mapping[str, Json] = {"V": {"en_EN": "x", "de_DE": "y"}}

    assert covers(dict(there), "V", {"en_EN": "x"})
    assert not covers(dict(there), "V", {"en_EN": "y"})
    assert not covers({}, "V", "x")
