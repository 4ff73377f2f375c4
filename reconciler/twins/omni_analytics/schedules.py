"""Schedules: deliveries and alerts of a document, made, changed, paused and handed over (OA-R66 to OA-R85)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import asked_schedule, is_uuid
from reconciler.twins.omni_analytics.ids import SCHEDULE, next_uuid
from reconciler.twins.omni_analytics.recipients import person
from reconciler.twins.omni_analytics.rights import may
from reconciler.twins.omni_analytics.schedule_fields import (
    DEMANDED_BY_PUT,
    DESTINATIONS,
    EXTRAS,
    FIELDS,
    NO_DISCRIMINATOR,
    OPTIONS,
    check_together,
    check_types,
    is_empty,
    required_fields,
)
from reconciler.twins.omni_analytics.things import Document, Schedule, User

ALL = "/v1/schedules"
ONE = "/v1/schedules/{scheduleId}"

_route = partial(OmniRoute, uuids=("scheduleId",))


def create(call: Call) -> Answer:
    body = call.body
    missing = [name for name in required_fields(body.get("destinationType")) if is_empty(body.get(name))]
    if missing:
        raise Refused(400, ", ".join(f"{name}: {name} is required" for name in missing))
    check_types(body)
    settings = _settings(body, str(body["destinationType"]))
    check_together(str(body["format"]), {}, settings)
    if body.get("testNow") is True and settings.get("conditionType") == "RESULTS_CHANGED":
        raise Refused(400, "Test delivery not supported for condition type RESULTS_CHANGED")
    document = call.table(Document).get(str(body["identifier"]))
    if document is None or document.deleted:
        raise Refused(404, f'Document with identifier "{body["identifier"]}" not found')
    _check_document(document, settings)
    moment = call.moment()
    if body.get("testNow") is True:
        return Answer(200, {"message": "Successfully started test delivery"})
    schedule = Schedule(
        id=next_uuid(call.twin.counters, SCHEDULE),
        identifier=document.identifier,
        name=str(body["name"]),
        schedule=str(body["schedule"]),
        timezone=str(body["timezone"]),
        format=str(body["format"]),
        destination_type=str(body["destinationType"]),
        owner_id=call.caller.user_id,
        settings=settings,
        password=_password(body),
        recipients=_people(call, body, moment),
    )
    call.table(Schedule)[schedule.id] = schedule
    call.made(Schedule, schedule.id)
    return Answer(200, {"id": schedule.id, "message": "Successfully created schedule"})


def update(call: Call) -> Answer:
    """OA-P20 says what becomes of what is left out, OA-P21 whether recipients are replaced or added."""
    body = call.body
    _check_demanded(call, body)
    check_types(body)
    stored = asked_schedule(call)
    if body.get("identifier", stored.identifier) != stored.identifier:
        raise Refused(400, "identifier: cannot be changed")
    if body.get("destinationType", stored.destination_type) != stored.destination_type:
        raise Refused(400, "destinationType: cannot be changed")
    given = _settings(body, stored.destination_type)
    kept = _kept(call, stored)
    format_name = str(body.get("format", stored.format))
    check_together(format_name, kept, given)
    document = call.table(Document).get(stored.identifier)
    if document is not None:
        _check_document(document, given)
    moment = call.moment()
    recipients = stored.recipients
    if stored.destination_type == "email" and "recipients" in body:
        before = stored.recipients if call.hard("OA-P21") else ()
        recipients = tuple(dict.fromkeys([*before, *_people(call, body, moment)]))
    call.table(Schedule)[stored.id] = replace(
        stored,
        name=str(body.get("name", stored.name)),
        schedule=str(body.get("schedule", stored.schedule)),
        timezone=str(body.get("timezone", stored.timezone)),
        format=format_name,
        settings={**kept, **given},
        password=_password(body) or stored.password,
        recipients=recipients,
    )
    return Answer(200, {"success": True, "scheduledTaskId": stored.id})


def delete(call: Call) -> Answer:
    schedule = asked_schedule(call)
    call.moment()
    del call.table(Schedule)[schedule.id]
    return Answer(200, {"success": True})


def pause(call: Call) -> Answer:
    schedule = _asked_enabled(call)
    if schedule.disabled_at is not None:
        raise Refused(400, "Schedule is already paused")
    return _stored(call, replace(schedule, disabled_at=call.moment()))


def resume(call: Call) -> Answer:
    schedule = _asked_enabled(call)
    if schedule.disabled_at is None:
        raise Refused(400, "Schedule is already resumed")
    call.moment()
    return _stored(call, replace(schedule, disabled_at=None))


def transfer(call: Call) -> Answer:
    if "userId" not in call.body:
        raise Refused(400, "userId is a required field")
    user_id = call.body["userId"]
    if not isinstance(user_id, str) or not is_uuid(user_id):
        raise Refused(400, "userId: Invalid uuid")
    schedule = asked_schedule(call)
    user = call.table(User).get(user_id.lower())
    if user is None:
        raise Refused(404, "New owner is not a member of the organization")
    document = call.table(Document).get(schedule.identifier)
    if document is None or not _lets_in(call, document, user):
        raise Refused(403, "New owner does not have permission to view the dashboard")
    if schedule.owner_id == user.id:
        raise Refused(400, "User already owns the schedule")
    call.moment()
    return _stored(call, replace(schedule, owner_id=user.id))


def _stored(call: Call, schedule: Schedule) -> Answer:
    call.table(Schedule)[schedule.id] = schedule
    return Answer(200, {"success": True})


def _asked_enabled(call: Call) -> Schedule:
    schedule = asked_schedule(call)
    if schedule.system_disabled_at is not None:
        raise Refused(400, "Schedule is system disabled")
    return schedule


def _settings(body: JsonObject, destination: str) -> dict[str, Json]:
    """What a body says beyond the fields that have a place of their own, without other destinations' fields."""
    own = (*DESTINATIONS.get(destination, ()), *EXTRAS.get(destination, ()))
    names = [name for name in (*OPTIONS, *own) if name not in ("recipients", "passwordUnencrypted")]
    return {name: body[name] for name in names if name in body}


