"""Post-conditions that no answer proved: one reading per kind at the end, and what else it brings to light."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.apply.book import Book
from reconciler.apply.look import Kinds, Look, with_values
from reconciler.model.clock import Clock
from reconciler.model.faults import RemoteFault
from reconciler.model.json import same
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import spoken
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call
from reconciler.model.shows import entries_by_id, shows, still_live

PAUSE = 1.0
"""Seconds before a second reading: a list may lag behind a write (OA-A19, ST-A18)."""


async def verify(
    book: Book, kinds: Kinds, look: Look, clock: Clock, before: dict[tuple[str, str], Collection]
) -> list[str]:
    """Change the outcome of every call whose effect live does not show; returns what was noticed besides."""
    notes: list[str] = []
    groups: dict[tuple[str, str], list[Call]] = {}
    for call_id in sorted(book.to_verify, key=int):
        call = book.calls[call_id]
        if book.outcomes[call_id].end is End.DONE:
            groups.setdefault((call.target, call.kind), []).append(call)
    for at, calls in groups.items():
        live = await _verify(book, kinds, look, clock, calls)
        if live is not None and at in before:
            notes += list(by_itself(kinds.of(calls[0]), before[at], live, book))
    return notes


async def _verify(book: Book, kinds: Kinds, look: Look, clock: Clock, calls: list[Call]) -> Collection | None:
    for attempt in range(2):
        if attempt:
            await clock.sleep(PAUSE)
        try:
            live = await look(kinds.demand(calls[0]), "verify")
        except RemoteFault as fault:
            for call in calls:
                book.end(Outcome(call.id, End.IN_DOUBT, f"could not be verified: {fault.reason}"))
            return None
        missing = [c for c in calls if not _shown(book, kinds, c, live)]
        if not missing:
            return live
    for call in missing:
        text = "the server accepted it, but live does not show it"
        book.end(Outcome(call.id, End.FAILED, text, book.outcomes[call.id].status))
    return live


def _shown(book: Book, kinds: Kinds, call: Call, live: Collection) -> bool:
    """A field that cannot be read counts as shown: nothing can be said against it."""
    kind, wanted = kinds.of(call), with_values(call, book.results)
    result = book.outcomes[call.id].result
    own = result.get(Fact.ID) or result.get(Fact.BECOMES) or wanted.live_id
    resource = still_live(kind, live, str(own)) if own is not None else None
    return shows(kind, wanted.effect, resource) is not False


def by_itself(kind: Kind, before: Collection, after: Collection, book: Book) -> Iterator[str]:
    """Set entries that changed without a call of ours: the server's own doing, or somebody else's (ST-R22)."""
    sent = [c for i, c in book.calls.items() if i in book.outcomes and book.outcomes[i].end is End.DONE]
    touched = {(c.live_id, c.set_field, str(i)) for c in sent for i, _ in c.effect.present}
    then = {r.id: r for r in before.resources}
    for resource in after.resources:
        earlier = then.get(resource.id)
        for field in kind.fields.values() if earlier else ():
            if not field.is_set or earlier is None:
                continue
            old = entries_by_id(field, earlier.fields.get(field.name))
            for i, entry in entries_by_id(field, resource.fields.get(field.name)).items():
                ours = (resource.id, field.name, i) in touched
                if i in old and not ours and not same(old[i], entry):
                    yield f"{spoken(resource.key)}: {field.name} {i} changed by itself: {old[i]} -> {entry}"
