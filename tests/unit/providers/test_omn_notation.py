"""XML out and in: what is written, what is understood, and what is refused."""

from __future__ import annotations

import pytest

from reconciler.model.call import Request
from reconciler.model.json import Json, Missing
from reconciler.providers.omn_core import PROVIDER, base, code, message, refuses
from reconciler.providers.omn_core.markup import MOST
from reconciler.providers.omn_core.notation import decode, encode

HEAD = '<?xml version="1.0" encoding="UTF-8"?><pim xmlns="http://www.apollon.de/omn" schemaVersion="5.6.0">'


def write(body: Json) -> str:
    request = Request("core", "POST", "/common/keywords/persist", body=body, media="xml")
    content = encode(request, lambda file: b"")  # noqa: ARG005 - this API takes no files
    assert content.type == "application/xml"
    assert content == encode(request, lambda file: b"")  # noqa: ARG005 - the same bytes every time
    return content.data.decode()


def read(text: str | bytes, media: str = "application/xml; charset=UTF-8", path: str = "/x") -> Json:
    data = text.encode() if isinstance(text, str) else text
    found = decode(Request("core", "POST", path), media, data)
    assert not isinstance(found, Missing)
    return found


def test_oc_r4_a_persist() -> None:
    name: Json = {"itm": ["A & B", {"loc": "en_GB", "value": "<Ä>"}]}
    entries: list[Json] = [{"parentPath": "/", "name": name}, {"id": "7", "name": {"itm": ["C"]}}]

    assert write({"kwds": {"entries": entries}}) == (
        f'{HEAD}<kwds><kwd parentPath="/"><name><itm>A &amp; B</itm><itm loc="en_GB">&lt;Ä&gt;</itm></name></kwd>'
        '<kwd id="7"><name><itm>C</itm></name></kwd></kwds></pim>'
    )


def test_oc_r26_a_move_and_a_delete() -> None:
    move: Json = {"dataType": "keyword", "id": "7", "type": "move", "meta": {"destinationKwdId": "8"}}
    gone: Json = {"dataType": "keyword", "id": "9", "type": "delete"}

    assert write({"actions": {"entries": [move, gone]}}) == (
        f'{HEAD}<actions><action dataType="keyword" id="7" type="move"><meta><itm key="destinationKwdId">8</itm>'
        '</meta></action><action dataType="keyword" id="9" type="delete"/></actions></pim>'
    )


def test_oc_r3_a_retrieve_is_json() -> None:
    request = Request("core", "POST", "/x", body={"path": "/", "level": -1})
    content = encode(request, lambda file: b"")  # noqa: ARG005 - this API takes no files

    assert (content.type, content.data) == ("application/json", b'{"path": "/", "level": -1}')
    assert PROVIDER.accept == "application/xml"


@pytest.mark.parametrize("value", ["", None, 7, "a\x00b", "\ud800"])
def test_oc_r4_nothing_empty_and_nothing_unspeakable_is_sent(value: Json) -> None:
    with pytest.raises(ValueError, match=r".+"):
        write({"kwds": {"entries": [{"parentPath": "/", "name": {"itm": [value]}}]}})


PLAIN = """<pim xmlns="http://www.apollon.de/omn" schemaVersion="5.6.0"><meta><itm key="sourceEnv">web</itm></meta>
<kwds><kwd id="1" path="/a"><name><itm>a</itm><itm loc="en_GB">A</itm></name>
<meta><itm key="orderNumber">0</itm></meta>
<links><itms type="asset"><itm>X</itm><itm>Y</itm></itms></links></kwd></kwds></pim>"""
HARD = """<o:pim xmlns:o="http://www.apollon.de/omn" xmlns:z="urn:z"><o:kwds mode="delta"><!-- hello -->
<o:kwd z:id="9" id="1" path="/a"><o:new><o:er>x</o:er></o:new><z:name>no</z:name><o:links><o:itms type="asset">
 <o:itm>X</o:itm><o:itm>Y</o:itm></o:itms></o:links><o:meta><o:itm key="orderNumber">0</o:itm></o:meta>
 <o:name><o:itm>a</o:itm><o:itm loc="en_GB">A</o:itm></o:name></o:kwd></o:kwds></o:pim>"""


