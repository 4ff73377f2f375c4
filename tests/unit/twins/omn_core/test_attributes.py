"""Attributes of nodes in the OMN Core twin."""

from __future__ import annotations

import pytest

from reconciler.twins.omn_core.domains import values_of
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.omn_core.pim import ATTRIBUTES, Given, call, each, label, message, named, shop

RETRIEVE = f"{ATTRIBUTES}/retrieve"
PERSIST = f"{ATTRIBUTES}/persist"
PERFORM = f"{ATTRIBUTES}/perform"
QUERY = f"{ATTRIBUTES}/query"
VALUES = {"s": {"en_EN": "small"}, "m": {"en_EN": "medium", "de_DE": "mittel"}}


def persist(omn: Omn, *attributes: Given) -> list[Given]:
    return each(omn, PERSIST, "attrs", *attributes)


def ids(omn: Omn, **asked: object) -> list[str]:
    return named("attrs", call(omn, RETRIEVE, asked), "id")


def test_selectors(each_omn: Omn) -> None:
    shop(each_omn)
    root, shoes = (each_omn.twin.attribute(path, "size").id for path in ("/Shop", "/Shop/Shoes"))
    product = each_omn.twin.add_product("p1", "Boot", "/Shop/Shoes/Boots")
    node = int(each_omn.twin.node("/Shop/Shoes").id)

    assert ids(each_omn, ids=[int(shoes), "1", root]) == [shoes, root]
    assert ids(each_omn, nodeIds=[node]) == ids(each_omn, nodePaths=["Shop/Shoes"]) == [shoes]
    assert ids(each_omn, nodeIds=[node], includeParentAttributes=True) == [root, shoes]
    assert ids(each_omn, productTids=["p1"]) == ids(each_omn, productIds=[int(product)]) == [root, shoes]
    assert ids(each_omn, nodePaths=["Shop/Hats"]) == ids(each_omn, nodePaths=["No"]) == []


def test_queries(each_omn: Omn) -> None:
    shop(each_omn)
    root, shoes = (int(each_omn.twin.attribute(path, "size").id) for path in ("/Shop", "/Shop/Shoes"))
    each_omn.twin.add_product("p1", "Boot", "/Shop/Shoes/Boots")

    assert call(each_omn, QUERY, {"nodePath": "/Shop/Shoes"}) == {"ids": [shoes]}
    assert call(each_omn, QUERY, {"nodePath": ["/Shop"], "includeParentAttributes": True}) == {"ids": [root]}
    assert call(each_omn, QUERY, {"productTid": "p1"}) == {"ids": [root, shoes]}
    assert message(call(each_omn, QUERY, {}))[0] == "1001"


def test_inherited_ones_whatever_their_inheritance(each_omn: Omn) -> None:
    shop(each_omn)
    each_omn.twin.change_attribute("/Shop", "size", inheritance="not_visible")

    assert len(ids(each_omn, nodePaths=["Shop/Hats"], includeParentAttributes=True)) == 1


def test_a_leading_slash(omn_with: With) -> None:
    for omn, found in ((omn_with(), 1), (omn_with("OC-P24"), 0)):
        shop(omn)
        assert len(ids(omn, nodePaths=["/Shop"])) == found
        assert len(ids(omn, nodePaths=["Shop"])) == 1


@pytest.mark.parametrize("asked", [{}, {"ids": [1], "nodeIds": [1]}, {"withDomainValues": True}])
def test_exactly_one_selector(each_omn: Omn, asked: Given) -> None:
    assert message(call(each_omn, RETRIEVE, asked))[1].startswith("Only one of the parameters ids, ")


def test_values_and_defaults_are_shown_when_asked_for(each_omn: Omn) -> None:
    shop(each_omn)
    each_omn.twin.change_attribute("/Shop", "size", values=VALUES, default="m")
    plain = {
        "inheritance": "visible",
        "key": "size",
        "level": "p",
        "localized": "false",
        "restriction": "optional",
    }
    attribute = each_omn.twin.attribute("/Shop", "size").id
    values = [{"tid": "s", **label(en_EN="small")}, {"tid": "m", **label(en_EN="medium", de_DE="mittel")}]
    domain = {"allowNewValue": "false", "mode": "FULL", "sortDirection": "MANUAL", "entries": values}

    def shown(**asked: object) -> Given:
        [one] = call(each_omn, RETRIEVE, {"nodePaths": ["Shop"], **asked})["attrs"]["entries"]
        assert one.pop("id") == attribute
        return dict(one)

    assert shown() == plain
    assert shown(withDomainValues=True) == plain | {"domainVals": domain}
    assert shown(withDefaultValues=True) == plain | {"defaultVal": {"tid": "m"}}


