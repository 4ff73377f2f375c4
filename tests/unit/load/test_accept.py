"""The validator that says yes says so only where the one that explains would find nothing."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.load.accept import accepting
from reconciler.load.kinds import load_kinds
from reconciler.load.shape import Form, prepared, shipped_schema
from reconciler.load.validators import Validators
from reconciler.load.words import LONGEST_MATCHED
from reconciler.model.json import Json, JsonObject, leaves

KINDS = {f"{p}/{n}": kind for (p, n), kind in load_kinds().items() if not kind.refused}
VALIDATORS = Validators({})
ODD: list[Json] = [
    None, True, False, 0, 1, 1.0, -0.0, 1.5, 2**53, 2**53 + 1, float(2**53), -(10**30), 10**400, 1e22, 10**22,
    1e308,
    "", "a", "A b", "a\n", "x" * 300, "x" * (LONGEST_MATCHED + 1), "ä", "😀" * 60, "\ud800", "1", "../x", "/a/b",
    "jane@example.com", "jane..doe@example.com", "jane@example", "2026-06-30", "2026-02-30",
    "2026-06-30T17:00:00Z",
    "2026-06-30T17:00:00", "0 9 ? * MON *", "https://example.com", [], {}, [1, 1.0], [1, True], ["a", "a"],
    [[1], [1.0]], [{"a": 1}, {"a": 1.0}], {"fromEnv": "A", "version": 1}, {"fromEnv": "A", "version": True},
    {"": ""},
]  # fmt: skip


def paths(value: Json, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [above, *(path for step, one in below for path in paths(one, (*above, step)))]


@st.composite
def changed(draw: st.DrawFn, examples: list[Json]) -> Json:
    """One of the examples, with something of it replaced, taken out, doubled or added."""
    value: Any = [copy.deepcopy(draw(st.sampled_from(examples)))]
    for _ in range(draw(st.integers(0, 3))):
        path = draw(st.sampled_from(paths(value)[1:] or [(0,)]))
        around = value
        for step in path[:-1]:
            around = around[step]
        how, odd = draw(st.integers(0, 3)), draw(st.sampled_from(ODD))
        if how == 0 and len(path) > 1:
            del around[path[-1]]
        elif how == 1 and isinstance(around, list) and len(path) > 1:
            around.append(copy.deepcopy(around[path[-1]]))
        elif how == 2 and isinstance(around, dict):
            around[draw(st.sampled_from(["name", "x-y", "", "ä", "\ud800"]))] = copy.deepcopy(odd)
        else:
            around[path[-1]] = copy.deepcopy(odd)
        if not value:
            value = [None]
    found: Json = value[0]
    return found


def judged(form: Form, value: Json) -> bool:
    """Whether it is right, as both say."""
    right = form.explains.is_valid(value)
    assert right or not form.accepts(value), value
    assert not right or form.accepts(value) or "\\ud800" in ascii(value) or _huge(value), value
    return right


def _huge(value: Json) -> bool:
    """Where the quick one may shy away from a number: it is as large as no manifest has one."""
    return any(isinstance(one, int | float) and abs(one) >= 2**53 for _, one in leaves(value))


def specs(name: str) -> list[Json]:
    found = KINDS[name].schema.get("examples")
    return found if isinstance(found, list) and found else [{}]


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
def test_no_spec_is_accepted_that_is_wrong(name: str, data: st.DataObject) -> None:
    judged(VALIDATORS.spec(KINDS[name]), data.draw(changed(specs(name))))


@pytest.mark.parametrize("name", KINDS)
def test_what_the_schemas_show_is_accepted_at_once(name: str) -> None:
    """None of it goes the slow way."""
    for spec in specs(name) if not KINDS[name].source else ():
        assert VALIDATORS.spec(KINDS[name]).accepts(spec)
    for field, node in KINDS[name].fields.items():
        form = VALIDATORS.field(KINDS[name], field)
        for example in form.schema.get("examples", []) if not node.write_only else []:  # type: ignore[union-attr]
            assert form.accepts(example) or not form.explains.is_valid(example), (field, example)


@pytest.mark.parametrize("name", ["manifest", "project", "operator"])
@given(data=st.data())
def test_no_document_is_accepted_that_is_wrong(name: str, data: st.DataObject) -> None:
    examples = shipped_schema(name)["examples"]
    assert isinstance(examples, list)
    judged(Form(shipped_schema(name)), data.draw(changed(examples)))


NUMBERS = st.sampled_from([0, 1, -1, 0.5, 10, 2**40, 1.0, 2**52])
TEXTS = st.sampled_from(["a", "", "1", "ä"])
PATTERNS = st.sampled_from(
    [
        "^a$",
        "a",
        r"^\d+$",
        r"^\w+$",
        r"\bä",
        "^[^/]+$",
        r"^(?!\.).*$",
        r"^a\$",
        "[^:a]",
        r"\Aa",
        "(?i)A",
        "^.$",
    ]
)
PLAIN = st.one_of(NUMBERS, TEXTS, st.booleans(), st.none())
WORDS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"]),
        "enum": st.lists(st.one_of(PLAIN, st.lists(PLAIN, max_size=2)), min_size=1, max_size=3),
        "const": PLAIN,
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "exclusiveMinimum": NUMBERS,
        "exclusiveMaximum": NUMBERS,
        "dependentRequired": st.dictionaries(TEXTS, st.lists(TEXTS, max_size=2, unique=True), max_size=2),
        "minLength": st.integers(0, 3),
        "maxLength": st.integers(0, 3),
        "pattern": PATTERNS,
        "format": st.sampled_from(["email", "date", "date-time", "colour", "uri", "regex", "ipv4"]),
        "uniqueItems": st.booleans(),
        "minItems": st.integers(0, 2),
        "maxItems": st.integers(0, 2),
        "required": st.lists(TEXTS, max_size=2, unique=True),
        "minProperties": st.integers(0, 2),
        "maxProperties": st.integers(0, 2),
    },
)
SCHEMAS = st.recursive(
    WORDS,
    lambda below: st.builds(
        lambda words, more: {**words, **more},
        WORDS,
        st.fixed_dictionaries(
            {},
            optional={
                "items": below,
                "not": below,
                "propertyNames": below,
                "additionalProperties": st.one_of(below, st.booleans()),
                "properties": st.dictionaries(TEXTS, below, max_size=2),
                "anyOf": st.lists(below, min_size=1, max_size=2),
                "oneOf": st.lists(below, min_size=1, max_size=2),
                "allOf": st.lists(below, min_size=1, max_size=2),
                "prefixItems": st.lists(below, min_size=1, max_size=2),
            },
        ),
    ),
    max_leaves=4,
)
VALUES = st.recursive(
    st.one_of(
        st.sampled_from([one for one in ODD if not isinstance(one, list | dict)]),
        st.integers(),
        st.text(max_size=4),
    ),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(TEXTS, below, max_size=3)),
    max_leaves=5,
)


@given(SCHEMAS, st.lists(VALUES, min_size=1, max_size=8))
def test_words_mean_to_one_what_they_mean_to_the_other(schema: JsonObject, values: list[Json]) -> None:
    form = Form(schema)
    for value in values:
        judged(form, value)


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://example.com/schema"},
        {"properties": {"a": {"$ref": "#/x"}}},
        {"multipleOf": 2},
        {"contains": {"type": "string"}},
        {"if": {}, "then": {}},
        {"enum": [2**60]},
        {"maximum": 2**53},
        {"minLength": 1.0},
        {"type": "text"},
        {"pattern": 1},
        {"unheardOf": True},
    ],
)
def test_a_word_that_may_mean_something_else_is_not_judged(schema: JsonObject) -> None:
    values: list[Json] = [2, "a", [], {}, None, 2.0**60]
    assert not any(accepting(schema)(value) for value in values)


def test_what_is_right_needs_no_explaining() -> None:
    form = Form(prepared(shipped_schema("manifest")))
    examples = shipped_schema("manifest")["examples"]
    assert isinstance(examples, list)
    example = examples[0]
    assert form.is_valid(example)
    assert [*form.iter_errors(example)] == []
    assert form._explains is None
    assert not form.is_valid({})
    assert form._explains is not None
