"""What goes into the body of a call, and which sets go there whole."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.change import Change, Delta, Entry, Value, Verb
from reconciler.model.kind import Field, Kind, SetCalls, WriteCall
from reconciler.model.normalise import unlike_names
from reconciler.model.plan import Sink
from reconciler.model.shows import entries_by_id


def body(kind: Kind, endpoint: WriteCall, change: Change) -> dict[str, Value]:
    """All declared fields, those that differ, or those that the endpoint names, under their names on the wire."""
    if isinstance(endpoint.body, Mapping):
        known = {n: value(kind, change, n) for n in endpoint.body.values() if _declared(kind, change, n)}
        return {wire: known[n] for wire, n in endpoint.body.items() if n in known}
    whole = [n for n in kind.fields if n in sets_sent(kind, change)]
    plain = sorted(change.changed) if endpoint.body == "changed" else [n for n in kind.fields if n in change.wire]
    return {kind.fields[n].wire_name: value(kind, change, n) for n in [*plain, *whole]}


def _declared(kind: Kind, change: Change, name: str) -> bool:
    return name in change.wire or (name in change.deltas and goes_whole(kind, name))


def value(kind: Kind, change: Change, name: str) -> Value:
    """The value of a field, or the whole of a set, as a body holds it."""
    if name in change.wire:
        return outward(kind.fields[name], to_send(kind.fields[name], change))
    field, live = kind.fields[name], change.live.fields.get(name) if change.live and _stays(change) else None
    there = entries_by_id(field, live)
    return [_entry(field, entry, there.get(str(entry.id))) for entry in delta_of(change, name).whole]


def to_send(field: Field, change: Change) -> Value:
    """A declared value; of an object that the API merges with what is there just what differs."""
    wanted = change.wire[field.name]
    if not field.merged or not isinstance(wanted, dict):
        return wanted
    live = change.live.fields.get(field.name) if change.live and _stays(change) else None
    says = unlike_names(field, live or {}, wanted)
    hidden = change.live is not None and field.name not in change.live.fields
    return {name: value for name, value in wanted.items() if name in says or hidden}


def _entry(field: Field, entry: Entry, live: Value) -> Value:
    """One entry; what of a live one nobody declares goes along, or it would be lost."""
    if not field.entries:
        return entry.id
    kept = live if isinstance(live, dict) else {}
    own = {n: v for n, v in kept.items() if n in field.entries and not field.entries[n].read_only}
    return _object(field, {**own, **entry.wire})


def outward(field: Field, given: Value) -> Value:
    """A field that is an object, under the names on the wire; what is for people only is left out."""
    if field.entries and isinstance(given, dict) and not field.is_set:
        return _object(field, given)
    return given


def _object(field: Field, given: Mapping[str, Value]) -> Value:
    subs = field.entries
    return {
        (subs[n].wire_name if n in subs else n): outward(subs[n], v) if n in subs else v
        for n, v in given.items()
        if not (n in subs and subs[n].local)
    }


def goes_whole(kind: Kind, name: str) -> bool:
    """Whether a set has no calls of its own: the object's own body carries it."""
    return kind.rest.sets.get(name, SetCalls()).whole


def sets_sent(kind: Kind, change: Change) -> dict[str, list[Value]]:
    """The sets that the change's own call carries whole, as live must show them: of an entry what is declared."""
    names = [n for n in change.deltas if goes_whole(kind, n) and (not _stays(change) or change.deltas[n])]
    return {
        n: [dict(e.wire) if kind.fields[n].entries else e.id for e in delta_of(change, n).whole]
        for n in sorted(names)
    }


def delta_of(change: Change, name: str) -> Delta:
    """What a set needs; of a thing that is made anew, all that is declared."""
    delta = change.deltas[name]
    return delta if _stays(change) else Delta(add=(*delta.kept, *delta.change, *delta.add))


def _stays(change: Change) -> bool:
    """Whether what is written is the thing that is live."""
    return change.live is not None and change.verb is not Verb.REPLACE


def sink(kind: Kind, change: Change) -> Sink | None:
    """Where a value goes that the create's answer shows once, if the document says so."""
    spec = change.document.spec if change.document else {}
    for name, field in kind.fields.items():
        to = spec.get(name)
        if field.sink and isinstance(to, dict):
            return Sink(field.sink, name, to)
    return None
