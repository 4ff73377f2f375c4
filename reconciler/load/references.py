"""Names that documents use for each other: does each lead somewhere, to one thing, and never round in a circle?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from reconciler.load.characters import visible
from reconciler.load.draft import Draft
from reconciler.load.explain import Where
from reconciler.load.nearest import did_you_mean, listed
from reconciler.load.sentences import shown
from reconciler.model.document import Address
from reconciler.model.json import ABSENT, Json, Missing, canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal
from reconciler.model.place import Place, Problem, SpecPath
from reconciler.model.record import Record, aside, field, replace

MOST_CYCLES: Final = 20
Needs: TypeAlias = "dict[Address, dict[Address, tuple[Draft, SpecPath]]]"
"""Which document needs which others, and where it says so: the place itself is only looked for if it is told."""


@aside("beside")
class Reference(Record, frozen=True):
    """One value that names a thing of another kind. `path` leads to it from the document's root. `beside`: the
    entry or the object that it stands in, which may say in which scope that thing is."""

    path: SpecPath
    kind: str
    name: str
    beside: Mapping[str, Json] = field(default_factory=dict)


def references(kind: Kind, spec: Mapping[str, Json]) -> Iterator[Reference]:
    """Every reference of a spec; values of another shape than the schema's are passed over."""
    for name, value in spec.items():
        if name in kind.fields:
            yield from _of_field(kind.fields[name], value, ("spec", name))


def _of_field(
    one: Field, value: Json, path: SpecPath, beside: Mapping[str, Json] | None = None
) -> Iterator[Reference]:
    if one.names and isinstance(value, dict):
        yield from (Reference((*path, name), one.names, name) for name in value)
        return
    for at, item in (
        [(path, value)] if not isinstance(value, list) else [((*path, i), v) for i, v in enumerate(value)]
    ):
        if one.ref and isinstance(item, str):
            yield Reference(at, one.ref, item, beside or {})
        elif one.entry_key and isinstance(item, str):
            yield from _of_field(one.entries[one.entry_key], item, at)
        elif isinstance(item, dict):
            for sub, entry in one.entries.items():
                if sub in item:
                    yield from _of_field(entry, item[sub], (*at, sub), item)


class Register(Record):
    """All documents by name and by key. `whole`: every document of every file could be read that far, so that a
    name which is not here is declared nowhere. `guesses`: how many more times the nearest name is looked for,
    which takes long among thousands. `by_key`: the first document with a key; `shared`: the others, of the few
    keys that several documents of a kind have in common."""

    kinds: Mapping[tuple[str, str], Kind]
    whole: bool
    guesses: int = 100
    by_name: dict[tuple[str, str], dict[str, Draft]] = field(default_factory=dict)
    by_key: dict[tuple[str, str], dict[str, Draft]] = field(default_factory=dict)
    shared: dict[tuple[str, str, str], list[Draft]] = field(default_factory=dict)

    def add(self, draft: Draft) -> None:
        """Later documents of a name do not replace the first: that they repeat it is reported elsewhere."""
        address, kind = draft.address, draft.kind
        if address is None or kind is None:
            return
        at = (address.target, kind.name)
        names = self.by_name.get(at)
        if names is None:
            names, self.by_key[at] = self.by_name.setdefault(at, {}), {}
        names.setdefault(address.name, draft)
        key = draft.spec.get(kind.key, ABSENT)
        if not isinstance(key, Missing):
            text = key_text(kind, key)
            if self.by_key[at].setdefault(text, draft) is not draft:
                self.shared.setdefault((*at, text), []).append(draft)

    def declared(self, target: str, kind: Kind, name: Json) -> tuple[Draft | None, list[Draft]]:
        """The document of this name, and those with this key: one of each scope, where the kind has scopes."""
        at = (target, kind.name)
        named = self.by_name.get(at, {}).get(name) if isinstance(name, str) else None
        text = key_text(kind, name)
        first = self.by_key.get(at, {}).get(text)
        keyed = [first, *self.shared.get((*at, text), ())] if first is not None else []
        return named, list({self.scope(d): d for d in reversed(keyed)}.values())

    def meant(
        self, draft: Draft, kind: Kind, name: str, beside: Mapping[str, Json]
    ) -> tuple[Draft | None, list[Draft]]:
        """Those of `declared` that a document can mean: one that has a scope of its own, or whose entry says one,
        means what is in it."""
        named, keyed = self.declared(draft.address.target if draft.address else "", kind, name)
        values = {**draft.spec, **beside}
        if not kind.scope or any(field not in values for field in kind.scope):
            return named, keyed
        own = tuple(self._scope_text(draft, kind.fields[field], values) for field in kind.scope)
        within = named if named and self.scope(named) == own else None
        return within, [d for d in keyed if self.scope(d) == own]

    def scope(self, draft: Draft) -> tuple[str, ...]:
        """What singles a thing out together with its key: one text per value, whether a reference is by name or by
        key."""
        kind = draft.kind
        return tuple(self._scope_text(draft, kind.fields[name], draft.spec) for name in kind.scope) if kind else ()

    def _scope_text(self, draft: Draft, one: Field, values: Mapping[str, Json]) -> str:
        value, kind = values.get(one.name), draft.kind
        if one.ref is None or kind is None or draft.address is None:
            return canonical(normal(one, value))
        there = self.kinds[kind.provider, one.ref]
        named, keyed = self.declared(draft.address.target, there, value)
        found = named or next(iter(keyed), None)
        return str(found.address) if found else key_text(there, value)


def key_text(kind: Kind, key: Json) -> str:
    """One text per key, in normal form."""
    field = kind.fields[kind.key]
    return canonical(normal(field, key) if field.normalise else key)


