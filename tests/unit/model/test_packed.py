"""Answers that are put away, and taken out again as they were."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.answers import Answers, folded
from reconciler.model.call import Request
from reconciler.model.json import Json, identical
from reconciler.model.live import Replies
from reconciler.model.packed import Away, Packed, put_away, taken_out

LIST = Request("here", "GET", "/things")
OTHER = Request("here", "GET", "/things/1")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_taken_out_is_what_was_put_away(value: Json) -> None:
    away = put_away(value)
    assert type(away).__name__ == "Away"
    assert put_away(away) is away
    assert identical(taken_out(away), value)


def test_half_a_character_stays_as_it_is() -> None:
    value: Json = {"name": "\ud800"}
    assert put_away(value) is value is taken_out(value)


def test_all_replies_are_packed_and_come_back() -> None:
    replies: Replies = ((LIST, ["a", {"b": None}]), (OTHER, None))
    packed = Packed.of(replies)

    assert packed.requests == (LIST, OTHER)
    assert packed.replies() == replies


def test_what_was_found_stays_and_who_looks_again_is_told() -> None:
    def add(found: list[Json], request: Request, body: Json) -> None:
        found.append(body)

    whole = Answers([(LIST, [1]), (OTHER, [2])])
    assert folded(whole, "all", list[Json], add) == [[1], [2]]

    lighter = whole.put_away(0, "GET /things")

    assert [isinstance(body, Away) for _, body in lighter] == [True, False]
    assert folded(lighter.and_then([(OTHER, [3])]), "all", list[Json], add) == [[1], [2], [3]]
    with pytest.raises(TypeError, match="put away"):
        folded(lighter, "something else", list[Json], add)
    with pytest.raises(TypeError, match="put away"):
        folded(tuple(lighter), "all", list[Json], add)
