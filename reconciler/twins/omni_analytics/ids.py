"""Ids that tell what they are of: `KKKKKKKK-0000-4000-8000-NNNNNNNNNNNN`, K the kind, N the number, in hex."""

from __future__ import annotations

from reconciler.twins.core.clock import Counters

USER = 1
FOLDER = 2
CONNECTION = 3
ENVIRONMENT = 4
REFRESH_SCHEDULE = 5
MODEL = 6
SCHEDULE = 7
JOB = 8
DOCUMENT = 9
CACHE_RESET = 10


def next_uuid(counters: Counters, kind: int) -> str:
    """The next id of a kind."""
    return f"{kind:08x}-0000-4000-8000-{counters.next(f'{kind:x}'):012x}"


def next_group_id(counters: Counters) -> str:
    """The next id of a group: short text, no UUID."""
    return f"grp{counters.next('grp'):05d}"


def next_identifier(counters: Counters) -> str:
    """The next identifier of a document: short text, beside its UUID."""
    return f"d0c{counters.next('d0c'):05d}"
