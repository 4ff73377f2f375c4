"""Files of models of Omni Analytics in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reconciler.model.json import ABSENT, Json
from tests.contract.every_omni_model import lake, model_id
from tests.contract.every_omni_words import DELETE, did, moves
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import state
from tests.world import World

ISSUE: Final[dict[str, Json]] = {"message": "no such field", "is_warning": False, "yaml_path": "orders.view"}
OTHER: Final = "00000006-0000-4000-8000-0000000000ff"
YAML, VALIDATE = "POST /unstable/models/*/yaml", "GET /v1/models/*/validate"


def _code(w: World) -> None:
    lake(w)
    w.omni.add_file(model_id(w, "Core"), "orders.view", "a: theirs\n")
    for name in ("a", "b"):
        (w.root / f"{name}.yaml").write_text(f"{name}: 1\n")


def _files(w: World) -> set[str]:
    names = {i: m["name"] for i, m in state(w, "models").items()}
    return {f"{names[f['model_id']]} {f['yaml'].strip()}" for f in state(w, "model_files").values()}


def _theirs(text: str, name: str = "orders.view") -> Callable[[World], object]:
    return lambda w: w.omni.add_file(model_id(w), name, text)


def _repository(**more: Json) -> Callable[[World], object]:
    return lambda w: did("POST", f"/v1/models/{model_id(w)}/git", {"sshUrl": "git@example.com:a/b.git", **more})(w)


FILE = Table(
    "omni-analytics",
    "ModelFile",
    "orders",
    {"connection": "Lake", "model": "Orders", "file": "orders.view", "text": "a: 1\n"},
    _files,
    set_up=_code,
    along=None,
    rows=(
        Row("connection", "OA-R183", (never("Lake"), never("Dev", "unresolved"), never("Lake"))),
        Row(
            "model",
            "OA-R183",
            (never("Orders"), never("Core", {"another", "name-taken"}), never("Orders")),
        ),
        Row(
            "text", "OA-C33", (never("a: 1\n"), Step("b: 1\n"), drifted("b: 1\n", _theirs("c: 1\n"))), needed=True
        ),
        Row(
            "contentFrom",
            "OA-C33",
            (never("a.yaml"), Step("b.yaml"), drifted("b.yaml", _theirs("c: 1\n"))),
            more={"text": ABSENT, "contentFrom": "a.yaml"},
            sends="text",
            needed=True,
        ),
        Row("mode", "OA-R185", (never("combined"), never("extension"), left_out())),
        Row("commitMessage", "OA-R184", (never("One"), never("Two"), left_out())),
        Row("branchId", "OA-R184", (never(OTHER, "another"), never(f"{OTHER[:-1]}e", "another"), left_out())),
        Row("validate", "OA-R187", (never(True), never(False), left_out())),
    ),
    deeds=(
        Deed("create", "OA-C33", calls=(YAML,), verb="create", there="Orders a: 1"),
        Deed(
            "create and validate",
            "OA-R187",
            say(validate=True),
            calls=(YAML, VALIDATE),
            verb="create",
            there="Orders a: 1",
        ),
        Deed(
            "create in a model that follows git",
            "OA-R184",
            say(commitMessage="first"),
            meanwhile=_repository(gitFollower=True),
            verb="create",
            holds={"git-follower"},
            gone="Orders a: 1",
        ),
        Deed(
            "create without a message where there is a repository",
            "OA-R184",
            meanwhile=_repository(),
            verb="create",
            holds={"commit-message"},
            gone="Orders a: 1",
        ),
        Deed(
            "create with a message",
            "OA-R184",
            say(commitMessage="first"),
            meanwhile=_repository(),
            calls=(YAML,),
            verb="create",
        ),
        Deed("adopt", "OA-R183", say(model="Core", text="a: theirs\n"), verb="adopt"),
        Deed("adopt changed", "OA-R185", say(model="Core"), calls=(YAML,), verb="adopt", there="Core a: 1"),
        Deed(
            "rename",
            "OA-R183",
            Sheet({"file": "b.view"}, metadata={"previously": {"key": "orders.view"}}),
            Sheet(),
            mistake="a file keeps its name",
        ),
        Deed(
            "rename unsaid",
            "OA-R183",
            say(file="b.view"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="Orders a: 1",
        ),
        moves("OA-R183", "orders"),
        Deed(
            "drift",
            "OA-R185",
            say(validate=True),
            say(validate=True),
            _theirs("t: 1\n"),
            calls=(YAML, VALIDATE),
            verb="update",
            there="Orders a: 1",
        ),
        Deed("release", "OA-R186", GONE, Sheet(), verb="release", there="Orders a: 1"),
        Deed("delete", "OA-R186", GONE, Sheet(life=DELETE), calls=(YAML,), verb="delete", gone="Orders a: 1"),
        Deed(
            "delete what others made",
            "OA-R186",
            GONE,
            Sheet({"model": "Core", "text": "a: theirs\n"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Core a: theirs",
        ),
    ),
)
