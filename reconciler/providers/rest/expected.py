"""How many requests a reading takes: its lists, page by page, and whatever is asked for one by one."""

from __future__ import annotations

from reconciler.model.catalog import Expected, Reads
from reconciler.model.forecast import Forecast, Sizes
from reconciler.model.kind import Kind, Page
from reconciler.model.live import Demand
from reconciler.providers.rest.reads import is_single, reads


def expected(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
    """Of an ordinary kind: the list, as long as it is; each thing of which a document declares a field that only a
    single read shows, if it is live; those that are read singly in any case. What a list lacks is not foreseen."""
    firsts = reads(kind, demand, ())
    singly = sum(is_single(kind, r) for r in firsts)
    if demand.singly or kind.rest.list is None:
        return Forecast(singly=len(firsts))
    lists = [r for r in firsts if not is_single(kind, r)]
    asked = sum(not sizes.past or d.get("id") is not None for d in demand.details) if kind.rest.read else 0
    found = sizes.of(*lists, paged=kind.rest.list.page is not Page.NONE)
    return found + Forecast(singly=singly + asked, least=bool(asked) and not sizes.past)


def expecting(own: Reads) -> Expected:
    """The same of a kind with its own way of reading, as far as its first requests tell: no less than these."""
    if own is reads:
        return expected

    def at_least(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
        firsts = own(kind, demand, ())
        call = kind.rest.list.call if kind.rest.list else ""
        lists = [r for r in firsts if f"{r.method} {r.path}" == call]
        found = sizes.of(*lists) if lists else Forecast()
        return found + Forecast(singly=len(firsts) - len(lists), least=bool(demand.details))

    return at_least
