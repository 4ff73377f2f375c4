"""Which requests read schedules: by document, all pages, or by owner; and one by one what no list shows (OA-R67 to
OA-R70)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Final

from reconciler.model.call import Request, listing_of
from reconciler.model.forecast import Forecast, Sizes, listing
from reconciler.model.json import Json, canonical, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Demand, Replies
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS, to
from reconciler.providers.omni_analytics.schedule_asked import (
    OWNER,
    Asked,
    again,
    place_of,
    places_of,
    texts,
)
from reconciler.providers.rest.reads import get, records, unasked, with_query

LIST: Final = ENDPOINTS["listSchedules"]
PATH: Final = LIST.partition(" ")[2]
MOST_PAGES: Final = 10_000
BATCH: Final = 8


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """The lists with all their pages; then what they leave open."""
    mark = again(demand)
    if mark is not None:
        places = documents(demand) if mark["lists"] else []
        lists = [_listing(kind, demand, "identifier", name) for name in places]
        lists += [_listing(kind, demand, "ownerId", str(owner)) for owner in texts(mark["owners"])]
        singles = [recipients_of(demand, i) for i in demand.fresh]
        return unasked([*lists, *singles, *_pages(lists, replies)], replies)
    lists = _first(kind, demand, replies)
    pages = unasked([*lists, *_pages(lists, replies)], replies)
    return pages or unasked([*_singly(kind, demand, replies)], replies)


def documents(demand: Demand) -> list[str]:
    return sorted({b["document"] for b in demand.by if "document" in b})


def of_all(demand: Demand) -> bool:
    """Whether the schedules of all documents are meant, whichever those are."""
    return any(d.get("everything") is True for d in demand.details)


def recipients_of(demand: Demand, remote_id: str) -> Request:
    """A 404 says that the schedule is gone (OA-R68)."""
    return get(demand.target, to("listScheduleRecipients", remote_id), may_be_gone=True)


def _listing(kind: Kind, demand: Demand, by: str = "", value: str = "") -> Request:
    query = dict(kind.rest.list.query) if kind.rest.list else {}
    return get(demand.target, LIST, {**query, **({by: value} if by else {})})


def _first(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:
    """One document: its own listing. Several: all schedules, unless that would take more further pages than there
    are documents (OA-C15)."""
    own = [_listing(kind, demand, "identifier", name) for name in documents(demand)]
    if of_all(demand):
        return [_listing(kind, demand)]
    if len(own) < 2:
        return own
    everything = _listing(kind, demand)
    head = next((body for request, body in replies if request == everything), None)
    return own if head is not None and _count(head) - 1 > len(own) else [everything]


def expected(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
    """The lists, a look at each live schedule that declares its destination, and a listing for each owner declared
    for one (OA-C15)."""
    live = [d for d in demand.details if "fields" in d and (d.get("id") is not None or not sizes.past)]
    owners = {str(d[OWNER]) for d in live if OWNER in d}
    found = _expected_lists(kind, demand, sizes)
    if owners:
        found += sizes.of(*(_listing(kind, demand, "ownerId", owner) for owner in sorted(owners)))
    return found + Forecast(singly=sum("sets" in d for d in live), least=bool(live) and not sizes.past)


def _expected_lists(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
    own, everything = (
        [_listing(kind, demand, "identifier", name) for name in documents(demand)],
        _listing(kind, demand),
    )
    if of_all(demand):
        return sizes.of(everything)
    if len(own) < 2:
        return sizes.of(*own)
    pages = sizes.known(everything)
    if pages is None or pages - 1 <= len(own):
        return sizes.of(everything)
    return Forecast({listing(everything): 1, **{listing(r): sizes.known(r) or 1 for r in own}})


# Pages


def _pages(lists: Sequence[Request], replies: Replies) -> Iterator[Request]:
    """The further pages of these listings: once the first is in, those that it counts, in growing batches; then
    whatever follows the last one. A page number that does not grow leads nowhere, nor does a page that comes
    twice."""
    came: dict[object, dict[int, Json]] = {}
    for request, body in replies:
        if not relisted(request):
            came.setdefault(listing_of(request), {})[page(request)] = body
    for first in lists:
        own = came.get(listing_of(first), {})
        ids = [canonical([pick(r, "/id") for r in texts(pick(body, "/records"))]) for body in own.values()]
        if not own or len(set(ids)) < len(ids):
            continue
        batch = min(_count(own[1]) if 1 in own else 1, 2 * max(own) + BATCH)
        after = {n for here, body in own.items() if (n := following(here, body))}
        for number in sorted({*range(2, batch + 1), *after}):
            yield with_query(first, "cursor", str(number))


def page(request: Request) -> int:
    cursor = dict(request.query).get("cursor", "1")
    return int(cursor) if cursor.isdecimal() else 1


def relisted(request: Request) -> bool:
    """A look for something recorded that no list showed; it says its page, and is no page of the listing."""
    return dict(request.query).get("cursor") == "1"


def following(here: int, body: Json) -> int | None:
    """The page after this one: as it says, else the next number; None at the end, or where that does not grow."""
    if pick(body, "/pageInfo/hasNextPage") is not True:
        return None
    told = pick(body, "/pageInfo/nextCursor")
    text = str(told) if isinstance(told, str | int) and not isinstance(told, bool) else ""
    number = int(text) if text.isdecimal() and len(text) < 9 else here + 1
    return number if number > here else None


def _count(body: Json) -> int:
    """How many pages a listing has, going by its first one."""
    total, size = pick(body, "/pageInfo/totalRecords"), pick(body, "/pageInfo/pageSize")
    if pick(body, "/pageInfo/hasNextPage") is not True or not isinstance(total, int) or not isinstance(size, int):
        return 1
    return min(-(-total // size), MOST_PAGES) if size > 0 else 1


# What the lists leave open


def _singly(kind: Kind, demand: Demand, replies: Replies) -> Iterator[Request]:
    """What the lists do not tell of declared schedules, and whether recorded ones that they lack are gone; one
    that answers is looked for in a list once more."""
    main = tuple(reply for reply in replies if not any(k == "ownerId" for k, _ in reply[0].query))
    listed = {str(pick(r, "/id")): place_of(r) for r in records(kind, main)}
    by_place: dict[tuple[str, str], list[str]] = {}
    for remote_id, place in listed.items():
        by_place.setdefault(place, []).append(remote_id)
    claimed = {str(entry["id"]) for entry in demand.details if entry.get("id") is not None}
    for entry in demand.details:
        own = str(entry.get("id"))
        named = [_free(by_place.get(place, []), claimed) for place in places_of(entry)]
        # Where two bear one name both are refused, and nothing is asked about them (OA-R66).
        meant = [own] if own in listed else [ids[0] for ids in named if len(ids) == 1]
        if "sets" in entry:
            yield from (recipients_of(demand, i) for i in meant)
        elif OWNER in entry and meant:
            first = _listing(kind, demand, "ownerId", str(entry[OWNER]))
            yield from (first, *_pages([first], replies))
    yield from _missing(kind, demand, replies, listed)


def _free(ids: list[str], claimed: Container[str]) -> list[str]:
    """Of several that bear one name those that no document has by its id."""
    return [i for i in ids if i not in claimed] if len(ids) > 1 else ids


def _missing(kind: Kind, demand: Demand, replies: Replies, listed: Container[str]) -> Iterator[Request]:
    answers, asked = {request.path: body for request, body in replies}, Asked.of(demand)
    for lost in (i for i in demand.ids if i not in listed):
        request = recipients_of(demand, lost)
        yield request
        if answers.get(request.path) is not None:
            place = str(asked.recorded.get(lost, {}).get("document", ""))
            yield with_query(_listing(kind, demand, "identifier", place), "cursor", "1")
