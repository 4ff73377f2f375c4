"""Schemas as validators: built once, offline, and safe on hostile values."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from reconciler.load import events
from reconciler.load.accept import Accepts, accepting
from reconciler.load.secret_shape import REFERENCE, SINK
from reconciler.load.shipped import shipped
from reconciler.load.words import again, fits, matches
from reconciler.model.json import Json, JsonObject

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    Errors: TypeAlias = "Iterator[ValidationError]"


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


class Form:
    """What a schema asks of a value. One validator says yes, the other one why not; each is built when it is first
    needed, and the second, the costly one, only for what is wrong."""

    __slots__ = ("_accepts", "_explains", "schema")

    def __init__(self, schema: JsonObject) -> None:
        self.schema = schema
        self._accepts: Accepts | None = None
        self._explains: Validator | None = None

    def is_valid(self, value: Json) -> bool:
        """Whether a value is as the schema wants it."""
        return self.accepts(value) or self.explains.is_valid(value)

    def iter_errors(self, value: Json) -> Errors:
        """What is wrong with a value."""
        return iter(()) if self.accepts(value) else self.explains.iter_errors(value)

    def accepts(self, value: Json) -> bool:
        """True only for what is right; False for what only the thorough one can judge."""
        if self._accepts is None:
            self._accepts = accepting(self.schema)
        return self._accepts(value)

    @property
    def explains(self) -> Validator:
        """The thorough one. It looks nothing up anywhere: a `$ref` out of the schema is an error, no request."""
        if self._explains is None:
            from referencing import Registry

            self._explains = _dialect()(self.schema, registry=Registry())
        return self._explains


def validator(schema: JsonObject) -> Form:
    """A validator that is offline, and safe on hostile values."""
    return Form(schema)


@functools.cache
def shipped_validator(name: str) -> Form:
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
    if isinstance(value, str) and not fits(name, value):
        yield _error(name)


def _pattern(_: Validator, pattern: str, value: Json, schema: Mapping[str, Json]) -> Errors:  # noqa: ARG001
    if isinstance(value, str) and not matches(pattern, value):
        yield _error(pattern)


def _unique(_: Validator, wanted: bool, value: Json, schema: Mapping[str, Json]) -> Errors:  # noqa: ARG001
    """Each repeated item is an error of its own; in linear time, which the library's own check is not."""
    if wanted and isinstance(value, list):
        for i, first in again(value):
            yield _error(str(first), i)


def _required(_: Validator, names: list[str], value: Json, schema: Mapping[str, Json]) -> Errors:  # noqa: ARG001
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                yield _error(name)
