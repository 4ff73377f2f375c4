"""Creating products by their tids, renaming them, setting some of their values (OC-P52)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omn_core.answers import NotDone, accident, answer_each, marred
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.custom_values import sent_values
from reconciler.twins.omn_core.guids import new_guid
from reconciler.twins.omn_core.node_tree import NodeTree, segments_of
from reconciler.twins.omn_core.pim_things import Node
from reconciler.twins.omn_core.product_things import Product
from reconciler.twins.omn_core.replies import Reply, refused, told

PATH = "/pim/products/persist"
SAVED = "The product has been saved successfully"
NO_PRODUCT = "There is no product with the given tid or id"
DUPLICATED = "Unable to create or update product. Product name is duplicated."


def persist(call: Call) -> Answer:
    if not call.caller.admin:
        raise Refused(403, "Products persist is restricted for users")
    return answer_each(call, call.entries("products"), _Persist.of(call).one, "OC-P30", "product")


@dataclass(slots=True)
class _Persist:
    """One call. `ids` tell which tid an id has, `names` which product has a name."""

    call: Call
    table: dict[str, Product]
    ids: dict[str, str]
    names: dict[str, str]
    nodes: NodeTree

    @classmethod
    def of(cls, call: Call) -> _Persist:
        table = call.table(Product)
        names, ids = {one.name: tid for tid, one in table.items()}, {one.id: tid for tid, one in table.items()}
        return cls(call, table, ids, names, NodeTree(call.table(Node)))

    def one(self, given: JsonObject) -> Json:
        key, tid = _id(given), text(given, "tid")
        known = self.ids.get(key or "", "") if tid is None else tid
        updates = known in self.table
        try:
            if updates:
                return self._update(self.table[known], given)
            return self._create(tid, key, given)
        except NotDone as why:
            return refused("product", why, "update" if updates else "create")

    def _create(self, given_tid: str | None, given_id: str | None, given: JsonObject) -> Reply:
        if given_id is not None and given_tid is None:
            raise NotDone(NO_PRODUCT, id=given_id)
        tid = given_tid or new_guid(self.call.twin, self.call.traffic)
        name, node = text(given, "name") or "", text(given, "node") or ""
        if not name:
            raise NotDone(_caused("create", tid, "Product name is missing."), tid=tid)
        self._check_name("create", tid, name)
        steps = segments_of(node)
        if steps and self.nodes.find(steps) is None:
            # The quote that is not closed is the reference's.
            caused = f"'Node with path '[{', '.join(steps)}]' does not exist."
            raise NotDone(f"An error while product classification, caused by: {caused}", tid=tid)
        mishap = accident(self.call, name, tid=tid)
        moment, key = self.call.moment(), self.call.new_id()
        path = "/" + "/".join(steps) if steps else ""
        self.table[tid] = Product(tid, key, name, path, moment, moment, moment, sent_values(given))
        self.names[name] = tid
        self.ids[key] = tid
        return marred(told("product", SAVED, "create", tid=tid), mishap)

    def _update(self, old: Product, given: JsonObject) -> Reply:
        if self.call.caller.user in old.denied:
            denied = "Product is not available by access rights"
            raise NotDone(_caused("update", old.tid, denied), tid=old.tid)
        name, values = text(given, "name") or old.name, sent_values(given)
        self._check_name("update", old.tid, name)
        mishap = accident(self.call, name, tid=old.tid)
        moment = self.call.moment()
        self.names.pop(old.name, None)
        self.names[name] = old.tid
        self.table[old.tid] = replace(
            old,
            name=name,
            vals={**(old.vals or {}), **values},
            modified=moment,
            values_modified=moment if values else old.values_modified,
        )
        return marred(told("product", SAVED, "update", tid=old.tid), mishap)

    def _check_name(self, action: str, tid: str, name: str) -> None:
        if self.names.get(name, tid) != tid:
            raise NotDone(_caused(action, tid, DUPLICATED), tid=tid)


def _caused(action: str, tid: str, reason: str) -> str:
    return f"An error while doing action '{action}' with the product, tid: '{tid}', caused by: {reason}"


def _id(given: JsonObject) -> str | None:
    meta = given.get("meta")
    return text(meta, "id") if isinstance(meta, Mapping) else None


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, answer=persist, takes=Takes.DOCUMENT),))
