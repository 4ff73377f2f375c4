"""The files of models of Omni Analytics, and who has which role on them, in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from reconciler.model.json import ABSENT, Json
from tests.contract.every_omni_model import lake, model_id
from tests.contract.every_omni_words import BOB, DELETE, JANE, TEAM, did, moves, with_people
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import group_ids, state
from tests.contract.groups import people
from tests.contract.warehouses import live
from tests.world import World

# Files.


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
            (never("Orders"), never("Core", "another"), never("Orders")),
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
        Row("branchId", "OA-R184", (never(OTHER, "another"), never(f"{OTHER}a", "another"), left_out())),
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
            holds={"no-rename", "rename-unconfirmed"},
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


# Roles.


GIVE, GIVE_GROUP = "POST /v1/users/*/model-roles", "POST /v1/user-groups/*/model-roles"


def _subjects(w: World) -> None:
    with_people(w)
    did("POST", "/scim/v2/groups", {"displayName": "Night", "members": []})(w)
    lake(w)
    w.omni.add_role(people(w)[BOB], "VIEWER", live(w)["Lake"]["id"], model_id(w))


def _given(role: str, model: str | None = "Orders") -> Callable[[World], object]:
    """Somebody gives the group a role in the product, or another one."""

    def give(w: World) -> None:
        at = model_id(w, model) if model else None
        w.omni.add_role(group_ids(w)[TEAM], role, live(w)["Lake"]["id"], at, is_group=True)

    return give


def _taken(w: World) -> None:
    w.omni.remove_role(group_ids(w)[TEAM], live(w)["Lake"]["id"], model_id(w), is_group=True)


def _roles(w: World) -> set[str]:
    names = {i: n for n, i in (*people(w).items(), *group_ids(w).items())}
    models = {i: str(m["name"]) for i, m in state(w, "models").items()}
    return {
        f"{names[r['subject']]} {r['role']} {models.get(r['model_id'] or '', '-')}"
        for r in state(w, "model_roles").values()
    }


def on(role: str, model: str | None = "Orders", **more: Any) -> dict[str, Any]:
    return {"connection": "Lake", "role": role, **({"model": model} if model else {}), **more}


ONLY = By(1, 0)
"""Who administers a whole connection is shown as one who does each model (OA-P44)."""
UNSAID = frozenset({"another", "name-taken", "no-rename", "rename-unconfirmed"})
QUERIES = [on("QUERIER"), on("CONNECTION_ADMIN", None)]
STAYS = "cannot be removed by this API; still assigned"
ROLES = Table(
    "omni-analytics",
    "ModelRoles",
    "team",
    {"subject": {"group": TEAM}, "roles": [on("QUERIER")]},
    _roles,
    set_up=_subjects,
    entries={"roles": on("CONNECTION_ADMIN")},
    along=None,
    rows=(
        Row(
            "subject/user",
            "OA-R176",
            (never(JANE), never(BOB, UNSAID), left_out(hold=UNSAID, more={"subject": {"group": TEAM}})),
            more={"subject": {}},
            begins=JANE,
        ),
        Row(
            "subject/group",
            "OA-R176",
            (never(TEAM), never("Night", UNSAID), left_out(hold=UNSAID, more={"subject": {"user": JANE}})),
            begins=TEAM,
        ),
        Row(
            "roles",
            "OA-C32",
            (
                Step([on("MODELER")]),
                Step([on("MODELER"), on("CONNECTION_ADMIN", None), on("NO_ACCESS", "Core")], 2),
                drifted([on("MODELER"), on("CONNECTION_ADMIN", None), on("NO_ACCESS", "Core")], _given("VIEWER")),
                drifted([on("MODELER"), on("CONNECTION_ADMIN", None), on("NO_ACCESS", "Core")], _taken),
                never([on("CONNECTION_ADMIN", None)], note=STAYS),
                never([], note=STAYS),
            ),
        ),
        Row("roles/connection", "OA-R181", (Step("Lake"), never("Dev", "unresolved"))),
        Row("roles/model", "OA-R178", (Step("Orders", ONLY), Step("Core", ONLY), never(None), never(ABSENT))),
        Row("roles/role", "OA-C32", (never("QUERIER"), Step("MODELER"), drifted("MODELER", _given("VIEWER")))),
        Row("roles/because", "OA-R180", (never("FIN-1"), never("FIN-2"), left_out())),
        Row(
            "rolesMode",
            "OA-R180",
            (
                never("exact", behind=_given("VIEWER", "Core"), note=STAYS),
                never("additive"),
                left_out(),
            ),
        ),
    ),
    deeds=(
        Deed("create", "OA-C32", calls=(GIVE_GROUP,), verb="adopt", there=f"{TEAM} QUERIER Orders"),
        Deed(
            "create for a person",
            "OA-C32",
            say(subject={"user": JANE}, roles=[*QUERIES, on("NO_ACCESS", "Core")]),
            calls=(GIVE,) * 3,
            verb="adopt",
            there=f"{JANE} CONNECTION_ADMIN -",
        ),
        Deed("adopt", "OA-R176", say(subject={"user": BOB}, roles=[on("VIEWER")]), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-C32",
            say(subject={"user": BOB}, roles=[on("MODELER")]),
            calls=(GIVE,),
            verb="adopt",
            there=f"{BOB} MODELER Orders",
        ),
        Deed(
            "rename",
            "OA-R176",
            Sheet({"subject": {"user": JANE}}, metadata={"previously": {"key": TEAM}}),
            Sheet(),
            mistake="roles stay with whom they were given to",
        ),
        Deed("rename unsaid", "OA-R176", say(subject={"user": JANE}), Sheet(), verb="rename", holds=UNSAID),
        moves("OA-R176", "team"),
        Deed(
            "drift", "OA-R180", say(roles=QUERIES), say(roles=QUERIES), _taken, calls=(GIVE_GROUP,), verb="update"
        ),
        Deed("release", "OA-R180", GONE, Sheet(), verb="release", there=f"{TEAM} QUERIER Orders"),
        Deed("delete", "OA-R180", Sheet(life=DELETE), mistake="onRemove"),
    ),
)
TABLES = (FILE, ROLES)
