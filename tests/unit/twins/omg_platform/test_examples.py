"""The examples and texts of the OMG Platform reference."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from reconciler.twins import OmgTwin
from tests.unit.twins.omg_platform.omg import Omg
from tests.unit.twins.served import contract, served

EXAMPLE = re.compile(
    r"```http\n(?P<line>[A-Z]+ \S+)\n(?P<body>.*?)\n?\n(?P<status>\d{3})\n(?P<answer>.*?)\n```", re.DOTALL
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


def examples() -> list[tuple[str, str, int, Any, Any]]:
    found = []
    for match in EXAMPLE.finditer(contract("omg-platform.md").split("### 5.5")[1]):
        method, _, path = match["line"].partition(" ")
        sent = json.loads(match["body"]) if match["body"] else None
        found.append(
            (method, path.removeprefix("/acme/v2"), int(match["status"]), sent, json.loads(match["answer"]))
        )
    return found


def add_person(world: Omg, shown: Any) -> None:
    """Somebody whom the API shows like this, with ids that no other person, agency or role has."""
    twin = world.twin
    agencies = [twin.add_agency(shown["owning_agency_name"]) for _ in range(shown["owning_agency_id"])]
    roles = [twin.add_job_role(shown["job_role_name"]) for _ in range(shown["job_role"])]
    for number in range(1, shown["id"]):
        twin.add_user(f"user{number}@example.com", "User", str(number))
    name = (shown["first_name"], shown["last_name"])
    twin.add_user(shown["email_address"], *name, staffid="S1", agency_id=agencies[-1], job_role=roles[-1])


@pytest.mark.contract
def test_the_examples() -> None:
    tried = 0
    with served(OmgTwin()) as omg:
        (listed,) = [answer for _, path, _, _, answer in examples() if path.startswith("/users")]
        add_person(omg, listed["data"][0])
        for method, path, status, body, answer in examples():
            assert omg.ask(method, path, body) == (status, answer)
            tried += 1

    assert tried == 9


@pytest.mark.contract
@pytest.mark.parametrize("text", TEXTS)
def test_the_texts_stand_in_the_reference(text: str) -> None:
    assert text in contract("omg-platform.md")
