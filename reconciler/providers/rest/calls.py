"""Changes of one kind and target in, the calls that bring them about out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from reconciler.model.change import Change, Value, Verb
from reconciler.model.kind import Field, Kind, WriteCall
from reconciler.model.normalise import normal, spoken
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.rest.bodies import body, outward, sets_sent, sink, to_send
from reconciler.providers.rest.renames import order_renames
from reconciler.providers.rest.sets import own_id, set_calls, shift_edges


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One create, update or delete per object, its memberships after it, renames in an order that works."""
    writing = [change for change in changes if change.writes]
    objects = [c for change in writing for c in object_calls(kind, change)]
    objects = order_renames(kind, changes, objects)
    sets = [c for change in writing for c in set_calls(kind, change, objects)]
    return shift_edges([*objects, *sets])


def object_calls(kind: Kind, change: Change) -> list[Call]:
    """The call that creates, updates or deletes the thing itself, if one is needed; two to replace it."""
    rest = kind.rest
    if change.verb is Verb.REPLACE and rest.delete and rest.create:
        gone = delete(change, rest.delete)
        made = create(kind, change, rest.create, body(kind, rest.create, change))
        return [gone, replace(made, after=frozenset({gone.id}))]
    if change.verb is Verb.CREATE and rest.create:
        return [create(kind, change, rest.create, body(kind, rest.create, change))]
    if change.verb is Verb.DELETE and rest.delete:
        return [delete(change, rest.delete)]
    if (change.changed or sets_sent(kind, change)) and not change.removes and rest.update:
        return [update(kind, change, rest.update)]
    return []


def create(kind: Kind, change: Change, endpoint: WriteCall, content: Mapping[str, Value]) -> Call:
    """`content` is the body; what of it is a plain field must come back in the answer."""
    method, path = endpoint.call.split(" ", 1)
    sets = sets_sent(kind, change)
    return Call(
        id=f"{change.address}#create",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        phase=Phase.CREATE,
        body=dict(content),
        summary=f"create {kind.name} {spoken(change.key)}",
        expect=expected(kind, endpoint, sent(kind, change, change.wire)),
        effect=Effect(key=change.key, fields={**sent(kind, change, change.wire), **sets}, scope=change.scope),
        verify=endpoint.verify == "always" or bool(sets),
        new_id=endpoint.id,
        media=endpoint.media,
        repeat=endpoint.repeat,
        sink=sink(kind, change),
    )


def update(kind: Kind, change: Change, endpoint: WriteCall) -> Call:
    """One call for all fields that differ, and the sets that go whole. Where the id is the name itself, a rename
    changes the id."""
    method, path = endpoint.call.split(" ", 1)
    changed = sent(kind, change, sorted(change.changed))
    clears = any(clearing(kind.fields[name], value) for name, value in changed.items())
    sets = sets_sent(kind, change)
    renamed = kind.key in change.changed
    was = spoken(change.live.key) if change.live else ""
    return Call(
        id=f"{change.address}#update",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        args={"id": own_id(change)},
        phase=Phase.UPDATE,
        body=body(kind, endpoint, change) or None,
        summary=f"rename {kind.name} {was} to {spoken(change.key)}" if renamed else f"update {kind.name} {was}",
        expect=expected(kind, endpoint, changed),
        effect=Effect(key=change.key if renamed else None, fields={**changed, **sets}, scope=change.scope),
        verify=endpoint.verify == "always" or bool(sets) or clears,
        becomes=spoken(change.key) if renamed and kind.rest.id == kind.key_field.wire else None,
        live_id=change.live.id if change.live else None,
        media=endpoint.media,
        repeat=endpoint.repeat,
        clobbers=tuple(sets),
    )


def sent(kind: Kind, change: Change, names: Iterable[str]) -> dict[str, Value]:
    """The plain fields that a call writes, with their values."""
    return {name: to_send(kind.fields[name], change) for name in names}


def clearing(field: Field, value: Value) -> bool:
    """Whether something of an object that is merged is taken away: no answer can be taken at its word for that."""
    kept = normal(field, value)
    return field.merged and isinstance(value, dict) and isinstance(kept, dict) and kept.keys() != value.keys()


def delete(change: Change, endpoint: WriteCall) -> Call:
    """Deleting needs no body; a 2xx is the answer."""
    method, path = endpoint.call.split(" ", 1)
    return Call(
        id=f"{change.address}#delete",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=path,
        args={"id": change.live.id if change.live else own_id(change)},
        phase=Phase.DELETE,
        summary=f"delete {change.address.kind} {spoken(change.live.key) if change.live else change.label}",
        effect=Effect(gone=True),
        live_id=change.live.id if change.live else None,
        media=endpoint.media,
        repeat=endpoint.repeat,
    )


def expected(kind: Kind, endpoint: WriteCall, fields: Mapping[str, Value]) -> dict[str, Value]:
    """What the answer must show: pointer -> value. Empty where the endpoint answers with no object; no secrets nor
    what else no answer shows, and no files, which come back in another form."""
    if endpoint.answer is None:
        return {}
    silent = {n for n in fields if (f := kind.fields[n]).write_only or f.unreadable or f.file}
    found: dict[str, Value] = {}
    for name, value in fields.items():
        field, at = kind.fields[name], endpoint.answer + kind.fields[name].wire
        if field.merged and isinstance(value, dict):
            found |= {f"{at}/{_escaped(n)}": v for n, v in _merged(field, value).items()}
        elif name not in silent:
            found[at] = outward(field, value)
    return found


def _merged(field: Field, value: Mapping[str, Value]) -> dict[str, Value]:
    """What an answer shows of an object that is merged, name by name; of what is taken away, nothing."""
    kept = normal(field, dict(value))
    by_text = "texts" in field.normalise
    shown = kept if isinstance(kept, dict) else {}
    return {n: {"$text": v} if by_text else v for n, v in shown.items() if v is not None}


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
