"""The examples and texts of the Studio Tracker reference."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from reconciler.twins import Clock, TrackerTwin
from tests.unit.twins.served import contract, served

EXAMPLE = re.compile(
    r"```http\n(?P<line>[A-Z]+ \S+)\n(?P<body>.*?)\n?\n(?P<status>\d{3})\n(?P<answer>.*?)\n```", re.DOTALL
)
TEXTS = (
    '{"error":"Unauthorized"}',
    '{"error":"Forbidden"}',
    '{"error":"Not found"}',
    '{"error":"Internal server error"}',
    '{"error":"Missing permission: PROJECT_CREATE"}',
    '{"error":"omgJobNumber: already exists"}',
    '{"error":"Client team has projects"}',
    '{"error":"slug: already exists"}',
    '{"error":"Already a member"}',
    '{"error":"userId: Required"}',
    "<field>: Required",
    "<field>: Invalid input",
    "Invalid JSON",
    "role: Invalid input",
    "No file uploaded",
    "Invalid XLSX file",
    'Sheet \\"Job Tracker\\" not found',
    "Header row not found",
    "omgNumber: Invalid input",
    "projectName: Invalid input",
    "status: Invalid input",
    "priority: Invalid input",
    "briefAcceptanceDate: Invalid input",
    "externalDeadline: Invalid input",
    "outputs: Invalid input",
    "creativeTeamMember: not persisted",
    '{"error":"Invalid signature"}',
    '{"error":"Invalid payload"}',
)


def examples() -> list[tuple[str, str, int, Any, str]]:
    text = contract("studio-tracker.md")
    found = []
    for match in EXAMPLE.finditer(text.split("### 5.3")[1]):
        method, _, path = match["line"].partition(" ")
        sent = json.loads(match["body"]) if match["body"] else None
        found.append((method, path, int(match["status"]), sent, match["answer"]))
    return found


@pytest.mark.contract
def test_the_examples_of_what_is_served() -> None:
    tried = 0
    with served(TrackerTwin(clock=Clock("2026-04-20T09:59:59Z"))) as tracker:
        tracker.twin.add_user("jane@example.com", "Jane")
        tracker.twin.edit("POST", "/api/client-teams", {"name": "Brand"})
        for method, path, status, body, answer in examples():
            at = json.loads(answer).get("timestamp") or ("2026-04-20T09:59:59Z" if method == "POST" else None)
            if at is not None:
                tracker.twin.clock.set(at)
            headers = {"Host": "127.0.0.1:8080"}
            reply = tracker.client.request(method, tracker.url + path, json=body, headers=headers)
            assert (reply.status_code, reply.text) == (status, answer)
            tried += 1

    assert tried == 6


@pytest.mark.contract
@pytest.mark.parametrize("text", TEXTS)
def test_the_texts_stand_in_the_reference(text: str) -> None:
    assert text in contract("studio-tracker.md")
