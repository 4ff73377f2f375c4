"""The locales of the OMN Core twin."""

from __future__ import annotations

import pytest

from tests.unit.twins.omn_core.omn import LOCALES, Omn, attributes, keyed, name, refusal, root

ALL = ["en_EN", "de_DE", "en_GB", "fr_FR"]


def tids(omn: Omn, **asked: object) -> list[str]:
    reply = omn.ask(LOCALES, asked)
    return [attributes(one)["tid"] for one in root(reply).findall(name("locales", "locale"))]


@pytest.mark.parametrize("mode", ["ALL", "CONTENT", "FRONTEND"])
def test_all_there_are(each_omn: Omn, mode: str) -> None:
    assert tids(each_omn, mode=mode) == ALL


def test_by_id_and_by_tid(omn: Omn) -> None:
    assert tids(omn, mode="ID", ids=[6003, "6005", 7]) == ["de_DE", "fr_FR"]
    assert tids(omn, mode="TID", tids=["en_GB", "de_DE", "xx"]) == ["de_DE", "en_GB"]
    assert tids(omn, mode="TID") == []


def test_content_and_frontend_locales(omn: Omn) -> None:
    omn.twin.add_locale("it_IT", content=False)
    omn.twin.add_locale("pl_PL", frontend=False)

    assert tids(omn, mode="CONTENT") == [*ALL, "pl_PL"]
    assert tids(omn, mode="FRONTEND") == [*ALL, "it_IT"]


def test_what_is_told_of_one(omn: Omn) -> None:
    reply = omn.ask(LOCALES, {"tids": ["en_EN"], "mode": "TID", "exportConfig": True})
    locales = root(reply).find(name("locales"))
    assert locales is not None
    flags = keyed(locales[0].findall(name("meta", "itm")))
    config = locales[0].findall(name("config", "itms"))

    assert attributes(locales) == {"mode": "delta"}
    assert attributes(locales[0]) == {
        "id": "6000",
        "tid": "en_EN",
        "name": "English",
        "language": "en",
        "country": "EN",
    }
    assert flags == dict.fromkeys(
        ("contentLocale", "defaultContentLocale", "defaultFrontendLocale", "frontendLocale"), "true"
    )
    assert [attributes(one) for one in config] == [{"mode": "delta", "type": "dateFormat"}]
    assert keyed(config[0]) == {"customDateFormatsEnabled": "false"}
    assert b"config" not in omn.ask(LOCALES, {"mode": "ALL"}).content


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ({}, "mode should be provided"),
        ({"mode": "all"}, "mode should be provided"),
        ({"mode": "ALL", "ids": [6000]}, "mode should be provided"),
        ({"mode": "ID", "tids": ["en_EN"]}, "mode should be provided"),
        ({"mode": "TID", "ids": [], "tids": ["en_EN"]}, "mode should be provided"),
        ({"mode": 1}, "Malformed request body"),
        ({"mode": "ID", "ids": 6000}, "Malformed request body"),
        ({"mode": "ID", "ids": [True]}, "Malformed request body"),
        ({"mode": "ALL", "exportConfig": "true"}, "Malformed request body"),
    ],
)
def test_wrong_questions(each_omn: Omn, asked: object, text: str) -> None:
    assert refusal(each_omn.ask(LOCALES, asked)) == (400, "1001", "Invalid input provided", text)


def test_no_body_is_an_empty_one(omn: Omn) -> None:
    assert refusal(omn.post(LOCALES, "", ""))[3] == "mode should be provided"
