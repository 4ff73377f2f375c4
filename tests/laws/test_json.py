"""JSON values: equality in which `True` is not `1`, one text per value, pointers; and normal forms."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.json import ABSENT, Json, canonical, digest, leaves, pick, same
from reconciler.model.kind import Field
from reconciler.model.normalise import NORMALISERS, normal
from reconciler.model.record import replace
from tests.world import catalog

numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=5)
keys = st.text(st.sampled_from("ab/~0 é"), max_size=3)
values: st.SearchStrategy[Json] = st.recursive(
    scalars, lambda v: st.lists(v, max_size=3) | st.dictionaries(keys, v, max_size=3), max_leaves=8
)


def retyped(value: Json) -> Json:
    """The same JSON in other Python types: whole floats for small integers, other order of keys."""
    if isinstance(value, dict):
        return {k: retyped(value[k]) for k in reversed(value)}
    if isinstance(value, list):
        return [retyped(v) for v in value]
    whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if whole and abs(value) < 2**53 else value  # type: ignore[arg-type]


def numbered(value: Json) -> Json:
    """Every boolean as the number that Python takes it for."""
    if isinstance(value, dict):
        return {k: numbered(v) for k, v in value.items()}
    if isinstance(value, list):
        return [numbered(v) for v in value]
    return int(value) if isinstance(value, bool) else value


@given(values)
def test_a_value_is_the_same_as_itself_in_other_types(value: Json) -> None:
    assert same(value, value)
    assert same(value, retyped(value))
    assert same(value, json.loads(json.dumps(value)))


@given(values, values)
def test_sameness_has_no_direction(a: Json, b: Json) -> None:
    assert same(a, b) == same(b, a)


@given(values)
def test_a_boolean_is_no_number(value: Json) -> None:
    booleans = [v for _, v in leaves(value) if isinstance(v, bool)]

    assert same(value, numbered(value)) is not bool(booleans)


@given(values, values)
def test_one_text_per_value(a: Json, b: Json) -> None:
    """Equal texts are equal values. The other way round whole floats differ from integers in their text."""
    assert same(json.loads(canonical(a)), a)
    if canonical(a) == canonical(b):
        assert same(a, b)
        assert digest(a) == digest(b)


@given(st.dictionaries(keys, values, max_size=4))
def test_the_order_of_keys_decides_nothing(value: dict[str, Json]) -> None:
    other = {k: value[k] for k in reversed(value)}

    assert canonical(value) == canonical(other)
    assert digest(value) == digest(other)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [float("-inf")]])
def test_what_is_no_json_has_no_text(value: object) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(value)


@given(values)
def test_a_pointer_leads_to_every_leaf(value: Json) -> None:
    for path, leaf in leaves(value):
        pointer = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
        assert pick(value, pointer) is leaf


@given(values, keys)
def test_a_pointer_to_nothing_is_absent(value: Json, key: str) -> None:
    """Absent is not null: `{"a": null}` has an `a`."""
    assert pick(value, "") is value
    assert pick({"a": value}, "/a/" + "b" * 9) is ABSENT
    assert pick({"a": None}, "/a") is None
    assert pick([value], "/1") is ABSENT
    assert pick([value], "/-1") is ABSENT


texts = st.text(max_size=12) | st.sampled_from(
    [
        "2026-06-30",
        "2026-06-30T12:00:00+02:00",
        "2026-06-30T10:00:00Z",
        "0001-01-01T00:00+14:00",
        "Finance/Reports",
        " x ",
        "STRASSE",
        "straße",
    ]
)


@pytest.mark.parametrize("name", NORMALISERS)
@given(value=texts | values)
def test_a_normal_form_is_its_own(name: str, value: Json) -> None:
    """Whatever the value's type: normalisers see what servers send."""
    once = NORMALISERS[name](value)

    assert same(NORMALISERS[name](once), once)


def _fields() -> list[Field]:
    return [f for kind in catalog().kinds.values() for f in kind.fields.values() if f.normalise]


@pytest.mark.parametrize("field", _fields(), ids=lambda f: f"{f.name}: {' '.join(f.normalise)}")
@given(value=texts | values)
def test_the_normal_form_of_a_field_is_its_own(field: Field, value: Json) -> None:
    assert same(normal(field, normal(field, value)), normal(field, value))


@pytest.mark.parametrize("spelling", [str.upper, str.lower, str.swapcase, str.title])
@given(name=st.text(st.characters(max_codepoint=127), max_size=8))
def test_spellings_of_one_name_have_one_normal_form(spelling: Callable[[str], str], name: str) -> None:
    field = replace(_fields()[0], normalise=("casefold",))

    assert normal(field, spelling(name)) == normal(field, name)
