"""What we write as YAML our own reader gives back letter by letter, however hostile it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.load import events, write
from reconciler.load.explain import Where
from reconciler.load.variables import Variables
from reconciler.model.json import Json, JsonObject

SIGNS = ["a", "b c", " ", "\t", "\n", "\n\n", "#", ": ", "- ", "${", "$", "{", "}", "'", '"', "yes", "~", "0o14"]
SIGNS += ["1_000", "---\n", "...\n", "|", "é", "&a", "*a", "!x", "%", "@", "`", "\\", "\x85", "\u2028", "\ufeff"]
SIGNS += ["\u200b", "<<"]
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.lists(
    st.sampled_from(SIGNS), max_size=8
).map("".join)
leaves = texts | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values: st.SearchStrategy[Json] = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=12
)
specs = st.dictionaries(texts, values, max_size=4)
HEAD: JsonObject = {"apiVersion": "x/v1", "kind": "K", "metadata": {"name": "n", "id": "${x}"}}


def read(text: str) -> list[Json]:
    """As a run reads it, with variables substituted."""
    reading = events.read(text.encode(), "f.yaml")
    problems = list(reading.problems)
    found = [Variables({}).substituted(d.value, (), Where(d.positions), problems) for d in reading.documents]
    assert problems == []
    return found


@given(st.lists(specs, max_size=3), st.lists(texts, max_size=2))
@example([{"a": "x\n  y\n"}, {"a": "- x\n\n\n"}, {"a": "\n  b"}], ["\n---"])
@example([{"a": "1e3"}, {"on": "on", "n": ["no", "0x1", ".inf", "2024-01-01", "12:30:00"]}], [])
def test_what_is_written_is_read_back(wanted: list[JsonObject], notes: list[str]) -> None:
    sheets = [write.Sheet(HEAD, spec, notes) for spec in wanted if not write.unwritable(spec)]
    found = read(write.manifest(sheets, header=notes))
    assert json.dumps(found) == json.dumps([{**HEAD, "spec": dict(s.spec)} for s in sheets])


@given(values)
def test_what_is_not_writable_is_refused_with_a_reason(value: Json) -> None:
    """Whatever is not refused can be read; whatever is refused could not be."""
    text = write.manifest([write.Sheet(HEAD, {"a": value})])
    problems = events.read(text.encode("utf-8", "surrogatepass"), "f.yaml").problems
    assert bool(problems) == bool(write.unwritable(value))


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("\u202eevil", "turns the direction"),
        ("a\r\nb", "U+000D"),
        ({"\x00": 1}, "U+0000"),
        (["\ud800"], "half a character"),
        ("x" * (1 << 20), "too long"),
    ],
)
def test_reasons(value: Json, reason: str) -> None:
    assert reason in write.unwritable(value)


def test_what_is_too_deep() -> None:
    value: Json = 1
    for _ in range(100):
        value = [value]
    assert "too deep" in write.unwritable(value)


def test_what_nobody_sees_is_written_out() -> None:
    spec: JsonObject = {"a": "x\u3164y", "b": "x\n\u115f\n", "c": "\u200b"}
    text = write.manifest([write.Sheet(HEAD, spec)])
    assert read(text) == [{**HEAD, "spec": spec}]
    assert not {"\u3164", "\u115f", "\u200b"} & {*text}


def test_how_it_looks() -> None:
    spec: JsonObject = {
        "name": "Größe: all",
        "flag": True,
        "text": "one\n  two\n",
        "people": [{"user": "jane@example.com", "isPrimary": True}, "bob@example.com"],
        "long": [{"key": "x" * 40, "other": "y" * 40, "third": "z" * 40}],
        "none": {},
    }
    assert write.manifest([write.Sheet(HEAD, spec, ["a note"])], ["a header"]) == (
        '# a header\n# a note\napiVersion: x/v1\nkind: K\nmetadata: {name: "n", id: "$${x}"}\nspec:\n'
        '  name: "Größe: all"\n  flag: true\n  text: |\n    one\n      two\n'
        "  people: [{user: jane@example.com, isPrimary: true}, bob@example.com]\n"
        f"  long:\n    - key: {'x' * 40}\n      other: {'y' * 40}\n      third: {'z' * 40}\n  none: {{}}\n"
    )
