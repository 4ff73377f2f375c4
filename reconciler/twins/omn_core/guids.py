"""The ids that the server makes by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.twins.omn_core.call import FIRST_ID

if TYPE_CHECKING:
    from reconciler.twins.core.twin import Twin
    from reconciler.twins.omn_core.call import Traffic


def new_guid(twin: Twin, traffic: Traffic) -> str:
    """The next GUID in lower case: one that a test asked for, else one of a row for all kinds."""
    number = twin.counters.next("guid")
    if traffic.guids:
        return traffic.guids.pop(0)
    return f"{0x5EED0000 + number % 0x10000:08x}-0000-4000-8000-{number:012x}"


def new_id(twin: Twin) -> str:
    """The next number, of one row for all kinds."""
    return str(FIRST_ID - 1 + twin.counters.next("id"))
