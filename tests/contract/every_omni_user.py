"""People of Omni Analytics with an account in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.accounts_omni import ATTRIBUTES, live
from tests.contract.every_omni_words import (
    DELETE,
    JANE,
    did,
    moves,
    with_people,
)
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.groups import people
from tests.world import OMNI, World

NEW, EXT = "new.one@example.com", "ext@example.com"
ANOTHER = "another.one@example.com"


def defined(w: World) -> None:
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
PERSON: dict[str, Json] = {**DELETE, "allow": ["delete", "delete-person"]}
MANY = {"level": 4, "region": ["US"]}
NAMING = Sheet({"name": "Crew", "members": [NEW]}, kind="UserGroup", name="crew")
WHOLE: dict[str, Any] = {"name": "One", "attributes": {"level": 3, "region": ["US", "EU"]}}
USER = Table(
    "omni-analytics",
    "User",
    "new.one",
    {"email": NEW, "name": "New"},
    lambda w: set(people(w)),
    edit=_user(NEW),
    set_up=defined,
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
            holds={"no-rename"},
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
