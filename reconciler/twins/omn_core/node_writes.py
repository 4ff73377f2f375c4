"""Creating and updating nodes, many in one call, and deleting them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import ERROR, SUCCESS, NotDone, accident, answer_each, marred, said
from reconciler.twins.omn_core.call import Accident, Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.labels import known_labels, merged_labels
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.pim_things import Classification, Node

PATH = "/pim/nodes/persist"
DATA_TYPE = "classNode"
SAVED = "Node has been saved"
Echo = Mapping[str, str | None]


def persist(call: Call) -> Answer:
    return answer_each(call, call.entries("nodes"), _Persist(call, NodeTree(call.table(Node))).one, "OC-P30")


@dataclass(slots=True)
class _Persist:
    """One call."""

    call: Call
    tree: NodeTree

    def one(self, given: JsonObject) -> Json:
        updates = "id" in given or "path" in given
        action = "update" if updates else "create"
        try:
            node, mishap = self._update(given) if updates else self._create(given)
        except NotDone as refused:
            return said(ERROR, refused.description, action, DATA_TYPE, **refused.echo)
        echo = {"id": node.id, "path": self.tree.path(node), "tid": node.tid}
        return marred(said(SUCCESS, SAVED, action, DATA_TYPE, **echo), mishap)

    def _update(self, given: JsonObject) -> tuple[Node, Accident | None]:
        tid = text(given, "tid")
        echo = {"id": text(given, "id"), "path": text(given, "path"), "tid": tid}
        old = self._addressed(**echo)
        if self.call.caller.user in old.denied:
            raise NotDone("The node is not available by access rights", **echo)
        if tid is not None and tid != old.tid:
            raise NotDone("Node identifier cannot be changed", **echo)
        labels = merged_labels(self.call, old.labels, known_labels(self.call, given, **echo))
        mishap = accident(self.call, self.tree.path(old), **echo)
        self.call.moment()
        changed = replace(old, labels=labels)
        self.tree.put(changed)
        return changed, mishap

    def _addressed(self, id: str | None, path: str | None, tid: str | None) -> Node:  # noqa: A002
        """The node that is to be updated. Raises NotDone."""
        found = self.tree.get(id) if id is not None else self.tree.find(segments_of(path or ""))
        if found is None:
            reason = no_node_of_id(id) if id is not None else no_node_at(path or "")
            raise NotDone(reason, id=id, path=path, tid=tid)
        return found

    def _create(self, given: JsonObject) -> tuple[Node, Accident | None]:
        tid = text(given, "tid")
        try:
            return self._created(given, tid or "")
        except NotDone as refused:
            raise NotDone(refused.description, tid=tid) from None

    def _created(self, given: JsonObject, tid: str) -> tuple[Node, Accident | None]:
        place = Place(self.tree, text(given, "parentPath"), text(given, "parentId"), tid)
        if not tid or "/" in tid:
            raise place.wrong("Node identifier is missing or invalid")
        parent = place.parent(self.call)
        class_tid = parent.class_tid if parent is not None else self._root_of(given, place)
        place.check_free(parent)
        labels = merged_labels(self.call, {}, known_labels(self.call, given))
        mishap = accident(self.call, place.path(parent))
        self.call.moment()
        made = Node(self.call.new_id(), tid, class_tid, parent.id if parent is not None else None, labels)
        self.tree.put(made)
        self.call.made(made.id)
        return made, mishap

    def _root_of(self, given: JsonObject, place: Place) -> str:
        """The classification that a root is created for. Raises NotDone."""
        tid, key = text(given, "classificationTid"), text(given, "classificationId")
        table = self.call.table(Classification)
        found = table.get(tid or "") if tid is not None else None
        if tid is None and key is not None:
            found = next((one for one in table.values() if one.id == key), None)
        if tid is None and key is None:
            raise place.wrong("Parent node or classification is missing")
        if found is None:
            raise place.wrong(f"No classification by name: {key if tid is None else tid}")
        if place.tid != found.tid:
            raise NotDone(wrong_root(found.tid, place.tid))
        return found.tid


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node is to be created, as it was sent."""

    tree: NodeTree
    parent_path: str | None
    parent_id: str | None
    tid: str

    def parent(self, call: Call) -> Node | None:
        """The node to create below; None if none was named. Raises NotDone."""
        if self.parent_id is None and self.parent_path is None:
            return None
        by_path = segments_of(self.parent_path or "")
        found = self.tree.find(by_path) if self.parent_id is None else self.tree.get(self.parent_id)
        if found is None:
            by_id = self.parent_id is not None
            raise self.wrong(no_node_of_id(self.parent_id) if by_id else no_node_at(self.parent_path or ""))
        if call.caller.user in found.denied:
            raise self.wrong("access denied")
        return found

    def check_free(self, parent: Node | None) -> None:
        """Raises NotDone if the node is there."""
        if self.tree.child(parent.id if parent is not None else None, self.tid) is not None:
            raise self.wrong(f"Node with path '{_listed(self.path(parent))}' already exists.")

    def path(self, parent: Node | None) -> str:
        return f"{self.tree.path(parent) if parent is not None else ''}/{self.tid}"

    def wrong(self, reason: str) -> NotDone:
        return NotDone(
            f"An error occurred while node creation. Parent node path: {self.parent_path or 'null'},"
            f" or id: {self.parent_id or 'null'}, node: {self.tid}, the reason: {reason}"
        )


def no_node_of_id(key: str | None) -> str:
    return f"Node with id {key or ''} does not exist."


def no_node_at(path: str) -> str:
    return f"Node with path '{_listed(path)}' does not exist."


def wrong_root(class_tid: str, tid: str) -> str:
    return (
        "Unable to create the root node, identifier should match the classification name,"
        f" classification: {class_tid}, root node: {tid}"
    )


def _listed(path: str) -> str:
    return f"[{', '.join(segments_of(path))}]"


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=persist, takes=Takes.DOCUMENT, admin_only="persist"),)
)
