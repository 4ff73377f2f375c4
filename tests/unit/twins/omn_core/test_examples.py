"""The examples of the OMN Core reference for what is served, on the worlds they tell of."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.twins import OmnCoreTwin
from reconciler.twins.omn_core.call import FIRST_ID
from reconciler.twins.omn_core.things import Keyword
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.served import contract, served

COMPACT = "application/json+compact"


def example(section: str, call: str) -> tuple[Any, Any]:
    """The body and the answer of the example that calls this path."""
    text = (
        contract("omn-core.md").split(f"### {section} ")[1].split("\n### ")[0].split(f"POST /api/core/v1{call}")[1]
    )
    decoder = json.JSONDecoder()
    body, end = decoder.raw_decode(text, text.index("{"))
    answer, _ = decoder.raw_decode(text, text.index("200 {", end) + 4)
    return body, answer


def ask(omn: Omn, call: str, body: object) -> Any:
    media = "application/json" if call.endswith("/retrieve") else COMPACT
    answer = omn.post(call, json.dumps(body), media, Accept=COMPACT).json()
    assert answer.pop("schemaVersion") == "5.6.0"
    assert answer.pop("meta")["messageType"] == "request"
    return answer


def put(twin: OmnCoreTwin, key: str, value: str, parent: str | None = None, **more: Any) -> None:
    made = Keyword(key, parent, value, more.get("labels", {}), more.get("created", ""), more.get("assets", ()))
    twin.state.of(Keyword)[key] = made


@pytest.mark.contract
def test_locales() -> None:
    with served(OmnCoreTwin()) as it:
        body, answer = example("4.4", "/common/locales/retrieve")
        # There the default of the frontend is another; the page says that ours has one default.
        answer["locales"]["entries"][0]["meta"]["defaultFrontendLocale"] = "true"

        assert ask(Omn(it), "/common/locales/retrieve", body) == answer


@pytest.mark.contract
def test_a_list() -> None:
    body, answer = example("4.6", "/common/keywords/retrieve")
    both = ("C150E62E-F9F5-4DF5-B5FB-5AFDC5A3B87C", "0CA65815-03DF-40CA-ACCD-309882B74A36")
    with served(OmnCoreTwin()) as it:
        made, later = "2022-06-10T20:07:45.684Z", "2022-06-10T20:08:13.339Z"
        put(it.twin, "46190", "rootKwd", labels={"en_EN": "rootKwd_en"}, created=made, assets=both)
        put(it.twin, "46191", "subKwd", "46190", created=later, assets=both[:1])

        assert ask(Omn(it), "/common/keywords/retrieve", body) == answer


@pytest.mark.contract
def test_a_persist() -> None:
    body, answer = example("4.6", "/common/keywords/persist")
    with served(OmnCoreTwin()) as it:
        # One sample says that the updated keyword stands below the root that the same call makes.
        put(it.twin, "12340", "Other")
        put(it.twin, "12345", "keyword1", "12340")
        it.twin.counters.load({"id": 52731 - FIRST_ID})
        answer["responses"]["entries"][1]["path"] = "/Other/keyword1"
        body["kwds"]["entries"].insert(
            1, {"parentPath": "/rootKeyword", "name": {"itm": ["y", {"loc": "de_DE", "value": "child2-1"}]}}
        )
        shown = ask(Omn(it), "/common/keywords/persist", body)
        del shown["responses"]["entries"][1]

    assert shown == answer


@pytest.mark.contract
def test_a_perform() -> None:
    body, answer = example("4.6", "/common/keywords/perform")
    with served(OmnCoreTwin()) as it:
        put(it.twin, "1", "rootKeyword")
        put(it.twin, "2", "rootKeyword2")
        put(it.twin, "73452957", "keyword1", "2")

        assert ask(Omn(it), "/common/keywords/perform", body) == answer


@pytest.mark.contract
def test_a_transformation() -> None:
    text = contract("omn-core.md").split("### 4.15 ")[1].split("```json")[1].split("```")[0]
    document, _, answer = text[text.index("<pim") :].partition("\n200 ")
    with served(OmnCoreTwin()) as it:
        reply = Omn(it).post("/common/transform", document, Accept=COMPACT)

    assert reply.json() == json.loads(answer)
