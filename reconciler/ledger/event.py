"""One event, and the chain that ties it to all before it. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from reconciler.model.json import Json, JsonObject, canonical
from reconciler.model.record import Record, field

FORMAT: Final = 1
"""The format of events and of the table they lie in; it stands in the genesis event."""

_TEXTS = frozenset({str})
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class Type(StrEnum):
    """What happened. A type that is not here was written by a newer version."""

    GENESIS = "genesis"
    RUN_STARTED = "run started"
    INTENT = "intent"
    OUTCOME = "outcome"
    BIND = "bind"
    RELEASE = "release"
    NOTE = "note"
    RUN_FINISHED = "run finished"
    LEASE_TAKEN = "lease taken"
    LEASE_RENEWED = "lease renewed"
    LEASE_RETURNED = "lease returned"


class Event(Record, frozen=True):
    """One row. `seq` counts from 1 without gaps; `time` is UTC; `body` is canonical JSON text of an object;
    `prev` is the hash of the event before (empty for the first); empty texts where a column does not apply."""

    seq: int
    time: str
    type: str
    run: str
    target: str
    address: str
    body: str
    prev: str
    hash: str

    @property
    def content(self) -> JsonObject:
        """The body as a value. Raises ValueError when it is not a JSON object."""
        value = json.loads(self.body)
        if not isinstance(value, dict):
            raise ValueError("the body is not an object")  # noqa: TRY004  one error for every wrong body
        return value


class Draft(Record, frozen=True):
    """An event that has no place in the chain yet."""

    type: Type
    run: str = ""
    target: str = ""
    address: str = ""
    body: Mapping[str, Json] = field(default_factory=dict)


class Link(Record, frozen=True):
    """The end of the chain: the next event follows it."""

    seq: int = 0
    hash: str = ""


def seal(draft: Draft, last: Link, time: str) -> Event:
    """Give a draft its place after `last`. Raises ValueError for a body that is not JSON."""
    # No database stores half of a surrogate pair; inside JSON text it can be written as an escape.
    body = _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", canonical(dict(draft.body)))
    seq, kind = last.seq + 1, str(draft.type)
    sealed = _hash((last.hash, seq, time, kind, draft.run, draft.target, draft.address), body)
    return Event(seq, time, kind, draft.run, draft.target, draft.address, body, last.hash, sealed)


def broken(event: Event, last: Link) -> str | None:
    """Why `event` cannot stand after `last`; None if it does."""
    texts = (event.time, event.type, event.run, event.target, event.address, event.body, event.prev, event.hash)
    if not _TEXTS.issuperset(map(type, texts)):
        return f"event {event.seq} holds something that is not text"
    if event.seq != last.seq + 1:
        return f"event {last.seq + 1} is missing"
    if event.prev != last.hash:
        return f"event {event.seq} does not follow from the one before it"
    head = (event.prev, event.seq, event.time, event.type, event.run, event.target, event.address)
    if _hash(head, event.body) != event.hash:
        return f"event {event.seq} is not what was written"
    return None


def _hash(head: tuple[str | int, ...], body: str) -> str:
    """sha256 over the canonical JSON array `[prev, seq, time, type, run, target, address, body]`."""
    text = f"{canonical(head)[:-1]},{body}]"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def timestamp(wall: float) -> str:
    """Seconds since 1970 as `2026-06-01T10:00:00.000Z`."""
    return datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
