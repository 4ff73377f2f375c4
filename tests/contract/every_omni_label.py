"""Labels of Omni Analytics in the table of every kind."""

from __future__ import annotations

from tests.contract.every_omni_words import DELETE, did, kept, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, say
from tests.world import World

MAKE = "POST /v1/labels"
FIRST = Sheet({"name": "Warm"}, kind="Label", name="warm")


def _others(w: World) -> None:
    did("POST", "/v1/labels", {"name": "Draft"})(w)


LABEL = Table(
    "omni-analytics",
    "Label",
    "hot",
    {"name": "Hot"},
    kept("labels"),
    edit=lambda w, body: did("PUT", "/v1/labels/Hot", body)(w),
    set_up=_others,
    rows=(
        Row("verified", "OA-R22", (Step(True), Step(False), drifted(False, True), left_out())),
        Row("homepage", "OA-R22", (Step(True), Step(False), drifted(False, True), left_out())),
    ),
    deeds=(
        Deed("create", "OA-R21", calls=(MAKE,), verb="create", there="Hot"),
        Deed(
            "create whole", "OA-C4", say(verified=True, homepage=True), calls=(MAKE,), verb="create", there="Hot"
        ),
        Deed("adopt", "OA-R19", say(name="draft"), verb="adopt", there="Draft"),
        Deed(
            "adopt changed",
            "OA-C4",
            say(name="Draft", verified=True, homepage=True),
            calls=("PUT /v1/labels/Draft",),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OA-R23",
            Sheet({"name": "Warm", "verified": True}, metadata={"previously": {"key": "Hot"}}),
            Sheet(),
            calls=("PUT /v1/labels/Hot",),
            verb="rename",
            there="Warm",
            gone="Hot",
        ),
        Deed(
            "rename in a ring",
            "OA-R23",
            Sheet({"name": "Warm"}, metadata={"previously": {"key": "Hot"}}),
            Sheet(),
            calls=("PUT /v1/labels/Hot", "PUT /v1/labels/Warm", "PUT /v1/labels/*"),
            verb="rename",
            also=(
                (FIRST,),
                (Sheet({"name": "Hot"}, metadata={"previously": {"key": "Warm"}}, kind="Label", name="warm"),),
            ),
        ),
        Deed(
            "rename unsaid",
            "OA-R23",
            say(name="Warm"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="Hot",
        ),
        moves("OA-R19", "hot"),
        Deed(
            "drift",
            "OA-R22",
            say(verified=True, homepage=True),
            say(verified=True, homepage=True),
            did("PUT", "/v1/labels/Hot", {"verified": False, "homepage": False}),
            calls=("PUT /v1/labels/Hot",),
            verb="update",
        ),
        Deed("release", "OA-R26", GONE, Sheet(life={"onRemove": "release"}), verb="release", there="Hot"),
        Deed("delete", "OA-R25", GONE, Sheet(), calls=("DELETE /v1/labels/Hot",), verb="delete", gone="Hot"),
        Deed(
            "delete in use",
            "OA-R25",
            GONE,
            Sheet(),
            lambda w: w.omni.add_document("Sales", labels=("Hot",)),
            verb="delete",
            holds={"in-use"},
            there="Hot",
        ),
        Deed("release what others made", "OA-R26", GONE, say(name="Draft"), verb="release", there="Draft"),
        Deed(
            "delete what others made",
            "OA-R26",
            GONE,
            Sheet({"name": "Draft"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Draft",
        ),
    ),
)
