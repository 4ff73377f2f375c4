"""Questions and downloads, as far as a client must not stumble over them: shapes, with nothing behind them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.state import Record
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import given_flag, is_uuid
from reconciler.twins.omni_analytics.dashboard_filters import asked_dashboard
from reconciler.twins.omni_analytics.ids import JOB, next_uuid
from reconciler.twins.omni_analytics.rights import check_may

FORMATS: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
OPTIONS = (
    "filename",
    "queryIdentifierMapKey",
    "filterConfig",
    "paperFormat",
    "paperOrientation",
    "hideTitle",
    "showFilters",
    "expandTablesToShowAllRows",
    "singleColumnLayout",
    "enableFormatting",
    "hideHiddenFields",
    "overrideRowLimit",
    "maxRowLimit",
)
ASKED_OF_AI = (
    "modelId",
    "prompt",
    "currentTopicName",
    "workbookUrl",
    "branchId",
    "contextQuery",
    "structured",
)
DOWNLOAD = "/v1/dashboards/{dashboardId}/download"
MAY_NOT = "Insufficient permissions to download the specified dashboard"
RUNNING = (
    "A download is already in progress for this dashboard. Please wait for it to complete or check its status."
)
BYTES = b"rows"


@dataclass(frozen=True, slots=True)
class Download(Record):
    """A file that somebody asked a dashboard for; ready after so many looks at it."""

    collection: ClassVar[str] = "downloads"
    id: str
    identifier: str
    user_id: str
    format: str
    created_at: str
    polls_left: int = 1


def begin_download(call: Call) -> Answer:
    """One at a time for each dashboard and user."""
    wanted = call.body.get("format")
    if wanted is None:
        raise call.bad("format: Required")
    if not isinstance(wanted, str) or wanted not in FORMATS:
        raise call.bad("format: Invalid value")
    document = asked_dashboard(call)
    check_may(call, document, "VIEWER", MAY_NOT)
    user_id = call.caller.user_id
    for one in call.table(Download).values():
        if (one.identifier, one.user_id) == (document.identifier, user_id) and one.polls_left:
            running: Json = {"detail": RUNNING, "existing_job_id": one.id, "status": "EXECUTING"}
            return Answer(409, running)
    moment = call.moment()
    job = Download(next_uuid(call.twin.counters, JOB), document.identifier, user_id, wanted, moment)
    call.table(Download)[job.id] = job
    return Answer(200, {"job_id": job.id, "message": "Download initiated successfully"})


def download_status(call: Call) -> Answer:
    job = _asked_job(call)
    status = "in_progress" if job.polls_left else "complete"
    call.table(Download)[job.id] = replace(job, polls_left=max(0, job.polls_left - 1))
    return Answer(200, {"job_id": job.id, "status": status, "format": job.format, "created_at": job.created_at})


def download_file(call: Call) -> Answer:
    job = _asked_job(call)
    if job.polls_left:
        raise Refused(202, "Job still in progress")
    return Answer(200, None, {"content-type": FORMATS[job.format]}, BYTES)


def _asked_job(call: Call) -> Download:
    document = asked_dashboard(call)
    check_may(call, document, "VIEWER", MAY_NOT)
    job = call.table(Download).get(call.ids["jobId"].lower())
    if job is None or job.identifier != document.identifier:
        raise Refused(404, "Job not found")
    return job


def generate(call: Call) -> Answer:
    for name in ("modelId", "prompt"):
        if not isinstance(call.body.get(name), str):
            raise call.bad(f"{name}: Required")
    job: Json = {
        "model_id": call.body["modelId"],
        "table": call.body.get("currentTopicName", "orders"),
        "fields": [],
        "calculations": [],
        "filters": {},
        "sorts": [],
        "limit": 10,
        "pivots": [],
        "version": 5,
    }
    return Answer(200, {"query": {"model_job": job}})


def run(call: Call) -> Answer:
    query = call.body.get("query")
    if not isinstance(query, Mapping):
        raise call.bad("query: Required")
    for name in ("modelId", "table", "fields"):
        if name not in query:
            raise call.bad(f"query.{name}: Required")
    _check_together(call, query)
    job_id = next_uuid(call.twin.counters, JOB)
    done = "PLANNED" if call.body.get("planOnly") is True else "COMPLETE"
    said: dict[str, Json] = {"jobs_submitted": {job_id: job_id}, "query": query, "timed_out": "false"}
    return Answer(200, {**said, **_result(job_id, done)})


def _check_together(call: Call, query: JsonObject) -> None:
    if "formatResults" in call.body and "resultType" not in call.body:
        raise call.bad("formatResults cannot be provided without resultType")
    if given_flag(call, "planOnly") and "resultType" in call.body:
        raise call.bad("planOnly and resultType cannot both be provided")
    limit = query.get("limit")
    if isinstance(limit, int) and limit < 0:
        raise call.bad("query.limit: Too small: expected number to be >0")


def wait(call: Call) -> Answer:
    """Every job is done at once."""
    try:
        asked = json.loads(call.query.get("job_ids", ""))
    except ValueError:
        asked = None
    if not isinstance(asked, list) or not asked or not all(map(is_uuid, asked)):
        raise call.bad("job_ids: Invalid value")
    return Answer(200, {**_result(str(asked[0]), "COMPLETE"), "timed_out": False})


def _result(job_id: str, status: str) -> dict[str, Json]:
    return {
        "job_id": job_id,
        "status": status,
        "client_result_id": job_id,
        "summary": {},
        "cache_metadata": {},
        "result": "",
        "stream_stats": {"server_stream": 0},
        "remaining_job_ids": [],
    }


_job = partial(OmniRoute, method="GET", uuids=("jobId",))
KIND: Kind[OmniRoute] = Kind(
    records=(Download,),
    routes=(
        OmniRoute(method="POST", path=DOWNLOAD, answer=begin_download, fields=("format", *OPTIONS)),
        _job(path=f"{DOWNLOAD}/{{jobId}}/status", answer=download_status),
        _job(path=f"{DOWNLOAD}/{{jobId}}", answer=download_file),
        OmniRoute(
            method="POST",
            path="/v1/ai/generate-query",
            answer=generate,
            safe=True,
            fields=ASKED_OF_AI,
        ),
        OmniRoute(
            method="POST",
            path="/v1/query/run",
            answer=run,
            safe=True,
            fields=("query", "userId", "cache", "resultType", "planOnly", "formatResults"),
        ),
        OmniRoute(method="GET", path="/v1/query/wait", answer=wait, query=("job_ids",)),
    ),
)
