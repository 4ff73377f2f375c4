"""Kinds that follow others (`x-follows`): all of them, or the thing that a field names."""

from __future__ import annotations

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Resource
from reconciler.model.plan import Call, Phase, Role
from reconciler.model.record import replace
from reconciler.plan.edges import kinds_in_order

NAME = Field("name", wire="/name")
BASE = Kind("odd", "Base", "name", {"name": NAME}, {})
ALL = Kind("odd", "All", "name", {"name": NAME}, {}, follows={"Base": ""})
ONE = Kind("odd", "One", "name", {"name": NAME, "base": Field("base", ref="Base")}, {}, follows={"Base": "base"})
KINDS = {("t", k.name): k for k in (BASE, ALL, ONE)}


def call(kind: str, name: str, phase: Phase = Phase.UPDATE) -> Call:
    return Call(f"{kind}/{name}", "t", kind, Address("t", kind, name), "PUT", "/x", phase)


def change(kind: str, name: str, live: str | None = None, base: Value = None) -> Change:
    found = Resource(live, name, {}) if live else None
    return Change(Verb.UPDATE, Address("t", kind, name), live=found, key=name, wire={"name": name, "base": base})


def follows(calls: list[Call], *changes: Change) -> dict[str, set[str]]:
    by_address = {c.address: c for c in changes}
    return {c.id: set(c.follows) for c in kinds_in_order(calls, by_address, KINDS)}


def test_as_a_list_every_write_of_the_kind_is_followed_and_deletes_are_left_alone() -> None:
    calls = [call("Base", "a"), call("Base", "b"), call("Base", "c", Phase.DELETE), call("All", "x")]
    calls += [call("All", "y", Phase.DELETE)]
    named = [change("Base", n, n) for n in "abc"] + [change("All", n, n) for n in "xy"]

    found = follows(calls, *named)

    assert found == {**{c.id: set() for c in calls}, "All/x": {"Base/a", "Base/b"}}


def test_by_a_field_just_the_thing_it_names_by_id_by_promise_or_by_key() -> None:
    calls = [call("Base", "a"), call("Base", "b", Phase.CREATE), *(call("One", n) for n in "xyz")]
    named = [
        change("Base", "a", "id-a"),
        change("Base", "b"),
        change("One", "x", "1", "id-a"),
        change("One", "y", "2", {"$id": "t/Base/b"}),
        change("One", "z", "3", "a"),
    ]

    found = follows(calls, *named)

    assert (found["One/x"], found["One/y"], found["One/z"]) == ({"Base/a"}, {"Base/b"}, {"Base/a"})


def test_all_that_follow_the_same_share_one_set() -> None:
    """What they follow is then no longer than the plan, however many there are."""
    calls = [*(call("Base", f"b{n}") for n in range(20)), *(call("All", f"a{n}") for n in range(20))]
    about = [change(kind, f"{kind[0].lower()}{n}") for kind in ("Base", "All") for n in range(20)]
    changes = {c.address: c for c in about}

    found = [c.follows for c in kinds_in_order(calls, changes, KINDS) if c.kind == "All"]

    assert len(found[0]) == 20
    assert all(one is found[0] for one in found)


def test_what_it_comes_after_or_waits_for_already_is_not_followed_besides() -> None:
    calls = [*(call("Base", n) for n in "abcd"), replace(call("All", "x"), after=frozenset({"Base/a"}))]
    calls[-1] = replace(calls[-1], waits=frozenset({"Base/b"}), follows=frozenset({"Base/c", "One/y"}))

    assert follows(calls)["All/x"] == {"Base/c", "Base/d", "One/y"}


def test_what_stands_in_for_another_call_is_not_followed() -> None:
    instead = replace(call("Base", "b"), role=Role.CONTINGENT)

    assert follows([call("Base", "a"), instead, call("All", "x")])["All/x"] == {"Base/a"}


def test_things_of_another_target_are_not_followed() -> None:
    elsewhere = replace(call("Base", "a"), target="far")

    assert follows([elsewhere, call("All", "x")])["All/x"] == set()


def test_what_is_of_no_known_kind_follows_nothing() -> None:
    """A request that carries others may be of none."""
    assert follows([call("Base", "a"), call("Odd", "x")])["Odd/x"] == set()


def test_who_names_nothing_follows_nothing() -> None:
    calls = [call("Base", "a"), call("One", "x"), call("One", "y")]

    found = follows(calls, change("Base", "a", "id-a"), change("One", "x", "1"))

    assert (found["One/x"], found["One/y"]) == (set(), set())
