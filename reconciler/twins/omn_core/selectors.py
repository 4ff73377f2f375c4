"""The members of plain request objects: lists of ids, single ids, flags."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.twins.core.values import JsonObject, Refused

MALFORMED = "Malformed request body"


def asked_list(body: JsonObject, name: str) -> list[str] | None:
    """A list of ids, tids or paths as texts; None if it was not sent. Raises Refused."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(type(one) in (str, int) for one in value):
        raise Refused(400, MALFORMED)
    return [str(one) for one in value]


def asked_any(body: JsonObject, name: str) -> list[str] | None:
    """As `asked_list`; one value counts as a list of it."""
    value = body.get(name)
    return [str(value)] if type(value) in (str, int) else asked_list(body, name)


def asked_flag(body: JsonObject, name: str, usual: bool = False) -> bool:
    """Raises Refused."""
    value = body.get(name)
    if not isinstance(value, bool | None):
        raise Refused(400, MALFORMED)
    return usual if value is None else value


def asked_level(body: JsonObject) -> int | None:
    """How many levels; None for all of them. Raises Refused."""
    level = body.get("level")
    if level is None:
        return 1
    if type(level) is not int:
        raise Refused(400, MALFORMED)
    if level == 0:
        raise Refused(400, "The level should not be 0")
    if level < -1:
        raise Refused(400, "The level should be -1 or more than 0")
    return None if level == -1 else level


def numbers(ids: Iterable[str]) -> list[int]:
    """Ids as a plain answer has them."""
    return [int(one) for one in ids]
