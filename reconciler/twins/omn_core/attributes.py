"""Reading attributes of nodes: by id, or those at a node, or of a product. No answer tells their nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.attribute_writes import ROOT
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.node_attributes import NodeAttributes, seen_attributes, shown_attribute
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.pim_things import Attribute, Node
from reconciler.twins.omn_core.product_things import Product
from reconciler.twins.omn_core.selectors import asked_any, asked_flag, asked_list, numbers

ONE_OF = "Only one of the parameters ids, productIds, productTids, nodeIds or nodePaths should be specified"
NONE_GIVEN = "One of the parameters productId, productTid, nodeId or nodePath should be specified"
Lookup = Callable[["_Attributes", list[str]], Iterable[Attribute]]


def retrieve(call: Call) -> Answer:
    given = {name: asked for name in SELECTORS if (asked := asked_list(call.body, name)) is not None}
    values, defaults = asked_flag(call.body, "withDomainValues"), asked_flag(call.body, "withDefaultValues")
    parents = asked_flag(call.body, "includeParentAttributes")
    if len(given) != 1:
        raise Refused(400, ONE_OF)
    [(name, asked)] = given.items()
    found = _once(SELECTORS[name](_Attributes(call, parents=parents), asked))
    return call.answered("attrs", [_shown(one, values, defaults) for one in seen_attributes(call, found)])


def query(call: Call) -> Answer:
    parents = asked_flag(call.body, "includeParentAttributes")
    for name, lookup in QUERIES.items():
        if (asked := asked_any(call.body, name)) is not None:
            found = _once(lookup(_Attributes(call, parents=parents), asked))
            return call.plain({"ids": numbers(one.id for one in seen_attributes(call, found))})
    raise Refused(400, NONE_GIVEN)


def _once(found: Iterable[Attribute]) -> list[Attribute]:
    return list({one.id: one for one in found}.values())


def _shown(attribute: Attribute, values: bool, defaults: bool) -> Json:
    default = attribute.default if defaults else None
    return {
        "id": attribute.id,
        **shown_attribute(attribute, values=values, full=True),
        **({"defaultVal": {"tid": default}} if default is not None else {}),
    }


class _Attributes:
    """One call. `parents`: those of the nodes above count as well; for products they always do."""

    def __init__(self, call: Call, *, parents: bool) -> None:
        self.parents = parents
        self.paths_begin = not (call.hard("OC-P24") and call.body.get("nodePaths") is not None)
        self.products = call.table(Product)
        self.tree = NodeTree(call.table(Node), call.traffic.hidden())
        self.attributes = NodeAttributes(call)

    def by_ids(self, ids: list[str]) -> Iterable[Attribute]:
        return [one for one in map(self.attributes.get, ids) if one is not None]

    def by_node_ids(self, ids: list[str]) -> Iterable[Attribute]:
        return self._at(self.tree.get(one) for one in ids)

    def by_node_paths(self, paths: list[str]) -> Iterable[Attribute]:
        """Where a leading slash is wrong, nothing is found with it."""
        known = [path for path in paths if self.paths_begin or not path.startswith("/")]
        return self._at(self.tree.find(segments_of(path)) for path in known)

    def by_product_ids(self, ids: list[str]) -> Iterable[Attribute]:
        wanted = frozenset(ids)
        return self._of(one for one in self.products.values() if one.id in wanted)

    def by_product_tids(self, tids: list[str]) -> Iterable[Attribute]:
        wanted = frozenset(tids)
        return self._of(one for one in self.products.values() if one.tid in wanted)

    def _of(self, products: Iterable[Product]) -> Iterable[Attribute]:
        self.parents = True
        return self._at(self.tree.find(segments_of(product.node)) for product in products)

    def _at(self, nodes: Iterable[Node | None]) -> Iterable[Attribute]:
        """The ancestors' first, whatever their inheritance."""
        for node in nodes:
            if node is not None:
                for one in self.tree.chain(node) if self.parents else [node]:
                    yield from self.attributes.at(one.id)


SELECTORS: Mapping[str, Lookup] = {
    "ids": _Attributes.by_ids,
    "productIds": _Attributes.by_product_ids,
    "productTids": _Attributes.by_product_tids,
    "nodeIds": _Attributes.by_node_ids,
    "nodePaths": _Attributes.by_node_paths,
}
QUERIES: Mapping[str, Lookup] = {
    "productId": _Attributes.by_product_ids,
    "productTid": _Attributes.by_product_tids,
    "nodeId": _Attributes.by_node_ids,
    "nodePath": _Attributes.by_node_paths,
}
KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=f"{ROOT}/retrieve", safe=True, answer=retrieve),
        OmnRoute(method="POST", path=f"{ROOT}/query", safe=True, answer=query, plain=True),
    ),
    questions=(
        Knob(
            "OC-P24", "a leading slash of the node paths asked for", "with and without", "nothing is found with it"
        ),
    ),
)
