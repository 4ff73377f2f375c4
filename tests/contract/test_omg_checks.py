"""The acceptance checks of OMG Platform, one by one, with their numbers (OP-K1 to OP-K8)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.faults import GuardRefused, Unauthorised
from reconciler.twins import Fault
from tests.contract import accounts, briefs, estates, tasks
from tests.contract.briefs import TRANSITION, brief
from tests.contract.estates import CLEAN
from tests.contract.tasks import task
from tests.world import PLATFORM, World


def test_check_a_a_second_apply_writes_nothing(p: World, tmp_path: Path) -> None:
    h = accounts.house(p, "jane", "bob")
    face = accounts.picture(p, tmp_path, "jane.jpg")
    documents = [
        brief("q3", slipstream="Digital", externalReference="x", token="r1"),
        brief("q4", **CLEAN),
        task("kick", brief="q3", token="s1"),
        task("wrap"),
        accounts.user("jane", firstName="J", owningAgencyId=h.us, jobRoleName="House Producer", avatar=face),
        accounts.user("bob", staffId="S-bob", lastName="B"),
    ]
    assert len(estates.done(p, *documents).sent) == 2 + 1 + 2 + 3

    for _ in range(2):
        again = estates.applied(p, *documents, lift=())
        assert (again.sent, again.plan.writes, again.plan.bound) == ([], (), 0)
        assert [e.call for e in p.platform.log] == [], "without a call there is nothing to look at either"


def test_check_b_a_summary_and_a_new_token_are_two_patches_the_fields_first(p: World) -> None:
    briefs.made(p, brief(token="r1"))
    own = briefs.own_id(p)
    p.platform.set_status(own, "draft")

    deed = briefs.carried_out(p, brief(summary="Shorter", token="r2"))

    assert deed.sent == [f'PATCH /briefs/{own} {{"brief_summary":"Shorter"}}', f"PATCH /briefs/{own} {TRANSITION}"]
    assert (p.platform.transitions(own), deed.plan.bound) == (2, 2)


@pytest.mark.parametrize("kind", ["Brief", "Task"])
def test_check_c_a_create_whose_answer_is_lost_is_refused_in_the_next_run_and_not_sent(
    p: World, kind: str
) -> None:
    document = brief("new") if kind == "Brief" else task("new")
    plan = p.plan(document)
    p.platform.faults.add(Fault("drop", method="POST", effect=True))
    report = p.apply(plan, *briefs.lifting(plan, "unknown-past"))
    assert ([str(o.end) for o in report.outcomes], p.platform.faults.fired) == (["in doubt"], 1)
    there = len(p.platform.briefs()) + len(p.platform.tasks())

    for _ in range(2):
        after = estates.applied(p, document)
        assert briefs.rules(after.plan) == {"new": ["in-doubt"]}
        assert after.plan.actions[0].holds[0].final
        assert (after.plan.calls, after.sent, after.ends) == ((), [], [])
    assert len(p.platform.briefs()) + len(p.platform.tasks()) == there


def test_check_d_a_brief_deleted_by_people_waits_for_a_word_and_is_not_made_again(p: World) -> None:
    briefs.made(p, brief("a"), brief("b"))
    p.platform.remove_brief(briefs.own_id(p, "a"))

    plan = briefs.planned(p, brief("a"), brief("b"))

    [hold] = briefs.action(plan, "a").holds
    assert (hold.rule, hold.final) == ("gone", False)
    assert (plan.writes, [c.line for c in plan.held]) == ((), ["POST /briefs"])
    assert briefs.applied(p, plan).sent == []
    assert estates.applied(p, brief("a"), brief("b"), lift=["gone"]).sent[0].startswith("POST /briefs {")


@pytest.mark.parametrize("kinds", ["briefs", "users", "one user", "both"])
def test_check_e_a_wrong_key_ends_the_run_after_one_call(p: World, kinds: str) -> None:
    accounts.house(p, "jane", "bob")
    people = [accounts.user("jane", firstName="J"), accounts.user("bob")]
    documents = {
        "briefs": [brief(n) for n in "abc"],
        "users": people,
        "one user": people[:1],
        "both": [brief(n) for n in "abc"] + people,
    }[kinds]
    estates.done(p, *documents)
    p.keys[PLATFORM] = "wrong"
    p.platform.log.clear()

    with pytest.raises(Unauthorised) as caught:
        p.plan()

    assert (caught.value.status, [e.status for e in p.platform.log]) == (403, [403])


@pytest.mark.parametrize("kind", ["Brief", "Task"])
def test_check_e_where_nothing_can_be_read_the_first_create_is_the_one_call(p: World, kind: str) -> None:
    p.keys[PLATFORM] = "wrong"
    plan = p.plan(*((brief if kind == "Brief" else task)(n) for n in "abcdefghij"))
    assert plan.reads == ()
    p.platform.log.clear()

    report = p.apply(plan, *briefs.lifting(plan, "unknown-past"))

    assert [(e.method, e.status) for e in p.platform.log] == [("POST", 403)]
    assert sorted(str(o.end) for o in report.outcomes) == ["failed"] + ["not sent"] * 9
    assert len(report.requests["calls"]) == 1
    assert p.recorded.bonds == {}


@pytest.mark.parametrize("words", [{"endDate": "2026-05-01T11:00:00Z"}, {"name": "X"}, {"parent": "4412"}])
def test_check_f_a_changed_task_is_refused_without_a_call(p: World, words: dict[str, str]) -> None:
    tasks.made(p, task())

    plan = tasks.planned(p, task(**words))
    deed = tasks.applied(p, plan)

    assert [(h.rule, h.final) for h in plan.actions[0].holds][:1] == [("immutable", True)]
    assert (plan.calls, plan.reads, deed.sent) == ((), (), [])
    assert [e.call for e in p.platform.log] == []


@pytest.mark.parametrize("asking", [0, 1, 5, 20])
def test_check_g_twenty_users_in_sync_are_one_read_or_at_most_one_more_for_each_that_asks(
    p: World, asking: int
) -> None:
    names = [f"u{n}" for n in range(20)]
    h = accounts.house(p, *names)
    people = [accounts.user(n, firstName=n.title(), lastName="Doe") for n in names[asking:]]
    people += [accounts.user(n, owningAgencyId=h.uk, jobRole=h.producer) for n in names[:asking]]

    first, plan = p.plan(*people), accounts.carried_out(h, *people).plan

    for one in (first, plan, p.plan()):
        assert len(one.reads) == (1 if h.lists_ids else 1 + asking)
        assert one.writes == ()


def test_check_h_no_recorded_brief_there_ends_the_run_without_a_write(p: World) -> None:
    every = [brief("a"), brief("b"), brief("c", **CLEAN)]
    briefs.made(p, *every)
    known = dict(p.recorded.bonds)
    for name in "abc":
        p.platform.remove_brief(briefs.own_id(p, name))
    p.documents = [brief("a", summary="S"), brief("b"), brief("new")]
    p.platform.log.clear()

    with pytest.raises(GuardRefused, match="another tenant or key") as refused:
        p.plan()

    assert refused.value.exit_code == 4
    assert [(e.method, e.status) for e in p.platform.log] == [("GET", 404)] * 3
    assert p.recorded.bonds == known
