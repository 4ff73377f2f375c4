"""Briefs: found by nothing but their id, changed in one of two ways at a time (OP-R10 to OP-R22)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused, encode
from reconciler.twins.omg_platform.call import Call, OmgRoute, success
from reconciler.twins.omg_platform.checks import Check, check_fields, day, text
from reconciler.twins.omg_platform.showing import shown, shown_id, written
from reconciler.twins.omg_platform.things import Brief

ALL = "/briefs"
ONE = "/briefs/{id}"
MISSING = "Brief {id} not found"
FIELDS: Mapping[str, Check] = {
    "brief_title": text,
    "slipstream": text,
    "brief_summary": text,
    "brief_deadline": day,
    "external_reference": text,
    "business_area": text,
}
REQUIRED = ("brief_title",)
REQUIRED_HARD = ("brief_title", "brief_summary", "brief_deadline", "business_area")
MIDNIGHT = "T00:00:00.000Z"
CHANGE_REQUEST = "change_request"


def create(call: Call) -> Answer:
    body = call.body()
    check_fields(body, FIELDS, REQUIRED_HARD if call.hard("OP-P3") else REQUIRED)
    now = call.moment()
    number = call.twin.counters.next(call.place("brief"))
    brief = Brief(call.tenant, number, now, _texts(body))
    _keep(call, brief)
    return success("Brief created", written(call, _shown(call, brief)), 201)


def read(call: Call) -> Answer:
    return success("Brief retrieved", _shown(call, call.asked(Brief)))


def update(call: Call) -> Answer:
    """With the key `status` a transition, and nothing else is looked at; without it a change of fields."""
    brief, body = call.asked(Brief), call.body()
    return _transition(call, brief, body["status"]) if "status" in body else _change(call, brief, body)


def delete(call: Call) -> Answer:
    brief = call.asked(Brief)
    call.moment()
    del call.table(Brief)[call.place(brief.id)]
    return success("Brief deleted", None if call.hard("OP-P9") else {"id": shown_id(call, brief.id)})


def _transition(call: Call, brief: Brief, status: Json) -> Answer:
    if status != CHANGE_REQUEST:
        raise Refused(422, f"Unsupported status '{_word(status)}'")
    if brief.status == CHANGE_REQUEST and not call.hard("OP-P5"):
        raise Refused(422, f"Brief {brief.id} cannot transition from '{brief.status}' to '{status}'")
    call.moment()
    changed = replace(brief, status=CHANGE_REQUEST, transitions=brief.transitions + 1)
    _keep(call, changed)
    return success("Status transition applied", None if call.hard("OP-P10") else _shown(call, changed))


def _change(call: Call, brief: Brief, body: JsonObject) -> Answer:
    if not body:
        raise Refused(400, "No fields to update")
    check_fields(body, FIELDS)
    if brief.status == CHANGE_REQUEST and call.hard("locked"):
        raise Refused(422, f"Brief {brief.id} is locked by its change request")
    call.moment()
    changed = replace(brief, fields={**brief.fields, **_texts(body)})
    _keep(call, changed)
    return success("Brief updated", written(call, _shown(call, changed)))


def _word(value: Json) -> str:
    return value if isinstance(value, str) else encode(value).decode()


def _texts(body: JsonObject) -> dict[str, str]:
    """The fields of a checked body."""
    return {name: value for name, value in body.items() if isinstance(value, str)}


def _keep(call: Call, brief: Brief) -> None:
    call.table(Brief)[call.place(brief.id)] = brief


def _shown(call: Call, brief: Brief) -> dict[str, Json]:
    fields: dict[str, Json] = {name: brief.fields.get(name) for name in FIELDS}
    if "brief_deadline" in brief.fields and call.hard("OP-P2"):
        fields["brief_deadline"] = brief.fields["brief_deadline"] + MIDNIGHT
    if not call.hard("status-hidden"):
        fields["status"] = brief.status
    return shown(call, ALL, brief.id, brief.created_at, fields)


KIND: Kind[OmgRoute] = Kind(
    routes=(
        OmgRoute(method="POST", path=ALL, answer=create),
        OmgRoute(method="GET", path=ONE, answer=read, missing=MISSING),
        OmgRoute(method="PATCH", path=ONE, answer=update, missing=MISSING),
        OmgRoute(method="DELETE", path=ONE, answer=delete, missing=MISSING),
    ),
    questions=(
        Knob("OP-P2", "a deadline as read", "the date", "the date with a time"),
        Knob("OP-P3", "required of a new brief", "the title", "the four fields of the example"),
        Knob("OP-P5", "the transition once more", "422", "200, and it fires again"),
        Knob("OP-P9", "data of DELETE", "{id}", "null"),
        Knob("OP-P10", "data of a transition", "the whole brief", "null"),
        Knob("status-hidden", "the status of a brief", "is shown", "is not shown", switch=True),
        Knob("locked", "fields of a brief in change_request", "may change", "422", switch=True),
    ),
)
