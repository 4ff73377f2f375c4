"""Nodes of classifications in the OMN Core twin."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.omn_core.pim import NO_PARENT, NODES, Given, call, each, label, message, named, shop

RETRIEVE = f"{NODES}/retrieve"
PERSIST = f"{NODES}/persist"
PERFORM = f"{NODES}/perform"
QUERY = f"{NODES}/query"


def persist(omn: Omn, *nodes: Given) -> list[Given]:
    return each(omn, PERSIST, "nodes", *nodes)


def delete(omn: Omn, *given: Given) -> list[Given]:
    return each(omn, PERFORM, "actions", *({"dataType": "classNode", "type": "delete", **one} for one in given))


def paths(omn: Omn, **asked: object) -> list[str]:
    return named("nodes", call(omn, RETRIEVE, asked), "path")


def test_below_a_path(each_omn: Omn) -> None:
    shop(each_omn)

    assert paths(each_omn, path="/Shop") == ["/Shop/Shoes", "/Shop/Hats"]
    assert paths(each_omn, path="Shop/", level=-1) == ["/Shop/Shoes", "/Shop/Shoes/Boots", "/Shop/Hats"]
    assert paths(each_omn, path="/Shop/Shoes", level=2) == ["/Shop/Shoes/Boots"]
    assert paths(each_omn, path="/Shop/Hats") == []


def test_roots_and_ids(each_omn: Omn) -> None:
    shop(each_omn)
    key, hats = each_omn.twin.classification("Shop").id, each_omn.twin.node("/Shop/Hats").id
    root = each_omn.twin.node("/Shop").id

    assert paths(each_omn, classificationTid="Shop") == paths(each_omn, classificationId=int(key)) == ["/"]
    assert paths(each_omn, ids=[int(hats), "1", root]) == ["/Shop/Hats", "/"]
    assert paths(each_omn, ids=[]) == []


def test_unknown_names(omn_with: With) -> None:
    asked: list[Given] = [{"path": "/No/where"}, {"classificationTid": "No"}, {"classificationId": 1}]
    plain, hard = omn_with(), omn_with("OC-P42")

    for one in asked:
        assert plain.ask(RETRIEVE, one).status_code == 404
        assert paths(hard, **one) == []
    assert message(call(plain, RETRIEVE, asked[0])) == ("1002", "Node with path '[No, where]' does not exist.")


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "Path or ids array or classificationId should be provided to get nodes"),
        ({"path": "/Shop", "level": 0}, "The level should not be 0"),
        ({"path": "/Shop", "level": "1"}, "Malformed request body"),
    ],
)
def test_wrong_questions(each_omn: Omn, asked: Given, text: str) -> None:
    shop(each_omn)
    assert message(call(each_omn, RETRIEVE, asked)) == ("1001", text)


def test_queries(each_omn: Omn) -> None:
    shop(each_omn)
    definition = each_omn.twin.definition("size").id
    root, shoes = each_omn.twin.node("/Shop").id, each_omn.twin.node("/Shop/Shoes").id
    attribute = each_omn.twin.attribute("/Shop/Shoes", "size").id
    product = each_omn.twin.add_product("p1", "Boot", "/Shop/Shoes")

    def query(**asked: object) -> list[int]:
        answer = call(each_omn, QUERY, asked)
        assert answer["level"] == 1
        return list(answer["ids"])

    both = [int(root), int(shoes)]
    assert query(attributeDefinitionTid="size") == query(attributeDefinitionId=definition) == both
    assert query(attributeId=attribute) == query(productTid="p1") == query(productId=int(product)) == both[1:]
    assert query(productTid="p2") == []
    assert call(each_omn, QUERY, {})["status"] == "ERROR"


def test_creates_and_updates(each_omn: Omn) -> None:
    shop(each_omn)
    key = each_omn.twin.node("/Shop/Hats").id
    [one] = persist(each_omn, {"parentId": key, "tid": "Caps", "name": label(en_EN="Caps")})
    [two] = persist(each_omn, {"path": "/Shop/Hats/Caps", "tid": "Caps", "name": label(en_EN="CAPS")})
    [three] = persist(each_omn, {"id": key, "name": label(en_EN="HATS")})

    assert one == {
        "dataType": "classNode",
        "id": each_omn.twin.node("/Shop/Hats/Caps").id,
        "path": "/Shop/Hats/Caps",
        "tid": "Caps",
        "action": "create",
        "status": "SUCCESS",
        "description": "Node has been saved",
    }
    assert two == one | {"action": "update"}
    assert (three["action"], three["path"]) == ("update", "/Shop/Hats")
    assert each_omn.twin.node("/Shop/Hats/Caps").labels == {"en_EN": "CAPS"}


def test_a_root(each_omn: Omn) -> None:
    key = each_omn.twin.add_class("New", root=False)
    each_omn.twin.add_class("Other", root=False)
    wrong = "Unable to create the root node, identifier should match the classification name, classification: "

    def described(**given: str) -> str:
        return str(persist(each_omn, given)[0]["description"])

    assert described(classificationTid="New", tid="new") == f"{wrong}New, root node: new"
    assert persist(each_omn, {"classificationTid": "New", "tid": "New"})[0]["path"] == "/New"
    assert persist(each_omn, {"classificationId": key, "tid": "New"})[0]["status"] == "ERROR"
    none = NO_PARENT.format("null", "null", "A", "No classification by name: Standard1")
    assert described(classificationTid="Standard1", tid="A") == none
    assert each_omn.twin.node_paths() == ["/New"]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"parentId": "99", "tid": "A"}, NO_PARENT.format("null", "99", "A", "Node with id 99 does not exist.")),
        (
            {"parentPath": "/a/b", "tid": "A"},
            NO_PARENT.format("/a/b", "null", "A", "Node with path '[a, b]' does not exist."),
        ),
        (
            {"parentPath": "/Shop", "tid": "Hats"},
            NO_PARENT.format("/Shop", "null", "Hats", "Node with path '[Shop, Hats]' already exists."),
        ),
        (
            {"parentPath": "/Shop", "tid": "a/b"},
            NO_PARENT.format("/Shop", "null", "a/b", "Node identifier is missing or invalid"),
        ),
        ({"tid": "A"}, NO_PARENT.format("null", "null", "A", "Parent node or classification is missing")),
        ({"parentPath": "/Shop", "tid": "A", "name": label(e_E="x")}, "Cannot find language id with code 'e_E'."),
    ],
)
def test_what_is_not_created(each_omn: Omn, given: Given, text: str) -> None:
    shop(each_omn)
    before = each_omn.twin.digest()

    wanted = {"dataType": "classNode", "tid": given["tid"], "action": "create", "status": "ERROR"}
    assert persist(each_omn, given) == [wanted | {"description": text}]
    assert each_omn.twin.digest() == before


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"id": "99", "path": "/Shop", "tid": "Shop"}, "Node with id 99 does not exist."),
        ({"path": "/Shop/Gürtel", "tid": "Gürtel"}, "Node with path '[Shop, Gürtel]' does not exist."),
        ({"path": "/Shop/Hats", "tid": "Caps"}, "Node identifier cannot be changed"),
        ({"path": "/Shop/Shoes"}, "The node is not available by access rights"),
    ],
)
def test_what_is_not_updated(each_omn: Omn, given: Given, text: str) -> None:
    shop(each_omn)
    each_omn.twin.deny_node("/Shop/Shoes")

    wanted = {"dataType": "classNode", **given, "action": "update", "status": "ERROR", "description": text}
    assert persist(each_omn, given) == [wanted]


def test_a_parent_made_in_the_same_call(each_omn: Omn) -> None:
    each_omn.twin.add_class("New")
    answers = persist(each_omn, {"parentPath": "/New", "tid": "a"}, {"parentPath": "/New/a", "tid": "b"})

    assert [one["path"] for one in answers] == ["/New/a", "/New/a/b"]


def test_deletes_from_below(each_omn: Omn) -> None:
    shop(each_omn)
    boots = each_omn.twin.node("/Shop/Shoes/Boots").id
    by_path = {"path": "/Shop/Shoes/"}

    full = "The node could not be deleted. Reason: node is not empty"
    assert delete(each_omn, by_path)[0]["description"] == full
    done = delete(each_omn, {"id": boots}, by_path)
    assert [(one.get("id"), one.get("path"), one["status"]) for one in done] == [
        (boots, None, "SUCCESS"),
        (None, "/Shop/Shoes/", "SUCCESS"),
    ]
    assert delete(each_omn, by_path)[0]["description"] == "There is no node with the given path or id"
    assert each_omn.twin.node_paths() == ["/Shop", "/Shop/Hats"]
    assert call(each_omn, QUERY, {"attributeDefinitionTid": "size"})["ids"] == [
        int(each_omn.twin.node("/Shop").id)
    ]


def test_nodes_with_products_and_denied_ones_stay(each_omn: Omn) -> None:
    shop(each_omn)
    each_omn.twin.add_product("p1", "Hat", "/Shop/Hats")
    each_omn.twin.deny_node("/Shop/Shoes/Boots")

    assert delete(each_omn, {"path": "/Shop/Hats"})[0]["description"].endswith("Reason: node is not empty")
    assert delete(each_omn, {"path": "/Shop/Shoes/Boots"})[0]["description"].endswith("Reason: access denied")
    each_omn.twin.remove_product("p1")
    assert delete(each_omn, {"path": "/Shop/Hats"})[0]["status"] == "SUCCESS"


def test_two_of_one_path(omn: Omn) -> None:
    omn.twin.add_class("New")
    first, second = omn.twin.add_node("/New/a"), omn.twin.add_node("/New/a")

    assert paths(omn, path="/New") == ["/New/a", "/New/a"]
    assert omn.twin.node("/New/a").id == first
    assert delete(omn, {"path": "/New/a"})[0]["status"] == "SUCCESS"
    assert omn.twin.node("/New/a").id == second
