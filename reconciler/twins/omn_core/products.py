"""Finding products, and the list of those that are named."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.custom_values import shown_value
from reconciler.twins.omn_core.node_tree import segments_of
from reconciler.twins.omn_core.pim_things import Definition
from reconciler.twins.omn_core.product_things import Product, ProductLink
from reconciler.twins.omn_core.requests import identities, moment, one_text, within
from reconciler.twins.omn_core.selectors import asked_list

QUERY = "/pim/products/query"
RETRIEVE = "/pim/products/retrieve"


def query(call: Call) -> Answer:
    """The tids of the products that every criterion fits. Raises Refused if there is none."""
    since, until = moment(call, "modifiedFrom"), moment(call, "modifiedUntil")
    paths, strategy = asked_list(call.body, "nodePaths"), one_text(call, "searchStrategy")
    if since is None and until is None and not paths and strategy is None:
        raise Refused(400, "No criteria provided")
    nodes = {segments_of(path) for path in paths or ()}
    found = [
        one.tid
        for one in call.table(Product).values()
        if within(one.modified, since, until)
        and (not nodes or segments_of(one.node) in nodes)
        and call.caller.user not in one.denied
    ]
    return call.plain({"tids": found})


def retrieve(call: Call) -> Answer:
    tids, ids = identities(call)
    table = call.table(Product)
    by_id = {one.id: one for one in table.values()} if tids is None else {}
    asked = [table.get(tid) for tid in tids] if tids is not None else [by_id.get(key) for key in ids]
    found = [one for one in asked if one is not None and call.caller.user not in one.denied]
    links = _links(call)
    entries = [_shown(call, one, links.get(one.tid, {})) for one in found]
    return call.answered("products", entries, information="product")


def _links(call: Call) -> dict[str, dict[str, list[Product]]]:
    """The products that each one links to, by the attribute that does."""
    table, found = call.table(Product), dict[str, dict[str, list[Product]]]()
    for link in call.table(ProductLink).values():
        found.setdefault(link.source, {}).setdefault(link.attribute, []).append(table[link.target])
    return found


def _shown(call: Call, product: Product, links: dict[str, list[Product]]) -> Json:
    return {
        "tid": product.tid,
        "links": {"itms": [_holder("channels", []), _holder("assets", []), _holder("products", _linked(links))]},
        "meta": {
            "id": product.id,
            "creationDate": call.date(product.created),
            "modificationDate": call.date(product.modified),
            "valueModificationDate": call.date(product.values_modified),
            "status": "READY",
        },
        "name": product.name,
        **({"node": product.node} if product.node else {}),
        "vals": {"entries": _values(call, product)},
    }


def _holder(kind: str, holders: list[Json]) -> Json:
    return {"mode": "delta", "type": kind, **({"itms": holders} if holders else {})}


def _linked(links: dict[str, list[Product]]) -> list[Json]:
    """As assets are sampled: per attribute the targets by tid, here with their names."""
    return [
        {"attr": attribute, "mode": "delta", **{target.tid: target.name for target in targets}}
        for attribute, targets in links.items()
    ]


def _values(call: Call, product: Product) -> list[Json]:
    """The values, each with what the server knows of its attribute."""
    definitions, shown = call.table(Definition), list[Json]()
    for name, val in (product.vals or {}).items():
        known = definitions.get(name)
        also = {"dataType": known.type if known is not None else "text", "inheritance": "false"}
        also |= {"node": product.node} if product.node else {}
        shown.append(shown_value(name, val, "i18N", **also))
    return shown


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=QUERY, safe=True, answer=query, plain=True),
        OmnRoute(method="POST", path=RETRIEVE, safe=True, answer=retrieve),
    )
)
