"""Which brief a document means: nothing but a recorded or a pinned id can tell (OP-R10 to OP-R14)."""

from __future__ import annotations

import pytest

from reconciler.model.faults import AnswerInvalid, GuardRefused, Unauthorised
from reconciler.twins import Fault
from tests.contract.briefs import (
    action,
    applied,
    at,
    brief,
    carried_out,
    lifting,
    made,
    own_id,
    planned,
    rules,
)
from tests.world import PLATFORM, World


def test_op_r13_a_new_ledger_creates_nothing_unasked(p: World) -> None:
    plan = planned(p, brief("a"), brief("b", token="r1"))

    assert (plan.writes, plan.bound) == ((), 0)
    assert rules(plan) == {"a": ["unknown-past"], "b": ["unknown-past"]}
    assert len(plan.held) == 3
    assert applied(p, plan).sent == []


def test_op_r13_a_run_in_which_all_was_held_tells_nothing(p: World) -> None:
    """Else the second apply in a row would double every brief of a ledger that was lost."""
    documents = [brief("a"), brief("b")]
    applied(p, planned(p, *documents))

    assert rules(planned(p, *documents)) == {"a": ["unknown-past"], "b": ["unknown-past"]}


def test_op_r13_a_release_is_for_one_brief(p: World) -> None:
    documents = [brief("a"), brief("b")]
    plan = planned(p, *documents)

    deed = applied(p, plan, *[o for o in lifting(plan, "unknown-past") if o.address == at("a")])

    assert (len(deed.sent), sorted(deed.ends)) == (1, ["done", "held"])
    assert rules(planned(p, *documents)) == {"b": ["unknown-past"]}
    assert len(made(p, *documents).sent) == 1
    assert len(carried_out(p, *documents, brief("c")).sent) == 1, "now the past is known"


def test_op_r14_a_pinned_brief_is_adopted_and_updated(p: World) -> None:
    own = p.platform.add_brief(
        "Old title", brief_summary="Overview of Q3 requirements", brief_deadline="2026-06-30"
    )

    deed = carried_out(p, brief(pinned_id=own))

    assert str(action(deed.plan).verb) == "adopt"
    assert len(deed.sent) == 1
    assert (own_id(p), p.recorded.bonds[at()].made) == (own, False)
    assert carried_out(p, brief()).sent == [], "the ledger knows it without the pin"


def test_op_r14_a_pinned_brief_in_sync_takes_no_call(p: World) -> None:
    p.platform.edit("POST", "/briefs", WIRE_OF_Q3)
    own = str(p.platform.briefs()[-1].id)

    deed = carried_out(p, brief(pinned_id=own))

    assert (deed.sent, str(action(deed.plan).verb)) == ([], "adopt")
    assert own_id(p) == own


WIRE_OF_Q3 = {
    "brief_title": "Q3 Campaign Brief",
    "brief_summary": "Overview of Q3 requirements",
    "brief_deadline": "2026-06-30",
    "business_area": "UK/Marketing/Digital",
}


def test_op_r16_what_a_read_does_not_show_is_sent_once_and_remembered(p: World) -> None:
    """Where a field without a value is left out, nobody can tell it from one that is hidden (OP-P4)."""
    own = p.platform.add_brief("Q3 Campaign Brief")

    deed = carried_out(p, brief(pinned_id=own))

    assert len(deed.sent) == 1
    assert carried_out(p, brief(pinned_id=own)).sent == []


def test_op_r12_a_pinned_id_that_is_not_there_is_refused(p: World) -> None:
    plan = planned(p, brief(pinned_id="999"))

    assert plan.writes == plan.held == ()
    assert [(h.rule, h.final) for h in action(plan).holds] == [("no-such-id", True)]


def test_op_r14_a_renamed_document_takes_its_brief_along(p: World) -> None:
    made(p, brief("old"))
    own = own_id(p, "old")

    deed = carried_out(p, brief("new", previous_name="old"))

    assert (deed.sent, str(action(deed.plan, "new").verb)) == ([], "move")
    assert {a.name: b.id for a, b in p.recorded.bonds.items()} == {"new": own}


def test_op_r14_without_a_word_it_is_another_one(p: World) -> None:
    made(p, brief("old"))

    deed = carried_out(p, brief("new"))

    assert len(deed.sent) == 1
    assert str(action(deed.plan, "old").verb) == "release"
    assert len(p.platform.briefs()) == 4


