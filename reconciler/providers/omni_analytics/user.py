"""User: read only where somebody is named; one person is asked for by address, several by the list (OA-R16)."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.json import pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.providers import rest
from reconciler.providers.rest.parse import resource, unique
from reconciler.providers.rest.reads import get, records, unasked


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """Nobody named: nothing. One address: one filter. Several: the first page, then the other pages or one filter
    per address still open, whichever is less (OA-C3)."""
    if not demand.wanted:
        return []
    if len(demand.wanted) == 1:
        return unasked([_by_address(demand, demand.wanted[0])], replies)
    pages = rest.reads(kind, demand, replies)
    if not replies:
        return pages
    shown = {str(pick(r, kind.key_field.wire)).casefold() for r in records(kind, replies)}
    open_ = [w for w in demand.wanted if w.casefold() not in shown]
    if any("filter" in dict(r.query) for r, _ in replies) or len(open_) < len(pages):
        return unasked([_by_address(demand, w) for w in open_], replies)
    return pages if open_ else []


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Whoever came. Only the people asked for are looked up, so absence is proven for them and nobody else."""
    people = unique(resource(kind, record) for record in records(kind, replies))
    return Collection(kind.name, people, Proof(complete=True, by="every address asked for"))


def _by_address(demand: Demand, address: str) -> Request:
    return get(demand.target, "GET /scim/v2/users", {"filter": f'userName eq "{address}"'})
