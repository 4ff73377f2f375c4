"""How many requests it takes to read people."""

from __future__ import annotations

from reconciler.model.forecast import Forecast, Sizes, listing
from reconciler.model.kind import Kind
from reconciler.model.live import Demand
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omni_analytics.asked_people import ATTRIBUTES, about, about_everybody


def expected(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
    """Nobody named: none. One: one. Several: the first page, and then the other pages, or a question for each
    where that is less (OA-C3): how many of them the first page shows nobody knows before. Attributes that a list
    does not show, and embed users, take more (OA-C11, OA-C36)."""
    named = about(demand).addresses.keys()
    names = named | {w.casefold() for w in demand.wanted} if demand.wanted else named
    everybody = about_everybody(demand)
    more = any(d.get(ATTRIBUTES) for d in demand.details)
    if demand.singly:
        return Forecast(singly=len(demand.fresh))
    if len(names) < 2 and not everybody:
        return Forecast(singly=len(names), least=more)
    plain = replace(demand, ids=(), details=(), fresh=())
    first = rest.reads(kind, plain, ())[0]
    found = sizes.of(first)
    pages = found.lists[listing(first)]
    if everybody or pages - 1 <= len(names):
        return found + Forecast(least=more)
    return Forecast({listing(first): 1}, len(names), found.least or more)
