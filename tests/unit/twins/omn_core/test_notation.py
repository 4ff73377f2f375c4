"""The two notations of the OMN Core twin: XML in both its forms, and compact JSON."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from lxml import etree

from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import (
    LOCALES,
    NAMESPACE,
    PERSIST,
    RETRIEVE,
    Omn,
    action,
    document,
    keyed,
    kwd,
    name,
    root,
)

COMPACT = "application/json+compact"
TRANSFORM = "/common/transform"


def compacted(reply: httpx.Response) -> Any:
    assert reply.headers["content-type"] == COMPACT
    return reply.json()


def test_a_list_in_compact_json(each_omn: Omn) -> None:
    answer = compacted(each_omn.ask(RETRIEVE, {"path": "/Seasons/Winter", "retrieveLinks": True}, Accept=COMPACT))
    winter = each_omn.twin.keyword("/Seasons/Winter")

    assert (answer["schemaVersion"], answer["meta"]["messageType"]) == ("5.6.0", "request")
    assert answer["kwds"]["entries"][0] == {
        "id": winter.id,
        "parentId": each_omn.id_of("/Seasons"),
        "parentPath": "/Seasons",
        "path": "/Seasons/Winter",
        "name": {"itm": ["Winter", {"loc": "en_GB", "value": "Winter"}]},
        "meta": {"creationDate": winter.created, "orderNumber": "2", "parent": "Seasons"},
        "links": {"itms": [{"type": "asset", "itm": list(winter.assets)}]},
    }


def test_both_notations_write_and_see_the_same(omn: Omn, omn_with: With) -> None:
    other = omn_with()
    entries: list[dict[str, object]] = [
        {"parentPath": "/", "name": {"itm": ["A", {"loc": "de_DE", "value": "ä"}]}, "size": 7},
        {"parentId": 100000, "id": None, "name": {"itm": ["B"]}},
        {"path": "/Colours", "name": {"itm": ["Colours", {"loc": "fr_FR", "value": "Teintes"}]}},
    ]
    reply = other.post(PERSIST, json.dumps({"kwds": {"entries": entries}}), COMPACT, Accept=COMPACT)
    answers = compacted(reply)["responses"]["entries"]

    assert answers == omn.persist(
        kwd("A", {"de_DE": "ä"}, parentPath="/"),
        kwd("B", parentId="100000"),
        kwd("Colours", {"fr_FR": "Teintes"}, path="/Colours"),
    )
    assert omn.twin.dump()["state"] == other.twin.dump()["state"]


def test_an_error_in_compact_json(omn: Omn) -> None:
    answer = compacted(omn.ask(RETRIEVE, {"path": "/x"}, Accept=COMPACT))

    assert re.fullmatch(r"[0-9A-F-]{36}", answer["details"]["supportId"])
    assert (answer["status"], answer["issues"]) == (
        "ERROR",
        [
            {
                "code": "1002",
                "description": "The requested resource could not be found",
                "itms": [{"type": "details", "errorMessage": "No keyword by path '/x'"}],
            }
        ],
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "{",
        '{"kwds": []}',
        '{"kwds": {}}',
        '{"kwds": {"entries": {}}}',
        '{"kwds": {"entries": [{"name": {"itm": ["\\u0001"]}}]}}',
        '{"kwds": {"entries": [{"name": {"itm": ["\\ud800"]}}]}}',
    ],
)
def test_what_is_no_compact_document(omn: Omn, content: str) -> None:
    reply = omn.post(PERSIST, content, COMPACT)

    assert (reply.status_code, b"Malformed request body" in reply.content) == (400, True)


@pytest.mark.parametrize(
    "entry", [7, None, {}, {"name": 7}, {"name": {"itm": "A"}}, {"name": {"itm": [None, {}]}}]
)
def test_objects_without_a_name(omn: Omn, entry: object) -> None:
    reply = omn.post(PERSIST, json.dumps({"kwds": {"entries": [entry]}}), COMPACT)

    assert omn.each(reply)[0]["description"] == "Keyword name is missing or invalid"


def test_the_usual_form_of_xml(omn: Omn) -> None:
    reply = omn.post(PERSIST, document("kwds", kwd("A & <b>")))
    pim = root(reply)

    assert reply.text.startswith(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<pim xmlns="{NAMESPACE}" schemaVersion="5.6.0">'
    )
    assert [etree.QName(one).localname for one in pim] == ["meta", "responses"]
    assert keyed(pim[0]) == {
        "messageType": "request",
        "messageTime": "2022-11-29T21:55:59.197Z",
        "sourceEnv": "twin",
    }
    assert [etree.QName(one).localname for one in pim[1][0]] == ["status", "description"]
    assert pim[1][0].attrib["path"] == "/A & <b>"


def test_locales_say_what_they_are(omn: Omn) -> None:
    meta = root(omn.ask(LOCALES, {"mode": "ALL"})).findall(name("meta", "itm"))

    assert (meta[-1].attrib["key"], meta[-1].text) == ("itemInformationType", "locale")


def test_the_odd_form_of_xml(omn_with: With) -> None:
    omn = omn_with("OC-P14")
    listed = omn.ask(RETRIEVE, {"path": "/", "level": -1})
    kwds = root(listed)[0]
    saved = root(omn.post(PERSIST, document("kwds", kwd("A"))))

    assert f'<omn:pim xmlns:omn="{NAMESPACE}"><omn:kwds mode="delta">' in listed.text
    assert all(one.find(name("usage")) is not None for one in kwds)
    assert [etree.QName(one).localname for one in saved[0][0]] == ["description", "status"]
    assert b"<omn:response " in omn.ask(RETRIEVE, {}).content
    assert "mode" not in compacted(omn.ask(RETRIEVE, {"path": "/"}, Accept=COMPACT))["kwds"]


def test_text_goes_through_unchanged(omn: Omn) -> None:
    value = " A\t\"b\"\r\n'c' \u2028 😀 "
    omn.post(PERSIST, json.dumps({"kwds": {"entries": [{"name": {"itm": [value]}}]}}), COMPACT)

    assert omn.labels(f"/{value}") == {"": value}


@pytest.mark.parametrize("accept", ["application/xml", COMPACT])
def test_transforming_there_and_back(each_omn: Omn, accept: str) -> None:
    sent = document("actions", action("move", meta={"destinationKwdPath": "/"}, id="7"), action("delete", id="8"))
    other = each_omn.post(TRANSFORM, sent, Accept=COMPACT)
    back = each_omn.post(TRANSFORM, other.content, COMPACT, Accept=accept)

    assert compacted(other) == {
        "schemaVersion": "5.6.0",
        "actions": {
            "entries": [
                {"dataType": "keyword", "type": "move", "id": "7", "meta": {"destinationKwdPath": "/"}},
                {"dataType": "keyword", "type": "delete", "id": "8"},
            ]
        },
    }
    if accept == COMPACT:
        assert back.content == other.content
    else:
        assert _canonical(back.content) == _canonical(sent.encode())


def test_no_other_notation(omn: Omn) -> None:
    assert omn.post(TRANSFORM, "{}", "application/json").status_code == 400
    assert omn.post(TRANSFORM, document("kwds"), Accept="application/json").status_code == 400
    deep = '{"a":' * 200 + "1" + "}" * 200
    assert omn.post(TRANSFORM, deep, COMPACT).status_code == 400
    assert omn.post(TRANSFORM, '{"a b": {"c": 1}, "d": null, "e": [1, true]}', COMPACT).text.endswith(
        f'<pim xmlns="{NAMESPACE}"><e>1</e><e>true</e></pim>'
    )


def _canonical(content: bytes) -> bytes:
    return etree.tostring(etree.fromstring(content), method="c14n")
