"""Deleting and copying products."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import NoReturn

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer
from reconciler.twins.omn_core.answers import ERROR, NotDone, accident, marred, said
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.guids import new_guid
from reconciler.twins.omn_core.peo_things import Peo
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.product_persist import NO_PRODUCT
from reconciler.twins.omn_core.product_things import Product, ProductLink
from reconciler.twins.omn_core.replies import Reply, told

PATH = "/pim/products/perform"


def perform(call: Call) -> Answer:
    doing = _Perform.of(call)
    return perform_each(call, "product", {"delete": doing.delete, "copy": doing.copy})


@dataclass(slots=True)
class _Perform:
    """One call. `ids` tell which tid an id has; `peos` are numbers of peos by product."""

    call: Call
    table: dict[str, Product]
    ids: dict[str, str]
    names: set[str]
    peos: Counter[str]

    @classmethod
    def of(cls, call: Call) -> _Perform:
        table = call.table(Product)
        ids, names = {one.id: tid for tid, one in table.items()}, {one.name for one in table.values()}
        return cls(call, table, ids, names, Counter(peo.product for peo in call.table(Peo).values()))

    def delete(self, action: Action) -> Reply:
        if not self.call.caller.admin:
            return said(ERROR, "Products delete API is restricted for user", None, "product")
        product = self._addressed(action)
        if number := self.peos[product.tid]:
            self._refuse(action, "deleted", f"product is used by {number} peo(s)")
        if self.call.caller.user in product.denied:
            self._refuse(action, "deleted", "Product is not available by access rights")
        mishap = accident(self.call, product.name, tid=product.tid)
        self.call.moment()
        del self.table[product.tid]
        self.names.discard(product.name)
        links = self.call.table(ProductLink)
        for link in [one for one in links.values() if product.tid in (one.source, one.target)]:
            del links[link.key]
        return marred(
            told("product", "The product has been deleted successfully", "delete", tid=product.tid), mishap
        )

    def copy(self, action: Action) -> Reply:
        if not self.call.caller.admin:
            return said(ERROR, "Products copy API is restricted for user", None, "product")
        product = self._addressed(action)
        name, tid = action.parameter("newProductName"), action.parameter("newProductTid")
        if name is None:
            self._refuse(action, "copied", "newProductName is missing")
        if name in self.names:
            self._refuse(action, "copied", "Product name is duplicated.")
        if tid in self.table:
            self._refuse(action, "copied", "newProductTid is taken")
        mishap = accident(self.call, name, tid=product.tid)
        moment, guid = self.call.moment(), tid or new_guid(self.call.twin, self.call.traffic)
        made = replace(product, tid=guid, id=self.call.new_id(), name=name, created=moment, modified=moment)
        self.table[guid] = made
        self.ids[made.id] = guid
        self.names.add(made.name)
        reply = told("product", "The product has been copied successfully", "copy", tid=product.tid)
        return marred({**reply, "details": {"productId": made.id}}, mishap)

    def _addressed(self, action: Action) -> Product:
        found = self.table.get(self.ids.get(action.id or "", "") if action.tid is None else action.tid)
        if found is None:
            raise NotDone(NO_PRODUCT, **action.echo)
        return found

    def _refuse(self, action: Action, done: str, reason: str) -> NoReturn:
        raise NotDone(f"The product could not be {done}. Reason: {reason}", **action.echo)


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, answer=perform, takes=Takes.DOCUMENT),))
