"""Briefs that left git: released, or deleted where we made them and nobody has touched them (OP-R22, OP-R23)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.json import digest
from reconciler.twins import Fault
from tests.contract.briefs import DELETABLE, action, applied, at, brief, carried_out, made, own_id, planned, rules
from tests.world import World

CLEAN: Any = DELETABLE


def seen(p: World, *names: str, token: str | None = None) -> None:
    """Made by us, and looked at once since: only then the ledger knows a status."""
    documents = [brief(name, token=token, **CLEAN) for name in (*names, "stays")]
    made(p, *documents)
    carried_out(p, *documents)


def test_op_r22_a_brief_that_we_made_is_deleted(p: World) -> None:
    seen(p, "q3")
    own = own_id(p)

    deed = carried_out(p, brief("stays", **CLEAN))

    assert deed.sent == [f"DELETE /briefs/{own}"]
    assert at() not in p.recorded.bonds
    assert own not in {str(b.id) for b in p.platform.briefs()}


def test_op_r22_after_all_other_writes(p: World) -> None:
    seen(p, "q3")
    own, other = own_id(p), own_id(p, "stays")

    deed = carried_out(p, brief("stays", summary="S", token="r1", **CLEAN), brief("new"))

    assert deed.sent[-1] == f"DELETE /briefs/{own}"
    assert [c.line for c in deed.plan.writes] == [
        "POST /briefs",
        f"PATCH /briefs/{other}",
        f"PATCH /briefs/{other}",
        f"DELETE /briefs/{own}",
    ]


def test_op_r23_with_a_status_of_its_change_request(p: World) -> None:
    """What our own transition made of it is known without another look."""
    made(p, brief(token="r1", **CLEAN), brief("stays"))

    assert len(carried_out(p, brief("stays")).sent) == 1


def test_op_r23_the_status_is_recorded_at_every_apply(p: World) -> None:
    seen(p, "q3")
    assert p.recorded.bonds[at()].digests["status"] == digest("draft")
    p.platform.set_status(own_id(p), "approved")

    carried_out(p, brief(**CLEAN), brief("stays", **CLEAN))

    assert p.recorded.bonds[at()].digests["status"] == digest("approved")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("moved on", "its status is approved"),
        ("hidden", "no read shows"),
        ("not looked at", "none was recorded"),
    ],
)
def test_op_r23_a_brief_that_people_may_work_on_is_held(p: World, what: str, said: str) -> None:
    if what == "not looked at":
        made(p, brief(**CLEAN), brief("stays", **CLEAN))
    else:
        seen(p, "q3")
    if what == "moved on":
        p.platform.set_status(own_id(p), "approved")
    if what == "hidden":
        p.platform.knobs.set("status-hidden", "adversarial")

    plan = planned(p, brief("stays", **CLEAN))

    assert (plan.writes, rules(plan)) == ((), {"q3": ["status"]})
    assert said in action(plan).holds[0].reason
    assert len(carried_out(p, brief("stays", **CLEAN), lift=["status"]).sent) == 1


def test_op_r8_a_status_that_moves_before_the_delete_stops_it(p: World) -> None:
    seen(p, "q3")
    plan = planned(p, brief("stays", **CLEAN))
    p.platform.set_status(own_id(p), "approved")

    deed = applied(p, plan)

    assert (deed.sent, deed.ends) == ([], ["stale"])
    assert rules(planned(p, brief("stays", **CLEAN))) == {"q3": ["status"]}


def test_op_r23_an_imported_brief_is_not_ours_to_delete(p: World) -> None:
    own = p.platform.add_brief("Q3 Campaign Brief")
    carried_out(p, brief(pinned_id=own, **CLEAN), brief("stays", pinned_id=p.platform.add_brief("S")))
    carried_out(p, brief(pinned_id=own, **CLEAN), brief("stays"))

    plan = planned(p, brief("stays"))

    assert (plan.writes, rules(plan)) == ((), {"q3": ["not-ours"]})


def test_op_r23_the_default_is_to_let_go(p: World) -> None:
    made(p, brief(), brief("stays"))

    assert carried_out(p, brief("stays")).sent == []
    assert len(p.platform.briefs()) == 4


def test_op_r22_gone_already_is_done(p: World) -> None:
    seen(p, "q3")
    plan = planned(p, brief("stays", **CLEAN))
    own = own_id(p)
    p.platform.on_request(1, "before-effect", lambda _: p.platform.remove_brief(own), method="DELETE")

    deed = applied(p, plan)

    assert deed.ends == ["done"]
    assert at() not in p.recorded.bonds


def test_op_r22_gone_before_the_plan_only_the_ledger_changes(p: World) -> None:
    seen(p, "q3")
    p.platform.remove_brief(own_id(p))

    deed = carried_out(p, brief("stays", **CLEAN))

    assert (deed.sent, str(action(deed.plan).verb)) == ([], "release")


def test_op_a10_a_refused_delete_is_reported(p: World) -> None:
    seen(p, "q3")
    plan = planned(p, brief("stays", **CLEAN))
    p.platform.faults.add(Fault("status", method="DELETE", status=422))

    deed = applied(p, plan)

    assert deed.ends == ["failed"]
    assert at() in p.recorded.bonds
    assert len(carried_out(p, brief("stays", **CLEAN)).sent) == 1
