"""Embed users: people who come through another application. Read and deleted here, never made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.leaving import user_leaves
from reconciler.twins.omni_analytics.scim import (
    PAGING,
    asked_page,
    groups_by_member,
    list_answer,
    shown_person,
)
from reconciler.twins.omni_analytics.things import User

FILTER = re.compile(r'(?P<field>userName|embedExternalId) eq "(?P<value>[^"]*)"')
ALL = "/scim/v2/embed/users"
ONE = f"{ALL}/{{userId}}"


def list_page(call: Call) -> Answer:
    """By creation time. User names are compared whatever their case, external ids exactly."""
    people = [user for user in call.listed(User) if user.kind == "embed"]
    if (text := call.query.get("filter")) is not None:
        if (found := FILTER.fullmatch(text)) is None:
            raise Refused(400, "Invalid filter")
        people = [user for user in people if _is_meant(user, found["field"], found["value"])]
    start, count = asked_page(call)
    groups = groups_by_member(call)
    return list_answer(people, start, count, lambda user: _shown(call, user, groups))


def read(call: Call) -> Answer:
    return Answer(200, _shown(call, _asked(call), groups_by_member(call)))


def delete(call: Call) -> Answer:
    user = _asked(call)
    user_leaves(call, user.id, call.moment())
    return Answer(204)


def _is_meant(user: User, field: str, value: str) -> bool:
    if field == "userName":
        return user.user_name.casefold() == value.casefold()
    return user.embed_external_id == value


def _asked(call: Call) -> User:
    user = call.table(User).get(call.ids["userId"].lower())
    if user is None or user.kind != "embed":
        raise Refused(404, f"Resource {call.ids['userId']} not found")
    return user


def _shown(call: Call, user: User, groups: Mapping[str, list[Json]]) -> Json:
    return {
        **shown_person(call, user, groups),
        "embedEmail": user.embed_email,
        "embedEntity": user.embed_entity,
        "embedExternalId": user.embed_external_id,
    }


_route = partial(OmniRoute, style=Style.SCIM, org_key_only=True)
KIND: Kind[OmniRoute] = Kind(
    routes=(
        _route(method="GET", path=ALL, answer=list_page, query=("filter", *PAGING)),
        _route(method="GET", path=ONE, answer=read),
        _route(method="DELETE", path=ONE, answer=delete),
    ),
)
