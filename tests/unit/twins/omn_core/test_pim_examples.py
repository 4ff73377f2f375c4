"""The examples of the OMN Core reference for what describes products, on the worlds they tell of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reconciler.twins import OmnCoreTwin
from reconciler.twins.omn_core.domains import domain_of
from reconciler.twins.omn_core.pim_things import Attribute, Classification, Definition, Node
from tests.unit.twins.omn_core.omn import Omn
from tests.unit.twins.omn_core.pim import ATTRIBUTES, CLASSES, DEFINITIONS, NODES, call, examples, next_id, put
from tests.unit.twins.served import contract, served

pytestmark = pytest.mark.contract


@pytest.fixture
def bare() -> Iterator[Omn]:
    with served(OmnCoreTwin()) as it:
        yield Omn(it)


def shown(omn: Omn, section: str, path: str) -> list[tuple[Any, Any]]:
    """What the twin answers to each example of a path, beside what the reference says."""
    return [(call(omn, path, body), answer) for at, body, answer in examples(section) if at == path]


def agree(omn: Omn, section: str, path: str, count: int = 1) -> None:
    pairs = shown(omn, section, path)

    assert len(pairs) == count
    for found, wanted in pairs:
        assert found == wanted


BLEACHING = {
    "Chlorine bleaching possible": {"en_EN": "Chlorine bleaching possible", "de_DE": "Chlorbleiche möglich"}
}


def definitions(twin: OmnCoreTwin) -> None:
    sku = {"en_EN": "SKU product", "de_DE": "SKU Produkt"}
    care = {"en_EN": "Care note", "de_DE": "Pflegehinweis"}
    put(twin, Definition("15210", "product_id", "text", sku))
    put(twin, Definition("15219", "care_note", "text", care, multi_valued=True, domain=domain_of(BLEACHING)))


def classes(twin: OmnCoreTwin) -> None:
    put(twin, Classification("1", "Standard", {}), Node("15370", "Standard", "Standard", None, {}))
    put(twin, Node("15371", "Bekleidung", "Standard", "15370", {}))
    domain = domain_of({"female": {"en_EN": "female", "de_DE": "weiblich"}})
    put(twin, Attribute("2", "15370", "gender", localized=True, domain=domain))


def test_definitions(bare: Omn) -> None:
    definitions(bare.twin)
    agree(bare, "4.9", f"{DEFINITIONS}/retrieve")
    agree(bare, "4.9", f"{DEFINITIONS}/query")


def test_definitions_are_persisted(bare: Omn) -> None:
    [(body, answer)] = [(b, a) for path, b, a in examples("4.9") if path == f"{DEFINITIONS}/persist"]
    assert call(bare, f"{DEFINITIONS}/persist", body) == answer

    answer["responses"]["entries"][0]["action"] = "update"
    assert call(bare, f"{DEFINITIONS}/persist", body) == answer


def test_definitions_are_deleted(bare: Omn) -> None:
    put(bare.twin, Definition("1", "product_tid", "text", {}))
    agree(bare, "4.9", f"{DEFINITIONS}/perform")


def test_classifications(bare: Omn) -> None:
    classes(bare.twin)
    agree(bare, "4.10", f"{CLASSES}/retrieve")


def test_classifications_are_persisted_and_deleted(bare: Omn) -> None:
    put(bare.twin, Definition("1", "product_id", "text", {}), Definition("2", "product_title", "text", {}))
    agree(bare, "4.10", f"{CLASSES}/persist")

    assert bare.twin.node_paths() == ["/Classification", "/Classification/node"]
    assert bare.twin.attribute("/Classification/node", "product_title").localized is True
    agree(bare, "4.10", f"{CLASSES}/perform")
    assert bare.twin.classes_without_ids() == []


def test_attributes(bare: Omn) -> None:
    classes(bare.twin)
    domain = domain_of({"domain1": {"en_GB": "domain1-en", "de_DE": "domain1-de"}})
    put(
        bare.twin, Attribute("46190", "15371", "new1", inheritance="not_visible", domain=domain, default="domain1")
    )
    put(bare.twin, Node("96648", "Other", "Standard", "15370", {}))
    put(bare.twin, *(Attribute(key, "96648", f"k{key}") for key in ("75662", "34345", "43213")))

    agree(bare, "4.11", f"{ATTRIBUTES}/retrieve")
    agree(bare, "4.11", f"{ATTRIBUTES}/query")


def test_attributes_are_persisted(bare: Omn) -> None:
    put(bare.twin, Definition("1", "product_id", "text", {}), Classification("2", "RootNode", {}))
    put(bare.twin, Node("3", "RootNode", "RootNode", None, {}), Node("4", "someNode", "RootNode", "3", {}))
    next_id(bare.twin, 95547)
    agree(bare, "4.11", f"{ATTRIBUTES}/persist")

    body = next(body for path, body, _ in examples("4.11") if path == f"{ATTRIBUTES}/persist")
    again = call(bare, f"{ATTRIBUTES}/persist", body)["responses"]["entries"][0]
    assert again == {
        "dataType": "attribute",
        "action": "update",
        "nodePath": "/RootNode/someNode",
        "key": "product_id",
        "status": "SUCCESS",
        "description": "The attribute has been saved successfully",
    }


def test_attributes_are_deleted(bare: Omn) -> None:
    classes(bare.twin)
    put(bare.twin, Attribute("98756", "15371", "x"))
    agree(bare, "4.11", f"{ATTRIBUTES}/perform")


def nodes(twin: OmnCoreTwin) -> None:
    put(twin, Classification("1", "Standard", {}), Node("15270", "Standard", "Standard", None, {}))
    put(
        twin, Node("15271", "Bekleidung", "Standard", "15270", {}), Node("114740", "Test", "Standard", "15270", {})
    )


def test_nodes(bare: Omn) -> None:
    nodes(bare.twin)
    agree(bare, "4.12", f"{NODES}/retrieve", 2)


def test_nodes_of_a_definition(bare: Omn) -> None:
    nodes(bare.twin)
    put(bare.twin, *(Node(key, f"n{key}", "Standard", "15270", {}) for key in ("756362", "34345", "43213")))
    put(bare.twin, *(Attribute(f"9{key}", key, "gender") for key in ("756362", "34345", "43213")))
    agree(bare, "4.12", f"{NODES}/query")


def test_nodes_are_persisted(bare: Omn) -> None:
    nodes(bare.twin)
    next_id(bare.twin, 110140)
    agree(bare, "4.12", f"{NODES}/persist")


def test_nodes_are_deleted(bare: Omn) -> None:
    nodes(bare.twin)
    put(bare.twin, Node("759365", "x", "Standard", "15270", {}))
    agree(bare, "4.12", f"{NODES}/perform")


def test_nodes_are_for_administrators(bare: Omn) -> None:
    refused = call(bare, f"{NODES}/persist", {"nodes": {"entries": []}}, "omn_token_user")
    text = contract_refusal()
    refused["details"]["supportId"] = text["details"]["supportId"]

    assert refused == text


def contract_refusal() -> Any:

    text = contract("omn-core.md").split("### 4.12 ")[1].split("no admin → 403 ")[1]
    return json.JSONDecoder().raw_decode(text)[0]
