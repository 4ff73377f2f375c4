"""From an address to an id: pins, ledger, pods, in the fixed order of ST-R27; what contradicts itself (ST-R28)."""

from __future__ import annotations

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins.studio_tracker.things import Team, User
from tests.contract.homes import BOB, CHEN, JANE, MARIA, UNMANAGED, pod, settle_in, user_id
from tests.contract.jobs import PENDING, TEAMS, WORKLOAD, action, applied, done, invited, planned, rules
from tests.world import World, doc

PODS = "GET /api/pods"


def team(slug: str, *members: Json, **metadata: object) -> Document:
    listed: Json = [m if isinstance(m, dict) else {"user": m} for m in members]
    spec: dict[str, Json] = {"slug": slug, "name": slug.title(), "members": listed, "membersMode": "additive"}
    return doc("ClientTeam", slug, spec, **metadata)


def pinned(address: str, remote_id: str) -> Json:
    return {"user": address, "userId": remote_id}


def members(w: World, slug: str) -> set[str]:
    emails = {u.id: u.email for u in w.tracker.state.of(User).values()}
    return {emails[i] for t in w.tracker.state.of(Team).values() if t.slug == slug for i in t.members}


def leave(w: World, slug: str, email: str) -> None:
    own = next(t.id for t in w.tracker.state.of(Team).values() if t.slug == slug)
    assert w.tracker.edit("DELETE", f"/api/client-teams/{own}/members?userId={user_id(w, email)}").ok


def asked(w: World, *documents: Document) -> list[str]:
    return [r.split(" ", 1)[1] for r in planned(w, *documents).reads]


# (1) Pins.


def test_st_r27_nobody_is_asked_for_a_pinned_address(studio: World) -> None:
    deed = done(studio, team("social", pinned(CHEN, user_id(studio, CHEN))))

    assert deed.reads == [TEAMS]
    assert members(studio, "social") == {CHEN}
    assert deed.action("social").notes == (
        f"not verifiable: that {CHEN} is {user_id(studio, CHEN)} (no list was asked that could tell)",
    )


def test_st_r27_a_pin_holds_for_the_address_wherever_it_stands(studio: World) -> None:
    documents = (team("social", pinned(CHEN, user_id(studio, CHEN))), pod("pod-c", CHEN.upper()))

    assert asked(studio, *documents) == [TEAMS, PODS]


def test_st_r28_a_pin_decides_between_two_accounts_of_one_address(studio: World) -> None:
    studio.tracker.add_user("CHEN@example.com", "Another Chen")
    own = next(u.id for u in studio.tracker.state.of(User).values() if u.email == "CHEN@example.com")

    done(studio, team("social", pinned(CHEN, own)))

    assert members(studio, "social") == {"CHEN@example.com"}


def test_st_r28_a_pinned_id_that_is_shown_under_another_address_is_refused(studio: World) -> None:
    plan = planned(studio, team("social", pinned(CHEN, user_id(studio, JANE)), BOB))

    assert rules(plan, "social") == {"unresolved"}
    assert f"is that of {JANE}" in action(plan, "social").holds[0].reason
    assert len(plan.writes) == 2  # the team, and Bob


def test_st_r28_two_pins_of_one_address_refuse_what_needs_it_alone(studio: World) -> None:
    documents = (team("social", pinned(CHEN, "cmo7a")), pod("pod-c", {"user": CHEN, "userId": "cmo7b"}, BOB))

    plan = planned(studio, *documents)

    assert (rules(plan, "social"), rules(plan, "pod-c")) == ({"unresolved"}, {"unresolved"})
    assert action(plan, "social").holds[0].way_out == "pin it to one id"
    assert [c.line.split(" ")[0] for c in plan.writes] == ["POST"] * 3  # the team, the pod, Bob


def test_st_r65_a_lead_may_be_pinned(studio: World) -> None:
    document = pod("pod-a", *UNMANAGED, lead=CHEN)
    pin: dict[str, Json] = {"leadUserId": user_id(studio, CHEN)}
    wanted = doc("Pod", "pod-a", {**document.spec, **pin})

    deed = done(studio, wanted)

    assert deed.reads == [PODS]
    assert deed.bodies[0].endswith(f'{{"leadUserId":"{user_id(studio, CHEN)}"}}')


