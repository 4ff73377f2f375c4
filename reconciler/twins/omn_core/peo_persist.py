"""Creating peos, with the channels they are linked to, and renaming them (OC-P26)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import NotDone, accident, answer_each, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.guids import new_guid
from reconciler.twins.omn_core.peo_things import Channel, Peo, Template
from reconciler.twins.omn_core.product_things import Product
from reconciler.twins.omn_core.replies import Reply, refused, told

PATH = "/peo/peos/persist"
CREATED = "PEO has been saved successfully"
UPDATED = "Peo has been saved successfully"
DENIED = "PEO is not available by access rights"
QUERIES_BEHIND = 2


def persist(call: Call) -> Answer:
    return answer_each(call, call.entries("peos"), _Persist.of(call).one, "OC-P30")


@dataclass(slots=True)
class _Persist:
    """One call. `ids` and `channel_ids` tell which tid an id has."""

    call: Call
    table: dict[str, Peo]
    ids: dict[str, str]
    channel_ids: dict[str, str]

    @classmethod
    def of(cls, call: Call) -> _Persist:
        table, channels = call.table(Peo), call.table(Channel).values()
        ids = {one.id: one.tid for one in table.values()}
        return cls(call, table, ids, {one.id: one.tid for one in channels})

    def one(self, given: JsonObject) -> Json:
        try:
            return self._update(given) if self._updates(given) else self._create(given)
        except NotDone as why:
            return refused("peo", why, "update")  # creates too

    def _updates(self, given: JsonObject) -> bool:
        """By its own identity, or in the sampled form: a peo stands where a new one has its product."""
        if "tid" in given or "id" in given:
            return True
        return "templateId" not in given and (text(given, "productTid") or "") in self.table

    def _create(self, given: JsonObject) -> Reply:
        product, template = text(given, "productTid") or "", text(given, "templateId") or ""
        if product not in self.call.table(Product):
            raise NotDone("Product not found")
        if template not in self.call.table(Template):
            raise NotDone("PEO template has not been found")
        projects = [self._project(node) for node in _nodes(given)]
        name = self._name(given)
        mishap = accident(self.call, name)
        moment, guid = self.call.moment(), new_guid(self.call.twin, self.call.traffic)
        key, linked = self.call.new_id(), tuple(dict.fromkeys(projects))
        self.table[guid] = Peo(guid, key, product, template, name, moment, moment, projects=linked)
        self.ids[key] = guid
        if self.call.hard("OC-P46"):
            self.call.traffic.unfound[guid] = QUERIES_BEHIND
        return marred(told("peo", CREATED, id=key), mishap)

    def _update(self, given: JsonObject) -> Reply:
        key, tid = text(given, "id"), text(given, "tid")
        sampled = key is None and tid is None
        by_id = self.ids.get(key or "", "")
        old = self.table.get(text(given, "productTid") or "" if sampled else by_id if tid is None else tid)
        if old is None:
            raise NotDone("PEO not found")
        if self.call.caller.user in old.denied:
            raise NotDone(DENIED)
        name = self._name(given)
        mishap = accident(self.call, name)
        if sampled or not self.call.hard("OC-P26"):
            self.table[old.tid] = replace(old, name=name, modified=self.call.moment())
        return marred(told("peo", UPDATED), mishap)

    def _name(self, given: JsonObject) -> str:
        name = text(given, "name") or ""
        if not name:
            raise NotDone("PEO name is missing")
        return name

    def _project(self, node: Json) -> str:
        """The tid of a channel that a node names by its text, its tid or its id. Raises NotDone."""
        tid = node if isinstance(node, str) else None
        if isinstance(node, Mapping):
            tid = text(node, "tid") or self.channel_ids.get(text(node, "id") or "")
        if tid is None or tid not in self.call.table(Channel):
            raise NotDone("Project not found")
        return tid


def _nodes(given: JsonObject) -> list[Json]:
    nodes = given.get("nodes")
    entries = nodes.get("entries") if isinstance(nodes, Mapping) else None
    return list(entries) if isinstance(entries, list) else []


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, answer=persist, takes=Takes.DOCUMENT),),
    questions=(Knob("OC-P26", "a peo persisted by its tid", "it is renamed", "SUCCESS, and nothing has changed"),),
)
