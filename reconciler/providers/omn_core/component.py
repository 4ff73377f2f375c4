"""Component: the parts of the server and whether they run, in one answer of plain JSON (OC-R51)."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.providers.omn_core.sources import collection

PATH = "/common/components/retrieve"


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One call, without a body."""
    return [] if replies else [Request(demand.target, "POST", PATH, safe=True)]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every component by its name. Raises ValueError on another shape."""
    records: list[Json] = []
    for request, body in replies:
        if not isinstance(body, dict):
            raise ValueError(f"{request}: the answer names no components")  # noqa: TRY004 - the server's mistake
        records += [{"name": name, "status": status} for name, status in body.items()]
    return collection(kind, records, Proof(bool(replies), "all in one answer"))
