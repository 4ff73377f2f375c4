"""Wherever a call speaks of a thing to come, it names the call that makes it, and comes after that one."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.json import Json
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.plan.deletes import delete_rule
from reconciler.plan.numbers import numbered
from reconciler.plan.promised import fill_ids
from tests.unit.plan.samples import call, thing

COMING: Json = {"$id": "analytics/Label/new"}
NEW = call("new", Phase.CREATE, name="new", new_id="/id")
FIRST = call("first", Phase.CREATE, name="first")


def answer(of: str) -> Json:
    return {"$from": {"call": of, "path": "/id"}}


def speaking(value: Json) -> dict[str, dict[str, Any]]:
    """Every place in which a call can speak of a thing, by a short name."""
    return {
        "args": {"args": {"id": value}},
        "query": {"query": {"of": [value]}},
        "body": {"body": {"list": [{"of": value}]}},
        "expect": {"expect": {"/id": value}},
        "fields": {"effect": Effect("k", fields={"owner": value})},
        "present": {"effect": Effect(set_field="s", present=((value, {"n": 1}),))},
        "beneath": {"effect": Effect(set_field="s", present=(("e", {"of": value}),))},
        "absent": {"effect": Effect(set_field="s", absent=("e", value))},
        "scope": {"effect": Effect("k", gone=True, scope=("s", value))},
    }


PLACES = tuple(speaking(None))


@pytest.mark.parametrize("place", PLACES)
def test_wherever_it_is_spoken_of_the_answer_takes_its_place(place: str) -> None:
    _, filled = fill_ids([NEW, call("user", **speaking(COMING)[place])])

    after = {"new"} if place in ("args", "query", "body", "fields") else set()
    assert filled == call("user", after=frozenset(after), **speaking(answer("new"))[place])


@pytest.mark.parametrize("place", PLACES)
def test_wherever_it_is_spoken_of_the_number_takes_the_place_of_the_name(place: str) -> None:
    one, two, three = numbered([FIRST, NEW, call("user", **speaking(answer("new"))[place])])

    assert (one.id, two.id) == ("1", "2")
    assert three == call("3", summary="call user", **speaking(answer("2"))[place])


def test_what_is_needed_is_added_to_what_it_comes_after_already() -> None:
    user = call("user", body={"of": COMING}, after=frozenset({"first"}))

    assert fill_ids([FIRST, NEW, user])[2].after == {"first", "new"}


def test_a_fall_back_needs_what_it_sends_and_not_what_it_brings_about() -> None:
    effect = Effect(fields={"owner": answer("new")})
    instead = call("user", role=Role.CONTINGENT, effect=effect, body={"of": answer("first")})

    assert fill_ids([FIRST, NEW, instead])[2].after == {"first"}


@pytest.mark.parametrize(
    "body", [{"$id": "analytics/Label/new", "more": 1}, {"$made": "text"}, {"$made": 1, "x": 2}]
)
def test_what_only_looks_like_a_promise_is_a_value(body: Json) -> None:
    user = call("user", body=body, args={"id": COMING})

    assert fill_ids([NEW, user])[1].body == body


# What a delete waits for besides.


def test_a_delete_keeps_what_it_waited_for_and_waits_for_the_writes_of_its_kind() -> None:
    gone = call("gone", Phase.DELETE, name="gone", waits=frozenset({"other"}))
    made = call("made", Phase.CREATE, name="made")

    found = {c.id: c for c in delete_rule([gone, made], {}, {})}

    assert found["gone"].waits == {"other", "made"}
    assert found["made"] == made


def test_a_delete_that_frees_a_name_waits_for_nothing_more_and_others_of_its_kind_do() -> None:
    frees = call("frees", Phase.DELETE, name="frees", waits=frozenset({"other"}))
    plain = call("plain", Phase.DELETE, name="plain")
    taker = call("taker", Phase.CREATE, name="taker", after=frozenset({"frees"}))

    found: dict[str, Call] = {c.id: c for c in delete_rule([frees, plain, taker], {}, {})}

    assert found["frees"].waits == {"other"}
    assert found["plain"].waits == {"taker"}
    instead = replace(plain, role=Role.CONTINGENT)
    assert delete_rule([instead, taker], {}, {})[0] == instead


def test_what_goes_before_a_delete_that_frees_a_name_waits_for_no_more_than_that_one() -> None:
    """Whether it has to go first by an edge, or since it lies in what is deleted."""
    last = call("last", Phase.DELETE, name="last")
    first = call("first", Phase.DELETE, name="first", after=frozenset({"last", "made"}))
    frees = call("frees", Phase.DELETE, name="frees", after=frozenset({"first"}), live_id="x")
    child = call("child", Phase.DELETE, name="child")
    taker, made = call("taker", after=frozenset({"frees"})), call("made", Phase.CREATE, name="made")
    lies = Change(Verb.DELETE, child.address, live=thing("y", "y", parent="x"))

    found = delete_rule([last, first, frees, child, taker, made], {child.address: lies}, {})

    assert {c.id: (set(c.after), set(c.waits)) for c in found if c.phase is Phase.DELETE} == {
        "last": (set(), set()),
        "first": ({"last", "made"}, set()),
        "frees": ({"first", "child"}, set()),
        "child": (set(), set()),
    }
