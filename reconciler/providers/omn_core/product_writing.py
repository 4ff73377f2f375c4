"""Products made and changed, linked to each other and deleted: one request of each sort for all of them (OC-R143
to OC-R147)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json import loads
from typing import Final

from reconciler.model.change import Change, Delta, Entry, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.normalise import segments
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core.batch import batch_size, requests
from reconciler.providers.omn_core.carrying import rider
from reconciler.providers.omn_core.grouped import Grouped, delete
from reconciler.providers.omn_core.product_values import wire
from reconciler.providers.rest.bodies import to_send

PERSIST: Final = "/pim/products/persist"
PERFORM: Final = "/pim/products/perform"
LINK: Final = "/pim/products/links/persist"
UNLINK: Final = "/pim/products/links/perform"


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Everything made and changed, links made, links taken away, and what is deleted (OC-C56)."""
    out = Grouped(kind, changes)
    written = [_create(kind, c) for c in changes if c.verb is Verb.CREATE]
    written += [_update(kind, c) for c in changes if _updates(kind, c)]
    stays = [c for c in changes if not c.removes]
    return [
        *out.requests(written, "persist Products"),
        *out.requests([r for c in stays for r in _links(c)], "link Products"),
        *out.requests([r for c in stays for r in _unlinks(c)], "unlink Products"),
        *out.requests([_delete(c) for c in changes if c.verb is Verb.DELETE and c.writes], "delete Products"),
    ]


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """`[persisted] + [linked] + [unlinked] + [deleted]`, each per batch (OC-C56)."""
    most = batch_size(changes)
    made = sum(c.verb is Verb.CREATE or (c.live is not None and bool(c.changed)) for c in changes)
    deltas = [d for c in changes for d in c.deltas.values()]
    linked, unlinked = sum(len(d.add) for d in deltas), sum(len(d.remove) for d in deltas)
    deleted = sum(c.verb is Verb.DELETE and not c.also_gone for c in changes)
    return sum(requests(n, most) for n in (made, linked, unlinked, deleted))


def _updates(kind: Kind, change: Change) -> bool:
    return change.live is not None and not change.removes and bool(change.changed - {kind.key})


def _create(kind: Kind, change: Change) -> Call:
    """By the identifier, so that doing it twice would only repeat it (OC-R143)."""
    values = change.wire.get("values")
    body: JsonObject = {"tid": change.wire.get(kind.key), "name": change.wire.get("name")}
    if isinstance(node := segments(change.wire.get("node")), list):
        body["node"] = "/" + "/".join(map(str, node))
    if isinstance(values, dict):
        body["vals"] = wire(values)
    return replace(
        rider(change, "create", PERSIST, Phase.CREATE),
        body=body,
        summary=f"create {change.address.kind} {change.label}",
        effect=Effect(key=change.key, fields={n: v for n, v in change.wire.items() if n != kind.key}),
    )


def _update(kind: Kind, change: Change) -> Call:
    """The name goes along, as it is to be; of the values just those that differ (OC-R142)."""
    live, effect = change.live, {n: to_send(kind.fields[n], change) for n in sorted(change.changed - {kind.key})}
    name = change.wire.get("name") if "name" in change.changed else live.fields.get("name") if live else None
    body: JsonObject = {"tid": live.id if live else "", **({"name": name} if name else {})}
    if isinstance(values := effect.get("values"), dict):
        body["vals"] = wire(values)
    return replace(
        rider(change, "update", PERSIST, Phase.UPDATE),
        body=body,
        summary=f"update {change.address.kind} {live.label if live else change.label}",
        effect=Effect(fields=effect),
        clobbers=("name",) if name else (),
    )


def _links(change: Change) -> Iterator[Call]:
    made = frozenset({f"{change.address}#create"} if change.verb is Verb.CREATE else ())
    for entry in change.deltas.get("links", Delta()).add:
        attribute, target = _ends(entry)
        yield replace(
            rider(change, f"link {attribute} {target}", LINK, Phase.ADD),
            args={"id": _tid(change)},
            body={"type": attribute, "productTid": _tid(change), "targetProductTid": target},
            summary=f"link {change.address.kind} {change.label} to {target} by {attribute}",
            after=made,
            set_field="links",
            effect=Effect(set_field="links", present=((entry.id, {"attribute": attribute, "product": target}),)),
        )


def _unlinks(change: Change) -> Iterator[Call]:
    for entry in change.deltas.get("links", Delta()).remove:
        attribute, target = _ends(entry)
        meta: JsonObject = {"productTid": _tid(change), "targetProductTid": target, "type": attribute}
        yield replace(
            rider(change, f"unlink {attribute} {target}", UNLINK, Phase.REMOVE),
            body={"dataType": "productToProductLink", "type": "unlink", "meta": meta},
            summary=f"unlink {change.address.kind} {change.label} from {target} by {attribute}",
            set_field="links",
            effect=Effect(set_field="links", absent=(entry.id,)),
        )


def _ends(entry: Entry) -> tuple[str, str]:
    """The attribute and the other product, as they are written; of a link that was declared once and that nothing
    shows, as the ledger knows it."""
    own = loads(entry.id) if isinstance(entry.id, str) else entry.id if isinstance(entry.id, list) else []
    known: list[Json] = [entry.wire.get("attribute"), entry.wire.get("product")]
    either = [k if isinstance(k, str) else i for k, i in zip(known, own, strict=False)]
    return str(either[0]), str(either[1])


def _delete(change: Change) -> Call:
    return delete(change, PERFORM, "product", change.live.id if change.live else "")


def _tid(change: Change) -> str:
    """The identifier as the server writes it; that of a new product as it is declared."""
    return change.live.id if change.live else str(change.key)
