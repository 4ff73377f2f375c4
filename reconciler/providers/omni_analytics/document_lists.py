"""Which requests read documents: one list of all or one per folder, then access lists and single reads (OA-R101 to
OA-R106)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.answers import folded
from reconciler.model.call import Request, listing_of
from reconciler.model.json import Json, Missing, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.document_asked import (
    ACCESS,
    MODEL,
    PLACE,
    TRANSFER,
    Part,
    asked_about,
    of_all,
    parts,
)
from reconciler.providers.omni_analytics.endpoints import to
from reconciler.providers.rest.parse import proof
from reconciler.providers.rest.reads import get, next_pages, of_list, unasked, with_query

FORBIDDEN: Final = 403
UNTOLD: Final = frozenset({400, FORBIDDEN})
"""Refusals that say that there is such a document, of which no more is told (OA-R103)."""
MOST_PAGES: Final = 10_000


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The lists, as few pages as show every document that is asked about; access lists and models beside them;
    then what the lists do not show, one by one."""
    lists = _lists(kind, demand, replies)
    found = [*lists, *_access(demand, replies, [p.id for p in parts(demand, ACCESS)]), *_models(demand)]
    return unasked(found, replies) or unasked([*_afterwards(kind, demand, replies)], replies)


# Lists


def _lists(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """What is to be listed next: folders where they take fewer requests than the rest of the list of all
    (OA-R102)."""
    whole = get(demand.target, to("listDocuments"), dict(kind.rest.list.query) if kind.rest.list else {})
    listed = of_list(kind, replies)
    if of_all(demand):
        return [whole, *next_pages(kind, listed)]
    if unended := unasked([*next_pages(kind, of_folders(listed))], replies):
        return unended
    shown = _shown(kind, replies)
    open_ = [p for p in parts(demand, PLACE) if p.id not in shown]
    if not open_:
        return []
    asked = {dict(r.query).get("folderId") for r, _ in listed}
    folders = {p.folder for p in open_}
    mains = of_main(listed)
    pages = unasked([*next_pages(kind, mains)], replies)
    left = _left(mains) if mains else max(p.pages for p in open_)
    fewer = len(folders) < left or (len(folders) == 1 and not left and not mains)
    if None not in folders and not folders & asked and fewer:
        return [with_query(whole, "folderId", str(f)) for f in sorted(folders, key=str)]
    return pages if mains else [whole]


def _shown(kind: Kind, replies: Replies) -> set[str]:
    """The documents that any page of a list shows."""

    def add(found: set[str], request: Request, body: Json) -> None:
        found.update(identifier(r) for _, page in of_list(kind, ((request, body),)) for r in _records(page))

    return folded(replies, ("documents", kind.name), set[str], add)


def of_folders(listed: Replies) -> Replies:
    """The pages that list single folders."""
    return tuple((r, body) for r, body in listed if "folderId" in dict(r.query))


def of_main(listed: Replies) -> Replies:
    """The pages of the list of all."""
    return tuple((r, body) for r, body in listed if "folderId" not in dict(r.query))


def pages_of_all(replies: Replies) -> int:
    """How many pages the list of all has, going by its first one; 0 where it was not read."""
    first = next((body for _, body in replies), None)
    total, size = pick(first, "/pageInfo/totalRecords"), pick(first, "/pageInfo/pageSize")
    if not isinstance(total, int) or not isinstance(size, int) or size <= 0:
        return 1 if replies else 0
    return min(max(1, -(-total // size)), MOST_PAGES)


def _left(mains: Replies) -> int:
    """How many pages of the list of all are still to come."""
    more = pick(mains[-1][1], "/pageInfo/hasNextPage") is True
    return max(1, pages_of_all(mains) - len(mains)) if more else 0


def _records(body: Json) -> Sequence[Json]:
    records = pick(body, "/records")
    return records if isinstance(records, list) else ()


def identifier(record: Json) -> str:
    """The identifier of a listed document. Raises ValueError where it has none."""
    found = pick(record, "/identifier")
    if not isinstance(found, str) or not found:
        raise ValueError("a document record has no usable identifier")
    return found


# One by one


def _models(demand: Demand) -> list[Request]:
    return [single(demand, p.id) for p in parts(demand, MODEL)]


def single(demand: Demand, own: str) -> Request:
    """What one document says of itself: its name and model, where it is a dashboard (OA-R103)."""
    return replace(get(demand.target, to("getDocument", own), may_be_gone=True), refusals=UNTOLD)


def access_list(demand: Demand, own: str) -> Request:
    """Everybody with a grant in the document itself (OA-R105)."""
    query = {"accessSource": "direct", "sortField": "name", "sortDirection": "asc", "pageSize": "100"}
    request = get(demand.target, to("listDocumentAccessList", own), query, may_be_gone=True)
    return replace(request, refusals=frozenset({FORBIDDEN}))


def _access(demand: Demand, replies: Replies, wanted: Sequence[str]) -> Iterator[Request]:
    """The access lists of these documents, with their further pages."""
    firsts = {listing_of(first): first for first in (access_list(demand, own) for own in wanted)}
    yield from firsts.values()
    for request, body in replies:
        cursor = pick(body, "/pageInfo/nextCursor")
        more = listing_of(request) in firsts and pick(body, "/pageInfo/hasNextPage") is True
        if more and isinstance(cursor, str | int):
            yield with_query(request, "cursor", str(cursor))


def _afterwards(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """What the lists leave open: documents that they do not show, and, where the owner is to be another one, who
    has a grant by now (OA-R103, OA-R110)."""
    if of_all(demand):
        return
    owners = {identifier(r): pick(r, "/owner/id") for _, body in of_list(kind, replies) for r in _records(body)}
    told = {request.path for request, _ in replies}
    placed = {p.id: p for p in parts(demand, PLACE)}
    for own in asked_about(demand):
        alone, access = single(demand, own), access_list(demand, own)
        unasked_for = own not in demand.fresh and not {alone.path, access.path} & told
        if own not in owners and (own in placed or unasked_for):
            yield alone
    changing = [p.id for p in parts(demand, TRANSFER) if _transfers(p, owners)]
    yield from _access(demand, replies, changing)


def _transfers(part: Part, owners: Mapping[str, Json | Missing]) -> bool:
    """Whether its owner is, or may be, somebody else: where no list tells who he is, the access list does."""
    asked = part.owner is not None and owners.get(part.id) != part.owner
    return asked and (part.id not in owners or not part.settled)


def proven(kind: Kind, demand: Demand, replies: Replies) -> bool:
    """Whether the list of all was read, and is complete."""
    mains = of_main(of_list(kind, replies))
    return bool(mains) and proof(kind, demand, mains).complete
