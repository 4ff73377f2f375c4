"""Peos and products imported: a plan of what was written needs no call (OC-R126, OC-R138)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler import workflow
from reconciler.model.document import Document
from reconciler.twins import OmnCoreTwin
from tests.contract.importing import Place, place
from tests.contract.peos import TEMPLATE
from tests.world import CORE


@pytest.fixture(params=["plain", "adversarial"])
def twin(request: pytest.FixtureRequest) -> OmnCoreTwin:
    found = OmnCoreTwin(str(request.param))
    found.add_definition("color")
    found.add_definition("sizes")
    found.add_definition("ACC", "ref")
    found.add_product("p1", "Shoe", vals={"color": {"en_GB": "Black"}, "sizes": ["S", "M"]})
    found.add_class("Standard")
    found.add_node("/Standard/Shoes")
    found.add_product("p2", "Boot", "/Standard/Shoes")
    found.link_product("p1", "ACC", "p2")
    found.add_template(TEMPLATE, "Print")
    found.add_channel("AWS")
    found.add_peo("p1", TEMPLATE, "Summer", ["AWS"])
    found.add_peo("p2", TEMPLATE, "Twin")
    found.add_peo("p2", TEMPLATE, "Twin")
    return found


def documents(p: Place, kind: str) -> list[Document]:
    return [d for d in workflow.validate(p.options).documents if d.kind == kind]


def test_oc_r126_peos_are_drafted_as_they_are_and_twins_by_their_ids(twin: OmnCoreTwin, tmp_path: Path) -> None:
    with place(tmp_path / "project", {CORE: twin}) as p:
        p.settles(CORE, "Peo")

        found = documents(p, "Peo")
        by_name = {str(d.spec["name"]): dict(d.spec) for d in found}
        told = {"projects": ["AWS"]} if twin.knobs.profile == "plain" else {}
        assert by_name["Summer"] == {"product": "p1", "template": "Print", "name": "Summer", **told}
        assert told or "Peo.projects Summer" in p.told + p.said, "no call lists all channels here (OC-R53)"
        assert sorted(d.pinned_id is not None for d in found) == [False, True, True]
        assert "add `templateId`" in b"".join(p.files().values()).decode()


def test_oc_r138_products_are_drafted_where_the_kind_is_named_and_only_there(
    twin: OmnCoreTwin, tmp_path: Path
) -> None:
    with place(tmp_path / "project", {CORE: twin}) as p:
        p.run("import", CORE)
        assert documents(p, "Product") == []
        assert "Product is data more often than configuration" in p.said

        p.run("import", CORE, "Product")
        shoe, boot = sorted(documents(p, "Product"), key=lambda d: str(d.spec["identifier"]))
        assert shoe.spec["values"] == {"color": {"en_GB": "Black"}, "sizes": ["S", "M"]}
        assert shoe.spec["links"] == [{"attribute": "ACC", "product": "p2"}]
        assert boot.spec["node"] == "Standard/Shoes"
        assert "Product.node" not in p.said
        assert [c.line for c in p.plan().writes] == []
