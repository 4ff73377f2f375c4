"""Reading nodes: a root, what stands below a path, or nodes by id. Here the path of every root is `/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.labels import shown_names
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.pim_things import Attribute, Classification, Definition, Node
from reconciler.twins.omn_core.product_things import Product
from reconciler.twins.omn_core.requests import one_text
from reconciler.twins.omn_core.selectors import asked_any, asked_level, asked_list, numbers

ROOT = "/pim/nodes"
NONE_GIVEN = "Path or ids array or classificationId should be provided to get nodes"
Found = Iterable[tuple[Node, str]]


def retrieve(call: Call) -> Answer:
    tree = NodeTree(call.table(Node), call.traffic.hidden())
    found = _found(call, tree)
    user = call.caller.user
    shown = [_shown(call, node, path) for node, path in found if user not in node.denied]
    return call.answered("nodes", shown, information="node")


def _found(call: Call, tree: NodeTree) -> Found:
    """The nodes asked for, with their paths. Raises Refused."""
    if call.body.get("classificationId") is not None or call.body.get("classificationTid") is not None:
        root = _root(call, tree)
        return [(root, "/")] if root is not None else []
    if path := one_text(call, "path"):
        return _below(call, tree, path, asked_level(call.body))
    if (ids := asked_list(call.body, "ids")) is not None:
        known = [node for node in map(tree.get, dict.fromkeys(ids)) if node is not None and tree.shows(node)]
        return [(node, tree.path(node)) for node in known]
    raise Refused(400, NONE_GIVEN)


def _root(call: Call, tree: NodeTree) -> Node | None:
    """Raises Refused."""
    key, tid = one_text(call, "classificationId"), one_text(call, "classificationTid")
    table, user = call.table(Classification).values(), call.caller.user
    known = [one for one in table if (one.id == key if key is not None else one.tid == tid)]
    if not known or user in known[0].denied:
        _unknown(call, f"No classification by name: {key or tid or ''}")
        return None
    return tree.root(known[0].tid)


def _below(call: Call, tree: NodeTree, path: str, levels: int | None) -> Iterator[tuple[Node, str]]:
    """Raises Refused."""
    begin = tree.find(segments_of(path))
    if begin is None or call.caller.user in begin.denied:
        _unknown(call, f"Node with path '[{', '.join(segments_of(path))}]' does not exist.")
        return iter(())
    return (one for one in tree.branch(begin, levels) if one[0].id != begin.id)


def _unknown(call: Call, message: str) -> None:
    """Raises Refused, unless what is unknown counts as empty."""
    if not call.hard("OC-P42"):
        raise Refused(404, message)


def _shown(call: Call, node: Node, path: str) -> Json:
    above = {"parentId": node.parent_id} if node.parent_id is not None else {}
    shown = path if above else "/"
    return {"id": node.id, **above, "path": shown, "tid": node.tid, "name": shown_names(call, node.labels)}


def query(call: Call) -> Answer:
    tree = NodeTree(call.table(Node), call.traffic.hidden())
    found = [node for node in _queried(call, tree) if call.caller.user not in node.denied]
    return call.plain({"ids": numbers(node.id for node in found), "level": 1})


def _queried(call: Call, tree: NodeTree) -> list[Node]:
    """Raises Refused."""
    for name, kind in (("productTid", "tid"), ("productId", "id")):
        if (asked := asked_any(call.body, name)) is not None:
            products = [one for one in call.table(Product).values() if getattr(one, kind) in asked]
            nodes = (tree.find(segments_of(product.node)) for product in products)
            return [node for node in nodes if node is not None]
    known = {attribute.node_id for attribute in _attributes(call)}
    return [node for node in call.table(Node).values() if node.id in known and tree.shows(node)]


def _attributes(call: Call) -> list[Attribute]:
    """The attributes whose nodes are asked for. Raises Refused."""
    table = call.table(Attribute).values()
    if (ids := asked_any(call.body, "attributeId")) is not None:
        return [one for one in table if one.id in ids]
    keys = asked_any(call.body, "attributeDefinitionTid")
    if keys is None and (ids := asked_any(call.body, "attributeDefinitionId")) is not None:
        keys = [one.tid for one in call.table(Definition).values() if one.id in ids]
    if keys is None:
        raise Refused(400, "A product, an attribute definition or an attribute should be provided to get nodes")
    return [one for one in table if one.key in keys]


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=f"{ROOT}/retrieve", safe=True, answer=retrieve, admin_only="retrieve"),
        OmnRoute(method="POST", path=f"{ROOT}/query", safe=True, answer=query, admin_only="query", plain=True),
    ),
)
