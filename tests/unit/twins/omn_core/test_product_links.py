"""Linking products of the OMN Core twin to each other."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins.omn_core.pim_things import Classification, Definition, Node
from tests.unit.twins.omn_core.compact import ask, do, done, failed
from tests.unit.twins.omn_core.omn import Omn, document, name, root

LINK = "/pim/products/links/persist"
UNLINK = "/pim/products/links/perform"
LINKED = "The products has been linked successfully"
DATA_TYPE = "productToProductLink"


def describe(omn: Omn) -> None:
    """A node, and an attribute that links products."""
    state = omn.twin.state
    state.of(Classification)["Root"] = Classification("1", "Root", {})
    state.of(Node)["2"] = Node("2", "Root", "Root", None, {})
    state.of(Node)["3"] = Node("3", "Node", "Root", "2", {})
    state.of(Definition)["PRODUCT_REF"] = Definition("4", "PRODUCT_REF", "ref", {})


def refs(**ends: object) -> dict[str, Any]:
    return {"links": {"itms": [{"type": "productToProduct", "itms": [{"type": "PRODUCT_REF", **ends}]}]}}


def several(end: str, *tids: str) -> dict[str, object]:
    return {"type": end, "itm": list(tids)}


def unlink(omn: Omn, source: str, target: str, attribute: str = "PRODUCT_REF") -> Any:
    meta = {"productTid": source, "targetProductTid": target, "type": attribute}
    return do(omn, UNLINK, DATA_TYPE, "unlink", meta)


def links(omn: Omn) -> Any:
    return [one["links"] for one in omn.twin.products_without_ids() if one["links"]]  # type: ignore[index,call-overload]


@pytest.mark.parametrize(
    "ends",
    [
        {"productTid": "p1", "targetProductTid": "p2"},
        {"targetProductTid": "p2", "itms": [several("productTid", "p1", "p3")]},
        {"productTid": "p1", "itms": [several("targetProductTid", "p2", "p3")]},
        {"itms": [several("productTid", "p1", "p3"), several("targetProductTid", "p2", "p4")]},
    ],
)
def test_linking(omn: Omn, ends: dict[str, Any]) -> None:
    describe(omn)
    for tid in ("p1", "p2", "p3", "p4"):
        omn.twin.add_product(tid)
    (shown,) = ask(omn, LINK, refs(**ends))["responses"]["entries"]

    assert shown.pop("details") == {"itms": [{"type": "PRODUCT_REF", **ends}]}
    assert shown == done(DATA_TYPE, LINKED, "link")
    numbers = [len(one.get("itm", [])) for one in ends.get("itms", [])]
    expected = 1
    for number in numbers:
        expected *= number
    assert sum(len(one) for one in links(omn)) == expected


def test_linking_by_id_in_xml(omn: Omn) -> None:
    describe(omn)
    source, target = omn.twin.add_product("p1"), omn.twin.add_product("p2")
    items = f'<itm key="targetProductId">{target}</itm><itm key="productId">{source}</itm>'
    inner = f'<itms type="productToProduct"><itms type="PRODUCT_REF">{items}</itms></itms>'
    reply = omn.post(LINK, document("links", inner))
    holder = root(reply).find(name("responses", "response", "details", "itms"))

    assert holder is not None
    assert {item.get("key"): item.text for item in holder} == {"targetProductId": target, "productId": source}
    assert links(omn) == [[["PRODUCT_REF", "p2"]]]


def test_what_linking_refuses(omn: Omn) -> None:
    describe(omn)
    omn.twin.add_product("p1")
    ends = {"productTid": "p1", "targetProductTid": "p1", "type": "NO"}

    assert ask(omn, LINK, refs(productTid="p1", targetProductTid="x"))["responses"]["entries"] == [
        failed(DATA_TYPE, "Product not found", "link")
    ]
    assert ask(omn, LINK, refs(**ends))["responses"]["entries"] == [
        failed(DATA_TYPE, "Attribute not found", "link", tid="NO")
    ]


def test_unlinking(omn: Omn) -> None:
    describe(omn)
    for tid in ("p1", "p2"):
        omn.twin.add_product(tid)
    omn.twin.link_product("p1", "PRODUCT_REF", "p2")

    def refused(text: str) -> dict[str, str]:
        return failed(DATA_TYPE, text, "unlink")

    missing = "There is no target products with the given tid or id to perform unlink: x"
    unknown = "There is no target attribute definition with the given identifier: NO"
    assert unlink(omn, "p1", "x") == refused(missing)
    assert unlink(omn, "p1", "p2", "NO") == refused(unknown)
    assert unlink(omn, "p1", "p2") == done(DATA_TYPE, "The product has been unlinked successfully", "unlink")
    again = unlink(omn, "p1", "p2")
    assert again == refused("Unlink could not be performed. Reason: the products are not linked")
