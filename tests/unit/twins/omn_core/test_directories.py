"""Directories of the OMN Core twin: lists, writes, whole paths, deletes; and what stands in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omn_core.compact import ask, do, done, each, failed
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn, refusal

RETRIEVE = "/dam/dirs/retrieve"
PERSIST = "/dam/dirs/persist"
PERFORM = "/dam/dirs/perform"
SAVED = "The directory has been saved successfully"
INSIDE = '"Target directory is itself or target parent directory"'


def listed(omn: Omn, **asked: object) -> list[Any]:
    return list(ask(omn, RETRIEVE, asked)["dirs"]["entries"])


def names(omn: Omn, **asked: object) -> list[str]:
    return [one["name"] for one in listed(omn, **asked)]


def tid(omn: Omn, path: str) -> str:
    return omn.twin.directory(path).tid


def persist(omn: Omn, *dirs: object) -> list[Any]:
    return each(omn, PERSIST, "dirs", *dirs)


def one(omn: Omn, **given: object) -> tuple[str, str, str]:
    """Action, status and text of the answer to one directory."""
    (shown,) = persist(omn, given)
    return shown.get("action", ""), shown["status"], shown["description"]


def test_what_stands_below(omn: Omn) -> None:
    below = tid(omn, "/MAM/products")

    assert names(omn, rncTid="MAM") == ["products", "archive"]
    assert names(omn, rncTid="MAM", level=-1) == ["products", "2023", "archive"]
    assert names(omn, rncTid="MAM", level=2) == ["products", "2023", "archive"]
    assert names(omn, dirTid=below) == names(omn, dirPath="/MAM/products") == ["2023"]
    assert names(omn, dirPath="/MAM/") == ["products", "archive"]
    assert names(omn, dirTid=tid(omn, "/MAM/archive"), level=-1) == []
    assert [(d.get("rnc"), d.get("parent")) for d in listed(omn, rncTid="MAM", level=2)] == [
        ("MAM", None),
        (None, below),
        ("MAM", None),
    ]


def test_everything_beneath_may_be_that_of_every_rnc(omn_with: With) -> None:
    odd = omn_with("OC-P27")

    assert names(odd, rncTid="MAM", level=-1) == ["imports", "archive", "2023", "products"]
    assert names(odd, rncTid="MAM") == ["products", "archive"]


def test_custom_values_may_not_be_shown(omn: Omn, omn_with: With) -> None:
    for world, shown in ((omn, True), (omn_with("OC-P48"), False)):
        world.twin.describe_directory("/MAM/archive", {"A": {"de_DE": ["x"]}})
        value = {"attr": "A", "type": "multi_loc", "i18n": [{"loc": "de_DE", "itm": [{"pos": "0", "value": "x"}]}]}
        assert listed(world, rncTid="MAM")[1].get("vals") == ({"entries": [value]} if shown else None)


@pytest.mark.parametrize(
    "body", [{}, {"rncTid": "MAM", "dirTid": "x"}, {"rncTid": ["MAM"]}, {"rncTid": "MAM", "level": 0}]
)
def test_questions_that_are_none(each_omn: Omn, body: object) -> None:
    assert refusal(each_omn.ask(RETRIEVE, body))[1] == "1001"


@pytest.mark.parametrize("asked", [{"rncTid": "X"}, {"dirTid": "X"}, {"dirPath": "/MAM/x"}, {"dirPath": "/x"}])
def test_unknown_places(omn: Omn, omn_with: With, asked: dict[str, str]) -> None:
    assert refusal(omn.ask(RETRIEVE, asked))[:2] == (404, "1002")
    assert listed(omn_with("OC-P42"), **asked) == []


def test_denied_directories_are_left_out(each_omn: Omn) -> None:
    each_omn.twin.deny_directory("/MAM/products")

    assert sorted(names(each_omn, rncTid="MAM")) == ["archive"]
    assert "2023" in names(each_omn, rncTid="MAM", level=-1)


def test_creating_and_updating(omn: Omn) -> None:
    vals = {"entries": [{"attr": "A", "itm": ["1"]}]}
    made, below = persist(
        omn, {"rnc": "MAM", "name": "new", "vals": vals}, {"parent": tid(omn, "/MAM/archive"), "name": "n"}
    )
    found = omn.twin.directory("/MAM/new")
    more = {"entries": [{"attr": "B", "itm": ["2"]}]}
    (changed,) = persist(omn, {"tid": found.tid, "rnc": "MAM", "name": "newer", "vals": more})

    assert made == done("dir", SAVED, "create", tid=found.tid)
    assert below == done("dir", SAVED, "create", tid=tid(omn, "/MAM/archive/n"))
    assert changed == done("dir", SAVED, "update", tid=found.tid)
    assert omn.twin.directory("/MAM/newer").vals == {"A": {"itm": ["1"]}, "B": {"itm": ["2"]}}


def test_what_is_refused(each_omn: Omn) -> None:
    archive = tid(each_omn, "/MAM/archive")
    create, update = ("create", "ERROR"), ("update", "ERROR")
    neither = "Directory attributes missing: 'rnc' or 'parent' attribute must be"

    assert one(each_omn, rnc="MAM") == (*create, "Missing directory parameter 'name'\"")
    assert one(each_omn, tid=archive, rnc="MAM") == (*update, "Missing directory parameter 'name'")
    assert one(each_omn, name="x") == (*create, neither)
    both = "There must be only one of the attributes - 'rnc' or 'parent'"
    assert one(each_omn, name="x", rnc="MAM", parent=archive) == (*create, both)
    assert one(each_omn, name="x", rnc="NO") == (*create, "Cannot find RNC with identifier 'NO'")
    assert one(each_omn, name="x", parent="NO") == (*create, "Directory not found")
    assert one(each_omn, tid="NO", name="x", rnc="MAM") == (*update, "Cannot find directory with tid 'NO'")
    exists = "Directory with name 'archive' already exists"
    assert one(each_omn, name="archive", rnc="MAM") == (*create, exists)
    products = tid(each_omn, "/MAM/products")
    assert one(each_omn, tid=products, name="archive", rnc="MAM") == (*update, exists)
    assert one(each_omn, tid=products, name="products", parent=tid(each_omn, "/MAM/products/2023")) == (
        *update,
        INSIDE,
    )
    assert one(each_omn, tid=products, name="products", parent=products) == (*update, INSIDE)
    each_omn.twin.mar("y", description="File Management Synchronizer error")
    assert one(each_omn, name="y", rnc="MAM") == (*create, "File Management Synchronizer error")


def test_denied_ones_are_not_written(each_omn: Omn) -> None:
    each_omn.twin.deny_directory("/MAM/archive")
    archive = tid(each_omn, "/MAM/archive")
    text = f"Permissions missing for directory with tid '{archive}'"

    assert one(each_omn, tid=archive, rnc="MAM", name="x")[1:] == ("ERROR", text)
    assert one(each_omn, parent=archive, name="x")[1:] == ("ERROR", text)
    assert do(each_omn, PERFORM, "dir", "createPath", path="/MAM/archive/x")["description"] == text


def test_another_parent(omn: Omn, omn_with: With) -> None:
    odd = omn_with("OC-P33")
    for world, expected in ((omn, SAVED), (odd, INSIDE)):
        given = {"tid": tid(world, "/MAM/products/2023"), "parent": tid(world, "/MAM/archive"), "name": "2023"}
        assert one(world, **given)[2] == expected
    assert "/MAM/archive/2023" in omn.twin.directory_paths()
    assert "/MAM/products/2023" in odd.twin.directory_paths()


def test_creating_whole_paths(omn: Omn) -> None:
    shown = do(omn, PERFORM, "dir", "createPath", path="/MAM/products/2024/shoes")

    assert shown == done("dir", SAVED, "create", tid=tid(omn, "/MAM/products/2024/shoes"))
    assert names(omn, dirPath="/MAM/products") == ["2023", "2024"]
    unknown = "Cannot find RNC with identifier 'NO'"
    assert do(omn, PERFORM, "dir", "createPath", path="/NO/a") == failed(
        "dir", unknown, "createPath", path="/NO/a"
    )


def test_creating_a_path_that_exists(omn: Omn, omn_with: With) -> None:
    odd, path = omn_with("OC-P47"), "/MAM/products/2023"
    text = "Directory with name '2023' already exists"

    assert do(omn, PERFORM, "dir", "createPath", path=path) == failed("dir", text, "createPath", path=path)
    assert do(odd, PERFORM, "dir", "createPath", path=path) == done("dir", SAVED, "create", tid=tid(odd, path))


def test_deleting(omn: Omn, omn_with: With) -> None:
    odd, deleted = omn_with("OC-P35"), "The directory has been deleted successfully"
    products, archive = tid(omn, "/MAM/products"), tid(omn, "/MAM/archive")
    empty = tid(omn, "/MAM/products/2023")

    assert do(omn, PERFORM, "dir", "delete", tid=products) == done("dir", deleted, "delete", tid=products)
    assert do(omn, PERFORM, "dir", "delete", path="/MAM/archive") == done("dir", deleted, "delete", tid=archive)
    assert omn.twin.directory_paths() == ["/DATA/imports"]
    for key in (products, archive):
        text = f"Permissions missing for directory with tid '{key}'"
        assert do(odd, PERFORM, "dir", "delete", tid=key) == failed("dir", text, "delete", tid=key)
    assert do(odd, PERFORM, "dir", "delete", tid=empty) == done("dir", deleted, "delete", tid=empty)


def test_what_is_not_deleted(omn: Omn) -> None:
    wrong = "The data type of the passed item is wrong. It must be 'dir'"
    missing, nowhere = "Cannot find directory with tid 'X'", "The directory does not exist"

    assert do(omn, PERFORM, "dir", "delete", tid="X") == failed("dir", missing, "delete", tid="X")
    assert do(omn, PERFORM, "dir", "delete", id="7") == failed("dir", nowhere, "delete", id="7")
    assert do(omn, PERFORM, "dir", "delete", path="/MAM/x") == failed("dir", nowhere, "delete", path="/MAM/x")
    assert do(omn, PERFORM, "asset", "delete", tid="X") == failed("asset", wrong, "delete", tid="X")
    omn.twin.deny_directory("/MAM/archive")
    found = omn.twin.directory("/MAM/archive")
    echo = {"tid": found.tid, "id": found.id, "path": "/MAM/archive"}
    text = "Error during moving: No access to source objects"
    assert do(omn, PERFORM, "dir", "delete", tid=found.tid) == failed("dir", text, "delete", **echo)


def test_assets_of_a_directory(each_omn: Omn) -> None:
    query, key = "/dam/assets/query", each_omn.twin.directory("/MAM/archive")
    first = ask(each_omn, query, {"directory": {"path": "/MAM/archive"}})["tids"]
    second = each_omn.twin.add_asset("/MAM/archive")
    asked = [ask(each_omn, query, {"directory": way})["tids"] for way in ({"tid": key.tid}, {"id": int(key.id)})]

    assert len(first) == 1
    assert asked == [[*first, second]] * 2
    assert ask(each_omn, query, {"directory": {"tid": "X"}})["tids"] == []
    nothing: list[dict[str, object]] = [{}, {"directory": {}}]
    for body in nothing:
        assert refusal(each_omn.ask(query, body))[1] == "1001"


def test_root_node_configurations(each_omn: Omn) -> None:
    entries = ask(each_omn, "/dam/rncs/retrieve")["rncs"]["entries"]

    assert [(rnc["tid"], rnc["meta"]["rncIdentifier"]) for rnc in entries] == [("MAM", "MAM"), ("DATA", "DATA")]
