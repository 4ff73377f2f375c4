"""Models of Omni Analytics, their repositories, files and roles, in the table of every kind."""

from __future__ import annotations

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.every_omni_words import DELETE, did, kept, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
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
            holds={"no-rename", "rename-unconfirmed"},
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


# Its repository.


GIT = "/v1/models/*/git"
URL = "git@github.com:example/models.git"


def _git(w: World, body: JsonObject) -> None:
    did("PATCH", f"/v1/models/{model_id(w)}/git", body)(w)


def _lake_with_git(w: World) -> None:
    lake(w)
    did("POST", f"/v1/models/{model_id(w, 'Core')}/git", {"sshUrl": URL})(w)


def _configured(w: World) -> set[str]:
    names = {i: str(m["name"]) for i, m in state(w, "models").items()}
    return {
        f"{names[i]} {g['config']['baseBranch'] if 'config' in g else ''}".strip()
        for i, g in state(w, "model_git").items()
    }


def _put(field: str, one: Json, two: Json, *more: Step, behind: Json = ABSENT) -> Row:
    behind = one if behind is ABSENT else behind
    return Row(field, "OA-R173", (Step(one), Step(two), drifted(two, behind), *more, left_out()))


MODEL_GIT = Table(
    "omni-analytics",
    "ModelGit",
    "git",
    {"connection": "Lake", "model": "Orders", "sshUrl": URL},
    _configured,
    edit=_git,
    set_up=_lake_with_git,
    rows=(
        Row("connection", "OA-R170", (never("Lake"), never("Dev", "unresolved"), never("Lake"))),
        Row(
            "sshUrl",
            "OA-R173",
            (
                never(URL),
                Step("ssh://git@example.com/models.git"),
                drifted("ssh://git@example.com/models.git", URL),
            ),
        ),
        _put("baseBranch", "trunk", "main"),
        _put("modelPath", "sales", "/models/sales", Step("omni/sales"), never("sales")),
        _put("requirePullRequest", "always", "users-only"),
        _put("branchPerPullRequest", True, False),
        _put("gitFollower", True, False),
        _put("gitServiceProvider", "gitlab", "bitbucket", never("auto")),
        _put("webUrl", "https://git.example.com/a", "https://git.example.com/b"),
        Row(
            "webhookSecret",
            "OA-R172",
            (never({"toFile": "secrets/a"}), never({"toFile": "secrets/b"}), left_out()),
        ),
    ),
    deeds=(
        Deed("create", "OA-C31", calls=(f"POST {GIT}",), verb="create", there="Orders"),
        Deed(
            "create whole",
            "OA-R172",
            say(
                baseBranch="trunk",
                modelPath="sales",
                requirePullRequest="always",
                branchPerPullRequest=True,
                gitFollower=True,
                gitServiceProvider="gitlab",
                webUrl="https://git.example.com/a",
                webhookSecret={"toFile": "secrets/hook"},
            ),
            calls=(f"POST {GIT}",),
            verb="create",
        ),
        Deed("adopt", "OA-R170", say(model="Core"), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-C31",
            say(model="Core", baseBranch="trunk", requirePullRequest="always"),
            calls=(f"PATCH {GIT}",),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OA-R171",
            Sheet({"model": "Core"}, metadata={"previously": {"key": "Orders"}}),
            Sheet(),
            mistake="stays with its model",
        ),
        Deed(
            "rename unsaid",
            "OA-R171",
            say(model="Core"),
            Sheet(),
            verb="rename",
            holds={"another", "name-taken", "no-rename", "rename-unconfirmed"},
        ),
        moves("OA-R170", "git"),
        Deed(
            "drift",
            "OA-R173",
            say(requirePullRequest="always", baseBranch="trunk"),
            say(requirePullRequest="always", baseBranch="trunk"),
            lambda w: _git(w, {"requirePullRequest": "never", "baseBranch": "main"}),
            calls=(f"PATCH {GIT}",),
            verb="update",
        ),
        Deed(
            "once fetchSecret",
            "OA-R172",
            Sheet({"webhookSecret": {"toFile": "secrets/two"}}, metadata={"once": {"fetchSecret": "1"}}),
            Sheet(),
            calls=(f"GET {GIT}?include=webhookSecret",),
            verb="update",
        ),
        Deed(
            "once fetchSecret without a place",
            "OA-R172",
            Sheet(metadata={"once": {"fetchSecret": "1"}}),
            Sheet(),
            verb="update",
            holds={"no-sink"},
        ),
        Deed("release", "OA-R174", GONE, Sheet(), verb="release", there="Orders"),
        Deed(
            "delete", "OA-R174", GONE, Sheet(life=DELETE), calls=(f"DELETE {GIT}",), verb="delete", gone="Orders"
        ),
        Deed(
            "delete what others made",
            "OA-R174",
            GONE,
            Sheet({"model": "Core"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Core",
        ),
    ),
)
TABLES = (MODEL, MODEL_GIT)
