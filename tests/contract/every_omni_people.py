"""People of Omni Analytics, with an account and without, and groups of them, in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.accounts_omni import ATTRIBUTES, live, recipients
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
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.grants import group_ids
from tests.contract.groups import live as groups
from tests.contract.groups import people
from tests.world import OMNI, World

NEW, EXT = "new.one@example.com", "ext@example.com"
ANOTHER = "another.one@example.com"


def _defined(w: World) -> None:
    """People, and attributes of one and of several values."""
    with_people(w)
    w.omni.define_attribute("level", "number")
    w.omni.define_attribute("region", multiple=True)


# User.


def _user(address: str) -> Callable[[World, JsonObject], object]:
    return lambda w, body: did(
        "PUT", f"/scim/v2/users/{people(w)[address]}", {"userName": live(w, address)["userName"], **body}
    )(w)


def _attributes(values: JsonObject) -> Callable[[World], object]:
    return lambda w: _user(NEW)(w, {ATTRIBUTES: values})


MAKE, PUT, DROP = "POST /scim/v2/users", "PUT /scim/v2/users/*", "DELETE /scim/v2/users/*"
PERSON = {**DELETE, "allow": ["delete", "delete-person"]}
MANY = {"level": 4, "region": ["US"]}
NAMING = Sheet({"name": "Crew", "members": [NEW]}, kind="UserGroup", name="crew")
WHOLE: dict[str, Any] = {"name": "One", "attributes": {"level": 3, "region": ["US", "EU"]}}
USER = Table(
    "omni-analytics",
    "User",
    "new.one",
    {"email": NEW, "name": "New"},
    lambda w: set(people(w)),
    edit=lambda w, body: _user(NEW)(w, body),
    set_up=_defined,
    along=frozenset({"userName"}),
    rows=(
        Row("name", "OA-R193", (Step("One"), Step("Two"), drifted("Two", "Theirs"), left_out()), begins="New"),
        Row(
            "active",
            "OA-R193",
            (never(True), never(False, "not-writable"), never(True), left_out()),
        ),
        Row(
            "attributes",
            "OA-C37",
            (
                Step({"level": 3}),
                Step(MANY),
                drifted(MANY, {"level": 9}),
                Step({"level": None, "region": []}),
                drifted({"level": None, "region": []}, {"level": 9}),
                left_out(),
            ),
        ),
    ),
    deeds=(
        Deed("create", "OA-R192", calls=(MAKE,), verb="create", there=NEW),
        Deed("create whole", "OA-C37", say(**WHOLE), calls=(MAKE,), verb="create", there=NEW),
        Deed("create without a name", "OA-R192", say(name=ABSENT), verb="create", holds={"no-name"}, gone=NEW),
        Deed("adopt", "OA-R190", Sheet({"email": "JANE@example.com", "name": ABSENT}), verb="adopt", there=JANE),
        Deed(
            "adopt changed", "OA-C37", say(email=JANE, **WHOLE), calls=(PUT,), verb="adopt", there=JANE, gone=NEW
        ),
        Deed(
            "rename",
            "OA-R191",
            Sheet({"email": ANOTHER}, metadata={"previously": {"key": NEW}}),
            Sheet(),
            mistake="a new address is a new user",
        ),
        Deed(
            "rename unsaid",
            "OA-R191",
            say(email=ANOTHER),
            Sheet(),
            verb="rename",
            holds={"no-rename", "rename-unconfirmed"},
            there=NEW,
            gone=ANOTHER,
        ),
        moves("OA-R190", "new.one"),
        Deed(
            "drift",
            "OA-R193",
            say(**WHOLE),
            say(**WHOLE),
            lambda w: _user(NEW)(w, {"displayName": "Theirs", ATTRIBUTES: {"level": 9}}),
            calls=(PUT,),
            verb="update",
        ),
        Deed("release", "OA-R194", GONE, Sheet(), verb="release", there=NEW),
        Deed("delete", "OA-R194", GONE, Sheet(life=DELETE), verb="delete", holds={"delete-person"}, there=NEW),
        Deed("delete-person", "OA-R194", GONE, Sheet(life=PERSON), calls=(DROP,), verb="delete", gone=NEW),
        Deed(
            "delete who is named",
            "OA-R194",
            GONE,
            Sheet(life=PERSON),
            verb="delete",
            holds={"in-use"},
            there=NEW,
            also=((NAMING,), (NAMING,)),
        ),
        Deed(
            "delete while nobody says whose key it is",
            "OA-R194",
            GONE,
            Sheet(life=PERSON),
            lambda w: w.settings.pop(OMNI),
            verb="delete",
            holds={"unknown-account"},
            there=NEW,
        ),
        Deed(
            "delete who was there before",
            "OA-R194",
            GONE,
            Sheet({"email": JANE}, PERSON),
            verb="delete",
            holds={"not-ours"},
            there=JANE,
        ),
    ),
)


# Email-only user.


BULK = "POST /v1/users/email-only/bulk"


def _mail(w: World, body: JsonObject, address: str = EXT) -> None:
    one: Json = {"email": address, "userAttributes": body["user_attributes"]}
    did("POST", "/v1/users/email-only/bulk", {"users": [one]})(w)


def _recipients(w: World) -> None:
    _defined(w)
    w.omni.add_email_only("theirs@example.com")


EMAIL_ONLY = Table(
    "omni-analytics",
    "EmailOnlyUser",
    "ext",
    {"email": EXT},
    lambda w: set(recipients(w)),
    edit=_mail,
    set_up=_recipients,
    rows=(
        Row(
            "attributes",
            "OA-C38",
            (
                Step({"level": 3}),
                Step(MANY),
                drifted(MANY, {"level": 9}),
                Step({"level": None, "region": []}),
                drifted({"level": None, "region": []}, {"level": 9}),
                left_out(),
            ),
        ),
    ),
    deeds=(
        Deed("create", "OA-R203", calls=(BULK,), verb="create", there=EXT),
        Deed(
            "create whole",
            "OA-R203",
            say(attributes={"level": 3, "region": ["US", "EU"], "omni_user_timezone": "Europe/Berlin"}),
            calls=(BULK,),
            verb="create",
            there=EXT,
        ),
        Deed("adopt", "OA-R200", say(email="Theirs@example.com"), verb="adopt"),
        Deed(
            "adopt changed",
            "OA-C38",
            say(email="theirs@example.com", attributes={"level": 3}),
            calls=(BULK,),
            verb="adopt",
        ),
        Deed(
            "rename",
            "OA-R201",
            Sheet({"email": ANOTHER}, metadata={"previously": {"key": EXT}}),
            Sheet(),
            mistake="a new address is another user",
        ),
        Deed(
            "rename unsaid",
            "OA-R201",
            say(email=ANOTHER),
            Sheet(),
            verb="rename",
            holds={"no-rename", "rename-unconfirmed"},
            there=EXT,
            gone=ANOTHER,
        ),
        moves("OA-R200", "ext"),
        Deed(
            "drift",
            "OA-R203",
            say(attributes={"level": 3, "region": ["US"]}),
            say(attributes={"level": 3, "region": ["US"]}),
            lambda w: _mail(w, {"user_attributes": {"level": 9, "region": []}}),
            calls=(BULK,),
            verb="update",
        ),
        Deed("release", "OA-R207", GONE, Sheet(), verb="release", note="remove it in the product", there=EXT),
        Deed("delete", "OA-R207", Sheet(life=DELETE), mistake="onRemove"),
    ),
)


# Group.


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

TABLES = (USER, EMAIL_ONLY, USER_GROUP)
