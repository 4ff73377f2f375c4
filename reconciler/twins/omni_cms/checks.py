"""Checks of a body: that it is an object, that no field is missing, that each is of its type (CM-R3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.twins.core.clock import parse_instant
from reconciler.twins.core.values import Json, JsonObject, NotJson, Request
from reconciler.twins.omni_cms.errors import body_invalid, id_mismatch, required, wrong_type


@dataclass(frozen=True, slots=True)
class Type:
    """A type of a field. `name` is the API's word for it, `fits` says yes to a value of it."""

    name: str
    fits: Callable[[Json], bool]


def read_body(request: Request, types: Mapping[str, Type], needed: Sequence[str] = ()) -> JsonObject:
    """The body's known fields, none of the needed ones missing, each of its type. Raises Denied.

    Types are looked at in the order sent. Other fields are left out (CM-P15).
    """
    try:
        body = request.json()
    except NotJson:
        body = None
    if not isinstance(body, Mapping):
        raise body_invalid()
    known = {name: value for name, value in body.items() if name in types}
    for name in needed:
        if name not in known:
            raise required(name)
    for name, value in known.items():
        if not types[name].fits(value):
            raise wrong_type(name, types[name].name)
    return known


def instant_of(text: str) -> str:
    """A sent date as it is kept: in UTC, with milliseconds and `Z`. Raises ValueError, OverflowError."""
    return parse_instant(text).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def is_integer(value: Json) -> bool:
    """An integer, and no boolean."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_id(value: Json) -> bool:
    """An integer, or the digits of one as text (CM-P16)."""
    return is_integer(value) or (isinstance(value, str) and value.isascii() and value.isdigit())


def _is_texts(value: Json) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_datetime(value: Json) -> bool:
    if not isinstance(value, str):
        return False
    try:
        instant_of(value)
    except (ValueError, OverflowError):
        return False
    return True


STRING = Type("string", lambda value: isinstance(value, str))
INTEGER = Type("integer", is_integer)
ID = Type("integer", _is_id)
BOOLEAN = Type("boolean", lambda value: isinstance(value, bool))
OBJECT = Type("object", lambda value: isinstance(value, Mapping))
TEXTS = Type("array", _is_texts)
DATETIME = Type("datetime", _is_datetime)


def read_change(request: Request, path_id: int, types: Mapping[str, Type], id_type: Type = ID) -> JsonObject:
    """The body of a PUT, without its `id`, which must be that of the path. Raises Denied."""
    body = read_body(request, {"id": id_type, **types}, ["id"])
    if str(body["id"]) != str(path_id):
        raise id_mismatch()
    return {name: value for name, value in body.items() if name != "id"}
