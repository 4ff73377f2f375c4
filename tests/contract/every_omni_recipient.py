"""People of Omni Analytics without an account in the table of every kind."""

from __future__ import annotations

from reconciler.model.json import Json, JsonObject
from tests.contract.accounts_omni import recipients
from tests.contract.every_omni_user import ANOTHER, EXT, MANY, defined
from tests.contract.every_omni_words import (
    DELETE,
    did,
    moves,
)
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, say
from tests.world import World

BULK = "POST /v1/users/email-only/bulk"


def _mail(w: World, body: JsonObject, address: str = EXT) -> None:
    one: Json = {"email": address, "userAttributes": body["user_attributes"]}
    did("POST", "/v1/users/email-only/bulk", {"users": [one]})(w)


def _recipients(w: World) -> None:
    defined(w)
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
            holds={"no-rename"},
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
