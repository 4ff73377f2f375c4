"""What is known only within something else: found there, named there, and made after it."""

from __future__ import annotations

from reconciler.model.change import Change, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Resource
from tests.unit.diff import hard
from tests.unit.diff.anywhere import at, told
from tests.world import doc

BASES = [Resource(f"c{n}", name, {"name": name}) for n, name in enumerate(("Warehouse", "Lake"))]
WITHIN: JsonObject = {"connection": "Warehouse", "model": "orders"}
ORDERS = doc("Model", "orders", {"connection": "Warehouse", "name": "Orders", "modelKind": "SHARED"})


def model(own: str, connection: str) -> Resource:
    held: dict[str, Json] = {"connection": connection, "name": "Orders", "modelKind": "SHARED"}
    return Resource(own, "Orders", held, "Orders", scope=(connection,))


LIVE = {"analytics/Connection": BASES, "analytics/Model": [model("m1", "c1"), model("m0", "c0")]}


def meant(change: Change) -> tuple[Verb, str | None]:
    return change.verb, change.live.id if change.live else None


def test_what_is_within_two_others_is_found_when_both_are_known() -> None:
    file = doc("ModelFile", "f", {**WITHIN, "file": "a.view"})
    held = Resource("x", "a.view", {**WITHIN, "file": "a.view"}, scope=("c0", "m0"))
    base = doc("Connection", "base", {"name": "Warehouse"})

    found = told([file, ORDERS, base], {**LIVE, "analytics/ModelFile": [held]})

    assert [meant(found[n]) for n in ("base", "orders", "f")] == [
        (Verb.ADOPT, "c0"), (Verb.ADOPT, "m0"), (Verb.ADOPT, "x"),
    ]  # fmt: skip


def test_an_entry_says_itself_within_what_it_names_something() -> None:
    roles: Json = [{**WITHIN, "role": "VIEWER"}, {**WITHIN, "connection": "Lake", "role": "VIEWER"}]

    found = told([ORDERS, doc("ModelRoles", "r", {"subject": {"group": "G"}, "roles": roles})], LIVE)["r"]

    assert [e.wire["model"] for e in found.deltas["roles"].add] == ["m0"]
    assert "no Model 'orders' is " in next(h.reason for h in found.holds if h.only)


def test_in_what_list_it_will_be_found_is_known_as_far_as_that_is_to_come() -> None:
    space, page = doc("Space", "s", {"name": "Site"}), doc("Component", "p", {"space": "s", "key": "home"})

    assert told([space, page], {})["p"].by == {"space": '{"$id":"cms/Space/s"}'}
    there = {"cms/Space": [Resource("s1", "Site", {"name": "Site"})]}
    assert told([space, page], there)["p"].by == {"space": "s1"}


def test_a_root_that_is_mentioned_comes_about_with_what_brings_it_about() -> None:
    root = doc("core/Classification", "std", {"identifier": "S"})
    shoe = doc("core/Product", "shoe", {"identifier": "p1", "name": "Shoe", "node": "S"})

    assert told([root, shoe], {})["shoe"].needs == {at("core/Classification/std")}
    deeper = doc("core/Product", "shoe", {"identifier": "p1", "name": "Shoe", "node": "S/a"})
    assert told([root, deeper], {})["shoe"].needs == frozenset()


def test_what_cannot_go_to_another_box_stays_in_its_place() -> None:
    live = [
        *(hard.there("Box", f"b{n}", name) for n, name in enumerate(("red", "blue"))),
        hard.there("Thing", "1", "cup", scope=("b0",), box="b0"),
    ]
    fixed = hard.declared("Thing", "fixed", {"box": "blue", "key": "cup"})

    found = hard.told(
        [fixed, hard.declared("Thing", "new", {"box": "red", "key": "cup"})],
        live,
        [hard.bound("Thing", "fixed", "1")],
    )

    assert {n: hard.rules(c) for n, c in found.items()} == {"fixed": ["immutable"], "new": ["taken"]}
