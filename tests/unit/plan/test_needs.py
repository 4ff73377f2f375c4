"""Changes that would do harm without another one (`Change.needs`), and what of a held change still counts."""

from __future__ import annotations

import pytest

from reconciler.model.change import ENTRY, Change, Hold
from reconciler.model.document import Address
from reconciler.model.record import replace
from tests.unit.plan.samples import FINAL, WAIT, address, create, held, members, plan_of, rename, rules, thing

TEAM = thing("t", "brand", projects=0)


def label(name: str, *needs: str, holds: tuple[Hold, ...] = ()) -> Change:
    """A label that is renamed, and would do harm without these others."""
    found = rename("Label", name, thing(f"old {name}", f"old {name}"), f"new {name}", holds=holds)
    return replace(found, needs=frozenset(map(at, needs)))


def at(name: str) -> Address:
    return address("Label", name)


def test_what_would_do_harm_without_a_change_that_is_held_for_good_is_held_for_good() -> None:
    plan = plan_of([label("a", "c"), label("b"), label("c", holds=(FINAL,))])

    assert rules(plan) == {"a": ["depends-on"], "c": ["stop"]}
    assert plan.actions[0].holds == (
        Hold(
            "depends-on",
            "analytics/Label/c is held, and this needs it",
            "mend analytics/Label/c first",
            final=True,
        ),
    )
    assert ([c.address.name for c in plan.calls], plan.bound) == (["b"], 1)


def test_the_first_of_several_is_told() -> None:
    plan = plan_of([label("a", "d", "c", "b"), label("b"), *(label(n, holds=(FINAL,)) for n in "cd")])

    assert [h.way_out for h in plan.actions[0].holds] == ["mend analytics/Label/c first"]


def test_and_so_on_down_the_line_each_by_the_one_before_it() -> None:
    plan = plan_of([label("a", "b"), label("b", "c"), label("c", holds=(FINAL,))])

    assert rules(plan) == {"a": ["depends-on"], "b": ["depends-on"], "c": ["stop"]}
    assert plan.actions[0].holds[0].reason == "analytics/Label/b is held, and this needs it"


@pytest.mark.parametrize("hold", [WAIT, replace(FINAL, only="remove"), replace(WAIT, only="name")])
def test_a_hold_that_can_be_lifted_or_keeps_back_just_a_part_does_no_harm(hold: Hold) -> None:
    plan = plan_of([label("a", "b"), label("b", holds=(hold,))])

    assert rules(plan) == {"b": [hold.rule]}
    assert "a" in {c.address.name for c in plan.writes}


def test_what_is_held_for_good_by_itself_is_not_held_once_more() -> None:
    plan = plan_of([label("a", "b", holds=(FINAL,)), label("b", "a", holds=(FINAL,))])

    assert rules(plan) == {"a": ["stop"], "b": ["stop"]}


def test_what_waits_by_itself_is_held_for_good_besides() -> None:
    plan = plan_of([label("a", "b", holds=(WAIT,)), label("b", holds=(FINAL,))])

    assert rules(plan) == {"a": ["ask", "depends-on"], "b": ["stop"]}
    assert plan.calls == ()


# What counts of a change of which a part is held.


@pytest.mark.parametrize(("only", "writes"), [("remove", 1), (ENTRY, 2), ("name", 2)])
def test_the_least_number_of_writes_leaves_out_just_what_is_kept_back(only: str, writes: int) -> None:
    hold = Hold("first-removals", "a reason", "a way out", only=only)

    plan = plan_of([replace(members("a", TEAM, add=("jane",), remove=("bob",)), holds=(hold,))])

    assert plan.bound == len(plan.writes) == writes
    assert held(plan) == ({"a": ("first-removals",)} if only == "remove" else {})


def test_a_hold_of_the_removals_leaves_additions_and_changes_of_entries_to_be_counted() -> None:
    hold = Hold("first-removals", "a reason", "a way out", only="remove")
    both = members("a", TEAM, add=("jane",), change=("ann",), remove=("bob",))

    assert plan_of([both]).bound == 3
    assert plan_of([replace(both, holds=(hold,))]).bound == 2


@pytest.mark.parametrize("others", [(WAIT,), (Hold("r", "a reason", "a way out", only="remove"), WAIT)])
def test_what_is_held_as_a_whole_counts_nothing_whatever_holds_a_part_of_it(others: tuple[Hold, ...]) -> None:
    plan = plan_of([replace(members("a", TEAM, add=("jane",), remove=("bob",)), holds=others)])

    assert (plan.bound, plan.writes) == (0, ())


def test_what_is_made_beside_something_held_is_counted() -> None:
    plan = plan_of([create("Label", "a", "x1", holds=(WAIT,)), create("Label", "b", "x2")])

    assert plan.bound == len(plan.writes) == 1
