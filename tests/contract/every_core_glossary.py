"""Glossaries of OMN Core and their entries in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reconciler.model.json import Json
from reconciler.twins.omn_core.glossary_things import Entry
from tests.contract.every_core_words import moves
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.glossaries import shown
from tests.world import World

PERSIST: Final = "POST /common/glossaries/persist"
PERFORM: Final = "POST /common/glossaries/perform"
WRITE: Final = "POST /common/glossaryEntries/persist"
ACT: Final = "POST /common/glossaryEntries/perform"
DELETE: Final[dict[str, Json]] = {"onRemove": "delete", "allow": ["delete", "first-removals"]}
ONE: Final = {"locale": "de_DE", "type": "term", "text": "eins"}
TWO: Final = {"locale": "de_DE", "type": "term", "text": "zwei"}


def _others(w: World) -> None:
    w.core.add_glossary("Theirs", vals={"A": "x"})
    w.core.add_entry("Theirs", "Hut", "de_DE", translations={"en_EN": "hat"})


def _live(w: World) -> set[str]:
    found = shown(w)
    return {*found, *(f"{name}: {text}" for name, texts in found.items() for text in texts)}


def _was(key: str) -> dict[str, Any]:
    return {"previously": {"key": key}}


def _values(name: str, **vals: Json) -> Callable[[World], object]:
    return lambda w: w.core.change_glossary(name, vals=vals)


GLOSSARY = Table(
    "omn-core",
    "Glossary",
    "shoes",
    {"name": "Shoes"},
    _live,
    set_up=_others,
    rows=(
        Row(
            "multipleTranslations",
            "OC-R92",
            (Step(True), Step(False), never(False, note="not verifiable"), left_out()),
        ),
        Row(
            "attributes",
            "OC-R91",
            (
                Step({"A": "x"}),
                Step({"A": "y", "B": "z"}),
                drifted({"A": "y", "B": "z"}, _values("Shoes", A="t", B="z")),
                never({"A": "y"}),
                left_out(),
            ),
        ),
        Row("entries", "OC-C31", (Step([ONE]), Step([ONE, TWO]), never([]), left_out())),
        Row(
            "entriesMode",
            "OC-R101",
            (
                never("exact"),
                Step("exact", more={"entries": [ONE]}),
                never("release"),
                never("release", more={"entries": []}),
                left_out(),
            ),
            more={"entries": [ONE, TWO]},
        ),
    ),
    deeds=(
        Deed("create", "OC-C31", calls=(PERSIST,), verb="create", there="Shoes"),
        Deed(
            "create whole",
            "OC-C31",
            say(multipleTranslations=True, attributes={"A": "x"}, entries=[ONE, TWO]),
            calls=(PERSIST, WRITE),
            verb="create",
            there="Shoes: de_DE zwei",
        ),
        Deed("take a value away", "OC-R91", say(attributes={"A": None}), mistake="cannot be taken away"),
        Deed("adopt", "OC-R88", say(name="Theirs", attributes={"A": "x"}), verb="adopt"),
        Deed("adopt changed", "OC-R92", say(name="Theirs", attributes={"A": "y"}), calls=(PERSIST,), verb="adopt"),
        Deed(
            "rename",
            "OC-R92",
            Sheet({"name": "Boots"}, metadata=_was("Shoes")),
            say(entries=[ONE]),
            calls=(PERSIST,),
            verb="rename",
            there="Boots: de_DE eins",
            gone="Shoes",
        ),
        Deed(
            "rename unsaid",
            "OC-R92",
            say(name="Boots"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="Shoes",
        ),
        Deed(
            "rename in a ring",
            "OC-R94",
            Sheet({"name": "Hats"}, metadata=_was("Shoes")),
            Sheet(),
            calls=(PERSIST, PERSIST),
            verb="rename",
            also=(
                (Sheet({"name": "Hats"}, kind="Glossary", name="hats"),),
                (Sheet({"name": "Shoes"}, metadata=_was("Hats"), kind="Glossary", name="hats"),),
            ),
        ),
        Deed(
            "rename to what is taken",
            "OC-R89",
            Sheet({"name": "THEIRS"}, metadata=_was("Shoes")),
            Sheet(),
            verb="rename",
            holds={"name-taken"},
            there="Shoes",
        ),
        moves("OC-R88", "shoes"),
        Deed(
            "drift",
            "OC-R92",
            say(attributes={"A": "x"}),
            say(attributes={"A": "x"}),
            lambda w: w.core.change_glossary("Shoes", name="T", vals={"A": "t"}),
            calls=(PERSIST,),
            verb="rename",
            there="Shoes",
            gone="T",
        ),
        Deed(
            "the system's own",
            "OC-R90",
            say(name="Default", attributes={"A": "x"}),
            verb="adopt",
            holds={"system"},
        ),
        Deed("release", "OC-R93", GONE, say(entries=[ONE]), verb="release", there="Shoes: de_DE eins"),
        Deed("delete", "OC-R93", GONE, Sheet(life=DELETE), calls=(PERFORM,), verb="delete", gone="Shoes"),
        Deed(
            "delete with all that is in it",
            "OC-R93",
            GONE,
            Sheet({"entries": [ONE, TWO], "entriesMode": "exact"}, DELETE),
            calls=(ACT, PERFORM),
            verb="delete",
            gone="Shoes",
        ),
        Deed(
            "delete with something of others in it",
            "OC-R93",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.add_entry("Shoes", "x"),
            verb="delete",
            holds={"in-use"},
            there="Shoes",
        ),
        Deed(
            "delete what others made",
            "OC-R93",
            GONE,
            Sheet({"name": "Theirs"}, DELETE),
            verb="delete",
            holds={"not-ours", "in-use"},
            there="Theirs",
        ),
    ),
)


# GlossaryEntry.


SHOE: Final = {"locale": "en_EN", "text": "shoe"}
CHAUSSURE: Final = {"locale": "fr_FR", "text": "chaussure"}
KEPT: Final = By(False, True)
"""A translation that leaves is deleted as the entry it is, which the adversarial profile does not do (OC-R99)."""
KEPT_ONCE: Final = By("", "changed-by-server")


def _entry(w: World, text: str = "Schuh", of: str = "Terms") -> str:
    at = w.core.glossary(of).id
    (found,) = (e.id for e in w.core.state.of(Entry).values() if (e.value, e.glossary_id) == (text, at))
    return found


def _with_terms(w: World) -> None:
    _others(w)
    w.core.add_glossary("Terms")
    w.core.add_glossary("More")


def _translated(w: World, text: str = "T", loc: str = "en_EN") -> None:
    """Somebody deletes the translation of a locale and enters another one."""
    for own in [e.id for e in w.core.state.of(Entry).values() if e.loc == loc and e.value != "hat"]:
        w.core.remove_entry(own)
    w.core.add_translation(_entry(w), text, loc)


def _forbidden(w: World) -> None:
    """Somebody forbids the translation."""
    w.core.change_entry(_entry(w, "shoe"), "shoe", forbidden=True)


GLOSSARY_ENTRY = Table(
    "omn-core",
    "GlossaryEntry",
    "schuh",
    {"glossary": "Terms", "locale": "de_DE", "type": "term", "text": "Schuh"},
    _live,
    set_up=_with_terms,
    entries={"translations": SHOE},
    rows=(
        Row("glossary", "OC-R102", (never("Terms"), Step("More"), Step("Theirs"), never("Nowhere", "unresolved"))),
        Row("locale", "OC-R95", (never("en_EN", "immutable"), never("fr_FR", "immutable"), never("de_DE"))),
        Row("type", "OC-R95", (never("sentence", "immutable"), never("term"))),
        Row("forbidden", "OC-R97", (Step(True), Step(False), never(False, note="not verifiable"), left_out())),
        Row(
            "translations",
            "OC-C31",
            (
                Step([SHOE]),
                Step([{**SHOE, "similarity": 80, "forbidden": True}, CHAUSSURE]),
                drifted([{**SHOE, "similarity": 80, "forbidden": True}, CHAUSSURE], _translated),
                Step([], refused=KEPT),
                left_out(),
            ),
        ),
        Row("translations/locale", "OC-R98", (Step("en_EN"), never("en_UK", "unresolved"))),
        Row("translations/text", "OC-R98", (Step("shoe"), Step("boot"), drifted("boot", _translated))),
        Row("translations/similarity", "OC-R98", (Step(80), Step(90), drifted(90, _translated), left_out())),
        Row("translations/forbidden", "OC-R98", (Step(True), Step(False), drifted(False, _forbidden), left_out())),
        Row(
            "translationsMode",
            "OC-R97",
            (
                never("additive"),
                never("additive", behind=lambda w: _translated(w, "t", "fr_FR")),
                Step("exact", refused=KEPT),
                left_out(hold=KEPT_ONCE),
            ),
            more={"translations": [SHOE]},
        ),
    ),
    deeds=(
        Deed("create", "OC-C31", calls=(WRITE,), verb="create", there="Terms: de_DE Schuh"),
        Deed(
            "create whole",
            "OC-C31",
            say(type="sentence", forbidden=True, translations=[{**SHOE, "similarity": 70}, CHAUSSURE]),
            calls=(WRITE,),
            verb="create",
            there="Terms: fr_FR chaussure",
        ),
        Deed("create nowhere", "OC-R95", say(glossary="Nowhere"), verb="create", holds={"unresolved"}),
        Deed("adopt", "OC-R88", say(glossary="Theirs", text="Hut"), verb="adopt"),
        Deed(
            "adopt changed",
            "OC-R98",
            say(glossary="Theirs", text="Hut", translations=[{"locale": "en_EN", "text": "cap"}]),
            calls=(WRITE,),
            verb="adopt",
            there="Theirs: en_EN cap",
        ),
        Deed(
            "rename",
            "OC-R98",
            Sheet({"text": "Stiefel"}, metadata=_was("Schuh")),
            Sheet(),
            calls=(WRITE,),
            verb="rename",
            there="Terms: de_DE Stiefel",
            gone="Terms: de_DE Schuh",
        ),
        Deed(
            "rename unsaid",
            "OC-R98",
            say(text="Stiefel"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="Terms: de_DE Schuh",
        ),
        moves("OC-R88", "schuh"),
        Deed(
            "move to another glossary",
            "OC-R102",
            say(glossary="More"),
            Sheet(),
            calls=(ACT,),
            verb="update",
            there="More: de_DE Schuh",
            gone="Terms: de_DE Schuh",
        ),
        Deed(
            "move and rename",
            "OC-R102",
            Sheet({"glossary": "More", "text": "Stiefel"}, metadata=_was("Schuh")),
            Sheet(),
            calls=(WRITE, ACT),
            verb="rename",
            there="More: de_DE Stiefel",
        ),
        Deed(
            "drift",
            "OC-R98",
            say(translations=[SHOE]),
            say(translations=[SHOE]),
            _translated,
            calls=(WRITE,),
            verb="update",
            there="Terms: en_EN shoe",
        ),
        Deed("release", "OC-R101", GONE, Sheet(), verb="release", there="Terms: de_DE Schuh"),
        Deed(
            "delete", "OC-R101", GONE, Sheet(life=DELETE), calls=(ACT,), verb="delete", gone="Terms: de_DE Schuh"
        ),
        Deed(
            "delete with translations",
            "OC-R101",
            GONE,
            Sheet({"translations": [SHOE]}, DELETE),
            calls=(ACT,),
            verb="delete",
            gone="Terms: en_EN shoe",
        ),
        Deed(
            "delete what others made",
            "OC-R101",
            GONE,
            Sheet({"glossary": "Theirs", "text": "Hut"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Theirs: de_DE Hut",
        ),
    ),
)
