"""Attribute definitions imported into an empty folder: a plan needs no call, and a second import adds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reconciler import workflow
from reconciler.twins import OmnCoreTwin
from tests.contract.importing import place
from tests.world import CORE


@pytest.mark.parametrize("profile", ["plain", "adversarial"])
def test_every_definition_as_it_is(profile: str, tmp_path: Path) -> None:
    twin = OmnCoreTwin(profile)
    twin.add_definition("bare", "number")
    twin.add_definition("no", labels={"en_GB": "yes: 'no' # {a}", "de_DE": "ß & <b>"}, multi_valued=True)
    values = {"w 30": {"en_GB": "Wash", "de_DE": "Waschen"}, "null": {}}
    twin.add_definition("care", labels={"en_GB": "Care"}, values=values, allow_new=True)
    with place(tmp_path, {CORE: twin}) as p:
        p.settles(CORE, "AttributeDefinition")
        documents = workflow.validate(p.options).documents
        found: dict[str, Any] = {d.address.name: dict(d.spec) for d in documents}

    assert found["bare"] == {"identifier": "bare", "type": "number", "multiValued": False}
    assert found["care"]["domain"] == {
        "allowNewValue": True,
        "sortDirection": "MANUAL",
        "values": [{"id": "w 30", "labels": {"en_GB": "Wash", "de_DE": "Waschen"}}, {"id": "null"}],
    }
    [other] = [s for s in found.values() if s["identifier"] == "no"]
    assert sorted(e["text"] for e in other["labels"]) == ["yes: 'no' # {a}", "ß & <b>"]
