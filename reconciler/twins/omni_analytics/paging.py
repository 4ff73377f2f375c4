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
SortValue: TypeAlias = str | int
Row: TypeAlias = tuple[SortValue, str, T]


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


def page_of(call: Call, rows: Sequence[Row[T]], order: str, size: int, *, descending: bool) -> Page[T]:
    """The page that the query's cursor asks for. Rows are (value to sort by, id, item); equal values go by id.

    `order` names the sorting; a cursor made under another one is foreign. Raises Refused.
    """
    by_id = sorted(rows, key=lambda row: row[1])
    ordered = sorted(by_id, key=lambda row: row[0], reverse=descending)
    start = _start(call, ordered, order, descending=descending)
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


def _cursor(call: Call, last: Row[T], order: str, offset: int) -> str:
    """Offset cursors shift when the list changes; key-set ones name the last row seen."""
    place: Json = {"o": order, "n": offset} if call.hard("OA-P5") else {"o": order, "v": last[0], "id": last[1]}
    return base64.urlsafe_b64encode(encode(place)).decode()


def _start(call: Call, ordered: Sequence[Row[T]], order: str, *, descending: bool) -> int:
    text = call.query.get("cursor")
    if text is None:
        return 0
    place = _decoded(text)
    if not isinstance(place, dict) or place.get("o") != order:
        raise Refused(400, "cursor: Invalid cursor")
    match place:
        case {"n": int(offset)} if offset >= 0:
            return offset
        case {"v": str() | int() as value, "id": str(last_id)}:
            return sum(not _beyond(row, value, last_id, descending=descending) for row in ordered)
        case _:
            raise Refused(400, "cursor: Invalid cursor")


def _beyond(row: Row[T], value: SortValue, last_id: str, *, descending: bool) -> bool:
    """Does this row come after the one the cursor names, be that one still there or not?"""
    if row[0] == value:
        return row[1] > last_id
    if isinstance(row[0], str) and isinstance(value, str):
        return (row[0] < value) if descending else (row[0] > value)
    if isinstance(row[0], int) and isinstance(value, int):
        return (row[0] < value) if descending else (row[0] > value)
    raise Refused(400, "cursor: Invalid cursor")


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
