"""Moving and deleting keywords of the OMN Core twin."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn, Seen, action, failed

MOVING = "Error during moving: "


def deleted(path: str, key: str) -> Seen:
    text = "The keyword has been deleted successfully"
    return {"dataType": "keyword", "id": key, "path": path, "action": "delete", **success(text)}


def moved(path: str, key: str) -> Seen:
    return {"dataType": "keyword", "id": key, "path": path, "action": "move", **success("keyword has been moved")}


def success(text: str) -> Seen:
    return {"status": "SUCCESS", "description": text}


def without_action(text: str, **echo: str) -> Seen:
    return {"dataType": "keyword", **echo, "status": "ERROR", "description": text}


def to_path(path: str) -> dict[str, str]:
    return {"destinationKwdPath": path}


def test_deleting_by_id_and_by_path(each_omn: Omn) -> None:
    red, colours = each_omn.id_of("/Colours/Red"), each_omn.id_of("/Colours")
    answers = each_omn.perform(action("delete", id=red), action("delete", path="/Colours"))

    assert answers == [deleted("/Colours/Red", red), deleted("/Colours", colours)]
    assert not [path for path in each_omn.twin.paths() if path.startswith("/Colours")]


def test_deleting_a_branch(omn: Omn, omn_with: With) -> None:
    odd = omn_with("OC-P12")
    colours = omn.id_of("/Colours")
    delete = action("delete", id=colours)

    assert omn.perform(delete) == [deleted("/Colours", colours)]
    assert "/Colours/Red" not in omn.twin.paths()
    assert odd.perform(delete) == [failed("delete", "Keyword has child keywords", id=colours, path="/Colours")]
    assert "/Colours/Red" in odd.twin.paths()


def test_unknown_keywords(each_omn: Omn) -> None:
    by_id, by_path = (f"There is no keyword with the given {what}" for what in ("id", "path"))

    assert each_omn.perform(
        action("delete", id="999"),
        action("move", path="/x"),
        action("delete", id="9", path="/Colours"),
        action("delete"),
    ) == [
        failed("delete", by_id, id="999"),
        failed("move", by_path, path="/x"),
        failed("delete", by_id, id="9", path="/Colours"),
        failed("delete", by_id),
    ]


def test_moving_by_id_by_path_and_to_the_root(each_omn: Omn) -> None:
    red, summer, year = (each_omn.id_of(path) for path in ("/Colours/Red", "/Seasons/Summer", "/Archive/2019"))
    answers = each_omn.perform(
        action("move", meta={"destinationKwdId": summer}, id=red),
        action("move", meta=to_path("/Archive"), path="/Seasons/Summer"),
        action("move", meta=to_path("/"), id=year),
    )

    new = ["/Seasons/Summer/Red", "/Archive/Summer", "/2019"]
    old = ["/Colours/Red", "/Seasons/Summer", "/Archive/2019"]
    paths = old if each_omn.twin.knobs.hard("OC-P28") else new
    assert answers == [moved(path, key) for path, key in zip(paths, (red, summer, year), strict=True)]
    assert set(each_omn.twin.paths()) == {
        "/Seasons",
        "/Seasons/Winter",
        "/Colours",
        "/Archive",
        "/Archive/Summer",
        "/Archive/Summer/Red",
        "/2019",
    }


def test_a_move_keeps_labels_links_and_id(omn: Omn) -> None:
    before = omn.twin.keyword("/Seasons/Winter")
    omn.perform(action("move", meta=to_path("/Archive"), id=before.id))
    after = omn.twin.keyword("/Archive/Winter")

    assert (after.id, after.labels, after.assets) == (before.id, before.labels, before.assets)
    assert omn.paths("/Archive") == ["/Archive", "/Archive/Winter", "/Archive/2019"]


def test_moving_to_where_it_is(omn: Omn) -> None:
    red = omn.id_of("/Colours/Red")

    assert omn.perform(action("move", meta=to_path("/Colours"), id=red)) == [moved("/Colours/Red", red)]


@pytest.mark.parametrize("meta", [to_path("/x"), {"destinationKwdId": "7"}, {}])
def test_unknown_destinations(omn: Omn, meta: dict[str, str]) -> None:
    red = omn.id_of("/Colours/Red")
    text = f"{MOVING}No access to destination object '{next(iter(meta.values()), '')}'"

    assert omn.perform(action("move", meta=meta, id=red)) == [failed("move", text, id=red, path="/Colours/Red")]


def test_a_destination_s_id_wins(omn: Omn) -> None:
    meta = {"destinationKwdPath": "/", "destinationKwdId": omn.id_of("/Archive")}

    assert omn.perform(action("move", meta=meta, path="/Colours"))[0]["path"] == "/Archive/Colours"


def test_not_into_itself(omn: Omn) -> None:
    seasons = omn.id_of("/Seasons")
    refused = failed("move", MOVING + "destination is inside the source", id=seasons, path="/Seasons")

    assert omn.perform(
        action("move", meta={"destinationKwdId": seasons}, id=seasons),
        action("move", meta=to_path("/Seasons/Summer"), id=seasons),
    ) == [refused, refused]


def test_a_value_that_is_taken_at_the_destination(omn: Omn, omn_with: With) -> None:
    for one in (omn, odd := omn_with("OC-P10")):
        one.twin.add_keyword("Summer", labels={"en_GB": "x"})
        one.twin.add_keyword("Hot", labels={"de_DE": "Sommer"})
    text = (
        "Keyword value '{}' for language '{}' is duplicated. "
        "Unique keyword values under one parent should be provided"
    )
    moves = [action("move", meta=to_path("/Seasons"), path=path) for path in ("/Summer", "/Hot")]

    assert [answer["description"] for answer in omn.perform(*moves)] == [
        text.format("Summer", "default"),
        text.format("Sommer", "de_DE"),
    ]
    assert [answer["status"] for answer in odd.perform(*moves)] == ["SUCCESS", "ERROR"]


def test_denied_sources_and_destinations(each_omn: Omn) -> None:
    each_omn.twin.deny("/Colours")
    each_omn.twin.deny("/Colours")
    colours, red = each_omn.id_of("/Colours"), each_omn.id_of("/Colours/Red")
    echo = {"id": colours, "path": "/Colours"}
    into = each_omn.perform(action("move", meta=to_path("/Colours"), path="/Archive/2019"))[0]

    assert each_omn.perform(
        action("delete", id=colours), action("move", meta=to_path("/Archive"), path="/Colours")
    ) == [failed(kind, MOVING + "No access to source objects", **echo) for kind in ("delete", "move")]
    assert into["description"] == f"{MOVING}No access to destination object '/Colours'"
    assert each_omn.perform(action("move", meta=to_path("/Archive"), id=red))[0]["status"] == "SUCCESS"


def test_wrong_actions(omn: Omn) -> None:
    wrong = "The data type of the passed item is wrong. It must be 'keyword'"

    assert omn.perform(
        action("delete", "dir", id="7"),
        action("delete", "Keyword", path="/Seasons"),
        action("copy", id="7"),
        '<action dataType="keyword" id="7"/>',
        "<action/>",
    ) == [
        failed("delete", wrong, id="7"),
        failed("delete", wrong, path="/Seasons"),
        failed("copy", "Unsupported action type 'copy'", id="7"),
        without_action("Unsupported action type ''", id="7"),
        without_action(wrong),
    ]


def test_moves_and_deletes_go_in_turn(omn: Omn) -> None:
    omn.perform(
        action("move", meta=to_path("/Archive"), path="/Colours/Red"),
        action("delete", path="/Colours"),
        action("delete", path="/Colours"),
        action("move", meta=to_path("/"), path="/Archive/Red"),
    )

    assert omn.paths() == [
        "/Seasons",
        "/Seasons/Summer",
        "/Seasons/Winter",
        "/Red",
        "/Archive",
        "/Archive/2019",
    ]


def test_an_id_is_never_used_again(omn: Omn) -> None:
    omn.perform(action("delete", path="/Archive"))

    assert omn.twin.add_keyword("Archive") == "100007"
