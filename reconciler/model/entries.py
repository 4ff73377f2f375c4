"""The entries of a set of objects: as manifests write them, and as the ledger remembers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.model.json import Json, JsonObject, canonical, digest
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal, unordered
from reconciler.model.place import SpecPath

BARE: Final = digest({})
"""What the ledger keeps of an entry of which nothing is declared but that it is there."""
EXACT: Final = digest("managed")
"""What the ledger keeps of a set whose every removal is ours to make."""


def identity(field: Field, entry: Mapping[str, Json]) -> Json:
    """What tells an entry from the others of its set: the value of its key, or those of all its parts, in normal
    form and in their order. None where it has no key."""
    if field.entry_parts:
        return [normal(field.entries[part], entry.get(part)) for part in field.entry_parts]
    key = field.key_in(entry)
    return None if key is None else entry[key]


def entry_text(identity: Json) -> str:
    """One text per identity, as the ledger and every look-up have it."""
    return identity if isinstance(identity, str) else canonical(identity)


def spread(field: Field, value: Json) -> Iterator[tuple[SpecPath, Json]]:
    """Every entry that a set stands for, with the steps to it: one whose identity is a list, as `{users: [a, b],
    role: EDITOR}`, stands for an entry per item, as `{users: a, role: EDITOR}`; where entries are objects known by
    one subfield, a plain value stands for that alone, as `a` for `{user: a}`."""
    for i, item in enumerate(value if isinstance(value, list) else []):
        if field.entry_parts:
            yield (i,), item
            continue
        keys = [k for k in field.keys if k in item] if isinstance(item, dict) else []
        if field.entry_key and not isinstance(item, dict):
            yield (i,), {field.entry_key: item}
            continue
        if not isinstance(item, dict) or not keys:
            yield (i,), item
            continue
        others = {name: v for name, v in item.items() if name not in keys}
        for key in keys:
            many = item[key]
            for j, one in enumerate(many if isinstance(many, list) else [many]):
                path: SpecPath = (i, key, j) if isinstance(many, list) else (i, key)
                yield path, {key: one, **others}


def pins_ids(kind: Kind) -> bool:
    """Whether anything that its documents name may stand there with its id."""
    subs = (sub for one in kind.fields.values() for sub in one.entries.values())
    return any(one.pins for one in (*kind.fields.values(), *subs))


def pinned(kind: Kind, spec: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    """(kind, name, id) of everything that a spec names with the id beside it (`x-pin`)."""
    yield from _pinned(kind.fields, spec)
    for field in kind.fields.values():
        if field.is_set and field.entries:
            for _, item in spread(field, spec.get(field.name)):
                yield from _pinned(field.entries, item) if isinstance(item, dict) else ()


def _pinned(fields: Mapping[str, Field], values: Mapping[str, Json]) -> Iterator[tuple[str, str, str]]:
    for field in fields.values():
        remote_id, name = values.get(field.name), values.get(field.pins)
        ref = fields[field.pins].ref if field.pins else None
        if ref and isinstance(remote_id, str) and isinstance(name, str):
            yield ref, name, remote_id


def recorded_form(field: Field, wire: Mapping[str, Json]) -> JsonObject:
    """An entry's declared subfields as the ledger's digest has them. Of its identity just the subfield's name: the
    id stands beside the digest, and may not be known yet when that is worked out. `4.0` is `4`, as it is where
    values are compared; what has no order has none here either."""
    return {name: None if name in field.keys else _plain(field, name, value) for name, value in wire.items()}


def _plain(field: Field, name: str, value: Json) -> Json:
    sub = field.entries.get(name)
    return unordered(value) if sub and "unordered" in sub.normalise else _as_number(value)


def _as_number(value: Json) -> Json:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def entry_digest(field: Field, wire: Mapping[str, Json]) -> str:
    """What the ledger keeps of an entry."""
    return digest(recorded_form(field, wire)) if wire else BARE