@pytest.mark.parametrize("text", [PLAIN, HARD], ids=["plain", "adversarial"])
def test_oc_r5_either_form_says_the_same(text: str) -> None:
    body = read(text)

    assert isinstance(body, dict)
    kwds = body["kwds"]
    assert isinstance(kwds, dict)
    entries = kwds["entries"]
    assert isinstance(entries, list)
    [record] = entries
    assert isinstance(record, dict)
    assert {k: record[k] for k in ("id", "path", "name", "meta", "links")} == {
        "id": "1",
        "path": "/a",
        "name": {"itm": ["a", {"loc": "en_GB", "value": "A"}]},
        "meta": {"orderNumber": "0"},
        "links": {"itms": [{"type": "asset", "itm": ["X", "Y"]}]},
    }


def test_oc_r5_an_empty_list_is_a_list() -> None:
    assert read("<pim><kwds/></pim>") == {"kwds": {"entries": []}}


BOMB = '<!DOCTYPE pim [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><pim>&b;</pim>'


@pytest.mark.parametrize(
    ("text", "media", "why"),
    [
        (BOMB, "application/xml", "DTD"),
        ('<!DOCTYPE pim SYSTEM "file:///etc/passwd"><pim/>', "application/xml", "DTD"),
        ("<pim>&x;</pim>", "application/xml", "not XML"),
        ("<pim>", "application/xml", "not XML"),
        ("<pim/><pim/>", "application/xml", "not XML"),
        ("<html/>", "application/xml", "root"),
        ("<pim/>", "text/html", "HTML"),
        ("{}", "application/json", "application/json"),
        ("<pim/>", "", "without a content type"),
        ("<pim>" + "<a>" * 40 + "</a>" * 40 + "</pim>", "application/xml", "deeper"),
        (PLAIN, "application/xml; charset=utf-16", "not in UTF-8"),
        (PLAIN, 'text/xml;Charset = "ISO-8859-1"', "not in UTF-8"),
        (PLAIN.encode("utf-16"), "application/xml; charset=utf-16", "not in UTF-8"),
        (PLAIN.encode("utf-16"), "application/xml", "not in UTF-8"),
    ],
)
def test_oc_r5_what_is_refused(text: str | bytes, media: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read(text, media)


def test_oc_r5_more_than_anybody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconciler.providers.omn_core.markup.MOST", 10)
    assert MOST > 10

    with pytest.raises(ValueError, match="more than 10 elements"):
        read("<pim><kwds>" + "<kwd/>" * 10 + "</kwds></pim>")


FAILED = """<response><status>ERROR</status><issues><code>1001</code>
<description>Invalid input provided</description>
<itms type="details"><itm key="errorMessage">path should be provided</itm></itms></issues>
<details><itm key="supportId">3C5D</itm></details></response>"""


def test_oc_r8_a_call_that_failed_as_a_whole() -> None:
    body = read(FAILED)

    assert refuses(body)
    assert code(body) == "1001"
    assert message(body) == "Invalid input provided: path should be provided (support id 3C5D)"


@pytest.mark.parametrize(
    "body", [None, [], {}, {"status": "ERROR"}, {"issues": [{}]}, {"responses": {"entries": []}}]
)
def test_oc_r8_any_other_body_is_accepted_too(body: Json) -> None:
    assert (code(body), message(body)) == ("", "")


def test_oc_r6_an_answer_to_many_is_no_refusal() -> None:
    assert not refuses(read("<pim><responses><response><status>ERROR</status></response></responses></pim>"))


@pytest.mark.parametrize(
    "url", ["https://omn.example.com", "https://omn.example.com/", "https://omn.example.com/api/core/v1/"]
)
def test_oc_r1_the_base(url: str) -> None:
    assert base(url) == "https://omn.example.com/api/core/v1"


def test_oc_r1_no_default() -> None:
    with pytest.raises(ValueError, match="server"):
        base("omn.example.com")
