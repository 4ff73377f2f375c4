"""Classifications imported into an empty folder: a plan needs no call, and a second import adds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler import workflow
from reconciler.twins import OmnCoreTwin
from tests.contract.importing import place
from tests.world import CORE


@pytest.mark.parametrize("profile", ["plain", "adversarial"])
def test_all_of_a_classification(profile: str, tmp_path: Path) -> None:
    twin = OmnCoreTwin(profile)
    for key in ("care", "gender"):
        twin.add_definition(key)
    twin.add_class("Standard", labels={"en_GB": "Fashion"})
    twin.add_class("Empty")
    twin.add_node("/Standard/Shoes", labels={"en_GB": "Shoes"})
    twin.add_node("/Standard/Shoes/no", labels={"de_DE": "yes: # {a}"})
    twin.add_attribute("/Standard", "care")
    twin.add_attribute("/Standard/Shoes", "gender", localized=True, values={"f": {"en_GB": "female"}}, default="f")
    with place(tmp_path, {CORE: twin}) as p:
        for kind in ("AttributeDefinition", "Classification", "ClassificationNode", "NodeAttribute"):
            p.run("import", CORE, kind)
        assert p.plan().writes == ()
        found: dict[str, list[Any]] = {}
        for document in workflow.validate(p.options).documents:
            found.setdefault(document.kind, []).append(dict(document.spec))
        names = [d.address.name for d in workflow.validate(p.options).documents if d.kind == "NodeAttribute"]

    assert sorted(names) == ["standard/care", "standard/shoes/gender"], "a name tells the place"
    shown = profile == "plain"
    labels = {"labels": [{"locale": "en_GB", "text": "Fashion"}]} if shown else {}
    assert {"identifier": "Standard", **labels} in found["Classification"]
    assert sorted(n["path"] for n in found["ClassificationNode"]) == ["Standard/Shoes", "Standard/Shoes/no"]
    [care, gender] = sorted(found["NodeAttribute"], key=lambda a: a["definition"])
    assert care == {"node": "Standard", "definition": "care"}
    values = [{"id": "f", "labels": {"en_GB": "female"}}]
    assert gender["domain"] == {"allowNewValue": False, "sortDirection": "MANUAL", "values": values}
