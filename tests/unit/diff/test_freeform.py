"""Free-form JSON values explained by path."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.diff.freeform import differences
from reconciler.model.json import ABSENT, Json, same

values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda v: st.lists(v, max_size=2) | st.dictionaries(st.sampled_from(["a", "ab", "id"]), v, max_size=2),
    max_leaves=6,
)


def test_changes_additions_and_removals_in_path_order() -> None:
    before: Json = {"b": [1, 2], "a": {"x": 1}, "gone": 0}
    after: Json = {"b": [1, 3, 4], "a": {"x": "1"}, "here": None}

    assert differences(before, after) == [
        (("a", "x"), 1, "1"),
        (("b", "1"), 2, 3),
        (("b", "2"), ABSENT, 4),
        (("gone",), 0, ABSENT),
        (("here",), ABSENT, None),
    ]


def test_a_whole_float_is_its_integer_and_true_is_no_number() -> None:
    assert differences({"a": 1}, {"a": 1.0}) == []
    assert differences({"a": 1}, {"a": True}) == [(("a",), 1, True)]
    assert differences([0, {"a": [1]}], [False, {"a": [True]}]) == [(("0",), 0, False), (("1", "a", "0"), 1, True)]


def test_items_with_ids_of_their_own_are_compared_by_them() -> None:
    red: Json = {"id": "red", "labels": {"de_DE": "Rot"}}
    green: Json = {"id": "green", "labels": {"de_DE": "Grün"}}
    blue: Json = {"id": "blue", "labels": {"de_DE": "b"}}
    leaf: Json = {"id": "green", "labels": {"de_DE": "Laub"}}

    assert differences({"values": [red, green, blue]}, {"values": [leaf, blue, {"id": "touch"}]}) == [
        (("values", "green", "labels", "de_DE"), "Grün", "Laub"),
        (("values", "red"), {"labels": {"de_DE": "Rot"}}, ABSENT),
        (("values", "touch"), ABSENT, {}),
    ]
    assert differences([red, green], [green, red, blue]) == [
        (("(order)",), ["red", "green"], ["green", "red", "blue"]),
        (("blue",), ABSENT, {"labels": {"de_DE": "b"}}),
    ]
    assert differences([[red]], [[{"id": "red"}]]) == [(("0", "red", "labels"), {"de_DE": "Rot"}, ABSENT)]


def test_another_order_is_told_however_deep_it_is() -> None:
    one: Json = {"id": "one"}
    two: Json = {"id": "two"}
    before: Json = {"groups": [{"id": "g", "items": [one, two]}, [[one, two]]]}
    after: Json = {"groups": [{"id": "g", "items": [two, one]}, [[two, one]]]}
    deep: Json = [{"id": "g", "items": {"of": [one, two]}}]
    turned: Json = [{"id": "g", "items": {"of": [two, one]}}]

    assert differences(before, after) == [
        (("groups", "0", "items", "(order)"), ["one", "two"], ["two", "one"]),
        (("groups", "1", "0", "(order)"), ["one", "two"], ["two", "one"]),
    ]
    assert differences(deep, turned) == [
        (("g", "items", "of", "(order)"), ["one", "two"], ["two", "one"]),
    ]


def test_items_without_an_id_each_of_its_own_are_compared_by_their_place() -> None:
    twice: Json = [{"id": "a"}, {"id": "a", "b": 1}]

    assert differences(twice, [{"id": "a"}]) == [(("1",), {"id": "a", "b": 1}, ABSENT)]
    assert differences([{"id": "a"}, {"b": 1}], [{"id": "b"}, {"b": 1}]) == [(("0", "id"), "a", "b")]


@given(values, values)
def test_something_is_explained_exactly_where_something_differs(before: Json, after: Json) -> None:
    assert bool(differences({"v": before}, {"v": after})) is not same(before, after)
