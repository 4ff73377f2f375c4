"""OMN Core before and after a change: what products say of themselves and where they stand, the words and terms
they are found and described by, where their pictures lie, and for whom they are exported."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from reconciler.model.document import Document
from reconciler.twins import OmnCoreTwin
from tests.contract.classes import at, cl, nd
from tests.contract.definitions import ad
from tests.contract.directories import di
from tests.contract.glossaries import en, entry, glossary
from tests.contract.keywords import kw
from tests.contract.nests import written
from tests.contract.peos import peo, product

BATCH = 3
"""Objects in one request: so few that there are several requests of most kinds."""
GONE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
READINGS: Mapping[str, str] = {"OC-P26": "plain"}
"""The reading of one question in both profiles: that a peo can be renamed at all."""
SHOE, BOOT = "our-shoe", "our-boot"
PRINT = "47222"


def prepare(twin: OmnCoreTwin) -> None:
    """What only the product can make is in the seeded world: RNCs, channels, templates. Beside what is ours stands
    what others have made."""
    for question, reading in READINGS.items():
        twin.knobs.set(question, reading)
    twin.add_keyword("Others", labels={"en_GB": "others"})
    twin.add_directory("/MAM/others/2020")


def before() -> list[Document]:
    """What is live, and ours, when the change begins; besides what was seeded."""
    return [*_described(), *_worded(), *_stored()]


def _described() -> list[Document]:
    return [
        ad("care", values=["wash", ("iron", {"en_GB": "Iron"})], en_GB="Care"),
        ad("size", "number", en_GB="Size"),
        ad("fit", en_GB="Fit", **GONE),
        cl("Standard", en_GB="Fashion"),
        nd("Standard/Shoes", name="shoes", en_GB="Shoes"),
        nd("Standard/Shoes/Boots", name="boots", en_GB="Boots"),
        nd("Standard/Shoes/Clogs", name="clogs", **GONE),
        nd("Standard/Hats", name="hats", en_GB="Hats", **GONE),
        at("Standard", "care", name="care-all"),
        at("Standard/Shoes", "size", name="size-shoes"),
        at("Standard/Shoes", "care", name="care-shoes", values=["wash", "iron"], default="wash"),
        at("Standard/Shoes/Boots", "fit", name="fit-boots", **GONE),
        cl("Attic", en_GB="Attic", **GONE),
        nd("Attic/Box", name="box", **GONE),
    ]


def _worded() -> list[Document]:
    return [
        kw("Times", name="times", en_GB="Times"),
        kw("Times/Now", name="now", en_GB="Now"),
        kw("Times/Then", name="then", en_GB="Then", **GONE),
        kw("Stray", name="stray", en_GB="Stray"),
        glossary("Terms", called="terms", attributes={"A": "x"}),
        glossary("Words", called="words"),
        glossary("Old words", called="old-words", **GONE),
        entry("terms", "Schuh", en("shoe"), called="schuh", allow=["first-removals"]),
        entry("terms", "Hut", en("hat"), called="hut"),
        entry("terms", "Weg", called="weg"),
        entry("terms", "Alt", en("old"), called="alt", **GONE),
        entry("old-words", "Uralt", called="uralt", **GONE),
    ]


def _stored() -> list[Document]:
    return [
        di("looks", {"SEASON": "summer"}, name="looks"),
        di("looks/spring", name="spring"),
        di("looks/old", name="old-looks", **GONE),
        di("drafts", {"MANY": ["a", "b"]}, name="drafts"),
        product(SHOE, name="Our shoe", node="Standard/Shoes"),
        peo("Shoe for the web", called="web", product=SHOE, template="Web", templateId="47221", projects=["WEB"]),
        peo("Shoe in print", called="print", product=SHOE, templateId=PRINT, projects=["AWS"]),
        peo("Old shoe", called="old-shoe", product=SHOE, templateId=PRINT, **GONE),
    ]


def after() -> list[Document]:
    """Creates, changes, renames, moves, removals and deletes, with references among them."""
    return [*_described_now(), *tree(SEASONS), *_worded_now(), *tree(FILMS), *_stored_now()]


def _described_now() -> list[Document]:
    """The attribute of a definition that goes is gone before it; what a new node has is new, too."""
    return [
        ad("care", values=["wash", ("iron", {"en_GB": "Ironing"}), "dry"], en_GB="Care", de_DE="Pflege"),
        ad("size", "number", en_GB="Size", multi=True),
        ad("colour", values=["red", "blue"], en_GB="Colour"),
        ad("season", en_GB="Season"),
        ad("goes_with", "ref", en_GB="Goes with"),
        cl("Standard", en_GB="Clothes"),
        nd("Standard/Shoes", name="shoes", en_GB="Footwear", de_DE="Schuhe"),
        nd("Standard/Shoes/Boots", name="boots", en_GB="Boots"),
        nd("Standard/Shoes/Trainers", name="trainers", en_GB="Trainers"),
        at("Standard", "care", name="care-all", localized=True),
        at("Standard/Shoes", "size", name="size-shoes", restriction="mandatory"),
        at("Standard/Shoes", "care", name="care-shoes", values=["wash", "iron"], default="iron"),
        at("Standard/Shoes/Trainers", "colour", name="colour-trainers", values=["red"], default="red"),
    ]


SEASONS = """
apiVersion: omn-core/v1
kind: Classification
metadata: {name: seasons}
spec:
  identifier: Seasonal
  labels: {en_GB: Seasons}
  attributes: [{definition: season}]
  nodes:
    - path: Summer
      labels: {en_GB: Summer}
      attributes: [{definition: care, localized: true}]
      nodes: [{path: Beach}, {path: Hills, labels: {de_DE: Berge}}]
    - {path: Winter, nodes: [{path: Snow, attributes: [{definition: colour}]}]}
