"""The job feed: a signed webhook through which another system writes jobs (ST-R52)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from reconciler.twins.core.clock import instant, parse_instant
from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject, NotJson, Refused
from reconciler.twins.studio_tracker.call import Call, TrackerRoute
from reconciler.twins.studio_tracker.rows import MOST_OUTPUTS, PRIORITIES, STATUSES, mapped_word
from reconciler.twins.studio_tracker.things import Org
from reconciler.twins.studio_tracker.upsert import Job, team_by_name, upsert

PATH = "/api/webhooks/omg"
SIGNATURE = "X-OMG-Signature"
EVENTS = ("job.created", "job.updated", "job.assigned", "job.status_changed", "job.completed")


def sign(secret: str, body: bytes) -> str:
    """The value of the signature's header for these very bytes."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def receive(call: Call) -> Answer:
    if not call.feed.allow_unsigned and not _is_signed(call):
        raise Refused(401, "Invalid signature")
    payload = _payload(call)
    job = _object(payload, "job")
    org_id = next(iter(call.table(Org)), None)
    if org_id is None:
        raise Refused(500, "")
    moment = call.moment()
    team = _text(job, "team")
    read = Job(
        number=_text(job, "number"),
        values=_values(job),
        team_id=team_by_name(call, org_id, team) if team else None,
        outputs=_outputs(job),
        raw=_object(payload, "raw"),
    )
    return Answer(200, {"ok": True, "projectId": upsert(call, org_id, read, moment).project_id})


def _is_signed(call: Call) -> bool:
    given = call.request.headers.get(SIGNATURE.lower(), "")
    wanted = sign(call.feed.secret, call.request.body)
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _payload(call: Call) -> JsonObject:
    """The body, with a known event and a numbered job. Raises Refused."""
    try:
        payload = call.request.json()
    except NotJson:
        payload = None
    if not isinstance(payload, Mapping) or payload.get("event") not in EVENTS:
        raise Refused(400, "Invalid payload")
    if not _text(_object(payload, "job"), "number"):
        raise Refused(400, "Invalid payload")
    return payload


def _values(job: JsonObject) -> dict[str, str]:
    """The fields of a project that the job sets, by the record's names. What makes no sense sets nothing."""
    dates = _object(job, "dates")
    values = {
        "name": _text(job, "name"),
        "business_unit": _text(job, "category"),
        "status": mapped_word(job.get("status"), STATUSES),
        "priority": mapped_word(job.get("priority"), PRIORITIES),
        "start_date": _instant(dates, "accepted"),
        "due_date": _instant(dates, "externalDeadline"),
    }
    return {name: value for name, value in values.items() if value}


def _object(value: JsonObject, name: str) -> JsonObject:
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def _text(value: JsonObject, name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _instant(value: JsonObject, name: str) -> str:
    try:
        return instant(parse_instant(_text(value, name)))
    except (ValueError, OverflowError):
        return ""


def _outputs(job: JsonObject) -> int:
    count: Json = job.get("outputs")
    if isinstance(count, int) and not isinstance(count, bool) and 0 <= count <= MOST_OUTPUTS:
        return count
    return 0


KIND: Kind[TrackerRoute] = Kind(routes=(TrackerRoute(method="POST", path=PATH, answer=receive),))
