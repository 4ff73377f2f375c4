"""
Documents written inside others, as they would stand in a file of their own.

A nested document is the `spec` itself, or `{metadata, spec}` where something is to be said besides. Its name is
that of the document around it, a slash, and its key; from there it also has its target, its labels, how far it is
managed, and the fields that `x-nested` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from reconciler.load.envelope import LONGEST_NAME, Identity
from reconciler.load.explain import Where
from reconciler.load.nesting import SPEC
from reconciler.load.positions import Positions
from reconciler.load.sentences import shown
from reconciler.load.shape import shipped_schema
from reconciler.load.spread import places, spread
from reconciler.model.document import Address, Manage, Nest
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import AROUND, EXACT, Field, Kind, Nested
from reconciler.model.normalise import normal
from reconciler.model.place import Problem, SpecPath
from reconciler.model.record import Record, replace

_NONE: Final[frozenset[str]] = frozenset()
MOST_LEVELS: Final = 20
"""Documents in documents. The limit of a file's depth leaves room for so many, however they are written."""
FOLLOWING: Final = ("name", "target")
"""What of its metadata a nested document has from the one around it, and does not say itself."""
NAMELESS: Final = "nested-name"
"""The rule of a nested document whose key makes no name."""


class Written(Record, frozen=True):
    """A document as it stands in a file or, nested, as it would stand there: `value` with all it has from the one
    around it, `own` without. `given`: the fields it has from there. `exact_in`: the lists that have what leaves
    them deleted, unless it says otherwise itself: its own, and those around it up to the one that says so. `nest`:
    where it stands, if it is nested and has a name."""

    value: JsonObject
    own: JsonObject
    positions: Positions
    known: Identity
    sound: bool = True
    level: int = 0
    given: frozenset[str] = frozenset()
    exact_in: tuple[str, ...] = ()
    nest: Nest | None = None
    said: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def where(self) -> Where:
        return Where(self.positions, (), str(self.known.address or self.said))

    @property
    def spec(self) -> Mapping[str, Json]:
        """What stands there, right or wrong, without the documents in it."""
        kind = self.known.kind
        nested = {n for n, f in kind.fields.items() if f.nested} if kind else set[str]()
        own = {name: value for name, value in _mapping(self.value.get("spec")).items() if name not in nested}
        return spread(kind, own) if kind else own

    @property
    def places(self) -> Positions:
        """Where all of `spec` stands."""
        kind, own = self.known.kind, _mapping(self.value.get("spec"))
        return places(kind, own, self.positions) if kind else self.positions

    @property
    def exact(self) -> frozenset[str]:
        """Its own lists from which what leaves is deleted."""
        fields = self.known.kind.fields.values() if self.known.kind else ()
        found = frozenset(f.name for f in fields if f.nested and self.lists(f.name))
        return found or _NONE

    def lists(self, name: str) -> tuple[str, ...]:
        """The lists that have what leaves one of its own deleted, the own one first; none where nothing has. As
        the list says, else as the one around it did."""
        said = _mapping(self.value.get("spec")).get(f"{name}Mode")
        above = self.exact_in if said is None else ()
        return (f"{self.known.address}.{name}", *above) if above or said == EXACT else ()


def inner(written: Written, kinds: Mapping[tuple[str, str], Kind]) -> Iterator[Written]:
    """The documents right inside one, in their order. Items that are no mappings are passed over: the schema of
    the document around them reports these."""
    kind = written.known.kind
    for one in kind.fields.values() if kind else ():
        items = _mapping(written.value.get("spec")).get(one.name)
        if one.nested is None or not isinstance(items, list) or not items or kind is None:
            continue
        if written.level == MOST_LEVELS:
            yield _too_deep(written, one)
            continue
        list_ = _List(written, one, one.nested, kinds[kind.provider, one.nested.kind])
        for i, item in enumerate(items):
            if isinstance(item, dict):
                yield list_.document(i, item)
            elif isinstance(item, str) and one.nested.short:
                yield list_.document(i, {list_.kind.key: item}, alone=list_.kind.key)


def _too_deep(written: Written, one: Field) -> Written:
    """Stands for the documents that were not looked at, so that nobody takes their names for unknown."""
    text = f"more than {MOST_LEVELS} documents in one another; these were not read"
    problem = written.where.problem(
        ("spec", one.name), text, "give what lies deeper documents of its own", rule="depth"
    )
    return replace(written, known=Identity(), value={}, sound=False, problems=(problem,))


