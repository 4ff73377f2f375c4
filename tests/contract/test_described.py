"""What judges our requests and the twin's answers: the published description, and the table of endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from reconciler.load.kinds import load_kinds
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.twins import OmniTwin, running
from tests.contract.described import NEWER, OURS, Description, description, differences, listen
from tests.contract.deviations import DEVIATIONS, NEWER_CALLS, Ask, Deviation, unexplained
from tests.contract.pages import section
from tests.unit.twins.served import TRUST, contract
from tests.world import PROVIDERS, world

PROVIDER = "omni-analytics"


def described() -> Description:
    """Skips the test where no description is at hand."""
    contract("omni-analytics.openapi.yaml")
    found = description(PROVIDER)
    assert found is not None
    return found


@contextmanager
def asking(profile: str = "plain") -> Iterator[tuple[OmniTwin, Ask]]:
    """A twin that keeps its answers, and requests that look like ours."""
    twin = OmniTwin(profile)
    listen(twin)
    agent = {**twin.default_headers, "User-Agent": f"{OURS}0"}
    with running(twin) as url, httpx.Client(headers=agent, verify=TRUST, timeout=10) as client:

        def ask(method: str, path: str, body: object = None, **headers: str) -> Any:
            reply = client.request(method, url + path, json=body, headers=headers)
            return reply.json() if reply.content else None

        yield twin, ask


@pytest.mark.contract
def test_every_endpoint_of_ours_is_an_operation_of_the_description() -> None:
    operations = described().operations

    theirs = {name: f"{o.method} {o.path}" for name, o in operations.items()}
    assert {name: theirs.get(name) for name in ENDPOINTS} == dict(ENDPOINTS)


def test_every_call_of_a_schema_stands_in_the_table_of_endpoints() -> None:
    table = {_open(call) for call in (*ENDPOINTS.values(), *NEWER_CALLS)}
    calls = {
        (kind.name, call)
        for kind in load_kinds().values()
        if kind.provider == PROVIDER
        for call in _calls(kind.schema.get("x-rest"))
    }

    assert len(calls) >= 20
    assert sorted(at for at in calls if _open(at[1]) not in table) == []


def _open(call: str) -> str:
    return re.sub(r"\{\w+\}", "{}", call)


def _calls(node: object) -> Iterator[str]:
    """Every `METHOD /path` in a schema's `x-rest`."""
    if isinstance(node, str) and re.match(r"(GET|PUT|POST|PATCH|DELETE) /", node):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _calls(below)


@pytest.mark.contract
@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("POST", "/v1/labels", {"name": "Draft", "colour": "red"}, "createLabel: body: /: Unevaluated properties"),
        ("POST", "/v1/labels", {"name": "D"}, "createLabel: body: /name: "),
        ("POST", "/v1/labels", None, "createLabel: body: is missing"),
        ("GET", "/v1/labels/Draft%2FNew", {"a": 1}, "getLabel: body: none is described"),
        ("GET", "/v1/folders?pageSize=many", None, 'listFolders: query: pageSize: /: "many" is not of type'),
        ("GET", "/v1/folders?size=1", None, "listFolders: query: size is not known"),
        ("GET", "/v1/nowhere", None, "GET /v1/nowhere: path: no such operation"),
        ("DELETE", "/v1/folders/f1", None, 'deleteFolder: path: folderId: /: "f1" is not a "uuid"'),
    ],
)
def test_a_request_that_is_not_described_is_found_out(method: str, path: str, body: object, said: str) -> None:
    described()
    with asking() as (twin, ask):
        ask(method, path, body)

        assert [d for d in map(str, differences(twin)) if d.startswith(said)]


@pytest.mark.contract
def test_an_answer_that_is_not_described_is_found_out_unless_a_newer_edition_is_spoken() -> None:
    described()
    with asking() as (twin, ask):
        ask("GET", "/v1/labels")
        assert differences(twin) == []
        for entry, answer in tuple(twin.log.answers or ()):
            twin.log.answered(entry, type(answer)(200, {"labels": [{"name": 1}]}))
            twin.log.answered(entry, type(answer)(418, {}))
            twin.log.answered(entry, type(answer)(200, None))

        said = sorted(map(str, differences(twin)))
        assert 'listLabels: answer: 200: /labels/*/name: 1 is not of type "string"' in said
        assert "listLabels: status: 418 is not listed" in said
        assert "listLabels: answer: 200: no body" in said

        twin.knobs.set(NEWER, "adversarial")
        assert differences(twin) == []


@pytest.mark.contract
def test_a_world_that_was_asked_what_is_not_described_does_not_close() -> None:
    described()
    with pytest.raises(AssertionError, match="listFolders: query: size is not known"), world() as w:
        httpx.get(
            f"{w.urls['analytics']}/v1/folders?size=1",
            headers={**w.omni.default_headers, "User-Agent": f"{OURS}0"},
            verify=TRUST,
        )


@pytest.mark.contract
@pytest.mark.parametrize("one", DEVIATIONS, ids=lambda d: f"{d.operation}-{d.rule}")
def test_every_deviation_is_still_needed_and_no_other_explains_it(one: Deviation) -> None:
    described()
    assert one.rule in section(PROVIDER, "Rules") + section(PROVIDER, "Open questions: how the twin answers")
    with asking(one.profile) as (twin, ask):
        one.scene(twin, ask)

        found = differences(twin)
        assert [d for d in found if one.explains(d)], "take it out"
        assert all(sum(other.explains(d) for other in DEVIATIONS) <= 1 for d in found)
        assert unexplained(found) == []


def test_the_description_is_of_a_provider_that_has_a_twin() -> None:
    assert PROVIDER in PROVIDERS.values()
