"""Documents that declare everything of what is live, so that the ordinary reading asks for all that lists leave
out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from reconciler.importing.invert import importable, inverted
from reconciler.importing.names import Names
from reconciler.model.catalog import Verbs
from reconciler.model.document import Address, Document, Lifecycle, Manage
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.place import Place

NOWHERE: Final = Place("(live)")


def observed_only(kind: Kind) -> bool:
    """Whether a list shows them, and nothing of the kind is ever made, changed or deleted by us."""
    return kind.rest.list is not None and (kind.source or not kind.abilities)


def called_by_address(kind: Kind) -> bool:
    """Whether a thing of the kind is known by an e-mail address: then whatever refers to it writes that, and may
    take nothing else."""
    properties = kind.schema.get("properties")
    node = properties.get(kind.key) if isinstance(properties, dict) else None
    return isinstance(node, dict) and node.get("format") == "email"


def inquiries(
    kind: Kind,
    verbs: Verbs,
    target: str,
    resources: Sequence[Resource],
    names: Names,
    others: Mapping[str, Collection],
    asked: Set[str] = frozenset(),
    without: Set[str] = frozenset(),
) -> Iterator[Document]:
    """One document per thing, pinned to it. `asked`: fields read for their price, `without`: not read at all."""
    life = Lifecycle(Manage.OBSERVE if observed_only(kind) else Manage.FULL)
    for one in resources:
        spec = dict(inverted(kind, one, names).spec)
        for name, field in kind.fields.items():
            leads = field.ref is not None and not field.is_set  # a name that leads nowhere would be looked for
            if name not in spec and importable(field) and not leads and (field.file == "" or name in asked):
                spec[name] = _any(field)
        spec = verbs.inquiry(kind, spec, others, frozenset(asked)) if verbs.inquiry else spec
        spec = {n: v for n, v in spec.items() if n not in without or n in (kind.key, *kind.scope)}
        own = names.documents.get((kind.name, one.id))
        if own is not None:
            address = Address(target, kind.name, own)
            yield Document(address, kind.provider, spec, NOWHERE, pinned_id=one.id, lifecycle=life)


def unasked(kind: Kind, verbs: Verbs, others: Mapping[str, Collection], asked: Set[str]) -> list[str]:
    """The fields that are read for their price only, and that nobody asked for."""
    every, some = (_declaring(kind, verbs, others, names) for names in (frozenset(kind.fields), frozenset(asked)))
    return [name for name, one in kind.fields.items() if name in every - some and importable(one)]


def _declaring(
    kind: Kind, verbs: Verbs, others: Mapping[str, Collection], asked: frozenset[str]
) -> frozenset[str]:
    fields = (f for f in kind.fields.values() if importable(f) and (f.file == "" or f.name in asked))
    spec = {one.name: _any(one) for one in fields}
    return frozenset(verbs.inquiry(kind, spec, others, asked) if verbs.inquiry else spec)


def _any(field: Field) -> Json:
    """Some value: that there is one makes the reading ask."""
    if field.file:
        return {"$file": {"path": "", "sha256": "", "bytes": 0}}
    empty: Mapping[str, Json] = {"array": [], "object": {}, "integer": 0, "number": 0, "boolean": False}
    return next((empty[t] for t in field.type if t in empty), "")
