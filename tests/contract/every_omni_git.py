"""Repositories of models of Omni Analytics in the table of every kind."""

from __future__ import annotations

from typing import Any

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.every_omni_model import lake, model_id
from tests.contract.every_omni_words import DELETE, did, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import state
from tests.world import World

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


def _put(field: str, one: Json, two: Json, *more: Step, behind: Any = ABSENT) -> Row:
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
            holds={"another", "no-rename"},
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
