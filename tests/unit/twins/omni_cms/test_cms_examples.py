"""The examples and texts of the Omni-CMS reference."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from reconciler.twins import OmniCmsTwin
from reconciler.twins.omni_cms import errors
from tests.unit.twins.served import contract, served

EXAMPLE = re.compile(
    r"```http\n(?P<line>[A-Z]+ \S+)\n(?P<body>.*?)\n?\n(?P<status>\d{3})\n(?P<answer>.*?)\n```", re.DOTALL
)
REFUSALS = [
    errors.not_logged_in(),
    errors.no_route(),
    errors.body_invalid(),
    errors.wrong_type("name", "string"),
    errors.required("name"),
    errors.id_mismatch(),
    errors.no_space(9),
    errors.space_not_empty(1),
    errors.no_component(312),
    errors.no_component_key("test"),
    errors.duplicate_key("sample-block", 82),
    errors.reserved_key(),
    errors.invalid_key(),
    errors.root_protected(),
    errors.own_parent(3),
    errors.parent_elsewhere(5, 1),
    errors.space_change(3, 1),
    errors.under_descendant(3, 5),
    errors.has_children(3),
    errors.no_file(4),
    errors.file_missing(),
    errors.no_user(9),
    errors.password_insecure(),
    errors.duplicate_email("andrew1@omni-cms.com", 2),
    errors.minimum_active(),
]


def examples() -> list[tuple[str, str, int, Any, Any]]:
    text = contract("omni-cms.md").split("### 5.5")[1].split("### 5.6")[0]
    found = []
    for match in EXAMPLE.finditer(text):
        method, _, path = match["line"].partition(" ")
        sent = json.loads(match["body"]) if match["body"] else None
        found.append(
            (method, path.removeprefix("/api/v1"), int(match["status"]), sent, json.loads(match["answer"]))
        )
    return found


@pytest.mark.contract
def test_the_examples() -> None:
    tried = 0
    with served(OmniCmsTwin()) as cms:
        for method, path, status, body, answer in examples():
            got, said = cms.ask(method, path, body)
            if path.startswith("/user/key/"):
                # Which one it is cannot be foreseen, and the old one is gone.
                cms.client.headers["X-OMNI-API-KEY"] = said["key"]
                said["key"] = re.sub(r"^[A-Z0-9]{62}$", answer["key"], said["key"])
            assert (got, said) == (status, answer)
            tried += 1

    assert tried == 10


@pytest.mark.contract
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_the_texts_stand_in_the_reference(refusal: errors.Denied) -> None:
    text = contract("omni-cms.md")

    assert refusal.code in text
    assert refusal.text in text
    assert len({one.code for one in REFUSALS}) == len(REFUSALS)
