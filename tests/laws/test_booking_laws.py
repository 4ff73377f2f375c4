"""Random bookings, live and declared, and people at work in between: apply, then plan: 0 calls; others' stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import JsonObject
from tests.world import TRACKER, World, doc, hasty_clock, lasting, world

PEOPLE = ("jane@example.com", "bob@example.com")
JOBS = ("100", "0100")
DAYS = (-1, 0, 6, 7)
"""The days of bookings, from the Monday of next week on; the first lies before every scope."""
Triple: TypeAlias = "tuple[str, int, str]"
Booked: TypeAlias = "dict[Triple, tuple[float, str | None]]"
NOTHING = object()

triples = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(DAYS), st.sampled_from(JOBS))
hours = st.sampled_from([4, 4.0, 7.5])
worlds = st.dictionaries(triples, st.tuples(hours, st.sampled_from([None, "x"])), max_size=6)
wishes = st.dictionaries(triples, st.tuples(hours, st.sampled_from([NOTHING, None, "x", "y"])), max_size=5)
deeds = st.lists(st.tuples(triples, st.sampled_from([None, (3, "by hand")])), max_size=3)
rounds = st.tuples(wishes, st.booleans(), st.sets(st.sampled_from(PEOPLE), min_size=1), deeds)


def day(n: int) -> str:
    today = datetime.now(UTC).date()
    return (today + timedelta(days=7 - today.weekday() + n)).isoformat()


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def studio(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[TRACKER]) as one:
        yield one


def begin(w: World, live: Booked) -> dict[str, str]:
    """An empty studio with two people, two jobs and these bookings; e-mail address -> user id."""
    w.tracker.reset()
    w.clock, w.documents = hasty_clock(), []
    w.ledger = lasting(ephemeral(whoami(), w.clock))
    ids = {email: w.tracker.add_user(email, email.partition("@")[0]) for email in PEOPLE}
    for number in JOBS:
        w.tracker.add_project(number, number)
    for (who, n, job), (spent, note) in live.items():
        w.tracker.add_booking(ids[who], day(n), job, spent, note)
    return ids


def listed(w: World) -> Iterator[JsonObject]:
    for n in (-7, 0, 7):
        answer = w.tracker.edit("GET", f"/api/resources/bookings?weekStart={day(n)}")
        assert isinstance(answer.body, list)
        yield from (one for one in answer.body if isinstance(one, dict))


def seen(w: World, ids: Mapping[str, str]) -> dict[Triple, tuple[str, float, str | None]]:
    """Who, which day, which job -> the booking's id, hours and note. Each is there once."""
    people, days = {i: email for email, i in ids.items()}, {day(n): n for n in DAYS}
    found: dict[Triple, tuple[str, float, str | None]] = {}
    for one in listed(w):
        at = (people[str(one["userId"])], days[str(one["date"])[:10]], str(one["jobNumber"]))
        assert at not in found, "booked twice"
        note = one.get("note")
        found[at] = (str(one["id"]), float(str(one["hours"])), None if note is None else str(note))
    return found


def declared(wanted: Mapping[Triple, tuple[float, object]], exact: bool, users: set[str]) -> Document:
    bookings = []
    for (who, n, job), (spent, note) in wanted.items():
        if who in users and n >= 0:
            more = {} if note is NOTHING else {"note": note}
            bookings.append({"user": who, "date": day(n), "jobNumber": job, "hours": spent, **more})
    scope = {"from": day(0), "to": day(8), "users": sorted(users)}
    spec = {"name": "P", "scope": scope, "bookings": bookings, "bookingsMode": "exact" if exact else "additive"}
    return doc("BookingPlan", "p", spec, allow=["first-removals"])  # type: ignore[arg-type]


def at_work(w: World, ids: Mapping[str, str], done: Sequence[tuple[Triple, tuple[float, str] | None]]) -> None:
    """People delete bookings and make others."""
    for at, what in done:
        there = seen(w, ids)
        if at in there:
            assert w.tracker.edit("DELETE", f"/api/resources/bookings/{there[at][0]}").ok
        if what is not None:
            w.tracker.add_booking(ids[at[0]], day(at[1]), at[2], *what)


@given(live=worlds, changes=st.lists(rounds, min_size=1, max_size=4))
def test_apply_then_plan_has_no_calls(
    studio: World,
    live: Booked,
    changes: Sequence[tuple[dict[Triple, tuple[float, object]], bool, set[str], list[tuple[Triple, None]]]],
) -> None:
    w, ids = studio, begin(studio, live)
    ours: set[Triple] = set()
    for wanted, exact, users, done in changes:
        at_work(w, ids, done)
        before = seen(w, ids)
        w.documents = [declared(wanted, exact, users)]
        plan = w.plan()
        assert len(plan.writes) == plan.bound
        report = w.checked_apply(plan)
        assert {str(o.end) for o in report.outcomes} <= {"done"}, report.outcomes
        assert [c.line for c in w.plan().calls] == []
        after = seen(w, ids)
        inside = {at for at in {*before, *after, *wanted} if at[0] in users and at[1] >= 0}
        for at in inside & wanted.keys():
            spent, note = wanted[at]
            stays = before[at][2] if at in before else None
            assert after[at][1:] == (float(spent), stays if note is NOTHING else note)
        for at in before.keys() - (inside & wanted.keys()):
            removable = at in inside and (exact or at in ours)
            assert (at in after) is not removable, "exact removes what is in the scope, additive what is ours"
            assert removable or after[at] == before[at]
        assert after.keys() <= before.keys() | wanted.keys()
        kept = inside & wanted.keys()
        ours = {at for at in kept if at in ours or at not in before or before[at][0] != after[at][0]}
