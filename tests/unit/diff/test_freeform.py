"""Free-form JSON values explained by path."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.diff.freeform import differences
from reconciler.model.json import ABSENT, Json, same

values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2),
    lambda v: st.lists(v, max_size=2) | st.dictionaries(st.text("ab", min_size=1, max_size=2), v, max_size=2),
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


@given(values, values)
def test_something_is_explained_exactly_where_something_differs(before: Json, after: Json) -> None:
    assert bool(differences({"v": before}, {"v": after})) is not same(before, after)
