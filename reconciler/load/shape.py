"""Schemas as jsonschema validators: built once, offline, and safe on hostile values."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.load import events
from reconciler.load.formats import CHECKS
from reconciler.load.secret_shape import REFERENCE, SINK
from reconciler.load.shipped import shipped
from reconciler.model.json import Json, JsonObject, canonical

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    Errors: TypeAlias = "Iterator[ValidationError]"

LONGEST_MATCHED: Final = 4_096
"""Characters of a text that a pattern is tried on; longer ones do not match."""


def prepared(schema: JsonObject) -> JsonObject:
    """The schema as manifests must follow it: where a property is `writeOnly` a secret reference, where it has an
    `x-sink` the place for a secret, where it is `readOnly` or `x-refused` nothing at all."""
    return {word: _prepared_word(word, value) for word, value in schema.items()}


def _prepared_word(word: str, value: Json) -> Json:
    if word == "properties" and isinstance(value, dict):
        return {name: _prepared_property(one) for name, one in value.items()}
    if word == "items" and isinstance(value, dict):
        return prepared(value)
    return value


def _prepared_property(value: Json) -> Json:
    if not isinstance(value, dict):
        return value
    if "x-refused" in value:
        return {"not": {}, "x-refused": value["x-refused"]}
    if value.get("readOnly") is True:
        return {"not": {}, "readOnly": True}
    if value.get("writeOnly") is True:
        # Denied twice: whatever is wrong is then one error, at the field, that tells nothing of the value.
        return {"not": {"not": REFERENCE}, "writeOnly": True}
    if "x-sink" in value:
        return {"not": {"not": SINK}, "x-sink": value["x-sink"]}
    if "x-entry-value" in value:
        return {**prepared(value), "additionalProperties": _beside(value)}
    return prepared(value)


def _beside(value: JsonObject) -> Json:
    """What may stand beside a name where such a set is written as a mapping."""
    item = value.get("items")
    properties = item.get("properties") if isinstance(item, dict) else None
    return _prepared_property(properties[str(value["x-entry-value"])]) if isinstance(properties, dict) else True


def validator(schema: JsonObject) -> Validator:
    """A validator that looks nothing up anywhere: a `$ref` out of the schema is an error, never a request."""
    from referencing import Registry

    return _dialect()(schema, registry=Registry())


@functools.cache
def shipped_validator(name: str) -> Validator:
    """The validator of one of our own forms: `manifest`, `project` or `operator`."""
    return validator(shipped_schema(name))


@functools.cache
def shipped_schema(name: str) -> JsonObject:
    path = shipped("schemas") / f"{name}.yaml"
    value = events.read(path.read_bytes(), f"schemas/{name}.yaml").documents[0].value
    if not isinstance(value, dict):
        raise TypeError(f"schemas/{name}.yaml is not a mapping")
    return value


@functools.cache
def _dialect() -> type[Validator]:
    """Draft 2020-12 with four words of our own making. Imported here: it is the costliest import of the room."""
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    words = {"format": _format, "pattern": _pattern, "uniqueItems": _unique, "required": _required}
    dialect: type[Validator] = extend(Draft202012Validator, words)  # type: ignore[no-untyped-call]
    return dialect


def _error(message: str, *path: int) -> ValidationError:
    from jsonschema import ValidationError

    return ValidationError(message, path=path)


def _format(_: Validator, name: str, value: Json, schema: Mapping[str, Json]) -> Errors:  # noqa: ARG001
    check = CHECKS.get(name)
    if check and isinstance(value, str) and not check(value):
        yield _error(name)


def _pattern(_: Validator, pattern: str, value: Json, schema: Mapping[str, Json]) -> Errors:  # noqa: ARG001
    if isinstance(value, str) and (len(value) > LONGEST_MATCHED or not _compiled(pattern).search(value)):
        yield _error(pattern)


@functools.lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    """In JSON Schema `$` is the very end; in Python it would let a line break through."""
    ends = pattern.endswith("$") and not pattern.endswith(r"\$")
    return re.compile(pattern[:-1] + r"\Z" if ends else pattern)


def _unique(_: Validator, wanted: bool, value: Json, schema: Mapping[str, Json]) -> Errors:  # noqa: ARG001
    """Each repeated item is an error of its own; in linear time, which the library's own check is not."""
    if not (wanted and isinstance(value, list)):
        return
    seen: dict[str, int] = {}
    for i, item in enumerate(value):
        first = seen.setdefault(canonical(_plain(item)), i)
        if first != i:
            yield _error(str(first), i)


def _plain(value: Json) -> Json:
    """1 and 1.0 are one number in JSON."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def _required(_: Validator, names: list[str], value: Json, schema: Mapping[str, Json]) -> Errors:  # noqa: ARG001
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                yield _error(name)