# (2) The ledger.


def test_st_r27_the_ledger_tells_whom_no_list_shows_any_more(studio: World) -> None:
    done(studio, team("social", CHEN))
    leave(studio, "social", CHEN)

    deed = done(studio, team("social", CHEN))

    assert deed.reads == [TEAMS]
    assert len(deed.bodies) == 1
    assert members(studio, "social") == {CHEN}
    assert any("no list was asked" in n for n in deed.action("social").notes)


def test_st_r27_without_a_ledger_the_lists_are_asked(studio: World) -> None:
    studio.ledger = None

    assert asked(studio, team("social", CHEN)) == [TEAMS, PENDING, WORKLOAD]


def test_st_r28_another_id_than_the_ledgers_refuses_that_change_alone(studio: World) -> None:
    """Somebody was removed, and is there again under a new id."""
    done(studio, team("social", CHEN, BOB))
    old = user_id(studio, CHEN)
    leave(studio, "social", CHEN)
    del studio.tracker.state.of(User)[old]
    new = studio.tracker.add_user(CHEN, "Chen")
    own = next(t.id for t in studio.tracker.state.of(Team).values() if t.slug == "brand")
    assert studio.tracker.edit("POST", f"/api/client-teams/{own}/members", {"userId": new}).ok

    plan = planned(studio, team("social", CHEN, BOB, MARIA))

    assert rules(plan, "social") == {"unresolved"}
    hold = action(plan, "social").holds[0]
    assert f"is {new} live, and {old} in the ledger" in hold.reason
    assert hold.way_out == "say beside the name which id it is"
    assert len(plan.writes) == 1  # Maria
    done(studio, team("social", pinned(CHEN, new), BOB, MARIA))
    assert members(studio, "social") == {CHEN, BOB, MARIA}
    assert done(studio, team("social", CHEN, BOB, MARIA)).bodies == ()


def test_st_r27_an_id_that_is_somebody_elses_by_now_is_not_believed(studio: World) -> None:
    """The account got another address: the old one is nobody's any more, and said to be."""
    done(studio, team("social", JANE))
    people = studio.tracker.state.of(User)
    own = user_id(studio, JANE)
    people[own] = type(people[own])(own, people[own].org_id, "jane.smith@example.com", "Jane", people[own].role)

    plan = planned(studio, team("social", JANE))

    assert (rules(plan, "social"), plan.writes) == ({"unresolved"}, ())
    assert "jane.smith@example.com" in action(plan, "social").holds[0].reason


def test_st_r62_who_is_invited_anew_is_not_who_was_there_before(studio: World) -> None:
    """The account is gone, and the ledger still remembers its id."""
    new = "new.one@example.com"
    old = studio.tracker.add_user(new, "New One")
    done(studio, team("social", new))
    leave(studio, "social", new)
    del studio.tracker.state.of(User)[old]

    deed = done(studio, team("social", new), invited(new))

    assert len(deed.bodies) == 2
    assert members(studio, "social") == {new}


# (3) Pods.


def test_st_r27_people_in_pods_cost_nothing(studio: World) -> None:
    settle_in(studio, CHEN, "pod-a")

    assert asked(studio, pod("pod-c", CHEN)) == [PODS]
    assert asked(studio, team("social", CHEN), pod("pod-a", *UNMANAGED)) == [TEAMS, PODS]


def test_st_r29_pods_are_not_read_for_a_look_up(studio: World) -> None:
    settle_in(studio, CHEN, "pod-a")

    assert PODS not in asked(studio, team("social", CHEN))
    assert TEAMS not in asked(studio, pod("pod-c", JANE))


def test_st_r28_two_ids_in_what_was_read_refuse_that_change_alone(studio: World) -> None:
    studio.tracker.add_user("CHEN@example.com", "Another Chen")
    settle_in(studio, CHEN, None)

    deed = applied(studio, planned(studio, pod("pod-c", CHEN, BOB)))

    assert rules(deed.plan, "pod-c") == {"unresolved"}
    assert len(deed.bodies) == 2  # the pod, and Bob
