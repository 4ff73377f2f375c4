"""Reading and deleting classifications in the OMN Core twin, with their nodes and attributes."""

from __future__ import annotations

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.omn_core.pim import (
    CLASSES,
    Given,
    call,
    each,
    label,
    message,
    named,
    shop,
)

RETRIEVE = f"{CLASSES}/retrieve"
PERSIST = f"{CLASSES}/persist"
PERFORM = f"{CLASSES}/perform"


def test_the_tids_alone(each_omn: Omn) -> None:
    each_omn.twin.add_class("Standard")
    each_omn.twin.add_class("Other")
    listed = each_omn.served.client.get(each_omn.served.url + CLASSES)

    assert listed.headers["content-type"] == "application/xml; charset=UTF-8"
    assert listed.text.endswith("<strings><string>Standard</string><string>Other</string></strings>")


def test_all_or_some(each_omn: Omn) -> None:
    one, two = each_omn.twin.add_class("One"), each_omn.twin.add_class("Two")

    everything: list[Given] = [{}, {"tids": []}, {"ids": []}]
    for body in everything:
        assert named("classes", call(each_omn, RETRIEVE, body)) == ["One", "Two"]
    assert named("classes", call(each_omn, RETRIEVE, {"ids": [two], "tids": ["None"]})) == ["Two"]
    assert named("classes", call(each_omn, RETRIEVE, {"ids": [int(one)]})) == ["One"]
    assert "nodes" not in call(each_omn, RETRIEVE, {})


def test_nodes_parents_first(omn: Omn) -> None:
    shop(omn)
    listed = call(omn, RETRIEVE, {"withNodes": True})

    assert named("nodes", listed, "path") == ["/Shop", "/Shop/Shoes", "/Shop/Shoes/Boots", "/Shop/Hats"]
    assert named("nodes", listed, "parentPath") == [None, "/Shop", "/Shop/Shoes", "/Shop"]
    assert [len(attributes or []) for attributes in named("nodes", listed, "attr")] == [1, 1, 0, 0]
    assert listed["nodes"]["entries"][1]["attr"] == [
        {"inheritance": "visible", "key": "size", "level": "p", "localized": "true", "restriction": "optional"}
    ]
    assert listed["nodes"]["entries"][1]["name"] == label(en_EN="/Shop/Shoes")


def test_nodes_nested(each_omn: Omn) -> None:
    shop(each_omn)
    listed = call(each_omn, RETRIEVE, {"withNodes": True, "flatNodes": False})
    [root] = listed["classes"]["entries"][0]["node"]

    assert "nodes" not in listed
    assert [one["id"] for one in root["node"]] == [each_omn.twin.node(f"/Shop/{n}").id for n in ("Shoes", "Hats")]
    assert root["node"][0]["node"][0]["path"] == "/Shop/Shoes/Boots"
    assert "node" not in root["node"][1]


def test_the_path_of_a_root(omn_with: With) -> None:
    omn = omn_with("OC-P25")
    shop(omn)
    listed = call(omn, RETRIEVE, {"withNodes": True})

    assert named("nodes", listed, "path") == ["/", "/Shop/Shoes", "/Shop/Shoes/Boots", "/Shop/Hats"]
    assert named("nodes", listed, "parentPath") == [None, "/", "/Shop/Shoes", "/"]
    assert set(named("nodes", listed, "class")) == {"Shop"}


def test_labels_that_are_never_shown(omn_with: With) -> None:
    omn = omn_with("OC-P43")
    shop(omn)
    listed = call(omn, RETRIEVE, {"withNodes": True})

    assert (named("classes", listed, "name"), named("nodes", listed, "name")) == ([{}], [{}] * 4)
    assert named("nodes", call(omn, "/pim/nodes/retrieve", {"path": "/Shop"}), "name") == [{}] * 2


def test_what_is_denied_is_not_listed(each_omn: Omn) -> None:
    shop(each_omn)
    each_omn.twin.deny_node("/Shop/Shoes")
    each_omn.twin.deny_attribute("/Shop", "size")
    listed = call(each_omn, RETRIEVE, {"withNodes": True})
    assert named("nodes", listed, "id") == [
        each_omn.twin.node(f"/Shop{n}").id for n in ("", "/Shoes/Boots", "/Hats")
    ]
    assert named("nodes", listed, "attr") == [None, None, None]

    each_omn.twin.deny_class("Shop")
    assert call(each_omn, RETRIEVE, {"withNodes": True})["classes"]["entries"] == []
    denied = "The classification is not available by access rights"
    assert each(each_omn, PERSIST, "classes", {"tid": "Shop"})[0]["description"] == denied


def test_deletes(each_omn: Omn) -> None:
    shop(each_omn)
    each_omn.twin.add_class("Other")
    key = each_omn.twin.classification("Shop").id

    def delete(**given: str) -> Given:
        action = {"dataType": "classification", "type": "delete", **given}
        [answer] = each(each_omn, PERFORM, "actions", action)
        return answer

    wrong = delete(tid="Shop", dataType="class")
    assert (wrong["dataType"], wrong["tid"]) == ("classification", "Shop")
    assert wrong["description"] == "The data type of the passed item is wrong. It must be 'classification'"
    assert delete()["description"] == "Classification attributes missing: 'tid' or 'id' attribute must be"
    assert delete(id="1")["description"] == "The classification not found by given id: '1'"
    assert delete(tid="No", id=key)["description"] == "The classification not found by given tid: 'No'"
    assert delete(id=key) == {
        "dataType": "classification",
        "id": key,
        "action": "delete",
        "status": "SUCCESS",
        "description": "The classification has been deleted successfully",
    }
    assert each_omn.twin.node_paths() == ["/Other"]


def test_malformed(omn: Omn) -> None:
    assert message(call(omn, PERSIST, {"attrDefs": {"entries": []}})) == ("1001", "Malformed request body")
    assert message(call(omn, RETRIEVE, {"withNodes": "yes"})) == ("1001", "Malformed request body")
