"""The calls that bring components to what is declared (CM-R25 to CM-R35)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence, Set

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.omni_cms.answers import number
from reconciler.providers.omni_cms.codec import PART, UPLOAD
from reconciler.providers.omni_cms.knots import MOST, Before, handovers, knots, places, with_keys
from reconciler.providers.omni_cms.objects import text_id
from reconciler.providers.omni_cms.records import ABSENT_FILE
from reconciler.providers.omni_cms.sequences import ordering
from reconciler.providers.omni_cms.tree import node, root_to_come
from reconciler.providers.rest.sets import own_id

ELSEWHERE = frozenset({"sequence", "file"})
"""Fields that have a call of their own where nothing else differs."""


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One call per component that differs, in an order in which no key is taken twice and no circle arises; one
    for all sequences; the files after their components; each with what follows an answer that is rare."""
    writing = [c for c in changes if c.writes]
    objects = {c.address: call for c in writing if (call := _object(kind, c)) is not None}
    ordered = _in_order(kind, writing, objects)
    files = [call for c in writing for call in _files(kind, c, objects.get(c.address))]
    lone = [c for c in writing if c.changed - {"file"} == {"sequence"} and c.address not in objects]
    found = [*ordered, *files]
    looks = {call.id: call for c in writing for call in _root(kind, c)}
    return [*looks.values(), *found, *(rare for call in found for rare in _rare(call)), *ordering(kind, lone)]


def _root(kind: Kind, change: Change) -> Iterable[Call]:
    """The look at the root of a space that comes with this plan, for what is made in it (CM-C3, CM-R14)."""
    made = root_to_come(change.scope[0]) if change.verb is Verb.CREATE and change.scope else None
    if made is not None and change.wire.get("parent") == made:
        space = Address.parse(str(node(change.scope[0])))
        yield Call(
            id=f"{space}#root",
            target=space.target,
            kind=kind.name,
            address=Address(space.target, kind.name, f"(root of {space.name})"),
            method="GET",
            path="/component/{space}/root",
            phase=Phase.CREATE,
            role=Role.GATE,
            args={"space": change.scope[0]},
            expect={"/key": "root"},
            summary=f"look up the root of {space}",
        )


def _object(kind: Kind, change: Change) -> Call | None:
    """The call for the component itself, if it needs one."""
    if change.verb is Verb.CREATE:
        return _create(kind, change)
    if change.verb is Verb.DELETE:
        return _delete(kind, change)
    if change.changed - ELSEWHERE or (uploads(change) and types(change)):
        return _update(kind, change)
    return None


def uploads(change: Change) -> bool:
    """Whether a file is sent."""
    sends = change.wire.get("file") not in (None, ABSENT_FILE)
    return sends and (change.live is None or "file" in change.changed)


def types(change: Change) -> bool:
    """Whether the manifest says the media type that an upload would set."""
    metadata = change.document.spec.get("metadata") if change.document else None
    return isinstance(metadata, dict) and "mimeType" in metadata


def _base(kind: Kind, change: Change, call: str, word: str, phase: Phase) -> Call:
    method, path = call.split(" ", 1)
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=kind.name,
        address=change.address,
        method=method,
        path=path,
        phase=phase,
        args={"id": own_id(change)} if "{id}" in path else {},
        live_id=change.live.id if change.live else None,
    )


def _create(kind: Kind, change: Change) -> Call:
    """Everything declared; the reading afterwards is the proof (CM-R25, CM-R36)."""
    return replace(
        _base(kind, change, "POST /component", "create", Phase.CREATE),
        body=_body(kind, change.wire),
        summary=f"create {kind.name} {change.key}",
        effect=Effect(change.key, fields=_shown(change, change.wire), scope=change.scope),
        verify=True,
        new_id="/id",
    )


def _update(kind: Kind, change: Change) -> Call:
    """All fields that differ in one call, under the id that its body repeats (CM-R26)."""
    typed = uploads(change) and types(change)
    names = change.changed | ({"metadata"} if typed else frozenset())
    fields = {name: change.wire[name] for name in change.wire if name in names}
    was = change.live.key if change.live else None
    renamed = kind.key in names
    return replace(
        _base(kind, change, "PUT /component/{id}", "update", Phase.UPDATE),
        body={"id": number(own_id(change)), **_body(kind, fields)},
        summary=f"rename {kind.name} {was} to {change.key}" if renamed else f"update {kind.name} {was}",
        effect=Effect(change.key if renamed else None, fields=_shown(change, fields), scope=change.scope),
        verify=True,
        after=frozenset({f"{change.address}#file"} if typed else ()),
        clobbers=("mimeType",) if "metadata" in names and not types(change) else (),
    )


def _delete(kind: Kind, change: Change) -> Call:
    return replace(
        _base(kind, change, "DELETE /component/{id}", "delete", Phase.DELETE),
        summary=f"delete {kind.name} {change.live.key if change.live else change.label}",
        effect=Effect(gone=True),
    )


def _body(kind: Kind, fields: Mapping[str, Value]) -> dict[str, Value]:
    """The fields under their names on the wire; the file has a call of its own. Ids are integers (CM-R3)."""
    names = [n for n in kind.fields if n in fields and n != "file"]
    return {kind.fields[n].wire_name: number(fields[n]) if kind.fields[n].ref else fields[n] for n in names}


