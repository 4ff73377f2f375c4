"""Cursor pages: a page of sorted rows, and where the next one begins (OA-R13, OA-P4, OA-P5, OA-P19)."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Json, Refused, encode
from reconciler.twins.omni_analytics.call import Call, OmniRoute
from reconciler.twins.omni_analytics.checks import whole_number

CAP = 50

T = TypeVar("T")
# The text to sort by, the id, the item.
Row: TypeAlias = tuple[str, str, T]


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """The items of one page, and its `pageInfo`."""

    items: Sequence[T]
    info: Json


def page_size(call: Call, default: int) -> int:
    """The asked page size, capped where the server caps it. Raises Refused."""
    size = whole_number(call, "pageSize", default)
    if size < 1:
        raise call.bad("pageSize: Page size must be at least 1")
    return capped(call, size)


def capped(call: Call, size: int) -> int:
    """A page size as the server grants it."""
    return min(size, CAP) if call.hard("OA-P4") else size


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted, and where the asked page begins: behind a row (key-set), or at a number (offset).

    `name` is part of every cursor: one made for another order is foreign.
    """

    name: str
    descending: bool
    behind: tuple[str, str] | None = None
    offset: int = 0


def asked_order(call: Call, field: str, direction: str) -> Order:
    """The order of a list, begun where the query's cursor says. Raises Refused for a foreign cursor."""
    name, descending = f"{field} {direction}", direction == "desc"
    text = call.query.get("cursor")
    if text is None:
        return Order(name, descending)
    match _decoded(text):
        case {"o": str(made_for), "n": int(offset)} if made_for == name and offset >= 0:
            return Order(name, descending, offset=offset)
        case {"o": str(made_for), "v": str(value), "id": str(last)} if made_for == name:
            return Order(name, descending, behind=(value, last))
    raise Refused(400, "cursor: Invalid cursor")


def page_of(call: Call, rows: Sequence[Row[T]], order: Order, size: int) -> Page[T]:
    """The asked page. Rows of equal text go by id."""
    by_id = sorted(rows, key=lambda row: row[1])
    ordered = sorted(by_id, key=lambda row: row[0], reverse=order.descending)
    start = order.offset + sum(not _beyond(row, order) for row in ordered)
    taken = ordered[start : start + size]
    more = start + size < len(ordered)
    info: dict[str, Json] = {
        "hasNextPage": more,
        "nextCursor": _cursor(call, taken[-1], order, start + size) if more else None,
        "pageSize": size,
        "totalRecords": len(ordered),
    }
    if not more and call.hard("OA-P19"):
        del info["nextCursor"]
    return Page([item for _, _, item in taken], info)


def _cursor(call: Call, last: Row[T], order: Order, offset: int) -> str:
    """Offset cursors shift when the list changes; key-set ones name the last row seen."""
    if call.hard("OA-P5"):
        place: Json = {"o": order.name, "n": offset}
    else:
        place = {"o": order.name, "v": last[0], "id": last[1]}
    return base64.urlsafe_b64encode(encode(place)).decode()


def _beyond(row: Row[T], order: Order) -> bool:
    """Does this row come after the one the cursor names, be that one still there or not?"""
    if order.behind is None or row[0] == order.behind[0]:
        return order.behind is None or row[1] > order.behind[1]
    return (row[0] < order.behind[0]) if order.descending else (row[0] > order.behind[0])


def _decoded(text: str) -> Json:
    try:
        place: Json = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, RecursionError):
        return None
    return place


KIND: Kind[OmniRoute] = Kind(
    questions=(
        Knob("OA-P4", "a page above the undocumented maximum", "honoured", f"capped at {CAP}"),
        Knob("OA-P5", "a cursor while the list changes", "key-set: stable", "offset: records shift"),
        Knob("OA-P6", "a list right after a create", "shows it", "the very next request does not show it"),
        Knob("OA-P19", "nextCursor on the last page", "null", "absent"),
    )
)
