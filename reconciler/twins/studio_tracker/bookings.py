"""Bookings: hours of people, read by the week, never changed in place (ST-P34 to ST-P37)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from reconciler.twins.core.clock import parse_instant
from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.checks import day, invalid, required, text
from reconciler.twins.studio_tracker.things import Booking, User

ALL = "/api/resources/bookings"
ONE = "/api/resources/bookings/{id}"
FIELDS = ("userId", "date", "jobNumber", "hours", "note")
ROLES = ("ADMIN", "PRODUCER")
MOST_HOURS = 24
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def list_week(call: Call) -> Answer:
    first = _week(call)
    end = first + timedelta(days=7)
    shown = [
        _shown(call, booking)
        for booking in call.table(Booking).values()
        if booking.org_id == call.user.org_id and first <= parse_instant(booking.date) < end
    ]
    if call.hard("ST-P37"):
        shown.reverse()
    return Answer(200, shown)


def create(call: Call) -> Answer:
    _check_role(call)
    sent = _checked(call, call.body(*FIELDS))
    call.moment()
    old = _same(call, sent) if call.hard("ST-P34") else None
    booking = replace(sent, id=old.id if old is not None else call.new_id("book"))
    call.table(Booking)[booking.id] = booking
    return Answer(201, {"id": booking.id} if call.hard("ST-P35") else _shown(call, booking))


def delete(call: Call) -> Answer:
    booking = call.table(Booking).get(call.ids["id"])
    if booking is None or booking.org_id != call.user.org_id:
        raise Refused(404, "Not found")
    _check_role(call)
    call.moment()
    del call.table(Booking)[booking.id]
    return call.deleted()


def _check_role(call: Call) -> None:
    if call.user.role not in ROLES:
        raise Refused(403, "Forbidden")


def _week(call: Call) -> datetime:
    """Midnight UTC of the day asked for. Raises Refused."""
    wanted = call.request.parameter("weekStart")
    if not wanted:
        raise Refused(400, "weekStart: Required")
    try:
        first = parse_instant(wanted) if _DAY.fullmatch(wanted) else None
        last = None if first is None else first + timedelta(days=7)
    except (ValueError, OverflowError):
        raise invalid("weekStart") from None
    if first is None or last is None or (first.weekday() and call.hard("ST-P36")):
        raise invalid("weekStart")
    return first


def _checked(call: Call, body: JsonObject) -> Booking:
    """What was sent, without an id yet. Raises Refused."""
    user = call.table(User).get(text(body, "userId"))
    if user is None or user.org_id != call.user.org_id:
        raise invalid("userId")
    return Booking("", user.org_id, user.id, day(body, "date"), text(body, "jobNumber"), _hours(body), _note(body))


def _hours(body: JsonObject) -> float:
    required(body, "hours")
    hours = body["hours"]
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= MOST_HOURS:
        raise invalid("hours")
    return hours


def _note(body: JsonObject) -> str | None:
    if "note" not in body:
        return None
    note = body["note"]
    if not isinstance(note, str):
        raise invalid("note")
    return note


def _same(call: Call, sent: Booking) -> Booking | None:
    """The booking of this person, day and job that there is."""
    wanted = (sent.org_id, sent.user_id, sent.date, sent.job_number)
    return next((one for one in call.table(Booking).values() if _triple(one) == wanted), None)


def _triple(booking: Booking) -> tuple[str, str, str, str]:
    return booking.org_id, booking.user_id, booking.date, booking.job_number


def _shown(call: Call, booking: Booking) -> Mapping[str, Json]:
    shown: dict[str, Json] = {
        "id": booking.id,
        "userId": booking.user_id,
        "date": booking.date,
        "jobNumber": booking.job_number,
        "hours": float(booking.hours) if call.hard("ST-P37") else booking.hours,
        "note": booking.note,
    }
    if booking.note is None and call.hard("ST-P37"):
        del shown["note"]
    return shown


KIND: Kind[TrackerRoute] = Kind(
    routes=(
        TrackerRoute(method="GET", path=ALL, answer=list_week),
        TrackerRoute(method="POST", path=ALL, answer=create),
        TrackerRoute(method="DELETE", path=ONE, answer=delete),
    ),
    questions=(
        Knob("ST-P34", "a second booking of a person, day and job", "is added", "changes the first"),
        Knob("ST-P35", "answer of a booking's POST", "the booking", "its id only"),
        Knob("ST-P36", "a weekStart that is no Monday", "seven days from there", "400"),
        Knob("ST-P37", "listed bookings", "oldest first, with null", "newest first, 4.0, without null"),
    ),
)
