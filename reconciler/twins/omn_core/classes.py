"""Reading classifications, without or with their nodes and the nodes' own attributes (OC-P25, OC-P43)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.labels import shown_names
from reconciler.twins.omn_core.media import XML
from reconciler.twins.omn_core.node_attributes import NodeAttributes, seen_attributes, shown_attribute
from reconciler.twins.omn_core.node_tree import NodeTree
from reconciler.twins.omn_core.pim_things import Classification, Node
from reconciler.twins.omn_core.selectors import asked_flag, asked_list

ROOT = "/pim/classes"
INFORMATION = "classification"


def tids(call: Call) -> Answer:
    """A list of texts, of which no sample shows the form."""
    root = etree.Element("strings")
    for one in _seen(call):
        etree.SubElement(root, "string").text = one.tid
    return Answer(200, None, {"content-type": XML}, etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def retrieve(call: Call) -> Answer:
    asked, ids = asked_list(call.body, "tids"), asked_list(call.body, "ids")
    nodes, flat = asked_flag(call.body, "withNodes"), asked_flag(call.body, "flatNodes", usual=True)
    found = _seen(call)
    if asked or ids:
        some_tids, some_ids = frozenset(asked or ()), frozenset(ids or ())
        found = [one for one in found if one.tid in some_tids or one.id in some_ids]
    if not nodes:
        return call.answered("classes", [_shown(call, one) for one in found], information=INFORMATION)
    shown = _Shown(call, NodeTree(call.table(Node), call.traffic.hidden()), NodeAttributes(call))
    if flat:
        listed: list[Json] = [node for one in found for node, _ in shown.flat(one)]
        classes: list[Json] = [_shown(call, one) for one in found]
        return call.document({"classes": {"entries": classes}, "nodes": {"entries": listed}}, INFORMATION)
    return call.answered("classes", [shown.nested(one) for one in found], information=INFORMATION)


def _seen(call: Call) -> list[Classification]:
    hidden, user = call.traffic.hidden(), call.caller.user
    table = call.table(Classification).values()
    return [one for one in table if one.id not in hidden and user not in one.denied]


def _shown(call: Call, one: Classification) -> dict[str, Json]:
    return {"tid": one.tid, "name": shown_names(call, one.labels)}


@dataclass(slots=True)
class _Shown:
    """One call."""

    call: Call
    tree: NodeTree
    attributes: NodeAttributes

    def flat(self, classification: Classification) -> Iterator[tuple[dict[str, Json], Node]]:
        """Every node of a classification that the caller may see, parents first."""
        root = self.tree.root(classification.tid)
        for node, path in self.tree.branch(root) if root is not None else ():
            if self.call.caller.user not in node.denied:
                yield self._node(node, path), node

    def nested(self, classification: Classification) -> Json:
        shown = _shown(self.call, classification)
        at: dict[str | None, dict[str, Json]] = {None: shown}
        below: dict[str | None, list[Json]] = {}
        for one, node in self.flat(classification):
            at[node.id] = one
            holder = at.get(node.parent_id)
            if holder is not None:
                holder["node"] = siblings = below.setdefault(node.parent_id, [])
                siblings.append(one)
        return shown

    def _node(self, node: Node, path: str) -> dict[str, Json]:
        shown: dict[str, Json] = {"class": node.class_tid, "id": node.id}
        if node.parent_id is not None:
            shown |= {"parentId": node.parent_id, "parentPath": self._path(path.rpartition("/")[0])}
        shown |= {"path": self._path(path), "name": shown_names(self.call, node.labels)}
        own = seen_attributes(self.call, self.attributes.at(node.id))
        attributes: list[Json] = [shown_attribute(one, values=True) for one in own]
        return {**shown, "attr": attributes} if attributes else shown

    def _path(self, path: str) -> str:
        return "/" if path.count("/") == 1 and self.call.hard("OC-P25") else path


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="GET", path=ROOT, answer=tids),
        OmnRoute(method="POST", path=f"{ROOT}/retrieve", safe=True, answer=retrieve),
    ),
    questions=(Knob("OC-P25", "the path of a root in a list of classifications", "/<class>", "/"),),
)
