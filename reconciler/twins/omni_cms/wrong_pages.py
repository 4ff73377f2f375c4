"""Lists as a broken server would show them."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Json

LISTS = ("components", "spaces", "users", "children")
MANY = 1_000_000


def endless(body: Json) -> Json:
    """The page of a search as it looks if more pages follow."""
    if isinstance(body, Mapping) and "more" in body:
        return {**body, "total": MANY, "more": True}
    return body


def shortened(body: Json, omit: int) -> Json:
    """The list without its last `omit` items, as if there were no more; of a tree, those on its first level."""
    if not isinstance(body, Mapping):
        return body
    name = next((name for name in LISTS if name in body), "")
    items = body.get(name)
    if not isinstance(items, list):
        return body
    short: dict[str, Json] = {**body, name: items[: max(0, len(items) - omit)]}
    if isinstance(total := body.get("total"), int):
        short |= {"total": max(0, total - omit), "more": False}
    return short
