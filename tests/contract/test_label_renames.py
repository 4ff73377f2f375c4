"""Label: a name that changes, and every way it must not (OA-R23)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Reason, Verb
from reconciler.model.document import Address
from reconciler.workflow import Override
from tests.contract.deeds import applied, carried_out, made, only_hold, planned, would_send
from tests.contract.instance import label, live_names
from tests.world import OMNI, World


def test_a_rename_is_one_call_and_keeps_what_carries_the_label(w: World) -> None:
    deed = carried_out(w, label("draft", "Rough", was="Draft"))

    assert deed.sent == ('PUT /v1/labels/Draft {"name":"Rough"}',)
    assert deed.action("draft").verb is Verb.RENAME
    assert w.omni.edit("GET", "/v1/labels/rough").body["usage_count"] == 1  # type: ignore[index,call-overload]
    assert w.recorded.bonds[Address(OMNI, "Label", "draft")].id == "Rough"


def test_previously_may_stay_in_the_manifest(w: World) -> None:
    carried_out(w, label("draft", "Rough", was="Draft"))

    again = carried_out(w, label("draft", "Rough", was="Draft"))

    assert again.sent == ()


def test_a_rename_works_without_a_ledger_too(w: World) -> None:
    w.ledger = None

    plan = planned(w, label("draft", "Rough", was="Draft"))

    assert would_send(plan) == ['PUT /v1/labels/Draft {"name":"Rough"}']


def test_another_case_alone_is_no_difference(w: World) -> None:
    carried_out(w, label("draft", "Draft"))

    deed = carried_out(w, label("draft", "DRAFT"))

    assert deed.sent == ()


def test_a_case_is_changed_only_if_previously_asks_for_it(w: World, hard: bool) -> None:
    wanted = label("draft", "DRAFT", was="Draft")
    plan = planned(w, wanted)
    assert would_send(plan) == ['PUT /v1/labels/Draft {"name":"DRAFT"}']

    if not hard:
        carried_out(w, wanted)
        assert "DRAFT" in live_names(w)
        return
    deed = applied(w, plan)
    assert [(str(o.end), o.status) for o in deed.report.outcomes] == [("failed", 409)]
    assert "Draft" in live_names(w)
    assert carried_out(w, label("draft", "DRAFT")).sent == ()


def test_a_name_that_somebody_keeps_is_refused(w: World) -> None:
    plan = planned(w, label("draft", "Q1 2024", was="Draft"), label("review", "In Review"))

    assert plan.writes == ()
    hold = only_hold(plan, "draft")
    assert (hold.rule, hold.final) == ("name-taken", True)
    assert "Q1 2024" in hold.reason


def test_a_name_that_a_declared_label_keeps_is_refused(w: World) -> None:
    carried_out(w, label("a", "Alpha"), label("b", "Beta"))

    plan = planned(w, label("a", "Beta", was="Alpha"), label("b", "Beta"))

    assert plan.writes == ()
    assert {h.rule for a in plan.actions for h in a.holds} <= {"name-taken", "taken"}
    assert plan.actions[0].holds


@pytest.mark.parametrize("recorded", [False, True], ids=["unknown", "recorded"])
def test_both_live_is_refused(w: World, recorded: bool) -> None:
    if recorded:
        carried_out(w, label("draft", "Draft"))
    made(w.omni, "POST", "/v1/labels", {"name": "Rough"})

    plan = planned(w, label("draft", "Rough", was="Draft"))

    assert plan.writes == ()
    hold = only_hold(plan, "draft")
    assert (hold.rule, hold.final) == ("name-taken", True)


def test_after_our_rename_a_new_label_of_the_old_name_is_nobodys_business(w: World) -> None:
    carried_out(w, label("draft", "Rough", was="Draft"))
    made(w.omni, "POST", "/v1/labels", {"name": "Draft"})

    deed = carried_out(w, label("draft", "Rough", was="Draft"))

    assert deed.sent == ()


@pytest.mark.parametrize("recorded", [False, True], ids=["unknown", "recorded"])
def test_already_renamed_costs_nothing(w: World, recorded: bool) -> None:
    if recorded:
        carried_out(w, label("draft", "Draft"))
    made(w.omni, "PUT", "/v1/labels/Draft", {"name": "Rough"})

    deed = carried_out(w, label("draft", "Rough", was="Draft"))

    assert deed.sent == ()
    assert w.recorded.bonds[Address(OMNI, "Label", "draft")].id == "Rough"


def test_a_rename_that_nobody_confirmed_is_held_with_the_line_to_add(w: World) -> None:
    carried_out(w, label("draft", "Draft"))

    plan = planned(w, label("draft", "Rough"))

    assert plan.writes == ()
    assert [c.line for c in plan.held] == ["PUT /v1/labels/Draft"]
    hold = only_hold(plan, "draft")
    assert (hold.rule, hold.final) == ("rename-unconfirmed", False)
    assert "previously: {key: Draft}" in hold.way_out
    assert carried_out(w, label("draft", "Rough", was="Draft")).sent == ('PUT /v1/labels/Draft {"name":"Rough"}',)


def test_an_override_lifts_exactly_that_hold(w: World) -> None:
    carried_out(w, label("draft", "Draft"), label("q", "Q1 2024"))
    wanted = (label("draft", "Rough"), label("q", "Q2 2024"))
    lifted = Override("rename-unconfirmed", Address(OMNI, "Label", "draft"), "agreed by telephone")

    deed = applied(w, planned(w, *wanted), overrides=[lifted])

    assert deed.sent == ('PUT /v1/labels/Draft {"name":"Rough"}',)
    assert sorted(str(o.end) for o in deed.report.outcomes) == ["done", "held"]


def test_without_a_ledger_a_new_name_is_a_new_label(w: World) -> None:
    """Nobody knows that it was another one before: the old one is left alone, never deleted."""
    w.ledger = None

    plan = planned(w, label("draft", "Rough"))

    assert would_send(plan) == ['POST /v1/labels {"name":"Rough"}']


def test_a_previous_name_that_never_was_is_a_create(w: World) -> None:
    deed = carried_out(w, label("new", "Fresh", was="Stale"))

    assert deed.sent == ('POST /v1/labels {"name":"Fresh"}',)


def test_a_rename_in_the_product_shows_as_a_new_label(w: World) -> None:
    """A label has no id but its name: nothing tells that the other one was this one (OA-R19)."""
    carried_out(w, label("a", "Alpha"))
    made(w.omni, "PUT", "/v1/labels/Alpha", {"name": "Renamed"})

    deed = carried_out(w, label("a", "Alpha"))

    assert deed.sent == ('POST /v1/labels {"name":"Alpha"}',)


def test_reasons_of_a_rename(w: World) -> None:
    carried_out(w, label("a", "Alpha"))
    plan = planned(w, label("a", "Beta", was="Alpha"))

    assert [(f.path, f.before, f.after, f.reason) for f in plan.actions[0].fields] == [
        (("name",), "Alpha", "Beta", Reason.INTENT)
    ]
