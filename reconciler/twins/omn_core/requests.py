"""Members of plain request objects that select things: texts and instants."""

from __future__ import annotations

from datetime import datetime

from reconciler.twins.core.clock import parse_instant
from reconciler.twins.core.values import Refused
from reconciler.twins.omn_core.call import Call
from reconciler.twins.omn_core.selectors import MALFORMED, asked_list


def one_text(call: Call, name: str) -> str | None:
    """A text, also one that was sent as a number; None where there is none, or an empty one. Raises Refused."""
    value = call.body.get(name)
    if value is None or value == "":
        return None
    if type(value) not in (str, int):
        raise Refused(400, MALFORMED)
    return str(value)


def moment(call: Call, name: str) -> datetime | None:
    """An instant, in UTC where it names no zone. Raises Refused."""
    value = one_text(call, name)
    if value is None:
        return None
    try:
        return parse_instant(value)
    except ValueError:
        raise Refused(400, f"'{value}' is no date") from None


def identities(call: Call) -> tuple[list[str] | None, list[str]]:
    """The tids asked for, and the ids; with tids the ids count for nothing (None: no tids). Raises Refused."""
    tids, ids = asked_list(call.body, "tids"), asked_list(call.body, "ids")
    if tids is None and ids is None:
        raise Refused(400, "tids or ids should be provided")
    return (None, list(dict.fromkeys(ids or ()))) if not tids else (list(dict.fromkeys(tids)), [])


def within(modified: str, since: datetime | None, until: datetime | None) -> bool:
    """Was something modified between these instants, both included?"""
    at = parse_instant(modified)
    return (since is None or at >= since) and (until is None or at <= until)
