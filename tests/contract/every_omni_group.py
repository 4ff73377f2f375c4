"""Groups of people of Omni Analytics in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable

from reconciler.model.json import ABSENT, Json
from tests.contract.every_omni_words import (
    BOB,
    CHEN,
    DELETE,
    JANE,
    TEAM,
    did,
    moves,
    with_people,
)
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, say
from tests.contract.grants import group_ids
from tests.contract.groups import live as groups
from tests.contract.groups import people
from tests.world import World


def _member(*addresses: str, name: str = "Crew") -> Callable[[World], object]:
    """Somebody says in the product who is in the group."""

    def put(w: World) -> None:
        ids = people(w)
        listed: list[Json] = [{"value": ids[a], "display": a} for a in addresses]
        did("PUT", f"/scim/v2/groups/{group_ids(w)[name]}", {"displayName": name, "members": listed})(w)

    return put


GROUPS, GROUP = "POST /scim/v2/groups", "PUT /scim/v2/groups/*"
OTHER = Sheet({"name": "Night"}, kind="UserGroup", name="night")
OPENED = Sheet(
    {
        "path": "Finance",
        "permissionsMode": "additive",
        "permissions": [{"role": "VIEWER", "groups": ["Crew"]}],
    },
    kind="Folder",
    name="finance",
)
USER_GROUP = Table(
    "omni-analytics",
    "UserGroup",
    "crew",
    {"name": "Crew"},
    lambda w: set(groups(w)),
    set_up=with_people,
    along=frozenset({"displayName"}),
    rows=(
        Row(
            "members",
            "OA-C12",
            (
                Step([JANE]),
                Step([JANE, BOB]),
                drifted([JANE, BOB], _member(JANE)),
                drifted([JANE, BOB], _member(JANE, BOB, CHEN)),
                Step([CHEN]),
                Step([]),
                left_out(),
            ),
        ),
        Row(
            "membersMode",
            "OA-R46",
            (
                Step("additive", 0, behind=_member(JANE, BOB)),
                Step("exact"),
                Step("additive", 0, behind=_member(JANE, BOB)),
                Step(ABSENT, 1, behind=lambda _: None),
            ),
            more={"members": [JANE]},
            sends="members",
        ),
    ),
    deeds=(
        Deed("create", "OA-R44", calls=(GROUPS,), verb="create", there="Crew"),
        Deed(
            "create whole",
            "OA-C12",
            say(members=[JANE, BOB], membersMode="additive"),
            calls=(GROUPS,),
            verb="create",
            there="Crew",
        ),
        Deed("adopt", "OA-R42", say(name=TEAM, members=[BOB]), verb="adopt"),
        Deed("adopt changed", "OA-C12", say(name=TEAM, members=[BOB, JANE]), calls=(GROUP,), verb="adopt"),
        Deed(
            "adopt and remove those of others",
            "OA-R46",
            say(name=TEAM, members=[]),
            verb="adopt",
            holds={"first-removals"},
        ),
        Deed(
            "rename",
            "OA-R48",
            Sheet({"name": "Night", "members": [JANE, CHEN]}, metadata={"previously": {"key": "Crew"}}),
            say(members=[JANE, BOB]),
            calls=(GROUP,),
            verb="rename",
            there="Night",
            gone="Crew",
        ),
        Deed(
            "rename in a ring",
            "OA-R48",
            Sheet({"name": "Night"}, metadata={"previously": {"key": "Crew"}}),
            Sheet(),
            calls=(GROUP,) * 3,
            verb="rename",
            also=(
                (OTHER,),
                (
                    Sheet(
                        {"name": "Crew"}, metadata={"previously": {"key": "Night"}}, kind="UserGroup", name="night"
                    ),
                ),
            ),
        ),
        Deed(
            "rename unsaid",
            "OA-R48",
            say(name="Night"),
            Sheet(),
            verb="rename",
            holds={"rename-unconfirmed"},
            there="Crew",
        ),
        moves("OA-R42", "crew"),
        Deed(
            "drift",
            "OA-R45",
            say(members=[JANE, BOB]),
            say(members=[JANE, BOB]),
            _member(CHEN),
            calls=(GROUP,),
            verb="update",
        ),
        Deed("release", "OA-R49", GONE, say(members=[JANE]), verb="release", there="Crew"),
        Deed(
            "delete",
            "OA-R49",
            GONE,
            Sheet({"members": [JANE]}, DELETE),
            calls=("DELETE /scim/v2/groups/*",),
            verb="delete",
            gone="Crew",
        ),
        Deed(
            "delete what is named",
            "OA-R49",
            GONE,
            Sheet(life=DELETE),
            verb="delete",
            holds={"in-use"},
            there="Crew",
            also=((OPENED,), (OPENED,)),
        ),
        Deed(
            "delete what others made",
            "OA-R49",
            GONE,
            Sheet({"name": TEAM}, DELETE),
            verb="delete",
            holds={"not-ours"},
            there=TEAM,
        ),
    ),
)
