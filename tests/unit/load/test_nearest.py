"""What somebody meant to write."""

from __future__ import annotations

import pytest

from reconciler.load.nearest import did_you_mean, nearest

PROVIDERS = ["omg-platform", "omn-core", "omni-analytics", "omni-cms", "studio-tracker"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("omn", "omn-core"),
        ("omni_cms", "omni-cms"),
        ("omn-cor", "omn-core"),
        ("Studio", "studio-tracker"),
        ("omg", "omg-platform"),
        ("acme", None),
    ],
)
def test_the_one_choice_that_begins_with_the_word_comes_before_what_is_just_alike(
    word: str, meant: str | None
) -> None:
    assert nearest(word, PROVIDERS) == meant


def test_a_slip_of_the_pen_comes_before_a_beginning() -> None:
    assert nearest("label", ["label-mode", "labels"]) == "labels"
    assert nearest("omni", ["omni-cms", "omni-analytics"]) == "omni-cms", "two begin so: the nearest"


def test_where_all_are_listed_only_a_slip_of_the_pen_is_told() -> None:
    assert did_you_mean("delete", ["release", "exact"]) == "did you mean 'release'?"
    assert did_you_mean("delete", ["release", "exact"], sure=True) == ""
    assert did_you_mean("relase", ["release", "exact"], sure=True) == "did you mean 'release'?"
