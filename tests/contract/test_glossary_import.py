"""Glossaries and entries imported into an empty folder: a plan of what was written needs no call
(OC-R88, OC-R90)."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from reconciler.twins import OmnCoreTwin
from tests.contract.importing import Place, place
from tests.world import CORE


@pytest.mark.parametrize("profile", ["plain", "adversarial"])
def test_what_is_live_is_written_down_and_translations_with_their_source(profile: str, tmp_path: Path) -> None:
    twin = OmnCoreTwin(profile)
    shoes = twin.add_glossary("Shoes", vals={"A": "x", "B": ["y", "z"]})
    one = twin.add_entry(shoes, "Schuh", "de_DE", translations={"en_EN": "shoe"})
    twin.add_translation(one, "soulier", "fr_FR", similarity=80)
    twin.add_translation(one, "botte", "fr_FR")
    twin.add_entry("0", "Der Hut: yes", "de_DE", "sentence")

    with place(tmp_path, {CORE: twin}) as p:
        p.settles(CORE, "Glossary")
        p.settles(CORE, "GlossaryEntry")
        assert "several translations into fr_FR" in p.said
        assert "comes with the system" in p.run("import", CORE, "Glossary")

    entry = {"glossary": "shoes", "locale": "de_DE", "type": "term", "text": "Schuh"}
    english = {"locale": "en_EN", "text": "shoe", "similarity": 100}
    found = specs(p, "GlossaryEntry")
    assert {**entry, "translations": [english], "translationsMode": "additive"} in found
    assert {"glossary": "Default", "locale": "de_DE", "type": "sentence", "text": "Der Hut: yes"} in found
    assert len(found) == 2
    assert specs(p, "Glossary") == [{"name": "Shoes", "attributes": {"A": "x"}}]


def specs(p: Place, kind: str) -> list[object]:
    texts = [data for name, data in p.files().items() if name.endswith(".yaml") and name.startswith("manifests/")]
    every = [one for text in texts for one in yaml.load_all(text, Loader=yaml.CSafeLoader)]
    return [one["spec"] for one in every if one["kind"] == kind]
