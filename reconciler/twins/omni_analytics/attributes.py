"""User attributes: what may be set, by which words it is refused, and how it is read again (OA-P28)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from reconciler.twins.core.values import Json, JsonObject, Refused
from reconciler.twins.omni_analytics.call import Call
from reconciler.twins.omni_analytics.model_things import Attribute
from reconciler.twins.omni_analytics.schedule_fields import is_zone

TIMEZONE = "omni_user_timezone"


def is_unset(value: Json) -> bool:
    """Does this value take an attribute away?"""
    return value is None or value == [] or value == ""


def check(call: Call, given: JsonObject) -> None:
    """Only defined attributes, and the time zone, with values of their type. Raises Refused."""
    defined = call.table(Attribute)
    if unknown := [name for name in given if name not in defined and name != TIMEZONE]:
        named = ", ".join(f'"{name}"' for name in unknown)
        raise Refused(
            400, f"The provided user attributes: {named} do not match the names of existing user attributes."
        )
    for name, value in given.items():
        if is_unset(value):
            continue
        if name == TIMEZONE:
            _check_zone(value)
        else:
            _check_value(defined[name], value)


def shown(call: Call, given: Mapping[str, Json]) -> dict[str, Json]:
    """Attributes as they are read."""
    return {name: _value(call, value) for name, value in given.items()}


def _check_zone(value: Json) -> None:
    """A zone of the IANA data base that goes by a place: abbreviations such as `EST` are refused."""
    if isinstance(value, str) and is_zone(value) and ("/" in value or value == "UTC"):
        return
    text = "Please see the connection page or user profile page for the list of valid timezones."
    example = 'Use e.g. "America/New_York" instead of "EST"'
    raise Refused(400, f"The timezone {_worded(value)} is not supported. {text} {example}")


def _check_value(attribute: Attribute, value: Json) -> None:
    name = attribute.name
    if attribute.multiple and not isinstance(value, list):
        said = f"User Attribute {name} has multiple values enabled, but the passed-in value is not an array."
        advice = "If passing a single value for a user attribute with multiple values enabled"
        raise Refused(400, f"{said} {advice}, please wrap the value in an array [x].")
    values = value if isinstance(value, list) and attribute.multiple else [value]
    for one in values:
        is_number = isinstance(one, int | float) and not isinstance(one, bool)
        if attribute.type == "number" and not is_number:
            said = f"User Attribute {name} is type number, but passed-in value {_worded(one)} is not a number."
            raise Refused(400, said)
        if isinstance(one, list | Mapping):
            raise Refused(400, f"{name}: Invalid value")


def _worded(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _value(call: Call, value: Json) -> Json:
    if isinstance(value, list):
        return [_value(call, item) for item in value]
    if call.hard("OA-P28") and isinstance(value, bool | int | float):
        return json.dumps(value)
    return value
