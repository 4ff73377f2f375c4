"""JSON as it is written for people and machines: the library's own layout, and nothing that acts on a terminal."""

from __future__ import annotations

import json
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.report.escape import json_text

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)


@given(VALUES, st.sampled_from((None, 1, 2)))
def test_it_is_laid_out_as_the_library_does(value: Json, indent: int | None) -> None:
    text = json_text(value, indent=indent)
    assert text == json.dumps(value, indent=indent).replace("\x7f", "\\u007f")
    assert json.loads(text) == value
    assert "\x7f" not in text
    assert text.isascii()


def test_what_is_a_list_or_a_text_by_birth_is_one() -> None:
    value = {"at": Address("studio", "Pod", "one"), "end": End.DONE}
    assert json_text(cast(Json, value)) == json.dumps(value, indent=2)


@pytest.mark.parametrize("value", [float("nan"), [float("inf")], {"a": float("-inf")}])
def test_what_json_cannot_say_is_an_error(value: Json) -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text(value)
