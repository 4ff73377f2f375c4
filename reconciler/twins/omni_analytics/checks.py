"""Checks of single values, and look-ups, that several operations share."""

from __future__ import annotations

import re
from collections.abc import Iterable

from reconciler.twins.core.values import Json, Refused
from reconciler.twins.omni_analytics.call import Call
from reconciler.twins.omni_analytics.things import Schedule

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


def is_uuid(value: Json) -> bool:
    """Is this a UUID written the usual way?"""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def unknown_keys(call_keys: Iterable[str], known: Iterable[str]) -> Refused | None:
    """The refusal of keys the reference does not name, if there are any."""
    allowed = frozenset(known)
    unknown = sorted(set(call_keys) - allowed)
    if not unknown:
        return None
    named = ", ".join(f"'{key}'" for key in unknown)
    return Refused(400, f"formErrors: Unrecognized key(s) in object: {named}")


def given_text(call: Call, name: str) -> str | None:
    """A text from the body, or None if it was not sent. Raises Refused."""
    value = call.body.get(name)
    if name not in call.body:
        return None
    if not isinstance(value, str):
        raise call.bad(f"{name}: Invalid value")
    return value


def given_flag(call: Call, name: str) -> bool | None:
    """A boolean from the body, or None if it was not sent. Raises Refused."""
    value = call.body.get(name)
    if name not in call.body:
        return None
    if not isinstance(value, bool):
        raise call.bad(f"{name}: Invalid value")
    return value


def given_uuid(call: Call, name: str) -> str | None:
    """A UUID from the body, or None if it was not sent. Raises Refused."""
    if name not in call.body:
        return None
    value = call.body[name]
    if not isinstance(value, str) or not is_uuid(value):
        raise call.bad(f"{name}: Invalid uuid")
    return value.lower()


def check_name(call: Call, longest: int) -> str:
    """The new name of a document, from the body. Raises Refused."""
    name = given_text(call, "name")
    if name is None:
        raise call.bad("name: Required")
    if not name:
        raise call.bad("name: Name cannot be empty")
    if len(name) > longest:
        raise call.bad(f"name: Name must be {longest} characters or less")
    return name


def one_of(call: Call, name: str, value: Json, allowed: tuple[str, ...], shown: tuple[str, ...] = ()) -> str:
    """One of the allowed words. `shown` are those the refusal names, if not all. Raises Refused."""
    if isinstance(value, str) and value in allowed:
        return value
    expected = " | ".join(f"'{word}'" for word in shown or allowed)
    raise call.bad(f"{name}: Invalid enum value. Expected {expected}, received '{value}'")


def whole_number(call: Call, name: str, default: int) -> int:
    """A whole number from the query. Raises Refused."""
    text = call.query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", text):
        raise call.bad(f"{name}: Invalid value")
    return int(text)


def admins_alone(call: Call, text: str) -> None:
    """Organisation keys, and personal tokens of administrators, may go on. Raises Refused."""
    if call.caller.personal and not call.caller.org_admin:
        raise Refused(403, text)


def asked_flag(call: Call, name: str) -> bool:
    """A boolean from the query, false if it was not sent. Raises Refused."""
    text = call.query.get(name, "false").lower()
    if text not in ("true", "false"):
        raise call.bad(f"{name}: Invalid value")
    return text == "true"


def asked_schedule(call: Call) -> Schedule:
    """The schedule that the path names. Raises Refused."""
    schedule = call.table(Schedule).get(call.ids["scheduleId"].lower())
    if schedule is None:
        raise Refused(404, f"Scheduled task with id {call.ids['scheduleId']} does not exist")
    return schedule
