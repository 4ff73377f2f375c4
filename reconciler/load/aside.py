"""References of what was selected to what was left out: by the thing's key, since its document is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.load.references import Reference, key_text, references
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject, canonical
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal, spoken
from reconciler.model.place import SpecPath
from reconciler.model.record import Record, field, replace

Kinds: TypeAlias = "Mapping[tuple[str, str], Kind]"


def by_keys(kept: Sequence[Document], every: Sequence[Document], kinds: Kinds) -> tuple[Document, ...]:
    """The documents, each name of one that is not among them replaced by that one's key."""
    names = _Names(kinds, {d.address: d for d in every})
    here = {d.address for d in kept}
    return tuple(_rewritten(d, names, here) for d in kept)


class _Names(Record):
    kinds: Kinds
    documents: Mapping[Address, Document]
    keyed: dict[tuple[str, str, str], Address] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for document in self.documents.values():
            kind = self.kind_of(document)
            if not kind.scope and kind.key in document.spec:
                at = (document.address.target, kind.name, key_text(kind, document.spec[kind.key]))
                self.keyed.setdefault(at, document.address)

    def kind_of(self, document: Document) -> Kind:
        return self.kinds[document.provider, document.kind]

    def meant(self, document: Document, one: Reference) -> Document | None:
        """The document that bears this name, where it can be meant."""
        other = self.documents.get(Address(document.address.target, one.kind, one.name))
        if other is None:
            return None
        scope = self.kind_of(other).scope
        own = any(name not in document.spec for name in scope)
        return other if own or self._scope(document, scope) == self._scope(other, scope) else None

    def _scope(self, document: Document, names: Sequence[str]) -> list[str]:
        return [self._text(document, name) for name in names]

    def _text(self, document: Document, name: str) -> str:
        """One text for what a field names, whether by name or by key."""
        value, one = document.spec.get(name), self.kind_of(document).fields.get(name)
        if one is None or one.ref is None or not isinstance(value, str):
            return canonical(normal(one, value) if one else value)
        target, there = document.address.target, self.kinds[document.provider, one.ref]
        address = Address(target, one.ref, value)
        key = key_text(there, value)
        return str(address if address in self.documents else self.keyed.get((target, one.ref, key), key))


def _rewritten(document: Document, names: _Names, here: set[Address]) -> Document:
    spec: JsonObject = dict(document.spec)
    for one in references(names.kind_of(document), document.spec):
        other = names.meant(document, one)
        key = other.spec.get(names.kind_of(other).key) if other and other.address not in here else None
        if key is not None:
            spec = _put(spec, one.path[1:], spoken(key))
    return replace(document, spec=spec)


def _put(spec: JsonObject, path: SpecPath, value: Json) -> JsonObject:
    """The spec with another value at a path."""
    found = _at(spec, path, value)
    return found if isinstance(found, dict) else spec


def _at(node: Json, path: SpecPath, value: Json) -> Json:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(node, dict) and isinstance(step, str):
        return {**node, step: _at(node.get(step), rest, value)}
    if isinstance(node, list) and isinstance(step, int):
        return [_at(item, rest, value) if i == step else item for i, item in enumerate(node)]
    return node
