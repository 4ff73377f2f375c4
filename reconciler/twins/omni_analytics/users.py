"""People, as the provisioning routes show them; an organisation key is needed (OA-R15 to OA-R17)."""

from __future__ import annotations

import re

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omni_analytics.call import Call, OmniRoute, Style
from reconciler.twins.omni_analytics.checks import whole_number
from reconciler.twins.omni_analytics.paging import capped
from reconciler.twins.omni_analytics.things import User

LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
CORE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
ATTRIBUTES = "urn:omni:params:1.0:UserAttribute"
EXTENSION = "urn:omni:params:scim:schemas:extension:user:2.0"
FILTER = re.compile(r'userName eq "([^"]*)"')


def list_page(call: Call) -> Answer:
    wanted = _asked_name(call)
    start = max(1, whole_number(call, "startIndex", 1))
    count = capped(call, max(0, whole_number(call, "count", 100)))
    people = [user for user in call.listed(User) if user.kind == "standard"]
    if wanted is not None:
        people = [user for user in people if user.user_name.casefold() == wanted.casefold()]
    page = people[start - 1 : start - 1 + count]
    with_attributes = not call.hard("OA-P15")
    return Answer(
        200,
        {
            "Resources": [_shown(call, user, with_attributes=with_attributes) for user in page],
            "itemsPerPage": len(page),
            "schemas": [LIST_SCHEMA],
            "startIndex": start,
            "totalResults": len(people),
        },
    )


def read(call: Call) -> Answer:
    user = call.table(User).get(call.ids["userId"].lower())
    if user is None or user.kind != "standard":
        raise Refused(404, f"Resource {call.ids['userId']} not found")
    return Answer(200, _shown(call, user, with_attributes=True))


def _asked_name(call: Call) -> str | None:
    text = call.query.get("filter")
    if text is None:
        return None
    if (found := FILTER.fullmatch(text)) is None:
        raise Refused(400, "Invalid filter")
    return found[1]


def _shown(call: Call, user: User, *, with_attributes: bool) -> Json:
    address = user.user_name.lower() if call.hard("OA-P13") else user.user_name
    shown: dict[str, Json] = {
        "active": user.active,
        "displayName": user.display_name,
        "emails": [{"primary": True, "value": address}],
        "groups": [],  # the twin holds no groups yet
        "id": user.id,
        "meta": {"created": user.created, "lastModified": user.last_modified, "resourceType": "User"},
        "schemas": [CORE_SCHEMA],
        "userName": address,
    }
    if user.attributes:
        shown["schemas"] = [CORE_SCHEMA, ATTRIBUTES]
        if with_attributes:
            shown[ATTRIBUTES] = user.attributes
    if user.last_login is not None:
        shown[EXTENSION] = {"lastLogin": user.last_login}
    return shown


KIND: Kind[OmniRoute] = Kind(
    routes=(
        OmniRoute(
            method="GET",
            path="/scim/v2/users",
            answer=list_page,
            style=Style.SCIM,
            org_key_only=True,
            query=("filter", "count", "startIndex"),
        ),
        OmniRoute(
            method="GET",
            path="/scim/v2/users/{userId}",
            answer=read,
            style=Style.SCIM,
            org_key_only=True,
        ),
    ),
    questions=(
        Knob("OA-P13", "userName as read", "as sent", "lower-cased"),
        Knob("OA-P15", "user attributes in the list", "present if not empty", "absent"),
    ),
)
