"""People, as the provisioning routes show and change them, to an organisation key (OA-R15 to OA-R17, OA-R52)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import given_text
from reconciler.twins.omni_analytics.ids import USER, next_uuid
from reconciler.twins.omni_analytics.scim import PAGING, asked_page, list_answer, shown_address
from reconciler.twins.omni_analytics.things import Group, Permit, Schedule, User

CORE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
ATTRIBUTES = "urn:omni:params:1.0:UserAttribute"
EXTENSION = "urn:omni:params:scim:schemas:extension:user:2.0"
FIELDS = ("displayName", "userName", ATTRIBUTES)
ALL = "/scim/v2/users"
ONE = "/scim/v2/users/{userId}"
FILTER = re.compile(r'userName eq "([^"]*)"')

_route = partial(OmniRoute, style=Style.SCIM, org_key_only=True)


def list_page(call: Call) -> Answer:
    wanted = _asked_name(call)
    start, count = asked_page(call)
    people = [user for user in call.listed(User) if user.kind == "standard"]
    if wanted is not None:
        people = [user for user in people if user.user_name.casefold() == wanted.casefold()]
    with_attributes = not call.hard("OA-P15")
    groups = _groups_by_member(call)
    return list_answer(
        people, start, count, lambda user: _shown(call, user, groups, with_attributes=with_attributes)
    )


def read(call: Call) -> Answer:
    return _answer(call, 200, _asked(call))


def create(call: Call) -> Answer:
    name, address = given_text(call, "displayName"), _asked_address(call)
    if not name:
        raise call.bad("displayName: Required")
    attributes = _asked_attributes(call)
    taken = address.casefold()
    if any(user.user_name.casefold() == taken for user in call.table(User).values() if user.kind == "standard"):
        raise Refused(409, "User already exists")
    moment = call.moment()
    set_ones = {key: value for key, value in attributes.items() if not _is_unset(value)}
    user = User(next_uuid(call.twin.counters, USER), address, name, moment, moment, attributes=set_ones)
    call.table(User)[user.id] = user
    call.made(User, user.id)
    return _answer(call, 201, user)


def update(call: Call) -> Answer:
    """What is left out stays; attributes are merged, and null or an empty list unsets one."""
    name, address = given_text(call, "displayName"), _asked_address(call)
    attributes = _asked_attributes(call)
    user = _asked(call)
    if address.casefold() != user.user_name.casefold():
        raise Refused(400, "userName cannot be changed")
    merged = {**user.attributes, **attributes}
    changed = replace(
        user,
        display_name=user.display_name if name is None else name,
        attributes={key: value for key, value in merged.items() if not _is_unset(value)},
        last_modified=call.moment(),
    )
    call.table(User)[user.id] = changed
    return _answer(call, 200, changed)


def delete(call: Call) -> Answer:
    """He leaves his groups and lists of recipients, his grants go, his schedules are disabled by the system."""
    user = _asked(call)
    moment = call.moment()
    del call.table(User)[user.id]
    for group in call.table(Group).values():
        call.table(Group)[group.id] = replace(group, members=_without(group.members, user.id))
    permits = call.table(Permit)
    for key in [key for key, one in permits.items() if not one.is_group and one.principal == user.id]:
        del permits[key]
    for schedule in call.table(Schedule).values():
        left = replace(schedule, recipients=_without(schedule.recipients, user.id))
        if schedule.owner_id == user.id:
            left = replace(left, system_disabled_at=moment, system_disabled_reason="noAccess")
        call.table(Schedule)[schedule.id] = left
    return Answer(204)


def _without(ids: tuple[str, ...], gone: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one != gone)


def _is_unset(value: Json) -> bool:
    return value is None or value == []


def _asked(call: Call) -> User:
    user = call.table(User).get(call.ids["userId"].lower())
    if user is None or user.kind != "standard":
        raise Refused(404, f"Resource {call.ids['userId']} not found")
    return user


def _asked_address(call: Call) -> str:
    address = given_text(call, "userName")
    if not address:
        raise call.bad("userName: Required")
    if "@" not in address:
        raise call.bad("userName: Invalid value")
    return address


def _asked_attributes(call: Call) -> Mapping[str, Json]:
    given = call.body.get(ATTRIBUTES, {})
    if not isinstance(given, Mapping):
        raise call.bad(f"{ATTRIBUTES}: Invalid value")
    return given


def _answer(call: Call, status: int, user: User) -> Answer:
    return Answer(status, _shown(call, user, _groups_by_member(call), with_attributes=True))


def _asked_name(call: Call) -> str | None:
    text = call.query.get("filter")
    if text is None:
        return None
    if (found := FILTER.fullmatch(text)) is None:
        raise Refused(400, "Invalid filter")
    return found[1]


def _groups_by_member(call: Call) -> Mapping[str, list[Json]]:
    """The groups of each user, as his own record shows them."""
    found: dict[str, list[Json]] = {}
    for group in call.table(Group).values():
        for user_id in group.members:
            found.setdefault(user_id, []).append({"display": group.name, "value": group.id})
    return found


def _shown(call: Call, user: User, groups: Mapping[str, list[Json]], *, with_attributes: bool) -> Json:
    address = shown_address(call, user)
    shown: dict[str, Json] = {
        "active": user.active,
        "displayName": user.display_name,
        "emails": [{"primary": True, "value": address}],
        "groups": groups.get(user.id, []),
        "id": user.id,
        "meta": {"created": user.created, "lastModified": user.last_modified, "resourceType": "User"},
        "schemas": [CORE_SCHEMA],
        "userName": address,
    }
    if user.attributes:
        shown["schemas"] = [CORE_SCHEMA, ATTRIBUTES]
        if with_attributes:
            shown[ATTRIBUTES] = {name: _value(call, value) for name, value in user.attributes.items()}
    if user.last_login is not None:
        shown[EXTENSION] = {"lastLogin": user.last_login}
    return shown


def _value(call: Call, value: Json) -> Json:
    """The value of an attribute, as it is read (OA-P28)."""
    if isinstance(value, list):
        return [_value(call, item) for item in value]
    if call.hard("OA-P28") and isinstance(value, bool | int | float):
        return json.dumps(value)
    return value


KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", path=ALL, answer=list_page, query=("filter", *PAGING)),
        _route(method="POST", path=ALL, answer=create, fields=FIELDS),
        _route(method="GET", path=ONE, answer=read),
        _route(method="PUT", path=ONE, answer=update, fields=FIELDS),
        _route(method="DELETE", path=ONE, answer=delete),
    ),
    questions=(
        Knob("OA-P13", "userName as read", "as sent", "lower-cased"),
        Knob("OA-P15", "user attributes in the list", "present if not empty", "absent"),
        Knob("OA-P28", "attribute values as read", "as sent", "numbers and booleans as text"),
    ),
)