def register(drafts: Sequence[Draft], kinds: Mapping[tuple[str, str], Kind], *, whole: bool) -> Register:
    """File all documents."""
    filed = Register(kinds, whole and all(d.address for d in drafts))
    for draft in drafts:
        filed.add(draft)
    return filed


def reference_problems(drafts: Sequence[Draft], filed: Register) -> Iterator[Problem]:
    """Names that lead nowhere or to two things, then circles."""
    needs: Needs = {}
    for draft in drafts:
        if draft.document is None or draft.kind is None or draft.address is None:
            continue
        if draft.facts and not draft.facts.refers:
            continue
        edges = needs.setdefault(draft.address, {})
        for one in references(draft.kind, draft.spec):
            kind = filed.kinds[draft.kind.provider, one.kind]
            named, keyed = filed.meant(draft, kind, one.name, one.beside)
            if one.path[1] not in draft.given:  # what it has from the document around it is told there
                yield from _wrong(draft, one, kind, named, keyed, filed)
            if (found := named or next(iter(keyed), None)) and found.address:
                edges.setdefault(found.address, (draft, one.path))
        if (parent := _parent(draft, draft.kind, filed)) and parent.address:
            edges.setdefault(parent.address, (draft, ("spec", draft.kind.key)))
    yield from _circles(needs)


def _wrong(
    draft: Draft, one: Reference, kind: Kind, named: Draft | None, keyed: Sequence[Draft], filed: Register
) -> Iterator[Problem]:
    where = Where(draft.positions, (), str(draft.address))
    other = next((k for k in keyed if k is not named), None)
    if named and other:
        text = f"{shown(one.name)} is the name of {named.address} and the key of {other.address}"
        yield where.problem(one.path, text, "rename one of the two documents", rule="reference")
    elif len(keyed) > 1:
        text = f"{shown(one.name)} is the key of {keyed[0].address} and of {keyed[1].address}"
        yield where.problem(one.path, text, "write the name of the document that is meant", rule="reference")
    elif not named and not keyed and filed.whole and not may_be_live(kind, one.name):
        target = draft.address.target if draft.address else ""
        names = sorted(filed.by_name.get((target, kind.name), {}))
        filed.guesses -= 1
        otherwise = f"known: {listed(names)}" if names else _how(kind)
        hint = did_you_mean(one.name, names, otherwise) if filed.guesses >= 0 else otherwise
        yield where.problem(one.path, f"no {kind.name} {shown(one.name)} is declared", hint, rule="reference")


def by_key(problems: Sequence[Problem], drafts: Sequence[Draft], filed: Register) -> list[Problem]:
    """The problems; where a value of the wrong form is the name of a document, the hint says what to write."""
    wrong = {p.place for p in problems if p.rule == "format"}
    if not wrong:
        return list(problems)
    hints: dict[Place, str] = {}
    for draft in drafts:
        if draft.kind is None or draft.address is None or not any(p.place in wrong for p in draft.problems):
            continue
        for one in references(draft.kind, draft.spec):
            there = filed.kinds[draft.kind.provider, one.kind]
            named = filed.declared(draft.address.target, there, one.name)[0]
            key = named.spec.get(there.key) if named else None
            if named and isinstance(key, str):
                hints[draft.positions.nearest(one.path)] = visible(f"write {key}, as {named.address} says")
    return [replace(p, hint=hints.get(p.place, p.hint)) if p.place in wrong else p for p in problems]


def may_be_live(kind: Kind, name: str) -> bool:
    """Whether a live thing could have this key: where keys are e-mail addresses, a plain name cannot be one."""
    properties = kind.schema.get("properties")
    node = properties.get(kind.key) if isinstance(properties, dict) else None
    return "@" in name or not (isinstance(node, dict) and node.get("format") == "email")


def _how(kind: Kind) -> str:
    return f"name the {kind.name} by e-mail address" + ("" if kind.source else ", or declare it")


def _parent(draft: Draft, kind: Kind, filed: Register) -> Draft | None:
    """The nearest declared thing above in the same scope, for kinds whose key is a chain of names."""
    chain = normal(kind.key_field, draft.spec.get(kind.key)) if kind.tree else None
    target = draft.address.target if draft.address else ""
    own = filed.scope(draft) if kind.tree else ()
    for length in range(len(chain) - 1 if isinstance(chain, list) else 0, 0, -1):
        above = filed.declared(target, kind, chain[:length] if isinstance(chain, list) else None)[1]
        found = next((d for d in above if filed.scope(d) == own), None)
        if found and found is not draft:
            return found
    return None


def _circles(needs: Needs) -> Iterator[Problem]:
    """One problem per circle; each found one is cut open so that the next can show."""
    if not any(needs.values()):
        return
    graph = {address: set(below) for address, below in needs.items()}
    for _ in range(MOST_CYCLES):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            ring = _from_first(list(reversed(error.args[1]))[:-1])
            steps = list(zip(ring, (*ring[1:], ring[0]), strict=True))
            told = [f"{a} ({_said_at(needs, a, b)}) -> {b}" for a, b in steps]
            text = "these refer to each other in a circle: " + ", ".join(told)
            if len(ring) == 1:
                text = f"{ring[0]} refers to itself"
            place = _said_at(needs, *steps[0])
            yield Problem(place, visible(text), "take one of the references out", rule="circle")
            graph[ring[0]].discard(steps[0][1])
        else:
            return


def _said_at(needs: Needs, one: Address, other: Address) -> Place:
    draft, path = needs[one][other]
    return draft.positions.nearest(path)


def _from_first(ring: list[Address]) -> list[Address]:
    start = ring.index(min(ring))
    return ring[start:] + ring[:start]
