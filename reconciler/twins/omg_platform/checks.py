"""Checks of a body's fields: names and types in the order sent, then what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeAlias

from reconciler.twins.core.clock import parse_instant
from reconciler.twins.core.values import Json, JsonObject, Refused

# Raises Refused for a value that the field of this name cannot have.
Check: TypeAlias = Callable[[str, Json], None]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


def check_fields(body: JsonObject, known: Mapping[str, Check], required: Iterable[str] = ()) -> None:
    """Raises Refused for the first field that is wrong, or missing."""
    for name, value in body.items():
        if name not in known:
            raise Refused(400, f"Unknown field '{name}'")
        known[name](name, value)
    for name in required:
        if name not in body:
            raise Refused(400, f"Field '{name}' is required")


def text(name: str, value: Json) -> None:
    """Any text, the empty one included."""
    if not isinstance(value, str):
        raise _must_be(name, "a string")


def day(name: str, value: Json) -> None:
    """`YYYY-MM-DD`, a day of the calendar."""
    if not isinstance(value, str) or not _DAY.fullmatch(value) or not _makes_sense(date.fromisoformat, value):
        raise _must_be(name, "a date (YYYY-MM-DD)")


def moment(name: str, value: Json) -> None:
    """A day with a time; UTC where it names no offset."""
    if not isinstance(value, str) or not _INSTANT.fullmatch(value) or not _makes_sense(parse_instant, value):
        raise _must_be(name, "an ISO 8601 date-time")


def number(name: str, value: Json) -> None:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _must_be(name, "an integer")


def number_or_digits(name: str, value: Json) -> None:
    """A whole number, or its digits as text."""
    if not isinstance(value, str) or not _NUMBER.fullmatch(value):
        number(name, value)


def identifier(name: str, value: Json) -> None:
    """An id of a thing that the reference does not describe: a whole number or a text that is not empty."""
    if not isinstance(value, str) or not value:
        number(name, value)


def anything(name: str, value: Json) -> None:
    """A field that is not looked at."""


def _must_be(name: str, what: str) -> Refused:
    return Refused(400, f"Field '{name}' must be {what}")


def _makes_sense(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except (ValueError, OverflowError):
        return False
    return True
