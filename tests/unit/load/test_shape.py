"""Formats, and the words of JSON Schema that we check ourselves."""

from __future__ import annotations

import pytest

from reconciler.load.formats import is_date, is_email, is_instant
from reconciler.load.shape import validator
from reconciler.load.words import LONGEST_MATCHED
from reconciler.model.json import Json, JsonObject

GOOD = [
    "jane@example.com",
    "j@e.co",
    "jane.smith+tag@mail.example.co.uk",
    "o'brien@example.com",
    "a_b-c@ex-ample.com",
]
BAD = [
    "", "jane", "jane@", "@example.com", "jane@example", "jane@@example.com", "jane@exa mple.com",
    " jane@example.com", "jane@example.com ", "jane@example.com\n", "jane@example..com", "jane@.example.com",
    "jane@example.com.",
    "jane@-example.com", "jane@example-.com", ".jane@example.com", "jane.@example.com", "ja..ne@example.com",
    '"jane"@example.com', "jane\\@example.com", "jane@exämple.com", "jané@example.com", "Jane <jane@example.com>",
    "jane@example.com,bob@example.com", "mailto:jane@example.com", "a" * 65 + "@example.com",
    "jane@" + "a" * 64 + ".com", "jane@" + "a." * 125 + "com",
]  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_addresses(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize("text", BAD)
def test_no_addresses(text: str) -> None:
    assert not is_email(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-06-30", True), ("2024-02-29", True), ("2026-02-29", False), ("2026-13-01", False),
        ("2026-6-30", False), ("20260630", False), ("2026-W01-1", False), ("2026-06-30\n", False),
        ("0000-01-01", False),        ("٢٠٢٦-٠٦-٣٠", False),
        ("2026-06-30T00:00:00Z", False), ("30.06.2026", False),
    ],
)  # fmt: skip
def test_dates(text: str, right: bool) -> None:
    assert is_date(text) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-06-30T17:00:00Z", True), ("2026-06-30T17:00:00+02:00", True), ("2026-06-30T17:00:00.123Z", True),
        ("2026-06-30T17:00:00", False), ("2026-06-30 17:00:00Z", False), ("2026-06-30", False),
        ("2026-06-30T25:00:00Z", False), ("2026-06-30T17:60:00Z", False), ("2026-06-31T17:00:00Z", False),
        ("2026-06-30T17:00:00z", False), ("2026-06-30T17:00Z", False), ("2026-06-30T17:00:00Z\n", False),
        ("2026-06-30T17:00:00+25:00", False),
    ],
)  # fmt: skip
def test_moments(text: str, right: bool) -> None:
    assert is_instant(text) is right


@pytest.mark.parametrize(
    ("schema", "value", "right"),
    [
        ({"pattern": "^[a-z]+$"}, "abc", True),
        ({"pattern": "^[a-z]+$"}, "abc\n", False),
        ({"pattern": r"^a\$"}, "a$b", True),
        ({"pattern": "b"}, "abc", True),
        ({"pattern": "^a*$"}, "a" * LONGEST_MATCHED, True),
        ({"pattern": "^a*$"}, "a" * (LONGEST_MATCHED + 1), False),
        ({"pattern": "^a*$"}, 12, True),
        ({"uniqueItems": True}, [1, 1.0], False),
        ({"uniqueItems": True}, [1, True], True),
        ({"uniqueItems": True}, [{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}], False),
        ({"uniqueItems": False}, [1, 1], True),
        ({"required": ["a"]}, {"a": None}, True),
        ({"required": ["a"]}, {}, False),
        ({"required": ["a"]}, [], True),
        ({"format": "email"}, 12, True),
        ({"format": "colour"}, "x", True),
        ({"type": "integer"}, True, False),
        ({"type": "integer"}, 1.0, True),
        ({"type": "number"}, False, False),
    ],
)
def test_words(schema: JsonObject, value: Json, right: bool) -> None:
    assert validator(schema).is_valid(value) is right


@pytest.mark.timeout(60)
def test_many_unique_items_take_no_longer_than_they_must() -> None:
    """The library compares every item with every other: this list would keep it busy for hours."""
    items: list[Json] = [{"user": f"u{i}@example.com", "n": [i]} for i in range(100_000)]

    assert validator({"uniqueItems": True}).is_valid(items)
