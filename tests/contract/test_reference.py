"""What docs/apis calls documented, looked up in the API references that RECONCILER_CONTRACTS names."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from reconciler.providers.omni_analytics.endpoints import ENDPOINTS, NEWER
from reconciler.providers.omni_analytics.folder import DEEPEST
from tests.contract.pages import code, rows, section
from tests.unit.twins.served import contract
from tests.world import catalog

pytestmark = pytest.mark.contract


@cache
def spec() -> Any:
    import yaml

    return yaml.load(contract("omni-analytics.openapi.yaml"), Loader=yaml.CSafeLoader)


@cache
def described() -> str:
    """The whole text of the API description, every placeholder written as `<>`."""
    return _open(contract("omni-analytics.openapi.yaml").replace("\\|", "|"))


def _open(text: str) -> str:
    return re.sub(r"<[^<>\n]*>", "<>", text)


def error_rows() -> list[tuple[str, int, str, str]]:
    """(call, status, text, source) of the table of errors, one per text."""
    found = []
    for cells in rows(section("omni-analytics", "Errors")):
        if len(cells) == 5 and cells[0] != "Call":
            texts, sources = code(cells[2]), cells[4].split(" / ")
            sources = sources if len(sources) == len(texts) else sources * len(texts)
            statuses = cells[1].split(" / ")
            statuses = statuses if len(statuses) == len(texts) else statuses * len(texts)
            found += [(cells[0], int(s), t, o) for s, t, o in zip(statuses, texts, sources, strict=True)]
    return found


def test_there_are_texts_to_look_up() -> None:
    contract("omni-analytics.openapi.yaml")

    sources = [source for *_, source in error_rows()]
    assert sources.count("documented") >= 15
    assert sources.count("own") >= 10


def test_every_text_called_documented_stands_in_the_description() -> None:
    missing = [
        t for _, _, t, source in error_rows() if source.startswith("documented") and _open(t) not in described()
    ]

    assert missing == []


def test_no_text_called_our_own_stands_under_the_same_call() -> None:
    """Else it would be documented after all, and the page too modest."""
    for call, status, text, source in error_rows():
        method, _, thing = call.partition(" ")
        if source == "own" and thing in ("label", "folder", "folders", "user", "users"):
            for path, operation in _operations(method, thing):
                said = json.dumps(operation["responses"].get(str(status), {}))
                assert _open(text) not in _open(said), (path, text)


def _operations(method: str, thing: str) -> list[tuple[str, Any]]:
    paths = {
        "label": ("/v1/labels", "/v1/labels/{labelName}"),
        "folder": ("/v1/folders", "/v1/folders/{folderId}"),
        "folders": ("/v1/folders",),
        "user": ("/scim/v2/users/{userId}",),
        "users": ("/scim/v2/users",),
    }[thing]
    methods = [m.strip(",").lower() for m in method.split()]
    return [(p, spec()["paths"][p][m]) for p in paths for m in methods if m in spec()["paths"][p]]


def _body(path: str, method: str) -> Any:
    return spec()["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]["schema"]


def endpoints() -> list[tuple[str, str, set[str]]]:
    """(method, path, documented statuses) of the table of endpoints."""
    found = []
    for cells in rows(section("omni-analytics", "Endpoints in use")):
        calls = code(cells[0])
        if calls and calls[0] not in NEWER.values():
            method, path = calls[0].split(" ", 1)
            found.append((method.lower(), path, set(re.findall(r"\b[2-5]\d\d\b", cells[2]))))
    return found


def test_the_documented_answers_are_those_of_the_description() -> None:
    contract("omni-analytics.openapi.yaml")
    assert len(endpoints()) == len(ENDPOINTS)

    said = {(m, p): statuses for m, p, statuses in endpoints()}
    described_ = {(m, p): set(spec()["paths"][p][m]["responses"]) for m, p in said}
    assert said == described_


def test_only_documented_query_keys_are_sent() -> None:
    """OA-R3, OA-P7: an unknown key may be refused."""
    for kind in catalog().of("omni-analytics"):
        listing = kind.rest.list
        if listing is None or listing.call in NEWER.values():
            continue
        method, path = listing.call.split(" ")
        parameters = map(_followed, spec()["paths"][path][method.lower()].get("parameters", []))
        known = {p["name"] for p in parameters if p["in"] == "query"}
        sent = {*listing.query, *({"cursor"} if listing.page == "cursor" else set())}
        assert sent <= known, kind.name


def _followed(node: Any) -> Any:
    """What a `$ref` stands for."""
    found = spec() if "$ref" in node else node
    for step in node.get("$ref", "#").split("/")[1:]:
        found = found[step]
    return found


@pytest.mark.parametrize("name", ["Label", "Folder"])
def test_only_documented_body_keys_are_sent(name: str) -> None:
    kind = catalog().kind("omni-analytics", name)
    create = kind.rest.create
    assert create is not None
    method, path = create.call.split(" ")
    sent = {f.wire_name for f in kind.fields.values() if not f.read_only}
    if name == "Folder":
        sent = {"name", "parentFolderId", "scope", "userId"}

    assert sent <= set(_body(path, method)["properties"])


def test_the_bounds_of_a_label_are_the_descriptions() -> None:
    ours: Any = catalog().kind("omni-analytics", "Label").schema["properties"]
    body = _body("/v1/labels", "post")["properties"]

    assert [ours["name"][k] for k in ("minLength", "maxLength")] == [
        body["name"][k] for k in ("minLength", "maxLength")
    ]
    assert all(ours[flag]["default"] is body[flag]["default"] is False for flag in ("verified", "homepage"))


def test_the_scopes_and_the_depth_of_folders_are_the_descriptions() -> None:
    schema: Any = catalog().kind("omni-analytics", "Folder").schema
    ours = schema["properties"]["scope"]
    theirs = _body("/v1/folders", "post")["properties"]["scope"]

    assert (ours["enum"], ours["default"]) == (theirs["enum"], theirs["default"])
    assert f"nested up to {DEEPEST} levels" in spec()["paths"]["/v1/folders"]["post"]["description"]


def test_the_rate_limit_is_the_descriptions() -> None:
    assert f"{catalog().providers['omni-analytics'].per_minute} requests/minute" in described()


# Studio Tracker.


def test_the_error_bodies_called_documented_stand_in_the_reference() -> None:
    text = contract("studio-tracker.md").replace('": "', '":"')
    documented = section("studio-tracker", "Errors").partition("409 is documented nowhere")[0]
    bodies = [b.replace('": "', '":"') for cells in rows(documented) for b in code(cells[1]) if b.startswith("{")]

    assert len(bodies) >= 6
    assert [b for b in bodies if b not in text] == []


def test_the_calls_of_the_table_stand_in_the_reference() -> None:
    text = contract("studio-tracker.md")
    calls = [
        c for cells in rows(section("studio-tracker", "Endpoints in use")) for c in code(cells[0]) if " /" in c
    ]

    assert len(calls) >= 10
    for call in calls:
        method, path = call.split(" ")
        at = re.escape(path.partition("?")[0])
        assert re.search(rf"\b{method} `?{at}", text) or re.search(rf"`{at}", text), call


def test_quoted_words_are_the_references_own() -> None:
    """What the page quotes, the reference says, whatever its dashes and blanks."""
    text = _plain(contract("studio-tracker.md"))
    quoted = ["admin only", "blocks if team has projects", "Team slugs drive the XLSX/webhook resolution"]
    page = _plain(section("studio-tracker", "Endpoints in use") + section("studio-tracker", "Rules"))

    for words in quoted:
        assert words in page
        assert words in text


def _plain(text: str) -> str:
    return " ".join(text.replace("—", "-").split())