def _kept(call: Call, stored: Schedule) -> dict[str, Json]:
    """The stored settings that stay if a PUT does not name them."""
    if not call.hard("OA-P20"):
        return dict(stored.settings)
    required = DESTINATIONS.get(stored.destination_type, tuple(stored.settings))
    return {name: value for name, value in stored.settings.items() if name in required}


def _check_demanded(call: Call, body: JsonObject) -> None:
    """No required field of a PUT is emptied; under the stricter reading some must be there."""
    demanded: Iterable[str] = DEMANDED_BY_PUT if call.hard("OA-P20") else ()
    sent = [name for name in required_fields(body.get("destinationType")) if name in body]
    names = dict.fromkeys([*demanded, *sent])
    wrong = [name for name in names if is_empty(body.get(name))]
    if wrong:
        texts = {"destinationType": NO_DISCRIMINATOR}
        raise Refused(400, "Bad Request: " + ", ".join(texts.get(n, f"{n}: {n} is required") for n in wrong))


def _check_document(document: Document, settings: JsonObject) -> None:
    if document.workbook_only:
        raise Refused(400, "Analyses do not support dashboards.")
    if not document.has_dashboard:
        raise Refused(400, "Document does not have a dashboard")
    filters = settings.get("filterConfig")
    unknown = [key for key in filters if key not in document.filters] if isinstance(filters, dict) else []
    if unknown:
        said = f"Invalid filter keys found in schedule configuration: {', '.join(unknown)}."
        raise Refused(400, f"{said} Available dashboard filter keys are: {', '.join(document.filters)}.")
    for name in ("queryIdentifierMapKey", "conditionQueryMapKey"):
        if document.tiles is not None and settings.get(name, "") not in ("", *document.tiles):
            raise Refused(400, f"{name}: Invalid value")


def _people(call: Call, body: JsonObject, moment: str) -> tuple[str, ...]:
    """The ids of the recipients of a body, in their order, without repeats."""
    given = body.get("recipients")
    if body.get("destinationType", "email") != "email" or not isinstance(given, list):
        return ()
    return tuple(dict.fromkeys(person(call, str(address), moment) for address in given))


def _password(body: JsonObject) -> str | None:
    given = body.get("passwordUnencrypted")
    return given if isinstance(given, str) else None


def _lets_in(call: Call, document: Document, user: User) -> bool:
    """May this person see the dashboard?"""
    return may(call, user.id, document, "VIEWER")


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(method="POST", path=ALL, answer=create, fields=FIELDS),
        _route(method="PUT", path=ONE, answer=update, fields=FIELDS, prefix="Bad Request: ", body_optional=True),
        _route(method="DELETE", path=ONE, answer=delete),
        _route(method="PUT", path=f"{ONE}/pause", answer=pause),
        _route(method="PUT", path=f"{ONE}/resume", answer=resume),
        _route(method="PUT", path=f"{ONE}/transfer-ownership", answer=transfer, fields=("userId",)),
    ),
    questions=(
        Knob("OA-P20", "what a PUT of a schedule leaves out", "stays", "is demanded, or falls back"),
        Knob("OA-P21", "recipients in that PUT", "replace", "are added"),
    ),
)
