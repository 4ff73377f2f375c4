"""Nodes and attributes that are made anew where others stand, or beneath what is made anew (OC-R73)."""

from __future__ import annotations

from tests.contract.classes import GONE, at, attributes, cl, nd, tree
from tests.contract.keywords import action, applied, carried_out, planned
from tests.world import World

BOTH = {**GONE, "allow": ["delete", "replace"]}


def begin(k: World) -> None:
    for key in ("one", "two"):
        k.core.add_definition(key)


def test_an_attribute_takes_the_place_of_one_that_leaves_git_and_stays(k: World) -> None:
    begin(k)
    carried_out(k, cl("S"), at("S", "one", name="moves"), at("S", "two", name="goes", localized=True, **GONE))

    deed = carried_out(k, cl("S"), at("S", "two", name="moves", **BOTH), calls=2)

    assert ["delete" in s for s in deed.sent] == [True, False]
    assert attributes(k) == {"S": ["two"]}
    assert not k.core.attribute("/S", "two").localized


def test_what_goes_before_is_not_sent_back_with_another_attribute_of_the_node(k: World) -> None:
    begin(k)
    k.core.add_definition("three")
    words = [cl("S"), at("S", "one", name="moves"), at("S", "three", name="stays")]
    carried_out(k, *words, at("S", "two", name="goes", localized=True, **GONE))

    deed = carried_out(
        k, cl("S"), at("S", "three", name="stays", localized=True), at("S", "two", name="moves", **BOTH), calls=2
    )

    assert deed.sent[1].count("<attr ") == 2
    assert attributes(k) == {"S": ["three", "two"]}
    assert not k.core.attribute("/S", "two").localized


def test_a_node_takes_the_place_of_one_that_leaves_git_with_what_is_in_it(k: World) -> None:
    begin(k)
    gone = [nd("S/a", name="a", **GONE), nd("S/a/b", name="b", **GONE), at("S/a", "one", name="u", **GONE)]
    carried_out(k, cl("S"), *gone, nd("S/c", name="c"))

    deed = carried_out(k, cl("S"), nd("S/a", name="c", en_GB="C", **BOTH), calls=2)

    assert ["delete" in s for s in deed.sent] == [True, False]
    assert sorted(tree(k)) == ["S", "S/a"]
    assert attributes(k) == {}


def test_what_lies_beneath_a_node_that_is_made_anew_comes_with_it(k: World) -> None:
    begin(k)
    carried_out(k, cl("S"), nd("S/a", name="a"))

    held = planned(k, cl("S"), nd("S/b", name="a"), nd("S/b/new", name="new"))
    assert [h.rule for h in action(held, "a").holds] == ["replace"]
    assert applied(k, held).sent == []
    assert sorted(tree(k)) == ["S", "S/a"]
    carried_out(k, cl("S"), nd("S/a", name="a"), nd("S/a/old", name="old", **GONE))
    carried_out(k, cl("S"), nd("S/b", name="a", **BOTH), nd("S/b/new", name="new"), calls=2)

    assert sorted(tree(k)) == ["S", "S/b", "S/b/new"]
