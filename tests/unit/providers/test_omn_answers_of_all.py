"""Whose answer is it, for kinds whose answers name their objects in other ways (OC-R6, OC-R7, OC-Q27)."""

from __future__ import annotations

import pytest

from reconciler.model.catalog import Verdict
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.plan import Call, Phase
from reconciler.providers.omn_core import message
from reconciler.providers.omn_core.answers import NAMES, issues, text, verdicts
from tests.world import catalog

KIND = catalog().kind("omn-core", "AttributeDefinition")


def rider(
    kind: str, own: str, phase: Phase = Phase.UPDATE, args: JsonObject | None = None, /, **body: Json
) -> Call:
    at = Address("core", kind, own)
    return Call(f"{at}#x", "core", kind, at, "POST", "/x", phase, args or {}, body=body, carrier="c")


def ok(**echo: Json) -> Json:
    return {**echo, "status": "SUCCESS", "description": "fine"}


def no(words: str = "no", **echo: Json) -> Json:
    return {**echo, "status": "ERROR", "description": words}


def said(riders: list[Call], *entries: Json) -> list[Verdict]:
    found = verdicts(KIND, riders[0], riders, {"responses": {"entries": list(entries)}})
    return [found[r.id] for r in riders]


def done(riders: list[Call], *entries: Json) -> list[bool | None]:
    return [v.done for v in said(riders, *entries)]


def definitions(*tids: str, phase: Phase = Phase.CREATE) -> list[Call]:
    return [rider("AttributeDefinition", tid, phase, tid=tid) for tid in tids]


@pytest.mark.parametrize("phase", [Phase.CREATE, Phase.UPDATE])
def test_by_tid_whatever_the_order_and_the_outcome(phase: Phase) -> None:
    found = said(definitions("a", "b", "c", phase=phase), no("bad", tid="c"), ok(tid="a"), ok(tid="b"))

    assert [(v.done, v.message) for v in found] == [(True, "fine"), (True, "fine"), (False, "bad")]


def test_oc_q23_the_data_type_is_compared_without_case_and_counts() -> None:
    assert done(definitions("a", "b"), no(tid="b", dataType="ATTRDEFINITION"), ok(tid="a")) == [True, False]
    mixed = [rider("Classification", "s", tid="S"), rider("AttributeDefinition", "d", tid="S")]
    assert done(mixed, no(tid="S", dataType="attrDefinition"), ok(tid="S", dataType="classification")) == [
        True,
        False,
    ]


def test_attributes_of_one_node_by_node_and_key_and_many_successes_by_the_node_alone() -> None:
    made = [rider("NodeAttribute", k, Phase.CREATE, nodePath="/S", key=k) for k in "abc"]
    other = rider("NodeAttribute", "d", Phase.CREATE, nodePath="/T", key="d")

    error, one, two = (
        no(nodePath="/S", key="b", dataType="attribute"),
        ok(nodePath="/S", id="1"),
        ok(nodePath="/S"),
    )
    assert done([*made, other], error, ok(nodePath="/T"), one, two) == [True, False, True, True]
    assert done(made, ok(nodePath="/S"), {"nodePath": "/S", "status": "WARNING"}, ok(nodePath="/S")) == [None] * 3
    deleted = [rider("NodeAttribute", k, Phase.DELETE, id=k) for k in "ab"]
    assert done(deleted, ok(id="b"), no(id="a")) == [None, True]


def test_nodes_by_the_path_that_the_kind_says_and_refused_ones_by_a_tid_that_one_alone_has() -> None:
    args: JsonObject = {"path": "/S/A"}
    a, b = (rider("ClassificationNode", n, Phase.CREATE, args if n == "a" else None, tid=n) for n in "ab")

    assert done([a, b], no(tid="b"), ok(path="/S/A", id="5")) == [True, False]
    twins = [rider("ClassificationNode", n, Phase.CREATE, {"path": f"/{n}/A"}, tid="A") for n in "xyz"]
    assert done(twins, no(tid="A"), ok(path="/x/A"), ok(path="/z/A")) == [True, False, True]


def test_oc_q27_an_error_that_echoes_an_id_of_something_else_is_that_of_the_one_left_over() -> None:
    entries = [rider("GlossaryEntry", i, id=i, parentId="99") for i in ("1", "2")]

    assert done(entries, no("no glossary", id="99"), ok(id="2")) == [False, True]
    assert done(entries, no("x", id="99"), no("y", id="99")) == [False, False]


def test_what_nothing_names_is_certain_only_where_all_fared_alike() -> None:
    made = [rider("Glossary", n, Phase.CREATE, name=n) for n in "ab"]

    assert done(made, ok(id="7"), ok(id="8")) == [True, True]
    assert [v.message for v in said(made, no("x"), no("y"))] == ["x", "y"]
    assert [(v.done, v.message) for v in said(made, no("x"), ok(id="8"))] == [(None, "x; fine")] * 2
    assert done(made, ok()) == [None, None]


def test_parts_of_a_link_are_told_by_its_details() -> None:
    links = [rider("Peo", n, Phase.ADD, peoTid="p", projectTid=n) for n in "ab"]
    ends: Json = {"mode": "delta", "peoTid": "p", "projectTid": "b"}

    assert done(links, ok(details=ends), no("Project not found", id="4")) == [False, True]


def test_a_rider_of_a_kind_that_nobody_knows_is_told_by_its_id() -> None:
    assert done([rider("Other", "a", id="1"), rider("Other", "b", id="2")], ok(id="2"), no(id="1")) == [
        False,
        True,
    ]
    assert "Other" not in NAMES


def test_oc_r6_every_issue_is_told_in_general_and_in_detail() -> None:
    entry: Json = {
        "status": "SUCCESS",
        "description": "saved",
        "issues": [
            {"description": "general", "itms": [{"type": "details", "errorMessage": "detail"}]},
            {"type": "1002", "description": "another"},
        ],
    }
    assert issues(entry) == "general: detail; another"
    assert text(entry) == "saved; general: detail; another"
    assert text({}) == "refused without a word"


def test_oc_r8_the_support_id_of_a_call_that_failed_is_told() -> None:
    body: Json = {"issues": [{"code": "1000", "description": "oops"}], "details": {"supportId": "3C5D"}}

    assert message(body) == "oops (support id 3C5D)"
