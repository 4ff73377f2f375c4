"""Objects of which only the declared names count (`x-merged`), and values that compare by their text."""

from __future__ import annotations

import pytest

from reconciler.model.json import Json, agrees, as_text
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import texts, unlike_names
from reconciler.model.plan import Effect
from reconciler.model.shows import live_looks, shows

HELD = Field("held", ("object",), wire="/held", normalise=("texts",), merged=True)
PLAIN = Field("plain", ("object",), wire="/plain", merged=True)
KIND = Kind("odd", "Thing", "name", {"name": Field("name"), "held": HELD, "plain": PLAIN}, {})


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (3.0, "3"), (2.5, "2.5"), (True, "true"), ("3", "3"), ([1, "a", False], ["1", "a", "false"])],
)
def test_numbers_and_truth_values_have_a_text(value: Json, text: Json) -> None:
    assert as_text(value) == text


def test_what_says_nothing_is_as_if_it_was_not_there() -> None:
    assert texts({"a": None, "b": "", "c": [], "d": 0, "e": False}) == {"d": "0", "e": "false"}
    assert texts("a") == "a"


def test_only_the_declared_names_count() -> None:
    assert unlike_names(HELD, {"a": "1", "z": 9}, {"a": 1, "b": None}) == []
    assert unlike_names(HELD, {"a": "1", "b": [2]}, {"a": 2, "b": []}) == ["a", "b"]
    assert unlike_names(PLAIN, {"a": "1", "b": None}, {"a": 1, "b": None, "c": None}) == ["a"]
    assert unlike_names(HELD, None, {"a": 1}) == ["a"]


def test_live_shows_what_was_sent_whatever_else_is_there() -> None:
    live = Resource("1", "x", {"held": {"a": "3", "z": 1}})

    assert shows(KIND, Effect(fields={"held": {"a": 3, "b": None}}), live) is True
    assert shows(KIND, Effect(fields={"held": {"z": None}}), live) is False
    assert shows(KIND, Effect(fields={"plain": {"a": 1}}), live) is None


def test_one_name_of_it_looks_the_same_while_others_change() -> None:
    before, after = (Resource("1", "x", {"held": {"a": 3, "z": z}}) for z in (1, 2))

    def looks(one: Resource, name: str) -> object:
        return live_looks(KIND, one, (name,), contents=False)

    assert looks(before, "held/a") == looks(after, "held/a")
    assert looks(before, "held/z") != looks(after, "held/z")
    assert looks(before, "held") != looks(after, "held")


def test_an_answer_has_an_item_that_shows_at_least_what_is_asked_for() -> None:
    people: Json = {"a": [{"id": "1", "role": "R", "more": 1}, 3, {"id": "2"}]}

    assert agrees(people, "/a", {"$has": {"id": "1", "role": "R"}})
    assert not agrees(people, "/a", {"$has": {"id": "2", "role": "R"}})
    assert not agrees({"a": {"id": "1"}}, "/a", {"$has": {"id": "1"}})
    assert not agrees({}, "/a", {"$has": {"id": "1"}})


def test_an_answer_is_taken_by_its_text_where_that_is_asked_for() -> None:
    assert agrees({"a": 3}, "/a", {"$text": "3"})
    assert agrees({"a": ["1", 2]}, "/a", {"$text": ["1", "2"]})
    assert not agrees({"a": 4}, "/a", {"$text": "3"})
    assert not agrees({}, "/a", {"$text": "3"})
