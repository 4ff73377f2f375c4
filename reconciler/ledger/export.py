"""A chain outside its database: written as text, read back, and checked event by event."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from reconciler.ledger.event import Event, Link, Type
from reconciler.ledger.history import BROKEN_HINT, Source, walk
from reconciler.model.faults import ChainBroken, ManifestInvalid
from reconciler.model.json import JsonObject
from reconciler.model.past import Chain
from reconciler.model.place import Place, Problem
from reconciler.model.record import asdict

FORMAT: Final = "reconciler/ledger-v1"
NAMES: Final = Event.__struct_fields__
EXPORT_HINT: Final = (
    "keep this file as evidence and take a good copy: another one of the same export, or a new one with "
    "`reconciler ledger export`"
)
SHORTEST: Final = 12
"""Of a head that is asked for by its beginning at least so many characters are given."""


def as_json(event: Event) -> JsonObject:
    """An event as it lies in the table; `body` stays the text that was hashed."""
    return asdict(event)


class Exported:
    """An export as a chain to be read. `name`: the file's."""

    def __init__(self, name: str, text: str) -> None:
        """Raises ManifestInvalid with the line for what is no export."""
        self.name = name
        self._events = tuple(_events(name, text))

    def read(self, after: int = 0) -> Iterator[Event]:
        return iter(self._events[after:])


def _events(name: str, text: str) -> Iterator[Event]:
    """Of JSON lines, or of one JSON object `{format, events}`."""
    if text.lstrip()[:1] == "{" and '"events"' in text[:200]:
        whole = _parsed(text, Place(name))
        events = whole.get("events") if isinstance(whole, dict) and whole.get("format") == FORMAT else None
        if not isinstance(events, list):
            raise _wrong(Place(name), f"is no export of format {FORMAT}")
        yield from (_event(one, Place(name)) for one in events)
        return
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _event(_parsed(line, Place(name, number, 1)), Place(name, number, 1))


def _parsed(text: str, place: Place) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(place, f"is not JSON: {error}") from None


def _event(value: object, place: Place) -> Event:
    if not isinstance(value, dict) or set(value) != set(NAMES):
        raise _wrong(place, f"is no event: one has {', '.join(NAMES)}")
    seq, texts = value["seq"], [value[name] for name in NAMES[1:]]
    if isinstance(seq, bool) or not isinstance(seq, int) or not all(isinstance(text, str) for text in texts):
        raise _wrong(place, "is no event: `seq` is a number, everything else is text")
    return Event(seq, *texts)


def _wrong(place: Place, text: str) -> ManifestInvalid:
    return ManifestInvalid([Problem(place, text, "`reconciler ledger export` writes one", rule="export")])


def checked(source: Source, asked: str = "", altered: str = "", hint: str = BROKEN_HINT) -> Chain:
    """The chain computed again from its first event to its last. `asked`: the beginning of a hash that was printed
    earlier; `altered`: what is wrong with how it is kept; `hint`: the way out where it does not hold. Raises
    LedgerUnusable where it cannot be read, or a newer version wrote it; a broken chain is told in what is
    returned."""
    count, first, last, head, met, met_time, run, run_head = 0, "", "", "", 0, "", "", ""
    try:
        for event in walk(source, Link(), hint):
            count, last, head = event.seq, event.time, event.hash
            first = first or event.time
            if event.type == Type.RUN_FINISHED:
                run, run_head = event.run, event.hash
            if asked and event.hash.startswith(asked):
                met, met_time = event.seq, event.time
    except ChainBroken as error:
        why, bad = error.why, error.bad
        return Chain(source.name, count, head, first, last, why, bad, asked, met, met_time, hint, altered=altered)
    hint = hint if altered or (asked and not met) else ""
    return Chain(source.name, count, head, first, last, "", 0, asked, met, met_time, hint, run, run_head, altered)
