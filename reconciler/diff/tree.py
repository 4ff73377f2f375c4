"""What a thing to be created in a tree has from the things above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.diff.index import Index, key_text
from reconciler.model.change import Hold, Value
from reconciler.model.document import Document
from reconciler.model.json import Json, same
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal


def unlike_above(index: Index, document: Document, kind: Kind, wire: Mapping[str, Value]) -> Iterator[Hold]:
    """A hold for every field that a child has from its parent, where the document says something else, or says
    nothing and would get something unusual: it could not be found again (OA-R31, OA-R33)."""
    chain = normal(kind.key_field, document.spec.get(kind.key)) if kind.tree else None
    if not isinstance(chain, list) or len(chain) < 2:
        return
    for field in kind.fields.values():
        own = wire.get(field.name, _default(kind, field))
        above = _above(index, document.address.target, kind, field, chain[:-1]) if field.inherited else None
        if above is not None and not same(normal(field, above), normal(field, own)):
            reason = f"`{field.name}` is {own}, that of the {kind.name} above it is {above}"
            way_out = f"a child has what its parent has: say `{field.name}: {above}`"
            yield Hold("unlike-parent", reason, way_out, final=True)


def _above(index: Index, target: str, kind: Kind, field: Field, chain: list[Json]) -> Json:
    """The value of the nearest thing above: as it is live, else as it will be created."""
    for length in range(len(chain), 0, -1):
        live = index.shelf(target, kind).keyed(chain[:length])
        if live:
            return live[0].fields.get(field.name)
        declared = index.keys.get((target, kind.name, key_text(kind, chain[:length])))
        if declared is None:
            return None  # nobody knows what will be there
        if field.name in declared.spec:
            return declared.spec[field.name]
    return _default(kind, field)


def _default(kind: Kind, field: Field) -> Json:
    properties = kind.schema.get("properties")
    schema = properties.get(field.name) if isinstance(properties, dict) else None
    return schema.get("default") if isinstance(schema, dict) else None
