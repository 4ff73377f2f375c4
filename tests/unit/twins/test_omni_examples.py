"""The examples of the Omni Analytics reference, one after another, on the world it begins with."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.served import contract, served

EXAMPLE = re.compile(r"```http\n(?P<request>.*?)\n\n(?P<status>\d{3})\n(?P<answer>.*?)\n```", re.DOTALL)
LINE = re.compile(r"(?P<method>[A-Z]+) /api(?P<path>\S+)( +\(Authorization: Bearer (?P<token>\w+)\))?")
SERVED = ("/v1/labels", "/v1/folders", "/v1/schedules", "/scim/v2/")
# The examples that are not served move the clock on before these.
AT = {"/v1/labels": "2026-01-01T00:00:09.000Z", "/v1/schedules": "2026-01-01T00:00:18.000Z"}


def examples() -> list[tuple[str, str, str, int, Any, Any]]:
    section = contract("omni-analytics.md").split("### 4.6")[1].split("### 4.7")[0]
    found = []
    for match in EXAMPLE.finditer(section):
        first, _, body = match["request"].partition("\n")
        line = LINE.fullmatch(first)
        assert line is not None, first
        token = line["token"] or "omni_osk_test"
        sent = json.loads(body) if body else None
        found.append(
            (line["method"], line["path"], token, int(match["status"]), sent, json.loads(match["answer"]))
        )
    return found


@pytest.mark.contract
def test_the_examples_of_what_is_served() -> None:
    """Calls that are not served yet are skipped; where one made something that matters later, set-up stands in."""
    tried = 0
    with served(OmniTwin()) as omni:
        for method, path, token, status, body, answer in examples():
            below = path.partition("?")[0]
            if path == "/v1/documents/d0c00001/move":
                folder_id = "00000002-0000-4000-8000-000000000001"
                omni.twin.add_document("Sales", folder_id=folder_id, labels=["Production"])
            if not below.startswith(SERVED):
                continue
            if method == "POST" and below in AT and omni.twin.clock.now() < AT[below]:
                omni.twin.clock.set(AT[below])
            assert omni.ask(method, path, body, Authorization=f"Bearer {token}") == (status, answer)
            tried += 1

    assert tried == 19
