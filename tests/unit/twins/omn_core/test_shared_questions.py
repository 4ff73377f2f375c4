"""The questions that hold for every kind in the OMN Core twin."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import PERSIST, Omn, document, kwd
from tests.unit.twins.omn_core.pim import (
    ATTRIBUTES,
    CLASSES,
    DEFINITIONS,
    NODES,
    Given,
    call,
    each,
    message,
    named,
)

PATH = f"{DEFINITIONS}/persist"
LISTS = {
    "attrDefs": (f"{DEFINITIONS}/retrieve", {"all": True}),
    "classes": (f"{CLASSES}/retrieve", {"withNodes": True}),
    "nodes": (f"{CLASSES}/retrieve", {"withNodes": True}),
    "attrs": (f"{ATTRIBUTES}/retrieve", {"nodePaths": ["Old"]}),
}


def definitions(count: int) -> list[Given]:
    return [{"tid": f"d{n}", "type": "text"} for n in range(count)]


def test_errors_first(omn_with: With) -> None:
    wrong: Given = {"tid": "wrong"}
    for omn, order in ((omn_with(), ["d0", "wrong", "d1"]), (omn_with("OC-P30"), ["wrong", "d0", "d1"])):
        good = definitions(2)
        assert [one["tid"] for one in each(omn, PATH, "attrDefs", good[0], wrong, good[1])] == order


def test_a_largest_batch(omn_with: With) -> None:
    omn = omn_with("OC-P31")
    body = {"attrDefs": {"entries": definitions(201)}}

    assert message(call(omn, PATH, body)) == ("1001", "More than 200 objects in one call")
    assert omn.twin.definitions_without_ids() == []
    assert len(each(omn, PATH, "attrDefs", *definitions(200))) == 200
    assert len(each(omn_with(), PATH, "attrDefs", *definitions(201))) == 201


def test_a_status_for_what_cannot_be_processed(omn_with: With) -> None:
    assert omn_with("OC-P32").ask(f"{NODES}/retrieve", {}).status_code == 422
    assert omn_with().ask(f"{NODES}/retrieve", {}).status_code == 400


def test_casing_of_data_types(omn_with: With) -> None:
    omn = omn_with("OC-P40")

    assert each(omn, PATH, "attrDefs", *definitions(1))[0]["dataType"] == "ATTRDEFINITION"
    assert b'dataType="KEYWORD"' in omn.post(PERSIST, document("kwds", kwd("A"))).content


def test_odd_dates(omn_with: With) -> None:
    omn = omn_with("OC-P49")
    dates = {one.findtext("{*}meta/{*}itm[@key='creationDate']") or "" for one in omn.kwds()}

    assert any(one.endswith("+02:00") for one in dates)
    assert any(len(one) == 23 for one in dates)
    assert not any(one.endswith("Z") for one in dates)


@pytest.mark.parametrize("container", LISTS)
def test_a_list_right_after_a_persist(omn_with: With, container: str) -> None:
    omn = omn_with("OC-P44")
    omn.twin.add_definition("old")
    omn.twin.add_class("Old")
    path, body = LISTS[container]
    made = {
        "attrDefs": (PATH, {"attrDefs": {"entries": definitions(1)}}),
        "classes": (f"{CLASSES}/persist", {"classes": {"entries": [{"tid": "New"}]}}),
        "nodes": (f"{NODES}/persist", {"nodes": {"entries": [{"parentPath": "/Old", "tid": "New"}]}}),
        "attrs": (f"{ATTRIBUTES}/persist", {"attrs": {"entries": [{"nodePath": "/Old", "key": "old"}]}}),
    }
    before = named(container, call(omn, path, body), "path")
    answer = call(omn, *made[container])["responses"]["entries"][0]

    assert answer["status"] == "SUCCESS"
    assert named(container, call(omn, path, body), "path") == before
    assert len(named(container, call(omn, path, body))) == len(before) + 1


def test_what_was_there_shows_at_once(omn_with: With) -> None:
    omn = omn_with("OC-P44")
    omn.twin.add_definition("old")
    each(omn, PATH, "attrDefs", {"tid": "old", "multiValued": "true"})

    assert named("attrDefs", call(omn, f"{DEFINITIONS}/retrieve", {"all": True}), "multiValued") == ["true"]


def test_a_call_that_breaks_off(each_omn: Omn) -> None:
    each_omn.twin.break_after(1)
    answer = call(each_omn, PATH, {"attrDefs": {"entries": definitions(3)}})

    assert answer["status"] == "ERROR"
    assert [one["tid"] for one in each_omn.twin.definitions_without_ids()] == ["d0"]  # type: ignore[index,call-overload]


def test_marred_objects(omn: Omn) -> None:
    omn.twin.mar("d0", description="no")
    omn.twin.mar("d1", "WARNING", "almost")
    omn.twin.mar("d2", "SUCCESS", "done", "a link")
    answers = each(omn, PATH, "attrDefs", *definitions(3))

    assert [(one["status"], one["description"]) for one in answers] == [
        ("ERROR", "no"),
        ("WARNING", "almost"),
        ("SUCCESS", "done"),
    ]
    assert answers[2]["issues"] == [{"type": "1002", "description": "a link"}]
    assert [one["tid"] for one in omn.twin.definitions_without_ids()] == ["d1", "d2"]  # type: ignore[index,call-overload]
