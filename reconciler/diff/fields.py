"""The plain fields of one document against its live thing: what differs, why, and what goes on the wire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.diff.freeform import ID, by_id, differences
from reconciler.diff.index import Index, Miss
from reconciler.diff.reasons import why
from reconciler.model.catalog import Same
from reconciler.model.change import FieldChange, Hold, Reason, Value
from reconciler.model.document import Document
from reconciler.model.json import ABSENT, Json, JsonObject, Missing, digest, same
from reconciler.model.kind import REPLACE, Field, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken, unlike_names
from reconciler.model.place import SpecPath
from reconciler.model.record import Record, field
from reconciler.model.recorded import Bond

CONTENDED = 2
"""After so many applies in a row that sent the same value, another difference is somebody else's doing."""


class Compared(Record):
    """What comparing one document has brought to light so far."""

    fields: list[FieldChange] = field(default_factory=list)
    wire: dict[str, Value] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    holds: list[Hold] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)
    replaces: bool = False


class Pair(Record, frozen=True):
    """One document and the live thing it means (None: to be created), with what was applied last."""

    index: Index
    document: Document
    kind: Kind
    same: Same
    resource: Resource | None
    bond: Bond | None
    renames: bool

    @property
    def recorded(self) -> Mapping[str, str]:
        """Field -> digest of what was applied last."""
        return self.bond.digests if self.bond else {}


def managed(kind: Kind, document: Document) -> list[Field]:
    """The declared fields that can be compared: not the API's own, not for people only, not a set's mode."""
    names = [kind.fields[n] for n in document.spec if n in kind.fields]
    return [f for f in names if not f.read_only and not f.local]


def ignored(document: Document, name: str) -> bool:
    """`lifecycle.ignore`: others may change it; it is set at creation and left alone afterwards."""
    return f"spec.{name}" in document.lifecycle.ignore or name in document.lifecycle.ignore


def compare_fields(pair: Pair, out: Compared) -> None:
    """Compare every declared plain field; sets are compared elsewhere. What stands in the place of a key is
    remembered, so that another one is not taken for the same."""
    for name in (n for n in pair.kind.lookups if n in pair.document.spec):
        out.digests[name] = digest(normal(pair.kind.fields[name], pair.document.spec[name]))
    for one in managed(pair.kind, pair.document):
        if not one.is_set:
            value = _wire_value(pair, one, out)
            out.holds += _unknown_names(pair, one, pair.document.spec[one.name], ("spec", one.name))
            if not isinstance(value, Miss):
                out.wire[one.name] = value
                out.digests |= kept(one, value)
                _compare(pair, one, value, out)


def _wire_value(pair: Pair, one: Field, out: Compared) -> Value | Miss:
    """The value as it is sent: references as ids."""
    value = pair.document.spec[one.name]
    if one.write_only and isinstance(value, dict):
        return {"$secret": value}
    if isinstance(value, dict) and any(sub.ref for sub in one.entries.values()):
        return _object_value(pair, one, value, out)
    if one.ref is None or not isinstance(value, str):
        return value
    found = pair.index.resolve(pair.document, one.ref, value)
    if isinstance(found, Miss):
        out.holds.append(unresolved(pair.document, found, one.name))
    return found


def _object_value(pair: Pair, one: Field, value: Mapping[str, Json], out: Compared) -> Value | Miss:
    """A field that is an object, with ids in the place of the names in it."""
    found: dict[str, Value] = {}
    for name, part in value.items():
        ref = one.entries[name].ref if name in one.entries else None
        at = pair.index.resolve(pair.document, ref, part, value) if ref and isinstance(part, str) else part
        if isinstance(at, Miss):
            out.holds.append(unresolved(pair.document, at, one.name, name))
            return at
        found[name] = at
    return found


def _unknown_names(pair: Pair, one: Field, value: Json, path: SpecPath) -> Iterator[Hold]:
    """Names in mappings, however deep, that are keys of nothing."""
    if one.names is not None and isinstance(value, dict):
        for name in value:
            found = pair.index.resolve(pair.document, one.names, name)
            if isinstance(found, Miss):
                yield unresolved(pair.document, found, *path[1:], name)
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from _unknown_names(pair, one, item, (*path, i))
    elif isinstance(value, dict):
        for name, sub in one.entries.items():
            if name in value:
                yield from _unknown_names(pair, sub, value[name], (*path, name))


def applied(one: Field, value: Value) -> str:
    """What the ledger keeps of a value: its digest, of a secret that of its version."""
    secret = value.get("$secret") if one.write_only and isinstance(value, dict) else None
    return digest({"version": secret.get("version")} if isinstance(secret, dict) else normal(one, value))


def kept(one: Field, value: Value) -> dict[str, str]:
    """What the ledger keeps of a field, and of each name in it where these are remembered one by one."""
    if one.write_only or not _by_name(one) or not isinstance(value, dict):
        return {one.name: applied(one, value)}
    meant = normal(one, value)
    names = meant if isinstance(meant, dict) else {}
    return {one.name: digest(meant), **{f"{one.name}.{n}": digest(names.get(n)) for n in value}}


