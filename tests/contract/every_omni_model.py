"""Models of Omni Analytics in the table of every kind."""

from __future__ import annotations

from reconciler.model.json import ABSENT
from tests.contract.every_omni_words import DELETE, kept, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, left_out, never, say
from tests.contract.grants import state
from tests.contract.warehouses import live
from tests.world import World


def lake(w: World) -> None:
    """A connection with a schema model and two shared ones; one with a schema model alone; one without any."""
    lake, dev = w.omni.add_connection("Lake"), w.omni.add_connection("Dev")
    w.omni.add_connection("Bare")
    schema = w.omni.add_model(lake, "SCHEMA")
    w.omni.add_model(dev, "SCHEMA")
    for name in ("Orders", "Core"):
        w.omni.add_model(lake, "SHARED", name, base_id=schema)


def model_id(w: World, name: str = "Orders") -> str:
    (found,) = (i for i, m in state(w, "models").items() if m["name"] == name)
    return found


# Model.


MAKE = "POST /v1/models"
EXTENSION = {"modelKind": "SHARED_EXTENSION", "name": "Ext", "extends": "Orders"}
HIDDEN = "not verifiable"
MODEL = Table(
    "omni-analytics",
    "Model",
    "sales",
    {"connection": "Lake", "modelKind": "SHARED", "name": "Sales"},
    kept("models"),
    set_up=lake,
    entries={"accessGrants": {"name": "finance"}},
    rows=(
        Row(
            "connection",
            "OA-R163",
            (never("Lake"), never("Dev", "immutable"), never("Nowhere", "unresolved"), never("Lake")),
        ),
        Row(
            "modelKind",
            "OA-R163",
            (
                never("SHARED"),
                never("SHARED_EXTENSION", "immutable", more={"extends": "Orders"}),
                never("SHARED", more={"extends": ABSENT}),
            ),
        ),
        Row(
            "extends",
            "OA-R163",
            (never("Orders"), never("Core", "immutable"), never("Orders")),
            more=EXTENSION,
            needed=True,
        ),
        Row(
            "accessGrants",
            "OA-R163",
            (
                never([{"name": "a"}], note=HIDDEN),
                never([{"name": "b"}], "immutable"),
                never([], "immutable"),
                left_out(),
            ),
        ),
        Row("accessGrants/name", "OA-R163", (never("a", note=HIDDEN), never("b", "immutable"), never("a"))),
        Row(
            "accessGrants/accessBoostable",
            "OA-R163",
            (never(True), never(False, "immutable"), never(True), Step(ABSENT, 0, "immutable")),
            begins=True,
        ),
        Row(
            "allowAsWorkbookBase",
            "OA-R163",
            (never(True, note=HIDDEN), never(False, "immutable"), never(True), left_out()),
            more=EXTENSION,
        ),
        Row(
            "refreshOnCreate",
            "OA-R164",
            (never(True), never(False), left_out()),
            more={"connection": "Dev", "modelKind": "SCHEMA", "name": ABSENT},
        ),
        Row("validate", "OA-R166", (never(True), never(False), left_out())),
    ),
    deeds=(
        Deed("create", "OA-C30", calls=(MAKE,), verb="create", there="Sales"),
        Deed(
            "create whole",
            "OA-R163",
            say(**EXTENSION, accessGrants=[{"name": "a", "accessBoostable": True}], allowAsWorkbookBase=True),
            calls=(MAKE,),
            verb="create",
            there="Ext",
        ),
        Deed(
            "create a schema model and refresh it",
            "OA-R164",
            say(connection="Bare", modelKind="SCHEMA", name=ABSENT, refreshOnCreate=True),
            calls=(MAKE, "POST /v1/models/*/refresh"),
            verb="create",
        ),
        Deed(
            "create and validate",
            "OA-R166",
            say(validate=True),
            calls=(MAKE, "GET /v1/models/*/validate"),
            verb="create",
        ),
        Deed(
            "create without a schema model",
            "OA-R161",
            say(connection="Bare"),
            verb="create",
            holds={"no-schema-model"},
            gone="Sales",
        ),
        Deed("adopt", "OA-R160", say(name="Orders"), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-R163",
            say(**{**EXTENSION, "extends": "Core"}),
            meanwhile=lambda w: w.omni.add_model(
                live(w)["Lake"]["id"], "SHARED_EXTENSION", "Ext", base_id=model_id(w)
            ),
            verb="adopt",
            holds={"immutable"},
        ),
        Deed(
            "rename",
            "OA-R163",
            Sheet({"name": "New"}, metadata={"previously": {"key": "Sales"}}),
            Sheet(),
            mistake="rename the model in the product",
        ),
        Deed(
            "rename unsaid",
            "OA-R163",
            say(name="New"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="Sales",
            gone="New",
        ),
        moves("OA-R160", "sales"),
        Deed(
            "drift",
            "OA-R163",
            Sheet(),
            Sheet(),
            lambda w: w.omni.rename_model(model_id(w, "Sales"), "Theirs"),
            verb="rename",
            holds={"no-rename"},
            there="Theirs",
            gone="Sales",
        ),
        Deed("release", "OA-R163", GONE, Sheet(), verb="release", there="Sales"),
        Deed("delete", "OA-R163", Sheet(life=DELETE), mistake="onRemove"),
    ),
)
