"""The list of keywords of the OMN Core twin."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import RETRIEVE, Omn, attributes, keyed, kwd, name, refusal

ALL = ["/Seasons", "/Seasons/Summer", "/Seasons/Winter", "/Colours", "/Colours/Red", "/Archive", "/Archive/2019"]
ROOTS = ["/Seasons", "/Colours", "/Archive"]


def test_the_whole_forest_comes_parents_first(omn: Omn) -> None:
    assert omn.paths() == ALL


def test_a_root_and_a_keyword_below_it(omn: Omn) -> None:
    seasons, summer = omn.kwds("/Seasons")[:2]
    meta = keyed(summer.findall(name("meta", "itm")))

    assert attributes(seasons) == {"id": "100000", "path": "/Seasons"}
    assert attributes(summer) == {
        "id": "100001",
        "path": "/Seasons/Summer",
        "parentId": "100000",
        "parentPath": "/Seasons",
    }
    assert omn.labels("/Seasons/Summer") == {"": "Summer", "en_GB": "Summer", "de_DE": "Sommer"}
    assert meta == {"creationDate": "2022-11-29T21:55:51.197Z", "orderNumber": "1", "parent": "Seasons"}


def test_order_numbers_are_0_for_roots_and_counted_below(omn: Omn) -> None:
    assert [one.findall(name("meta", "itm"))[1].text for one in omn.kwds()] == list("0120101")


@pytest.mark.parametrize(
    ("path", "level", "shown"),
    [
        ("/", 1, ROOTS),
        ("/", 2, ALL),
        ("/Seasons", 1, ["/Seasons"]),
        ("/Seasons", 2, ALL[:3]),
        ("/Seasons", -1, ALL[:3]),
        ("/Seasons/Winter", -1, ["/Seasons/Winter"]),
    ],
)
def test_levels(omn: Omn, path: str, level: int, shown: list[str]) -> None:
    assert omn.paths(path, level) == shown


def test_the_level_is_1_unless_given(omn: Omn) -> None:
    plain, asked = (omn.ask(RETRIEVE, {"path": "/Seasons", **more}) for more in ({}, {"level": 1}))

    assert plain.content == asked.content


def test_the_adversarial_level_goes_one_deeper(omn_with: With) -> None:
    omn = omn_with("OC-P2")

    assert omn.paths("/Seasons", 1) == ALL[:3]
    assert omn.paths("/", 1) == ALL
    assert omn.paths("/", -1) == ALL


def test_the_adversarial_root_shows_roots_alone(omn_with: With) -> None:
    omn = omn_with("OC-P1")

    assert omn.paths() == ROOTS
    assert omn.paths("/", 2) == ALL
    assert omn.paths("/Seasons") == ALL[:3]


def test_the_adversarial_order_is_newest_and_children_first(omn_with: With) -> None:
    assert omn_with("OC-P4").paths() == ALL[::-1]


def test_an_unknown_path(omn: Omn, omn_with: With) -> None:
    asked = {"path": "/Nowhere", "level": -1}
    refused = (404, "1002", "The requested resource could not be found", "No keyword by path '/Nowhere'")

    assert refusal(omn.ask(RETRIEVE, asked)) == refused
    assert omn_with("OC-P3").paths("/Nowhere") == []


@pytest.mark.parametrize("path", ["Seasons", "/Seasons/", "//Seasons", "/seasons", "/Seasons/Summer/", "/Seaso"])
def test_a_path_is_compared_exactly(omn: Omn, path: str) -> None:
    assert omn.ask(RETRIEVE, {"path": path}).status_code == 404


def test_links_are_shown_where_there_are_any(omn: Omn) -> None:
    assets = [omn.twin.link_asset("/Seasons/Summer"), omn.twin.link_asset("/Seasons/Summer", "MY-ASSET")]
    shown = omn.kwds("/Seasons", links=True)
    links = shown[1].findall(name("links", "itms"))

    assert shown[0].find(name("links")) is None
    assert [attributes(link) for link in links] == [{"type": "asset"}]
    assert [item.text for item in links[0]] == assets
    assert all(one.find(name("links")) is None for one in omn.kwds())


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "path should be provided"),
        ({"path": ""}, "path should be provided"),
        ({"path": None, "level": 1}, "path should be provided"),
        ({"path": "/", "level": 0}, "The level should not be 0"),
        ({"path": "/", "level": -2}, "The level should be -1 or more than 0"),
        ({"path": "/", "level": "1"}, "Malformed request body"),
        ({"path": "/", "level": True}, "Malformed request body"),
        ({"path": ["/"]}, "Malformed request body"),
        ({"path": "/", "retrieveLinks": 1}, "Malformed request body"),
        ([], "Malformed request body"),
    ],
)
def test_wrong_questions(each_omn: Omn, asked: object, text: str) -> None:
    assert refusal(each_omn.ask(RETRIEVE, asked)) == (400, "1001", "Invalid input provided", text)


def test_what_xml_cannot_carry_is_answered_all_the_same(omn: Omn) -> None:
    reply = omn.post(RETRIEVE, r'{"path": "/\u0001\ud800"}', "application/json")

    assert refusal(reply)[3] == "No keyword by path '/\ufffd\ufffd'"


def test_a_value_with_a_slash_is_found_by_its_path(omn: Omn) -> None:
    omn.twin.add_keyword("Spring/Fall", "/Seasons")
    omn.twin.add_keyword("Late", "/Seasons/Spring/Fall")

    assert omn.paths("/Seasons/Spring/Fall/Late") == ["/Seasons/Spring/Fall/Late"]


def test_a_denied_keyword_is_left_out_but_not_what_stands_below_it(each_omn: Omn) -> None:
    each_omn.twin.deny("/Colours")
    before = set(each_omn.paths("/", 3))

    assert "/Colours" not in before
    assert "/Colours/Red" in before
    assert each_omn.ask(RETRIEVE, {"path": "/Colours"}).status_code in {200, 404}
    other = each_omn.ask(RETRIEVE, {"path": "/Colours"}, Authorization="Bearer omn_token_user")
    assert b'path="/Colours"' in other.content


def test_a_list_right_after_a_create_lags(omn_with: With) -> None:
    omn = omn_with("OC-P13")
    omn.persist(kwd("New", parentPath="/"), kwd("Newer", parentPath="/New"), kwd("Sea", id=omn.id_of("/Seasons")))

    assert "/Sea" in omn.paths()
    assert omn.paths()[-2:] == ["/New", "/New/Newer"]


def test_only_the_very_next_list_lags(omn_with: With) -> None:
    omn = omn_with("OC-P13")
    omn.persist(kwd("New", parentPath="/"))
    omn.persist(kwd("Newer", parentPath="/"))
    first = omn.paths()
    omn.persist(kwd("Newest", parentPath="/"))
    omn.served.client.get(omn.served.url + "/nothing")

    assert first == [*ALL, "/New"]
    assert omn.paths() == [*ALL, "/New", "/Newer", "/Newest"]


def test_a_lagging_list_does_not_know_the_new_path(omn_with: With) -> None:
    omn = omn_with("OC-P13")
    omn.persist(kwd("New", parentPath="/"))

    assert omn.ask(RETRIEVE, {"path": "/New"}).status_code == 404
    assert omn.paths("/New") == ["/New"]


def test_what_others_make_shows_at_once(omn_with: With) -> None:
    omn = omn_with("OC-P13")
    omn.twin.edit("POST", "/common/keywords/persist", {"kwds": {"entries": [{"name": {"itm": ["Theirs"]}}]}})

    assert omn.paths()[-1] == "/Theirs"
