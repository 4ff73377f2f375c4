"""Products as they are live: read by their identifiers, which whoever declares one knows (OC-R138 to OC-R140)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core.batch import USUAL, batches
from reconciler.providers.omn_core.peo_reading import EVER, tids_of
from reconciler.providers.omn_core.product_values import parsed

QUERY: Final = "/pim/products/query"
RETRIEVE: Final = "/pim/products/retrieve"


def details(
    kind: Kind,
    documents: Sequence[Document],
    bonds: Sequence[Bond],
    others: Mapping[str, object],  # noqa: ARG001 - nothing is read before
) -> tuple[JsonObject, ...]:
    """The identifiers of all that is recorded or declared, each in one spelling, the server's if known."""
    said = [*(b.id for b in bonds), *(v for d in documents for v in (d.pinned_id, d.spec.get(kind.key)))]
    tids: dict[str, Json] = {}
    for tid in said:
        if isinstance(tid, str):
            tids.setdefault(tid.casefold(), tid)
    return ({"tids": [tids[t] for t in sorted(tids)]},) if tids else ()


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One request for up to 200; what a server refuses to show together, because one of it is not there, is asked
    for one by one (OC-Q34)."""
    asked = {canonical(r.body) for r, _ in replies}
    for step in (_all(demand, replies), _apart(demand, replies)):
        if fresh := [r for r in step if canonical(r.body) not in asked]:
            return fresh
    return []


def _all(demand: Demand, replies: Replies) -> list[Request]:
    wanted = demand.details[0] if demand.details and not demand.singly else {}
    if wanted.get("every") is True and not replies:
        return [Request(demand.target, "POST", QUERY, body=dict(EVER), safe=True)]
    found = [t for r, body in replies if r.path == QUERY for t in tids_of(body)]
    known = wanted.get("tids")
    tids = [*demand.fresh, *map(str, known if isinstance(known, list) else []), *found]
    also = [] if demand.singly else demand.wanted  # what others mention
    spelled = {tid.casefold() for tid in tids}
    return _retrieves(demand, [*tids, *(t for t in also if t.casefold() not in spelled)], USUAL)


def _apart(demand: Demand, replies: Replies) -> list[Request]:
    refused = [pick(r.body, "/tids") for r, body in replies if pick(body, "/$refused")]
    several = [tids for tids in refused if isinstance(tids, list) and len(tids) > 1]
    return [one for tids in several for one in _retrieves(demand, [*map(str, tids)], 1)]


def _retrieves(demand: Demand, tids: Sequence[str], most: int) -> list[Request]:
    def ask(some: Sequence[str]) -> Request:
        body: JsonObject = {"tids": list[Json](some)}
        return Request(demand.target, "POST", RETRIEVE, body=body, safe=True, refusals=frozenset({404}))

    return [ask(some) for some in batches([*dict.fromkeys(tids)], most)]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every product shown, each once; where any of them shows a link to another product, the others have none
    (OC-R145). Raises ValueError on another shape."""
    found: dict[str, Resource] = {}
    for record in _records(replies):
        tid = pick(record, "/tid")
        if not isinstance(tid, str) or not tid:
            raise ValueError("a product has no tid")
        found.setdefault(tid.casefold(), _product(tid, record))
    shown = any("links" in one.fields for one in found.values())
    every = (replace(one, fields={"links": [], **one.fields}) if shown else one for one in found.values())
    return Collection(kind.name, tuple(every), Proof(True, "each asked for by its identifier"))


def _records(replies: Replies) -> Iterator[Json]:
    for request, body in replies:
        if request.path != RETRIEVE or pick(body, "/$refused"):
            continue
        entries = pick(body, "/products/entries")
        if not isinstance(entries, list):
            raise ValueError("the answer holds no list of products")  # noqa: TRY004 - the server's mistake
        yield from entries


def _product(tid: str, record: Json) -> Resource:
    fields: JsonObject = {"identifier": tid, "values": parsed(record)}
    name, node, status = (pick(record, at) for at in ("/name", "/node", "/meta/status"))
    fields |= {n: v for n, v in (("name", name), ("status", status)) if isinstance(v, str)}
    if isinstance(node, str) and node.strip("/"):
        fields["node"] = list[Json](node.strip("/").split("/"))
    if links := _links(record):
        fields["links"] = links
    articles = pick(record, "/articles/entries")
    held = {"articles": len(articles) if isinstance(articles, list) else 0, "linked assets": _assets(record)}
    label = name if isinstance(name, str) and name else tid
    return Resource(tid, tid, fields, label, contents=held)


def _links(record: Json) -> list[Json]:
    """Its links to other products, as far as they are shown; the reference shows an empty list alone, so they are
    read as those to assets are (OC-A64)."""
    found = [(attribute, key) for attribute, keys in _linked(record, "products") for key in keys]
    return [{"attribute": attribute, "product": key} for attribute, key in found]


def _assets(record: Json) -> int:
    return sum(len(keys) for _, keys in _linked(record, "assets"))


def _linked(record: Json, what: str) -> Iterator[tuple[str, list[str]]]:
    """(attribute, the ids of what it links to), of one sort of links."""
    for block in _list(pick(record, "/links/itms")):
        if pick(block, "/type") != what:
            continue
        for one in _list(pick(block, "/itms")):
            name = pick(one, "/attr") or pick(one, "/type")
            if isinstance(one, dict) and isinstance(name, str):
                items = [pick(i, "/key") for i in _list(one.get("itm"))]
                keys = [n for n, v in one.items() if n not in ("attr", "mode", "type") and isinstance(v, str)]
                yield name, [*keys, *(i for i in items if isinstance(i, str))]


def _list(value: object) -> list[Json]:
    return value if isinstance(value, list) else []


def narrow(kind: Kind, demand: Demand, ids: Sequence[str], pages: int) -> Demand:  # noqa: ARG001 - the verb's shape
    """Just these, by their identifiers."""
    wanted = tuple(sorted({*ids}))
    return replace(demand, details=(), ids=(), fresh=wanted, singly=True) if pages and wanted else demand
