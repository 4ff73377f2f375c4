"""Who gets a schedule's mail: added and removed singly, by address or by id (OA-R69, OA-R77, OA-R78)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import asked_schedule, is_uuid
from reconciler.twins.omni_analytics.ids import USER, next_uuid
from reconciler.twins.omni_analytics.schedule_fields import is_address
from reconciler.twins.omni_analytics.things import Schedule, User

KINDS = ("standard", "embed", "email_only")
ONE = "/v1/schedules/{scheduleId}"
NOBODY = "At least one recipient must be provided"

_route = partial(OmniRoute, uuids=("scheduleId",))


def read(call: Call) -> Answer:
    """One shape per type of destination."""
    schedule = asked_schedule(call)
    settings = schedule.settings
    match schedule.destination_type:
        case "email":
            people = [call.table(User)[user_id] for user_id in schedule.recipients]
            groups: dict[str, Json] = {"userGroupRecipients": []} if call.newer else {}
            shown: Json = {"type": "email", "recipients": [_shown(call, user) for user in people], **groups}
        case "sftp":
            shown = {"type": "sftp", **{name: settings[name] for name in ("address", "port", "username")}}
        case "slack":
            shown = {"type": "slack", "recipients": settings["recipients"]}
        case other:
            shown = {"type": other, "url": settings["url"]}
    return Answer(200, shown)


def add(call: Call) -> Answer:
    emails, user_ids = _asked(call, prefix="")
    schedule = asked_schedule(call)
    _check_members(call, user_ids)
    if schedule.destination_type != "email":
        text = f"Cannot add recipients to destination type {schedule.destination_type}"
        raise Refused(400, text)
    there = set(schedule.recipients)
    new_ids = [user_id for user_id in user_ids if user_id not in there]
    new_emails = [email for email in emails if (user := person_at(call, email)) is None or user.id not in there]
    if call.hard("OA-P25") and not new_ids and not new_emails:
        raise Refused(400, NOBODY)
    moment = call.moment()
    after = (*schedule.recipients, *(person(call, email, moment) for email in new_emails), *new_ids)
    count = _keep(call, schedule, after)
    groups: dict[str, Json] = {"addedGroupRecipientsCount": 0} if call.newer else {}
    return Answer(200, {"addedRecipientsCount": count, **groups, "success": True})


def remove(call: Call) -> Answer:
    emails, user_ids = _asked(call, prefix="Bad Request: ")
    schedule = asked_schedule(call)
    _check_members(call, user_ids)
    if schedule.destination_type != "email":
        kind = schedule.destination_type
        raise Refused(400, f"Cannot change recipients on a scheduled task destination of type {kind}")
    found = {user.id for email in emails if (user := person_at(call, email)) is not None}
    after = [user_id for user_id in schedule.recipients if user_id not in {*found, *user_ids}]
    if call.hard("OA-P25") and len(after) == len(schedule.recipients):
        raise Refused(400, NOBODY)
    call.moment()
    count = _keep(call, schedule, after)
    groups: dict[str, Json] = {"removedGroupRecipientsCount": 0} if call.newer else {}
    return Answer(200, {"removedRecipientsCount": count, **groups, "success": True})


def person_at(call: Call, address: str) -> User | None:
    """Whoever an address belongs to, whatever its case: a standard user before an embed or an email-only one."""
    wanted = address.casefold()
    found = [user for user in call.table(User).values() if user.user_name.casefold() == wanted]
    return min(found, key=lambda user: KINDS.index(user.kind), default=None)


def person(call: Call, address: str, moment: str) -> str:
    """The id of whoever an address belongs to; a new email-only user if it is nobody's."""
    if (user := person_at(call, address)) is not None:
        return user.id
    user_id = next_uuid(call.twin.counters, USER)
    call.table(User)[user_id] = User(user_id, address, address, moment, moment, kind="email_only")
    return user_id


def _keep(call: Call, schedule: Schedule, after: Iterable[str]) -> int:
    """Store the recipients, without repeats; how many there are more or less."""
    kept = tuple(dict.fromkeys(after))
    call.table(Schedule)[schedule.id] = replace(schedule, recipients=kept)
    return abs(len(kept) - len(schedule.recipients))


def _asked(call: Call, *, prefix: str) -> tuple[Sequence[str], Sequence[str]]:
    """The addresses and the ids of the body. Raises Refused."""
    given = {name: call.body[name] for name in ("emails", "userIds") if name in call.body}
    if not given:
        raise Refused(400, NOBODY)
    lists: dict[str, list[str]] = {"emails": [], "userIds": []}
    for name, value in given.items():
        if not isinstance(value, list):
            raise Refused(400, "Please provide either valid email addresses, valid user IDs, or both")
        if not value:
            raise Refused(400, f"{name}: Array must contain at least 1 element(s)")
        lists[name] = [str(item) for item in value]
    if not all(map(is_address, lists["emails"])):
        raise Refused(400, f"{prefix}emails: Invalid email address")
    if not all(map(is_uuid, lists["userIds"])):
        raise Refused(400, f"{prefix}userIds: Invalid uuid")
    return lists["emails"], [user_id.lower() for user_id in lists["userIds"]]


def _check_members(call: Call, user_ids: Sequence[str]) -> None:
    unknown = [user_id for user_id in user_ids if user_id not in call.table(User)]
    if unknown:
        text = "The following members do not exist or do not have access to this organization"
        raise Refused(400, f"Invalid recipient(s): {text}: {', '.join(unknown)}")


def _shown(call: Call, user: User) -> Json:
    shown: dict[str, Json] = {
        "email": user.user_name.lower() if call.hard("OA-P31") else user.user_name,
        "emailOnly": user.kind == "email_only",
        "id": user.id,
        "name": user.display_name,
    }
    if call.newer:
        del shown["emailOnly"]
    return shown


KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", path=f"{ONE}/recipients", answer=read, prefix="Bad Request: "),
        _route(
            method="PUT",
            path=f"{ONE}/add-recipients",
            answer=add,
            fields=("emails", "userIds"),
            body_optional=True,
        ),
        _route(
            method="PUT",
            path=f"{ONE}/remove-recipients",
            answer=remove,
            fields=("emails", "userIds"),
            body_optional=True,
        ),
    ),
    questions=(
        Knob("OA-P25", "adding who is there, removing who is not", "200, count 0", "400 if nobody is left to"),
        Knob("OA-P31", "the address of a recipient as read", "as the user is stored", "lower-cased"),
    ),
)
