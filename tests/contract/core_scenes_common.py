"""Scenes of keywords, glossaries and their entries."""

from __future__ import annotations

from typing import Any

from tests.contract import glossaries as glossary_steps
from tests.contract import keywords as keyword_steps
from tests.contract.core_scene import GONE, Deed, Scene, no_locale_fr, own_id
from tests.contract.glossaries import en, entry, glossary
from tests.contract.keywords import kw
from tests.world import World


def keywords() -> list[Scene]:
    a, x, moved = kw("A", name="a"), kw("X", name="x"), kw("A/X", name="x", was="X")
    twice = (
        "Keyword value '<value>' for language '<loc>' is duplicated. "
        "Unique keyword values under one parent should be provided"
    )
    missing = "Entity class com.meylemueller.obj.isy.KeywordEntity with identity=<id> not found"
    no_locale = "Cannot find language id with code '<loc>'."
    gone = "There is no keyword with the given id"
    there = "Error during moving: No access to destination object '<path or id>'"
    own = "Error during moving: No access to source objects"
    change = [kw("A", name="a", en_GB="a"), x]
    some: dict[str, Any] = {"path": keyword_steps.PERSIST}
    moving: dict[str, Any] = {"before": [a, x], "after": [a, moved], "path": keyword_steps.PERFORM}
    return [
        Scene("persist", missing, "a", [a, x], change, deed=lambda k: k.core.remove_keyword("/A"), **some),
        Scene(
            "persist",
            "No keyword by path '<path>'",
            "b",
            [x],
            [x, a, kw("A/B", name="b")],
            deed=lambda k: k.core.mar("A", description="not today"),
            **some,
        ),
        Scene(
            "persist",
            "The keyword is not available by access rights",
            "a",
            [a, x],
            change,
            deed=lambda k: k.core.deny("/A"),
            **some,
        ),
        Scene(
            "persist",
            "Parent keyword is not available by access rights",
            "b",
            [a, x],
            [a, x, kw("A/B", name="b")],
            deed=lambda k: k.core.deny("/A"),
            **some,
        ),
        Scene(
            "persist, move",
            twice,
            "a",
            [a, x],
            change,
            deed=lambda k: k.core.add_keyword("Z", labels={"en_GB": "a"}),
            **some,
        ),
        Scene("persist", no_locale, "a", [a, x], [kw("A", name="a", fr_FR="a"), x], deed=no_locale_fr, **some),
        Scene("perform", gone, "x", deed=lambda k: k.core.remove_keyword("/X"), **moving),
        Scene(
            "perform",
            gone,
            "x",
            [a, kw("X", name="x", **GONE)],
            [a],
            keyword_steps.PERFORM,
            lambda k: k.core.remove_keyword("/X"),
            end="done",
        ),
        Scene("perform", there, "x", deed=lambda k: k.core.deny("/A"), **moving),
        Scene("perform", own, "x", deed=lambda k: k.core.deny("/X"), **moving),
    ]


def glossaries() -> list[Scene]:
    shoes, hats = glossary("Shoes", called="g"), glossary("Hats", called="h")
    unknown = 'The glossary with id "<id>" does not exist.'
    no_glossary = "There is no glossary with the given identity"
    no_entry = "There is no glossary entry with the given tid/identity"
    term, sentence = entry("g", "Schuh", called="e"), entry("g", "Der Schuh.", type="sentence", called="e")
    into = entry("h", "Schuh", called="e")

    def gone(k: World) -> None:
        k.core.remove_entry(own_id(k, "e"))

    def without(name: str) -> Deed:
        return lambda k: k.core.remove_glossary(k.core.glossary(name).id)

    return [
        Scene(
            "glossaries/persist",
            "Unable to create the glossary: glossary with name '<name>' already exists.",
            "g",
            [shoes],
            [glossary("Boots", called="g", was="Shoes"), hats],
            glossary_steps.PERSIST,
            lambda k: k.core.add_glossary("Boots"),
        ),
        Scene(
            "glossaries/persist",
            unknown,
            "g",
            [shoes],
            [glossary("Shoes", called="g", attributes={"A": "x"})],
            glossary_steps.PERSIST,
            without("Shoes"),
        ),
        Scene(
            "glossaries/perform",
            unknown,
            "g",
            [glossary("Shoes", called="g", **GONE)],
            [],
            glossary_steps.PERFORM,
            without("Shoes"),
            end="done",
        ),
        Scene(
            "glossaryEntries/persist",
            "Unknown translation entry type '<type>'",
            "e",
            [shoes],
            [shoes, entry("g", "Schuh", type="sentenc", called="e")],
        ),
        Scene(
            "glossaryEntries/persist",
            "Term with identity '<id>' not found.",
            "e",
            [shoes, term],
            [shoes, entry("g", "Schuh", en("shoe"), called="e")],
            glossary_steps.PERSIST_ENTRIES,
            gone,
        ),
        Scene(
            "glossaryEntries/persist",
            "Sentence with identity '<id>' not found.",
            "e",
            [shoes, sentence],
            [shoes, entry("g", "Der Schuh.", en("A shoe."), type="sentence", called="e")],
            glossary_steps.PERSIST_ENTRIES,
            gone,
        ),
        Scene(
            "glossaryEntries/persist",
            no_glossary,
            "e",
            [shoes],
            [shoes, term],
            glossary_steps.PERSIST_ENTRIES,
            without("Shoes"),
        ),
        Scene(
            "glossaryEntries/perform",
            no_entry,
            "e",
            [shoes, hats, term],
            [shoes, hats, into],
            glossary_steps.PERFORM_ENTRIES,
            gone,
        ),
        Scene(
            "glossaryEntries/perform",
            no_entry,
            "e",
            [shoes, entry("g", "Schuh", called="e", **GONE)],
            [shoes],
            glossary_steps.PERFORM_ENTRIES,
            gone,
            end="done",
        ),
        Scene(
            "glossaryEntries/perform",
            no_glossary,
            "e",
            [shoes, hats, term],
            [shoes, hats, into],
            glossary_steps.PERFORM_ENTRIES,
            without("Hats"),
        ),
    ]
