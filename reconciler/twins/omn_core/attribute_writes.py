"""Creating, updating and deleting attributes of nodes, many in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import ERROR, SUCCESS, NotDone, accident, answer_each, marred, said
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.node_attributes import NodeAttributes
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.pim_things import Attribute, Node
from reconciler.twins.omn_core.replies import Reply, told

ROOT = "/pim/attributes"
DATA_TYPE = "attribute"
CREATED = "The attribute has been created successfully"
SAVED = "The attribute has been saved successfully"
DELETED = "Attribute definition has been deleted successfully"
Echo = Mapping[str, str | None]


def persist(call: Call) -> Answer:
    saves = _Persist(call, NodeTree(call.table(Node)), NodeAttributes(call))
    return answer_each(call, call.entries("attrs"), saves.one, "OC-P30", "attribute")


@dataclass(slots=True)
class _Persist:
    """One call."""

    call: Call
    tree: NodeTree
    attributes: NodeAttributes

    def one(self, given: JsonObject) -> Json:
        if "id" in given:
            return self._by_id(given, text(given, "id") or "")
        node = {name: text(given, name) for name in ("nodeId", "nodePath")}
        echo: Echo = {"key": text(given, "key"), **node}
        action = "create"
        try:
            found = self._node(**node)
            old = self.attributes.find(found.id, echo["key"] or "")
            action = "create" if old is None else "update"
            return self._saved(given, found, old, node if old is None else echo)
        except NotDone as refused:
            return said(ERROR, refused.description, action, DATA_TYPE, **echo)

    def _by_id(self, given: JsonObject, key: str) -> Json:
        try:
            old = self.attributes.get(key)
            return self._saved(given, *self._known(old, key, text(given, "key")), {"id": key})
        except NotDone as refused:
            return said(ERROR, refused.description, "update", DATA_TYPE, key=text(given, "key"))

    def _known(self, old: Attribute | None, key: str, definition: str | None) -> tuple[Node, Attribute]:
        """Raises NotDone."""
        if old is None:
            raise NotDone(f"Attribute with id {key} was not found.")
        if definition is not None and definition != old.key:
            raise NotDone("Attribute key cannot be changed")
        return self.call.table(Node)[old.node_id], old

    def _node(self, nodeId: str | None, nodePath: str | None) -> Node:  # noqa: N803 - as they are called
        """Raises NotDone."""
        if nodeId is None and nodePath is None:
            raise NotDone("Attribute 'nodeId' or 'nodePath' is required to process attribute")
        found = self.tree.get(nodeId) if nodeId is not None else self.tree.find(segments_of(nodePath or ""))
        if found is None:
            asked = f"id {nodeId}" if nodeId is not None else f"path {nodePath}"
            raise NotDone(f"Node with {asked} not found")
        if self.call.caller.user in found.denied:
            raise NotDone("The node is not available by access rights")
        return found

    def _saved(self, given: JsonObject, node: Node, old: Attribute | None, echo: Echo) -> Json:
        if old is not None and self.call.caller.user in old.denied:
            raise NotDone("The attribute is not available by access rights")
        checked = self.attributes.checked(given, node.id, old)
        mishap = accident(self.call, f"{self.tree.path(node)}/{checked.key}")
        self.call.moment()
        made = self.attributes.put(checked)
        if old is None:
            return marred(said(SUCCESS, CREATED, "create", DATA_TYPE, id=made.id, **echo), mishap)
        return marred(said(SUCCESS, SAVED, "update", DATA_TYPE, **echo), mishap)


def perform(call: Call) -> Answer:
    return perform_each(call, DATA_TYPE, {"delete": _Delete(call, NodeTree(call.table(Node))).one})


@dataclass(slots=True)
class _Delete:
    """One call."""

    call: Call
    tree: NodeTree

    def one(self, action: Action) -> Reply:
        if action.id is None:
            raise NotDone("\"Attribute 'id' is required to process attribute deletion\"")
        table = self.call.table(Attribute)
        found, echo = table.get(action.id), {"id": action.id}
        if found is None:
            raise NotDone("Attribute not found with given id", **echo)
        if self.call.caller.user in found.denied:
            raise NotDone("The attribute is not available by access rights", **echo)
        path = self.tree.path(self.call.table(Node)[found.node_id])
        mishap = accident(self.call, f"{path}/{found.key}", **echo)
        self.call.moment()
        del table[found.id]
        return marred(told(DATA_TYPE, DELETED, "delete", **echo), mishap)


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=f"{ROOT}/persist", answer=persist, takes=Takes.DOCUMENT),
        OmnRoute(method="POST", path=f"{ROOT}/perform", answer=perform, takes=Takes.DOCUMENT),
    )
)
