"""Refreshes, jobs, cache resets, validations, topics and triggers of the Omni Analytics twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omni_analytics.warehouse import (
    BASE,
    NOBODY,
    NOTHING,
    OK,
    ORDERS,
    PAT,
    PAT_USER,
    SCHEMA,
    refused,
    warehouse,
)
from tests.unit.twins.served import Omni

JOB = "00000008-0000-4000-8000-000000000001"
ONE = f"/v1/models/{ORDERS}"
MISSING = (404, f"Model with id {NOTHING} does not exist")
ISSUE: dict[str, Any] = {"message": "No view", "is_warning": False, "yaml_path": "a.topic"}


def test_a_refresh_runs_for_two_looks(omni: Omni, hard_omni: Omni) -> None:
    running = {"modelId": SCHEMA, "status": "running"}
    for world, told in ((omni, {}), (hard_omni, {"jobId": JOB})):
        assert warehouse(world).ask("POST", f"/v1/models/{SCHEMA}/refresh") == (200, {**running, **told})
        seen = [world.ask("GET", f"/v1/jobs/{JOB}/status")[1] for _ in range(4)]
        assert [one["status"] for one in seen] == ["RUNNING", "RUNNING", "COMPLETED", "COMPLETED"]
        assert seen[0] == {"job_type": "refresh_schema", "job_id": JOB, "status": "RUNNING"}


def test_jobs_that_are_not_told_of(omni: Omni) -> None:
    failed = omni.twin.add_job(polls_left=0, fails=True)
    query = omni.twin.add_job("query")

    assert omni.ask("GET", f"/v1/jobs/{failed}/status")[1]["status"] == "FAILED"
    text = "Job type not supported for status checks"
    assert refused(omni, "GET", f"/v1/jobs/{query}/status") == (403, text)
    assert refused(omni, "GET", f"/v1/jobs/{NOTHING}/status") == (404, "Job not found")
    assert refused(omni, "GET", "/v1/jobs/x/status") == (400, "Bad Request: jobId: Invalid uuid")


def test_refreshes_that_are_refused(omni: Omni) -> None:
    warehouse(omni)
    assert refused(omni, "POST", "/v1/models/x/refresh") == (400, "Bad Request: modelId: Invalid uuid")
    assert refused(omni, "POST", f"/v1/models/{NOTHING}/refresh") == MISSING
    assert refused(omni, "POST", f"{ONE}/refresh", **PAT) == (403, "Forbidden")


def test_a_cache_reset(each_omni: Omni) -> None:
    warehouse(each_omni)
    status, answer = each_omni.ask("POST", f"{ONE}/cache_reset/no%2Fsuch", {"resetAt": "2025-12-31T23:00:00Z"})

    assert (status, answer["success"]) == (200, True)
    assert answer["cache_reset"] == {
        "id": "0000000a-0000-4000-8000-000000000001",
        "model_id": ORDERS,
        "policy_name": "no/such",
        "created_at": "2026-01-01T00:00:01.000Z",
        "updated_at": "2026-01-01T00:00:01.000Z",
        "reset_at": "2025-12-31T23:00:00.000Z",
    }
    plain = each_omni.ask("POST", f"{ONE}/cache_reset/p")[1]["cache_reset"]
    assert plain["reset_at"] == plain["created_at"]


def test_cache_resets_that_are_refused(omni: Omni) -> None:
    warehouse(omni)
    later = {"resetAt": "2026-01-01T00:00:01Z"}
    assert refused(omni, "POST", f"{ONE}/cache_reset/p", later) == (400, "resetAt cannot be future dated")
    assert refused(omni, "POST", f"{ONE}/cache_reset/p", {"resetAt": "x"}) == (400, "resetAt: Invalid value")
    assert refused(omni, "POST", f"/v1/models/{NOTHING}/cache_reset/p") == MISSING
    assert refused(omni, "POST", "/v1/models/x/cache_reset/p") == (400, "Model with id x does not exist")


def test_a_validation(omni: Omni) -> None:
    branch = warehouse(omni).twin.add_model(BASE, "BRANCH", "b", base_id=ORDERS, issues=[ISSUE])
    assert omni.ask("GET", f"{ONE}/validate") == (200, [])
    assert omni.ask("GET", f"{ONE}/validate?branchId={branch}") == (200, [ISSUE])
    text = f"Branch model with id {NOTHING} does not exist"
    assert refused(omni, "GET", f"{ONE}/validate?branchId={NOTHING}") == (404, text)
    assert refused(omni, "GET", f"/v1/models/{NOTHING}/validate") == MISSING
    assert refused(omni, "GET", "/v1/models/x/validate") == (400, "modelId: Invalid uuid")
    schema = f"/v1/models/{SCHEMA}/validate?branchId={branch}"
    assert refused(omni, "GET", schema) == (400, "Schema models do not have branches")

    omni.twin.knobs.set("newer-answers", "adversarial")
    assert omni.ask("GET", f"{ONE}/validate")[1] == {"valid": True, "issues": []}
    issues = [{"severity": "error", "message": "No view"}]
    assert omni.ask("GET", f"{ONE}/validate?branchId={branch}")[1] == {"valid": False, "issues": issues}


def test_a_validation_takes_no_other_parameter(each_omni: Omni) -> None:
    warehouse(each_omni)
    text = "Unrecognized key(s) in object: 'limit'"
    assert refused(each_omni, "GET", f"{ONE}/validate?limit=1") == (400, text)


def test_content_is_never_at_fault(omni: Omni) -> None:
    branch = warehouse(omni).twin.add_model(BASE, "BRANCH", "b", base_id=ORDERS)
    content = f"{ONE}/content-validator"
    found: dict[str, Any] = {"model_id": ORDERS, "branch": None, "content": []}
    assert omni.ask("GET", content) == (200, found)
    shown = omni.ask("GET", f"{content}?branch_id={branch}")[1]
    assert shown["branch"] == {"id": branch, "name": "b"}
    body = {"find": "a.b", "replacement": "a.c", "find_or_replace_type": "FIELD"}
    status, counts = omni.ask("POST", content, body)
    assert (status, set(counts.values()), len(counts)) == (200, {0}, 5)


def test_content_calls_that_are_refused(omni: Omni) -> None:
    warehouse(omni)
    content, body = f"{ONE}/content-validator", {"find": "a", "replacement": "b", "find_or_replace_type": "FIELD"}
    assert refused(omni, "POST", content, body) == (400, "Find field must be scoped by view name.")
    other = "/v1/models/x/content-validator"
    assert refused(omni, "GET", other) == (400, "Bad Request: modelId: Invalid UUID")
    text = f"Shared model with id {SCHEMA} does not exist"
    assert refused(omni, "GET", f"/v1/models/{SCHEMA}/content-validator") == (404, text)
    text = "User-scoped API keys cannot act on behalf of other users"
    assert refused(omni, "GET", f"{content}?userId={NOBODY}", **PAT) == (403, text)
    assert omni.ask("GET", f"{content}?userId={PAT_USER}", **PAT)[0] == 200


def test_a_topic_is_a_file(omni: Omni) -> None:
    warehouse(omni).twin.add_file(ORDERS, "sales.topic", "label: Sales")
    status, answer = omni.ask("GET", f"{ONE}/topic/sales")
    assert (status, answer["success"], answer["topic"]["name"]) == (200, True, "sales")
    text = 'No such topic "none" or access not permitted'
    assert refused(omni, "GET", f"{ONE}/topic/none") == (404, text)
    assert refused(omni, "GET", "/v1/models/x/topic/sales") == (400, "Model with id x does not exist")


@pytest.mark.parametrize(("number", "again"), [(50, 200), (51, 409)])
def test_a_trigger(omni: Omni, number: int, again: int) -> None:
    """Mail sent singly to more than fifty takes its time."""
    omni.twin.add_document("Sales")
    mail = {"identifier": "d0c00001", "name": "W", "schedule": "0 9 ? * MON *", "timezone": "UTC", "format": "pdf"}
    people = [f"p{n}@example.com" for n in range(number)]
    body = {**mail, "destinationType": "email", "subject": "W", "recipients": people, "fanOut": True}
    schedule = omni.ask("POST", "/v1/schedules", body)[1]["id"]
    path = f"/v1/schedules/{schedule}/trigger"

    assert omni.ask("POST", path) == OK
    assert omni.ask("POST", path)[0] == again
    if again == 409:
        text = "Cannot trigger schedule while another execution is in progress"
        assert refused(omni, "POST", path) == (409, text)
        omni.twin.finish_run(schedule)
        assert omni.ask("POST", path) == OK
    assert refused(omni, "POST", "/v1/schedules/x/trigger")[1] == "Bad Request: scheduleId: Invalid uuid"
    assert omni.ask("GET", "/v1/schedules")[1]["records"][0]["lastStatus"] == "success"
