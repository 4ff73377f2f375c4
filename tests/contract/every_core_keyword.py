"""Keywords of OMN Core in the table of every kind."""

from __future__ import annotations

from typing import Any, Final

from tests.contract.every_core_words import DELETE, LABEL, Labels, labels, moves
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, left_out, never, say
from tests.contract.keywords import forest
from tests.world import World

PERSIST: Final = "POST /common/keywords/persist"
PERFORM: Final = "POST /common/keywords/perform"
BELOW: Final = {"path": "Below"}
OTHER: Final = Sheet({"path": "Other"}, kind="Keyword", name="other-one")


def _others(w: World) -> None:
    w.core.add_keyword("Theirs", labels={"en_GB": "theirs"})
    w.core.add_keyword("Sub", "/Theirs")


def _labels(w: World, texts: Labels) -> None:
    w.core.change_keyword("/Seasons", labels=texts)


def _was(key: str) -> dict[str, Any]:
    return {"previously": {"key": key}}


KEYWORD = Table(
    "omn-core",
    "Keyword",
    "seasons",
    {"path": "Seasons"},
    lambda w: set(forest(w)),
    set_up=_others,
    entries={"labels": LABEL},
    rows=(
        *labels("OC-C2", "OC-R21", _labels),
        Row("keywords", "OC-C2", (Step([BELOW]), Step([BELOW, {"path": "More"}]), never([]), left_out())),
        Row(
            "keywordsMode",
            "OC-R29",
            (
                never("exact"),
                Step("exact", more={"keywords": [BELOW]}),
                never("release"),
                never("release", more={"keywords": []}),
                left_out(),
            ),
            more={"keywords": [BELOW, {"path": "More"}]},
        ),
    ),
    deeds=(
        Deed("create", "OC-R24", calls=(PERSIST,), verb="create", there="Seasons"),
        Deed(
            "create whole",
            "OC-C3",
            say(labels={"en_GB": "Seasons"}, keywords=[BELOW, {"path": "More", "keywords": [BELOW]}]),
            calls=By((PERSIST,), (PERSIST,) * 3),  # per level one more (OC-R30)
            verb="create",
            there="Seasons/More/Below",
        ),
        Deed("adopt", "OC-R19", say(path="Theirs", labels={"en_GB": "theirs"}), verb="adopt"),
        Deed(
            "adopt changed",
            "OC-R23",
            say(path="Theirs/Sub", labels={"en_GB": "sub"}),
            calls=(PERSIST,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OC-R25",
            Sheet({"path": "Times"}, metadata=_was("Seasons")),
            Sheet(),
            calls=(PERSIST,),
            verb="rename",
            there="Times",
            gone="Seasons",
        ),
        Deed(
            "rename unsaid",
            "OC-R25",
            say(path="Times"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="Seasons",
        ),
        Deed(
            "rename in a ring",
            "OC-R27",
            Sheet({"path": "Other"}, metadata=_was("Seasons")),
            Sheet(),
            calls=(PERSIST, PERSIST),
            verb="rename",
            also=(
                (OTHER,),
                (Sheet({"path": "Seasons"}, metadata=_was("Other"), kind="Keyword", name="other-one"),),
            ),
        ),
        Deed(
            "rename to what is taken",
            "OC-R25",
            Sheet({"path": "Theirs"}, metadata=_was("Seasons")),
            Sheet(),
            verb="rename",
            holds={"name-taken"},
            there="Seasons",
        ),
        moves("OC-R19", "seasons"),
        Deed(
            "move beneath another",
            "OC-R26",
            Sheet({"path": "Theirs/Seasons"}, metadata=_was("Seasons")),
            Sheet(),
            calls=(PERFORM,),
            verb="rename",
            there="Theirs/Seasons",
            gone="Seasons",
        ),
        Deed(
            "move and rename",
            "OC-R26",
            Sheet({"path": "Theirs/Times"}, metadata=_was("Seasons")),
            Sheet(),
            calls=(PERSIST, PERFORM),
            verb="rename",
            there="Theirs/Times",
            gone="Seasons",
        ),
        Deed(
            "drift",
            "OC-R23",
            say(labels={"en_GB": "Seasons"}),
            say(labels={"en_GB": "Seasons"}),
            lambda w: w.core.change_keyword("/Seasons", value="T", labels={"en_GB": "T"}),
            calls=(PERSIST,),
            verb="rename",
            there="Seasons",
            gone="T",
        ),
        Deed(
            "moved by others",
            "OC-R14",
            Sheet(),
            Sheet(),
            lambda w: w.core.move_keyword("/Seasons", "/Theirs"),
            calls=By((PERFORM,), (PERSIST,)),  # beneath a root that nobody names it is not looked for
            verb=By("rename", "create"),
            there="Seasons",
        ),
        Deed("release", "OC-R29", GONE, Sheet(), verb="release", there="Seasons"),
        Deed("delete", "OC-R28", GONE, Sheet(life=DELETE), calls=(PERFORM,), verb="delete", gone="Seasons"),
        Deed(
            "delete with all that is in it",
            "OC-R28",
            GONE,
            Sheet({"keywords": [BELOW], "keywordsMode": "exact"}, DELETE),
            calls=(PERFORM,),
            verb="delete",
            gone="Seasons",
        ),
        Deed(
            "delete with something of others in it",
            "OC-R29",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.add_keyword("X", "/Seasons"),
            verb="delete",
            holds={"in-use"},
            there="Seasons",
        ),
        Deed(
            "delete with assets",
            "OC-R29",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.link_asset("/Seasons"),
            verb="delete",
            holds={"in-use"},
            there="Seasons",
        ),
        Deed(
            "delete what others made",
            "OC-R29",
            GONE,
            Sheet({"path": "Theirs/Sub"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Theirs/Sub",
        ),
    ),
)
