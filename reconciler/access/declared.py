"""The facts that manifests declare: names are those of documents, or the keys of things that none declares."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.access.facts import Facts, Source, Thing, person
from reconciler.access.told import BECAUSE, Told, facts_of
from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired, Document
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal, spoken
from reconciler.model.place import SpecPath


def declared(desired: Desired, catalog: Catalog) -> Facts:
    """What all documents of a selection say of access, each fact with its file and line."""
    return _Declared(desired, catalog).facts()


class _Declared:
    """The documents by their names and by their keys, and what comes of them."""

    def __init__(self, desired: Desired, catalog: Catalog) -> None:
        self._desired, self._catalog, self._found = desired, catalog, Facts()
        self._named: dict[Thing, Document] = {}
        self._keyed: dict[Thing, Document] = {}
        for document in desired.documents:
            self._named[Thing(document.address.target, document.kind, document.address.name)] = document
        for document in desired.documents:
            self._keyed.setdefault(self._thing(document), document)

    def facts(self) -> Facts:
        for document in self._desired.documents:
            at, kind = self._thing(document), self._kind(document)
            title = spoken(document.spec.get(kind.title, ""))
            self._found.call(at, self._name(document), document.address.name, str(document.address))
            self._found.call(at, "", title)
            self._found.entitle(at, kind, title, document.description, document.address.name)
            self._found.homes.setdefault(at, set()).add(document.address.target)
        for document in self._desired.documents:
            self._found.add(facts_of(self._told(document)))
        return self._found

    def _told(self, document: Document) -> Told:
        kind, target = self._kind(document), document.address.target

        def lead(ref: str, value: Json, beside: Mapping[str, Json]) -> Thing | None:
            return self._lead(document.provider, target, ref, value, beside)

        def source(path: SpecPath, entry: Json) -> Source:
            where = document.at("spec", *path)
            why = entry.get(BECAUSE) if isinstance(entry, dict) else document.spec.get(BECAUSE)
            return Source((f"{where.file}:{where.line}",), (why,) if isinstance(why, str) else ())

        above = self._above(kind, target, document.spec.get(kind.key)) if kind.tree else None
        fields = self._fields(kind, document)
        return Told(kind, target, self._thing(document), fields, lead, self._found.name, source, above)

    def _kind(self, document: Document) -> Kind:
        return self._catalog.kind(document.provider, document.kind)

    def _thing(self, document: Document) -> Thing:
        """What a document means; by its own name where its key is not written."""
        kind, target = self._kind(document), document.address.target
        key = document.spec.get(kind.key, kind.default(kind.key))
        if key is None:
            return Thing(target, kind.name, str(document.address))
        scope = tuple(self._scope(document, kind, n) for n in kind.scope)
        return thing_of(kind, target, key, scope)

    def _scope(self, document: Document, kind: Kind, name: str) -> str:
        value, ref = document.spec.get(name), kind.fields[name].ref
        found = self._lead(document.provider, document.address.target, ref, value) if ref else None
        return found.ref if found else spoken(value)

    def _name(self, document: Document) -> str:
        kind = self._kind(document)
        key = document.spec.get(kind.key, kind.default(kind.key))
        if key is None:
            return document.address.name
        above = [self._scope_name(document, kind, n) for n in kind.scope]
        return "/".join([*above, spoken(key)])

    def _scope_name(self, document: Document, kind: Kind, name: str) -> str:
        value, ref = document.spec.get(name), kind.fields[name].ref
        there = self._named.get(Thing(document.address.target, ref, str(value))) if ref else None
        return self._name(there) if there is not None and there is not document else spoken(value)

    def _lead(
        self, provider: str, target: str, ref: str, value: Json, beside: Mapping[str, Json] | None = None
    ) -> Thing | None:
        """What a name means: the document that bears it, else the thing with that key, in the scope that stands
        beside the name."""
        if value is None:
            return None
        kind = self._catalog.kinds.get((provider, ref))
        document = self._named.get(Thing(target, ref, value)) if isinstance(value, str) else None
        if document is not None and not (kind and kind.access.person and "@" in str(value)):
            return self._thing(document)
        if kind is None:
            return None
        if beside and kind.scope and all(beside.get(name) is not None for name in kind.scope):
            scope, above = [], []
            for name in kind.scope:
                there = self._lead(provider, target, kind.fields[name].ref or "", beside[name])
                scope.append(there.ref if there else spoken(beside[name]))
                above.append(self._found.name(there) if there else spoken(beside[name]))
            found = thing_of(kind, target, value, tuple(scope))
            self._found.call(found, "/".join([*above, spoken(value)]))
            return found
        found = self._by_key(kind, target, value)
        self._found.call(found, spoken(value))
        return found

    def _by_key(self, kind: Kind, target: str, value: Json) -> Thing:
        """The thing with a key; where a key alone does not single one out, the only document that has it."""
        if kind.scope:
            same = {
                t
                for t, d in self._keyed.items()
                if (t.target, t.kind) == (target, kind.name) and d.spec.get(kind.key) == value
            }
            if len(same) == 1:
                return same.pop()
        return thing_of(kind, target, value)

    def _above(self, kind: Kind, target: str, key: Json) -> Thing | None:
        chain = normal(kind.key_field, key)
        if not isinstance(chain, list) or len(chain) < 2:
            return None
        found = thing_of(kind, target, chain[:-1])
        self._found.call(found, spoken(chain[:-1]))
        return found

    def _fields(self, kind: Kind, document: Document) -> dict[str, Json]:
        """What is written, and what the API assumes of the rest that says anything of access."""
        found = dict(document.spec)
        for one in kind.fields.values():
            if one.gives is not None and one.name not in found:
                assumed = self._inherited(kind, document, one.name) if one.inherited else kind.default(one.name)
                found |= {one.name: assumed} if assumed is not None else {}
        return found

    def _inherited(self, kind: Kind, document: Document, name: str) -> Json:
        """The value of the nearest thing above that says one; None where that is not declared."""
        chain = normal(kind.key_field, document.spec.get(kind.key))
        steps = chain if isinstance(chain, list) else []
        for length in range(len(steps), 0, -1):
            there = self._keyed.get(thing_of(kind, document.address.target, steps[:length]))
            if there is None:
                return None
            if name in there.spec:
                return there.spec[name]
        return kind.default(name)


def thing_of(kind: Kind, target: str, key: Json, scope: tuple[str, ...] = ()) -> Thing:
    """The thing with this key, in normal form; a person is known everywhere by the address."""
    if kind.access.person:
        return person(spoken(key))
    return Thing(target, kind.name, canonical([*scope, normal(kind.key_field, key)]))