def test_creates_and_updates(each_omn: Omn) -> None:
    shop(each_omn)
    node = each_omn.twin.node("/Shop/Hats").id
    [made] = persist(each_omn, {"nodeId": node, "key": "size", "domainVals": {"entries": [{"tid": "s"}]}})
    attribute = each_omn.twin.attribute("/Shop/Hats", "size")
    words = (attribute.level, attribute.inheritance, attribute.restriction, attribute.localized)

    assert made == {
        "dataType": "attribute",
        "id": attribute.id,
        "nodeId": node,
        "action": "create",
        "status": "SUCCESS",
        "description": "The attribute has been created successfully",
    }
    assert (words, list(values_of(attribute.domain))) == (("p", "visible", "optional", False), ["s"])
    [by_id] = persist(each_omn, {"id": attribute.id, "key": "size", "level": "v", "localized": "true"})
    saved = "The attribute has been saved successfully"
    assert (by_id["id"], by_id["action"], by_id["description"]) == (attribute.id, "update", saved)
    assert each_omn.twin.attribute("/Shop/Hats", "size").level == "v"


def test_left_out_words(omn_with: With) -> None:
    for omn, level, localized, values in (
        (omn_with(), "v", True, ["s", "m"]),
        (omn_with("OC-P29"), "p", False, []),
    ):
        shop(omn)
        omn.twin.change_attribute("/Shop", "size", level="v", localized=True, values=VALUES, default="m")
        persist(omn, {"nodePath": "/Shop", "key": "size"})
        one = omn.twin.attribute("/Shop", "size")

        assert (one.level, one.localized, list(values_of(one.domain))) == (level, localized, values)
        assert one.default == "m"


@pytest.mark.parametrize(
    ("given", "echo", "action", "text"),
    [
        ({"id": "99", "key": "size"}, {"key": "size"}, "update", "Attribute with id 99 was not found."),
        ({"nodeId": "99", "key": "size"}, {}, "create", "Node with id 99 not found"),
        ({"nodePath": "No/where", "key": "size"}, {}, "create", "Node with path No/where not found"),
        ({"nodePath": "/Shop/Hats", "key": "no"}, {}, "create", "Attribute definition: 'no' cannot be found"),
        ({"nodePath": "/Shop/Hats"}, {}, "create", "Attribute definition: '' cannot be found"),
        ({"key": "size"}, {}, "create", "Attribute 'nodeId' or 'nodePath' is required to process attribute"),
        ({"nodePath": "/Shop", "key": "size"}, {}, "update", "The attribute is not available by access rights"),
        ({"nodePath": "/Shop/Shoes", "key": "size"}, {}, "create", "The node is not available by access rights"),
        (
            {"nodePath": "/Shop/Hats", "key": "size", "domainVals": {"entries": [{"tid": "a", **label(e_E="x")}]}},
            {"nodePath": "/Shop/Hats", "key": "size"},
            "create",
            "Cannot find language id with code 'e_E'.",
        ),
    ],
)
def test_what_is_not_saved(each_omn: Omn, given: Given, echo: Given, action: str, text: str) -> None:
    shop(each_omn)
    each_omn.twin.deny_attribute("/Shop", "size")
    each_omn.twin.deny_node("/Shop/Shoes")
    before = each_omn.twin.digest()

    wanted = {"dataType": "attribute", **(echo or given), "action": action, "status": "ERROR", "description": text}
    assert persist(each_omn, given) == [wanted]
    assert each_omn.twin.digest() == before


def test_deletes(each_omn: Omn) -> None:
    shop(each_omn)
    key = each_omn.twin.attribute("/Shop", "size").id

    def delete(**given: str) -> str:
        [answer] = each(each_omn, PERFORM, "actions", {"dataType": "attribute", "type": "delete", **given})
        return str(answer["description"])

    assert delete() == "\"Attribute 'id' is required to process attribute deletion\""
    assert delete(id="1") == "Attribute not found with given id"
    assert delete(id=key) == "Attribute definition has been deleted successfully"
    assert delete(id=key) == "Attribute not found with given id"
    assert each_omn.twin.definition("size").tid == "size"


def test_a_marred_attribute(omn: Omn) -> None:
    shop(omn)
    omn.twin.mar("/Shop/Hats/size", description="no")

    assert [one["description"] for one in persist(omn, {"nodePath": "/Shop/Hats", "key": "size"})] == ["no"]
