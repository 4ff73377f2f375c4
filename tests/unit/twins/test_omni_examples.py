"""The examples of the Omni Analytics reference, one after another, on the world it begins with."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.omni_analytics.sales import add_sales
from tests.unit.twins.served import contract, served

EXAMPLE = re.compile(r"```http\n(?P<request>.*?)\n\n(?P<status>\d{3})\n(?P<answer>.*?)\n```", re.DOTALL)
LINE = re.compile(r"(?P<method>[A-Z]+) /api(?P<path>\S+)( +\(Authorization: Bearer (?P<token>\w+)\))?")


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
def test_the_examples_one_after_another_byte_for_byte() -> None:
    """Only the document that they speak of is made by set-up."""
    tried = 0
    with served(OmniTwin()) as omni:
        for method, path, token, status, body, answer in examples():
            if path == "/v1/documents/d0c00001/move":
                add_sales(omni.twin)
            headers = {"Authorization": f"Bearer {token}"}
            reply = omni.client.request(method, omni.url + path, json=body, headers=headers)
            wanted = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
            assert (reply.status_code, reply.text) == (status, wanted), path
            tried += 1

    assert tried == 38
