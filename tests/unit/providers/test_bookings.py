"""Plans of bookings: days and weeks, what is asked, what answers mean, what is wrong offline (ST-R72)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.studio_tracker.booking_calls import settled
from reconciler.providers.studio_tracker.booking_check import check
from reconciler.providers.studio_tracker.booking_days import day, mondays, today, weeks_between
from reconciler.providers.studio_tracker.booking_lists import details, narrow, parse, reads, showing
from tests.world import TRACKER, catalog, doc

KIND = catalog().kind("studio-tracker", "BookingPlan")
AT = Address(TRACKER, "BookingPlan", "p")
JANE = "jane@example.com"
PEOPLE = {"User": Collection("User", names={JANE: "u1"})}
WEEK, NUMBERS = "/api/resources/bookings", "/api/resources/job-numbers"


def plan(*bookings: JsonObject, name: str = "p", title: str = "P", **scope: Json) -> Document:
    within: JsonObject = {"from": "2026-04-22", "to": "2026-04-28", "users": [JANE], **scope}
    return doc("BookingPlan", name, {"name": title, "scope": within, "bookings": [*bookings]})


def booking(on: str = "2026-04-22", job: str = "1", **more: Json) -> JsonObject:
    return {"user": JANE, "date": on, "jobNumber": job, "hours": 4, **more}


def demand(*documents: Document, bonds: Sequence[Bond] = (), projects: Sequence[str] | None = None) -> Demand:
    others = dict(PEOPLE)
    if projects is not None:
        others["Project"] = Collection("Project", tuple(Resource(f"id of {p}", p, {}) for p in projects))
    return Demand(TRACKER, "BookingPlan", details=details(KIND, documents, bonds, others))


def asked(wanted: Demand, *answers: Json) -> list[str]:
    """What is asked after these answers, in their order."""
    replies: Replies = ()
    left = [*answers]
    while (batch := reads(KIND, wanted, replies)) and len(left) >= len(batch):
        replies += tuple((r, left.pop(0)) for r in batch)
    return [str(r) for r in batch]


def found(wanted: Demand, *answers: Json) -> Collection:
    replies: Replies = ()
    left = [*answers]
    while batch := reads(KIND, wanted, replies):
        replies += tuple((r, left.pop(0)) for r in batch)
    return parse(KIND, wanted, replies)


def live(on: str = "2026-04-22T00:00:00.000Z", **more: Json) -> JsonObject:
    return {"id": "b1", "userId": "u1", "date": on, "jobNumber": "1", "hours": 4, "note": None, **more}


# Days.


def test_a_day_is_that_of_utc() -> None:
    april = date(2026, 4, 21)
    assert day("2026-04-21") == day("2026-04-21T00:00:00.000Z") == day("2026-04-21T23:59:59Z") == april
    assert day("2026-04-22T01:00:00+02:00") == april
    for odd in ("", "April", None, 5):
        with pytest.raises(ValueError, match=r".+"):
            day(odd)


def test_nobody_says_what_today_is() -> None:
    assert today(0.0) is None
    assert today(1_776_729_600.0) == date(2026, 4, 21)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(first=days, length=st.integers(0, 400))
def test_the_weeks_of_a_scope_hold_all_its_days_and_no_other_week(first: date, length: int) -> None:
    last = first + timedelta(days=length)

    weeks = [date.fromisoformat(w) for w in weeks_between(first, last)]

    assert weeks == sorted(set(weeks))
    assert all(w.weekday() == 0 for w in weeks)
    assert weeks[0] <= first < weeks[0] + timedelta(days=7)
    assert weeks[-1] <= last < weeks[-1] + timedelta(days=7)
    assert all(b - a == timedelta(days=7) for a, b in pairwise(weeks))
    assert mondays([first, last]) == sorted({weeks[0].isoformat(), weeks[-1].isoformat()})


# What is asked.


def test_each_week_is_asked_for_once_by_its_monday() -> None:
    others = plan(name="other", title="Other", to="2026-05-03")

    assert asked(demand(plan(), others)) == [f"GET {WEEK}?weekStart=2026-04-{d}" for d in (20, 27)]


def test_job_numbers_are_asked_for_only_if_a_booking_is_to_be_posted_and_nothing_else_tells() -> None:
    wanted = demand(plan(booking()))

    assert asked(wanted, [], []) == [f"GET {NUMBERS}"]
    assert asked(wanted, [live(hours=5)], []) == [f"GET {NUMBERS}"]
    assert asked(wanted, [live(hours=4.0, note="x")], []) == []
    assert asked(demand(plan(booking(note="y"))), [live(note="x")], []) == [f"GET {NUMBERS}"]
    assert asked(demand(plan(booking()), projects=["7"]), [], []) == []
    assert asked(demand(plan()), [], []) == []
    assert asked(demand(plan(booking(), users=["zoe@example.com"])), [], []) == [f"GET {NUMBERS}"]


@pytest.mark.parametrize(
    "answer", [[{"jobNumber": "1", "name": "One"}, {"jobNumber": "99"}], ["1", "99"], [1, 99, None, {}]]
)
def test_job_numbers_are_understood_in_any_form(answer: Json) -> None:
    seen = found(demand(plan(booking(job="13"), booking(job="1"))), [], [], answer).seen

    assert seen["unknown"] == {"13": ["1"]}
    assert found(demand(plan(booking(job="2337950"))), [], [], ["2337959"]).seen["unknown"] == {
        "2337950": ["2337959"]
    }


def test_projects_that_are_read_anyway_tell_the_jobs() -> None:
    wanted = demand(plan(booking(), booking(job="2")), projects=["1", "22"])

    assert found(wanted, [], []).seen["unknown"] == {"2": ["22"]}


@pytest.mark.parametrize("answer", [None, {"error": "x"}, "1"])
def test_job_numbers_that_nobody_tells_are_not_known(answer: Json) -> None:
    assert found(demand(plan(booking())), [], [], answer).seen["unknown"] is None


# Which plan is which.


def test_a_plan_keeps_the_id_it_was_recorded_under() -> None:
    bonds = [Bond(AT, "Old title"), Bond(AT._replace(name="gone"), "Gone", on_remove="delete")]
    documents = [plan(title="New title"), plan(name="q", title="Old title"), plan(name="r", title="Other")]

    plans = [d["plan"] for d in demand(*documents, bonds=bonds).details if "plan" in d]

    assert plans == ["Old title", "Old title (q)", "Other", "Gone"]


def test_what_left_git_is_looked_for_by_the_bookings_that_were_made_here() -> None:
    ours = ('["u1","2026-04-22T00:00:00.000Z","1"]', '["u1","2026-05-06T00:00:00.000Z","1"]')
    gone = Bond(AT, "P", "P", on_remove="delete", entries={"bookings": ours})

    wanted = demand(bonds=[gone])

    assert asked(wanted) == [f"GET {WEEK}?weekStart=2026-{d}" for d in ("04-20", "05-04")]
    (one,) = found(wanted, [live(), live(id="b2", jobNumber="2")], []).resources
    assert [b["id"] for b in one.fields["bookings"]] == ["b1"]  # type: ignore[union-attr,index,call-overload]
    assert demand(plan(), bonds=[gone]).details[0]["plan"] == "P"
    assert (
        len([d for d in demand(plan(name="new"), bonds=[replace(gone, entries={})]).details if "plan" in d]) == 1
    )


# What answers mean.


def inside(*answers: Json) -> list[JsonObject]:
    (one,) = found(demand(plan()), *answers).resources
    bookings = one.fields["bookings"]
    assert isinstance(bookings, list)
    return [b for b in bookings if isinstance(b, dict)]


def test_only_what_lies_in_the_scope_counts() -> None:
    week: list[Json] = [live(f"2026-04-{d}", id=f"b{d}") for d in (21, 22, 28, 29)]
    week += [live(id="theirs", userId="u2"), live(id="holiday", jobNumber=None), live(id="empty", jobNumber="")]

    assert [b["id"] for b in inside(week, week)] == ["b22", "b28"], "and a booking that two weeks show counts once"


def test_a_booking_is_brought_to_one_form() -> None:
    (one,) = inside([live("2026-04-22T09:30:00Z", hours="7.50", note="", jobNumber=1, extra=True)], [])

    assert one == {"user": "u1", "date": "2026-04-22", "jobNumber": "1", "hours": 7.5, "note": None, "id": "b1"}


@pytest.mark.parametrize(
    "answer",
    [
        {"bookings": []},
        None,
        ["b1"],
        [live(id=None)],
        [live(id="")],
        [live(userId=5)],
        [live(on="soon")],
        [{"id": "b1", "userId": "u1"}],
        [live(hours="many")],
    ],
)
def test_an_answer_of_another_shape_proves_nothing(answer: Json) -> None:
    with pytest.raises(ValueError, match=r".+"):
        found(demand(plan()), answer, [])


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.sampled_from(["2026-04-22", "u1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*live()]), inner, max_size=6),
    max_leaves=12,
)


@given(
    first=values,
    second=st.lists(st.builds(lambda more: live() | more, st.dictionaries(st.sampled_from([*live()]), values))),
)
def test_whatever_is_answered_is_read_or_refused(first: Any, second: Any) -> None:
    for answer in (first, second):
        try:
            (one,) = found(demand(plan()), answer, []).resources
        except ValueError:
            continue
        assert isinstance(one.fields["bookings"], list)


# The least readings.


def call(*ids: Json, absent: bool = False, plan_id: str = "P") -> Call:
    effect = Effect(set_field="bookings", absent=ids) if absent else Effect(present=tuple((i, {}) for i in ids))
    return Call("1", TRACKER, "BookingPlan", AT, "POST", "/x", Phase.ADD, effect=effect, live_id=plan_id)


def test_only_the_weeks_of_the_bookings_concerned_are_read_again() -> None:
    wanted = demand(plan(booking(), booking("2026-04-28")), plan(name="q", title="Q"))
    one: list[Json] = ["u1", "2026-04-28T00:00:00.000Z", "1"]

    for calls in ([call(one)], [call(one, absent=True)]):
        least = showing(KIND, wanted, calls)
        assert [str(r) for r in reads(KIND, least, ())] == [f"GET {WEEK}?weekStart=2026-04-27"]
        assert [d["plan"] for d in least.details] == ["P"]
        assert asked(least, []) == [], "and nobody asks for jobs"
    assert showing(KIND, wanted, [call(["u9", *one[1:]])]).details[0]["users"] == ["u1", "u9"]
    assert len(narrow(KIND, wanted, [], 0).details) == 2
    assert narrow(KIND, narrow(KIND, wanted, ["P"], 2), ["P"], 2).details == narrow(KIND, wanted, ["P"], 2).details


def test_a_delete_has_happened_if_its_booking_is_gone_whatever_stands_there() -> None:
    def there(*ids: str) -> Collection:
        return Collection("BookingPlan", (Resource("P", "P", {"bookings": [{"id": i} for i in ids]}),))

    gone = replace(call(["u1", "2026-04-28T00:00:00.000Z", "1"], absent=True), args={"id": "b1"})

    assert [settled(KIND, gone, there(*ids)) for ids in (("b1",), ("b2",), ())] == [False, True, True]


# Offline.


def test_two_plans_beside_each_other_are_no_matter() -> None:
    exact = doc("BookingPlan", "x", {**plan(title="X", users=["bob@example.com"]).spec, "bookingsMode": "exact"})
    later = doc(
        "BookingPlan", "y", {**plan(**{"from": "2026-04-29", "to": "2026-05-01"}).spec, "bookingsMode": "exact"}
    )

    assert check(KIND, [plan(booking()), exact, later]) == []


def test_a_plan_that_is_wrong_in_itself_is_compared_with_no_other() -> None:
    turned = plan(booking(), name="q", to="2026-04-01")

    assert [p.rule for p in check(KIND, [plan(booking()), turned])] == ["ST-R73"]
