"""Tasks: made once under a brief or another parent, never changed, made anew by a token (OP-R27 to OP-R33)."""

from __future__ import annotations

import pytest

from reconciler.twins import Fault
from tests.contract.briefs import at as brief_at
from tests.contract.briefs import brief, lifting
from tests.contract.tasks import applied, at, carried_out, live, made, planned, rules, task
from tests.world import World


def test_op_r28_a_task_is_made_once(p: World) -> None:
    assert planned(p, task()).reads == ()

    deed = made(p, task())

    assert deed.sent == ["POST /tasks"]
    assert live(p) == {p.recorded.bonds[at()].id: ("Kick-off", "4411")}
    assert carried_out(p, task()).sent == []
    assert carried_out(p, task(startDate="2026-05-01T11:00:00+02:00")).sent == [], "the same instant"


def test_op_r28_a_task_under_a_brief_of_the_same_plan(p: World) -> None:
    deed = made(p, brief("q3"), task(brief="q3"))

    own = p.recorded.bonds[brief_at("q3")].id
    assert deed.sent == ["POST /briefs", "POST /tasks"]
    assert list(live(p).values()) == [("Kick-off", own)]
    assert carried_out(p, brief("q3"), task(brief="q3")).sent == []


def test_op_r28_a_task_under_a_brief_that_is_live(p: World) -> None:
    made(p, brief("q3"))

    carried_out(p, brief("q3"), task(brief="q3"))

    assert list(live(p).values()) == [("Kick-off", p.recorded.bonds[brief_at("q3")].id)]
    renamed = brief("q4", previous_name="q3"), task(brief="q4")
    assert carried_out(p, *renamed).sent == [], "the document has another name, the brief is the same"


def test_op_r28_a_brief_that_is_nowhere_holds_the_task(p: World) -> None:
    made(p, brief("q3"))

    assert rules(planned(p, brief("q3"), task(brief="q5"))) == {"kick": {"unresolved"}}


def test_op_r28_a_task_waits_for_its_brief(p: World) -> None:
    plan = planned(p, brief("q3"), task(brief="q3"))
    p.platform.faults.add(Fault("status", method="POST", status=422))
    assert set().union(*rules(plan).values()) == {"unknown-past"}

    deed = applied(p, plan, *lifting(plan, "unknown-past"))

    assert deed.ends == ["failed", "blocked"]
    assert live(p) == {}


def test_op_r30_a_changed_task_is_refused_without_a_call(p: World) -> None:
    made(p, task())

    plan = planned(p, task(endDate="2026-05-01T11:00:00Z", parent="4412"))

    assert (plan.calls, rules(plan)) == ((), {"kick": {"immutable"}})
    assert "once: {supersede" in plan.actions[0].holds[0].way_out
    assert applied(p, plan).sent == []
    again = planned(p, task(endDate="2026-05-01T11:00:00Z", parent="4412"))
    assert rules(again) == {"kick": {"immutable"}}, "an apply in between makes it no more acceptable"
    assert carried_out(p, task()).sent == [], "taken back"


def test_op_r31_a_token_makes_another_task_and_the_old_one_stays(p: World) -> None:
    made(p, task())
    first = p.recorded.bonds[at()].id
    later = {"name": "Kick-off 2", "endDate": "2026-05-01T11:00:00Z"}

    deed = carried_out(p, task(token="r1", **later))

    second = p.recorded.bonds[at()].id
    assert deed.sent == ["POST /tasks"]
    assert deed.plan.actions[0].effects == (
        f"makes another task; the one before it (id {first}) stays on the server, for people to remove",
    )
    assert live(p) == {first: ("Kick-off", "4411"), second: ("Kick-off 2", "4411")}
    assert p.recorded.bonds[at()].once == {"supersede": "r1"}
    assert carried_out(p, task(token="r1", **later)).sent == []
    assert carried_out(p, task(**later)).sent == []
    assert carried_out(p, task(token="r1", **later)).sent == [], "taken out and put back, it is still the same"
    assert carried_out(p, task(token="r2", **later)).sent == ["POST /tasks"], "even if nothing else has changed"


def test_op_r31_a_token_of_a_new_task_is_spent_at_once(p: World) -> None:
    assert made(p, task(token="r1")).sent == ["POST /tasks"]
    assert carried_out(p, task(token="r1")).sent == []


def test_op_r32_what_leaves_git_is_forgotten_and_still_there(p: World) -> None:
    made(p, task())

    deed = carried_out(p)

    assert (deed.sent, len(live(p))) == ([], 1)
    assert deed.plan.actions[0].notes == ("left git; it is forgotten here, and still there on the server",)
    assert at() not in p.recorded.bonds


def test_op_r29_a_pinned_task_is_taken_for_what_is_declared(p: World) -> None:
    deed = carried_out(p, task(pinned_id="77"))

    assert (deed.sent, str(deed.plan.actions[0].verb)) == ([], "adopt")
    assert rules(planned(p, task(pinned_id="77", name="Other"))) == {"kick": {"immutable"}}


@pytest.mark.parametrize("effect", [False, True])
def test_op_r33_a_lost_create_is_asked_about_and_never_sent_again(p: World, effect: bool) -> None:
    made(p, task("other"))
    plan = planned(p, task("other"), task())
    p.platform.faults.add(Fault("drop", method="POST", effect=effect))

    report = p.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["in doubt"]
    assert "was Task Kick-off made?" in report.outcomes[0].question
    assert rules(planned(p, task("other"), task())) == {"kick": {"in-doubt"}}
    assert len(live(p)) == 1 + effect


@pytest.mark.parametrize("effect", [False, True])
def test_op_r33_a_lost_supersede_is_asked_about_as_well(p: World, effect: bool) -> None:
    made(p, task())
    plan = planned(p, task(token="r1"))
    p.platform.faults.add(Fault("drop", method="POST", effect=effect))

    report = p.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["in doubt"]
    for documents in ([task(token="r1")], [task(token="r2")]):
        plan = planned(p, *documents)
        assert (rules(plan), plan.writes) == ({"kick": {"in-doubt"}}, ())
    assert len(live(p)) == 1 + effect


def test_op_r33_a_refusal_leaves_the_token_unspent(p: World) -> None:
    made(p, task())
    plan = planned(p, task(token="r1"))
    p.platform.faults.add(Fault("status", method="POST", status=422))

    assert applied(p, plan).ends == ["failed"]
    assert carried_out(p, task(token="r1")).sent == ["POST /tasks"]


@pytest.mark.parametrize("parent", ["4411", "a-b", "007"])
def test_op_a15_an_id_goes_as_a_number_where_it_is_one(p: World, parent: str) -> None:
    made(p, task(parent=parent))

    [sent] = p.platform.tasks()
    assert sent.parent_planning_id == (4411 if parent == "4411" else parent)