def unresolved(document: Document, miss: Miss, *path: str | int) -> Hold:
    """A reference that leads nowhere holds the change that needs it, and says where it stands."""
    at = document.at("spec", *path)
    otherwise = "make it in the product, it is only read here" if miss.source else "declare what it refers to"
    correct = f"correct the name; otherwise: {miss.remedy}" if miss.remedy else f"correct the name, or {otherwise}"
    if miss.aside:
        correct = f"select both: --only {document.address} --only {miss.aside}"
    way_out = miss.otherwise or correct
    return Hold("unresolved", f"{at}: {miss.why}", way_out, final=True)


def _compare(pair: Pair, one: Field, value: Value, out: Compared) -> None:
    resource = pair.resource
    if resource is None:
        shown = pair.document.spec[one.name]
        reason = Reason.DRIFT if one.name in pair.recorded else Reason.INTENT  # recorded, and live no more
        out.fields.append(FieldChange((one.name,), ABSENT, shown, reason, one.access))
        return
    if one.name == pair.kind.key and pair.kind.findable:
        if pair.renames:
            _differs(pair, one, value, resource.key, out)
        elif pair.kind.rename in ("yes", "consent") and _spelled_anew(one, value, resource.key):
            line = f"previously: {{key: {resource.key}}}"
            out.notes.append(f"spelled '{resource.key}' live; `{line}` would change that")
        return
    if ignored(pair.document, one.name):
        out.digests = {k: v for k, v in out.digests.items() if not _own(one, k)} | _as_recorded(pair, one)
        return
    if one.unreadable or one.write_only or one.name not in resource.fields:
        _unreadable(pair, one, value, out)
    elif not alike(pair.same, one, resource.fields[one.name], value):
        _differs(pair, one, value, resource.fields[one.name], out)


def _own(one: Field, name: str) -> bool:
    """Whether a digest of this name is the field's."""
    return name == one.name or (_by_name(one) and name.startswith(f"{one.name}."))


def _by_name(one: Field) -> bool:
    """Whether an object's names are remembered one by one: where they are merged; and where it says who may do
    what and no read returns it, so that the rest of it may change and nobody's access is in question."""
    return one.merged or (one.unreadable and one.gives is not None)


def alike(same_: Same, one: Field, live: Json, value: Value) -> bool:
    """Whether a live value is as it is declared."""
    if one.merged and isinstance(value, dict):
        return not unlike_names(one, live, value)
    return same_(one, normal(one, live), normal(one, value))


def _as_recorded(pair: Pair, one: Field) -> dict[str, str]:
    """What is not sent is not recorded as sent: the ledger keeps what it has."""
    return {name: was for name, was in pair.recorded.items() if _own(one, name)}


def _spelled_anew(one: Field, value: Value, live: Json) -> bool:
    """Whether a key is one and the same, and yet written in another way."""
    return same(normal(one, value), normal(one, live)) and spoken(value) != spoken(live)


def _differs(pair: Pair, one: Field, value: Value, live: Json, out: Compared) -> None:
    reason = _why(pair, one, value, live)
    if one.name == pair.kind.key and pair.document.previous_key is not None and reason is Reason.UNKNOWN:
        reason = Reason.INTENT  # somebody wrote `previously`
    for path, old, new in _parts(one, *_sides(pair, one, value, live)):
        own = _why_name(pair, one, path[0], new, old, reason) if one.merged and path else reason
        out.fields.append(FieldChange((one.name, *path), old, new, own, one.access))
    if (hold := left_alone(pair, one, out.digests[one.name], digest(normal(one, live)))) is not None:
        out.holds.append(hold)
    elif one.replaces or (one.name == pair.kind.key and pair.kind.rename == REPLACE):
        out.replaces = True
        out.changed.add(one.name)
    elif one.immutable is not None:
        text = f"`{one.name}` is fixed once created"
        out.holds.append(Hold("immutable", text, one.immutable, final=True))
        out.digests.pop(one.name, None)
    else:
        out.changed.add(one.name)


def _why(pair: Pair, one: Field, value: Value, live: Json) -> Reason:
    """Why it differs. A reference whose own thing has got another id is declared as it was. Where an object is
    compared as far as it is declared, the rest of a live one need be no other change: nobody can say."""
    wanted, there = normal(one, value), normal(one, _counting(pair, one, value, live))
    if one.ref is not None:
        was = normal(one, pair.index.formerly(pair.document, one.ref, value))
        wanted = was if pair.recorded.get(one.name) == digest(was) else wanted
    found = why(pair.recorded, one.name, wanted, there)
    in_part = found is Reason.BOTH and isinstance(there, dict) and not one.merged and pair.same(one, there, {})
    return Reason.UNKNOWN if in_part else found


def _why_name(
    pair: Pair, one: Field, name: str, wanted: Json | Missing, live: Json | Missing, of_all: Reason
) -> Reason:
    """Why one name of an object that is merged differs: one that was not declared before is meant. `of_all`: why
    the object does, where its names were not remembered one by one."""
    if not any(known.startswith(f"{one.name}.") for known in pair.recorded):
        return of_all
    if f"{one.name}.{name}" not in pair.recorded:
        return Reason.INTENT
    sides = [normal(one, {} if isinstance(side, Missing) else {name: side}) for side in (wanted, live)]
    after, before = (side.get(name) if isinstance(side, dict) else None for side in sides)
    return why(pair.recorded, f"{one.name}.{name}", after, before)


