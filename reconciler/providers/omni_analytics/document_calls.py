"""The calls that bring about changes of documents, in one row each (OA-R109 to OA-R118)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Final

from reconciler.model.change import Change, Value
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.plan import Call, Effect, Phase, Role
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omni_analytics import document_owner, grants
from reconciler.providers.omni_analytics.document_labels import label_calls, label_price
from reconciler.providers.omni_analytics.document_owner import MANAGER, OWNER
from reconciler.providers.omni_analytics.document_review import CLEARS
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS
from reconciler.providers.omni_analytics.folder_permissions import NO_ACCESS, PERMISSIONS
from reconciler.providers.omni_analytics.grants import Container, Grant, one_by_one

ID: Final = "documentId"
DOCUMENTS: Final = Container(ENDPOINTS["grantDocumentPermissions"].partition(" ")[2], ID)
ONE_PAGE: Final = 100
PLACE: Final = ("folder", "scope")


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Per document: grants, place, owner, changes and revokes of grants, settings, model, name, labels; each after
    the end of the one before (OA-R109)."""
    return [c for change in changes if change.writes and change.live for c in one_by_one(_row(kind, change))]


def _row(kind: Kind, change: Change) -> list[Call]:
    live = document_owner.present(kind, change)
    needed = grants.work(kind.fields[PERMISSIONS], change, live)
    needed, first = document_owner.with_way_in(kind, change, needed)
    found = grants.chains(DOCUMENTS, change, needed, partial(doubtful, change))
    chains = [[_letting_in(change, c) for c in chain] for chain in found.grants]
    raised = grants.chains(DOCUMENTS, change, first, partial(doubtful, change)).changes
    row = [*(c for chain in chains for c in chain), *(_letting_in(change, c) for c in raised)]
    row += _moved(change)
    transfer = _transferred(change, [c for c in row if _lets_in(change, c) and c.trigger is None])
    gate = _looked_again(change, transfer, [*found.changes, *found.revokes]) if transfer else []
    row += [*transfer, *gate]
    after = frozenset(c.id for c in gate)
    given = frozenset(c.id for c in (*(chain[0] for chain in chains), *transfer, *found.changes))
    row += [replace(c, after=after if _about_previous(change, c) else c.after) for c in found.changes]
    row += [replace(c, waits=given, after=after if _about_previous(change, c) else c.after) for c in found.revokes]
    row += [*_set(change), *_based(change), *_renamed(change)]
    return [*row, *label_calls(change)]


def doubtful(change: Change, grant: Grant) -> bool:
    """A grant that may be there though no list shows it: one of NO_ACCESS, wanted or known to the ledger
    (OA-R106). For who is made by this plan nothing is."""
    if not isinstance(grant.entry.id, str):
        return False
    return grants.unknown(change, grant) or grant.role == NO_ACCESS


def call_for(change: Change, word: str, operation: str, phase: Phase, said: str) -> Call:
    """A call on one document."""
    method, _, path = ENDPOINTS[operation].partition(" ")
    own = change.live.id if change.live else ""
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method=method,
        path=path,
        args={ID: own},
        phase=phase,
        summary=f"{said} {change.label}",
        live_id=own,
    )


# Its place


def _moved(change: Change) -> Iterator[Call]:
    """The folder by the path that the server gave it, `null` for the root; the scope only if it is declared
    (OA-R109)."""
    if not {*PLACE} & change.changed:
        return
    fields = {n: change.wire[n] for n in PLACE if n in change.wire}
    call = call_for(change, "move", "moveDocument", Phase.UPDATE, "move")
    path, args = _path_of(change)
    body = {"folderPath": path, **({"scope": fields["scope"]} if "scope" in fields else {})}
    yield replace(
        call, args={**call.args, **args}, body=body, effect=Effect(fields=fields), verify=_listed(change)
    )


def _path_of(change: Change) -> tuple[Value, dict[str, Value]]:
    """What the move names as the folder; of one that this plan makes, what its create will tell. The promise of
    its id goes along, so that the move waits with the folder where that is held."""
    named, value = change.refers.get("folder"), change.wire.get("folder")
    if isinstance(value, dict) and "$id" in value:
        return {"$from": {"call": f"{value['$id']}#create", "path": "/path"}}, {"folderId": value}
    if named is not None and named.now is not None:
        return named.now.fields.get("slug"), {}
    return None, {}


def _listed(change: Change) -> bool:
    """Whether a list shows the document, so that its place can be read again."""
    return change.live is not None and "folder" in change.live.fields


# Its owner


def _lets_in(change: Change, call: Call) -> bool:
    """Whether a grant is, or holds, the one that the new owner needs."""
    owner, body = change.wire.get(OWNER), call.body
    ids = body.get("userIds") if isinstance(body, dict) else None
    return OWNER in change.changed and call.method != "DELETE" and isinstance(ids, list) and owner in ids


def _letting_in(change: Change, call: Call) -> Call:
    """His grant is gone once he owns the document: nothing is to show it afterwards (OA-R110)."""
    if not _lets_in(change, call):
        return call
    others = tuple((i, wire) for i, wire in call.effect.present if i != change.wire[OWNER])
    if others:
        return replace(call, effect=replace(call.effect, present=others))
    return replace(call, set_field=None, verify=False)


