"""Peos made, renamed, linked to projects and deleted: one request of each sort for all of them (OC-R130 to
OC-R136)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Delta, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core.batch import batch_size, requests
from reconciler.providers.omn_core.carrying import rider
from reconciler.providers.omn_core.grouped import Grouped, delete

PERSIST: Final = "/peo/peos/persist"
PERFORM: Final = "/peo/peos/perform"
LINK: Final = "/peo/peos/links/persist"
UNLINK: Final = "/peo/peos/links/perform"
MADE: Final = (Verb.CREATE, Verb.REPLACE)


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """What is replaced goes first; then everything made and renamed, links made, links taken away, and what is
    deleted for good (OC-C51)."""
    out = Grouped(kind, changes)
    replaced = [_delete(c) for c in changes if c.verb is Verb.REPLACE]
    written = [_create(c) for c in changes if c.verb in MADE] + [_rename(c) for c in changes if _renames(kind, c)]
    stays = [c for c in changes if c.live is not None and c.verb not in MADE and not c.removes]
    return [
        *out.requests(replaced, "delete Peos to be made anew"),
        *out.requests(written, "persist Peos"),
        *out.requests([r for c in stays for r in _links(c)], "link Peos to projects"),
        *out.requests([r for c in stays for r in _unlinks(c)], "unlink Peos from projects"),
        *out.requests([_delete(c) for c in changes if c.verb is Verb.DELETE and c.writes], "delete Peos"),
    ]


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """`[replaced] + [persisted] + [linked] + [unlinked] + [deleted]`, each per batch (OC-C51)."""
    most = batch_size(changes)
    replaced = sum(c.verb is Verb.REPLACE for c in changes)
    created = sum(c.verb is Verb.CREATE for c in changes)
    renamed = sum(c.live is not None and c.verb is not Verb.REPLACE and kind.key in c.changed for c in changes)
    kept = [d for c in changes if c.live is not None and c.verb is not Verb.REPLACE for d in c.deltas.values()]
    deleted = sum(c.verb is Verb.DELETE and not c.also_gone for c in changes)
    linked, unlinked = sum(len(d.add) for d in kept), sum(len(d.remove) for d in kept)
    return sum(requests(n, most) for n in (replaced, replaced + created + renamed, linked, unlinked, deleted))


def _renames(kind: Kind, change: Change) -> bool:
    return (
        change.live is not None and change.verb not in MADE and not change.removes and kind.key in change.changed
    )


def _create(change: Change) -> Call:
    """Never sent twice: another one of the same name would come to be (OC-R132)."""
    delta = change.deltas.get("projects", Delta())
    projects: list[Json] = [e.id for e in (*delta.kept, *delta.change, *delta.add)]
    body: JsonObject = {
        "productTid": change.wire.get("product"),
        "templateId": change.wire.get("templateId"),
        "name": change.key,
    }
    given: JsonObject = {n: change.wire.get(n) for n in ("product", "template", "templateId") if n in change.wire}
    return replace(
        rider(change, "create", PERSIST, Phase.CREATE),
        body={**body, "nodes": {"entries": projects}} if projects else body,
        summary=f"create {change.address.kind} {change.label}",
        effect=Effect(
            key=change.key,
            scope=change.scope,
            fields=given,
            set_field="projects" if projects else None,
            present=tuple((p, {}) for p in projects),
        ),
        after=frozenset({f"{change.address}#delete"} if change.verb is Verb.REPLACE else ()),
        live_id=None,
        repeat=False,
    )


def _rename(change: Change) -> Call:
    was = change.live.label if change.live else ""
    return replace(
        rider(change, "rename", PERSIST, Phase.UPDATE),
        args={"tid": _tid(change)},
        body={"tid": _tid(change), "name": change.key},
        summary=f"rename {change.address.kind} {was} to {change.label}",
        effect=Effect(fields={"name": change.key}),
    )


def _links(change: Change) -> Iterator[Call]:
    for entry in change.deltas.get("projects", Delta()).add:
        yield replace(
            rider(change, f"link {entry.shown}", LINK, Phase.ADD),
            args={"tid": _tid(change)},
            body={"peoTid": _tid(change), "projectTid": entry.id},
            summary=f"link {change.address.kind} {change.label} to {entry.shown}",
            set_field="projects",
            effect=Effect(set_field="projects", present=((entry.id, {}),)),
        )


def _unlinks(change: Change) -> Iterator[Call]:
    for entry in change.deltas.get("projects", Delta()).remove:
        meta: JsonObject = {"peoTid": _tid(change), "projectTid": entry.id}
        yield replace(
            rider(change, f"unlink {entry.shown}", UNLINK, Phase.REMOVE),
            args={"tid": _tid(change)},
            body={"dataType": "peoToProjectLink", "type": "unlink", "meta": meta},
            summary=f"unlink {change.address.kind} {change.label} from {entry.shown}",
            set_field="projects",
            effect=Effect(set_field="projects", absent=(entry.id,)),
        )


def _delete(change: Change) -> Call:
    return delete(change, PERFORM, "peo", _tid(change))


def _tid(change: Change) -> str:
    """The long id, as the server writes it: links and deletes go by it."""
    tid = change.live.fields.get("tid") if change.live else None
    return tid if isinstance(tid, str) else ""
