"""Things that are live as declared, recognised in one pass over their fields.

Most things are, at most times. What this says nothing of (a set, a secret, a token, a hold, anything that differs)
is compared the thorough way. For what this recognises that comes to the very same change; what it would have noted
for the ledger is worked out when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.diff.fields import alike, kept
from reconciler.diff.index import Index, labels
from reconciler.diff.match import Match, found_by, key_of, made
from reconciler.model.catalog import Same
from reconciler.model.change import Change, Named, Value, Verb
from reconciler.model.document import Document, Lifecycle, Manage
from reconciler.model.json import ABSENT, NOTHING, Json, Missing, identical
from reconciler.model.kind import Field, Kind
from reconciler.model.later import Later
from reconciler.model.live import Resource
from reconciler.model.normalise import by_names, normal
from reconciler.model.record import Record, field

PLAIN = Lifecycle()


class Outline(Record, frozen=True):
    """What all documents of a kind have in common that declare the same fields. `fields`: those that go on the
    wire; `as_written`: they are all there is, and none is a reference, so that what is declared is what is sent.
    `names`: of all but the key. `spelled`: another spelling of the key would be told. `keyed`: the key is
    declared, and no chain of names."""

    kind: Kind
    keyed: bool
    names: tuple[str, ...]
    same: Same
    fields: tuple[Field, ...]
    as_written: bool
    refers: bool
    spelled: bool

    def shown(self, document: Document, live: Resource) -> bool:
        """Whether a glance at its page has found all of it to be as declared."""
        if not self.as_written or self.spelled:
            return False
        wanted, there = document.spec, live.fields
        for name in self.names:  # noqa: SIM110 - of tens of thousands, and twice as quick
            if there.get(name, ABSENT) is not wanted[name]:
                return False
        return True


class Equal(Record):
    """Asked for one pair after another. `outlines`: (provider, kind, declared fields …) -> what such documents
    have in common, None where they can only be compared the thorough way."""

    index: Index
    outlines: dict[tuple[str, ...], Outline | None] = field(default_factory=dict)

    def __call__(self, document: Document, match: Match) -> Change | None:
        """The change of a thing that is as declared; None where this cannot tell."""
        live, bond = match.resource, match.bond
        if live is None or match.renames or match.holds or match.previous is not None or document.once:
            return None
        if bond.lost if bond is not None else self.index.recorded.exists:
            return None
        if document.lifecycle is not PLAIN and not _unrestricted(document.lifecycle):
            return None
        at = (document.provider, document.address.kind, *document.spec)
        if at not in self.outlines:
            self.outlines[at] = _outline(self.index, document)
        outline = self.outlines[at]
        if outline is None:
            return None
        wire = document.spec if outline.shown(document, live) else self._wire(document, outline, live)
        if wire is None:
            return None
        return _change(self.index, document, match, live, outline, wire)

    def _wire(self, document: Document, outline: Outline, live: Resource) -> Mapping[str, Value] | None:
        """The declared values as they are sent; None where one of them is not live."""
        spec, there, found, key = document.spec, live.fields, dict[str, Value](), outline.kind.key
        for one in outline.fields:
            name = one.name
            value = spec[name]
            if one.ref is not None and isinstance(value, str):
                resolved = self.index.resolve(document, one.ref, value)
                if not isinstance(resolved, str):
                    return None
                value = resolved
            if name == key:
                if outline.spelled and not identical(value, live.key):
                    return None
            elif not _is_live(outline.same, one, there.get(name, ABSENT), value):
                return None
            if not outline.as_written:
                found[name] = value
        return spec if outline.as_written else found


def _change(
    index: Index, document: Document, match: Match, live: Resource, outline: Outline, wire: Mapping[str, Value]
) -> Change:
    kind, bond = outline.kind, match.bond
    led_to: Mapping[str, Named] = LedTo(index, document, outline.fields, wire) if outline.refers else NOTHING
    return Change(
        verb=Verb.NONE,
        address=document.address,
        document=document,
        live=live,
        key=document.spec[kind.key] if outline.keyed else _key(kind, document, live),
        label=labels(document.spec, kind),
        wire=wire,
        parent=live.parent,
        was_made=made(bond, live) if bond is not None else False,
        digests=Kept(outline.fields, wire),
        by=found_by(kind, live.fields, wire) if kind.rest.list is not None and kind.rest.list.by else NOTHING,
        scope=index.scope_of(document, kind) if kind.scope else (),
        bond=bond,
        refers=led_to,
        settings=index.desired.targets[document.address.target].settings,
    )


def _key(kind: Kind, document: Document, live: Resource) -> Json:
    if kind.tree:
        return normal(kind.key_field, document.spec.get(kind.key))
    return key_of(kind, document, live)


def _unrestricted(life: Lifecycle) -> bool:
    return life.manage is Manage.FULL and not life.ignore


def _is_live(same: Same, one: Field, live: Json | Missing, value: Value) -> bool:
    if live is value:
        return True
    if isinstance(live, Missing):
        return False
    if one.merged and isinstance(value, dict) and isinstance(live, dict) and by_names(one):
        for name, wanted in value.items():
            there = live.get(name, ABSENT)
            if type(wanted) is str and there == wanted:  # what most values are: no other type is equal to it
                continue
            if isinstance(there, Missing) or not identical(there, wanted):
                return alike(same, one, live, value)
        return True
    return alike(same, one, live, value)


def _outline(index: Index, document: Document) -> Outline | None:
    kind = index.kind_of(document)
    if not kind.findable or kind.lookups or _remembers(index, kind):
        return None
    declared = [kind.fields[name] for name in document.spec if name in kind.fields]
    sent = tuple(one for one in declared if not one.read_only and not one.local)
    if not all(map(_comparable, sent)):
        return None
    refers = any(one.ref for one in sent)
    return Outline(
        kind=kind,
        keyed=kind.key in document.spec and not kind.tree,
        names=tuple(one.name for one in sent if one.name != kind.key),
        same=index.catalog.verbs[document.provider, document.kind].same,
        fields=sent,
        as_written=len(sent) == len(document.spec) and not refers,
        refers=refers,
        spelled=kind.rename in ("yes", "consent"),
    )


def _comparable(one: Field) -> bool:
    """Whether reading a field says it all: not where an entry has a say of its own, where it is not read back, or
    where what it names matters besides."""
    if one.is_set or one.write_only or one.unreadable or one.mentions is not None:
        return False
    return not any(sub.ref for sub in one.entries.values()) and not _names(one)


def _names(one: Field) -> bool:
    """Whether the names of a mapping, however deep, are keys of things."""
    return one.names is not None or any(map(_names, one.entries.values()))


def _remembers(index: Index, kind: Kind) -> bool:
    """Whether anything that it may refer to is of a kind whose ids the ledger has to remember."""
    return any(index.catalog.kind(kind.provider, ref).remembered for ref in _refs(kind.fields.values()))


def _refs(fields: Iterable[Field]) -> set[str]:
    found = {one.ref for one in fields if one.ref}
    return found.union(*(_refs(one.entries.values()) for one in fields))


class Kept(Later[str]):
    """What the ledger will keep of each field."""

    __slots__ = ("fields", "wire")

    def __init__(self, fields: tuple[Field, ...], wire: Mapping[str, Value]) -> None:
        self.fields = fields
        self.wire = wire

    def work_out(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for one in self.fields:
            found |= kept(one, self.wire[one.name])
        return found


class LedTo(Later[Named]):
    """What the references of a document lead to."""

    __slots__ = ("document", "fields", "index", "wire")

    def __init__(
        self, index: Index, document: Document, fields: tuple[Field, ...], wire: Mapping[str, Value]
    ) -> None:
        self.index = index
        self.document = document
        self.fields = fields
        self.wire = wire

    def work_out(self) -> dict[str, Named]:
        refs = {one.name: one.ref for one in self.fields if one.ref}
        return {name: self.index.named(self.document, ref, self.wire[name]) for name, ref in refs.items()}
