"""What stands above a thing in a tree, and what a child has from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.diff.index import Index, Miss
from reconciler.diff.shelf import key_text
from reconciler.model.change import Hold, Value
from reconciler.model.document import Document
from reconciler.model.json import Json, same
from reconciler.model.kind import REPLACE, Field, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken


def chain_above(kind: Kind, document: Document) -> list[Json]:
    """The names of what the thing lies in; empty at the root and where a kind is no tree."""
    chain = normal(kind.key_field, document.spec.get(kind.key)) if kind.tree else None
    return chain[:-1] if isinstance(chain, list) else []


def parent_of(index: Index, document: Document, kind: Kind) -> Value | Miss:
    """The id of what the thing lies in, None at the root."""
    chain = chain_above(kind, document)
    if not chain:
        return None
    shelf = index.shelf(document.address.target, kind)
    live = [r for r in index.keyed(document, chain) if not list(_unlike(kind, document, r.fields))]
    declared = index.keys.get(index.at(document, kind, chain))
    known = index.matched.get(declared.address) if declared else None
    if known is not None and known in live:
        return known.id  # another one of that place is about to leave it, or is refused for itself
    if len(live) > 1:
        return Miss(f"'{spoken(chain)}' is more than one {kind.name} ({', '.join(r.id for r in live)})")
    if live:
        return live[0].id
    if known is not None and declared is not None and kind.rename == REPLACE:
        return {"$id": str(declared.address)}  # it is made anew there
    if known is not None and key_text(kind, shelf.key(known)) != key_text(kind, chain):
        return Miss(f"'{spoken(chain)}' is live as '{spoken(known.key)}'")
    if declared is not None and known is None:
        return {"$id": str(declared.address)}
    if kind.roots and len(chain) == 1:
        roots = index.catalog.kind(document.provider, kind.roots)
        return index.by_key(document.address.target, roots, chain[0])
    return index.by_key(document.address.target, kind, chain, index.scope_of(document, kind))


def unlike_above(index: Index, document: Document, kind: Kind, parent: Value) -> Iterator[Hold]:
    """A hold for every field that a child has from its parent, where the document says something else, or says
    nothing and would get something unusual: it could not be found again (OA-R31, OA-R33)."""
    above = _fields_of(index, document, kind, parent) if chain_above(kind, document) else {}
    for field, own in _unlike(kind, document, above):
        reason = f"`{field.name}` is {own}, that of the {kind.name} above it is {above[field.name]}"
        way_out = f"a child has what its parent has: say `{field.name}: {above[field.name]}`"
        yield Hold("unlike-parent", reason, way_out, final=True)


def _unlike(kind: Kind, document: Document, above: Mapping[str, Json]) -> Iterator[tuple[Field, Json]]:
    for field in kind.fields.values():
        if field.inherited and field.name in above:
            own = document.spec.get(field.name, kind.default(field.name))
            if not same(normal(field, own), normal(field, above[field.name])):
                yield field, own


def _fields_of(index: Index, document: Document, kind: Kind, parent: Value) -> Mapping[str, Json]:
    """A parent's fields as they are live, else as they will be created; empty where nobody knows."""
    if isinstance(parent, str):
        live: Resource | None = index.shelf(document.address.target, kind).by_id.get(parent)
        return live.fields if live else {}
    declared = index.keys.get(index.at(document, kind, chain_above(kind, document)))
    if declared is None:
        return {}
    return {f: kind.default(f) for f in kind.fields if kind.fields[f].inherited} | dict(declared.spec)


def in_own_list(index: Index, document: Document, kind: Kind, resource: Resource) -> bool:
    """Whether the list that is read for a document's own sake would show that thing. What lists read for others
    happen to show is not meant: with other documents it would not be seen. The usual list shows whatever agrees
    in the first field that tells lists apart, any other list only what agrees in all of them."""
    names = kind.rest.list.by if kind.rest.list else ()
    for name in names:
        wanted = document.spec.get(name, kind.default(name))
        if not same(resource.fields.get(name, wanted), _as_live(index, document, kind, name, wanted)):
            return False
        if name == names[0] and same(wanted, kind.default(name)):
            return True
    return True


def _as_live(index: Index, document: Document, kind: Kind, name: str, value: Json) -> Value:
    ref = kind.fields[name].ref
    found = index.resolve(document, ref, value) if ref and isinstance(value, str) else value
    return None if isinstance(found, Miss) else found
