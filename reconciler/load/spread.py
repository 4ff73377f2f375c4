"""Sets that are written as a mapping (`x-entry-value`), as the lists they stand for."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.load.positions import Positions
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Field, Kind


def spread(kind: Kind, spec: Mapping[str, Json]) -> JsonObject:
    """The spec with an entry for each name of such a mapping, in their order; nothing else is touched."""
    return {name: _entries(kind.fields.get(name), value) for name, value in spec.items()}


def places(kind: Kind, spec: Mapping[str, Json], positions: Positions) -> Positions:
    """Where everything of the spread spec stands: an entry where its name does."""
    found = positions
    for name, value in spec.items():
        one = kind.fields.get(name)
        if one is not None and one.entry_value and isinstance(value, dict) and one.entry_key:
            found = found.spread(("spec", name), one.entry_key, one.entry_value)
    return found


def _entries(one: Field | None, value: Json) -> Json:
    if one is None or not one.entry_value or not isinstance(value, dict) or one.entry_key is None:
        return value
    return [{one.entry_key: name, one.entry_value: item} for name, item in value.items()]


def folded(kind: Kind, spec: Mapping[str, Json]) -> JsonObject:
    """The spec with each such set as a mapping, where no entry says more than that can: as people write it."""
    return {name: _mapping(kind.fields.get(name), value) for name, value in spec.items()}


def _mapping(one: Field | None, value: Json) -> Json:
    if one is None or not one.entry_value or not isinstance(value, list) or one.entry_key is None:
        return value
    found: JsonObject = {}
    for entry in value:
        if not isinstance(entry, dict) or entry.keys() != {one.entry_key, one.entry_value}:
            return value
        found[str(entry[one.entry_key])] = entry[one.entry_value]
    return found if len(found) == len(value) and found else value
