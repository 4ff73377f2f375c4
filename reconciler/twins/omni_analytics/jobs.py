"""What is set to work and goes on by itself: schema refreshes, the jobs that tell of them, cache resets."""

from __future__ import annotations

from dataclasses import replace

from reconciler.twins.core.clock import instant, parse_instant
from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import admins_alone, given_text
from reconciler.twins.omni_analytics.ids import CACHE_RESET, JOB, next_uuid
from reconciler.twins.omni_analytics.model_things import Job
from reconciler.twins.omni_analytics.models import asked_model, touched

REFRESH = "refresh_schema"


def refresh(call: Call) -> Answer:
    """Starts a job, whether or not its id is told."""
    model = asked_model(call)
    admins_alone(call, "Forbidden")
    moment = call.moment()
    job = Job(next_uuid(call.twin.counters, JOB), REFRESH)
    call.table(Job)[job.id] = job
    touched(call, model, moment)
    answer: dict[str, Json] = {"modelId": model.id, "status": "running"}
    if call.hard("OA-P39") or call.newer:
        answer["jobId"] = job.id
    return Answer(200, answer)


def status(call: Call) -> Answer:
    """A job runs on for two looks, whatever the time."""
    job = call.table(Job).get(call.ids["jobId"].lower())
    if job is None:
        raise Refused(404, "Job not found")
    if job.kind != REFRESH:
        raise Refused(403, "Job type not supported for status checks")
    word = "FAILED" if job.fails else "COMPLETED"
    if job.polls_left > 0:
        call.table(Job)[job.id] = replace(job, polls_left=job.polls_left - 1)
        word = "IN_PROGRESS" if call.newer else "RUNNING"
    return Answer(200, {"job_type": job.kind, "job_id": job.id, "status": word})


def reset_cache(call: Call) -> Answer:
    """Any policy's name will do."""
    at = given_text(call, "resetAt")
    try:
        reset_at = parse_instant(at) if at is not None else None
    except ValueError:
        raise call.bad("resetAt: Invalid value") from None
    model = asked_model(call)
    if reset_at is not None and reset_at > parse_instant(call.twin.clock.now()):
        raise Refused(400, "resetAt cannot be future dated")
    moment = call.moment()
    reset: dict[str, Json] = {
        "id": next_uuid(call.twin.counters, CACHE_RESET),
        "model_id": model.id,
        "policy_name": call.ids["cachePolicyName"],
        "created_at": moment,
        "updated_at": moment,
        "reset_at": instant(reset_at) if reset_at is not None else moment,
    }
    if call.newer:
        del reset["id"]
    return Answer(200, {"cache_reset": reset, "success": True})


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="POST",
            path="/v1/models/{modelId}/refresh",
            answer=refresh,
            uuids=("modelId",),
            prefix="Bad Request: ",
        ),
        OmniRoute(
            method="GET",
            path="/v1/jobs/{jobId}/status",
            answer=status,
            uuids=("jobId",),
            prefix="Bad Request: ",
        ),
        OmniRoute(
            method="POST",
            path="/v1/models/{modelId}/cache_reset/{cachePolicyName}",
            answer=reset_cache,
            uuids=("modelId",),
            bad_id="Model with id {} does not exist",
            fields=("resetAt",),
            body_optional=True,
        ),
    ),
    questions=(Knob("OA-P39", "the answer to a schema refresh", "without a job's id", "with one"),),
)
