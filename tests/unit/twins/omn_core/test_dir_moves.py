"""Moving and copying directories of the OMN Core twin."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.compact import ask, do, failed
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn

PERFORM = "/dam/dirs/perform"
MOVING = "Error during moving: "


def listed(omn: Omn) -> dict[str, str]:
    """Name of each directory of the RNC, and where it stands."""
    entries = ask(omn, "/dam/dirs/retrieve", {"rncTid": "MAM", "level": -1})["dirs"]["entries"]
    tids = {one["tid"]: one["name"] for one in entries}
    return {one["name"]: one.get("rnc") or tids[one["parent"]] for one in entries}


def echo(omn: Omn, path: str) -> dict[str, str]:
    found = omn.twin.directory(path)
    return {"tid": found.tid, "id": found.id, "path": path}


@pytest.mark.parametrize("way", ["destinationDirTid", "destinationDirId", "destinationDirPath"])
def test_moving(omn: Omn, way: str) -> None:
    to = omn.twin.directory("/MAM/archive")
    known = echo(omn, "/MAM/products")
    meta = {way: {"Tid": to.tid, "Id": to.id, "Path": "/MAM/archive"}[way.removeprefix("destinationDir")]}
    shown = do(omn, PERFORM, "dir", "move", meta, tid=known["tid"])

    assert shown.pop("details")["monitorId"].isdecimal()
    success = {"dataType": "dir", "status": "SUCCESS", "description": "dir has been moved", "action": "move"}
    assert shown == {**known, **success}
    assert omn.twin.directory_paths() == [
        "/MAM/archive",
        "/MAM/archive/products",
        "/MAM/archive/products/2023",
        "/DATA/imports",
    ]


@pytest.mark.parametrize("path", ["/DATA", "/DATA/", "DATA"])
def test_moving_to_the_top_of_another_rnc(each_omn: Omn, path: str) -> None:
    do(each_omn, PERFORM, "dir", "move", {"destinationDirPath": path}, path="/MAM/products/2023")

    assert "/DATA/2023" in each_omn.twin.directory_paths()


def test_a_move_may_not_tell_a_path(omn_with: With) -> None:
    meta = {"destinationDirPath": "/MAM/archive"}

    assert "path" not in do(omn_with("OC-P28"), PERFORM, "dir", "move", meta, path="/MAM/products")


def test_what_cannot_be_moved(omn: Omn) -> None:
    known, inside = echo(omn, "/MAM/products"), '"Target directory is itself or target parent directory"'

    def move(to: str) -> object:
        return do(omn, PERFORM, "dir", "move", {"destinationDirPath": to}, path="/MAM/products")

    for to in ("/MAM/products", "/MAM/products/2023", "/MAM"):
        assert move(to) == failed("dir", inside, "move", **known)
    assert move("/MAM/x") == failed("dir", "The directory does not exist", "move", path="/MAM/products")
    omn.twin.deny_directory("/MAM/archive")
    to = MOVING + "No access to destination object '/archive'"
    assert move("/MAM/archive") == failed("dir", to, "move", **known)
    omn.twin.deny_directory("/MAM/products")
    assert move("/DATA") == failed("dir", MOVING + "No access to source objects", "move", **known)


def test_a_name_that_is_there_already(omn: Omn) -> None:
    omn.twin.add_directory("/MAM/archive/products/kept")
    known, before = echo(omn, "/MAM/products"), omn.twin.directories_without_ids()
    for kind in ("move", "copy"):
        meta = {"destinationDirPath": "/MAM/archive", "overwrite": "false"}
        shown = do(omn, PERFORM, "dir", kind, meta, path="/MAM/products")
        details = shown.pop("details")
        assert shown == failed("dir", f"Collision during {kind}. Collision dir name:'products'", kind, **known)
        assert details["collision"] == "true"
        assert omn.twin.directories_without_ids() == before
    meta["overwrite"] = "true"
    do(omn, PERFORM, "dir", "move", meta, path="/MAM/products")
    assert "/MAM/archive/products/2023" in omn.twin.directory_paths()
    assert "/MAM/archive/products/kept" not in omn.twin.directory_paths()


def test_copying_takes_everything_along(omn: Omn) -> None:
    omn.twin.add_asset("/MAM/products/2023", "shoe.jpg")
    omn.twin.describe_directory("/MAM/products", {"A": "1"})
    shown = do(omn, PERFORM, "dir", "copy", {"destinationDirPath": "/MAM/products/2023"}, path="/MAM/products")
    paths = {one["path"]: one for one in omn.twin.directories_without_ids()}  # type: ignore[index,call-overload]

    assert (shown["description"], shown["tid"]) == ("dir has been copied", omn.twin.directory("/MAM/products").tid)
    assert paths["/MAM/products/2023/products"]["vals"] == {"A": {"itm": ["1"]}}  # type: ignore[index,call-overload]
    assert paths["/MAM/products/2023/products/2023"]["assets"] == ["shoe.jpg"]  # type: ignore[index,call-overload]


def test_a_list_may_show_it_at_its_old_place(omn: Omn, omn_with: With) -> None:
    odd, slow = omn_with("OC-P45"), omn_with()
    slow.twin.delay_moves(2)
    for world, late in ((omn, 0), (odd, 1), (slow, 2)):
        do(world, PERFORM, "dir", "move", {"destinationDirPath": "/MAM/archive"}, path="/MAM/products")
        seen = [listed(world)["products"] for _ in range(4)]
        assert seen == ["MAM"] * late + ["archive"] * (4 - late)


def test_the_old_place_may_be_gone(omn_with: With) -> None:
    odd = omn_with("OC-P45")
    do(odd, PERFORM, "dir", "move", {"destinationDirPath": "/MAM/archive"}, path="/MAM/products/2023")
    odd.twin.remove_directory("/MAM/products")

    assert listed(odd) == {"archive": "MAM", "2023": "archive"}
