"""The library's errors as values of our own: nothing past this point knows jsonschema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from reconciler.model.json import Json
from reconciler.model.place import SpecPath
from reconciler.model.record import Record

if TYPE_CHECKING:
    from jsonschema import ValidationError

    from reconciler.load.shape import Form

MOST: Final = 50
"""Mistakes found per document; somebody who made more will validate again."""


class Mistake(Record, frozen=True):
    """One violated word of a schema. `wanted` stands behind the word, `value` is what was found, at `path`.

    `alternatives`: for anyOf and oneOf, what is wrong by each of them. `is_name`: the value is a key of `path`.
    `detail`: for `required` the missing name, for `uniqueItems` the position of the first of the two.
    """

    word: str
    wanted: Json
    value: Json
    schema: Mapping[str, Json]
    path: SpecPath
    detail: str
    is_name: bool
    alternatives: tuple[tuple[Mistake, ...], ...] = ()


def mistakes(validator: Form, value: Json) -> Iterator[Mistake]:
    """What is wrong with a value, at most MOST of it."""
    return map(_mistake, islice(validator.iter_errors(value), MOST))


def _mistake(error: ValidationError) -> Mistake:
    branches: dict[object, list[Mistake]] = {}
    for below in error.context or ():
        branches.setdefault(below.schema_path[0], []).append(_mistake(below))
    return Mistake(
        word=str(error.validator),
        wanted=cast(Json, error.validator_value),
        value=cast(Json, error.instance),
        schema=error.schema if isinstance(error.schema, Mapping) else {},
        path=tuple(error.absolute_path),
        detail=error.message,
        is_name="propertyNames" in error.absolute_schema_path,
        alternatives=tuple(tuple(branch) for branch in branches.values()),
    )


def declared(schema: Mapping[str, Json]) -> Mapping[str, Json]:
    """The properties of an object schema."""
    properties = schema.get("properties")
    return properties if isinstance(properties, dict) else {}
