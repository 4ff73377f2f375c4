"""Products of the OMN Core twin, and the links between them."""

from __future__ import annotations

from typing import Any

from reconciler.twins.omn_core.pim_things import Classification, Definition, Node
from tests.unit.twins.omn_core.compact import AS_USER, ask, do, done, each, failed
from tests.unit.twins.omn_core.omn import Omn, document, name, refusal, root

QUERY = "/pim/products/query"
RETRIEVE = "/pim/products/retrieve"
PERSIST = "/pim/products/persist"
PERFORM = "/pim/products/perform"
UNLINK = "/pim/products/links/perform"
SAVED = "The product has been saved successfully"
DATA_TYPE = "productToProductLink"
NO_PRODUCT = "There is no product with the given tid or id"


def persist(omn: Omn, **given: object) -> Any:
    (shown,) = each(omn, PERSIST, "products", given)
    return shown


def read(omn: Omn, tid: str) -> Any:
    (shown,) = ask(omn, RETRIEVE, {"tids": [tid]})["products"]["entries"]
    return shown


def describe(omn: Omn) -> None:
    """A node, and an attribute that links products."""
    state = omn.twin.state
    state.of(Classification)["Root"] = Classification("1", "Root", {})
    state.of(Node)["2"] = Node("2", "Root", "Root", None, {})
    state.of(Node)["3"] = Node("3", "Node", "Root", "2", {})
    state.of(Definition)["PRODUCT_REF"] = Definition("4", "PRODUCT_REF", "ref", {})


def links(omn: Omn) -> Any:
    return [one["links"] for one in omn.twin.products_without_ids() if one["links"]]  # type: ignore[index,call-overload]


def test_creating_with_and_without_a_tid(omn: Omn) -> None:
    describe(omn)
    omn.twin.next_guids("28e09c5f-9f23-4274-8bb5-4e0924d52076")

    assert persist(omn, tid="p1", name="P1", node="/Root/Node") == done("product", SAVED, "create", tid="p1")
    guid = "28e09c5f-9f23-4274-8bb5-4e0924d52076"
    assert persist(omn, name="P2") == done("product", SAVED, "create", tid=guid)
    assert omn.twin.product("p1").node == "/Root/Node"


def test_the_answer_tells_of_products(omn: Omn) -> None:
    reply = omn.post(PERSIST, document("products", "<product tid='p1'><name>P1</name></product>"))
    items = {item.get("key"): item.text for item in root(reply).findall(name("meta", "itm"))}

    assert items["itemInformationType"] == "product"


def test_updating_is_by_tid_or_id_and_changes_what_is_sent(omn: Omn) -> None:
    key = omn.twin.add_product("p1", "P1", vals={"A": "1", "B": "2"})
    several_by_locale = {
        "attr": "B",
        "type": "multi_loc",
        "i18n": [{"loc": "en_EN", "itm": [{"pos": "0", "value": "x"}]}],
    }
    saved = done("product", SAVED, "update", tid="p1")

    assert persist(omn, tid="p1", name="Q", vals={"entries": [several_by_locale]}) == saved
    assert persist(omn, meta={"id": key}, name="R") == saved
    assert omn.twin.product("p1").name == "R"
    shown = {one["attr"]: one for one in read(omn, "p1")["vals"]["entries"]}
    assert shown["A"] == {"attr": "A", "dataType": "text", "inheritance": "false", "itm": ["1"]}
    assert shown["B"]["i18N"] == several_by_locale["i18n"]


def test_what_a_persist_refuses(each_omn: Omn) -> None:
    each_omn.twin.add_product("p1", "P1")
    each_omn.twin.add_product("p2", "P2")
    reason = "caused by: Unable to create or update product. Product name is duplicated."

    def text(**given: object) -> str:
        return str(persist(each_omn, **given)["description"])

    assert (
        text(tid="p3", name="P1") == f"An error while doing action 'create' with the product, tid: 'p3', {reason}"
    )
    assert (
        text(tid="p2", name="P1") == f"An error while doing action 'update' with the product, tid: 'p2', {reason}"
    )
    assert text(tid="p3", name="P3", node="/Standard/No") == (
        "An error while product classification, caused by: 'Node with path '[Standard, No]' does not exist."
    )
    assert text(meta={"id": "7"}, name="P3") == NO_PRODUCT
    assert "name is missing" in text(tid="p3")
    each_omn.twin.deny_product("p1")
    assert "not available by access rights" in text(tid="p1", name="X")


