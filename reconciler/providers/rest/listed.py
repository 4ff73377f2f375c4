"""What the pages of a list show, gone through once each as they come; their bodies are looked at no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from reconciler.model.answers import folded
from reconciler.model.call import Request, asks, listing_of
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Demand, Replies, Resource
from reconciler.model.record import Record, field
from reconciler.providers.rest.reads import further, records, unasked
from reconciler.providers.rest.shape import Shape, looking

Listing: TypeAlias = "tuple[str, str, tuple[tuple[str, str], ...]]"
TOTALS = {Page.SCIM: "/totalResults", Page.CURSOR: "/pageInfo/totalRecords"}


class Tally(Record):
    """What one listing counts. `ids`: the distinct ones that came; `total`: what its last page says there are,
    `most`: what any page said; `ended`: a page said that it is the last."""

    ids: set[str] = field(default_factory=set)
    total: int | None = None
    most: int = 0
    ended: bool = False


def sift(kind: Kind, demand: Demand, replies: Replies) -> Sequence[Resource] | None:
    """The things of a list in pages; none where what each record says is asked for again (verb `sift`). Raises
    ValueError on an answer of another shape."""
    if kind.rest.list is None or kind.rest.list.page not in TOTALS or demand.details or demand.singly:
        return None
    return sifted(kind, replies)


def sifted(kind: Kind, replies: Replies) -> Sequence[Resource]:
    """The things that the pages so far show, all there is to know of these found out. Raises as `sift` does."""
    further(kind, replies)
    unasked([], replies)
    tallies(kind, replies)
    return listed(kind, replies)


class _Listed(Record):
    shape: Shape
    things: list[Resource] = field(default_factory=list)


def listed(kind: Kind, replies: Replies) -> Sequence[Resource]:
    """Every record as a thing, in the order of asking. Raises ValueError on one without an id or a key, and on an
    answer that does not hold the list it should."""

    def add(found: _Listed, request: Request, body: Json) -> None:
        found.things += map(found.shape.resource, records(kind, ((request, body),)))

    return folded(replies, ("listed", kind.name), lambda: _Listed(Shape(kind)), add).things


def tallies(kind: Kind, replies: Replies) -> dict[Listing, Tally]:
    """What each listing counts, by what its pages have in common. Raises ValueError as `listed` does."""
    its_id, at = looking(kind.rest.id), TOTALS.get(kind.rest.list.page, "") if kind.rest.list else ""

    def add(found: dict[Listing, Tally], request: Request, body: Json) -> None:
        if not is_page(kind, request):
            return
        tally = found.setdefault(listing_of(request), Tally())
        tally.ids.update(str(its_id(record)) for record in records(kind, ((request, body),)))
        tally.ended |= pick(body, "/pageInfo/hasNextPage") is False
        total = pick(body, at) if at else None
        tally.total = total if isinstance(total, int) else None
        tally.most = max(tally.most, tally.total or 0)

    return folded(replies, ("tallies", kind.name), dict[Listing, Tally], add)


def is_page(kind: Kind, request: Request) -> bool:
    """Whether a request is a page of the kind's own list."""
    return kind.rest.list is not None and asks(request, kind.rest.list.call)
