"""What the provisioning routes share: their list answer, their pages, addresses as they show them (OA-R15)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omni_analytics.call import Call
from reconciler.twins.omni_analytics.checks import whole_number
from reconciler.twins.omni_analytics.paging import capped
from reconciler.twins.omni_analytics.things import User

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