def _transferred(change: Change, let_in: Sequence[Call]) -> list[Call]:
    """Only where the owner differs; after the grant that the new one needs (OA-R110)."""
    if OWNER not in change.changed:
        return []
    call = call_for(change, "transfer", "transferDocumentOwnership", Phase.UPDATE, "transfer the ownership of")
    owner = change.wire[OWNER]
    return [
        replace(
            call,
            body={"userId": owner},
            effect=Effect(fields={OWNER: owner}),
            after=frozenset(c.id for c in let_in),
            verify=True,
        )
    ]


def _about_previous(change: Change, call: Call) -> bool:
    was = document_owner.previous(change)
    return was is not None and was in {*(i for i, _ in call.effect.present if isinstance(i, str)), *_gone(call)}


def _gone(call: Call) -> Iterator[str]:
    yield from (i for i in call.effect.absent if isinstance(i, str))


def _looked_again(change: Change, transfer: Sequence[Call], final: Sequence[Call]) -> list[Call]:
    """Before the previous owner's grant is changed or revoked, the access list must show the one that the transfer
    has made him (OA-R111). With more people than one page holds nobody can say on which he stands."""
    own, was = [c for c in final if _about_previous(change, c)], document_owner.previous(change)
    if not own or was is None:
        return []
    phase = Phase.REMOVE if all(c.phase is Phase.REMOVE for c in own) else Phase.CHANGE
    call = call_for(change, "look", "listDocumentAccessList", phase, "see who has access to")
    held = change.live.fields.get(PERMISSIONS) if change.live else None
    coming = change.deltas[PERMISSIONS].add if PERMISSIONS in change.deltas else ()
    many = len(held if isinstance(held, list) else []) + len(coming) + 2 > ONE_PAGE
    look = replace(
        call,
        role=Role.GATE,
        query={"accessSource": "direct", "sortField": "name", "sortDirection": "asc", "pageSize": str(ONE_PAGE)},
        expect={} if many else {"/principals": {"$has": {"id": was, "role": MANAGER}}},
        after=frozenset(c.id for c in transfer),
    )
    return [look]


# Its settings, model and name


def _set(change: Change) -> Iterator[Call]:
    """All that is declared of them, in one call; no read shows any of it (OA-R115)."""
    if "settings" in change.changed:
        call = call_for(change, "settings", "updateDocumentSettings", Phase.UPDATE, "set the settings of")
        settings = change.wire["settings"]
        yield replace(call, body=settings, effect=Effect(fields={"settings": settings}))


def _based(change: Change) -> Iterator[Call]:
    """A beta call; only where a model is declared (OA-R116)."""
    if "model" in change.changed:
        call = call_for(change, "model", "updateDocumentModel", Phase.UPDATE, "change the model of")
        model = change.wire["model"]
        shown = change.live is not None and "model" in change.live.fields
        yield replace(call, body={"newModelId": model}, effect=Effect(fields={"model": model}), verify=shown)


def _renamed(change: Change) -> Iterator[Call]:
    """Refused with 409 while somebody has a draft: that is discarded by consent alone (OA-R114)."""
    if "name" in change.changed:
        call = call_for(change, "rename", "renameDocument", Phase.UPDATE, "rename")
        name, allowed = change.wire["name"], change.document.lifecycle.allow if change.document else frozenset()
        clears: Mapping[str, Value] = {"clearExistingDraft": True} if CLEARS in allowed else {}
        said = f"rename {change.label} to {name}" + ("" if clears else " (409: a draft exists)")
        yield replace(
            call,
            body={"name": name, **clears},
            summary=said,
            expect={"/name": name},
            effect=Effect(fields={"name": name}),
        )


# How many


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """OA-C21, without looking at the calls."""
    return sum(_least(kind, change) for change in changes if change.writes and change.live)


def _least(kind: Kind, change: Change) -> int:
    """Grants as in a folder, one more where the new owner alone needs one, and a look where the previous owner's
    changes; one call each for place, owner, settings, model, name; one for all labels."""
    own = grants.price(change, document_owner.present(kind, change))
    plain = sum(name in change.changed for name in (OWNER, "settings", "model", "name"))
    return (
        own
        + document_owner.way_in(kind, change)
        + _looks(change)
        + bool({*PLACE} & change.changed)
        + plain
        + label_price(change)
    )


def _looks(change: Change) -> int:
    was, delta = document_owner.previous(change), change.deltas.get(PERMISSIONS)
    spoken_of = [e.id for e in (*delta.change, *delta.remove)] if delta else []
    return int(was is not None and was in spoken_of)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """Whatever no reading tells of is sent again: every call holds absolute values, and the repeated transfer is
    documented to do nothing (OA-R118). Where no reading may ask for the grants, nobody can tell (OA-R64)."""
    if call.effect.set_field is not None and not (call.effect.present or call.effect.absent):
        return False
    return None if grants.hidden(call, live) else rest.settled(kind, call, live) is True
