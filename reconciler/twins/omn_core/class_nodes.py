"""The nodes that come with their classifications in one call (OC-P23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone, accident
from reconciler.twins.omn_core.call import Call, OmnRoute, present, text
from reconciler.twins.omn_core.labels import merged_labels, sent_labels, unknown_locale
from reconciler.twins.omn_core.node_attributes import NodeAttributes
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.node_writes import Place, no_node_at, no_node_of_id, wrong_root
from reconciler.twins.omn_core.pim_things import Attribute, Classification, Node


class ClassNodes:
    """One call's nodes, each whole or not at all."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.tree = NodeTree(call.table(Node))
        self.attributes = NodeAttributes(call)

    def save(self, classification: Classification, given: JsonObject) -> list[str]:
        """Create or update one node, with its attributes; what was dropped of it. Raises NotDone."""
        steps = segments_of(text(given, "path") or "")
        place = Place(self.tree, text(given, "parentPath"), text(given, "parentId"), steps[-1] if steps else "")
        self._check_ids(given, place)
        old = self.tree.find(steps) if steps[:1] == (classification.tid,) else None
        parent = None if old is not None else self._parent(classification, place, steps)
        if old is not None and self.call.caller.user in old.denied:
            raise NotDone("The node is not available by access rights")
        labels = sent_labels(self.call, given)
        attributes = self._attributes(given, old)
        mishap = accident(self.call, self.tree.path(old) if old is not None else place.path(parent))
        self.call.moment()
        merged = merged_labels(self.call, old.labels if old is not None else {}, labels.texts)
        if old is not None:
            node = replace(old, labels=merged)
        else:
            node = self._made(classification, parent, place.tid, merged)
        self.tree.put(node)
        self._put(attributes, node)
        told = [mishap.description] if mishap is not None else []
        return [*told, *(unknown_locale(loc) for loc in labels.unknown)]

    def _check_ids(self, given: JsonObject, place: Place) -> None:
        """Raises NotDone."""
        if not place.tid:
            raise place.wrong("Node path is missing")
        for key in (text(given, "id"), place.parent_id) if self.call.hard("OC-P23") else ():
            if key is not None and self.tree.get(key) is None:
                raise place.wrong(no_node_of_id(key))

    def _parent(self, classification: Classification, place: Place, steps: tuple[str, ...]) -> Node | None:
        """The node to create below; None for a root. Raises NotDone."""
        if place.parent_path is None and place.parent_id is None:
            if steps != (classification.tid,):
                raise NotDone(wrong_root(classification.tid, place.tid))
            return None
        above = segments_of(place.parent_path) if place.parent_path is not None else steps[:-1]
        found = self.tree.find(above)
        if found is None or found.class_tid != classification.tid:
            raise place.wrong(no_node_at("/".join(above)))
        if self.call.caller.user in found.denied:
            raise place.wrong("access denied")
        place.check_free(found)
        return found

    def _made(self, classification: Classification, parent: Node | None, tid: str, labels: dict[str, str]) -> Node:
        parent_id = parent.id if parent is not None else None
        made = Node(self.call.new_id(), tid, classification.tid, parent_id, labels)
        self.call.made(made.id)
        return made

    def _attributes(self, given: JsonObject, old: Node | None) -> list[Attribute]:
        """The attributes as they would be saved, of a node that may have no id yet. Raises NotDone."""
        at = old.id if old is not None else ""
        found: dict[str, Attribute] = {}
        for one in _listed(given.get("attr")):
            before = self.attributes.find(at, text(one, "key") or "") if old is not None else None
            checked = self.attributes.checked(one, at, before)
            found[checked.key] = checked
        return list(found.values())

    def _put(self, attributes: Sequence[Attribute], node: Node) -> None:
        """Save what was checked. What was left out may go (OC-P29)."""
        sent = {one.key for one in attributes}
        for one in self.attributes.at(node.id) if self.call.hard("OC-P29") else ():
            if one.key not in sent:
                self.attributes.drop(one)
        for one in attributes:
            self.attributes.put(replace(one, node_id=node.id))


def _listed(value: Json) -> list[JsonObject]:
    listed = value if isinstance(value, list) else []
    return [present(one) if isinstance(one, dict) else {} for one in listed]


KIND: Kind[OmnRoute] = Kind(
    questions=(
        Knob("OC-P23", "ids of nodes beside a classification", "ignored", "fail the node if nobody has them"),
    )
)
