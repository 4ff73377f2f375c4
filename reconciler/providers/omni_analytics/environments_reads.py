"""What is known of the environments of each base: from the ledger, from manifests, and where an id is missing from
a list that only a newer server has (OA-R139 to OA-R141)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.change import Change, Entry
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omni_analytics.connection import listed
from reconciler.providers.omni_analytics.stays import seen_moved, stood_for
from reconciler.providers.rest.reads import get, unasked

ENVIRONMENTS: Final = "environments"
NOT_SERVED: Final = frozenset({400, 403, 404, 405})
"""What a server that knows no such list may answer (OA-R141)."""


def details(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """Per document its base's id, None for one that is yet to be made; the dialects of all that it names; and
    whether the id of a link that may be there is known to nobody."""
    there = others.get("Connection", Collection("Connection"))
    recorded = {b.address: b for b in bonds}
    return tuple(_meant(d, _bond(d, recorded), there) for d in sorted(documents, key=lambda d: d.address))


def _bond(document: Document, recorded: Mapping[Address, Bond]) -> Bond | None:
    former = document.address._replace(name=document.previous_name or document.address.name)
    return recorded.get(document.address) or recorded.get(former)


def _meant(document: Document, bond: Bond | None, there: Collection) -> JsonObject:
    base = there.names.get(str(document.spec.get("base")))
    told = bond.told if bond is not None and bond.id == base else {}
    live = {i: entry for entry in declared(document) if (i := there.names.get(str(entry.get("connection"))))}
    unknown = [
        i for i, entry in live.items() if "id" not in entry and "id" not in told.get(f"{ENVIRONMENTS}/{i}", {})
    ]
    dialects: JsonObject = {r.id: r.fields.get("dialect") for r in there.resources if r.id in {base, *live}}
    return {
        "key": document.spec.get("base"),
        "id": base,
        **stood_for(document, bond, base, document.spec.get("base")),
        "dialects": dialects,
        "ask": base is not None and bool(unknown),
    }


def declared(document: Document | None) -> Iterator[JsonObject]:
    """The environments as they are written."""
    listed_ = document.spec.get(ENVIRONMENTS) if document else None
    for entry in listed_ if isinstance(listed_, list) else []:
        if isinstance(entry, dict):
            yield entry


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """Nothing, unless an id is missing; then the one list of a newer server, refused by an older one (OA-C25)."""
    if not kind.rest.list or not any(d.get("ask") is True for d in demand.details):
        return []
    return unasked([replace(get(demand.target, kind.rest.list.call), refusals=NOT_SERVED)], replies)


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """One thing per base that is live; what is linked to it only where that could be read."""
    rows = _rows(kind, replies)
    found = tuple(
        Resource(base, detail["key"], {} if rows is None else {ENVIRONMENTS: _of(base, rows)}, str(detail["key"]))
        for detail in demand.details
        if isinstance(base := detail.get("id"), str)
    )
    dialects: JsonObject = {}
    for detail in demand.details:
        known = detail.get("dialects")
        dialects |= known if isinstance(known, dict) else {}
    proof = Proof(complete=True, by="what is recorded is taken to be there")
    return Collection(kind.name, found, proof, seen={"dialects": dialects, **seen_moved(demand.details)})


def _rows(kind: Kind, replies: Replies) -> list[JsonObject] | None:
    """The rows of the newer list; None where it was not asked for, or not given."""
    for _, body in replies:
        rows = pick(body, kind.rest.list.items if kind.rest.list else "")
        if isinstance(rows, list):
            return [row for row in rows if isinstance(row, dict)]
    return None


def _of(base: str, rows: Sequence[JsonObject]) -> list[Json]:
    return [
        {
            "connection": row.get("connectionId"),
            "values": list[Json](listed(row.get("userAttributeValues"))),
            "id": row.get("id"),
        }
        for row in rows
        if row.get("baseConnectionId") == base and isinstance(row.get("connectionId"), str)
    ]


# Of one entry


def link_of(change: Change, entry: Entry) -> str | None:
    """The id of an environment's link: as it is live, else as it is written, else as the ledger knows it."""
    written = {entry_.get("connection"): entry_.get("id") for entry_ in declared(change.document)}
    candidates = (entry.live.get("id"), written.get(entry.shown), _told(change, entry).get("id"))
    return next((str(i) for i in candidates if i), None)


def values_before(change: Change, entry: Entry) -> frozenset[str] | None:
    """The values that an environment has by now, as far as anybody knows; none where it is yet to be linked."""
    if link_of(change, entry) is None:
        return frozenset()
    known = entry.live.get("values", _told(change, entry).get("values"))
    return frozenset(map(str, known)) if isinstance(known, list) else None


def _told(change: Change, entry: Entry) -> Mapping[str, Json]:
    bond = change.bond
    if bond is None or change.live is None or bond.id != change.live.id:
        return {}
    return bond.told.get(f"{ENVIRONMENTS}/{entry.id}", {})


def values_of(entry: Entry) -> list[str]:
    """The values that an environment is to have, each once."""
    given = entry.wire.get("values")
    return list(dict.fromkeys(map(str, given))) if isinstance(given, list) else []
