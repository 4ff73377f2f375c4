"""Linking products to products by an attribute, many to many, and unlinking them one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, JsonObject
from reconciler.twins.omn_core.answers import ERROR, NotDone, answer_each, said
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes, text
from reconciler.twins.omn_core.linked import sent_links
from reconciler.twins.omn_core.performing import Action, perform_each
from reconciler.twins.omn_core.pim_things import Definition
from reconciler.twins.omn_core.product_things import Product, ProductLink
from reconciler.twins.omn_core.replies import Reply, refused, told

PERSIST = "/pim/products/links/persist"
PERFORM = "/pim/products/links/perform"
LINK = "productToProductLink"


def persist(call: Call) -> Answer:
    """One answer for each attribute that is named, whatever number of products it links."""
    linking = _Links.of(call)

    def one(given: JsonObject) -> Json:
        try:
            return linking.link(given)
        except NotDone as why:
            return refused(LINK, why, "link")

    return answer_each(call, sent_links(call, "productToProduct"), one, "OC-P30", "link")


def perform(call: Call) -> Answer:
    linking = _Links.of(call)
    return perform_each(call, LINK, {"unlink": linking.unlink}, "link")


@dataclass(slots=True)
class _Links:
    """One call. `ids` tell which tid an id has."""

    call: Call
    table: dict[str, ProductLink]
    ids: Mapping[str, str]

    @classmethod
    def of(cls, call: Call) -> _Links:
        ids = {one.id: tid for tid, one in call.table(Product).items()}
        return cls(call, call.table(ProductLink), ids)

    def link(self, given: JsonObject) -> Reply:
        attribute = text(given, "type") or ""
        sources, targets = list(self._ends(given, "product")), list(self._ends(given, "targetProduct"))
        if not sources or not targets or not {*sources, *targets} <= self.call.table(Product).keys():
            raise NotDone("Product not found")
        if attribute not in self.call.table(Definition):
            raise NotDone("Attribute not found", tid=attribute)
        self.call.moment()
        for source in sources:
            for target in targets:
                made = ProductLink(source, attribute, target)
                self.table[made.key] = made
        reply = told(LINK, "The products has been linked successfully", "link")
        return {**reply, "details": {"itms": [given]}}

    def unlink(self, action: Action) -> Reply:
        if not self.call.caller.admin:
            return said(ERROR, "Unlink API is restricted for user", None, LINK)
        attribute, known = action.parameter("type") or "", self.call.table(Product)
        sources, targets = list(self._ends(action.meta, "product")), list(self._ends(action.meta, "targetProduct"))
        missing = [tid for tid in (*sources, *targets) if tid not in known]
        if missing or not sources or not targets:
            raise NotDone(
                "There is no target products with the given tid or id to perform unlink: " + ", ".join(missing)
            )
        if attribute not in self.call.table(Definition):
            raise NotDone(f"There is no target attribute definition with the given identifier: {attribute}")
        link = ProductLink(sources[0], attribute, targets[0])
        if link.key not in self.table:
            raise NotDone("Unlink could not be performed. Reason: the products are not linked")
        self.call.moment()
        del self.table[link.key]
        return told(LINK, "The product has been unlinked successfully", "unlink")

    def _ends(self, given: JsonObject, name: str) -> Iterator[str]:
        """The tids of the products at one end: named singly or in a list, by tid or by id."""
        yield from _named(given, f"{name}Tid")
        yield from (self.ids.get(key, key) for key in _named(given, f"{name}Id"))


def _named(given: JsonObject, name: str) -> Iterator[str]:
    if (single := text(given, name)) is not None:
        yield single
    holders = given.get("itms")
    for holder in holders if isinstance(holders, list) else ():
        items = holder.get("itm") if isinstance(holder, Mapping) and holder.get("type") == name else None
        yield from (str(item) for item in (items if isinstance(items, list) else ()))


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=PERSIST, answer=persist, takes=Takes.DOCUMENT),
        OmnRoute(method="POST", path=PERFORM, answer=perform, takes=Takes.DOCUMENT),
    )
)
