"""What keeps a delete back, and the way out of each (OA-R26, ST-R17)."""

from __future__ import annotations

import pytest

from reconciler.model.document import Address, DeleteLimit
from reconciler.model.faults import GuardRefused, UsageWrong
from reconciler.workflow import Override
from tests.contract.deeds import action, applied, carried_out, only_hold, planned
from tests.contract.gone import KEEP, label, team
from tests.world import OMNI, TRACKER, World, doc


def test_a_protected_thing_is_held_though_its_document_is_gone(w: World) -> None:
    carried_out(w, label("alpha", protect=True), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert [c.line for c in plan.held] == ["DELETE /v1/labels/Alpha"]
    assert (only_hold(plan, "alpha").rule, only_hold(plan, "alpha").final) == ("protected", False)


def test_the_way_out_of_protection_works(w: World) -> None:
    carried_out(w, label("alpha", protect=True), KEEP)
    assert carried_out(w, label("alpha", protect=False), KEEP).sent == ()

    assert carried_out(w, KEEP).sent == ("DELETE /v1/labels/Alpha",)


def test_too_many_deletes_are_held_all_of_them(w: World) -> None:
    w.limit = DeleteLimit(count=3, percent=100)
    carried_out(w, *(label(f"name{n}") for n in range(4)), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert {h.rule for a in plan.actions for h in a.holds} == {"too-many-deletes"}
    assert "4 of 8 Labels" in only_hold(plan, "name0").reason


def test_so_many_deletes_are_not_too_many(w: World) -> None:
    w.limit = DeleteLimit(count=3, percent=40)
    carried_out(w, *(label(f"name{n}") for n in range(3)), *(label(f"kept{n}") for n in range(2)), KEEP)

    assert len(carried_out(w, *(label(f"kept{n}") for n in range(2)), KEEP).sent) == 3


def test_a_large_share_of_the_live_things_is_too_much(w: World) -> None:
    w.limit = DeleteLimit(count=100, percent=30)
    carried_out(w, *(label(f"name{n}") for n in range(4)), KEEP)

    plan = planned(w, KEEP)

    assert plan.writes == ()
    assert "4 of 8 Labels would be deleted (limit 100, or 30 %)" in only_hold(plan, "name0").reason


def test_an_override_releases_exactly_one_hold_and_the_plan_keeps_its_id(w: World) -> None:
    carried_out(w, label("alpha", protect=True), label("beta", protect=True), KEEP)
    plan = planned(w, KEEP)
    lifted = Override("protected", Address(OMNI, "Label", "alpha"), "agreed with Jane")

    deed = applied(w, plan, overrides=[lifted])

    assert deed.sent == ("DELETE /v1/labels/Alpha",)
    assert deed.report.plan_id == plan.id
    assert sorted(str(o.end) for o in deed.report.outcomes) == ["done", "held"]
    assert w.omni.edit("GET", "/v1/labels/Beta").ok


def test_an_override_of_one_rule_leaves_the_other(w: World) -> None:
    w.limit = DeleteLimit(count=0, percent=0)
    carried_out(w, label("alpha", protect=True), KEEP)
    at = Address(OMNI, "Label", "alpha")
    plan = planned(w, KEEP)
    assert {h.rule for h in action(plan, "alpha").holds} == {"protected", "too-many-deletes"}

    assert applied(w, plan, overrides=[Override("protected", at, "x")]).sent == ()
    both = [Override("protected", at, "x"), Override("too-many-deletes", at, "x")]
    assert applied(w, planned(w, KEEP), overrides=both).sent == ("DELETE /v1/labels/Alpha",)


def test_an_override_of_nothing_is_a_mistake(w: World) -> None:
    plan = planned(w, KEEP)

    with pytest.raises(UsageWrong, match="holds nothing by protected@analytics/Label/keep"):
        w.apply(plan, Override("protected", Address(OMNI, "Label", "keep"), "x"))


def test_a_final_hold_has_no_override(w: World) -> None:
    carried_out(w, label("alpha"), KEEP)
    w.omni.add_document("Uses it", labels=("Alpha",))
    plan = planned(w, KEEP)

    with pytest.raises(GuardRefused, match="in-use has no override"):
        w.apply(plan, Override("in-use", Address(OMNI, "Label", "alpha"), "x"))


def test_what_an_override_lifts_still_goes_before_the_deletes(w: World) -> None:
    """The delete waits for every write of its scope, those lifted at the last moment included."""
    carried_out(w, team("alpha"), team("beta", on_remove="release"))
    wanted = doc("ClientTeam", "beta", {"slug": "gamma", "name": "Gamma"}, previous_key="beta")
    plan = planned(w, wanted)
    assert [c.method for c in plan.writes] == ["DELETE"]

    deed = applied(w, plan, overrides=[Override("rename", Address(TRACKER, "ClientTeam", "beta"), "agreed")])

    assert [line.split(" ")[0] for line in deed.sent] == ["PATCH", "DELETE"]
