"""Many changes in one request: its place in the order, its number, what holds it, and what is counted."""

from __future__ import annotations

from reconciler.model.document import Address
from reconciler.model.holding import carriers_named, with_holds
from reconciler.model.json import Json
from reconciler.model.plan import Call, Phase, Role
from reconciler.model.values import found_at, resolved, sources
from reconciler.plan.numbers import numbered
from reconciler.plan.order import ordered
from tests.unit.plan.samples import call

BATCH = Address("analytics", "Label", "(batch)")


def batch(call_id: str, *after: str, of: str = "") -> Call:
    """A request that carries riders, or the preview of one that does."""
    rows: Json = {"rows": [{"$riders": of or call_id}], "count": {"$count": of or call_id}}
    role, behind = (Role.GATE if of else Role.WRITE), frozenset(after)
    return Call(
        call_id, "analytics", "Label", BATCH, "POST", "/rows", Phase.UPDATE, role=role, body=rows, after=behind
    )


def rider(call_id: str, carrier: str, *after: str) -> Call:
    return call(call_id, Phase.CREATE, name=call_id, carrier=carrier, after=frozenset(after))


def ids(calls: list[Call]) -> list[str]:
    return [c.id for c in calls]


def test_a_request_stands_after_all_it_carries_and_before_what_needs_any_of_it() -> None:
    calls = [call("z", name="a", after=frozenset({"r1"})), batch("b"), rider("r2", "b", "r1"), rider("r1", "b")]

    assert ids(ordered(calls)) == ["r1", "r2", "b", "z"]


def test_a_preview_stands_between_the_riders_and_their_request() -> None:
    calls = [batch("b", "p"), batch("p", of="b"), rider("r1", "b")]

    assert ids(ordered(calls)) == ["r1", "p", "b"]


def test_one_request_after_another_needs_no_edge_between_every_rider() -> None:
    calls = [batch("b"), batch("c"), rider("r1", "b"), rider("r2", "c", "r1")]

    assert ids(ordered(calls)) == ["r1", "b", "r2", "c"]


def test_numbers_replace_names_wherever_a_request_is_spoken_of() -> None:
    first, found, rides = batch("b"), call("f", name="f", role=Role.FIND), rider("r1", "b")
    last = call("l", body={"id": {"$find": {"read": "f", "key": "x", "scope": []}}}, after=frozenset({"f"}))
    calls = {c.path + c.address.name: c for c in numbered([rides, first, found, last])}

    assert {c.id: c.carrier for c in calls.values()} == {"1": "2", "2": None, "3": None, "4": None}
    assert carriers_named(next(c for c in calls.values() if c.id == "2")) == {"2"}
    assert sources(next(c for c in calls.values() if c.id == "4").body) == {"3"}


def test_a_request_all_of_whose_riders_are_held_is_held_and_so_is_its_preview() -> None:
    calls = [batch("3", "2"), batch("2", of="3"), rider("1", "3")]

    held = with_holds(calls, lambda c: ["stop"] if c.id == "1" else [])

    assert {i: c.held for i, c in held.items()} == {
        "1": ("stop",),
        "2": ("depends on 1",),
        "3": ("depends on 1", "depends on 2"),
    }


def test_a_request_goes_as_long_as_one_rider_does() -> None:
    calls = [batch("3"), rider("1", "3"), rider("2", "3")]

    held = with_holds(calls, lambda c: ["stop"] if c.id == "1" else [])

    assert [i for i, c in held.items() if c.held] == ["1"]


def test_riders_are_spliced_into_their_place_and_counted() -> None:
    body = resolved(batch("3").body, {}, {"3": [{"a": 1}, {"b": 2}]})

    assert body == {"rows": [{"a": 1}, {"b": 2}], "count": 2}


def test_what_a_reading_found_is_looked_up_by_key_and_scope() -> None:
    value: Json = {"id": {"$find": {"read": "3", "key": ["A", "b"], "scope": ["s"]}}}

    assert resolved(value, {"3": {found_at(["A", "b"], ["s"]): "77"}}) == {"id": "77"}