def test_products_are_for_administrators(omn: Omn) -> None:
    omn.twin.add_product("p1", "P1")
    answer = ask(omn, PERSIST, {"products": {"entries": []}}, **AS_USER)
    action = {"dataType": "product", "tid": "p1"}
    kinds = [{**action, "type": kind} for kind in ("delete", "copy")]

    assert answer["issues"][0]["code"] == "1010"
    assert answer["issues"][0]["itms"][0]["errorMessage"] == "Products persist is restricted for users"
    assert each(omn, PERFORM, "actions", *kinds, **AS_USER) == [
        failed("product", f"Products {kind} API is restricted for user") for kind in ("delete", "copy")
    ]
    restricted = {"dataType": DATA_TYPE, "type": "unlink"}
    assert each(omn, UNLINK, "actions", restricted, **AS_USER) == [
        failed(DATA_TYPE, "Unlink API is restricted for user")
    ]


def test_what_a_list_shows(omn: Omn) -> None:
    key = omn.twin.add_product("p1", "P1", "/Root/Node")
    omn.twin.add_product("p2", "P2")
    omn.twin.link_product("p1", "PRODUCT_REF", "p2")
    shown = read(omn, "p1")

    assert ask(omn, RETRIEVE, {"ids": [int(key), 7]})["products"]["entries"] == [shown]
    assert (shown["name"], shown["node"], shown["meta"]["id"]) == ("P1", "/Root/Node", key)
    kinds = [one["type"] for one in shown["links"]["itms"]]
    assert kinds == ["channels", "assets", "products"]
    assert shown["links"]["itms"][2]["itms"] == [{"attr": "PRODUCT_REF", "mode": "delta", "p2": "P2"}]
    assert refusal(omn.ask(RETRIEVE, {}))[:2] == (400, "1001")


def test_queries(each_omn: Omn) -> None:
    each_omn.twin.add_product("p1", "P1", "/Root/Node")
    modified = each_omn.twin.product("p1").modified

    def found(**asked: object) -> list[str]:
        return list(ask(each_omn, QUERY, asked)["tids"])

    assert found(modifiedFrom=modified) == found(nodePaths=["Root/Node"], searchStrategy="s") == ["p1"]
    assert "p1" not in found(modifiedUntil="2022-06-01T00:00:00.000")
    assert found(nodePaths=["/Root"]) == []
    assert refusal(each_omn.ask(QUERY, {}))[1] == "1001"


def test_deleting(omn: Omn) -> None:
    omn.twin.add_product("p1", "P1")
    omn.twin.add_product("p2", "P2")
    omn.twin.add_peo("p2", "47220", "A")
    omn.twin.link_product("p2", "X", "p1")
    used = "The product could not be deleted. Reason: product is used by 1 peo(s)"

    assert do(omn, PERFORM, "product", "delete", id=omn.twin.product("p1").id) == done(
        "product", "The product has been deleted successfully", "delete", tid="p1"
    )
    assert links(omn) == []
    assert do(omn, PERFORM, "product", "delete", tid="p1") == failed("product", NO_PRODUCT, "delete", tid="p1")
    assert do(omn, PERFORM, "product", "delete", tid="p2") == failed("product", used, "delete", tid="p2")


def test_copying(omn: Omn) -> None:
    omn.twin.add_product("p1", "P1", vals={"A": "1"})
    meta = {"newProductName": "P2", "newProductTid": "p2"}
    shown = do(omn, PERFORM, "product", "copy", meta, tid="p1")

    assert shown.pop("details") == {"productId": omn.twin.product("p2").id}
    assert shown == done("product", "The product has been copied successfully", "copy", tid="p1")
    assert omn.twin.product("p2").vals == {"A": {"itm": ["1"]}}
    copied = "The product could not be copied. Reason: "
    for given, reason in (
        ({}, "newProductName is missing"),
        (meta, "Product name is duplicated."),
        ({**meta, "newProductName": "P3"}, "newProductTid is taken"),
    ):
        assert do(omn, PERFORM, "product", "copy", given, tid="p1") == failed(
            "product", copied + reason, "copy", tid="p1"
        )