"""
FILMS = """
apiVersion: omn-core/v1
kind: Directory
metadata: {name: films}
spec:
  rnc: DATA
  path: films
  directories:
    - path: raw
      attributes: {OPEN: "true"}
      directories: [{path: takes}, {path: sound, attributes: {LOUD: [x, y]}}]
    - {path: cut}
"""


def _worded_now() -> list[Document]:
    return [
        kw("Ages", name="times", was="Times", en_GB="Ages", de_DE="Zeiten"),
        kw("Ages/Now", name="now", en_GB="Now"),
        kw("Ages/Stray", name="stray", was="Stray", en_GB="Stray"),
        kw("Ages/Soon", name="soon", de_DE="Bald"),
        kw("Fresh", name="fresh", en_GB="Fresh"),
        kw("Fresh/Leaf", name="leaf", en_GB="Leaf"),
        glossary("Phrases", called="terms", was="Terms", attributes={"A": "y", "B": "z"}),
        glossary("Words", called="words", attributes={"A": "w"}),
        glossary("Legal", called="legal", multiple=True),
        entry("terms", "Schuh", en("boot"), called="schuh", allow=["first-removals"]),
        entry("terms", "Hütchen", en("hat"), called="hut", was="Hut"),
        entry("words", "Weg", called="weg"),
        entry("legal", "Haftung", en("liability"), called="haftung"),
        entry("legal", "Frist", en("deadline", similarity=90), called="frist"),
        entry("legal", "Klage", called="klage"),
        entry("terms", "Neu", en("new"), called="neu"),
    ]


def _stored_now() -> list[Document]:
    return [
        di("looks", {"SEASON": "winter"}, name="looks"),
        di("looks/autumn", name="spring", was="looks/spring"),
        di("looks/autumn/leaves", {"FALLEN": "no"}, name="leaves"),
        di("looks/drafts", {"MANY": ["b", "c"]}, name="drafts", was="drafts"),
        product(SHOE, name="The shoe", node="Standard/Shoes", values={"care": {"domain": "wash"}}),
        product(BOOT, name="A boot", node="Seasonal/Winter", links=[{"attribute": "goes_with", "product": SHOE}]),
        peo("Shoe abroad", called="web", product=SHOE, template="Web", templateId="47221", **_RENAMED),
        peo("Shoe in print", called="print", product=SHOE, templateId=PRINT, projects=["PRINT", "WEB"]),
        peo("Boot in print", called="boot", product=BOOT, templateId=PRINT, projects=["PRINT"]),
    ]


_RENAMED: Mapping[str, Any] = {"projects": ["WEB"], "previous_key": "Shoe for the web", "allow": ["rename"]}


@cache
def tree(text: str) -> tuple[Document, ...]:
    """A document with all that is nested in it, as the loader gives them."""
    return tuple(written(text))
