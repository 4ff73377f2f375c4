"""Ids that tell what they are of: `KKKKKKKK-0000-4000-8000-NNNNNNNNNNNN`, K the kind, N the number, in hex."""

from __future__ import annotations

from reconciler.twins.core.clock import Counters

USER = 1
FOLDER = 2
SCHEDULE = 7
DOCUMENT = 9


def next_uuid(counters: Counters, kind: int) -> str:
    """The next id of a kind."""
    return f"{kind:08x}-0000-4000-8000-{counters.next(f'{kind:x}'):012x}"


def next_group_id(counters: Counters) -> str:
    """The next id of a group: short text, no UUID."""
    return f"grp{counters.next('grp'):05d}"
