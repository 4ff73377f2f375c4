"""Pods: everybody has one home; a move is one call (ST-R64 to ST-R70)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Reason, Verb
from reconciler.model.faults import LedgerUnusable
from reconciler.model.outcome import End
from reconciler.model.plan import Role
from reconciler.twins import Fault
from reconciler.twins.studio_tracker.things import Pod
from tests.contract.homes import (
    BOB,
    CHEN,
    JANE,
    MARIA,
    PODS,
    UNMANAGED,
    at,
    empty,
    homes,
    joined,
    left,
    pod,
    pod_id,
    pods,
    settle_in,
    user_id,
)
from tests.contract.jobs import PENDING, WORKLOAD, action, applied, done, invited, planned, rules
from tests.world import World

ALLOWED = {"allow": ["first-removals"]}
GONE = {"on_remove": "delete", "allow": ["delete"]}


@pytest.fixture(autouse=True)
def _two_pods(studio: World) -> None:
    """Pod A with Jane and Bob, led by Jane; Pod B with Maria. Nobody declares them yet."""
    empty(studio)
    studio.tracker.add_pod("Pod A", lead_id=user_id(studio, JANE))
    studio.tracker.add_pod("Pod B")
    for person, home in ((JANE, "pod-a"), (BOB, "pod-a"), (MARIA, "pod-b")):
        settle_in(studio, person, home)


def taken_over(w: World) -> None:
    """Both pods as they are, in the ledger."""
    done(w, pod("pod-a", JANE, BOB), pod("pod-b", MARIA))


# The pod itself.


def test_st_r65_a_pod_is_created_with_slug_name_and_lead(studio: World, firm: bool) -> None:
    deed = done(studio, pod("pod-c", lead=JANE))

    assert deed.bodies == (
        f'POST /api/pods {{"leadUserId":"{user_id(studio, JANE)}","name":"Pod C","slug":"pod-c"}}',
    )
    assert deed.reads == [PODS]
    assert deed.before == [PODS]
    assert deed.verified == ([] if firm else [PODS])
    assert studio.recorded.bonds[at("pod-c")].id == pod_id(studio, "pod-c")


def test_st_r65_members_follow_the_create_one_call_each(studio: World) -> None:
    deed = done(studio, pod("pod-c", CHEN, BOB))

    assert deed.bodies[1:] == (joined(studio, "pod-c", BOB), joined(studio, "pod-c", CHEN))
    assert homes(studio) == {JANE: "pod-a", BOB: "pod-c", CHEN: "pod-c", MARIA: "pod-b"}


def test_st_r65_a_name_is_one_patch_with_the_name_alone(studio: World, firm: bool) -> None:
    taken_over(studio)

    deed = done(studio, pod("pod-a", JANE, BOB, name="Alpha"), pod("pod-b", MARIA))

    assert deed.bodies == (f'PATCH /api/pods/{pod_id(studio, "pod-a")} {{"name":"Alpha"}}',)


def test_st_r64_a_live_pod_is_adopted_and_left_as_it_is(studio: World) -> None:
    deed = done(studio, pod("pod-a", JANE, BOB, lead=JANE))

    assert (deed.bodies, deed.action("pod-a").verb) == ((), Verb.ADOPT)


def test_st_r65_a_lead_is_changed_in_one_patch_and_need_not_be_a_member(studio: World, firm: bool) -> None:
    deed = done(studio, pod("pod-a", *UNMANAGED, lead=MARIA))

    assert deed.bodies == (
        f'PATCH /api/pods/{pod_id(studio, "pod-a")} {{"leadUserId":"{user_id(studio, MARIA)}"}}',
    )
    assert deed.verified == ([] if firm else [PODS])
    assert homes(studio)[MARIA] == "pod-b"
    assert not deed.action("pod-a").access


def test_st_r65_a_lead_that_is_left_out_is_not_managed(studio: World) -> None:
    assert done(studio, pod("pod-a", *UNMANAGED)).bodies == ()


def test_st_r65_null_clears_the_lead_and_a_refusal_fails_that_pod_alone(studio: World, firm: bool) -> None:
    documents = (pod("pod-a", *UNMANAGED, lead=None), pod("pod-b", *UNMANAGED, name="Beta"))

    deed = applied(studio, planned(studio, *documents))

    assert f'PATCH /api/pods/{pod_id(studio, "pod-a")} {{"leadUserId":null}}' in deed.bodies
    assert deed.ends == ({"done"} if firm else {"done", "failed"})
    live = studio.tracker.state.of(Pod)
    assert live[pod_id(studio, "pod-a")].lead_user_id is None or not firm
    assert live[pod_id(studio, "pod-b")].name == "Beta"


def test_st_r65_a_new_pod_without_a_lead_is_told_nothing_about_it(studio: World) -> None:
    assert done(studio, pod("pod-c", lead=None)).bodies == ('POST /api/pods {"name":"Pod C","slug":"pod-c"}',)


def test_st_r65_a_lead_whom_nobody_knows_holds_the_pod(studio: World) -> None:
    plan = planned(studio, pod("pod-a", *UNMANAGED, lead="nobody@example.com"))

    assert (rules(plan, "pod-a"), plan.calls) == ({"unresolved"}, ())


def test_st_r65_a_new_slug_needs_the_old_one_and_consent(studio: World) -> None:
    taken_over(studio)
    wanted = {"document": "pod-a", "name": "Alpha"}

    bare = planned(studio, pod("alpha", JANE, BOB, **wanted), pod("pod-b", MARIA))
    assert (rules(bare, "pod-a"), bare.writes) == ({"rename-unconfirmed", "rename"}, ())
    named = planned(studio, pod("alpha", JANE, BOB, previous_key="pod-a", **wanted), pod("pod-b", MARIA))
    assert (rules(named, "pod-a"), named.writes) == ({"rename"}, ())

    deed = done(
        studio, pod("alpha", JANE, BOB, previous_key="pod-a", allow=["rename"], **wanted), pod("pod-b", MARIA)
    )
    assert deed.bodies == (f'PATCH /api/pods/{pod_id(studio, "alpha")} {{"name":"Alpha","slug":"alpha"}}',)


def test_st_r64_two_live_pods_of_one_slug_are_refused_with_their_ids(studio: World) -> None:
    studio.tracker.add_pod("Pod A again", "pod-a")

    plan = planned(studio, pod("pod-a", name="Alpha"))

    assert (rules(plan, "pod-a"), plan.calls) == ({"ambiguous"}, ())


def test_st_r64_slugs_are_exchanged_in_three_calls(studio: World) -> None:
    taken_over(studio)
    a = pod("pod-b", JANE, BOB, document="pod-a", name="Pod A", previous_key="pod-a", allow=["rename"])
    b = pod("pod-a", MARIA, document="pod-b", name="Pod B", previous_key="pod-b", allow=["rename"])

    deed = done(studio, a, b)

    assert len(deed.calls) == 3
    assert homes(studio) == {JANE: "pod-b", BOB: "pod-b", MARIA: "pod-a"}


# Members.


def test_st_c13_adds_and_removals_are_one_call_each(studio: World, firm: bool) -> None:
    deed = done(studio, pod("pod-a", JANE, CHEN, **ALLOWED))

    assert deed.bodies == (joined(studio, "pod-a", CHEN), left(studio, "pod-a", BOB))
    assert deed.reads == [PENDING, PODS, WORKLOAD]  # Chen is in no pod
    assert deed.verified == ([] if firm else [PODS])
    assert homes(studio) == {JANE: "pod-a", CHEN: "pod-a", MARIA: "pod-b"}


def test_st_r66_the_first_removals_wait_for_a_word(studio: World) -> None:
    plan = planned(studio, pod("pod-a", JANE))

    assert (rules(plan, "pod-a"), plan.writes) == ({"first-removals"}, ())


def test_st_r66_additive_leaves_whom_others_added(studio: World) -> None:
    assert done(studio, pod("pod-a", JANE, mode="additive")).bodies == ()


def test_st_r66_members_left_out_are_not_managed(studio: World) -> None:
    assert done(studio, pod("pod-a", *UNMANAGED)).bodies == ()
    assert done(studio, pod("pod-a", JANE, BOB)).reads == [PODS]


def test_st_r66_drift_is_repaired_by_one_call(studio: World) -> None:
    taken_over(studio)
    settle_in(studio, BOB, None)

    deed = done(studio, pod("pod-a", JANE, BOB), pod("pod-b", MARIA))

    assert deed.bodies == (joined(studio, "pod-a", BOB),)
    assert [(f.path, f.reason) for f in deed.action("pod-a").fields] == [(("members", BOB), Reason.DRIFT)]


def test_st_r67_a_move_is_one_post_and_the_old_pod_says_so(studio: World) -> None:
    taken_over(studio)

    deed = done(studio, pod("pod-a", JANE), pod("pod-b", MARIA, BOB))

    assert deed.bodies == (joined(studio, "pod-b", BOB),)
    assert homes(studio) == {JANE: "pod-a", BOB: "pod-b", MARIA: "pod-b"}
    old, new = deed.action("pod-a"), deed.action("pod-b")
    assert (old.verb, old.calls, old.fields) == (Verb.NONE, (), ())
    assert old.notes == (f"{BOB} leaves it for pod-b: the call there moves, and none is sent here",)
    assert new.effects == (f"moves {BOB} here from Pod A",)


def test_st_r67_an_exchange_of_people_is_two_posts(studio: World) -> None:
    taken_over(studio)

    deed = done(studio, pod("pod-a", JANE, MARIA), pod("pod-b", BOB))

    assert sorted(deed.bodies) == sorted((joined(studio, "pod-a", MARIA), joined(studio, "pod-b", BOB)))
    assert homes(studio) == {JANE: "pod-a", BOB: "pod-b", MARIA: "pod-a"}


def test_st_r67_the_first_time_a_move_is_no_removal_to_be_allowed(studio: World) -> None:
    deed = done(studio, pod("pod-a", JANE), pod("pod-b", MARIA, BOB))

    assert deed.bodies == (joined(studio, "pod-b", BOB),)
    assert deed.action("pod-a").holds == ()
    settle_in(studio, CHEN, "pod-a")
    assert done(studio, pod("pod-a", JANE), pod("pod-b", MARIA, BOB)).bodies == (left(studio, "pod-a", CHEN),)


def test_st_r67_somebody_in_a_pod_that_nobody_declares_is_taken_from_there(studio: World) -> None:
    deed = done(studio, pod("pod-b", MARIA, BOB))

    assert deed.bodies == (joined(studio, "pod-b", BOB),)
    assert deed.action("pod-b").effects == (f"moves {BOB} here from Pod A, which no document declares",)


def test_st_r67_a_move_into_a_pod_that_is_made(studio: World) -> None:
    taken_over(studio)

    deed = done(studio, pod("pod-a", JANE), pod("pod-b", MARIA), pod("pod-c", BOB))

    assert deed.bodies[1:] == (joined(studio, "pod-c", BOB),)
    assert homes(studio)[BOB] == "pod-c"


def test_st_r67_nobody_is_taken_out_for_a_pod_that_is_held(studio: World) -> None:
    """To be in another pod is enough, whether or not that one can be carried out."""
    taken_over(studio)
    studio.tracker.add_pod("Pod C", "pod-c")
    studio.tracker.add_pod("Pod C once more", "pod-c")

    plan = planned(studio, pod("pod-a", JANE), pod("pod-b", MARIA), pod("pod-c", BOB))

    assert (rules(plan, "pod-c"), plan.calls) == ({"ambiguous"}, ())
    studio.apply(plan)
    assert homes(studio)[BOB] == "pod-a"


def test_st_r67_nobody_is_taken_out_for_a_pod_that_is_only_observed(studio: World) -> None:
    taken_over(studio)

    deed = done(studio, pod("pod-a", JANE), pod("pod-b", MARIA, BOB, manage="observe"))

    assert (deed.bodies, homes(studio)[BOB]) == ((), "pod-a")


def test_st_r66_nobody_is_taken_out_of_a_pod_while_another_names_a_stranger(studio: World) -> None:
    taken_over(studio)

    plan = planned(studio, pod("pod-a", JANE), pod("pod-b", MARIA, "bbo@example.com"))

    assert (plan.writes, [c.held for c in plan.held]) == ((), [("unresolved",)])
    assert "pod-b names somebody" in action(plan, "pod-a").holds[0].reason


def test_st_r68_who_has_moved_since_the_plan_is_not_taken_out(studio: World) -> None:
    """In one profile the DELETE would clear a home that is another one by now."""
    taken_over(studio)
    plan = planned(studio, pod("pod-a", JANE), pod("pod-b", MARIA))
    settle_in(studio, BOB, "pod-b")

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.STALE]
    assert homes(studio)[BOB] == "pod-b"


def test_st_r68_404_is_done(studio: World, firm: bool) -> None:
    taken_over(studio)
    plan = planned(studio, pod("pod-a", JANE), pod("pod-b", MARIA))
    studio.tracker.on_request(1, "before-effect", lambda _: settle_in(studio, BOB, None), method="DELETE")

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.DONE]
    assert [o.status for o in report.outcomes] == [404 if firm else 204]


# Deletes.


def made(w: World, *members: str) -> None:
    """A pod of our own with these members."""
    done(w, pod("pod-a", *(m for m in (JANE, BOB) if m not in members)), pod("pod-c", *members, **GONE))


def test_st_r69_leaving_git_means_release(studio: World) -> None:
    done(studio, pod("pod-c"))
    studio.documents = []

    deed = done(studio)

    assert (deed.bodies, deed.reads, pods(studio)) == ((), [], ["pod-a", "pod-b", "pod-c"])


def test_st_r69_an_empty_pod_that_we_made_is_deleted(studio: World) -> None:
    made(studio)
    own = pod_id(studio, "pod-c")

    deed = done(studio, pod("pod-a", JANE, BOB))

    assert deed.bodies == (f"DELETE /api/pods/{own}",)
    assert at("pod-c") not in studio.recorded.bonds


def test_st_r69_the_last_pod_may_go(studio: World) -> None:
    empty(studio)
    done(studio, pod("pod-c", **GONE))
    studio.documents = []

    assert len(done(studio).bodies) == 1
    assert pods(studio) == []


def test_st_r69_a_pod_that_is_somebodys_home_stays(studio: World) -> None:
    made(studio, BOB)

    plan = planned(studio, pod("pod-a", JANE))

    assert (rules(plan, "pod-c"), plan.calls) == ({"in-use"}, ())
    assert BOB in action(plan, "pod-c").holds[0].reason


def test_st_r69_a_pod_that_others_made_stays(studio: World) -> None:
    done(studio, pod("pod-b", *UNMANAGED, **GONE))
    settle_in(studio, MARIA, None)

    plan = planned(studio, pod("pod-a", JANE, BOB))

    assert rules(plan, "pod-b") == {"not-ours"}
    assert plan.writes == ()


def test_st_r69_a_pod_is_deleted_after_the_last_move_out_of_it(studio: World) -> None:
    made(studio, BOB)
    own = pod_id(studio, "pod-c")

    deed = done(studio, pod("pod-a", JANE, BOB))

    assert deed.bodies == (joined(studio, "pod-a", BOB), f"DELETE /api/pods/{own}")
    assert homes(studio)[BOB] == "pod-a"


def test_st_r69_where_a_move_fails_the_pod_stays(studio: World) -> None:
    made(studio, BOB)
    plan = planned(studio, pod("pod-a", JANE, BOB))
    studio.tracker.faults.add(Fault("status", path="/members", status=400, times=None))

    report = studio.apply(plan)

    assert {o.end for o in report.outcomes} == {End.FAILED, End.BLOCKED}
    assert homes(studio)[BOB] == "pod-c"


def test_st_r69_who_joined_since_the_plan_stops_the_delete(studio: World) -> None:
    made(studio)
    plan = planned(studio, pod("pod-a", JANE, BOB))
    settle_in(studio, CHEN, "pod-c")

    report = studio.apply(plan)

    assert [o.end for o in report.outcomes] == [End.STALE]
    assert homes(studio)[CHEN] == "pod-c"


def test_st_r69_a_deleted_pods_slug_goes_to_the_pod_its_people_moved_to(studio: World) -> None:
    made(studio, BOB)
    done(studio, pod("pod-a", JANE), pod("pod-c", BOB, **GONE))

    deed = done(
        studio, pod("pod-c", JANE, BOB, document="pod-a", name="Pod A", previous_key="pod-a", allow=["rename"])
    )

    assert [line.partition(" ")[0] for line in deed.bodies] == ["POST", "DELETE", "PATCH"]
    assert homes(studio) == {JANE: "pod-c", BOB: "pod-c", MARIA: "pod-b"}


# Who is hidden.


@pytest.fixture
def hidden(studio: World) -> World:
    studio.tracker.knobs.set("pod-members-hidden", "adversarial")
    return studio


def test_st_r70_hidden_members_are_sent_once_and_then_not_verifiable(hidden: World) -> None:
    deed = applied(hidden, planned(hidden, pod("pod-a", JANE, BOB)))

    assert sorted(deed.bodies) == sorted(joined(hidden, "pod-a", m) for m in (JANE, BOB))
    again = planned(hidden, pod("pod-a", JANE, BOB))
    assert again.calls == ()
    assert any(n.startswith("not verifiable: members") for n in action(again, "pod-a").notes)
    assert [r.split(" ", 1)[1] for r in again.reads] == [PODS, WORKLOAD]


def test_st_r70_a_hidden_move_is_one_post_and_is_sent_again_if_it_failed(hidden: World) -> None:
    applied(hidden, planned(hidden, pod("pod-a", JANE, BOB), pod("pod-b", MARIA)))
    plan = planned(hidden, pod("pod-a", JANE), pod("pod-b", MARIA, BOB))
    assert action(plan, "pod-b").effects == (f"moves {BOB} here from Pod A",)
    hidden.tracker.faults.add(Fault("status", path="/members", status=400))
    hidden.apply(plan)
    assert homes(hidden)[BOB] == "pod-a"

    deed = done(hidden, pod("pod-a", JANE), pod("pod-b", MARIA, BOB))

    assert deed.bodies == (joined(hidden, "pod-b", BOB),)
    back = done(hidden, pod("pod-a", JANE, BOB), pod("pod-b", MARIA))
    assert back.bodies == (joined(hidden, "pod-a", BOB),)
    out = done(hidden, pod("pod-a", JANE), pod("pod-b", MARIA))
    assert out.bodies == (left(hidden, "pod-a", BOB),)


def test_st_r70_a_hidden_member_whom_the_ledger_knows_is_taken_out(hidden: World) -> None:
    applied(hidden, planned(hidden, pod("pod-a", JANE, BOB)))

    deed = applied(hidden, planned(hidden, pod("pod-a", JANE)))

    assert deed.bodies == (left(hidden, "pod-a", BOB),)
    assert homes(hidden) == {JANE: "pod-a", MARIA: "pod-b"}


def test_st_r70_a_pod_whose_members_are_hidden_is_not_deleted(hidden: World) -> None:
    applied(hidden, planned(hidden, pod("pod-c", **GONE)))

    plan = planned(hidden, pod("pod-a", *UNMANAGED))

    assert (rules(plan, "pod-c"), plan.calls) == ({"contents-unknown"}, ())


@pytest.mark.parametrize("happened", [True, False])
@pytest.mark.parametrize("shown", [True, False])
def test_st_r68_a_move_whose_answer_is_lost_converges(studio: World, happened: bool, shown: bool) -> None:
    if not shown:
        studio.tracker.knobs.set("pod-members-hidden", "adversarial")
    applied(studio, planned(studio, pod("pod-a", JANE, BOB), pod("pod-b", MARIA)))
    documents = (pod("pod-a", JANE), pod("pod-b", MARIA, BOB))
    plan = planned(studio, *documents)
    studio.tracker.faults.add(Fault("drop", path="/members", effect=happened))

    studio.apply(plan)
    studio.apply(studio.plan(*documents))

    assert homes(studio) == {JANE: "pod-a", BOB: "pod-b", MARIA: "pod-b"}
    assert studio.plan().calls == ()


def test_st_r66_the_plan_sends_every_membership_for_certain(studio: World) -> None:
    plan = planned(studio, pod("pod-a", JANE, CHEN, **ALLOWED), pod("pod-b", MARIA, BOB))

    assert {c.role for c in plan.calls} == {Role.WRITE}


def test_st_r69_a_slug_that_goes_round_through_a_new_pod_goes_aside_once(studio: World) -> None:
    """The new pod needs the slug of one that needs that of a deleted one, whose people move into the new one."""
    made(studio, BOB)
    red = {"name": "Pod A", "document": "pod-a", "previous_key": "pod-a", "allow": ["rename"]}

    deed = done(studio, pod("pod-c", JANE, **red), pod("pod-a", BOB, document="new", name="New"))

    assert [line.partition(" ")[0] for line in deed.bodies] == ["PATCH", "POST", "POST", "DELETE", "PATCH"]
    assert homes(studio) == {JANE: "pod-c", BOB: "pod-a", MARIA: "pod-b"}
    assert pods(studio) == ["pod-a", "pod-b", "pod-c"]


# Who is invited in the same run (ST-R54, ST-R62).


def test_st_r62_who_is_invited_in_this_run_gets_a_home_after_one_look_up(studio: World, firm: bool) -> None:
    new, two = "new.one@example.com", "two@example.com"

    deed = done(studio, invited(new), invited(two), pod("pod-b", MARIA, BOB, new.upper()), pod("pod-c", two))

    look_up = PENDING if firm else WORKLOAD  # only in the plain profile do invitations tell user ids
    assert [c for c in deed.calls if c.startswith("GET")] == [look_up]
    assert len(deed.calls) == 2 + 1 + 1 + 3
    assert {p: h for p, h in homes(studio).items() if p in (new, two, BOB)} == {
        new: "pod-b",
        two: "pod-c",
        BOB: "pod-b",
    }
    names = studio.recorded.bonds[at("pod-b")].names
    assert names[f"User/{new}"] == user_id(studio, new)


def test_st_r62_who_could_not_be_invited_gets_none_and_is_not_remembered(studio: World) -> None:
    new = "new.one@example.com"
    plan = planned(studio, invited(new, role="NOBODY"), pod("pod-b", MARIA, BOB, new))

    deed = applied(studio, plan)

    assert deed.ends >= {"failed", "blocked"}
    assert homes(studio)[BOB] == "pod-b"
    bond = studio.recorded.bonds.get(at("pod-b"))
    assert bond is None or f"User/{new}" not in bond.names


def test_st_r54_who_is_in_a_pod_is_known_and_costs_no_workload(studio: World) -> None:
    plan = planned(studio, pod("pod-b", *UNMANAGED), invited(JANE))

    assert [r.split(" ", 1)[1] for r in plan.reads] == [PENDING, PODS]
    assert plan.calls == ()


@pytest.mark.parametrize("shown", [True, False])
def test_st_r68_a_move_of_a_run_that_was_cut_short_converges(
    studio: World, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call had its effect, and the ledger never heard the end."""
    if not shown:
        studio.tracker.knobs.set("pod-members-hidden", "adversarial")
    done(studio, pod("pod-a", JANE, BOB), pod("pod-b", MARIA))
    documents = (pod("pod-a", JANE), pod("pod-b", MARIA, BOB))
    plan = planned(studio, *documents)
    with monkeypatch.context() as patch:
        patch.setattr(studio.ledger, "conclude", _full)
        with pytest.raises(LedgerUnusable):
            studio.apply(plan)
    assert homes(studio)[BOB] == "pod-b"

    studio.settle()
    studio.apply(studio.plan(*documents))

    assert homes(studio) == {JANE: "pod-a", BOB: "pod-b", MARIA: "pod-b"}
    assert studio.plan().calls == ()
    back = done(studio, pod("pod-a", JANE, BOB), pod("pod-b", MARIA))
    assert back.bodies == (joined(studio, "pod-a", BOB),)


def _full(*_: object) -> None:
    raise LedgerUnusable("the disk is full")
