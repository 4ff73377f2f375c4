"""Deleting classifications, with all their nodes and attributes, many in one call."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer
from reconciler.twins.omn_core.answers import NotDone, accident, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.class_persist import DATA_TYPE, MISSING
from reconciler.twins.omn_core.classes import ROOT
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.pim_things import Attribute, Classification, Node
from reconciler.twins.omn_core.replies import Reply, told

DELETED = "The classification has been deleted successfully"


def perform(call: Call) -> Answer:
    return perform_each(call, DATA_TYPE, {"delete": _Delete(call).one}, corrected=True)


@dataclass(slots=True)
class _Delete:
    """One call."""

    call: Call

    def one(self, action: Action) -> Reply:
        echo = {"tid": action.tid} if action.tid is not None else {"id": action.id}
        if action.tid is None and action.id is None:
            raise NotDone(MISSING)
        table = self.call.table(Classification)
        found = table.get(action.tid or "")
        if action.tid is None:
            found = next((one for one in table.values() if one.id == action.id), None)
        if found is None:
            by, what = ("id", action.id) if action.tid is None else ("tid", action.tid)
            raise NotDone(f"The classification not found by given {by}: '{what}'", **echo)
        if self.call.caller.user in found.denied:
            raise NotDone("The classification is not available by access rights", **echo)
        mishap = accident(self.call, found.tid, **echo)
        self.call.moment()
        del table[found.tid]
        drop_nodes(self.call, found.tid)
        return marred(told(DATA_TYPE, DELETED, "delete", **echo), mishap)


def drop_nodes(call: Call, class_tid: str) -> None:
    """Take away every node of a classification, with its attributes."""
    nodes, attributes = call.table(Node), call.table(Attribute)
    gone = {node.id for node in nodes.values() if node.class_tid == class_tid}
    for key in gone:
        del nodes[key]
    for attribute in list(attributes.values()) if gone else ():
        if attribute.node_id in gone:
            del attributes[attribute.id]


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=f"{ROOT}/perform", answer=perform, takes=Takes.DOCUMENT),)
)
