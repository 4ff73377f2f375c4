"""The examples and texts of the Omni-CMS reference."""

from __future__ import annotations

import re

import pytest

from reconciler.twins import OmniCmsTwin
from reconciler.twins.omni_cms import errors
from tests.unit.twins.omni_cms.cms import Cms
from tests.unit.twins.served import contract, served

EXAMPLE = re.compile(
    r"```http\n(?P<line>[A-Z]+ \S+)\n(?P<body>.*?)\n?\n(?P<status>\d{3})\n(?P<answer>.*?)\n```", re.DOTALL
)
DONE = '{"message":"Your request was successful.","success":true}'
NEW_PAGE = (
    '{"key":"sample-page","spaceId":1,"parentId":1,"componentType":"page","name":"Sample Page","published":true}'
)
ROOT = (
    '{"id":1,"key":"root","name":"Root","spaceId":1,"content":"","metadata":{},"parents":[],'
    '"componentType":"root","published":true,"visible":true,"sequence":1000,'
    '"date":"2026-01-01T00:00:00.000Z","tags":[]}'
)
PAGE = (
    '{"id":2,"key":"sample-page","name":"Sample Page","spaceId":1,"content":"","metadata":{},'
    '"parents":[{"id":1,"key":"root","name":"Root"}],"componentType":"page","published":true,"visible":true,'
    '"sequence":1000,"date":"2026-01-01T00:00:01.000Z","tags":[]}'
)
DUPLICATE = (
    '{"code":"omni.component.duplicate.key",'
    '"message":"The key sample-page\' is currently used by another component (ID 2).","success":false}'
)
OWN_PARENT = (
    '{"code":"omni.component.parent.self",'
    '"message":"You cannot set component with ID 2 to be its own parent.","success":false}'
)
INVALID_KEY = (
    '{"code":"omni.component.invalid.key",'
    '"message":"Keys can only be lowercase letters, numbers and hyphens(-).","success":false}'
)
LAST_ACTIVE = (
    '{"code":"omni.user.minimum.active","message":"There needs to be at least 1 active user.","success":false}'
)
AN_API_KEY = "E2ZHF1U787GULQFQWU0V3U3AZTCLSZAT5H1YAN6N1UCKBNUIKYOJ1UXQRI8EI0"
# Method, path, body, status, answer. Sent one after the other, as the reference has them.
DOCUMENTED = (
    ("POST", "/space", '{"name":"Monkeys"}', 201, DONE.replace("{", '{"id":1,')),
    ("GET", "/component/1/root", "", 200, ROOT),
    ("POST", "/component", NEW_PAGE, 201, DONE.replace("{", '{"id":2,')),
    (
        "POST",
        "/component",
        '{"key":"sample-page","spaceId":1,"parentId":1,"componentType":"block"}',
        400,
        DUPLICATE,
    ),
    ("PUT", "/component/2", '{"id":2,"parentId":2}', 400, OWN_PARENT),
    ("PUT", "/component/2", '{"id":2,"key":"Sample_Page"}', 400, INVALID_KEY),
    (
        "POST",
        "/component/search",
        '{"limit":1000,"offset":0,"order":"id","direction":"asc"}',
        200,
        f'{{"components":[{ROOT},{PAGE}],"total":2,"more":false}}',
    ),
    ("PUT", "/component/sequence", '{"sequences":[{"id":2,"sequence":1}]}', 200, DONE),
    ("PUT", "/user/key/1", "", 200, f'{{"key":"{AN_API_KEY}","success":true}}'),
    ("DELETE", "/user/1", "", 400, LAST_ACTIVE),
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


def test_the_documented_answers_byte_for_byte() -> None:
    with served(OmniCmsTwin()) as cms:
        for method, path, body, status, answer in DOCUMENTED:
            assert sent(cms, method, path, body) == (status, answer)


def sent(world: Cms, method: str, path: str, body: str) -> tuple[int, str]:
    """A new API key is used from then on, and shown as the reference's: which one it is cannot be foreseen."""
    reply = world.client.request(method, world.url + path, content=body)
    if not path.startswith("/user/key/"):
        return reply.status_code, reply.text
    key = reply.json()["key"]
    world.client.headers["X-OMNI-API-KEY"] = key
    return reply.status_code, re.sub(r'"[A-Z0-9]{62}"', f'"{AN_API_KEY}"', reply.text)


def test_children_byte_for_byte() -> None:
    child = (
        '{"id":2,"key":"sample-page","name":"Sample Page","metadata":{},"componentType":"page","published":true,'
        '"visible":true,"sequence":1000,"date":"2026-01-01T00:00:01.000Z","tags":[]}'
    )
    with served(OmniCmsTwin()) as cms:
        for method, path, body, _, _ in DOCUMENTED[:3]:
            sent(cms, method, path, body)
        shallow = ROOT.replace('"tags"', f'"children":[{child}],"tags"')
        deep = shallow.replace('"tags":[]}]', '"tags":[],"content":"","children":[]}]')

        assert sent(cms, "GET", "/component/1?children=summary&levels=1", "") == (200, shallow)
        assert sent(cms, "GET", "/component/1?children=content&levels=2", "") == (200, deep)


@pytest.mark.contract
def test_these_are_the_examples_of_the_reference() -> None:
    text = contract("omni-cms.md").split("### 5.5")[1].split("### 5.6")[0]
    found = []
    for match in EXAMPLE.finditer(text):
        method, _, path = match["line"].partition(" ")
        found.append((method, path.removeprefix("/api/v1"), match["body"], int(match["status"]), match["answer"]))

    assert tuple(found) == DOCUMENTED


@pytest.mark.contract
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_the_texts_stand_in_the_reference(refusal: errors.Denied) -> None:
    text = contract("omni-cms.md")

    assert refusal.code in text
    assert refusal.text in text
    assert len({one.code for one in REFUSALS}) == len(REFUSALS)
