"""Channel: looked for by its identifier, since what lists them all is not documented (OC-R52, OC-R53)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.call import Request
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.providers.omn_core.batch import USUAL, batches
from reconciler.providers.omn_core.sources import collection, listed

RETRIEVE, QUERY = "/cm/channels/retrieve", "/cm/channels/query"


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """Those that are named, in one call; where all are wanted, their names first, as far as anybody tells them."""
    if _every(demand) and not replies:
        return [Request(demand.target, "POST", QUERY, body={}, safe=True, may_fail=True)]
    if any(r.path == RETRIEVE for r, _ in replies):
        return []
    names = sorted({*demand.wanted, *demand.ids, *_told(replies)})
    return [
        Request(demand.target, "POST", RETRIEVE, body={"tids": list[Json](some)}, safe=True)
        for some in batches(names, USUAL)
    ]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:
    """The channels that there are of those that were asked for. Raises ValueError on another shape."""
    shown = listed(tuple((r, body) for r, body in replies if r.path == RETRIEVE), "/projects/entries")
    silent = _every(demand) and any(r.path == QUERY and not _tids(body) for r, body in replies)
    proof = Proof(False, "the server does not list them") if silent else Proof(True, "each asked for by its tid")
    return collection(kind, shown, proof)


def _every(demand: Demand) -> bool:
    return any(d.get("every") is True for d in demand.details)


def _told(replies: Replies) -> Iterator[str]:
    return (tid for r, body in replies if r.path == QUERY for tid in _tids(body))


def _tids(body: Json) -> list[str]:
    """What the query names; nothing where it was refused."""
    found = pick(body, "/tids")
    return [t for t in found if isinstance(t, str) and t] if isinstance(found, list) else []
