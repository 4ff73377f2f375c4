"""Every element of the OMN Core reference in both notations, without loss, and in linear time."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from lxml import etree

from reconciler.twins.core.values import Json
from reconciler.twins.omn_core import documents
from reconciler.twins.omn_core.notation import compact, expanded
from tests.unit.twins.omn_core.omn import NAMESPACE
from tests.unit.twins.served import contract

BLOCK = re.compile(r"```json\n(.*?)```", re.DOTALL)


@pytest.mark.contract
def test_every_compact_example_of_the_reference_survives_xml() -> None:
    tried = 0
    for block in BLOCK.findall(contract("omn-core.md")):
        for found in _objects(block):
            if not _is_document(found):
                continue
            content = documents.write(found)
            assert compact(etree.fromstring(content)) == found, found
            tried += 1

    assert tried > 40


def _is_document(found: dict[str, Any]) -> bool:
    """A document has a container, or links; all else are plain request objects."""
    holding = [member for member in found.values() if isinstance(member, dict)]
    return any("entries" in member or "itms" in member for member in holding)


def _objects(block: str) -> list[dict[str, Any]]:
    """Every JSON object that begins a line of a block, or follows a method and path or a status in it."""
    decoder, found = json.JSONDecoder(), []
    for start in re.finditer(r"(?m)^(?:(?:POST|GET) \S+ +|\d{3} )?(?=\{)", block):
        try:
            value, _ = decoder.raw_decode(block, start.end())
        except ValueError:
            continue
        found.append(value)
    return found


def test_a_document_of_every_kind_of_element() -> None:
    given: Json = {
        "schemaVersion": "5.6.0",
        "details": {"mode": "delta", "collision": "x"},
        "nodes": {"entries": [{"id": "1", "name": {}, "attr": [{"key": "k"}], "node": [{"id": "2", "name": {}}]}]},
        "vals": {"entries": [{"attr": "A", "itm": ["x", {"key": "k", "loc": "de_DE", "value": "y"}]}]},
        "peos": {"entries": [{"name": "N", "nodes": {"entries": ["t", {"tid": "g", "value": "u"}]}}]},
    }

    assert compact(expanded("pim", given)) == given


ELEMENTS: list[tuple[str, Json]] = [
    ('<product tid="p"><node>/Standard/Demo</node></product>', {"tid": "p", "node": "/Standard/Demo"}),
    ('<node id="1"><node id="2"/></node>', {"id": "1", "node": [{"id": "2"}]}),
    ("<class><node/><name/></class>", {"node": [{}], "name": {}}),
    (
        '<val attr="A"><itm pos="0">x</itm><itm key="EUR" loc="en_EN">y</itm><itm key="B">z</itm></val>',
        {"attr": "A", "itm": [{"pos": "0", "value": "x"}, {"key": "EUR", "loc": "en_EN", "value": "y"}], "B": "z"},
    ),
    (
        (
            '<val attr="A"><i18n loc="en_EN"><itm pos="0">x</itm></i18n>'
            '<i18N loc="de_DE"><itm key="1">y</itm></i18N></val>'
        ),
        {
            "attr": "A",
            "i18n": [{"loc": "en_EN", "itm": [{"pos": "0", "value": "x"}]}],
            "i18N": [{"loc": "de_DE", "1": "y"}],
        },
    ),
    # A key that is taken, by an attribute or by another item, stays in the list.
    (
        (
            '<itms type="t"><itm key="a">1</itm><itm key="type">x</itm><itm key="a">2</itm>'
            '<itm key="itm">3</itm></itms>'
        ),
        {
            "type": "t",
            "a": "1",
            "itm": [
                {"key": "type", "value": "x"},
                {"key": "a", "value": "2"},
                {"key": "itm", "value": "3"},
            ],
        },
    ),
    ("<asset><extra>1</extra><extra>2</extra></asset>", {"extra": ["1", "2"]}),
    ('<history><itm key="date">x</itm></history>', {"itm": [{"key": "date", "value": "x"}]}),
    ('<attr key="k"><defaultVal tid="d"/></attr>', {"key": "k", "defaultVal": {"tid": "d"}}),
]


@pytest.mark.parametrize(("content", "value"), ELEMENTS)
def test_an_element_and_its_notation(content: str, value: Json) -> None:
    element = etree.fromstring(f'<pim xmlns="{NAMESPACE}">{content}</pim>')[0]
    tag = etree.QName(element).localname

    assert compact(element) == value
    assert compact(expanded(tag, value)) == value


@pytest.mark.timeout(60)
def test_a_great_list_comes_to_an_end() -> None:
    attrs: Json = [{"key": f"k{n}", "level": "p", "localized": "true"} for n in range(2)]
    nodes: Json = [{"id": str(n), "path": f"/S/{n}", "name": {}, "attr": attrs} for n in range(20_000)]
    given: Json = {"nodes": {"entries": nodes}, "kwds": {"entries": [{"name": {"itm": ["x"] * 20_000}}]}}

    assert compact(etree.fromstring(documents.write(given))) == given
