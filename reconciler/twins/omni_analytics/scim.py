"""What the provisioning routes share: their list answer, their pages, addresses as they show them (OA-R15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omni_analytics.call import Call
from reconciler.twins.omni_analytics.checks import whole_number
from reconciler.twins.omni_analytics.paging import capped
from reconciler.twins.omni_analytics.things import Group, User

CORE_SCHEMA = "urn:ietf:params:scim:schemas:core:2.0:User"
LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PAGING = ("count", "startIndex")

T = TypeVar("T")


def asked_page(call: Call) -> tuple[int, int]:
    """The asked start, from 1, and the number of things granted. Raises Refused."""
    start = max(1, whole_number(call, "startIndex", 1))
    return start, capped(call, max(0, whole_number(call, "count", 100)))


def list_answer(things: Sequence[T], start: int, count: int, shown: Callable[[T], Json]) -> Answer:
    """One page of a list, as SCIM words it."""
    page = things[start - 1 : start - 1 + count]
    return Answer(
        200,
        {
            "Resources": [shown(thing) for thing in page],
            "itemsPerPage": len(page),
            "schemas": [LIST_SCHEMA],
            "startIndex": start,
            "totalResults": len(things),
        },
    )


def shown_address(call: Call, user: User) -> str:
    """A person's address, as it is read (OA-P13)."""
    return user.user_name.lower() if call.hard("OA-P13") else user.user_name


def groups_by_member(call: Call) -> Mapping[str, list[Json]]:
    """The groups of each user, as his own record shows them."""
    found: dict[str, list[Json]] = {}
    for group in call.table(Group).values():
        for user_id in group.members:
            found.setdefault(user_id, []).append({"display": group.name, "value": group.id})
    return found


def shown_person(call: Call, user: User, groups: Mapping[str, list[Json]]) -> dict[str, Json]:
    """What the records of standard and of embed users have in common; the newer edition's lack three blocks."""
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
    if call.newer:
        for name in ("emails", "groups", "meta"):
            del shown[name]
    return shown
