"""People, as the provisioning routes show and change them, to an organisation key (OA-R15 to OA-R17, OA-R52)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics import attributes
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import given_text
from reconciler.twins.omni_analytics.ids import USER, next_uuid
from reconciler.twins.omni_analytics.leaving import user_leaves
from reconciler.twins.omni_analytics.scim import (
    CORE_SCHEMA,
    PAGING,
    asked_page,
    groups_by_member,
    list_answer,
    shown_person,
)
from reconciler.twins.omni_analytics.things import User

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
    groups = groups_by_member(call)
    return list_answer(
        people, start, count, lambda user: _shown(call, user, groups, with_attributes=with_attributes)
    )


def read(call: Call) -> Answer:
    return _answer(call, 200, _asked(call))


def create(call: Call) -> Answer:
    name, address = given_text(call, "displayName"), _asked_address(call)
    if not name:
        raise call.bad("displayName: Required")
    given = _asked_attributes(call)
    taken = address.casefold()
    if any(user.user_name.casefold() == taken for user in call.table(User).values() if user.kind == "standard"):
        raise Refused(409, "User already exists")
    moment = call.moment()
    set_ones = {key: value for key, value in given.items() if not _is_unset(value)}
    user = User(next_uuid(call.twin.counters, USER), address, name, moment, moment, attributes=set_ones)
    call.table(User)[user.id] = user
    call.made(User, user.id)
    return _answer(call, 201, user)


def update(call: Call) -> Answer:
    """What is left out stays; attributes are merged, and null or an empty list unsets one (OA-P45)."""
    name, address = given_text(call, "displayName"), _asked_address(call)
    given = _asked_attributes(call)
    user = _asked(call)
    if address.casefold() != user.user_name.casefold():
        raise Refused(400, "userName cannot be changed")
    merged = {**user.attributes, **given}
    kept = {key: value for key, value in merged.items() if call.hard("OA-P45") or not _is_unset(value)}
    changed = replace(
        user,
        display_name=user.display_name if name is None else name,
        attributes=kept,
        last_modified=call.moment(),
    )
    call.table(User)[user.id] = changed
    return _answer(call, 200, changed)


def delete(call: Call) -> Answer:
    user = _asked(call)
    user_leaves(call, user.id, call.moment())
    return Answer(204)


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
    attributes.check(call, given)
    return given


def _answer(call: Call, status: int, user: User) -> Answer:
    return Answer(status, _shown(call, user, groups_by_member(call), with_attributes=True))


def _asked_name(call: Call) -> str | None:
    text = call.query.get("filter")
    if text is None:
        return None
    if (found := FILTER.fullmatch(text)) is None:
        raise Refused(400, "Invalid filter")
    return found[1]


def _shown(call: Call, user: User, groups: Mapping[str, list[Json]], *, with_attributes: bool) -> Json:
    shown = shown_person(call, user, groups)
    if user.attributes:
        shown["schemas"] = [CORE_SCHEMA, ATTRIBUTES]
        if with_attributes:
            shown[ATTRIBUTES] = attributes.shown(call, user.attributes)
    if user.last_login is not None:
        shown[EXTENSION] = {"lastLogin": user.last_login}
    return shown


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
        Knob("OA-P45", "null or [] for an attribute in a PUT", "the attribute is gone", "shown as it was sent"),
    ),
)
