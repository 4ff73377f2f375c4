"""Every element of the API in both directions, as its samples have it (OC-R4, OC-R5)."""

from __future__ import annotations

import ctypes

import pytest

from reconciler.model.call import Request
from reconciler.model.json import ABSENT, Json
from reconciler.providers.omn_core import markup
from reconciler.providers.omn_core.markup import understood, written
from reconciler.providers.omn_core.notation import decode, items, localized
from tests.unit.providers.omn_samples import BOTH

HEAD = '<?xml version="1.0" encoding="UTF-8"?><pim xmlns="http://www.apollon.de/omn" schemaVersion="5.6.0">'


@pytest.mark.parametrize("name", BOTH)
def test_oc_r4_what_is_written_is_what_is_read(name: str) -> None:
    body, text = BOTH[name]

    assert written(body).decode() == f"{HEAD}{text}</pim>"
    assert understood(written(body)) == {"schemaVersion": "5.6.0", **body}  # type: ignore[dict-item]


def read(text: str) -> Json:
    return understood(f"<pim>{text}</pim>".encode())


def test_oc_r5_an_empty_name_is_a_holder_where_names_have_locales_and_a_text_elsewhere() -> None:
    assert read('<classes><class tid="S"><name/></class></classes>') == {
        "classes": {"entries": [{"tid": "S", "name": {}}]}
    }
    assert read('<dirs><dir tid="D"><name/></dir></dirs>') == {"dirs": {"entries": [{"tid": "D", "name": ""}]}}


def test_oc_r5_channels_hold_peos_and_those_hold_values() -> None:
    text = (
        '<projects><project tid="AWS" type="AWS" orderSequence="1"><name>AWS</name><meta><itm key="id">21</itm>'
        '<itm key="htmlIcon"/></meta><links><itm key="FA1B">MAM/cat.jpg</itm></links>'
        '<peos><peo tid="3b" product="58" template="Web" default="true">'
        "<name>t</name><nodes><node>AWS</node></nodes>"
        '<vals><val attr="m" type="localized" origin="PRODUCT" node="/S">'
        '<itm loc="en_EN">en1</itm></val></vals></peo>'
        "</peos></project></projects>"
    )
    value: Json = {
        "attr": "m",
        "type": "localized",
        "origin": "PRODUCT",
        "node": "/S",
        "itm": [{"loc": "en_EN", "value": "en1"}],
    }
    peo: Json = {
        "tid": "3b",
        "product": "58",
        "template": "Web",
        "default": "true",
        "name": "t",
        "nodes": {"entries": ["AWS"]},
        "vals": {"entries": [value]},
    }
    assert read(text) == {
        "projects": {
            "entries": [
                {
                    "tid": "AWS",
                    "type": "AWS",
                    "orderSequence": "1",
                    "name": "AWS",
                    "meta": {"id": "21", "htmlIcon": ""},
                    "links": {"FA1B": "MAM/cat.jpg"},
                    "peos": {"entries": [peo]},
                }
            ]
        }
    }


def test_oc_r5_product_values_in_either_spelling_and_items_that_have_a_key_and_more() -> None:
    text = (
        '<products><product tid="p"><vals><val attr="a" type="multi_loc">'
        '<i18N loc="en_EN"><itm pos="0">x</itm></i18N>'
        '</val><val attr="c" type="loc_domain">'
        '<itm key="EUR" loc="en_EN">EUR</itm></val></vals></product></products>'
    )
    assert read(text) == {
        "products": {
            "entries": [
                {
                    "tid": "p",
                    "vals": {
                        "entries": [
                            {
                                "attr": "a",
                                "type": "multi_loc",
                                "i18N": [{"loc": "en_EN", "itm": [{"pos": "0", "value": "x"}]}],
                            },
                            {
                                "attr": "c",
                                "type": "loc_domain",
                                "itm": [{"key": "EUR", "loc": "en_EN", "value": "EUR"}],
                            },
                        ]
                    },
                }
            ]
        }
    }


def test_a_key_that_is_a_name_already_taken_loses_nothing() -> None:
    found = read(
        '<links><itms type="t"><itm key="type">x</itm><itm key="itm">y</itm><itm key="a">1</itm></itms></links>'
    )

    items_: Json = [{"key": "type", "value": "x"}, {"key": "itm", "value": "y"}]
    assert found == {"links": {"itms": [{"type": "t", "a": "1", "itm": items_}]}}
    assert written(found).decode().count("<itm ") == 3


