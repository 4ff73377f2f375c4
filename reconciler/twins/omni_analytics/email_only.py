"""E-mail-only users: recipients without an account, told apart by their address alone (OA-P46, OA-P48)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, JsonObject, Refused
from reconciler.twins.omni_analytics import attributes
from reconciler.twins.omni_analytics.attributes import TIMEZONE, is_unset
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import one_of, whole_number
from reconciler.twins.omni_analytics.ids import USER, next_uuid
from reconciler.twins.omni_analytics.schedule_fields import is_address
from reconciler.twins.omni_analytics.things import User

LARGEST = 20
FIELDS = ("email", "userAttributes")
ALL = "/v1/users/email-only"


def list_page(call: Call) -> Answer:
    """By address; the cursor is the last address of the page before."""
    direction = one_of(call, "sortDirection", call.query.get("sortDirection", "desc"), ("asc", "desc"))
    size = whole_number(call, "pageSize", LARGEST)
    if size < 1:
        raise call.bad("pageSize: Page size must be at least 1")
    if size > LARGEST:
        raise call.bad(f"pageSize: Page size cannot exceed {LARGEST}")
    part = call.query.get("email", "").casefold()
    found = [user for user in call.listed(User) if user.kind == "email_only" and part in user.user_name.casefold()]
    found.sort(key=lambda user: user.user_name.casefold(), reverse=direction == "desc")
    behind = found
    if (cursor := call.query.get("cursor")) is not None:
        behind = [user for user in found if _is_behind(user, cursor, direction)]
    page, more = behind[:size], len(behind) > size
    info: dict[str, Json] = {
        "hasNextPage": more,
        "nextCursor": _address(call, page[-1]) if more else None,
        "pageSize": size,
        "totalRecords": len(found),
    }
    if not more and call.hard("OA-P19"):
        del info["nextCursor"]
    return Answer(200, {"pageInfo": info, "records": [_shown(call, user) for user in page]})


def upsert(call: Call) -> Answer:
    address, given = _asked(call, call.body)
    moment = call.moment()
    return Answer(200, _stored(call, address, given, moment))


def upsert_many(call: Call) -> Answer:
    """At most twenty; OA-P46 says what a wrong one does to those before it."""
    sent = call.body.get("users")
    if sent is None:
        raise call.bad("users: users is required")
    if not isinstance(sent, list):
        raise call.bad("users: Invalid value")
    if len(sent) > LARGEST:
        raise call.bad(f"users: Maximum of {LARGEST} users can be processed in a single request")
    users, refused = _checked(call, sent)
    if refused is not None and not (call.hard("OA-P46") and users):
        raise refused
    moment = call.moment()
    results = [_stored(call, address, given, moment) for address, given in users]
    if refused is not None:
        raise refused
    return Answer(201 if call.newer else 200, {"results": results})


def _checked(call: Call, sent: Sequence[Json]) -> tuple[list[tuple[str, JsonObject]], Refused | None]:
    """The users up to the first wrong one, and its refusal."""
    users: list[tuple[str, JsonObject]] = []
    for one in sent:
        try:
            users.append(_asked(call, one if isinstance(one, Mapping) else {}))
        except Refused as refused:
            return users, refused
    return users, None


def _asked(call: Call, sent: JsonObject) -> tuple[str, JsonObject]:
    address, given = sent.get("email"), sent.get("userAttributes", {})
    if address in (None, ""):
        raise call.bad("email: email is required")
    if not isinstance(address, str) or not is_address(address):
        raise call.bad("email: Invalid email address")
    if not isinstance(given, Mapping):
        raise call.bad("userAttributes: Invalid value")
    attributes.check(call, given)
    return address, given


def _stored(call: Call, address: str, given: JsonObject, moment: str) -> Json:
    """Given attributes are set or unset, others stay. A user of this address, whatever its case, is kept."""
    table, wanted = call.table(User), address.casefold()
    people = [user for user in table.values() if user.kind == "email_only"]
    user = next((user for user in people if user.user_name.casefold() == wanted), None)
    if user is None:
        user_id = next_uuid(call.twin.counters, USER)
        user = User(user_id, address, address, moment, moment, kind="email_only")
        call.made(User, user_id)
    merged = {**user.attributes, **given}
    kept = {name: value for name, value in merged.items() if not is_unset(value)}
    table[user.id] = replace(user, attributes=kept, last_modified=moment)
    return {"email": _address(call, user), "userId": user.id}


def _is_behind(user: User, cursor: str, direction: str) -> bool:
    address, last = user.user_name.casefold(), cursor.casefold()
    return address < last if direction == "desc" else address > last


def _address(call: Call, user: User) -> str:
    """An e-mail-only user's address, as it is read (OA-P48)."""
    return user.user_name.lower() if call.hard("OA-P48") else user.user_name


def _shown(call: Call, user: User) -> Json:
    address = _address(call, user)
    given = dict(user.attributes)
    zone = {TIMEZONE: given.pop(TIMEZONE)} if TIMEZONE in given else {}
    return {
        "email": address,
        "user_id": user.id,
        "user_attributes": {
            "omni_user_email": address,
            "omni_user_name": address,
            "omni_user_id": f"0000000c{user.id[8:]}",
            "omni_is_org_admin": "false",
            **zone,
            **attributes.shown(call, given),
        },
    }


_route = partial(OmniRoute, org_key_only=True)
KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="GET",
            path=ALL,
            answer=list_page,
            query=("email", "cursor", "pageSize", "sortDirection"),
        ),
        _route(method="POST", path=ALL, answer=upsert, fields=FIELDS),
        _route(method="POST", path=f"{ALL}/bulk", answer=upsert_many, fields=("users",)),
    ),
    questions=(
        Knob("OA-P46", "one bad user in a bulk of e-mail-only users", "nobody is done", "those before it are"),
        Knob("OA-P48", "the address of an e-mail-only user as read", "as sent", "in lower case"),
    ),
)
