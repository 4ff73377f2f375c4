"""Names of live things: readable, one for each, never the key of another, the same in every run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.importing import Names, named, slug
from reconciler.load.shape import shipped_schema
from reconciler.model.json import Json, pick
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Resource
from reconciler.model.record import replace

PLAIN = Kind("p", "Thing", "name", {"name": Field("name")}, {})
FOLDED = Kind("p", "Thing", "name", {"name": Field("name", normalise=("casefold",))}, {})
TREE = Kind("p", "Thing", "path", {"path": Field("path", normalise=("segments",))}, {}, tree=True)
SCOPED = Kind(
    "p", "Thing", "key", {"key": Field("key"), "space": Field("space", ref="Space")}, {}, scope=("space",)
)

NAME = re.compile(str(pick(shipped_schema("manifest"), "/properties/metadata/properties/name/pattern")))


def thing(remote_id: str, key: Json, *scope: Json) -> Resource:
    return Resource(remote_id, key, {}, scope=scope)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Finance Team", "finance-team"),
        ("Größe & Maß", "grosse-mass"),
        ("jane@example.com", "jane-example.com"),
        ("../..//etc/passwd", "etc-passwd"),
        ("a..b--c__d._-e", "a-b-c-d-e"),
        ("q1.2026", "q1.2026"),
        ("日本", ""),
        ("\x1b[31m\u202e", "31m"),
        (" .-_ ", ""),
    ],
)
def test_slugs(text: str, name: str) -> None:
    assert slug(text) == name


@given(st.lists(st.text(max_size=30), min_size=1, max_size=6, unique=True), st.booleans())
def test_every_name_is_valid_and_means_one_thing(keys: list[str], tree: bool) -> None:
    kind = TREE if tree else PLAIN
    things = [thing(str(i), list[Json](key.split(" ")) if tree else key) for i, key in enumerate(keys)]
    found = named(kind, things, {})
    assert len(set(found.values())) == len(keys)
    assert all(NAME.fullmatch(name) and len(name) <= 250 for name in found.values())
    assert found == named(kind, reversed(things), {})
    assert not tree or all(found[t.id] not in keys or t.key == found[t.id].split("/") for t in things)
    assert tree or all(name not in keys or keys[int(i)] == name for i, name in found.items())


def test_equal_names_are_numbered_in_the_order_of_keys() -> None:
    assert named(PLAIN, [thing("2", "A b"), thing("1", "a-b!"), thing("3", "a b")], {}) == {
        "2": "a-b",
        "3": "a-b-2",
        "1": "a-b-3",
    }


def test_a_name_is_no_other_thing_s_key() -> None:
    """A reference `website` would mean two things."""
    assert named(PLAIN, [thing("1", "Website"), thing("2", "website")], {}) == {"1": "website-2", "2": "website"}
    assert named(FOLDED, [thing("1", "A B"), thing("2", "a-b")], {}) == {"1": "a-b-2", "2": "a-b"}


def test_names_that_are_known_stay_and_those_that_are_taken_are_left() -> None:
    things = [thing("1", "One"), thing("2", "Two"), thing("3", "one!")]
    assert named(PLAIN, things, {"2": "one"}, ["one-2"]) == {"2": "one", "1": "one-3", "3": "one-4"}


def test_a_scope_stands_before_a_key_that_others_have() -> None:
    things = [thing("1", "home", "5"), thing("2", "home", "6"), thing("3", "about", "6")]
    assert named(SCOPED, things, {}, scopes={"5": "site", "6": "shop"}) == {
        "1": "site/home",
        "2": "shop/home",
        "3": "about",
    }


def test_what_has_no_readable_key_is_named_by_its_id() -> None:
    assert named(PLAIN, [thing("9", "日本")], {}) == {"9": "thing-19581e27"}


def test_a_chain_is_a_path() -> None:
    assert named(TREE, [thing("1", ["Finance", "In/Out"])], {}) == {"1": "finance/in-out"}


def test_references_are_names_or_keys_or_nothing() -> None:
    names = Names({("Thing", "1"): "one"})
    names.natural(PLAIN, [thing("1", "One"), thing("2", "Two"), thing("3", "Same"), thing("4", "Same")])
    assert [names.of("Thing", i) for i in ("1", "2", "3", "5")] == ["one", "Two", None, None]
    names.people.add("Thing")
    assert names.of("Thing", "1") == "One"


def test_a_chain_of_names_is_called_by_these_joined_unless_one_holds_a_slash() -> None:
    names = Names()
    astray = replace(thing("3", ["(unplaced)", "Else"]), placed=False)
    names.natural(TREE, [thing("1", ["Finance", "Reports"]), thing("2", ["In/Out"]), astray])
    assert [names.of(TREE.name, i) for i in ("1", "2", "3")] == ["Finance/Reports", None, None]


def test_what_stands_in_a_place_is_called_by_its_place_too_alone_or_not() -> None:
    things = [thing("1", "badge", ["Web", "Kids"]), thing("2", "badge", ["Web"]), thing("3", "brand", ["Web"])]
    assert named(SCOPED, things, {}) == {"1": "web/kids/badge", "2": "web/badge", "3": "web/brand"}
