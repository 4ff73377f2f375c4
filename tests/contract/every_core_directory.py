"""Directories of OMN Core in the table of every kind."""

from __future__ import annotations

from typing import Any, Final

from tests.contract.directories import tree
from tests.contract.every_core_words import DELETE, moves
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.world import World

PERSIST: Final = "POST /dam/dirs/persist"
PERFORM: Final = "POST /dam/dirs/perform"
BELOW: Final = {"path": "x"}


def _others(w: World) -> None:
    w.core.add_rnc("MAM")
    w.core.add_rnc("DATA")
    w.core.add_directory("/MAM/theirs/sub", vals={"A": "x"})


def _was(key: str) -> dict[str, Any]:
    return {"previously": {"key": key}}


TEXTS: Final = {"A": "x", "B": ["1", "2"]}
SPOKEN: Final = {"A": "y", "B": ["2"], "C": {"en_GB": "c", "de_DE": ["d", "e"]}}
DIRECTORY = Table(
    "omn-core",
    "Directory",
    "products",
    {"rnc": "MAM", "path": "products"},
    lambda w: set(tree(w)),
    set_up=_others,
    rows=(
        Row(
            "rnc",
            "OC-R105",
            (never("MAM"), never("DATA", "immutable"), never("Nowhere", "unresolved"), never("MAM")),
        ),
        Row(
            "attributes",
            "OC-C41",
            (
                Step(TEXTS),
                Step(SPOKEN),
                drifted(
                    SPOKEN,
                    lambda w: w.core.describe_directory("/MAM/products", {**SPOKEN, "A": "t"}),
                    calls=By(1, 0),
                ),
                Step({"A": "y"}, By(0, 1)),  # sent again if the manifest changes (OC-R118)
                left_out(),
            ),
        ),
        Row("directories", "OC-C41", (Step([BELOW]), Step([BELOW, {"path": "y"}]), never([]), left_out())),
        Row(
            "directoriesMode",
            "OC-R115",
            (
                never("exact"),
                Step("exact", more={"directories": [BELOW]}),
                never("release"),
                never("release", more={"directories": []}),
                left_out(),
            ),
            more={"directories": [BELOW, {"path": "y"}]},
        ),
    ),
    deeds=(
        Deed("create", "OC-R109", say(attributes=TEXTS), calls=(PERSIST,), verb="create", there="/MAM/products"),
        Deed(
            "create whole",
            "OC-R110",
            say(directories=[{"path": "a", "directories": [{"path": "b"}]}]),
            calls=(PERFORM,),
            verb="create",
            there="/MAM/products/a/b",
        ),
        Deed(
            "create whole with values beneath",
            "OC-R113",
            say(directories=[{"path": "a", "attributes": TEXTS}]),
            calls=(PERFORM, PERSIST),
            verb="create",
            there="/MAM/products/a",
        ),
        Deed("create nowhere", "OC-R108", say(path="nowhere/a"), verb="create", holds={"unresolved"}),
        Deed("adopt", "OC-R107", say(path="theirs"), verb="adopt"),
        Deed(
            "adopt changed",
            "OC-R111",
            say(path="theirs/sub", attributes={"A": "y"}),
            calls=(PERSIST,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OC-R111",
            Sheet({"path": "wares"}, metadata=_was("products")),
            Sheet(),
            calls=(PERSIST,),
            verb="rename",
            there="/MAM/wares",
            gone="/MAM/products",
        ),
        Deed(
            "rename unsaid",
            "OC-R111",
            say(path="wares"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="/MAM/products",
        ),
        Deed(
            "rename to what is taken",
            "OC-R107",
            Sheet({"path": "theirs"}, metadata=_was("products")),
            Sheet(),
            verb="rename",
            holds={"name-taken"},
            there="/MAM/products",
        ),
        moves("OC-R107", "products"),
        Deed(
            "move beneath another",
            "OC-R112",
            Sheet({"path": "theirs/products"}, metadata=_was("products")),
            Sheet(),
            calls=(PERFORM,),
            verb="rename",
            there="/MAM/theirs/products",
            gone="/MAM/products",
        ),
        Deed(
            "move and rename",
            "OC-R112",
            Sheet({"path": "theirs/wares"}, metadata=_was("products")),
            Sheet(),
            calls=(PERSIST, PERFORM),
            verb="rename",
            there="/MAM/theirs/wares",
        ),
        Deed(
            "drift",
            "OC-R111",
            say(attributes=TEXTS),
            say(attributes=TEXTS),
            lambda w: w.core.rename_directory("/MAM/products", "t"),
            calls=(PERSIST,),
            verb="rename",
            there="/MAM/products",
        ),
        Deed("release", "OC-R115", GONE, Sheet(), verb="release", there="/MAM/products"),
        Deed("delete", "OC-R115", GONE, Sheet(life=DELETE), calls=(PERFORM,), verb="delete", gone="/MAM/products"),
        Deed(
            "delete with all that is in it",
            "OC-R115",
            GONE,
            Sheet({"directories": [BELOW], "directoriesMode": "exact"}, DELETE),
            calls=(PERFORM,),
            verb="delete",
            gone="/MAM/products",
        ),
        Deed(
            "delete with something of others in it",
            "OC-R115",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.add_directory("/MAM/products/theirs"),
            verb="delete",
            holds={"in-use"},
            there="/MAM/products",
        ),
        Deed(
            "delete with assets",
            "OC-R115",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.core.add_asset("/MAM/products"),
            verb="delete",
            holds={"in-use"},
            there="/MAM/products",
        ),
        Deed(
            "delete what others made",
            "OC-R115",
            GONE,
            Sheet({"path": "theirs/sub"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="/MAM/theirs/sub",
        ),
    ),
)
