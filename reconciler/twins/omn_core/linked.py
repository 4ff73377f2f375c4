"""The body of a call that links things: holders in a holder, each with the ends of links."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Json, JsonObject, Refused
from reconciler.twins.omn_core.call import LARGEST_BATCH, Call, present
from reconciler.twins.omn_core.selectors import MALFORMED


def sent_links(call: Call, kind: str) -> list[JsonObject]:
    """What stands in the `itms` of this type. Raises Refused if there are none, or others."""
    outer = _holders(call.body.get("links"))
    if not outer or any(one.get("type") != kind for one in outer):
        raise Refused(400, MALFORMED)
    found = [present(inner) for one in outer for inner in _holders(one)]
    if len(found) > LARGEST_BATCH and call.hard("OC-P31"):
        raise Refused(400, f"More than {LARGEST_BATCH} objects in one call")
    return found


def _holders(holding: Json) -> list[JsonObject]:
    items = holding.get("itms") if isinstance(holding, Mapping) else None
    return [one for one in items if isinstance(one, Mapping)] if isinstance(items, list) else []
