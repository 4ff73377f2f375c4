"""The quick way to read an answer says what the thorough one says, or leaves it to that one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.json import Missing
from reconciler.model.record import replace
from reconciler.wire import decode
from reconciler.wire.body import Unusable
from reconciler.wire.limits import USUAL

TIGHT = replace(USUAL, depth=4, values=40)
NAMES = st.sampled_from(["a", "b", '"', 'a":', '" :', "\\", "é", "", " : "])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), NAMES),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)


def by_both(raw: bytes) -> tuple[object, object]:
    """What the quick one makes of it, and what the thorough one does or says."""
    quickly = decode._quickly(raw, TIGHT)
    try:
        return quickly, decode._thoroughly(raw, TIGHT)
    except Unusable as error:
        return quickly, error


def agree(raw: bytes) -> bool:
    """Whether the quick one took it; then both say the same, to the last type and in the same order."""
    quickly, thoroughly = by_both(raw)
    if isinstance(quickly, Missing):
        return False
    assert repr(quickly) == repr(thoroughly)
    return True


@given(value=VALUES, blanks=st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: "), ("\r\n,", " \r:")]))
def test_whatever_is_right(value: Any, blanks: tuple[str, str]) -> None:
    agree(json.dumps(value, separators=blanks, ensure_ascii=False).encode())


@given(
    pairs=st.lists(st.tuples(NAMES, VALUES), max_size=5),
    colon=st.sampled_from([":", " :", "\n:", "\t : "]),
    below=st.booleans(),
)
def test_a_key_that_stands_twice_is_never_taken(pairs: list[tuple[str, Any]], colon: str, below: bool) -> None:
    inner = ", ".join(f"{json.dumps(n)}{colon}{json.dumps(v)}" for n, v in pairs)
    raw = (f'[{{"x": {{{inner}}}}}]' if below else f"{{{inner}}}").encode()
    taken = agree(raw)
    assert not (taken and len({n for n, _ in pairs}) < len(pairs))


@given(raw=st.text(alphabet='{}[]":, \\ab1.eENIu\n', max_size=40))
def test_whatever_is_no_json(raw: str) -> None:
    agree(raw.encode())


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a": 1, "a": 2}',
        b'{"a" : 1, "a" :2}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a\\":": 1, "b" : 1, "b" : 2}',
        b'{"a": "x\\":y", "b": 1, "b": 2}',
        b"[[[[[1]]]]]",
        b"[" + b"1," * 40 + b"1]",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'"\xff"',
        b"[" * 100_000,
        b"1" * 5_000,
    ],
)
def test_what_is_refused_is_refused_the_thorough_way(raw: bytes) -> None:
    quickly, thoroughly = by_both(raw)
    assert isinstance(quickly, Missing)
    assert isinstance(thoroughly, Unusable)


def test_an_ordinary_page_goes_the_quick_way() -> None:
    page = {"Resources": [{"id": str(i), "userName": f"p{i}@example.com"} for i in range(5)], "totalResults": 5}
    for blanks in ((",", ":"), (", ", ": "), (",\n", " : ")):
        assert agree(json.dumps(page, separators=blanks).encode())
