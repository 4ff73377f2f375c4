"""What a YAML library writes, ours reads back, value for value."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.load.characters import IN_TEXT
from reconciler.load.events import read
from reconciler.model.json import Json, same
from reconciler.model.place import SpecPath

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda t: not IN_TEXT.search(t))
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
VALUES = st.recursive(
    LEAVES, lambda below: st.lists(below, max_size=4) | st.dictionaries(TEXTS, below, max_size=4)
)


def back(text: str) -> Json:
    reading = read(text.encode(), "f")
    assert reading.problems == ()
    return reading.documents[0].value if reading.documents else None


class Quoting(yaml.SafeDumper):
    """Quotes every text: by YAML 1.1, `0o14` needs no quotes, and comes back as a number by 1.2."""


Quoting.add_representer(str, lambda d, text: d.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


@pytest.mark.parametrize("flow", [True, False])
@given(value=VALUES)
def test_quoted_yaml_comes_back(value: Json, flow: bool) -> None:
    assert same(back(yaml.dump(value, Dumper=Quoting, allow_unicode=True, default_flow_style=flow)), value)


@given(st.dictionaries(TEXTS, VALUES, max_size=4))
def test_json_is_yaml(value: Json) -> None:
    # libyaml takes no pairs of surrogates, so what is beyond ASCII is written as it is.
    assert same(back(json.dumps(value, ensure_ascii=False)), value)


@given(VALUES)
def test_every_value_has_a_place(value: Json) -> None:
    reading = read(yaml.dump({"root": value}, Dumper=Quoting).encode(), "f")

    assert set(_paths(value, ("root",))) == set(reading.documents[0].positions)


def _paths(value: Json, above: SpecPath) -> list[SpecPath]:
    found = [above]
    if isinstance(value, dict):
        found += [p for k, v in value.items() for p in _paths(v, (*above, k))]
    if isinstance(value, list):
        found += [p for i, v in enumerate(value) for p in _paths(v, (*above, i))]
    return found
