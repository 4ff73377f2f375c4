"""Which requests read a collection: the list, its further pages, a look at what a list without a total hides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from reconciler.model.answers import folded
from reconciler.model.call import Request, quoted
from reconciler.model.document import Document
from reconciler.model.json import Json, canonical, pick
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Demand, Replies
from reconciler.model.normalise import normal
from reconciler.model.record import Record, field, replace
from reconciler.providers.rest.details import Asked
from reconciler.providers.rest.shape import Shape, looking

Question: TypeAlias = "tuple[str, str, tuple[tuple[str, str], ...], str]"


def get(
    target: str,
    call: str,
    query: Mapping[str, str] | None = None,
    *,
    may_be_gone: bool = False,
    body: Json = None,
    media: str = "json",
) -> Request:
    """A safe request from `METHOD /path`: a GET, or another call that changes nothing."""
    method, path = call.split(" ", 1)
    words = tuple((query or {}).items())
    return Request(target, method, path, words, body, safe=True, may_be_gone=may_be_gone, media=media)


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The list and, beside it, the things that are read afresh; then every next page that the answers name; then
    each recorded id they do not show, and each thing that declares a field which only a single read shows.
    Without a list, or where the demand says so, the things alone."""
    listing = kind.rest.list
    if listing is None or demand.singly:
        return unasked([one(kind, demand, i) for i in ids(kind, demand)] if kind.rest.read else [], replies)
    fresh = [one(kind, demand, i) for i in demand.fresh] if kind.rest.read else []
    first = first_page(kind, demand.target)
    pages = unasked([first, *further(kind, replies), *fresh], replies)
    return pages or unasked([*missing_ones(kind, demand, replies), *detailed(kind, demand, replies)], replies)


def surely(kind: Kind, target: str, documents: Sequence[Document], replies: Replies) -> list[Request]:
    """Every page of a list that is the same for all documents: one of them is enough to need it whole."""
    listing = kind.rest.list
    if listing is None or listing.by or listing.after or not documents:
        return []
    return unasked([first_page(kind, target), *further(kind, replies)], replies)


def first_page(kind: Kind, target: str) -> Request:
    """Where the kind's own list begins."""
    return get(target, kind.rest.list.call if kind.rest.list else "", _first_query(kind))


def ids(kind: Kind, demand: Demand) -> tuple[str, ...]:
    """The things that are read without a list: of a kind that no list shows, all that are known."""
    return demand.fresh if kind.rest.list is not None else tuple(dict.fromkeys((*demand.ids, *demand.fresh)))


def one(kind: Kind, demand: Demand, remote_id: str) -> Request:
    """The read of one thing; a 404 says that it is gone."""
    return get(demand.target, (kind.rest.read or "").replace("{id}", quoted(remote_id)), may_be_gone=True)


def is_single(kind: Kind, request: Request) -> bool:
    """Whether a request is the read of one thing of this kind."""
    method, _, template = (kind.rest.read or "").partition(" ")
    before, _, after = template.partition("{id}")
    held = request.path.removeprefix(before).removesuffix(after)
    return request.method == method and request.path == f"{before}{held}{after}" and "/" not in held


def detailed(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """The single read of each listed thing that a detail asks about."""
    if not demand.details or kind.rest.read is None:
        return
    asked, shape = Asked.by(demand.details), Shape(kind)
    its_id, its_key = looking(kind.rest.id), looking(kind.key_field.wire)
    for record in records(kind, replies):
        remote_id, key = its_id(record), its_key(record)
        if isinstance(remote_id, str) and asked.about(kind, remote_id, key, shape.scope(record)):
            yield one(kind, demand, remote_id)


def unasked(wanted: list[Request], replies: Replies) -> list[Request]:
    """Those of the wanted requests that have no answer yet, each once, in order; one path may take many bodies."""
    asked = folded(replies, "asked", _no_questions, _put)
    fresh: dict[object, Request] = {}
    for request in wanted:
        at = question(request)
        if at not in asked:
            fresh.setdefault(at, request)
    return list(fresh.values())


def _no_questions() -> set[Question]:
    return set()


def _put(asked: set[Question], request: Request, body: Json) -> None:  # noqa: ARG001 - what was asked, not what came
    asked.add(question(request))


def by_path(replies: Replies) -> Mapping[str, list[tuple[Request, Json]]]:
    """The answers by the paths that were asked: each thing's own, without going through all others' for it."""
    return folded(replies, "by path", dict[str, list[tuple[Request, Json]]], _file)


def _file(found: dict[str, list[tuple[Request, Json]]], request: Request, body: Json) -> None:
    found.setdefault(request.path, []).append((request, body))


def question(request: Request) -> Question:
    """What tells one question to a target from another."""
    return request.method, request.path, request.query, "" if request.body is None else canonical(request.body)


class _Paging(Record):
    """What answers have led to and nobody has asked for yet, in order."""

    asked: set[Question] = field(default_factory=set)
    open: dict[Question, Request] = field(default_factory=dict)


def further(kind: Kind, replies: Replies) -> list[Request]:
    """The pages that the answers so far lead to and that have not come yet. A cursor that comes round again leads
    nowhere new."""

    def add(paging: _Paging, request: Request, body: Json) -> None:
        at = question(request)
        paging.asked.add(at)
        paging.open.pop(at, None)
        for page in _next(kind, request, body):
            if (then := question(page)) not in paging.asked:
                paging.open.setdefault(then, page)

    return list(folded(replies, ("further", kind.name), _Paging, add).open.values())


def next_pages(kind: Kind, replies: Replies) -> Iterator[Request]:
    """The pages that the answers so far lead to, come or not."""
    for request, body in replies:
        yield from _next(kind, request, body)


def _next(kind: Kind, request: Request, body: Json) -> Iterator[Request]:
    listing = kind.rest.list
    if listing is None:
        return
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
    return replace(request, query=(*rest, (name, value)))


def with_number(request: Request, name: str) -> int | None:
    text = dict(request.query).get(name, "")
    return int(text) if text.isdigit() else None


def missing_ones(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """A list without a total proves nothing by silence: each recorded thing that it does not show is asked for."""
    listing = kind.rest.list
    if kind.rest.read is None or listing is None or listing.page is not Page.NONE or not replies:
        return
    its_id = looking(kind.rest.id)
    listed = [its_id(record) for record in records(kind, replies)]
    shown = {_spelled(kind, i) for i in listed if isinstance(i, str)}
    yield from (one(kind, demand, i) for i in demand.ids if _spelled(kind, i) not in shown)


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
    for request, body in of_list(kind, replies):
        items = pick(body, listing.items)
        if not isinstance(items, list):
            raise ValueError(f"{request}: the answer holds no list at '{listing.items or '/'}'")  # noqa: TRY004
        yield from items


def of_list(kind: Kind, replies: Replies) -> Replies:
    """The answers that are pages of the list."""
    listing = kind.rest.list
    call = tuple(listing.call.split(" ", 1)) if listing else ()
    return tuple((r, body) for r, body in replies if (r.method, r.path) == call)
