"""Folders of Omni Analytics, and who may do what in them, in the table of every kind."""

from __future__ import annotations

from typing import Any

from reconciler.model.json import ABSENT
from tests.contract.every_omni_words import (
    ADMIN,
    BOB,
    CHEN,
    DELETE,
    JANE,
    TEAM,
    did,
    folder_id,
    given,
    kept,
    moves,
    taken,
    to,
    with_people,
)
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.groups import people
from tests.world import World

MAKE, DROP, PERMITS = "POST /v1/folders", "DELETE /v1/folders/*", "/v1/folders/*/permissions"
GRANT, CHANGE, REVOKE = f"POST {PERMITS}", f"PATCH {PERMITS}", f"DELETE {PERMITS}"


def _folders(w: World) -> None:
    with_people(w)
    did("POST", "/v1/folders", {"name": "Theirs"})(w)
    did("POST", "/v1/folders", {"name": "Jane's", "userId": people(w)[JANE]})(w)


def opened(*permissions: dict[str, Any], **more: Any) -> Sheet:
    return Sheet({"permissionsMode": "additive", "permissions": [*permissions]}, **more)


MODE = {"permissionsMode": "additive"}
DRAFTS = {"path": "Jane's", "scope": "restricted", "owner": JANE}
FOLDER = Table(
    *("omni-analytics", "Folder", "finance"),
    {"path": "Finance"},
    kept("folders"),
    set_up=_folders,
    entries={"permissions": {"role": "VIEWER", "users": [JANE], "groups": [TEAM]}},
    rows=(
        Row(
            "scope",
            "OA-R34",
            (never("organization"), never("restricted", "immutable"), never("organization"), left_out()),
            more={"owner": JANE},
        ),
        Row("owner", "OA-R34", (never(ADMIN), never(JANE, "immutable"), never(ADMIN), left_out())),
        Row(
            "permissions",
            "OA-C14",
            (
                Step([to("VIEWER", JANE), to("VIEWER", CHEN, groups=[TEAM])]),
                Step([to("EDITOR", JANE), to("VIEWER", CHEN, BOB, groups=[TEAM])], 2),
                drifted([to("EDITOR", JANE), to("VIEWER", CHEN, BOB, groups=[TEAM])], taken(JANE)),
                drifted([to("EDITOR", JANE), to("VIEWER", CHEN, BOB, groups=[TEAM])], given("MANAGER", TEAM)),
                Step([to("MANAGER", JANE), to("VIEWER", BOB), to("EXPLORER", CHEN, groups=[TEAM])], 2),
                Step([to("NO_ACCESS", BOB)], 2),
                Step([]),
                left_out(),
            ),
            more=MODE,
        ),
        Row(
            "permissions/role",
            "OA-R58",
            (Step("VIEWER"), Step("EDITOR"), drifted("EDITOR", given("VIEWER", JANE))),
            more=MODE,
        ),
        Row(
            "permissions/users",
            "OA-R57",
            (Step([JANE]), Step([JANE, CHEN]), drifted([JANE, CHEN], taken(JANE)), Step(ABSENT, 1)),
            more=MODE,
        ),
        Row(
            "permissions/groups",
            "OA-R57",
            (
                Step([TEAM]),
                drifted([TEAM], given("EDITOR", TEAM)),
                never([TEAM], behind=taken(TEAM), note="not verifiable"),  # no answer shows any group's (OA-R56)
                Step(["Others"], 2),
                Step(ABSENT, 1),
            ),
            more=MODE,
            beside=(Sheet({"name": "Others", "members": [CHEN]}, kind="UserGroup", name="others"),),
        ),
        Row(
            "permissions/accessBoost",
            "OA-R53",
            (Step(True), Step(False), drifted(False, given("VIEWER", JANE, True)), left_out()),
            more=MODE,
        ),
        Row("permissions/because", "OA-R53", (never("FIN-1"), never("FIN-2"), left_out()), more=MODE),
        Row(
            "permissionsMode",
            "OA-R53",
            (
                never("additive"),
                never("additive", behind=given("VIEWER", CHEN)),
                left_out(more={"permissions": ABSENT}),
            ),
            more={"permissions": [to("EDITOR", JANE)]},
            begins="additive",
        ),
    ),
    deeds=(
        Deed("create", "OA-R31", calls=(MAKE,), verb="create", there="Finance"),
        Deed(
            "create whole",
            "OA-C14",
            say(
                scope="organization",
                owner=JANE,
                **opened(to("EDITOR", BOB), to("VIEWER", CHEN, groups=[TEAM])).spec,
            ),
            calls=(MAKE, GRANT, GRANT),
            verb="create",
            there="Finance",
        ),
        Deed(
            "create beneath",
            "OA-C5",
            say(path="Finance/Reports"),
            calls=(MAKE, MAKE),
            verb="create",
            there="Reports",
            also=((), (Sheet({"path": "Finance"}, kind="Folder", name="above"),)),
        ),
        Deed(
            "create restricted",
            "OA-R33",
            say(scope="restricted", owner=JANE),
            calls=(MAKE,),
            verb="create",
            there="Finance",
        ),
        Deed("create restricted of nobody", "OA-R33", say(scope="restricted"), mistake="owner"),
        Deed("create too deep", "OA-R32", say(path="a/b/c/d/e/f/g/h"), mistake="path"),
        Deed("adopt", "OA-R27", say(path="Theirs"), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-R57",
            say(path="Theirs", **opened(to("EDITOR", JANE)).spec),
            calls=(GRANT,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OA-R34",
            Sheet({"path": "Money"}, metadata={"previously": {"key": "Finance"}}),
            Sheet(),
            mistake="rename the folder in the product",
        ),
        Deed(
            "rename unsaid",
            "OA-R34",
            say(path="Money"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="Finance",
        ),
        Deed(
            "move beneath another",
            "OA-R34",
            say(path="Theirs/Finance"),
            Sheet(),
            verb="rename",
            holds={"no-rename"},
            there="Finance",
        ),
        moves("OA-R34", "finance"),
        Deed(
            "drift",
            "OA-C14",
            opened(to("EDITOR", JANE), to("VIEWER", BOB)),
            opened(to("EDITOR", JANE), to("VIEWER", BOB)),
            lambda w: (taken(JANE)(w), given("MANAGER", BOB, True)(w)),
            calls=(GRANT, CHANGE),
            verb="update",
        ),
        Deed(
            "grant, change, revoke",
            "OA-C14",
            opened(to("EDITOR", JANE), to("VIEWER", CHEN)),
            opened(to("VIEWER", JANE, BOB)),
            calls=(GRANT, CHANGE, REVOKE),
            verb="update",
        ),
        Deed(
            "the owner's grant",
            "OA-R62",
            say(path="Jane's", **opened(to("VIEWER", JANE), to("VIEWER", BOB)).spec),
            calls=(GRANT,),
            verb="adopt",
            holds={"owner-grant"},
        ),
        Deed("release", "OA-R65", GONE, opened(to("VIEWER", JANE)), verb="release", there="Finance"),
        Deed("delete", "OA-R36", GONE, Sheet(life=DELETE), calls=(DROP,), verb="delete", gone="Finance"),
        Deed(
            "delete with grants",
            "OA-R65",
            GONE,
            opened(to("VIEWER", JANE), life=DELETE),
            calls=(DROP,),
            verb="delete",
            gone="Finance",
        ),
        Deed(
            "delete with something in it",
            "OA-R36",
            GONE,
            Sheet(life=DELETE),
            lambda w: w.omni.add_document("Sales", folder_id=folder_id(w)),
            verb="delete",
            holds={"in-use"},
            there="Finance",
        ),
        Deed(
            "delete with a folder in it",
            "OA-R36",
            GONE,
            Sheet(life=DELETE),
            lambda w: did("POST", "/v1/folders", {"name": "R", "parentFolderId": folder_id(w)})(w),
            verb="delete",
            holds={"in-use"},
            there="Finance",
        ),
        Deed(
            "delete what others made",
            "OA-R38",
            GONE,
            Sheet({"path": "Theirs"}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there="Theirs",
        ),
    ),
)
