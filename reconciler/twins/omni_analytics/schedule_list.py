"""Schedules as they are listed: numbered pages, and 18 keys that show only a part of each (OA-R67, OA-R70)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import is_uuid, whole_number
from reconciler.twins.omni_analytics.things import Document, Schedule, User

LARGEST = 100
ENUMS: Mapping[str, tuple[str, ...]] = {
    "status": ("success", "error", "canceled", "none"),
    "destination": ("email", "slack", "webhook", "sftp"),
    "scheduleType": ("alert", "schedule"),
    "contentType": ("dashboard", "single tile"),
    "sortField": ("scheduleName", "dashboardName", "ownerName", "lastRun", "lastRunStatus"),
    "sortDirection": ("asc", "desc"),
}
QUERY = ("q", *ENUMS, "cursor", "pageSize", "ownerId", "embedEntity", "identifier")
SHOWN_AS: Mapping[str, str] = {
    "scheduleName": "name",
    "dashboardName": "dashboardName",
    "ownerName": "ownerName",
    "lastRun": "lastCompletedAt",
    "lastRunStatus": "lastStatus",
}


def list_page(call: Call) -> Answer:
    for name, words in ENUMS.items():
        if call.query.get(name, words[0]) not in words:
            raise call.bad("Invalid enum value")
    size, number = _asked_size(call), _asked_number(call)
    owner_id = call.query.get("ownerId")
    if owner_id is not None and not is_uuid(owner_id):
        raise call.bad("ownerId: Invalid uuid")
    if owner_id is not None and owner_id.lower() not in call.table(User):
        raise Refused(404, f"User with id {owner_id} does not exist")
    found = [_shown(call, schedule) for schedule in call.listed(Schedule) if _matches(call, schedule)]
    last = max(1, math.ceil(len(found) / size))
    if number > last:
        raise call.bad(f"Invalid page number. The last valid page is {last}.")
    rows = _sorted(call, found)[(number - 1) * size : number * size]
    return Answer(200, {"pageInfo": _page_info(call, number, last, size, len(found)), "records": rows})


def _asked_size(call: Call) -> int:
    size = whole_number(call, "pageSize", 20)
    if size < 1:
        raise call.bad("pageSize: Invalid value")
    if size > LARGEST:
        raise call.bad(f"Page size cannot exceed {LARGEST}")
    return size


def _asked_number(call: Call) -> int:
    number = whole_number(call, "cursor", 1)
    if number < 1:
        raise call.bad("cursor: Invalid value")
    return number


def _page_info(call: Call, number: int, last: int, size: int, total: int) -> Json:
    more = number < last
    following = None if not more or call.hard("OA-P29") else str(number + 1)
    info: dict[str, Json] = {
        "hasNextPage": more,
        "nextCursor": following,
        "pageSize": size,
        "totalRecords": total,
    }
    if not more and call.hard("OA-P19"):
        del info["nextCursor"]
    return info


def _matches(call: Call, schedule: Schedule) -> bool:
    query = call.query
    said: dict[str, Callable[[str], bool]] = {
        "identifier": lambda wanted: schedule.identifier == wanted,
        "ownerId": lambda wanted: schedule.owner_id == wanted.lower(),
        "destination": lambda wanted: schedule.destination_type == wanted,
        "status": lambda wanted: (schedule.last_status or "none") == wanted,
        "scheduleType": lambda wanted: ("alert" if _is_alert(schedule) else "schedule") == wanted,
        "contentType": lambda wanted: _content(schedule) == wanted,
        "q": lambda wanted: wanted.casefold() in schedule.name.casefold(),
        "embedEntity": lambda _: False,  # the twin has no embed entities
    }
    return all(holds(query[name]) for name, holds in said.items() if name in query)


def _sorted(call: Call, found: list[dict[str, Json]]) -> list[dict[str, Json]]:
    """By the asked field whatever its case, then by id; what has none of it comes last."""
    field = SHOWN_AS[call.query.get("sortField", "scheduleName")]
    by_id = sorted(found, key=lambda record: str(record["id"]))
    known = [record for record in by_id if record[field] is not None]
    descending = call.query.get("sortDirection", "desc") == "desc"
    known.sort(key=lambda record: str(record[field]).lower(), reverse=descending)
    return known + [record for record in by_id if record[field] is None]


def _is_alert(schedule: Schedule) -> bool:
    return "conditionType" in schedule.settings


def _content(schedule: Schedule) -> str:
    return "single tile" if "queryIdentifierMapKey" in schedule.settings else "dashboard"


def _shown(call: Call, schedule: Schedule) -> dict[str, Json]:
    document = call.table(Document).get(schedule.identifier)
    owner = call.table(User).get(schedule.owner_id)
    is_mail = schedule.destination_type == "email"
    shown: dict[str, Json] = {
        "id": schedule.id,
        "schedule": shown_cron(call, schedule.schedule),
        "disabledAt": schedule.disabled_at,
        "name": schedule.name,
        "timezone": schedule.timezone,
        "identifier": schedule.identifier,
        "dashboardName": document.name if document is not None else None,
        "ownerName": owner.display_name if owner is not None else None,
        "lastCompletedAt": schedule.last_completed_at,
        "lastStatus": schedule.last_status,
        "destinationType": schedule.destination_type,
        "format": schedule.format if call.hard("OA-P22") or call.newer else schedule.format.upper(),
        "recipientCount": len(schedule.recipients) if is_mail else -1,
        "content": _content(schedule),
        "slackRecipientType": schedule.settings.get("slackRecipientType"),
        "systemDisabledAt": schedule.system_disabled_at,
        "systemDisabledReason": schedule.system_disabled_reason,
        "alert": _alert(call, schedule),
    }
    if call.newer:
        shown["ownerId"] = schedule.owner_id
        if not _is_alert(schedule):
            del shown["alert"]
    return shown


def _alert(call: Call, schedule: Schedule) -> Json:
    condition = schedule.settings.get("conditionType")
    if condition is None or not (call.hard("OA-P22") or call.newer):
        return condition
    return {"conditionType": condition, "conditionQueryName": schedule.settings["conditionQueryMapKey"]}


def shown_cron(call: Call, text: str) -> str:
    """The cron text as it is read (OA-P24)."""
    return re.sub(r"\b0+(?=[0-9])", "", text).upper() if call.hard("OA-P24") else text


KIND: Kind[OmniRoute] = Kind(
    routes=(OmniRoute(method="GET", path="/v1/schedules", answer=list_page, query=QUERY),),
    questions=(
        Knob("OA-P22", "format and alert in the list", "`PDF`; text", "`pdf`; an object"),
        Knob("OA-P24", "cron text as read", "as sent", "without leading zeros, upper-case"),
        Knob("OA-P29", "nextCursor of a schedule page that has a next", "its number, as text", "null"),
    ),
)