class _List(Record, frozen=True):
    """One list of nested documents: where it stands, and the kind of its items."""

    around: Written
    field: Field
    word: Nested
    kind: Kind

    def document(self, at: int, item: JsonObject, alone: str = "") -> Written:
        """One item. `alone`: the key, where nothing but its value is written."""
        full = SPEC in item or ("metadata" in item and "metadata" not in self.kind.fields)
        whole: JsonObject = item if full else {SPEC: item}
        positions = self.around.positions.inside(("spec", self.field.name, at), "" if full else SPEC, alone)
        spec, metadata = _mapping(whole.get(SPEC)), _mapping(whole.get("metadata"))
        given, name = self.given(spec), self.name(spec)
        said = f"{self.around.where.said}: {self.field.name}[{at}]"
        address = self.address(name)
        where = Where(positions, (), str(address or said))
        problems = [*self.refused(spec, metadata, where), *self.unnamed(spec, name, where)]
        problems += [] if full else self.misplaced(spec, where)
        taken = {*self.following, *(() if full else self.said_elsewhere(spec))}
        kept = {n: v for n, v in spec.items() if n not in taken}
        own = {**whole, SPEC: kept} if isinstance(whole.get(SPEC), dict) else whole
        if isinstance(whole.get("metadata"), dict):
            own = {**own, "metadata": {n: v for n, v in metadata.items() if n not in FOLLOWING}}
        before = self.former(metadata, spec)
        follows = self.follows(_mapping(metadata.get("lifecycle")))
        around = self.around.known.address
        return Written(
            value={
                "apiVersion": self.around.value.get("apiVersion"),
                "kind": self.kind.name,
                "metadata": self.metadata(metadata, address, before),
                "spec": {**kept, **given},
            },
            own=own,
            positions=positions,
            known=Identity(self.kind, address, tuple(problems)),
            sound=self.around.sound,
            level=self.around.level + 1,
            given=frozenset(self.word.given),
            exact_in=self.exact_in,
            nest=Nest(around, frozenset(self.word.given), self.exact_in if follows else ()) if around else None,
            said=said,
        )

    @property
    def following(self) -> frozenset[str]:
        """The fields that are not written: all that follow from the document around, but for the key of a tree,
        which is written from there on."""
        return frozenset(self.word.given) - {self.kind.key}

    @property
    def exact_in(self) -> tuple[str, ...]:
        return self.around.lists(self.field.name)

    def given(self, spec: Mapping[str, Json]) -> JsonObject:
        """The fields that follow from the document around, as far as it says them."""
        address, above = self.around.known.address, self.around.value.get("spec")
        found: JsonObject = {}
        for name, source in self.word.given.items():
            value = _mapping(above).get(source) if source is not None else None
            if source == AROUND:
                value = address.name if address else None
            if name == self.kind.key:
                value = _joined(self.kind, value, spec.get(name))
            if value is not None:
                found[name] = value
        return found

    # Its name.

    def name(self, spec: Mapping[str, Json]) -> str | None:
        """The key as the last part of a name, after what else singles the thing out and does not follow from the
        document around; None where there is no key, or one that no name can hold."""
        return self.named(spec, spec.get(self.kind.key))

    def named(self, spec: Mapping[str, Json], key: Json) -> str | None:
        """The same, with this key."""
        own = (n for n in self.kind.scope if n not in self.word.given)
        above = [str(one) for n in own if (one := spec.get(n, self.kind.default(n))) is not None]
        last = _part(self.kind, key)
        return "/".join((*above, last)) if last is not None else None

    def address(self, name: str | None) -> Address | None:
        around = self.around.known.address
        if name is None or around is None or len(around.name) + 1 + len(name) > LONGEST_NAME:
            return None
        return Address(around.target, self.kind.name, f"{around.name}/{name}")

    def unnamed(self, spec: Mapping[str, Json], name: str | None, where: Where) -> Iterator[Problem]:
        """Why a key that is there makes no name."""
        key, around = spec.get(self.kind.key), self.around.known.address
        required = self.kind.schema.get("required")
        if key is None and self.kind.key not in (required if isinstance(required, list) else []):
            text = f"'{self.kind.key}' is missing, which its name follows from"
            yield where.problem(("spec",), text, "write it, or give it a document of its own", rule=NAMELESS)
        if around is None or not isinstance(key, str | list) or not key:
            return
        path: SpecPath = ("spec", self.kind.key)
        hint = "give it a document of its own"
        if name is None:
            text = f"{shown(key)} cannot be part of a name"
            yield where.problem(path, text, f"{hint}, which can have any name", rule=NAMELESS)
        elif self.address(name) is None:
            text = f"its name, {around.name[:40]}…, would be longer than {LONGEST_NAME:,} characters"
            yield where.problem(path, text, hint, rule=NAMELESS)

    # What it says of itself.

    def refused(self, spec: Mapping[str, Json], metadata: Mapping[str, Json], where: Where) -> Iterator[Problem]:
        """What it has from the document around it, and says all the same."""
        paths: list[SpecPath] = [("spec", name) for name in spec if name in self.following]
        paths += [("metadata", name) for name in metadata if name in FOLLOWING]
        for path in paths:
            text = f"follows from the {self._kind_around} around it"
            yield where.problem(path, text, "take it out", rule="nested-field", at_key=True)

    def said_elsewhere(self, spec: Mapping[str, Json]) -> list[str]:
        """Words of the metadata among the fields of a document that is written without any."""
        return [name for name in spec if name in _metadata_words() and name not in self.kind.fields]

    def misplaced(self, spec: Mapping[str, Json], where: Where) -> Iterator[Problem]:
        for name in self.said_elsewhere(spec):
            text, hint = "stands in `metadata`", f"write {{metadata: {{{name}: …}}, spec: {{…}}}}"
            yield where.problem(("spec", name), text, hint, rule="nested-metadata", at_key=True)

    @property
    def _kind_around(self) -> str:
        return self.around.known.kind.name if self.around.known.kind else ""

    def metadata(self, own: Mapping[str, Json], address: Address | None, former: str | None) -> JsonObject:
        """Its metadata with what it has from the document around: the target, the labels, how far it is managed,
        and, in an exact list, what leaving it means."""
        above = _mapping(self.around.value.get("metadata"))
        found: JsonObject = {k: v for k, v in own.items() if k not in FOLLOWING}
        if address is not None:
            found |= {"name": address.name, "target": address.target}
        if isinstance(labels := above.get("labels"), dict):
            found["labels"] = {**labels, **_mapping(own.get("labels"))}
        if former is not None:
            found["previously"] = {**_mapping(own.get("previously")), "name": former}
        life = self.life(_mapping(own.get("lifecycle")), _mapping(above.get("lifecycle")))
        return {**found, **({"lifecycle": life} if life else {})}

    def life(self, own: JsonObject, above: Mapping[str, Json]) -> JsonObject:
        """Its lifecycle: how far it is managed is said for both, unless it is said for itself."""
        found: JsonObject = {**({"manage": above["manage"]} if "manage" in above else {}), **own}
        if self.follows(own):
            allowed = found.get("allow")
            words = allowed if isinstance(allowed, list) else []
            found |= {"onRemove": "delete", "allow": [*words, *(["delete"] if "delete" not in words else [])]}
        return found

    def follows(self, own: Mapping[str, Json]) -> bool:
        """Whether what leaving means for it follows from an exact list."""
        above = _mapping(_mapping(self.around.value.get("metadata")).get("lifecycle"))
        watched = own.get("manage", above.get("manage")) == Manage.OBSERVE.value
        return bool(self.exact_in) and not watched and "onRemove" not in own

    def former(self, metadata: Mapping[str, Json], spec: Mapping[str, Json]) -> str | None:
        """The name it had when it or the document around it was called otherwise; None where it says that itself,
        or nothing was."""
        before, around = _mapping(metadata.get("previously")), self.around.known.address
        if around is None or "name" in before:
            return None
        above = _mapping(_mapping(self.around.value.get("metadata")).get("previously")).get("name")
        part = self.named(spec, _last(self.kind, before.get("key"), spec.get(self.kind.key)))
        name = f"{above if isinstance(above, str) and above else around.name}/{part}"
        return name if part is not None and name != f"{around.name}/{self.name(spec)}" else None


