"""How many requests it takes to read documents."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.forecast import Forecast, Sizes, listing
from reconciler.model.kind import Kind
from reconciler.model.live import Demand
from reconciler.providers.omni_analytics.document_asked import ACCESS, ALIVE, MODEL, PLACE, of_all, parts
from reconciler.providers.omni_analytics.document_lists import access_list
from reconciler.providers.omni_analytics.endpoints import to
from reconciler.providers.rest.reads import get, with_query


def expected(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
    """The list, or the folders concerned where these take less; an access list for each document that declares
    permissions; a look at each of which the model is declared, or nothing that a list shows. Documents that no
    list shows, and those that change their owner, take one more each."""
    lists = [access_list(demand, p.id) for p in parts(demand, ACCESS)]
    access = Forecast({listing(r): sizes.known(r) or 1 for r in lists})
    singly = len(parts(demand, MODEL)) + len(parts(demand, ALIVE))
    return _lists(kind, demand, sizes) + access + Forecast(singly=singly)


def _lists(kind: Kind, demand: Demand, sizes: Sizes) -> Forecast:
    query = dict(kind.rest.list.query) if kind.rest.list else {}
    whole, placed = get(demand.target, to("listDocuments"), query), parts(demand, PLACE)
    if of_all(demand):
        return sizes.of(whole)
    if not placed:
        return Forecast()
    folders = {p.folder for p in placed}
    if None not in folders and len(folders) == 1:
        return _folders(whole, folders, sizes)
    pages = sizes.known(whole)
    if pages is not None and pages - 1 > len(folders) and None not in folders:
        return Forecast({listing(whole): 1}) + _folders(whole, folders, sizes)
    return sizes.of(whole)


def _folders(whole: Request, folders: set[str | None], sizes: Sizes) -> Forecast:
    """Each as long as it is known to be, else one page: few folders hold more than that."""
    lists = [with_query(whole, "folderId", str(folder)) for folder in sorted(folders, key=str)]
    return Forecast({listing(r): sizes.known(r) or 1 for r in lists})
