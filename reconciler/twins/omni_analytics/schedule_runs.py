"""One schedule set off out of its turn; and read whole, which only the newer edition of the API can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import asked_schedule
from reconciler.twins.omni_analytics.schedule_list import shown_cron
from reconciler.twins.omni_analytics.things import Org, Schedule, User

MANY = 50
ONE = "/v1/schedules/{scheduleId}"
BUSY = "Cannot trigger schedule while another execution is in progress"


def trigger(call: Call) -> Answer:
    """Deliveries end at once, but for mail sent singly to more than fifty: that runs until set-up ends it."""
    schedule = asked_schedule(call)
    if schedule.running:
        raise Refused(409, BUSY)
    moment = call.moment()
    if schedule.settings.get("fanOut") is True and len(schedule.recipients) > MANY:
        changed = replace(schedule, running=True)
    else:
        changed = replace(schedule, last_completed_at=moment, last_status="success")
    call.table(Schedule)[schedule.id] = changed
    return Answer(200, {"success": True})


def read(call: Call) -> Answer:
    if not call.newer:
        raise Refused(405, "", {"allow": "DELETE, PUT"})
    schedule = asked_schedule(call)
    owner = call.table(User).get(schedule.owner_id)
    org_id = next(iter(call.table(Org)))
    settings = schedule.settings
    return Answer(
        200,
        {
            "id": schedule.id,
            "name": schedule.name,
            "schedule": shown_cron(call, schedule.schedule),
            "timezone": schedule.timezone,
            "entityId": schedule.identifier,
            "organizationId": org_id,
            "ownerId": schedule.owner_id,
            "owner": {"name": owner.display_name if owner is not None else None},
            "conditionType": settings.get("conditionType"),
            "conditionQueryMapKey": settings.get("conditionQueryMapKey"),
            "filterConfig": settings.get("filterConfig", {}),
            "fanOut": settings.get("fanOut", False),
            "killJobsOnFailure": settings.get("killJobsOnFailure", False),
            "metadata": {},
            "disabledAt": schedule.disabled_at,
            "systemDisabledAt": schedule.system_disabled_at,
            "systemDisabledReason": schedule.system_disabled_reason,
            "createdAt": call.twin.epoch,
            "updatedAt": call.twin.epoch,
            "destinations": [_destination(call, schedule)],
        },
    )


def _destination(call: Call, schedule: Schedule) -> Json:
    people = [call.table(User)[user_id] for user_id in schedule.recipients]
    return {
        "id": schedule.id,
        "format": schedule.format,
        "lastCompletedAt": schedule.last_completed_at,
        "lastStatus": schedule.last_status,
        "metadata": _metadata(schedule),
        "recipients": [_recipient(user) for user in people],
        "userGroupRecipients": [],
    }


def _metadata(schedule: Schedule) -> Mapping[str, Json]:
    unsaid = ("filterConfig", "conditionType", "conditionQueryMapKey", "fanOut", "killJobsOnFailure")
    settings = {name: value for name, value in schedule.settings.items() if name not in unsaid}
    return {"type": schedule.destination_type, **settings}


def _recipient(user: User) -> Json:
    person: Json = {"email": user.user_name, "name": user.display_name}
    return {"id": user.id, "membershipId": user.id, "membership": {"user": person}}


_route = partial(OmniRoute, uuids=("scheduleId",))
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", path=ONE, answer=read),
        _route(method="POST", path=f"{ONE}/trigger", answer=trigger, prefix="Bad Request: "),
    ),
)