@cache
def _metadata_words() -> frozenset[str]:
    """What may be said of a nested document besides its fields."""
    properties = _mapping(shipped_schema("manifest").get("properties"))
    metadata = _mapping(_mapping(properties.get("metadata")).get("properties"))
    return frozenset(metadata) - {*FOLLOWING, "description"}


def _mapping(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _chain(kind: Kind, key: Json) -> list[Json]:
    chain = normal(kind.key_field, key) if isinstance(key, str | list) else []
    return chain if isinstance(chain, list) else [chain]


def _joined(kind: Kind, above: Json, own: Json) -> Json:
    """The key of a tree: the chain of the document around, and its own. As a list where a name holds a slash."""
    if not _chain(kind, above) or not _chain(kind, own):
        return own
    chain = [*_chain(kind, above), *_chain(kind, own)]
    return chain if isinstance(above, list) or isinstance(own, list) else "/".join(map(str, chain))


def _last(kind: Kind, former: Json, own: Json) -> Json:
    """The older key as it would have been written here; the present one where none is said."""
    if former is None:
        return own
    return _chain(kind, former)[-max(1, len(_chain(kind, own))) :] if kind.tree else former


def _part(kind: Kind, key: Json) -> str | None:
    """A key as the last part of a name. A name is read by people and split at slashes: so whatever prints, but no
    slash other than between the names of a tree's chain."""
    parts = _chain(kind, key) if kind.tree else [key]
    texts = [part for part in parts if isinstance(part, str)]
    fit = all(t.isprintable() and t.strip() == t and t and "/" not in t for t in texts)
    return "/".join(texts) if fit and texts and len(texts) == len(parts) else None
