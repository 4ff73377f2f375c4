"""The examples and texts of the OMG Platform reference."""

from __future__ import annotations

import re

import pytest

from reconciler.twins import OmgTwin
from tests.unit.twins.omg_platform.omg import Omg
from tests.unit.twins.served import contract, served

EXAMPLE = re.compile(
    r"```http\n(?P<line>[A-Z]+ \S+)\n(?P<body>.*?)\n?\n(?P<status>\d{3})\n(?P<answer>.*?)\n```", re.DOTALL
)
SENT = (
    '{"brief_title":"Q3 Campaign Brief","brief_summary":"Overview of Q3 requirements",'
    '"brief_deadline":"2026-06-30","business_area":"UK/Marketing/Digital"}'
)
BRIEF = (
    '{"id":1,"brief_title":"Q3 Campaign Brief","slipstream":null,'
    '"brief_summary":"Overview of Q3 requirements","brief_deadline":"2026-06-30","external_reference":null,'
    '"business_area":"UK/Marketing/Digital","status":"draft"}'
)
SHORTER = BRIEF.replace("Overview of Q3 requirements", "Shorter")
TASK = (
    '"name":"Kick-off","start_date":"2026-05-01T09:00:00Z","end_date":"2026-05-01T10:00:00Z",'
    '"parent_planning_id":4411}'
)
JANE = (
    '{"id":3,"first_name":"Jane","last_name":"Doe","email_address":"jane.doe@example.com",'
    '"owning_agency_id":12,"owning_agency_name":"Oliver UK","job_role":7,"job_role_name":"Producer"}'
)


def success(data: str, message: str) -> str:
    return f'{{"data":{data},"message":"{message}"}}'


def refusal(title: str, status: int, detail: str) -> str:
    return f'{{"type":"about:blank","title":"{title}","status":{status},"detail":"{detail}"}}'


# Method, path, body, status, answer. Sent one after the other, as the reference has them.
DOCUMENTED = (
    ("POST", "/briefs", SENT, 201, success(BRIEF, "Brief created")),
    ("PATCH", "/briefs/1", '{"brief_summary":"Shorter"}', 200, success(SHORTER, "Brief updated")),
    (
        "PATCH",
        "/briefs/1",
        '{"status":"change_request","brief_summary":"this is dropped"}',
        200,
        success(SHORTER.replace("draft", "change_request"), "Status transition applied"),
    ),
    ("GET", "/briefs/2", "", 404, refusal("Not Found", 404, "Brief 2 not found")),
    ("DELETE", "/briefs/1", "", 200, success('{"id":1}', "Brief deleted")),
    ("POST", "/tasks", "{" + TASK, 201, success('{"id":1,' + TASK, "Task created")),
    ("GET", "/users?search=jane", "", 200, success(f"[{JANE}]", "Users retrieved")),
    (
        "PUT",
        "/user/3",
        '{"owning_agency_id":999}',
        422,
        refusal("Unprocessable Entity", 422, "owning_agency_id 999 does not exist"),
    ),
    (
        "GET",
        "/user?email=jane.doe@example.com&staffid=S1",
        "",
        400,
        refusal("Bad Request", 400, "Exactly one of email or staffid is required"),
    ),
)
TEXTS = (
    '"title":"Forbidden","status":403,"detail":"Missing or invalid X-Api-Key"',
    '"title":"Not Found","status":404,"detail":"Brief 42 not found"',
    "User 42 not found",
    "User not found",
    "Route not found",
    "Request body must be a JSON object",
    "Field 'brief_title' is required",
    "Field 'brief_deadline' must be a date (YYYY-MM-DD)",
    "must be a string",
    "must be an ISO 8601 date-time",
    "must be an integer",
    "Unknown field 'foo'",
    "No fields to update",
    "Exactly one of email or staffid is required",
    "Avatar must be a JPEG image",
    "Brief 1 cannot transition from 'change_request' to 'change_request'",
    "Unsupported status 'approved'",
    "owning_agency_id 999 does not exist",
    "job_role 999 does not exist",
    "email_address already in use",
    "end_date is before start_date",
    '"title":"Internal Server Error","status":500,"detail":"Unexpected server error"',
    "Brief created|retrieved|updated|deleted",
    "Status transition applied",
    "Task created",
    "User retrieved|updated",
    "Users retrieved",
    "Avatar uploaded",
)


def add_jane(world: Omg) -> None:
    """Somebody with the ids of the examples, which no other person, agency or role has."""
    twin = world.twin
    agencies = [twin.add_agency("Oliver UK") for _ in range(12)]
    roles = [twin.add_job_role("Producer") for _ in range(7)]
    for number in (1, 2):
        twin.add_user(f"user{number}@example.com", "User", str(number))
    twin.add_user("jane.doe@example.com", "Jane", "Doe", staffid="S1", agency_id=agencies[-1], job_role=roles[-1])


def test_the_documented_answers_byte_for_byte() -> None:
    with served(OmgTwin()) as omg:
        add_jane(omg)
        for method, path, body, status, answer in DOCUMENTED:
            reply = omg.client.request(method, omg.url + path, content=body)
            assert (reply.status_code, reply.text) == (status, answer)


@pytest.mark.contract
def test_these_are_the_examples_of_the_reference() -> None:
    found = []
    for match in EXAMPLE.finditer(contract("omg-platform.md").split("### 5.5")[1]):
        method, _, path = match["line"].partition(" ")
        said = (path.removeprefix("/acme/v2"), match["body"], int(match["status"]), match["answer"])
        found.append(
            (
                method,
                *(part.replace("agency.com", "example.com") if isinstance(part, str) else part for part in said),
            )
        )

    assert tuple(found) == DOCUMENTED


@pytest.mark.contract
@pytest.mark.parametrize("text", TEXTS)
def test_the_texts_stand_in_the_reference(text: str) -> None:
    assert text in contract("omg-platform.md")