def _shown(change: Change, fields: Mapping[str, Value]) -> dict[str, Value]:
    """What a reading must show of them. A `mimeType` that is not declared may change with an upload; the root of a
    space that comes with the plan is told as a number, and whoever names a wrong one is refused."""
    found = {name: value for name, value in fields.items() if name != "file" and not _looked_up(value)}
    metadata = found.get("metadata")
    if isinstance(metadata, dict):
        found["metadata"] = {k: v for k, v in metadata.items() if k != "mimeType"}
        if types(change) and not (uploads(change) and change.live is None):
            found["mimeType"] = metadata["mimeType"]
    return found


def _looked_up(value: Value) -> bool:
    return isinstance(value, dict) and "$from" in value


# The order.


def _in_order(kind: Kind, changes: Sequence[Change], objects: Mapping[Address, Call]) -> list[Call]:
    """Who takes a key goes after who leaves it; nothing goes without what it needs; a knot is undone by a
    temporary key (CM-R29, CM-R35)."""
    by_address = {c.address: c for c in changes}
    fixed = places(changes, {c.address: c.needs for c in changes})
    passing = handovers(kind, changes)
    asides: dict[Address, Call] = {}
    while leavers := _in_the_way(fixed, passing, asides.keys()):
        asides |= {a: _aside(kind, by_address[a]) for a in leavers}
    before = with_keys(fixed, passing, asides.keys())
    found = list(asides.values())
    for address, call in objects.items():
        own = by_address[address]  # that children are deleted first, the plan sees to
        first = {objects[a].id for a in (own.needs if own.removes else before[address]) if a in objects}
        aside = {asides[a].id for a in (address, passing.get(address)) if a in asides}
        found.append(replace(call, after=call.after | first | aside))
    return found


def _in_the_way(fixed: Before, passing: Mapping[Address, Address], asides: Set[Address]) -> set[Address]:
    """One of each knot whose key somebody in it waits for, and nothing but its key: the one without which least of
    the knot is left."""
    found = set[Address]()
    for knot in knots(with_keys(fixed, passing, asides)):
        takers = (a for a in knot if passing.get(a) in knot and passing[a] not in fixed[a])
        leavers = sorted(passing[a] for a in takers if passing[a] not in asides)
        own = {a: fixed[a] & set(knot) for a in knot}
        left = {a: sum(map(len, knots(with_keys(own, passing, {*asides, a})))) for a in leavers[:MOST]}
        found |= {min(left, key=lambda a: (left[a], a))} if left else set()
    return found


def _aside(kind: Kind, change: Change) -> Call:
    """To a temporary key first, so that somebody else can have the present one."""
    name = "tmp-" + hashlib.sha256(str(change.address).encode()).hexdigest()[:8]
    return replace(
        _base(kind, change, "PUT /component/{id}", "aside", Phase.UPDATE),
        body={"id": number(own_id(change)), kind.key_field.wire_name: name},
        summary=f"rename {kind.name} {change.live.key if change.live else ''} aside to {name}",
        effect=Effect(name, fields={kind.key: name}, scope=change.scope),
    )


# Files.


def _files(kind: Kind, change: Change, own: Call | None) -> list[Call]:
    """The upload or removal of the file, after the component's own call, so that no metadata erases the type that
    the server finds; where the manifest says the type, it is written after the upload (CM-R33)."""
    if uploads(change):
        sent = _upload(kind, change)
        if not types(change):
            return [_following(sent, own)]
        if own is not None and own.phase is Phase.CREATE:
            sent = _following(sent, own)
            return [sent, _following(_retype(kind, change), sent)]
        return [sent]
    if change.live is not None and "file" in change.changed:
        removal = _base(kind, change, "DELETE /component/file/{id}", "no-file", Phase.REMOVE)
        return [_following(replace(removal, summary=f"remove the file of {kind.name} {change.key}"), own)]
    return []


def _upload(kind: Kind, change: Change) -> Call:
    return replace(
        _base(kind, change, "POST /component/file/{id}", "file", Phase.ADD),
        body={PART: change.wire["file"]},
        media=UPLOAD,
        summary=f"upload the file of {kind.name} {change.key}",
        expect={"/success": True},
    )


def _retype(kind: Kind, change: Change) -> Call:
    metadata = {"metadata": change.wire["metadata"]}
    return replace(
        _base(kind, change, "PUT /component/{id}", "type", Phase.UPDATE),
        body={"id": own_id(change), **metadata},
        summary=f"say the media type of {kind.name} {change.key} again",
        effect=Effect(fields={**_shown(change, metadata), "mimeType": _mime(change)}),
        verify=True,
    )


def _mime(change: Change) -> Json:
    metadata = change.wire.get("metadata")
    return metadata.get("mimeType") if isinstance(metadata, dict) else None


def _following(call: Call, first: Call | None) -> Call:
    return replace(call, after=call.after | {first.id}) if first else call


# What follows rare answers.


def _rare(call: Call) -> Iterable[Call]:
    """A create's id is looked up where its answer names none (CM-R25); an id that has to be text is (CM-R26)."""
    if call.phase is Phase.CREATE:
        yield replace(
            call,
            id=f"{call.id}:look",
            method="GET",
            path="/component/{space}/{key}",
            args={"space": call.effect.scope[0], "key": call.effect.key},
            body=None,
            role=Role.CONTINGENT,
            summary=f"if the answer names no id: look up {call.kind} {call.effect.key}",
            after=frozenset(),
            trigger=Trigger(call.id, on=On.UNKNOWN),
            expect={"/key": call.effect.key},
            verify=False,
        )
    elif call.method == "PUT" and isinstance(call.body, dict):
        yield text_id(call)
