"""The entries of a set of objects: as manifests write them, and as the ledger remembers them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.json import Json, JsonObject, digest
from reconciler.model.kind import Field
from reconciler.model.place import SpecPath


def spread(field: Field, value: Json) -> Iterator[tuple[SpecPath, Json]]:
    """Every entry that a set stands for, with the steps to it: one whose identity is a list, as `{users: [a, b],
    role: EDITOR}`, stands for an entry per item, as `{users: a, role: EDITOR}`."""
    for i, item in enumerate(value if isinstance(value, list) else []):
        keys = [k for k in field.keys if k in item] if isinstance(item, dict) else []
        if not isinstance(item, dict) or not keys:
            yield (i,), item
            continue
        others = {name: v for name, v in item.items() if name not in keys}
        for key in keys:
            many = item[key]
            for j, one in enumerate(many if isinstance(many, list) else [many]):
                path: SpecPath = (i, key, j) if isinstance(many, list) else (i, key)
                yield path, {key: one, **others}


def recorded_form(field: Field, wire: Mapping[str, Json]) -> JsonObject:
    """An entry's declared subfields as the ledger's digest has them. Of its identity just the subfield's name: the
    id stands beside the digest, and may not be known yet when that is worked out."""
    return {name: None if name in field.keys else value for name, value in wire.items()}


def entry_digest(field: Field, wire: Mapping[str, Json]) -> str:
    """What the ledger keeps of an entry."""
    return digest(recorded_form(field, wire))
