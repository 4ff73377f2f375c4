"""Briefs created, changed field by field, asked for a change request, put right after a drift (OP-R15 to R19)."""

from __future__ import annotations

import pytest

from reconciler.model.json import canonical
from reconciler.twins import Fault
from tests.contract.briefs import (
    TRANSITION,
    WIRE,
    action,
    applied,
    at,
    brief,
    carried_out,
    made,
    own_id,
    planned,
    rules,
)
from tests.world import World


def test_op_r17_a_create_sends_what_is_declared(p: World) -> None:
    deed = made(p, brief(slipstream="Digital"))

    assert deed.sent == [f"POST /briefs {canonical({**WIRE, 'slipstream': 'Digital'})}"]
    assert p.recorded.bonds[at()].made
    assert p.platform.edit("GET", f"/briefs/{own_id(p)}").ok


@pytest.mark.parametrize(
    ("field", "wire", "value"),
    [
        ("title", "brief_title", "Q4"),
        ("summary", "brief_summary", "Shorter"),
        ("deadline", "brief_deadline", "2026-07-01"),
        ("businessArea", "business_area", "UK/Sales"),
        ("slipstream", "slipstream", "Print"),
        ("externalReference", "external_reference", "cac:q3"),
    ],
)
def test_op_r18_each_field_alone(p: World, field: str, wire: str, value: str) -> None:
    made(p, brief(slipstream="Digital"))

    deed = carried_out(p, brief(**{"slipstream": "Digital", field: value}))

    assert deed.sent == [f"PATCH /briefs/{own_id(p)} {canonical({wire: value})}"]


def test_op_c2_all_fields_of_one_brief_in_one_call(p: World) -> None:
    made(p, brief())

    deed = carried_out(p, brief(title="Q4", summary="Shorter", deadline="2026-12-31"))

    assert len(deed.sent) == 1


def test_op_r15_a_field_left_out_is_not_managed(p: World) -> None:
    made(p, brief(slipstream="Digital"))

    assert carried_out(p, brief()).sent == []


def test_op_r16_drift_is_put_right(p: World) -> None:
    made(p, brief())
    p.platform.edit("PATCH", f"/briefs/{own_id(p)}", {"brief_summary": "Mine", "slipstream": "Print"})

    deed = carried_out(p, brief())

    assert deed.sent == [f'PATCH /briefs/{own_id(p)} {{"brief_summary":"Overview of Q3 requirements"}}']
    assert [(f.path, f.reason) for f in action(deed.plan).fields] == [(("summary",), "drift")]


def test_op_r10_titles_may_be_swapped_and_shared(p: World) -> None:
    made(p, brief("a", title="One"), brief("b", title="Two"))

    assert len(carried_out(p, brief("a", title="Two"), brief("b", title="One")).sent) == 2
    assert len(carried_out(p, brief("a", title="Same"), brief("b", title="Same")).sent) == 2
    assert (
        len(carried_out(p, brief("a", title="Same"), brief("b", title="Same"), brief("c", title="Same")).sent) == 1
    )


# Two modes


def test_op_r17_a_brief_created_with_a_token_takes_two_calls(p: World) -> None:
    deed = made(p, brief(token="r1"))

    assert deed.sent == [f"POST /briefs {canonical(WIRE)}", f"PATCH /briefs/{own_id(p)} {TRANSITION}"]
    assert p.recorded.bonds[at()].once == {"changeRequest": "r1"}


def test_op_r18_fields_then_the_transition(p: World) -> None:
    made(p, brief())

    deed = carried_out(p, brief(summary="Shorter", token="r1"))

    own = own_id(p)
    assert deed.sent == [f'PATCH /briefs/{own} {{"brief_summary":"Shorter"}}', f"PATCH /briefs/{own} {TRANSITION}"]
    assert p.platform.transitions(own) == 1
    assert action(deed.plan).effects == ("asks for a change request, which cannot be taken back",)


def test_op_r18_the_transition_first_where_a_document_says_so(p: World) -> None:
    made(p, brief())

    deed = carried_out(p, brief(summary="Shorter", token="r1", changeRequestFirst=True))

    assert [line.rpartition(" ")[2] for line in deed.sent] == [TRANSITION, '{"brief_summary":"Shorter"}']


def test_op_r18_a_brief_is_created_before_all_else(p: World) -> None:
    assert len(made(p, brief(token="r1", changeRequestFirst=True)).sent) == 2


def test_op_r19_a_token_acts_once_and_a_new_one_again(p: World) -> None:
    made(p, brief(token="r1"))
    own = own_id(p)

    assert carried_out(p, brief(token="r1")).sent == []
    p.platform.set_status(own, "draft")
    assert carried_out(p, brief(token="r1")).sent == []
    assert carried_out(p, brief()).sent == []
    assert carried_out(p, brief(token="r1")).sent == [], "taken out and put back, it is still the same"
    assert carried_out(p, brief(token="r2")).sent == [f"PATCH /briefs/{own} {TRANSITION}"]
    assert p.platform.transitions(own) == 2


