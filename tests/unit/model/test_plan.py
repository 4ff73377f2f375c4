"""Plans as values: what goes, what waits, what a call says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Value
from reconciler.model.document import Address
from reconciler.model.holding import with_holds
from reconciler.model.live import Demand
from reconciler.model.plan import Call, Check, Phase, Plan, Precondition, Role, Trigger
from reconciler.model.record import replace
from reconciler.model.values import resolved, sources

A, B = Address("t", "Label", "a"), Address("t", "Label", "b")


def call(call_id: str, address: Address = A, **words: Any) -> Call:
    return Call(call_id, "t", "Label", address, "PUT", "/labels/{id}", words.pop("phase", Phase.UPDATE), **words)


def after(*ids: str) -> frozenset[str]:
    return frozenset(ids)


def held(calls: list[Call], *own: str) -> dict[str, tuple[str, ...]]:
    """The rules of each call, where the calls named are held by a rule of their own."""
    return {i: c.held for i, c in with_holds(calls, lambda c: ["rule"] if c.id in own else []).items() if c.held}


# Holds.


def test_what_comes_after_something_held_is_held_and_so_on() -> None:
    calls = [call("1"), call("2", B, after=after("1")), call("3", Address("t", "Label", "c"), after=after("2"))]

    assert held(calls, "1") == {"1": ("rule",), "2": ("depends on 1",), "3": ("depends on 2",)}
    assert held(calls) == {}


def test_what_only_waits_goes_on() -> None:
    assert held([call("1"), call("2", B, waits=frozenset({"1"}))], "1") == {"1": ("rule",)}


def test_the_writes_to_one_object_stand_or_fall_together() -> None:
    """A name that is set aside for a rename that will not come is of no use, and neither are its members."""
    calls = [call("1"), call("2", after=after("1")), call("3", set_field="members", phase=Phase.ADD), call("4", B)]

    assert held(calls, "2") == {
        "1": ("depends on 2",),
        "2": ("rule", "depends on 1"),
        "3": ("depends on 1", "depends on 2"),
    }
    assert held(calls, "3") == {"3": ("rule",)}


def test_what_stands_in_for_something_held_is_held() -> None:
    spare = call("2", set_field="members", role=Role.CONTINGENT, trigger=Trigger("1"))
    calls = [call("1", set_field="members"), spare]

    assert held(calls, "1") == {"1": ("rule",), "2": ("depends on 1",)}


def test_dependencies_are_told_in_the_order_of_numbers() -> None:
    calls = [call(str(n), Address("t", "Label", str(n))) for n in range(1, 12)]
    calls.append(call("12", B, after=after("2", "11", "1")))

    assert held(calls, "1", "2", "11")["12"] == ("depends on 1", "depends on 2", "depends on 11")


# What goes.


def plan(*calls: Call, **words: Any) -> Plan:
    return Plan("sha256:1", "0", "sha256:0", (), (), calls, **words)


def test_calls_are_written_held_or_kept_in_reserve() -> None:
    spare = Role.CONTINGENT
    one = plan(call("1"), call("2", held=("x",)), call("3", role=spare), call("4", role=spare, held=("x",)))

    assert [[c.id for c in group] for group in (one.writes, one.held, one.contingent)] == [["1"], ["2"], ["3"]]


def test_a_precondition_is_needed_where_one_of_its_calls_goes() -> None:
    def reading(kind: str, *ids: str) -> Precondition:
        return Precondition(Demand("t", kind), (Check(A, ids[:1]), Check(B, ids[1:])))

    one = plan(call("1"), call("2", held=("x",)), preconditions=(reading("X", "2"), reading("Y", "2", "1")))

    assert [p.demand.kind for p in one.needed] == ["Y"]


# How a call reads.

LATER: Value = {"$from": {"call": "3", "path": "/data/id"}}


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ({}, "PUT /labels/{id}"),
        ({"args": {"id": "a/b %41 é"}}, "PUT /labels/a%2Fb%20%2541%20%C3%A9"),
        ({"args": {"id": LATER}}, "PUT /labels/<data/id of call 3>"),
        ({"args": {"id": "x"}, "query": {"userId": LATER, "n": 1}}, "PUT /labels/x?userId=data/id of call 3&n=1"),
    ],
)
def test_a_line_shows_names_encoded_and_values_to_come(words: dict[str, Any], line: str) -> None:
    assert call("1", **words).line == line


# Values to come.


def test_values_to_come_are_filled_in_everywhere() -> None:
    value: Value = {"a": [LATER, 1], "b": {"$from": {"call": "4", "path": ""}}, "$from": "own"}

    assert sources(value) == {"3", "4"}
    filled = resolved(value, {"3": {"/data/id": "x"}, "4": {"": [True]}})
    assert filled == {"a": ["x", 1], "b": [True], "$from": "own"}


def test_a_value_that_is_not_known_is_an_error() -> None:
    with pytest.raises(KeyError):
        resolved([LATER], {})
    with pytest.raises(KeyError):
        resolved([LATER], {"3": {}})


def test_a_plan_is_its_calls() -> None:
    one = plan(call("1"))

    assert one == plan(call("1"))
    assert one != replace(one, calls=(call("1", phase=Phase.ADD),))
