"""The plan put together: actions, calls, holds, bounds, what will be remembered, what has to hold before."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, FieldChange, Hold, Verb
from reconciler.model.document import Lifecycle
from reconciler.model.place import Place, SpecPath
from reconciler.model.plan import Phase
from reconciler.model.record import replace
from tests.unit.plan.samples import (
    FINAL,
    WAIT,
    address,
    create,
    delete,
    held,
    members,
    plan_of,
    rename,
    rules,
    thing,
)

TEAM = thing("t", "brand", projects=0)
FIRST = Hold("first-removals", "a reason", "a way out", only="remove")


# Holds.


def test_what_is_held_for_good_has_no_calls_and_what_waits_has_them_all() -> None:
    assert plan_of([create("Label", "a", "x1", holds=(FINAL,))]).calls == ()
    plan = plan_of([create("Label", "a", "x1", holds=(WAIT,))])
    assert [c.held for c in plan.calls] == [("ask",)]
    assert (plan.writes, plan.bound, len(plan.held)) == ((), 0, 1)


def test_removals_can_wait_alone() -> None:
    plan = plan_of([replace(members("a", TEAM, add=("jane",), remove=("bob",)), holds=(FIRST,))])

    assert [(c.phase, c.held) for c in plan.calls] == [(Phase.ADD, ()), (Phase.REMOVE, ("first-removals",))]
    assert plan.bound == 1


def test_whatever_needs_a_thing_that_will_not_be_made_is_held_with_it() -> None:
    leaf = create("Folder", "leaf", ["A", "B"], parent={"$id": "analytics/Folder/root"})
    twig = create("Folder", "twig", ["A", "B", "C"], parent={"$id": "analytics/Folder/leaf"})

    final = plan_of(
        [create("Folder", "root", ["A"], holds=(FINAL,)), leaf, twig, create("Folder", "other", ["D"])]
    )
    assert rules(final) == {"root": ["stop"], "leaf": ["depends-on"], "twig": ["depends-on"]}
    assert (
        "analytics/Folder/root is held"
        in next(a for a in final.actions if a.address.name == "leaf").holds[0].reason
    )
    assert len(final.writes) == final.bound == 1

    waiting = plan_of([create("Folder", "root", ["A"], holds=(WAIT,)), leaf, twig])
    assert held(waiting) == {"root": ("ask",), "leaf": ("depends on 1",), "twig": ("depends on 2",)}
    assert waiting.bound == 0


def test_a_delete_goes_on_without_what_is_held_but_keeps_the_edge() -> None:
    gone = delete("Label", "gone", thing("x1", "x1", uses=0))

    plan = plan_of([create("Label", "a", "x2", holds=(WAIT,)), gone])

    assert held(plan) == {"a": ("ask",)}
    assert plan.calls[1].waits == {"1"}


def test_members_wait_with_a_team_that_waits_for_another() -> None:
    """Its slug is about to be free or not: nothing of it is done before that is known."""
    first = rename("ClientTeam", "a", TEAM, "other", holds=(WAIT,))
    second = rename("ClientTeam", "b", thing("u", "old"), "brand")
    second = replace(second, deltas=members("b", thing("u", "old"), add=("jane",)).deltas)

    plan = plan_of([first, second])

    assert len(plan.held) == 3
    assert plan.bound == 0


# What the ledger will remember.


@pytest.mark.parametrize(
    ("change", "on_remove"),
    [
        (create("Label", "a", "x1"), "delete"),  # the kind's default for what we make
        (create("Folder", "a", ["x1"]), "release"),
        (rename("Label", "a", thing("x1", "x1"), "x2"), "release"),  # adopted
        (rename("Label", "a", thing("x1", "x1"), "x2", was_made=True), "delete"),
    ],
)
def test_how_a_thing_leaves_is_settled_when_it_is_applied(change: Change, on_remove: str) -> None:
    bond = plan_of([change]).actions[0].bond

    assert bond is not None
    assert bond.on_remove == on_remove


def test_a_bond_carries_the_life_of_the_document() -> None:
    change = create("Label", "a", "x1", digests={"name": "d"}, entries_ours={"s": ("1",)}, by={"scope": "x"})
    assert change.document is not None
    life = Lifecycle(on_remove="release", protect=True, allow=frozenset({"rename", "delete"}))
    change = replace(change, document=replace(change.document, lifecycle=life))

    bond = plan_of([change]).actions[0].bond

    assert bond is not None
    assert (bond.id, bond.key, bond.made, bond.label) == ("", "x1", True, "x1")
    assert (bond.on_remove, bond.protect, bond.allow) == ("release", True, ("delete", "rename"))
    assert (bond.digests, bond.entries, bond.by) == ({"name": "d"}, {"s": ("1",)}, {"scope": "x"})


def test_what_is_only_observed_or_leaves_is_not_bound() -> None:
    observed = replace(create("Label", "a", "x1"), verb=Verb.OBSERVE, live=thing("x1", "x1"))
    released = Change(Verb.RELEASE, address("Label", "b"))

    assert [a.bond for a in plan_of([observed, released]).actions] == [None, None]


def test_each_field_that_differs_is_placed_where_it_is_declared() -> None:
    change = create("Label", "a", "x1", fields=tuple(FieldChange((n,), 1, 2) for n in ("name", "verified")))
    assert change.document is not None
    places: dict[SpecPath, Place] = {("spec", "name"): Place("m.yaml", 7)}
    change = replace(change, document=replace(change.document, place=Place("m.yaml", 3), places=places))

    [action] = plan_of([change]).actions

    assert [f.place for f in action.fields] == [Place("m.yaml", 7), Place("m.yaml", 3)]


def test_access_is_a_field_that_grants_it_or_a_delete_of_what_did() -> None:
    quiet = rename("Label", "a", thing("x1", "x1"), "x2", fields=(FieldChange(("name",), "x1", "x2"),))
    loud = replace(quiet, address=address("Label", "b"), fields=(FieldChange(("name",), "x1", "x3", access=True),))
    gone = delete("ClientTeam", "c", TEAM)
    plain = delete("Label", "d", thing("x9", "x9", uses=0))

    plan = plan_of([quiet, replace(loud, key="x3", wire={"name": "x3"}, live=thing("x0", "x0")), gone, plain])

    assert {a.address.name: a.access for a in plan.actions} == {"a": False, "b": True, "c": True, "d": False}


# What has to hold.


def test_one_reading_per_kind_serves_all_checks() -> None:
    plan = plan_of(
        [
            create("Label", "a", "new"),
            rename("Label", "b", thing("x1", "x1"), "x2"),
            delete("Label", "c", thing("x3", "x3", uses=0)),
            members("d", TEAM, add=("jane",)),
        ]
    )

    labels, teams = plan.preconditions
    assert (labels.demand.kind, teams.demand.kind) == ("Label", "ClientTeam")
    absent, named, gone = labels.checks
    assert (absent.absent, absent.key, absent.id) == (True, "new", None)
    assert (named.id, named.fields, named.contents) == ("x1", ("name",), False)
    assert (gone.id, gone.fields, gone.contents) == ("x3", (), True)
    assert teams.checks[0].fields == ("members/id of jane",)
    assert [c.calls for c in labels.checks] == [("1",), ("2",), ("4",)]


def test_a_name_that_is_about_to_be_free_may_still_be_borne() -> None:
    plan = plan_of([rename("Label", "a", thing("x1", "x1"), "x2"), create("Label", "b", "X1")])

    check = next(c for c in plan.preconditions[0].checks if c.address.name == "b")
    assert (check.absent, check.id, check.fields) == (True, "x1", ("x1",))


def test_only_readings_for_calls_that_go_are_needed() -> None:
    plan = plan_of([create("Label", "a", "x1", holds=(WAIT,)), members("d", TEAM, add=("jane",))])

    assert len(plan.preconditions) == 2
    assert [p.demand.kind for p in plan.needed] == ["ClientTeam"]


# Counts.


def test_a_ring_of_names_costs_one_call_more() -> None:
    ring = [rename("Label", n, thing(n, n), to) for n, to in zip("abc", "bca", strict=True)]

    plan = plan_of(ring)

    assert len(plan.writes) == plan.bound == 4


def test_nothing_to_do_is_no_target_and_no_call() -> None:
    plan = plan_of([])

    assert (plan.targets, plan.actions, plan.calls, plan.preconditions, plan.bound) == ((), (), (), (), 0)
    assert plan.id.startswith("sha256:")
