"""Attribute definitions in the OMN Core twin."""

from __future__ import annotations

import pytest

from reconciler.twins.omn_core.domains import values_of
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.omn_core.pim import DEFINITIONS, Given, call, each, label, message, named

RETRIEVE = f"{DEFINITIONS}/retrieve"
PERSIST = f"{DEFINITIONS}/persist"
PERFORM = f"{DEFINITIONS}/perform"
VALUES = {"a": {"en_EN": "A", "de_DE": "a"}, "b": {}}


def persist(omn: Omn, *definitions: Given) -> list[Given]:
    return each(omn, PERSIST, "attrDefs", *definitions)


def said(omn: Omn, **definition: object) -> tuple[str, str]:
    """Status and description of one persist."""
    [answer] = persist(omn, definition)
    return answer["status"], answer["description"]


def delete(omn: Omn, **action: str) -> Given:
    [answer] = each(omn, PERFORM, "actions", {"dataType": "attrDefinition", "type": "delete", **action})
    return answer


def domain(*values: str, mode: str = "", **flags: str) -> Given:
    entries = [{"tid": one, **label(en_EN=one.upper())} for one in values]
    return {**flags, **({"mode": mode} if mode else {}), "entries": entries}


def test_everything_and_some(each_omn: Omn) -> None:
    one, two = each_omn.twin.add_definition("one"), each_omn.twin.add_definition("two", "date")
    listed = each_omn.served.client.get(each_omn.served.url + DEFINITIONS)

    assert listed.status_code == 200
    assert listed.content == each_omn.ask(RETRIEVE, {"all": True}).content
    assert named("attrDefs", call(each_omn, RETRIEVE, {"tids": ["two", "none"], "ids": [int(one)]})) == ["two"]
    assert named("attrDefs", call(each_omn, RETRIEVE, {"ids": [two, int(one)]})) == ["one", "two"]
    assert named("attrDefs", call(each_omn, RETRIEVE, {})) == []
    assert call(each_omn, f"{DEFINITIONS}/query", {"types": ["date"]}) == {"ids": [int(two)], "all": False}
    assert call(each_omn, f"{DEFINITIONS}/query", {"types": []}) == {"all": False}
    assert call(each_omn, f"{DEFINITIONS}/query", {"types": ["table"]}) == {"all": False}


def test_a_document_tells_its_information(omn: Omn) -> None:
    for reply in (omn.ask(RETRIEVE, {"all": True}), omn.post(PERSIST, '{"attrDefs": {"entries": []}}', COMPACT)):
        assert b'<itm key="itemInformationType">attrDefinition</itm>' in reply.content


COMPACT = "application/json+compact"


def test_by_id(each_omn: Omn) -> None:
    key = each_omn.twin.add_definition("one", labels={"en_EN": "One"})
    [answer] = persist(each_omn, {"id": key, "name": label(en_EN="First")})

    assert (answer["status"], answer["action"], answer["tid"], answer["id"]) == ("SUCCESS", "update", "one", key)
    assert each_omn.twin.definition("one").labels == {"en_EN": "First"}


@pytest.mark.parametrize(
    ("given", "action", "text"),
    [
        ({"id": "54321", "type": "text"}, "update", "No attribute definition by id: 54321"),
        ({"tid": "new"}, "create", "type is missing"),
        ({"tid": "new", "type": "words"}, "create", "unknown type 'words'"),
        ({"tid": "one", "type": "date"}, "update", "type cannot be changed"),
        ({"tid": "one", "type": "dates"}, "update", "unknown type 'dates'"),
        ({"type": "text"}, "create", "tid is missing"),
        ({"tid": "new", "type": "text", "name": label(e_DE="x")}, "create", "Cannot find language id with code"),
        ({"tid": "denied", "type": "text"}, "update", "access denied"),
        (
            {"tid": "new", "type": "text", "domainVals": {"entries": [{"itm": []}]}},
            "create",
            "The identifier of a domain value is missing",
        ),
    ],
)
def test_what_is_not_saved(each_omn: Omn, given: Given, action: str, text: str) -> None:
    each_omn.twin.add_definition("one")
    each_omn.twin.add_definition("denied")
    each_omn.twin.deny_definition("denied")
    before = each_omn.twin.digest()
    [answer] = persist(each_omn, given)

    prefix = "The attribute definition could not be saved. Reason: "
    reason = answer["description"].removeprefix(prefix)
    assert (answer["status"], answer["action"], answer["dataType"]) == ("ERROR", action, "attrDefinition")
    assert reason.startswith(text)
    assert {name: answer.get(name) for name in ("id", "tid")} == {name: given.get(name) for name in ("id", "tid")}
    assert each_omn.twin.digest() == before


