"""Checks of single values in a body. A missing one is `Required`, a wrong one `Invalid input`."""

from __future__ import annotations

import re

from reconciler.twins.core.clock import instant, parse_instant
from reconciler.twins.core.values import JsonObject, Refused

_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def required(body: JsonObject, name: str) -> None:
    """Raises Refused if the field was not sent."""
    if name not in body:
        raise Refused(400, f"{name}: Required")


def invalid(name: str) -> Refused:
    return Refused(400, f"{name}: Invalid input")


def text(body: JsonObject, name: str) -> str:
    """A non-empty text that was sent. Raises Refused."""
    required(body, name)
    value = body[name]
    if not isinstance(value, str) or not value:
        raise invalid(name)
    return value


def flag(body: JsonObject, name: str) -> bool | None:
    """A boolean, or None if it was not sent. Raises Refused."""
    value = body.get(name)
    if name not in body:
        return None
    if not isinstance(value, bool):
        raise invalid(name)
    return value


def word(body: JsonObject, name: str, allowed: tuple[str, ...]) -> str:
    """One of the allowed words. Raises Refused."""
    value = text(body, name)
    if value not in allowed:
        raise invalid(name)
    return value


def address(body: JsonObject, name: str) -> str:
    """An e-mail address, by its form. Raises Refused."""
    value = text(body, name)
    if not _ADDRESS.fullmatch(value):
        raise invalid(name)
    return value


def day(body: JsonObject, name: str) -> str:
    """A date or a date with time, as an instant. Raises Refused."""
    value = text(body, name)
    if not _DATE.fullmatch(value):
        raise invalid(name)
    try:
        return instant(parse_instant(value))
    except (ValueError, OverflowError):
        raise invalid(name) from None
