"""What answers show of a thing, as far as it is the same for every kind."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Json
from reconciler.twins.omg_platform.call import Call


def shown_id(call: Call, number: int | None) -> Json:
    """An id as it is read (OP-P1)."""
    return str(number) if number is not None and call.hard("OP-P1") else number


def shown(call: Call, path: str, number: int, created_at: str, fields: Mapping[str, Json]) -> dict[str, Json]:
    """A thing with its id, its fields, and what no reference mentions (OP-P4, OP-P13)."""
    found: dict[str, Json] = {"id": shown_id(call, number), **fields}
    if call.hard("OP-P4"):
        found = {name: value for name, value in found.items() if value is not None}
    if call.hard("OP-P13"):
        found |= {"created_at": created_at, "links": {"self": f"/{call.tenant}/v2{path}/{number}"}}
    return found


def written(call: Call, whole: dict[str, Json]) -> Json:
    """The `data` of an answer to a write of fields (OP-P6)."""
    return {"id": whole["id"]} if call.hard("OP-P6") else whole