def _sides(pair: Pair, one: Field, value: Value, live: Json) -> tuple[Json, Json]:
    """Before and after as people call them, both in one form: chains of names as they are written."""
    declared = pair.document.spec[one.name]
    if one.ref is not None:
        before = pair.index.shown(pair.document, one.ref, live)
        return _as_path(before), _as_path(_called(pair, one.ref, value, declared))
    return (_as_path(live) if isinstance(declared, str) else _counting(pair, one, value, live)), declared


def _called(pair: Pair, ref: str, value: Value, declared: Json) -> Json:
    """What a reference names; of one by the name of a document what the thing will be called."""
    meant = pair.index.meant(pair.document, ref, value)
    if meant is None or declared != meant.address.name:
        return declared
    return pair.index.named(pair.document, ref, value).key or declared


def _as_path(value: Json) -> Json:
    """A chain of names as a path; as it is where a name holds a slash."""
    if not isinstance(value, list) or any("/" in str(name) for name in value):
        return value
    return spoken(value)


def _counting(pair: Pair, one: Field, value: Value, live: Json) -> Json:
    """What of a live value the declared one speaks of: of an object that is merged, or of which its kind minds no
    name that is left out, the declared names."""
    if not isinstance(live, dict) or not isinstance(value, dict):
        return live
    spoken_of: Json = {name: v for name, v in live.items() if name in value}
    if one.merged:
        return spoken_of
    known = (_among(live, value), spoken_of)
    return next((part for part in known if pair.same(one, normal(one, live), normal(one, part))), live)


def _among(live: Json, declared: Json) -> Json:
    """A live value with only the names that are declared, however deep; items that are in no list there stay."""
    if isinstance(live, dict) and isinstance(declared, dict):
        return _names(live, declared)
    there, wanted = by_id(live), by_id(declared)
    if not there or wanted is None:
        return live
    return [{ID: i, **(_names(item, wanted[i]) if i in wanted else item)} for i, item in there.items()]


def _names(live: JsonObject, declared: JsonObject) -> JsonObject:
    return {name: _among(v, declared[name]) for name, v in live.items() if name in declared}


def _parts(
    one: Field, before: Json, after: Json
) -> Sequence[tuple[tuple[str, ...], Json | Missing, Json | Missing]]:
    """(path, before, after) of what differs in a value that does."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [((), before, after)]
    if one.merged:
        return [((n,), before.get(n, ABSENT), after[n]) for n in unlike_names(one, before, after)]
    return differences(before, after)


def left_alone(pair: Pair, one: Field, wanted: str, live: str) -> Hold | None:
    """Why a field that differs is not sent again: the server made something else of it, or somebody else writes it
    too (OA-R83, ST-R43, CM-R37). `wanted`, `live`: digests."""
    bond, only = pair.bond, one.name
    if bond is None or bond.digests.get(one.name) != wanted:
        return None
    if bond.differs.get(one.name) == live:
        reason = f"the server made something else of `{one.name}` when it was sent as declared"
        needed = pair.kind.schema.get("required")
        way_out = "declare what the server makes of it"
        way_out += "" if isinstance(needed, list) and one.name in needed else ", or leave it out"
        return Hold("changed-by-server", reason, way_out, only=only)
    if bond.sent.get(one.name, 0) >= CONTENDED:
        reason = f"`{one.name}` was sent as declared in the last {bond.sent[one.name]} applies and differs again"
        way_out = f"somebody else writes it: declare their value, or add `spec.{one.name}` to lifecycle.ignore"
        return Hold("contended", reason, way_out, only=only)
    return None


def _unreadable(pair: Pair, one: Field, value: Value, out: Compared) -> None:
    """No read returns it: sent again only if it is not what was sent last."""
    if pair.recorded.get(one.name) == applied(one, value):
        out.notes.append(f"not verifiable: {one.name} (last sent as declared)")
        return
    fixed = one.immutable is not None and not (one.unreadable or one.write_only)
    if (one.replaces or fixed) and one.name not in pair.recorded:  # nobody knows whether it differs
        out.notes.append(f"not verifiable: {one.name} (it counts when one is made)")
        out.digests.pop(one.name, None)
        return
    if fixed:  # shown of others, not of this one: no call could change it
        text = f"`{one.name}` was sent as something else, and is fixed once created"
        out.holds.append(Hold("immutable", text, one.immutable or "", final=True))
        out.digests = {k: v for k, v in out.digests.items() if not _own(one, k)} | _as_recorded(pair, one)
        return
    out.replaces |= one.replaces
    reason = Reason.INTENT if one.name in pair.recorded else Reason.UNKNOWN
    out.fields.append(FieldChange((one.name,), ABSENT, pair.document.spec[one.name], reason, one.access))
    out.changed.add(one.name)
