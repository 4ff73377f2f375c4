"""Which requests read a collection: the list, its further pages, a look at what a list without a total hides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model.call import Request, quoted
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Demand, Replies
from reconciler.model.normalise import normal


def get(target: str, call: str, query: Mapping[str, str] | None = None, *, may_be_gone: bool = False) -> Request:
    """A safe request from `GET /path`."""
    method, path = call.split(" ", 1)
    return Request(target, method, path, tuple((query or {}).items()), safe=True, may_be_gone=may_be_gone)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The list first; then every next page that the answers name; then each recorded id they do not show."""
    listing = kind.rest.list
    if listing is None:
        return []
    first = get(demand.target, listing.call, _first_query(kind))
    return unasked([first, *next_pages(kind, replies), *missing_ones(kind, demand, replies)], replies)


def unasked(wanted: list[Request], replies: Replies) -> list[Request]:
    """Those of the wanted requests that have no answer yet, each once, in order."""
    asked = {(r.path, r.query) for r, _ in replies}
    fresh: dict[tuple[str, tuple[tuple[str, str], ...]], Request] = {}
    for request in wanted:
        at = (request.path, request.query)
        if at not in asked:
            fresh.setdefault(at, request)
    return list(fresh.values())


def next_pages(kind: Kind, replies: Replies) -> Iterator[Request]:
    """The pages that the answers so far lead to. A cursor that comes round again leads nowhere new."""
    listing = kind.rest.list
    if listing is None:
        return
    for request, body in replies:
        if listing.page is Page.CURSOR:
            cursor = pick(body, "/pageInfo/nextCursor")
            if pick(body, "/pageInfo/hasNextPage") is True and isinstance(cursor, str | int):
                yield with_query(request, "cursor", str(cursor))
        elif listing.page is Page.SCIM and with_number(request, "startIndex") == 1:
            yield from _scim_pages(request, body)


def _scim_pages(first: Request, body: Json) -> Iterator[Request]:
    """All further pages at once: the first answer tells the total and the step (OA-R15)."""
    total, step = pick(body, "/totalResults"), pick(body, "/itemsPerPage")
    if isinstance(total, int) and isinstance(step, int) and step > 0:
        for start in range(1 + step, min(total, 1_000_000) + 1, step):
            yield with_query(first, "startIndex", str(start))


def _first_query(kind: Kind) -> dict[str, str]:
    listing = kind.rest.list
    query = dict(listing.query) if listing else {}
    if listing and listing.page is Page.SCIM:
        query["startIndex"] = "1"
    return query


def with_query(request: Request, name: str, value: str) -> Request:
    """The same request with one query parameter set."""
    rest = tuple((k, v) for k, v in request.query if k != name)
    return Request(request.target, request.method, request.path, (*rest, (name, value)), safe=True)


def with_number(request: Request, name: str) -> int | None:
    text = dict(request.query).get(name, "")
    return int(text) if text.isdigit() else None


def missing_ones(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """A list without a total proves nothing by silence: each recorded thing that it does not show is asked for."""
    listing = kind.rest.list
    if kind.rest.read is None or listing is None or listing.page is not Page.NONE or not replies:
        return
    ids = [pick(record, kind.rest.id) for record in records(kind, replies)]
    shown = {_spelled(kind, one) for one in ids if isinstance(one, str)}
    for one in demand.ids:
        if _spelled(kind, one) not in shown:
            path = kind.rest.read.replace("{id}", quoted(one))
            yield get(demand.target, path, may_be_gone=True)


def _spelled(kind: Kind, remote_id: str) -> str:
    """Where the id is the name itself, another spelling is the same thing."""
    return str(normal(kind.key_field, remote_id)) if kind.rest.id == kind.key_field.wire else remote_id


def records(kind: Kind, replies: Replies) -> Iterator[Json]:
    """Every record of every list page, in the order of asking.

    Raises ValueError where an answer does not hold the list it should.
    """
    listing = kind.rest.list
    if listing is None:
        return
    path = listing.call.split(" ", 1)[1]
    for request, body in replies:
        if request.path == path:
            items = pick(body, listing.items)
            if not isinstance(items, list):
                raise ValueError(f"{request}: the answer holds no list at '{listing.items or '/'}'")
            yield from items
