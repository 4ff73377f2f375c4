"""Plans of bookings, what is booked live, and what others do to it meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject
from tests.contract.deeds import made
from tests.contract.studio import BOB, JANE, user_id
from tests.world import TRACKER, World, doc

LAUNCH, RELAUNCH = "2337959", "0040001"
"""Jobs of the seeded world."""
POST = "POST /api/resources/bookings"
NUMBERS = "GET /api/resources/job-numbers"
AT = Address(TRACKER, "BookingPlan", "spring")
ALLOWED: Mapping[str, Any] = {"allow": ["first-removals"]}


def today_utc() -> date:
    return datetime.now(UTC).date()


def monday() -> date:
    """A Monday two to three weeks ahead: nothing of these tests lies in the past."""
    ahead = today_utc() + timedelta(days=21)
    return ahead - timedelta(days=ahead.weekday())


def on(n: int) -> str:
    """The n-th day from that Monday, counted from 0."""
    return (monday() + timedelta(days=n)).isoformat()


def week(n: int) -> str:
    """The reading of the n-th week."""
    return f"GET /api/resources/bookings?weekStart={on(7 * n)}"


def booking(who: str, n: int, job: str = LAUNCH, hours: float = 4, **more: Json) -> JsonObject:
    return {"user": who, "date": on(n), "jobNumber": job, "hours": hours, **more}


def plan(
    *bookings: JsonObject,
    name: str = "spring",
    days: tuple[int, int] = (0, 13),
    users: tuple[str, ...] = (JANE, BOB),
    mode: str = "",
    **metadata: object,
) -> Document:
    """A plan over two weeks. `days`: of its scope, counted from the Monday; `mode`: of its bookings."""
    first, last = days
    scope: Json = {"from": on(first), "to": on(last), "users": [*users]}
    spec: JsonObject = {"name": name.title(), "scope": scope, "bookings": [*bookings]}
    return doc("BookingPlan", name, spec | ({"bookingsMode": mode} if mode else {}), **metadata)


def book(w: World, who: str, n: int, job: str = LAUNCH, hours: float = 4, note: str | None = None) -> str:
    """Somebody else books; the booking's id."""
    return w.tracker.add_booking(user_id(w, who), on(n), job, hours, note)


def unbook(w: World, remote_id: str) -> None:
    made(w.tracker, "DELETE", f"/api/resources/bookings/{remote_id}")


def booked(w: World, weeks: int = 3) -> list[tuple[str, int, str, float, str | None]]:
    """(who, day, job, hours, note) of everything that is live from that Monday on, in order."""
    people = {user_id(w, who): who for who in (JANE, BOB)}
    found = []
    for n in range(weeks):
        answer = w.tracker.edit("GET", week(n).removeprefix("GET "))
        assert isinstance(answer.body, list)
        for one in answer.body:
            assert isinstance(one, dict)
            day = (date.fromisoformat(str(one["date"])[:10]) - monday()).days
            who = people.get(str(one["userId"]), str(one["userId"]))
            hours, note = float(str(one["hours"])), one.get("note")
            found.append((who, day, str(one["jobNumber"]), hours, None if note is None else str(note)))
    return sorted(found, key=str)


def own_id(w: World, who: str, n: int, job: str = LAUNCH) -> str:
    """The id of the one booking of that person, day and job."""
    answer = w.tracker.edit("GET", week(n // 7).removeprefix("GET "))
    found = [b for b in answer.body if isinstance(b, dict)] if isinstance(answer.body, list) else []
    (one,) = (
        b for b in found if (b["userId"], str(b["date"])[:10], b["jobNumber"]) == (user_id(w, who), on(n), job)
    )
    return str(one["id"])
