"""Bookings: added, changed by delete and post, removed inside the scope; jobs, the past, people (ST-R72)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from reconciler.model.change import Verb
from reconciler.model.json import canonical
from reconciler.twins import Fault
from tests.contract.bookings import (
    ALLOWED,
    AT,
    LAUNCH,
    NUMBERS,
    POST,
    RELAUNCH,
    book,
    booked,
    booking,
    on,
    own_id,
    plan,
    today_utc,
    unbook,
    week,
)
from tests.contract.jobs import LIST, PENDING, TEAMS, WORKLOAD, Deed, action, alpha, applied, done, planned, rules
from tests.contract.jobs import invited as invitation
from tests.contract.studio import BOB, JANE, MARIA, team, user_id
from tests.world import World, doc

PEOPLE = [PENDING, WORKLOAD]
"""What tells who is who, where nothing else is read."""


def refusing(method: str, status: int, path: str = "/api/resources/bookings", times: int | None = 1) -> Fault:
    """A refusal before anything happens."""
    return Fault("status", method=method, path=path, status=status, times=times, effect=False)


def sent(w: World, deed: Deed) -> list[str]:
    """The writes, with the ids of people and bookings as this file writes them."""
    return [b.replace(user_id(w, JANE), "JANE").replace(user_id(w, BOB), "BOB") for b in deed.bodies]


def posted(who: str, n: int, job: str = LAUNCH, hours: float = 4, **more: object) -> str:
    body = {"userId": who, "date": on(n), "jobNumber": job, "hours": hours, **more}
    return f"{POST} {canonical(body)}"


# Adding, changing, removing.


def test_st_r80_what_is_missing_is_booked_one_by_one(studio: World, firm: bool) -> None:
    theirs = book(studio, BOB, 1, RELAUNCH, 3, "theirs")
    deed = done(studio, plan(booking(JANE, 0, note="Review"), booking(BOB, 8, hours=7.5)))

    assert sorted(sent(studio, deed)) == sorted([posted("JANE", 0, note="Review"), posted("BOB", 8, hours=7.5)])
    assert deed.plan.bound == 2
    assert sorted(deed.reads) == sorted([*PEOPLE, week(0), week(1), NUMBERS])
    assert sorted(deed.before) == [week(0), week(1)]
    assert sorted(deed.verified) == ([] if firm else [week(0), week(1)])
    assert deed.action("spring").verb is Verb.UPDATE
    assert own_id(studio, BOB, 1, RELAUNCH) == theirs
    assert len(booked(studio)) == 3
    assert len(studio.recorded.bonds[AT].entries["bookings"]) == 2
    assert studio.recorded.bonds[AT].made


def test_st_r77_numbers_and_days_compare_by_what_they_mean(studio: World) -> None:
    book(studio, JANE, 0, hours=4.0)
    book(studio, BOB, 3, RELAUNCH, 7.5, "a note nobody declares")
    deed = done(studio, plan(booking(JANE, 0, hours=4, note=None), booking(BOB, 3, RELAUNCH, 7.5)))

    assert deed.plan.calls == ()
    assert sorted(deed.reads) == sorted([*PEOPLE, week(0), week(1)])
    assert deed.action("spring").verb is Verb.ADOPT
    assert studio.recorded.bonds[AT].entries == {"bookings": ()}
    again = planned(studio, *studio.documents)
    assert (again.actions[0].verb, again.actions[0].fields) == (Verb.NONE, ())


@pytest.mark.parametrize("ours", [True, False])
def test_st_r81_other_hours_are_a_delete_and_then_a_post(studio: World, ours: bool) -> None:
    if ours:
        done(studio, plan(booking(JANE, 0, hours=4, note="Review")))
    else:
        book(studio, JANE, 0, hours=4, note="Review")
    old = own_id(studio, JANE, 0)

    deed = done(studio, plan(booking(JANE, 0, hours=5)))

    assert sent(studio, deed) == [
        f"DELETE /api/resources/bookings/{old}",
        posted("JANE", 0, hours=5, note="Review"),
    ]
    assert deed.plan.bound == 2
    assert "no call changes a booking: 1 booking will be deleted and made anew" in deed.action("spring").notes
    assert deed.before == [week(0)]
    assert booked(studio) == [(JANE, 0, LAUNCH, 5, "Review")]
    assert len(studio.recorded.bonds[AT].entries["bookings"]) == 1, "made anew, so it is ours"


def test_st_r81_a_note_is_changed_cleared_or_left_alone(studio: World) -> None:
    for n, note in ((0, "Old"), (1, "Old"), (2, None), (3, None)):
        book(studio, JANE, n, note=note)
    wanted = [
        booking(JANE, 0, note="New"),
        booking(JANE, 1, note=None),
        booking(JANE, 2),
        booking(JANE, 3, note=None),
    ]
    deed = done(studio, plan(*wanted))

    assert len(deed.bodies) == 4
    added = [posted("JANE", 0, note="New"), posted("JANE", 1)]
    assert sorted(b for b in sent(studio, deed) if "POST" in b) == sorted(added)
    assert [note for *_, note in booked(studio)] == ["New", None, None, None]


def test_st_r83_all_deletes_come_before_the_first_post(studio: World) -> None:
    for n in (0, 1, 8):
        book(studio, JANE, n)
    wanted = [booking(JANE, 0, hours=5), booking(JANE, 1, hours=5), booking(BOB, 0)]
    deed = done(studio, plan(*wanted, mode="exact", **ALLOWED))

    verbs = [b.split(" ")[0] for b in deed.bodies]
    assert verbs == ["DELETE"] * 3 + ["POST"] * 3
    assert deed.plan.bound == 1 + 2 * 2 + 1


def test_st_r81_where_the_delete_fails_nothing_is_posted(studio: World) -> None:
    book(studio, JANE, 0)
    wanted = planned(studio, plan(booking(JANE, 0, hours=5), booking(BOB, 0)))
    studio.tracker.faults.add(refusing("DELETE", 403))

    report = studio.apply(wanted)

    assert sorted(str(o.end) for o in report.outcomes) == ["blocked", "done", "failed"]
    assert booked(studio) == [(BOB, 0, LAUNCH, 4, None), (JANE, 0, LAUNCH, 4, None)]
    done(studio, *studio.documents)
    assert booked(studio)[1] == (JANE, 0, LAUNCH, 5, None)


def test_st_r82_additive_removes_what_we_made_alone(studio: World) -> None:
    book(studio, BOB, 2)
    done(studio, plan(booking(JANE, 0), booking(JANE, 1), booking(BOB, 2)))

    deed = done(studio, plan(booking(JANE, 1)))

    assert [b.split(" ")[0] for b in deed.bodies] == ["DELETE"]
    assert booked(studio) == [(BOB, 2, LAUNCH, 4, None), (JANE, 1, LAUNCH, 4, None)]
    assert "left in place" in str(deed.action("spring").notes)


def test_st_r82_exact_removes_inside_the_days_and_people_of_the_scope(studio: World) -> None:
    for who, n in ((JANE, 0), (JANE, 1), (JANE, 4), (JANE, 5), (BOB, 2)):
        book(studio, who, n)
    held = planned(studio, plan(days=(1, 4), users=(JANE,), mode="exact"))
    assert rules(held, "spring") == {"first-removals"}
    assert len(held.held) == 2

    deed = done(studio, plan(days=(1, 4), users=(JANE,), mode="exact", **ALLOWED))

    assert len(deed.bodies) == 2
    assert [(who, n) for who, n, *_ in booked(studio)] == [(BOB, 2), (JANE, 0), (JANE, 5)]


def test_st_r82_a_booking_that_is_gone_already_is_no_failure(studio: World) -> None:
    done(studio, plan(booking(JANE, 0)))
    wanted = planned(studio, plan())
    studio.tracker.faults.add(refusing("DELETE", 404))

    assert {str(o.end) for o in studio.apply(wanted).outcomes} == {"done"}


def test_st_r76_a_week_is_read_once_for_all_plans_and_always_by_its_monday(studio: World) -> None:
    one = plan(days=(2, 8), users=(JANE,), name="one")
    other = plan(days=(6, 9), users=(JANE, BOB), name="other")
    third = plan(days=(20, 20), users=(BOB,), name="third")

    found = planned(studio, one, other, third)

    assert sorted(r.split(" ", 1)[1] for r in found.reads) == sorted([*PEOPLE, week(0), week(1), week(2)])
    assert found.calls == ()


def test_drift_is_repaired(studio: World) -> None:
    done(studio, plan(booking(JANE, 0), booking(BOB, 1)))
    unbook(studio, own_id(studio, JANE, 0))

    deed = done(studio, *studio.documents)

    assert sent(studio, deed) == [posted("JANE", 0)]
    assert [str(f.reason) for f in deed.action("spring").fields] == ["drift"]


def test_st_r89_what_changed_since_the_plan_is_not_touched(studio: World) -> None:
    done(studio, plan(booking(JANE, 0)))
    wanted = planned(studio, plan(booking(JANE, 0, hours=5), booking(BOB, 8)))
    unbook(studio, own_id(studio, JANE, 0))
    book(studio, JANE, 0, hours=6)

    report = studio.apply(wanted)

    assert {str(o.end) for o in report.outcomes} == {"stale"}
    assert booked(studio) == [(JANE, 0, LAUNCH, 6, None)]


def test_st_r89_a_booking_that_appeared_since_the_plan_is_not_doubled(studio: World) -> None:
    wanted = planned(studio, plan(booking(JANE, 0)))
    book(studio, JANE, 0, hours=6)

    assert {str(o.end) for o in studio.apply(wanted).outcomes} == {"stale"}
    assert booked(studio) == [(JANE, 0, LAUNCH, 6, None)]


# Two alike, jobs, the past, people.


def test_st_r85_two_alike_are_left_alone_and_the_rest_goes_on(studio: World, firm: bool) -> None:
    if not firm:
        pytest.skip("this profile never has two alike (ST-P34)")
    ids = [book(studio, JANE, 0), book(studio, JANE, 0, hours=5)]
    deed = done(studio, plan(booking(JANE, 0, hours=6), booking(BOB, 0), mode="exact"))

    assert sent(studio, deed) == [posted("BOB", 0)]
    (hold,) = deed.action("spring").holds
    assert (hold.rule, hold.only, hold.final) == ("ambiguous", "bookings", True)
    assert all(i in hold.reason for i in ids)


def test_st_r78_an_unknown_job_holds_that_booking_alone(studio: World) -> None:
    deed = done(studio, plan(booking(JANE, 0, "2337950"), booking(BOB, 0)))

    assert sent(studio, deed) == [posted("BOB", 0)]
    (hold,) = deed.action("spring").holds
    assert hold.rule == "no-such-job"
    assert "nearest: 2337960, 2337959" in hold.reason
    assert hold.only == "bookings"


def test_st_r78_a_booking_is_not_deleted_for_a_job_that_is_gone(studio: World) -> None:
    book(studio, JANE, 0, "9999999")
    deed = done(studio, plan(booking(JANE, 0, "9999999", 8)))

    assert (deed.bodies, rules(deed.plan, "spring")) == ((), {"no-such-job"})


def test_st_r78_where_projects_are_read_anyway_they_tell_the_jobs(studio: World) -> None:
    project = alpha("777")
    deed = done(studio, project, plan(booking(JANE, 0, "777"), booking(JANE, 1), booking(BOB, 0, "778")))

    assert NUMBERS not in deed.reads
    assert deed.reads.count(LIST) == 1
    assert [c.split("?")[0] for c in deed.calls] == ["POST /api/projects", POST, POST]
    made = next(c for c in deed.plan.calls if c.kind == "Project")
    first = next(c for c in deed.plan.calls if c.kind == "BookingPlan" and "777" in str(c.body))
    assert made.id in first.after
    assert rules(deed.plan, "spring") == {"no-such-job"}


def test_st_r78_a_job_that_cannot_be_made_keeps_the_plan_back(studio: World) -> None:
    found = planned(studio, doc("Project", "x", {"omgJobNumber": "777"}), plan(booking(JANE, 0, "777")))

    assert rules(found, "x") == {"incomplete"}
    assert rules(found, "spring") == {"depends-on"}


def test_st_r78_numbers_that_nobody_tells_are_said_to_be_unverified(studio: World) -> None:
    studio.tracker.faults.add(refusing("GET", 403, "/api/resources/job-numbers", times=None))
    deed = done(studio, plan(booking(JANE, 0, "whatever")))

    assert len(deed.bodies) == 1
    assert "not verifiable: the job numbers" in str(deed.action("spring").notes)


def test_st_r86_the_past_is_left_as_it_was_unless_it_is_allowed(studio: World) -> None:
    today, own = today_utc(), user_id(studio, JANE)
    before = today - timedelta(days=1)
    studio.tracker.add_booking(own, before.isoformat(), LAUNCH, 4, None)
    entry = {"user": JANE, "jobNumber": LAUNCH, "hours": 5}
    wanted = [{**entry, "date": d.isoformat()} for d in (before - timedelta(days=1), before, today)]
    spec = {
        "name": "Spring",
        "scope": {"from": wanted[0]["date"], "to": today.isoformat(), "users": [JANE]},
        "bookings": wanted,
    }

    deed = done(studio, doc("BookingPlan", "spring", spec))  # type: ignore[arg-type]
    assert [c.split(" ")[0] for c in deed.calls] == ["POST"]
    (hold,) = deed.action("spring").holds
    assert (hold.rule, hold.only) == ("past", "bookings")
    assert hold.reason.startswith("2 bookings would change in the past")

    deed = done(studio, doc("BookingPlan", "spring", spec, allow=["past"]))  # type: ignore[arg-type]
    assert [c.split(" ")[0] for c in deed.calls] == ["DELETE", "POST", "POST"]
    assert not deed.action("spring").holds


def test_st_r87_an_unknown_person_holds_that_booking_and_all_removals(studio: World) -> None:
    done(studio, plan(booking(JANE, 0), booking(JANE, 1)))
    users = (JANE, "zoe@example.com")
    deed = done(studio, plan(booking(JANE, 0, hours=5), booking("zoe@example.com", 0), users=users))

    assert [c.split(" ")[0] for c in deed.calls] == ["DELETE", "POST"]
    (hold,) = deed.action("spring").holds
    assert (hold.rule, hold.only) == ("unresolved", "remove")
    assert hold.reason.startswith(f"bookings: zoe@example.com {on(0)} {LAUNCH} left out; ")
    assert len(booked(studio)) == 2


def test_st_r87_where_nothing_would_be_removed_an_unknown_person_holds_no_removals(studio: World) -> None:
    users = (JANE, "zoe@example.com")
    wanted = plan(booking("zoe@example.com", 0), booking("zoe@example.com", 1), users=users)
    found = planned(studio, wanted)

    (hold,) = action(found, "spring").holds
    assert (hold.rule, hold.only) == ("unresolved", "entry")
    named = f"zoe@example.com {on(0)} {LAUNCH}, zoe@example.com {on(1)} {LAUNCH}"
    assert hold.reason.startswith(f"bookings: {named} left out; ")
    assert hold.reason.endswith("no User 'zoe@example.com' is live")
    assert hold.way_out.startswith("correct the name; otherwise: invite with Invitation")


def test_st_r87_somebody_invited_in_the_same_run_is_booked(studio: World) -> None:
    new = "new.one@example.com"
    deed = done(studio, invitation(new), plan(booking(new, 0), users=(new, JANE)))

    assert [c.split(" ")[0] for c in deed.calls] == ["POST", "GET", "POST"]
    assert booked(studio)[0][1:] == (0, LAUNCH, 4, None)
    (text,) = studio.recorded.bonds[AT].entries["bookings"]
    assert user_id(studio, new) in text


def test_teams_that_are_read_anyway_tell_who_is_who(studio: World) -> None:
    documents = [team("brand", JANE, mode="additive"), plan(booking(JANE, 0), users=(JANE,), days=(0, 6))]
    found = planned(studio, *documents)

    asked = {r.split(" ", 1)[1] for r in found.reads}
    assert {TEAMS, week(0), NUMBERS} <= asked
    assert MARIA not in str(found.calls)


def test_who_is_who_may_be_known_from_the_ledger_alone(studio: World) -> None:
    """A pod's member is remembered with the id: nobody is asked again, and that person's bookings are seen."""
    pod = doc("Pod", "a", {"slug": "a", "name": "A", "members": [JANE]})
    done(studio, pod, plan(booking(JANE, 0), users=(JANE,)))

    again = planned(studio, plan(booking(JANE, 0), users=(JANE,)))

    assert again.calls == ()
    assert PENDING not in str(again.reads)
    assert len(booked(studio)) == 1


# Leaving git, moving, other scopes.


def test_st_r88_a_plan_that_leaves_git_is_released(studio: World) -> None:
    done(studio, plan(booking(JANE, 0)))
    deed = done(studio, team("brand", mode="additive"))

    assert deed.action("spring").verb is Verb.RELEASE
    assert len(booked(studio)) == 1
    assert AT not in studio.recorded.bonds


def test_st_r88_with_consent_it_takes_along_what_it_made(studio: World) -> None:
    going: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
    book(studio, BOB, 1)
    done(studio, plan(booking(JANE, 0), booking(BOB, 1), booking(JANE, 8), **going))
    kept = plan(booking(JANE, 8), name="other")

    deed = done(studio, kept)

    assert [c.split(" ")[0] for c in deed.calls] == ["DELETE"]
    assert deed.action("spring").verb is Verb.DELETE
    assert {f.path[1] for f in deed.action("spring").fields} == {f"{JANE} {on(0)} {LAUNCH}"}
    assert [c.summary for c in deed.plan.calls] == [f"delete the booking {JANE} {on(0)} {LAUNCH}"]
    assert "another plan speaks of it" in str(deed.action("spring").notes)
    assert [(who, n) for who, n, *_ in booked(studio)] == [(BOB, 1), (JANE, 8)]
    assert AT not in studio.recorded.bonds


def test_st_r72_another_document_name_is_a_move_and_another_title_nothing(studio: World) -> None:
    done(studio, plan(booking(JANE, 0)))
    moved = doc("BookingPlan", "summer", dict(plan(booking(JANE, 0)).spec), previous_name="spring")
    deed = done(studio, moved)
    assert (deed.bodies, deed.plan.actions[0].verb) == ((), Verb.MOVE)

    titled = doc("BookingPlan", "summer", {**plan().spec, "name": "Other words"})
    deed = done(studio, titled)
    assert [c.split(" ")[0] for c in deed.calls] == ["DELETE"], "ours, whatever the plan is called"


def test_st_r72_two_documents_may_swap_their_titles(studio: World) -> None:
    spec = plan(booking(JANE, 0), users=(JANE,)).spec
    other = plan(booking(BOB, 0), users=(BOB,)).spec
    done(studio, doc("BookingPlan", "a", {**spec, "name": "A"}), doc("BookingPlan", "b", {**other, "name": "B"}))

    deed = done(
        studio, doc("BookingPlan", "a", {**spec, "name": "B"}), doc("BookingPlan", "c", {**other, "name": "A"})
    )

    assert deed.bodies == ()
    assert len(booked(studio)) == 2


def test_st_r73_what_falls_out_of_the_scope_is_left_and_forgotten(studio: World) -> None:
    done(studio, plan(booking(JANE, 0), booking(JANE, 8)))

    deed = done(studio, plan(booking(JANE, 8), days=(7, 13)))

    assert deed.bodies == ()
    assert "outside the scope now" in str(deed.action("spring").notes)
    assert len(studio.recorded.bonds[AT].entries["bookings"]) == 1
    assert len(booked(studio)) == 2


def test_a_plan_that_is_only_observed_shows_what_differs(studio: World) -> None:
    found = planned(studio, plan(booking(JANE, 0), manage="observe"))

    assert found.calls == ()
    assert action(found, "spring").verb is Verb.OBSERVE
    assert len(action(found, "spring").fields) == 1


def test_deeds_are_the_plan(studio: World) -> None:
    """A saved plan is carried out as it was reviewed, and then there is nothing left."""
    book(studio, JANE, 0)
    wanted = planned(studio, plan(booking(JANE, 0, hours=2), booking(BOB, 9, note="x")))
    assert applied(studio, wanted).ends == {"done"}
    assert planned(studio, *studio.documents).calls == ()