def test_op_r19_already_in_a_change_request_the_token_is_only_recorded(p: World) -> None:
    made(p, brief())
    own = own_id(p)
    p.platform.edit("PATCH", f"/briefs/{own}", {"status": "change_request"})

    deed = carried_out(p, brief(token="r1"))

    assert deed.sent == []
    assert "is in a change request already" in action(deed.plan).notes[0]
    assert p.recorded.bonds[at()].once == {"changeRequest": "r1"}
    p.platform.set_status(own, "draft")
    assert carried_out(p, brief(token="r1")).sent == []
    assert p.platform.transitions(own) == 1


def test_op_r19_with_changed_fields_only_these_are_sent(p: World) -> None:
    made(p, brief())
    p.platform.set_status(own_id(p), "change_request")

    deed = carried_out(p, brief(summary="Shorter", token="r1"))

    assert deed.sent == [f'PATCH /briefs/{own_id(p)} {{"brief_summary":"Shorter"}}']
    assert p.recorded.bonds[at()].once == {"changeRequest": "r1"}


def test_op_r19_a_status_that_moved_on_gets_a_note(p: World) -> None:
    made(p, brief(token="r1"))
    p.platform.set_status(own_id(p), "approved")

    plan = planned(p, brief(token="r1"))

    assert plan.writes == ()
    assert action(plan).notes == (
        "its change request r1 was asked for, and its status is approved now: nothing is sent again",
    )


def test_op_r19_without_a_readable_status_the_token_alone_decides(p: World) -> None:
    p.platform.knobs.set("status-hidden", "adversarial")
    made(p, brief())
    own = own_id(p)

    assert carried_out(p, brief(token="r1")).sent == [f"PATCH /briefs/{own} {TRANSITION}"]
    assert carried_out(p, brief(token="r1")).sent == []
    assert p.platform.transitions(own) == 1


def test_op_r18_fields_that_are_refused_block_the_transition(p: World) -> None:
    """Never the other way round instead (OP-A7), and the token stays unrecorded."""
    p.platform.knobs.set("locked", "adversarial")
    made(p, brief(token="r1"))
    own = own_id(p)
    p.platform.set_status(own, "draft")
    plan = planned(p, brief(summary="Shorter", token="r2"))
    p.platform.on_request(2, "before-effect", lambda _: p.platform.set_status(own, "change_request"))

    deed = applied(p, plan)

    assert deed.ends == ["failed", "blocked"]
    assert "is locked by its change request" in deed.report.outcomes[0].message
    assert p.platform.transitions(own) == 1
    assert p.recorded.bonds[at()].once == {"changeRequest": "r1"}


def test_op_r19_a_transition_that_went_first_is_recorded_whatever_follows(p: World) -> None:
    made(p, brief())
    plan = planned(p, brief(summary="Shorter", token="r1", changeRequestFirst=True))
    p.platform.faults.add(Fault("status", method="PATCH", nth=2, status=422))

    deed = applied(p, plan)

    assert deed.ends == ["done", "failed"]
    assert p.recorded.bonds[at()].once == {"changeRequest": "r1"}
    left = carried_out(p, brief(summary="Shorter", token="r1", changeRequestFirst=True))
    assert left.sent == [f'PATCH /briefs/{own_id(p)} {{"brief_summary":"Shorter"}}']


def test_op_a8_a_refused_transition_is_asked_for_again(p: World) -> None:
    made(p, brief())
    plan = planned(p, brief(token="r1"))
    p.platform.faults.add(Fault("status", method="PATCH", status=422))

    deed = applied(p, plan)

    assert deed.ends == ["failed"]
    assert p.recorded.bonds[at()].once == {}
    assert carried_out(p, brief(token="r1")).sent == [f"PATCH /briefs/{own_id(p)} {TRANSITION}"]


def test_lifecycle_observe_and_ignore(p: World) -> None:
    made(p, brief())
    own = own_id(p)

    assert carried_out(p, brief(summary="Mine", ignore=["spec.summary"])).sent == []
    assert carried_out(p, brief(summary="Mine", token="r1", manage="observe")).sent == []
    assert p.platform.transitions(own) == 0


def test_what_was_ignored_counts_as_never_sent(p: World) -> None:
    """Else a field that no read shows would pass for sent once it is ignored no more (OP-R16)."""
    own = p.platform.add_brief("Q3 Campaign Brief")
    carried_out(p, brief(pinned_id=own, ignore=["spec.summary"]))

    deed = carried_out(p, brief(pinned_id=own))

    assert deed.sent == [f'PATCH /briefs/{own} {{"brief_summary":"Overview of Q3 requirements"}}']


def test_op_r15_three_briefs_in_one_run(p: World) -> None:
    made(p, brief("a"), brief("b"))

    deed = carried_out(p, brief("a", summary="A"), brief("b", token="r1"), brief("c"))

    assert len(deed.sent) == 3
    assert rules(deed.plan) == {}
