"""Deleting nodes, many in one call; one that has nodes or products stays (OC-P35)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import ERROR, NotDone, accident, answer_each, marred, said
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.node_writes import DATA_TYPE
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.pim_things import Attribute, Node
from reconciler.twins.omn_core.product_things import Product
from reconciler.twins.omn_core.replies import Reply, told

PATH = "/pim/nodes/perform"
DELETED = "The node has been deleted successfully"
UNKNOWN = "There is no node with the given path or id"
RESTRICTED = "Nodes delete API is restricted for the user"


def perform(call: Call) -> Answer:
    if not call.caller.admin:
        return answer_each(call, call.entries("actions"), _restricted, "OC-P30")
    products = {segments_of(product.node) for product in call.table(Product).values()}
    deletes = _Delete(call, NodeTree(call.table(Node)), attributes_by_node(call), products)
    return perform_each(call, DATA_TYPE, {"delete": deletes.one})


def _restricted(_: JsonObject) -> Json:
    return said(ERROR, RESTRICTED, None, DATA_TYPE)


def attributes_by_node(call: Call) -> dict[str, list[str]]:
    """The ids of the attributes of each node."""
    found: dict[str, list[str]] = {}
    for attribute in call.table(Attribute).values():
        found.setdefault(attribute.node_id, []).append(attribute.id)
    return found


@dataclass(slots=True)
class _Delete:
    """One call."""

    call: Call
    tree: NodeTree
    attributes: dict[str, list[str]]
    products: Collection[tuple[str, ...]]

    def one(self, action: Action) -> Reply:
        echo = {"id": action.id, "path": action.path}
        by_path = segments_of(action.path or "")
        node = self.tree.get(action.id) if action.id is not None else self.tree.find(by_path)
        if node is None:
            raise NotDone(UNKNOWN, **echo)
        if self.call.caller.user in node.denied:
            raise NotDone("The node could not be deleted. Reason: access denied", **echo)
        if self.tree.children(node.id) or self.tree.steps(node) in self.products:
            raise NotDone("The node could not be deleted. Reason: node is not empty", **echo)
        mishap = accident(self.call, self.tree.path(node), **echo)
        self.call.moment()
        self.tree.drop(node)
        for key in self.attributes.pop(node.id, ()):
            del self.call.table(Attribute)[key]
        return marred(told(DATA_TYPE, DELETED, "delete", **echo), mishap)


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, answer=perform, takes=Takes.DOCUMENT),))
