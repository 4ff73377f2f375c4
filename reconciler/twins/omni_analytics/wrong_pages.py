"""Listed pages as a broken server would show them."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Json, JsonObject

LISTS = (
    "labels",
    "records",
    "Resources",
    "permits",
    "recipients",
    "principals",
    "connections",
    "schedules",
    "results",
)
MANY = 1_000_000


def endless(body: Json) -> Json:
    """The page as it looks if more pages follow, always with the same next cursor."""
    if not isinstance(body, Mapping):
        return body
    if "Resources" in body:
        return {**body, "totalResults": MANY}
    info = body.get("pageInfo")
    if not isinstance(info, Mapping):
        return body
    cursor = "2" if _is_numbered(body) else "YWdhaW4="
    again: JsonObject = {"hasNextPage": True, "nextCursor": cursor, "totalRecords": MANY}
    return {**body, "pageInfo": {**info, **again}}


def _is_numbered(body: JsonObject) -> bool:
    """Is this a page of schedules, whose cursors are page numbers?"""
    records = body.get("records")
    return isinstance(records, list) and any(isinstance(one, Mapping) and "lastStatus" in one for one in records)


def shortened(body: Json, omit: int) -> Json:
    """The page without its last `omit` items, as if there were no more."""
    if not isinstance(body, Mapping):
        return body
    name = next((name for name in LISTS if name in body), "")
    items = body.get(name)
    if not isinstance(items, list):
        return body
    return _complete({**body, name: items[: max(0, len(items) - omit)]}, omit)


def _complete(body: JsonObject, omitted: int) -> Json:
    """The counts agree with what is shown, and the pages end here."""
    if isinstance(total := body.get("totalResults"), int):
        return {**body, "totalResults": max(0, total - omitted)}
    if isinstance(info := body.get("pageInfo"), Mapping) and isinstance(total := info.get("totalRecords"), int):
        ended: Json = {**info, "totalRecords": max(0, total - omitted), "hasNextPage": False, "nextCursor": None}
        return {**body, "pageInfo": ended}
    return body
