"""Saving classifications in the OMN Core twin, with the nodes and attributes that come with them."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.omn_core.pim import (
    CLASSES,
    NO_PARENT,
    WRONG_ROOT,
    Given,
    call,
    label,
    shop,
)

PERSIST = f"{CLASSES}/persist"
NEW: Given = {"tid": "New"}
ROOT: Given = {"class": "New", "path": "/New"}
CHILD: Given = {"class": "New", "path": "/New/child", "parentPath": "/New"}


def persist(omn: Omn, classes: list[Given], nodes: list[Given] | None = None) -> list[Given]:
    body: Given = {"classes": {"entries": classes}, "nodes": {"entries": nodes or []}}
    found = call(omn, PERSIST, body)["responses"]["entries"]
    assert isinstance(found, list)
    return found


def described(answers: list[Given]) -> list[tuple[str, str]]:
    return [(one["status"], one["description"]) for one in answers]


def test_a_classification_alone_has_no_root(each_omn: Omn) -> None:
    [created] = persist(each_omn, [NEW | {"name": label(en_EN="New")}])
    [saved] = persist(each_omn, [NEW | {"name": label(en_EN="Newer")}])

    assert (created["action"], created["tid"]) == ("create", "New")
    assert described([created]) == [("SUCCESS", "The classification has been created successfully")]
    assert (saved["action"], saved["description"]) == ("update", "The classification has been saved successfully")
    assert each_omn.twin.node_paths() == []
    assert each_omn.twin.classification("New").labels == {"en_EN": "Newer"}


def test_labels_and_attributes_of_nodes(omn: Omn) -> None:
    omn.twin.add_definition("size")
    attribute = {"key": "size", "level": "v", "localized": "true", "defaultVal": {"tid": "m"}}
    persist(omn, [NEW], [ROOT, CHILD | {"name": label(en_EN="Child"), "attr": [attribute]}])
    persist(omn, [], [CHILD | {"name": label(de_DE="Kind"), "attr": [{"key": "size", "restriction": "required"}]}])

    assert omn.twin.node("/New/child").labels == {"en_EN": "Child", "de_DE": "Kind"}
    made = omn.twin.attribute("/New/child", "size")
    assert (made.level, made.localized, made.restriction, made.default) == ("v", True, "required", "m")


def test_nodes_alone_answer_for_a_classification(each_omn: Omn) -> None:
    each_omn.twin.add_class("New")
    [answer] = persist(each_omn, [], [CHILD])

    assert (answer["action"], answer["tid"], answer["status"]) == ("update", "New", "SUCCESS")
    assert each_omn.twin.node_paths() == ["/New", "/New/child"]
    unknown = "There is no classification with the given identity 'New2'"
    assert described(persist(each_omn, [], [CHILD | {"class": "New2"}])) == [("ERROR", unknown)]


def test_left_out_attributes_of_a_node(omn_with: With) -> None:
    for omn, keys in ((omn_with(), ["one", "two"]), (omn_with("OC-P29"), ["two"])):
        omn.twin.add_class("New", labels={"en_EN": "New"})
        for key in ("one", "two"):
            omn.twin.add_definition(key)
            omn.twin.add_attribute("/New", key)
        persist(omn, [NEW], [ROOT | {"attr": [{"key": "two"}]}])
        shown = omn.twin.classes_without_ids()[0]["nodes"][0]["attributes"]  # type: ignore[index,call-overload]

        assert [one["key"] for one in shown] == keys  # type: ignore[index,call-overload,union-attr]
        assert dict(omn.twin.classification("New").labels) == ({"en_EN": "New"} if len(keys) == 2 else {})


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (
            {"class": "New", "path": "/Wrong"},
            WRONG_ROOT + " classification: New, root node: Wrong",
        ),
        (
            CHILD | {"parentPath": "/New/none"},
            NO_PARENT.format("/New/none", "null", "child", "Node with path '[New, none]' does not exist."),
        ),
        (CHILD | {"attr": [{"key": "none"}]}, "Attribute definition: 'none' cannot be found"),
        ({"class": "New"}, NO_PARENT.format("null", "null", "", "Node path is missing")),
        (CHILD | {"path": "/Shop/x", "parentPath": "/Shop"}, NO_PARENT.format(
            "/Shop", "null", "x", "Node with path '[Shop]' does not exist.")),
    ],
)  # fmt: skip
def test_a_node_that_fails(each_omn: Omn, node: Given, text: str) -> None:
    shop(each_omn)
    [answer] = persist(each_omn, [NEW], [ROOT, node])

    assert (answer["status"], answer["description"], answer["action"]) == ("ERROR", text, "create")
    assert each_omn.twin.classification("New").tid == "New"
    assert each_omn.twin.node_paths()[-1] == "/New"


def test_the_nodes_after_one_that_fails(omn_with: With) -> None:
    for omn, made in ((omn_with(), ["/New", "/New/child"]), (omn_with("OC-P50"), ["/New"])):
        answers = persist(omn, [NEW, {"tid": "Two"}], [ROOT, {"class": "New", "path": "/x"}, CHILD])

        assert [one["status"] for one in answers] == ["ERROR", "SUCCESS"]
        assert omn.twin.node_paths() == made


def test_ids_of_nodes(omn_with: With) -> None:
    odd = CHILD | {"id": "00001", "parentId": "00000"}
    plain, hard = omn_with(), omn_with("OC-P23")

    assert persist(plain, [NEW], [ROOT, odd])[0]["status"] == "SUCCESS"
    reason = NO_PARENT.format("/New", "00000", "child", "Node with id 00001 does not exist.")
    assert described(persist(hard, [NEW], [ROOT, odd])) == [("ERROR", reason)]
    assert plain.twin.node_paths() == ["/New", "/New/child"]
    assert hard.twin.node_paths() == ["/New"]


def test_labels_that_are_dropped(each_omn: Omn) -> None:
    each_omn.twin.add_class("Old", labels={"en_EN": "Taken"})
    [answer] = persist(each_omn, [NEW | {"name": label(en_EN="Taken", e_DE="x", de_DE="Neu")}])

    assert answer["status"] == "WARNING"
    assert answer["description"] == (
        "The classification has been saved successfully|Cannot find language id with code 'e_DE'."
        "|Unable to create new classification. Classification with name Taken already exist."
    )
    assert each_omn.twin.classification("New").labels == {"de_DE": "Neu"}


def test_a_label_that_was_given_up_is_free(each_omn: Omn) -> None:
    each_omn.twin.add_class("Old", labels={"en_EN": "Taken"})
    answers = persist(
        each_omn, [{"tid": "Old", "name": label(en_EN="Free")}, NEW | {"name": label(en_EN="Taken")}]
    )

    assert [one["status"] for one in answers] == ["SUCCESS", "SUCCESS"]


def test_by_id(each_omn: Omn) -> None:
    key = each_omn.twin.add_class("Old")
    saved, unknown, none = (persist(each_omn, [one])[0] for one in ({"id": key}, {"id": "15342"}, {}))

    assert (saved["action"], saved["tid"]) == ("update", "Old")
    assert unknown == {
        "dataType": "classification",
        "action": "create",
        "status": "ERROR",
        "description": "There is no classification with the given identity '15342'",
    }
    assert none["description"] == "Classification attributes missing: 'tid' or 'id' attribute must be"


def test_a_call_that_breaks_off_between_nodes(each_omn: Omn) -> None:
    each_omn.twin.break_after(2)
    call(each_omn, PERSIST, {"classes": {"entries": [NEW]}, "nodes": {"entries": [ROOT, CHILD]}})

    assert each_omn.twin.node_paths() == ["/New"]


def test_marred_nodes_and_classifications(omn: Omn) -> None:
    omn.twin.mar("New", "SUCCESS", "done", "a link")
    [marred] = persist(omn, [NEW], [ROOT])
    omn.twin.mar("/New/child", description="no")
    [failed] = persist(omn, [NEW], [CHILD])

    assert marred["issues"] == [{"type": "1002", "description": "a link"}]
    assert (failed["status"], failed["description"]) == ("ERROR", "no")
