"""What a twin remembers: tables of frozen records that can be written out as JSON, read back and compared."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any, ClassVar, TypeVar, cast

from reconciler.twins.core.values import Json, JsonObject


class StateInvalid(ValueError):
    """A saved state does not fit this twin. The twin is as it was."""


class Record:
    """Base of all records: frozen dataclasses whose values are JSON, lists held as tuples."""

    __slots__ = ()
    collection: ClassVar[str]


R = TypeVar("R", bound=Record)


class State:
    """One table per kind of record, in order of creation. Records are replaced, never changed in place."""

    def __init__(self, kinds: Iterable[type[Record]]) -> None:
        self._tables: dict[type[Record], dict[str, Record]] = {kind: {} for kind in kinds}

    def of(self, kind: type[R]) -> dict[str, R]:
        """The table of one kind, by id. Writing to it changes the state."""
        return cast("dict[str, R]", self._tables[kind])

    def copy(self) -> State:
        """The state as it is now, unmoved by later writes. Cheap: records are shared."""
        copied = State(())
        copied._tables = {kind: dict(table) for kind, table in self._tables.items()}
        return copied

    def dump(self) -> dict[str, Json]:
        """`{collection: {id: {field: value}}}`, sharing nothing with the state."""
        return {
            kind.collection: {key: _dump_record(record) for key, record in table.items()}
            for kind, table in self._tables.items()
        }

    def load(self, saved: JsonObject) -> None:
        """Take over a dumped state; collections not named become empty. Raises StateInvalid."""
        by_name = {kind.collection: kind for kind in self._tables}
        if unknown := sorted(saved.keys() - by_name.keys()):
            raise StateInvalid(f"no collection {unknown[0]!r}; there are {', '.join(sorted(by_name))}")
        self._tables = {kind: _load_table(kind, saved.get(name, {})) for name, kind in by_name.items()}


def digest(dumped: JsonObject, ignore: Collection[str] = ()) -> str:
    """sha256 over a dumped state, whatever the order of its keys, without the fields named in `ignore`."""
    text = json.dumps(_without(dumped, frozenset(ignore)), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _dump_record(record: Record) -> dict[str, Json]:
    values = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
    return {name: _apart(list(v) if isinstance(v, tuple) else v) for name, v in values.items()}


def _load_table(kind: type[Record], saved: Json) -> dict[str, Record]:
    if not isinstance(saved, Mapping):
        raise StateInvalid(f"{kind.collection} is no object of records")
    return {key: _load_record(kind, key, value) for key, value in saved.items()}


def _load_record(kind: type[Record], key: str, saved: Json) -> Record:
    if not isinstance(saved, Mapping):
        raise StateInvalid(f"{kind.collection}/{key} is no object")
    values = {name: _apart(tuple(v) if isinstance(v, list) else v) for name, v in saved.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise StateInvalid(f"{kind.collection}/{key}: {error}") from None


def _apart(value: Any) -> Any:
    """The same value, sharing nothing that could be changed."""
    return value if value is None or isinstance(value, str | int | float) else copy.deepcopy(value)


def _without(value: Json, ignore: frozenset[str]) -> Json:
    if isinstance(value, Mapping):
        return {key: _without(item, ignore) for key, item in value.items() if key not in ignore}
    if isinstance(value, list):
        return [_without(item, ignore) for item in value]
    return value