def test_oc_r6_an_answer_with_issues_and_details() -> None:
    found = read(
        '<responses><response dataType="peoToProjectLink" action="link"><status>SUCCESS</status>'
        '<details mode="delta"><itm key="peoTid">p</itm></details>'
        '<issues type="1002"><description>a</description></issues><issues><description>b</description>'
        '<itms type="details"><itm key="errorMessage">c</itm></itms></issues></response></responses>'
    )

    assert found == {
        "responses": {
            "entries": [
                {
                    "dataType": "peoToProjectLink",
                    "action": "link",
                    "status": "SUCCESS",
                    "details": {"mode": "delta", "peoTid": "p"},
                    "issues": [
                        {"type": "1002", "description": "a"},
                        {"description": "b", "itms": [{"type": "details", "errorMessage": "c"}]},
                    ],
                }
            ]
        }
    }


def test_items_and_texts_by_locale() -> None:
    holder: Json = {
        "a": "1",
        "itm": [{"key": "value", "loc": "de_DE", "value": "x"}, {"loc": "de_DE", "value": "y"}],
    }

    assert items(holder) == {"a": "1", "value": "x"}
    assert localized(holder) == {"de_DE": "x"}
    assert (items(ABSENT), localized(None)) == ({}, {})


CHANNELS, QUERY = Request("core", "POST", "/cm/channels/retrieve"), Request("core", "POST", "/peo/peos/query")
TEXT = '"<?xml version=\\"1.0\\" encoding=\\"UTF-16\\"?><pim><projects/></pim>"'


def test_oc_r52_a_document_in_a_json_string() -> None:
    for media, data in (("application/json", TEXT), ("application/xml", "<pim><projects/></pim>")):
        assert decode(CHANNELS, media, data.encode()) == {"projects": {"entries": []}}
    with pytest.raises(ValueError, match="not XML"):
        decode(CHANNELS, "application/json", b'"nothing"')
    with pytest.raises(ValueError, match="neither"):
        decode(CHANNELS, "application/json", b'"<pim>')
    with pytest.raises(ValueError, match="DTD"):
        decode(CHANNELS, "application/json", b'"<!DOCTYPE pim []><pim/>"')


def test_oc_r54_only_what_answers_in_plain_json_may() -> None:
    assert decode(QUERY, "application/json; charset=utf-8", b"{}") is ABSENT
    assert decode(QUERY, "application/xml", b"<response><status>ERROR</status></response>") == {"status": "ERROR"}
    with pytest.raises(ValueError, match="answered XML, not JSON"):
        decode(QUERY, "application/xml", b"<pim><peos/></pim>")
    with pytest.raises(ValueError, match="not XML"):
        decode(Request("core", "POST", "/peo/peos/retrieve"), "application/json", b"{}")


HOSTILE = {
    "in another encoding": '<!DOCTYPE pim [<!ENTITY a "ha">]><pim>&a;</pim>'.encode("utf-16"),
    "after a long comment": b"<!--" + b"x" * 20_000 + b'--><!DOCTYPE pim [<!ENTITY a "ha">]><pim>&a;</pim>',
    "in seven bits": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE pim []><pim/>',
    "in an attribute": b'<!DOCTYPE pim [<!ENTITY a "ha">]><pim x="&a;"/>',
    "of the disk": b'<!DOCTYPE pim [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]><pim/>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_oc_r5_no_dtd_wherever_it_hides(name: str) -> None:
    with pytest.raises(ValueError, match=r"DTD|not XML"):
        understood(HOSTILE[name])


class _Allocated(ctypes.Structure):
    """What glibc says of its heap."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in ("arena", *"abcdef", "in_use", "free", "top"))


def _in_use() -> int:
    """Bytes that C libraries hold on the heap; nothing that is Python's own accounts for these."""
    heap = ctypes.CDLL(None)
    if not hasattr(heap, "mallinfo2"):
        pytest.skip("only glibc tells how much of the heap is in use")
    heap.mallinfo2.restype = _Allocated
    return int(heap.mallinfo2().in_use)


def test_oc_r5_what_was_read_leaves_nothing_behind_in_memory() -> None:
    answer = written({"keywords": {"entries": [{"id": str(n), "name": f"Warm {n}"} for n in range(50)]}})
    for _ in range(100):
        understood(answer)

    before = _in_use()
    for _ in range(1_000):
        understood(answer)

    assert _in_use() - before < 100_000, "less than 100 bytes an answer; a dropped parser keeps more than 300"


def test_oc_r5_depth_is_bounded_far_below_what_a_parser_takes() -> None:
    for depth in (markup.DEEPEST, 300, 100_000):
        with pytest.raises(ValueError, match=r"deeper|not XML"):
            understood(b"<pim>" + b"<node>" * depth + b"</node>" * depth + b"</pim>")
    inside = markup.DEEPEST - 1
    assert understood(b"<pim>" + b"<node>" * inside + b"</node>" * inside + b"</pim>")
