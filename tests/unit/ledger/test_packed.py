"""A plan in a ledger is small, comes back as it was, and one of an older version is read as well."""

from __future__ import annotations

import pytest

from reconciler.ledger.packed import packed, unpacked
from reconciler.model.json import Json, JsonObject, canonical

PLAN: JsonObject = {"actions": [{"verb": "create", "n": n, "text": "é \ud800"} for n in range(200)]}


def test_it_comes_back_as_it_was_and_takes_less_room() -> None:
    found = packed(PLAN)
    assert unpacked(found) == PLAN
    assert len(canonical(found)) * 5 < len(canonical(PLAN))


def test_what_an_older_version_wrote_is_as_it_stands() -> None:
    assert unpacked(PLAN) == PLAN


@pytest.mark.parametrize("wrong", [{"zlib": "!"}, {"zlib": "YWJj"}, {"zlib": 1}, [], "x", None])
def test_anything_else_is_refused(wrong: Json) -> None:
    with pytest.raises((TypeError, ValueError)):
        unpacked(wrong)
