"""When the schema of a connection is read anew: schedules without a name, told apart by ids alone (OA-P24)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

from reconciler.twins.core.clock import parse_instant
from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone
from reconciler.twins.omni_analytics.connections import live_connection
from reconciler.twins.omni_analytics.ids import REFRESH_SCHEDULE, next_uuid
from reconciler.twins.omni_analytics.model_things import RefreshSchedule
from reconciler.twins.omni_analytics.schedule_fields import is_cron, is_zone
from reconciler.twins.omni_analytics.schedule_list import shown_cron

FIELDS = ("schedule", "timezone")
ALL = "/v1/connections/{connectionId}/schedules"
ONE = f"{ALL}/{{scheduleId}}"
ADMINS = "Connection Admin permissions for the connection are required"
NOT_FOUND = "Schedule not found"


def list_all(call: Call) -> Answer:
    _check_connection(call)
    found = [one for one in call.listed(RefreshSchedule) if one.connection_id == call.ids["connectionId"].lower()]
    return Answer(200, {"schedules": [_shown(call, one) for one in found]})


def read(call: Call) -> Answer:
    return Answer(200, _shown(call, _asked(call, elsewhere="Schedule belongs to a different connection")))


def create(call: Call) -> Answer:
    """A connection may have several of one cron and zone."""
    cron, zone = _asked_times(call)
    _check_connection(call)
    moment = call.moment()
    made = RefreshSchedule(
        next_uuid(call.twin.counters, REFRESH_SCHEDULE),
        call.ids["connectionId"].lower(),
        cron,
        zone,
        moment,
        moment,
    )
    call.table(RefreshSchedule)[made.id] = made
    call.made(RefreshSchedule, made.id)
    return Answer(201, _shown(call, made))


def update(call: Call) -> Answer:
    """Both fields are demanded. A disabled one stays disabled."""
    cron, zone = _asked_times(call)
    stored = _asked(call, elsewhere=NOT_FOUND)
    changed = replace(stored, schedule=cron, timezone=zone, updated_at=call.moment())
    call.table(RefreshSchedule)[stored.id] = changed
    return Answer(200, _shown(call, changed))


def delete(call: Call) -> Answer:
    stored = _asked(call, elsewhere=NOT_FOUND)
    call.moment()
    del call.table(RefreshSchedule)[stored.id]
    return Answer(200, {"success": True})


def _check_connection(call: Call) -> None:
    if live_connection(call, call.ids["connectionId"]) is None:
        raise Refused(404, "Connection not found")
    admins_alone(call, ADMINS)


def _asked(call: Call, *, elsewhere: str) -> RefreshSchedule:
    _check_connection(call)
    found = call.table(RefreshSchedule).get(call.ids["scheduleId"].lower())
    if found is None:
        raise Refused(404, NOT_FOUND)
    if found.connection_id != call.ids["connectionId"].lower():
        raise Refused(404, elsewhere)
    return found


def _asked_times(call: Call) -> tuple[str, str]:
    for name in FIELDS:
        if call.body.get(name) is None:
            raise call.bad(f"{name}: Required")
    cron, zone = call.body["schedule"], call.body["timezone"]
    if not isinstance(cron, str) or not is_cron(cron):
        raise Refused(400, "Invalid cron expression")
    if not isinstance(zone, str) or not is_zone(zone):
        raise Refused(400, "Invalid timezone")
    return cron, zone


def _shown(call: Call, one: RefreshSchedule) -> Json:
    shown: dict[str, Json] = {
        "scheduleId": one.id,
        "connectionId": one.connection_id,
        "schedule": shown_cron(call, one.schedule),
        "timezone": one.timezone,
        "description": _description(call, one),
        "createdAt": one.created_at,
        "updatedAt": one.updated_at,
        "disabledAt": one.disabled_at,
    }
    if call.newer:
        del shown["description"]
    return shown


def _description(call: Call, one: RefreshSchedule) -> str:
    """In words, where minute and hour are plain numbers; the zone by its abbreviation of today."""
    minute, hour = one.schedule.split()[:2]
    if not (minute.isdecimal() and hour.isdecimal() and int(minute) < 60 and int(hour) < 24):
        return shown_cron(call, one.schedule)
    here = parse_instant(call.twin.clock.now()).astimezone(ZoneInfo(one.timezone))
    at = here.replace(hour=0, minute=0) + timedelta(hours=int(hour), minutes=int(minute))
    return f"At {at:%I:%M %p} {here:%Z}"


_route = partial(OmniRoute, uuids=("connectionId",))
_one = partial(OmniRoute, path=ONE, uuids=("connectionId", "scheduleId"))
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", path=ALL, answer=list_all),
        _route(method="POST", path=ALL, answer=create, fields=FIELDS),
        _one(method="GET", answer=read),
        _one(method="PUT", answer=update, fields=FIELDS),
        _one(method="DELETE", answer=delete),
    ),
)