def test_op_r10_a_brief_that_left_git_is_let_go_without_a_look(p: World) -> None:
    made(p, brief("a"), brief("b"))

    deed = carried_out(p, brief("a"))

    assert (deed.sent, len(deed.plan.reads)) == ([], 1)
    assert list(p.recorded.bonds) == [at("a")]


def test_op_r12_one_that_is_gone_is_held(p: World) -> None:
    made(p, brief("a"), brief("b"))
    p.platform.remove_brief(own_id(p, "a"))

    plan = planned(p, brief("a"), brief("b"))

    assert (plan.writes, rules(plan)) == ((), {"a": ["gone"]})
    assert applied(p, plan).sent == []


def test_op_r12_creating_it_anew_takes_an_override(p: World) -> None:
    made(p, brief("a"), brief("b"))
    old = own_id(p, "a")
    p.platform.remove_brief(old)

    deed = carried_out(p, brief("a"), brief("b"), lift=["gone"])

    assert len(deed.sent) == 1
    assert own_id(p, "a") != old


def test_op_r12_a_single_recorded_brief_that_is_gone_is_held_too(p: World) -> None:
    made(p, brief(token="r1"))
    p.platform.remove_brief(own_id(p))

    deed = carried_out(p, brief(token="r1"), lift=["gone"])

    assert len(deed.sent) == 2, "a new brief, and its token acts on it"
    assert p.platform.transitions(own_id(p)) == 1


def test_op_r19_a_token_that_acted_on_a_brief_that_is_gone_acts_on_the_next(p: World) -> None:
    made(p, brief(token="r1"))
    p.platform.remove_brief(own_id(p))
    carried_out(p, brief(), lift=["gone"])
    assert p.recorded.bonds[at()].once == {}

    deed = carried_out(p, brief(token="r1"))

    assert len(deed.sent) == 1
    assert p.platform.transitions(own_id(p)) == 1


def test_op_r12_all_gone_is_another_tenant(p: World) -> None:
    made(p, brief("a"), brief("b"))
    for name in ("a", "b"):
        p.platform.remove_brief(own_id(p, name))

    with pytest.raises(GuardRefused, match="another tenant or key"):
        p.plan()

    p.expect_missing = frozenset({f"{PLATFORM}/Brief"})
    assert rules(planned(p, brief("a"), brief("b"))) == {"a": ["gone"], "b": ["gone"]}


def test_op_r12_op_a11_a_key_of_another_tenant(p: World) -> None:
    made(p, brief("a"), brief("b"))
    p.keys[PLATFORM] = "omg_key_other"
    p.platform.log.clear()

    with pytest.raises((GuardRefused, Unauthorised)):
        p.plan()

    assert all(e.method == "GET" for e in p.platform.log)


@pytest.mark.parametrize("names", ["a", "abcdefgh"])
def test_op_r5_a_bad_key_stops_the_plan_after_one_call(p: World, names: str) -> None:
    made(p, *(brief(name) for name in names))
    p.keys[PLATFORM] = "wrong"
    p.platform.log.clear()

    with pytest.raises(Unauthorised) as caught:
        p.plan()

    assert (caught.value.status, len(p.platform.log)) == (403, 1)


def test_op_r5_a_key_that_goes_bad_stops_the_apply(p: World) -> None:
    made(p, brief("a"), brief("b"))
    plan = planned(p, brief("a", summary="A"), brief("b", summary="B"), brief("c"))
    p.platform.revoke_key("omg_key_test")
    p.platform.log.clear()

    with pytest.raises(Unauthorised):
        p.apply(plan)

    assert [e.call for e in p.platform.log if e.write] == []


def test_op_c1_without_anything_known_a_bad_key_shows_at_the_first_create(p: World) -> None:
    p.keys[PLATFORM] = "wrong"
    plan = planned(p, *(brief(name) for name in "abcdefghij"))
    p.platform.log.clear()

    report = p.apply(plan, *lifting(plan, "unknown-past"))

    ends = [str(o.end) for o in report.outcomes]
    assert set(ends) == {"failed", "not sent"}
    assert len(p.platform.log) == ends.count("failed") < 10
    assert p.recorded.bonds == {}


@pytest.mark.parametrize("text", ['{"data": {"id": "77"}}', '{"data": []}', '{"data": null}', "[]", "{}"])
def test_op_r11_an_answer_that_holds_no_such_brief_is_invalid(p: World, text: str) -> None:
    made(p, brief())
    p.platform.faults.add(Fault("status", method="GET", status=200, text=text, times=None))

    with pytest.raises(AnswerInvalid):
        p.plan()
