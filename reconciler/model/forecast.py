"""How many requests a reading will take, told before it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from reconciler.model.call import Request, listing_of, quoted
from reconciler.model.json import Json, pick
from reconciler.model.record import Record, field

Pages: TypeAlias = Mapping[str, int]
"""Listing, as `listing` writes it -> how many requests read it whole."""

TOTALS: Final = (("/totalResults", "/itemsPerPage"), ("/pageInfo/totalRecords", "/pageInfo/pageSize"))
"""Where a page of a list may tell how many records there are, and how many come at a time."""
STEPS: Final = ("pageSize", "count")
"""The query words by which a list is asked for so many records at a time."""
MOST: Final = 10_000


def listing(request: Request) -> str:
    """Which listing a page belongs to, as text that means the same in the next run."""
    _, path, query = listing_of(request)
    words = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in query)
    return f"{request.method} {path}" + (f"?{words}" if words else "")


def told_pages(body: Json) -> int | None:
    """How many pages a list has, by what one of them says of its total; None where it does not say."""
    for total_at, step_at in TOTALS:
        total, step = pick(body, total_at), pick(body, step_at)
        if isinstance(total, int) and isinstance(step, int) and step > 0:
            return min(max(1, -(-total // step)), MOST)  # whole numbers: a hostile one is no float
    return None


class Forecast(Record, frozen=True):
    """`lists`: how many requests each listing takes, so that one that two kinds read counts once; `singly`: those
    about one thing each. `least`: it can be more, since nobody knows how long a list is, or what it will show."""

    lists: Pages = field(default_factory=dict)
    singly: int = 0
    least: bool = False

    @property
    def requests(self) -> int:
        return sum(self.lists.values()) + self.singly

    def __add__(self, other: Forecast) -> Forecast:
        both = {at: max(self.lists.get(at, 0), other.lists.get(at, 0)) for at in {*self.lists, *other.lists}}
        return Forecast(both, self.singly + other.singly, self.least or other.least)


class Sizes(Record, frozen=True):
    """How long the lists of one target are, as far as anybody knows. `pages`: when they were last read whole, or
    as their first pages have told by now. `things`: so many things of the kind are declared or recorded. `past`:
    whether anything of the kind is recorded; nobody knows else which of what is declared is live: all of it."""

    pages: Pages = field(default_factory=dict)
    things: int = 0
    past: bool = False

    def known(self, request: Request) -> int | None:
        """How many requests read the listing that begins with this one."""
        return self.pages.get(listing(request))

    def of(self, *firsts: Request, paged: bool = True) -> Forecast:
        """Of the listings that begin with these requests: as long as they are known to be; else, where there is
        one, as what is declared or recorded makes it at least; a list that is not `paged` is one answer."""
        if not paged:
            return Forecast({listing(r): 1 for r in firsts})
        floor = self._floor(firsts[0]) if len(firsts) == 1 else 1
        found = {listing(r): self.known(r) for r in firsts}
        return Forecast({at: n or floor for at, n in found.items()}, least=None in found.values())

    def _floor(self, request: Request) -> int:
        query = dict(request.query)
        steps = (int(query[name]) for name in STEPS if query.get(name, "").isdecimal())
        step = next((s for s in steps if s > 0), 0)
        return max(1, -(-self.things // step)) if step else 1