def test_ids_and_tids_are_to_agree(omn: Omn) -> None:
    key = omn.twin.add_definition("one")

    assert "tid does not match id" in said(omn, id=key, tid="two")[1]
    assert named("attrDefs", call(omn, RETRIEVE, {"all": True})) == ["one"]


def test_what_is_denied_is_not_listed(each_omn: Omn) -> None:
    each_omn.twin.add_definition("one")
    each_omn.twin.deny_definition("one")

    assert named("attrDefs", call(each_omn, RETRIEVE, {"all": True})) == []
    assert "could not be deleted. Reason: access denied" in delete(each_omn, tid="one")["description"]


def test_left_out_is_kept(omn: Omn) -> None:
    omn.twin.add_definition("one", labels={"en_EN": "One", "de_DE": "Eins"}, multi_valued=True, values=VALUES)
    before = omn.twin.definitions_without_ids()

    assert said(omn, tid="one", type="text")[0] == "SUCCESS"
    assert said(omn, tid="one", name={"itm": [{"loc": "en_EN", "value": ""}]})[0] == "SUCCESS"
    assert omn.twin.definitions_without_ids() == before


def test_left_out_is_taken_away(omn_with: With) -> None:
    omn = omn_with("OC-P29")
    omn.twin.add_definition("one", labels={"en_EN": "One", "de_DE": "Eins"}, multi_valued=True, values=VALUES)
    said(omn, tid="one", type="text", name=label(en_EN="First"), domainVals=domain("a"))
    one = omn.twin.definition("one")

    assert (one.labels, one.multi_valued) == ({"en_EN": "First"}, False)
    assert values_of(one.domain) == {"a": {"en_EN": "A"}, "b": {}}
    said(omn, tid="one", type="text")
    assert (omn.twin.definition("one").labels, omn.twin.definition("one").domain) == ({}, None)


def test_a_full_list_of_values_and_one_to_add(omn: Omn) -> None:
    omn.twin.add_definition("one", values=VALUES)
    said(omn, tid="one", domainVals=domain("c", "a"))
    assert list(values_of(omn.twin.definition("one").domain)) == ["a", "b", "c"]
    assert values_of(omn.twin.definition("one").domain)["a"] == {"en_EN": "A", "de_DE": "a"}

    said(omn, tid="one", domainVals=domain("c", "b", mode="FULL", allowNewValue="true", sortDirection="NAME"))
    shown = call(omn, RETRIEVE, {"tids": ["one"]})["attrDefs"]["entries"][0]["domainVals"]
    assert shown == domain("c", mode="FULL", allowNewValue="true", sortDirection="NAME") | {
        "entries": [{"tid": "c", **label(en_EN="C")}, {"tid": "b", **label(en_EN="B")}]
    }


def test_values_that_stay(omn_with: With) -> None:
    omn = omn_with("OC-P34")
    omn.twin.add_definition("one", values=VALUES)
    said(omn, tid="one", domainVals=domain("c", mode="FULL"))

    assert list(values_of(omn.twin.definition("one").domain)) == ["c", "a", "b"]


def test_deletes(each_omn: Omn) -> None:
    key = each_omn.twin.add_definition("one")
    each_omn.twin.add_definition("used")
    each_omn.twin.add_class("Shoes")
    each_omn.twin.add_attribute("/Shoes", "used")

    used = "The attribute definition could not be deleted. Reason: attribute definition is used by 1 attribute(s)"
    assert delete(each_omn, tid="used")["description"] == used
    assert delete(each_omn, id=key)["status"] == "SUCCESS"
    assert delete(each_omn, id=key) == {
        "dataType": "attrDefinition",
        "id": key,
        "action": "delete",
        "status": "ERROR",
        "description": "There is no attribute definition with the given tid or id",
    }


def test_wrong_actions(omn: Omn) -> None:
    wrong = "The data type of the passed item is wrong. It must be 'attrDefinition'"
    assert delete(omn, tid="x", dataType="attribute")["description"] == wrong
    assert delete(omn, tid="x", type="move")["description"] == "Unsupported action type 'move'"

    actions = [{"dataType": "attrDefinition", "type": "delete", name: "1"} for name in ("id", "tid")]
    mixed = call(omn, PERFORM, {"actions": {"entries": actions}})
    assert message(mixed) == ("1001", "Only one of the identifiers should be used in all actions")


@pytest.mark.parametrize(
    ("path", "body"),
    [(RETRIEVE, {"all": 1}), (RETRIEVE, {"tids": "x"}), (RETRIEVE, {"ids": [None]}), (PERSIST, {"kwds": {}})],
)
def test_malformed(omn: Omn, path: str, body: object) -> None:
    assert message(call(omn, path, body)) == ("1001", "Malformed request body")
