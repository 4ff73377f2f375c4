"""Deleting and copying peos."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer
from reconciler.twins.omn_core.answers import NotDone, accident, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.guids import new_guid
from reconciler.twins.omn_core.peo_persist import DENIED, QUERIES_BEHIND
from reconciler.twins.omn_core.peo_things import Peo
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.replies import Reply, told

PATH = "/peo/peos/perform"


def perform(call: Call) -> Answer:
    table = call.table(Peo)
    doing = _Perform(call, table, {one.id: one.tid for one in table.values()})
    return perform_each(call, "peo", {"delete": doing.delete, "copy": doing.copy})


@dataclass(slots=True)
class _Perform:
    """One call. `ids` tell which tid an id has."""

    call: Call
    table: dict[str, Peo]
    ids: dict[str, str]

    def delete(self, action: Action) -> Reply:
        peo = self._addressed(action, "There is no peo with the given tid")
        mishap = accident(self.call, peo.name, tid=peo.tid)
        self.call.moment()
        del self.table[peo.tid]
        return marred(told("peo", "PEO has been deleted successfully", "delete", tid=peo.tid), mishap)

    def copy(self, action: Action) -> Reply:
        peo = self._addressed(action, "PEO does not exist")
        name = action.parameter("name")
        if name is None:
            raise NotDone("PEO name is missing", **action.echo)
        mishap = accident(self.call, name, **action.echo)
        moment, guid = self.call.moment(), new_guid(self.call.twin, self.call.traffic)
        made = replace(
            peo, tid=guid, id=self.call.new_id(), name=name, created=moment, modified=moment, default=False
        )
        self.table[guid] = made
        self.ids[made.id] = guid
        if self.call.hard("OC-P46"):
            self.call.traffic.unfound[guid] = QUERIES_BEHIND
        return marred(told("peo", "peo has been copied", "copy", tid=guid, id=made.id), mishap)

    def _addressed(self, action: Action, missing: str) -> Peo:
        found = self.table.get(self.ids.get(action.id or "", "") if action.tid is None else action.tid)
        if found is None:
            raise NotDone(missing, **action.echo)
        if self.call.caller.user in found.denied:
            raise NotDone(DENIED, **action.echo)
        return found


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, answer=perform, takes=Takes.DOCUMENT),))
