"""A peo of which nobody knows whether it was made: one question, and both answers to it (OC-R132)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.twins import Fault, OmnCoreTwin
from tests.contract.importing import place
from tests.contract.peos import PERSIST, TEMPLATE
from tests.world import CORE

MANIFEST = """\
apiVersion: omn-core/v1
kind: Peo
metadata: {name: summer}
spec: {product: p1, template: Print, templateId: "7", name: Summer}
"""


@pytest.mark.parametrize("profile", ["plain", "adversarial"])
@pytest.mark.parametrize("made", [True, False])
def test_oc_r132_a_person_answers(profile: str, made: bool, tmp_path: Path) -> None:
    twin = OmnCoreTwin(profile)
    twin.add_product("p1", "Shoe")
    twin.add_template(TEMPLATE, "Print")
    with place(tmp_path / "project", {CORE: twin}) as p:
        (p.root / "manifests" / "peo.yaml").write_text(MANIFEST)
        twin.faults.add(Fault("status", method="POST", path=PERSIST, status=502))
        p.run("apply", "--yes", code=7)
        assert "--adopt core/Peo/summer=ID" in p.said + p.told
        assert twin.peos_without_ids() == []
        own = twin.peo(twin.add_peo("p1", TEMPLATE, "Summer")).id if made else ""

        p.run("resume", *(["--adopt", f"core/Peo/summer={own}"] if made else ["--forget", "core/Peo/summer"]))
        p.run("apply", "--yes")

        assert len(twin.peos_without_ids()) == 1
        assert [c.line for c in p.plan().writes] == []
