"""What a brief's calls do when the server is hasty, broken or silent (OP-R5 to OP-R8, OP-R21, OP-R24)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import Fault
from tests.contract.briefs import (
    TRANSITION,
    Deed,
    applied,
    at,
    brief,
    carried_out,
    lifting,
    made,
    own_id,
    planned,
)
from tests.world import World


def spoiled(p: World, fault: Fault, *documents: Any) -> Deed:
    """Plan and apply with a fault on the way; the log has its repeats, so only the outcomes are looked at."""
    plan = planned(p, *documents)
    p.platform.log.clear()
    p.platform.faults.add(fault)
    report = p.apply(plan)
    return Deed(plan, report, [e.call for e in p.platform.log if e.write])


def edited(p: World, brief_id: str, **fields: str) -> None:
    """People write in the product."""
    assert p.platform.edit("PATCH", f"/briefs/{brief_id}", {**fields}).ok


@pytest.fixture
def own(p: World) -> str:
    """One brief of ours, in a ledger that knows the past."""
    made(p, brief())
    return own_id(p)


def test_op_r7_haste_is_refused_and_fields_are_sent_again(p: World, own: str) -> None:
    deed = spoiled(p, Fault("throttle", method="PATCH", times=2), brief(summary="S"))

    assert (deed.ends, len(deed.sent)) == (["done"], 3)


def test_op_r7_a_create_refused_for_haste_is_not_sent_again(p: World, own: str) -> None:
    deed = spoiled(p, Fault("throttle", method="POST"), brief(), brief("new"))

    assert (deed.ends, deed.sent) == (["failed"], ["POST /briefs"])
    assert deed.report.outcomes[0].status == 429
    assert len(carried_out(p, brief(), brief("new")).sent) == 1, "it certainly did nothing, so the next run may"


def test_op_r7_a_transition_refused_for_haste_is_not_sent_again(p: World, own: str) -> None:
    deed = spoiled(p, Fault("throttle", method="PATCH"), brief(token="r1"))

    assert (deed.ends, len(deed.sent)) == (["failed"], 1)
    assert p.recorded.bonds[at()].once == {}


@pytest.mark.parametrize("fault", ["status", "drop"])
@pytest.mark.parametrize("effect", [False, True])
def test_op_r6_op_r21_fields_are_looked_at_and_sent_again(p: World, own: str, fault: str, effect: bool) -> None:
    deed = spoiled(p, Fault(fault, method="PATCH", effect=effect), brief(summary="S"))

    assert (deed.ends, len(deed.sent)) == (["done"], 1 if effect else 2)
    assert len(deed.report.requests["settle"]) <= 2
    assert carried_out(p, brief(summary="S")).sent == []


@pytest.mark.parametrize("effect", [False, True])
def test_op_r21_a_lost_delete(p: World, own: str, effect: bool) -> None:
    clean: Any = {"on_remove": "delete", "allow": ["delete"]}
    carried_out(p, brief(**clean), brief("stays"))
    deed = spoiled(p, Fault("drop", method="DELETE", effect=effect), brief("stays"))

    assert (deed.ends, len(deed.sent)) == (["done"], 1 if effect else 2)
    assert at() not in p.recorded.bonds


def test_op_r21_a_transition_whose_answer_is_lost_shows_by_the_status(p: World, own: str) -> None:
    deed = spoiled(p, Fault("drop", method="PATCH", effect=True), brief(token="r1"))

    assert (deed.ends, len(deed.sent)) == (["done"], 1)
    assert p.recorded.bonds[at()].once == {"changeRequest": "r1"}
    assert carried_out(p, brief(token="r1")).sent == []
    assert p.platform.transitions(own) == 1


def test_op_r21_a_transition_that_did_not_happen_is_sent_once_more(p: World, own: str) -> None:
    """By the next run: what must not be repeated is not repeated in one run."""
    deed = spoiled(p, Fault("status", method="PATCH", status=500), brief(token="r1"))

    assert (deed.ends, len(deed.sent)) == (["failed"], 1)
    assert len(deed.report.requests["settle"]) == 2
    assert carried_out(p, brief(token="r1")).sent == [f"PATCH /briefs/{own} {TRANSITION}"]


@pytest.mark.parametrize("what", ["moved on", "hidden"])
def test_op_r21_a_transition_nobody_can_tell_of_is_asked_about(p: World, own: str, what: str) -> None:
    def people_act(_: object) -> None:
        if what == "moved on":
            p.platform.set_status(own, "approved")

    if what == "hidden":
        p.platform.knobs.set("status-hidden", "adversarial")
    p.platform.on_request(1, "after-effect", people_act, method="PATCH")

    deed = spoiled(p, Fault("drop", method="PATCH", effect=True), brief(token="r1"))

    assert (deed.ends, len(deed.sent)) == (["in doubt"], 1)
    p.platform.faults.clear()
    assert len(p.settle()) == 1, "one question"
    assert p.settle() == (), "asked once"
    assert p.platform.transitions(own) == 1


def test_op_r8_what_moved_since_the_plan_is_not_overwritten(p: World, own: str) -> None:
    carried_out(p, brief(), brief("b"))
    plan = planned(p, brief(summary="S"), brief("b", summary="S"))
    edited(p, own, brief_summary="Mine")

    deed = applied(p, plan)

    assert sorted(deed.ends) == ["done", "stale"]
    assert p.recorded.bonds[at()].digests != {}
    assert len(carried_out(p, brief(summary="S"), brief("b", summary="S")).sent) == 1


def test_op_r8_a_status_that_moved_since_the_plan_stops_the_transition(p: World, own: str) -> None:
    plan = planned(p, brief(token="r1"))
    p.platform.set_status(own, "approved")

    deed = applied(p, plan)

    assert (deed.ends, deed.sent) == (["stale"], [])


def test_op_r24_what_the_server_made_of_a_value_is_not_done(p: World, own: str) -> None:
    plan = planned(p, brief(summary="S"))
    p.platform.on_request(
        1,
        "after-effect",
        lambda _: p.platform.edit("PATCH", f"/briefs/{own}", {"brief_summary": "X"}),
        method="PATCH",
    )
    p.platform.knobs.set("OP-P6", "adversarial")

    report = p.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["failed"]
    assert "does not show it" in report.outcomes[0].message


def test_op_r4_an_html_page_from_the_gateway_decides_nothing(p: World, own: str) -> None:
    fault = Fault("status", method="PATCH", status=422, text="<html><b>no</b></html>")

    deed = spoiled(p, fault, brief(summary="S"))

    assert (deed.ends, deed.report.outcomes[0].status) == (["failed"], 422)


def test_op_r5_an_auth_failure_in_the_middle_stops_the_run(p: World) -> None:
    documents = [brief(name) for name in "abcdefghijkl"]
    plan = planned(p, *documents)
    p.platform.log.clear()
    p.platform.faults.add(Fault("status", method="POST", nth=3, status=403, times=None))

    report = p.apply(plan, *lifting(plan, "unknown-past"))

    ends = [str(o.end) for o in report.outcomes]
    assert ends.count("done") == 2
    assert set(ends) == {"done", "failed", "not sent"}
    assert len(p.platform.briefs()) == 4
