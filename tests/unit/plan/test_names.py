"""Names that pass from one thing to another, while the thing that bears one cannot let go of it."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change
from reconciler.model.record import replace
from tests.unit.plan.samples import FINAL, WAIT, create, delete, held, plan_of, rename, rules, thing

A, B = thing("alpha", "alpha"), thing("beta", "beta")


def test_who_takes_the_name_of_something_that_is_held_for_good_is_held_too() -> None:
    plan = plan_of([rename("Label", "a", A, "beta", holds=(FINAL,)), create("Label", "b", "ALPHA")])

    assert rules(plan) == {"a": ["stop"], "b": ["depends-on"]}
    assert "analytics/Label/a is held, and it bears the name 'ALPHA'" in plan.actions[1].holds[0].reason
    assert (plan.calls, plan.bound) == ((), 0)


def test_and_so_on_down_the_line() -> None:
    plan = plan_of(
        [
            rename("Label", "a", A, "beta", holds=(FINAL,)),
            rename("Label", "b", B, "alpha"),
            create("Label", "c", "beta"),
            create("Label", "d", "delta"),
        ]
    )

    assert rules(plan) == {"a": ["stop"], "b": ["depends-on"], "c": ["depends-on"]}
    assert [c.address.name for c in plan.writes] == ["d"]


def test_a_delete_that_is_refused_frees_no_name() -> None:
    used = thing("alpha", "alpha", uses=1)

    plan = plan_of([delete("Label", "a", used), rename("Label", "b", B, "alpha")])

    assert rules(plan) == {"a": ["in-use"], "b": ["depends-on"]}


def test_a_hold_that_can_be_lifted_is_an_edge() -> None:
    plan = plan_of([rename("Label", "a", A, "gamma", holds=(WAIT,)), create("Label", "b", "alpha")])

    assert rules(plan) == {"a": ["ask"]}
    assert held(plan) == {"a": ("ask",), "b": ("depends on 1",)}


def test_what_holds_only_removals_does_not_keep_a_name() -> None:
    plan = plan_of(
        [
            rename(
                "ClientTeam",
                "a",
                thing("t", "old"),
                "new",
                holds=(replace(FINAL, only="remove"),),
            ),
            create("ClientTeam", "b", "old"),
        ]
    )

    assert held(plan) == {}
    assert [c.address.name for c in plan.writes] == ["a", "b"]


@pytest.mark.parametrize("held_one", ["a", "b"])
def test_a_ring_stands_still_if_one_of_it_does(held_one: str) -> None:
    """Nobody is renamed aside for the sake of a ring that will not close."""
    holds = {held_one: (WAIT,)}

    plan = plan_of(
        [
            rename("Label", "a", A, "beta", holds=holds.get("a", ())),
            rename("Label", "b", B, "alpha", holds=holds.get("b", ())),
        ]
    )

    assert (len(plan.held), plan.writes, plan.bound) == (3, (), 0)


def test_a_name_that_differs_in_case_alone_is_the_same_name() -> None:
    plan = plan_of([rename("Label", "a", A, "Alpha")])

    assert (held(plan), len(plan.writes), plan.bound) == ({}, 1, 1)


def inside(name: str, *chain: str, parent: str) -> Change:
    return replace(create("Folder", name, [*chain]), parent=parent)


def test_in_a_tree_a_name_passes_among_the_things_that_lie_in_one() -> None:
    """Wherever else one is called the same, nobody waits for it."""
    full = thing("x", ["A", "Old"], parent="f", children=0, documents=1)
    gone = delete("Folder", "gone", full)

    plan = plan_of([gone, inside("here", "A", "Old", parent="f"), inside("there", "B", "Old", parent="g")])

    assert rules(plan)["gone"] == ["in-use"]
    assert {n: r for n, r in rules(plan).items() if n != "gone"} == {"here": ["depends-on"]}
    assert [c.address.name for c in plan.writes] == ["there"]


def test_in_a_tree_the_last_name_of_a_chain_is_the_one_that_passes() -> None:
    """However long the chain is by which others call it."""
    gone = delete("Folder", "gone", thing("x", ["A", "B", "Old"], parent="f", children=0, documents=1))

    plan = plan_of([gone, inside("here", "C", "Old", parent="f"), inside("other", "A", "B", "New", parent="f")])

    assert {n: r for n, r in rules(plan).items() if n != "gone"} == {"here": ["depends-on"]}
