"""A small estate of every kind of OMN Core: made, changed, moved about and given up, in four plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.document import Document
from reconciler.twins.core.log import LogEntry
from tests.contract.classes import at, cl, nd
from tests.contract.definitions import ad
from tests.contract.directories import di
from tests.contract.glossaries import en, entry, glossary
from tests.contract.keywords import kw
from tests.contract.peos import peo, product, shop
from tests.world import World

GONE: Mapping[str, Any] = {"on_remove": "delete", "allow": ["delete", "first-removals"]}


def founded(k: World) -> None:
    """What the estate needs and cannot make, and something of others beside it."""
    shop(k)
    k.core.add_rnc("MAM")
    k.core.add_rnc("DATA")
    k.core.add_directory("/DATA/A")
    k.core.add_keyword("Others", labels={"en_GB": "others"})
    k.core.add_definition("foreign", labels={"en_GB": "Foreign"})
    k.core.add_class("Foreign")


def made() -> list[Document]:
    """Something of each kind, with labels, values and links."""
    return [
        ad("care", values=["wash", ("iron", {"en_GB": "Iron"})], en_GB="Care", **GONE),
        cl("Standard", en_GB="Fashion", **GONE),
        nd("Standard/Shoes", en_GB="Shoes", **GONE),
        nd("Standard/Shoes/Boots", name="boots", **GONE),
        at("Standard", "care", name="root", **GONE),
        at("Standard/Shoes", "care", name="care-shoes", values=["wash"], default="wash", **GONE),
        kw("Seasons", name="seasons", en_GB="Seasons", **GONE),
        kw("Seasons/Summer", name="summer-kw", en_GB="Summer", **GONE),
        glossary("Terms", called="terms", attributes={"A": "x"}, **GONE),
        entry("terms", "Schuh", en("shoe"), called="schuh", **GONE),
        di("A", {"N": "a"}, name="dir-a", **GONE),
        di("A/B", name="dir-b", **GONE),
        product("p9", called="p9", name="Shoe", node="Standard/Shoes", **GONE),
        peo("Summer", called="peo", product="p9", projects=["AWS"], **GONE),
    ]


def changed() -> list[Document]:
    """The same with another text everywhere, and something new beside each."""
    return [
        ad("care", values=["wash", ("iron", {"en_GB": "Ironing"}), "dry"], en_GB="Care", de_DE="Pflege", **GONE),
        cl("Standard", en_GB="Clothes", **GONE),
        nd("Standard/Shoes", en_GB="Footwear", **GONE),
        nd("Standard/Shoes/Boots", name="boots", de_DE="Stiefel", **GONE),
        nd("Standard/Shoes/Boots/Red", name="red", **GONE),
        at("Standard", "care", name="root", localized=True, **GONE),
        at("Standard/Shoes", "care", name="care-shoes", values=["wash", "iron"], default="iron", **GONE),
        kw("Seasons", name="seasons", en_GB="Time of year", **GONE),
        kw("Seasons/Summer", name="summer-kw", en_GB="Summer", de_DE="Sommer", **GONE),
        kw("Seasons/Winter", name="winter-kw", **GONE),
        glossary("Terms", called="terms", attributes={"A": "y"}, **GONE),
        entry("terms", "Schuh", en("boot"), called="schuh", **GONE),
        entry("terms", "Hut", called="hut", **GONE),
        di("A", {"N": "b"}, name="dir-a", **GONE),
        di("A/B", {"M": ["1", "2"]}, name="dir-b", **GONE),
        di("A/C", name="dir-c", **GONE),
        product("p9", called="p9", name="Boot", node="Standard/Shoes", **GONE),
        peo("Summer", called="peo", product="p9", projects=["Web"], **GONE),
    ]


def moved() -> list[Document]:
    """What can move has moved, what can be renamed has another name."""
    other = [
        kw("Winter", name="winter-kw", was="Seasons/Winter", **GONE),
        kw("Times", name="seasons", was="Seasons", en_GB="Time of year", **GONE),
        kw("Times/Summer", name="summer-kw", en_GB="Summer", de_DE="Sommer", **GONE),
        glossary("Words", called="terms", was="Terms", attributes={"A": "y"}, **GONE),
        di("C", name="dir-c", was="A/C", **GONE),
        di("A/D", {"M": ["1", "2"]}, name="dir-b", was="A/B", **GONE),
    ]
    names = {d.address.name for d in other}
    return [*(d for d in changed() if d.address.name not in names), *other]


CHAPTERS: Sequence[Any] = (made, changed, moved, list)
"""Each gives the documents of one plan; the last are none."""


def told(k: World) -> list[LogEntry]:
    """The whole story, chapter by chapter, each to its end, from live as it is declared to live as it was found;
    every request that was sent."""
    founded(k)
    found = everything(k)
    seen: list[LogEntry] = []
    for chapter in CHAPTERS:
        k.core.log.clear()
        k.documents = chapter()
        report = k.apply(k.plan())
        bad = [(o.call, str(o.end), o.message) for o in report.outcomes if str(o.end) not in ("done", "unneeded")]
        assert bad == [], chapter.__name__
        assert [c.line for c in k.plan().writes] == [], chapter.__name__
        seen += k.core.log
    assert everything(k) == found
    return seen


def everything(k: World) -> list[object]:
    """All that can be made here, without ids."""
    core = k.core
    every = (core.without_ids, core.definitions_without_ids, core.classes_without_ids, core.glossaries_without_ids)
    more = (core.directories_without_ids, core.peos_without_ids, core.products_without_ids)
    return [one() for one in (*every, *more)]
