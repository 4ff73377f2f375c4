"""Who has which role on models of Omni Analytics, in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model.json import ABSENT
from tests.contract.every_omni_model import lake, model_id
from tests.contract.every_omni_words import BOB, DELETE, JANE, TEAM, did, moves, with_people
from tests.contract.every_row import GONE, By, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import group_ids, state
from tests.contract.groups import people
from tests.contract.warehouses import live
from tests.world import World

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
UNSAID = frozenset({"another", "no-rename"})
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
