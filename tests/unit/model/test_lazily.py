"""A mapping whose values are made when they are asked for."""

from __future__ import annotations

import pytest

from reconciler.model.lazily import Lazily, names


def test_a_value_is_made_once_and_only_if_somebody_asks() -> None:
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name.upper()

    found = Lazily(("a", "b"), make)
    assert list(names(found)) == ["a", "b"]
    assert made == []
    assert (found["b"], found["b"], found.get("b")) == ("B", "B", "B")
    assert made == ["b"]
    assert dict(found) == {"a": "A", "b": "B"}
    assert made == ["b", "a"]


def test_a_name_that_is_none_after_all_is_not_in_it() -> None:
    found: Lazily[str, int] = Lazily(("one", "none"), {"one": 1}.get)
    assert "none" not in found
    assert found.get("none") is None
    assert (list(found), len(found), list(names(found))) == (["one"], 1, ["one", "none"])
    with pytest.raises(KeyError):
        found["none"]
    with pytest.raises(KeyError):
        found["other"]


def test_what_cannot_be_made_is_tried_again() -> None:
    tries: list[str] = []

    def make(name: str) -> int:
        tries.append(name)
        if len(tries) == 1:
            raise ValueError(name)
        return 7

    found = Lazily(("a",), make)
    with pytest.raises(ValueError, match="a"):
        found["a"]
    assert found["a"] == 7


def test_of_an_ordinary_mapping_the_names_are_its_keys() -> None:
    assert list(names({"x": 1, "y": 2})) == ["x", "y"]
