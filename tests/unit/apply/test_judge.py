"""What is sent, what an answer proves, and what the ledger learns from it."""

from __future__ import annotations

import pytest

from reconciler.apply.judge import answered, facts, request_of
from reconciler.model.json import Json
from reconciler.model.outcome import Fact
from reconciler.model.plan import Effect, Phase
from reconciler.model.record import replace
from tests.unit.apply.samples import CREATED, NO_RESULTS, call, fallback

FROM: Json = {"$from": {"call": "1", "path": "/id"}}


def test_names_travel_in_one_segment_of_the_path() -> None:
    one = call(1, args={"id": "a/b c?d=%#é.~_-{id}"})

    assert request_of(one, NO_RESULTS).path == "/v1/labels/a%2Fb%20c%3Fd%3D%25%23%C3%A9.~_-%7Bid%7D"


def test_half_a_surrogate_pair_is_encoded_too() -> None:
    assert request_of(call(1, args={"id": "x\ud83d"}), NO_RESULTS).path == "/v1/labels/x%ED%A0%BD"


def test_what_earlier_answers_told_is_filled_in_everywhere() -> None:
    one = call(
        2, args={"id": FROM}, query={"user": FROM, "n": 3}, body={"deep": [FROM], "plain": "x"}, method="POST"
    )

    request = request_of(one, {"1": {"/id": "n/1"}})

    assert (request.method, request.path) == ("POST", "/v1/labels/n%2F1")
    assert request.query == (("user", "n/1"), ("n", "3"))
    assert request.body == {"deep": ["n/1"], "plain": "x"}
    assert not request.safe


@pytest.mark.parametrize("results", [{}, {"1": {}}, {"1": {"/other": "x"}}, {"2": {"/id": "x"}}])
@pytest.mark.parametrize("where", ["args", "query", "body"])
def test_nothing_is_sent_with_a_value_nobody_knows(where: str, results: dict[str, dict[str, Json]]) -> None:
    one = replace(call(2), **{where: {"id": FROM}})  # type: ignore[arg-type]

    with pytest.raises(KeyError):
        request_of(one, results)


@pytest.mark.parametrize(
    ("expect", "body", "proven"),
    [
        ({}, None, True),
        ({"/name": "A"}, {"name": "A", "more": 1}, True),
        ({"/name": "A"}, {"name": "a"}, False),
        ({"/name": "A"}, {}, False),
        ({"/name": "A"}, None, False),
        ({"/flag": True}, {"flag": 1}, False),
        ({"/size": 1}, {"size": 1.0}, True),
        ({"/note": None}, {"note": None}, True),
        ({"/note": None}, {}, False),
        ({"/a": 1, "/b": 2}, {"a": 1, "b": 3}, False),
        ({"/data/list/0": "x"}, {"data": {"list": ["x"]}}, True),
        ({"/user": FROM}, {"user": "u7"}, True),
        ({"/user": FROM}, {"user": "u8"}, False),
    ],
)
def test_what_an_answer_proves(expect: dict[str, Json], body: Json, proven: bool) -> None:
    assert answered(call(2, expect=expect), body, {"1": {"/id": "u7"}}) is proven


def test_a_create_tells_id_key_and_name() -> None:
    one = call(1, phase=Phase.CREATE, new_id="/thing/id", effect=CREATED, summary="create Label Live")

    assert facts(one, {"thing": {"id": "t1"}}, NO_RESULTS) == {
        "/thing/id": "t1", Fact.ID: "t1", Fact.KEY: "Live", Fact.LABEL: "Live",
    }  # fmt: skip


@pytest.mark.parametrize("body", [None, {}, {"id": ""}, {"id": True}, {"id": [7]}, {"id": None}, []])
def test_a_create_without_an_id_tells_none(body: Json) -> None:
    assert facts(call(1, phase=Phase.CREATE, new_id="/id", effect=CREATED), body, NO_RESULTS) == {}


def test_a_rename_tells_what_the_thing_is_called_from_now_on() -> None:
    assert facts(call(1, becomes="New", effect=Effect(key="New")), None, NO_RESULTS) == {
        Fact.BECOMES: "New", Fact.KEY: "New",
    }  # fmt: skip


def test_a_delete_tells_that_the_thing_is_gone() -> None:
    assert facts(call(1, phase=Phase.DELETE), None, NO_RESULTS) == {Fact.GONE: True}


def test_an_update_tells_nothing_new() -> None:
    assert facts(call(1), {"id": "x"}, NO_RESULTS) == {}


def test_entries_added_and_removed_are_told_by_id() -> None:
    added = call(
        2, phase=Phase.ADD, set_field="members", effect=Effect(set_field="members", present=((FROM, {}),))
    )
    gone = call(2, phase=Phase.REMOVE, set_field="members", effect=Effect(set_field="members", absent=("u1",)))

    assert facts(added, None, {"1": {"/id": "u7"}}) == {Fact.ADDED: ["members", ["u7"]]}
    assert facts(gone, None, NO_RESULTS) == {Fact.REMOVED: ["members", ["u1"]]}


def test_what_is_kept_of_an_entry_that_is_taken_away_is_told_with_it() -> None:
    effect = Effect(set_field="members", absent=(["u1", "b"],))
    gone = call(2, phase=Phase.CHANGE, set_field="members", effect=effect, keeps={"note": "x"})

    assert facts(gone, None, NO_RESULTS) == {
        Fact.REMOVED: ["members", [["u1", "b"]]],
        Fact.KEPT: ["members", {'["u1","b"]': {"note": "x"}}],
    }


def test_an_entry_that_changes_is_not_ours_by_that() -> None:
    effect = Effect(set_field="members", present=(("u1", {}),))

    assert facts(call(1, phase=Phase.CHANGE, set_field="members", effect=effect), None, NO_RESULTS) == {}


def test_a_fall_back_puts_back_what_it_takes_away() -> None:
    effect = Effect(set_field="members", absent=("u1",))

    assert facts(fallback(2, 1, phase=Phase.CHANGE, set_field="members", effect=effect), None, NO_RESULTS) == {}


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"owner": {"id": "u"}}, True),
        ({"ownerId": "u"}, True),
        ({"owner": {"id": "v"}, "ownerId": "u"}, False),
        ({"ownerId": "v"}, False),
        ({}, False),
    ],
)
def test_an_answer_may_show_a_thing_in_one_of_several_places(body: Json, shown: bool) -> None:
    """The first that is there counts."""
    one = replace(call(1), expect={"/owner/id|/ownerId": "u"})

    assert answered(one, body, NO_RESULTS) is shown
