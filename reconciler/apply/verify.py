"""Post-conditions that no answer proved: one reading per kind at the end, and what else it brings to light."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from reconciler.apply.book import Book
from reconciler.apply.judge import created, creates
from reconciler.apply.look import Kinds, Look, thing, with_values
from reconciler.model.clock import Clock
from reconciler.model.entries import entry_text
from reconciler.model.faults import RemoteFault
from reconciler.model.json import Json, canonical, digest, same
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.outcome import End, Fact
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.shows import entries_by_id, shows

PAUSE = 1.0
"""Seconds before a second reading: a list may lag behind a write (OA-A19, ST-A18)."""


async def verify(
    book: Book, kinds: Kinds, look: Look, clock: Clock, before: dict[tuple[str, str], Collection]
) -> list[str]:
    """Change the outcome of every call whose effect live does not show, and of every create whose id only this
    reading tells; returns what was noticed besides."""
    notes: list[str] = []
    groups: dict[tuple[str, str], list[Call]] = {}
    for call_id in sorted(book.to_verify, key=int):
        call = book.calls[call_id]
        if book.outcomes[call_id].end is End.DONE and not _written_again(book, call):
            groups.setdefault((call.target, call.kind), []).append(call)
    found = await asyncio.gather(*(_verify(book, kinds, look, clock, calls) for calls in groups.values()))
    for (at, calls), live in zip(groups.items(), found, strict=True):
        if live is not None and at in before:
            notes += list(by_itself(kinds.of(calls[0]), before[at], live, book))
    return notes


def _written_again(book: Book, call: Call) -> bool:
    """Whether a later call has written all the same fields of the thing anew, as after a temporary name."""
    if not call.effect.fields or call.set_field is not None:
        return False
    return any(
        later.address == call.address
        and later.set_field is None
        and call.id in later.after
        and book.worked(later.id)
        and call.effect.fields.keys() <= later.effect.fields.keys()
        for later in (book.calls[i] for i in book.followers.get(call.id, ()))
    )


async def _verify(book: Book, kinds: Kinds, look: Look, clock: Clock, calls: list[Call]) -> Collection | None:
    for attempt in range(2):
        if attempt:
            await clock.sleep(PAUSE)
        try:
            live = await look(_least(book, kinds, calls), "verify")
        except RemoteFault as fault:
            for call in calls:
                _in_doubt(book, call, fault.reason)
            return None
        hidden = {c.id for c in calls if _hidden(book, kinds, c, live)}
        missing = [c for c in calls if c.id in hidden or not _shown(book, kinds, c, live)]
        if not missing:
            return live
    for call in missing:
        if call.id in hidden:
            _in_doubt(book, call, "no reading can tell")
        else:
            _not_shown(book, kinds, call, live)
    return live


def _least(book: Book, kinds: Kinds, calls: list[Call]) -> Demand:
    """The reading that shows these things, by the ids they have now."""
    results = [book.outcomes[c.id].result for c in calls]
    ids = [
        str(own)
        if (own := r.get(Fact.ID) or r.get(Fact.BECOMES) or with_values(c, book.results).live_id)
        else None
        for c, r in zip(calls, results, strict=True)
    ]
    return kinds.showing([with_values(c, book.results) for c in calls], ids)


def _in_doubt(book: Book, call: Call, why: str) -> None:
    before, text = book.outcomes[call.id], f"could not be verified: {why}"
    book.end(replace(before, end=End.IN_DOUBT, message=text, status=0, result={}))


def _hidden(book: Book, kinds: Kinds, call: Call, live: Collection) -> bool:
    """Whether it may be there all the same, where this reading sees nothing."""
    wanted = with_values(call, book.results)
    unseen = thing(kinds.of(call), wanted, live, book.outcomes[call.id].result) is None
    return unseen and kinds.of(call).findable and kinds.settled(wanted, live) is None


def _shown(book: Book, kinds: Kinds, call: Call, live: Collection) -> bool:
    """A field that cannot be read counts as shown: nothing can be said against it. What was made may not have its
    key yet, where what it lies in is to be renamed by a call that did not work; its kind may know it all the
    same."""
    kind, wanted = kinds.of(call), with_values(call, book.results)
    resource, effect = thing(kind, wanted, live, book.outcomes[call.id].result), wanted.effect
    made = kinds.begun(wanted, live)
    if len(made) == 1 and resource in (None, made[0]):
        resource, effect = made[0], replace(effect, key=None)
    if resource is not None and creates(call) and Fact.ID not in book.outcomes[call.id].result:
        book.know(call.id, created(call, resource.id))
    return shows(kind, effect, resource) is not False


def _not_shown(book: Book, kinds: Kinds, call: Call, live: Collection) -> None:
    """The call has failed. Where the thing is there, and only fields of it are not as they were sent, the ledger
    is told what the server made of them; where something was to be added, that the server said yes: a list may lag
    for longer, and what shows later has been made by us."""
    kind, wanted, before = kinds.of(call), with_values(call, book.results), book.outcomes[call.id]
    resource = thing(kind, wanted, live, before.result)
    differs = what_differs(kind, wanted.effect, resource) if resource is not None else {}
    text = "the server accepted it, but live does not show it"
    if differs:
        text = f"{text}: it made something else of {', '.join(differs)}"
    elif resource is not None and (amiss := list(entries_amiss(kind, wanted.effect, resource))):
        text = f"{text}: {wanted.effect.set_field} {', '.join(amiss)}"
    told: dict[str, Json] = {}
    if differs:
        told = {**before.result, Fact.DIFFERS: dict[str, Json](differs)}
    elif creates(call) and resource is not None:
        told = {Fact.BEGUN: created(call, resource.id)}
    elif creates(call) or (call.phase is Phase.ADD and call.set_field is not None):
        told = {**before.result, Fact.ACCEPTED: True}
    book.end(replace(before, end=End.FAILED, message=text, result=told))


def what_differs(kind: Kind, effect: Effect, resource: Resource) -> dict[str, str]:
    """Field -> digest of its live value, for the plain fields that are not as they were sent; empty where anything
    else is amiss as well."""
    if shows(kind, replace(effect, fields={}), resource) is False:
        return {}
    return {
        name: digest(normal(kind.fields[name], resource.fields[name]))
        for name, value in effect.fields.items()
        if shows(kind, Effect(fields={name: value}), resource) is False
    }


def entries_amiss(kind: Kind, effect: Effect, resource: Resource) -> Iterator[str]:
    """The entries of a set that are not there as they were sent, or there still."""
    entries = [(i, replace(effect, present=((i, e),), absent=())) for i, e in effect.present]
    entries += [(i, replace(effect, present=(), absent=(i,))) for i in effect.absent]
    for one, alone in entries if effect.set_field is not None else ():
        if shows(kind, replace(alone, key=None, fields={}), resource) is False:
            yield entry_text(one)


def by_itself(kind: Kind, before: Collection, after: Collection, book: Book) -> Iterator[str]:
    """What changed without a call of ours: set entries (the server's own doing, or somebody else's, ST-R22), and
    plain fields of what this run has written to, which somebody else wrote to meanwhile."""
    sent = [c for i, c in book.calls.items() if i in book.outcomes and book.outcomes[i].end is End.DONE]
    touched = {
        (c.live_id, c.set_field or c.effect.set_field, entry_text(i)) for c in sent for i, _ in c.effect.present
    }
    whole = {(c.live_id, name) for c in sent for name in (*c.effect.fields, *c.clobbers)}
    ours = {c.live_id for c in sent}
    then = {r.id: r for r in before.resources}
    for resource in after.resources:
        earlier = then.get(resource.id)
        for field in kind.fields.values() if earlier else ():
            if earlier is None or (resource.id, field.name) in whole:
                continue
            if not field.is_set:
                if resource.id in ours:
                    yield from _meanwhile(kind, field, earlier, resource)
                continue
            old = entries_by_id(field, earlier.fields.get(field.name))
            for i, entry in entries_by_id(field, resource.fields.get(field.name)).items():
                known = (resource.id, field.name, i) in touched
                if i in old and not known and not same(old[i], entry):
                    other = f"{canonical(old[i])} -> {canonical(entry)}"
                    yield f"{spoken(resource.key)}: {field.name} {i} changed by itself: {other}"


def _meanwhile(kind: Kind, field: Field, earlier: Resource, now: Resource) -> Iterator[str]:
    """That a field which nobody here writes is another one than before. The key and what the API alone writes
    follow from other things."""
    if field.read_only or field.name == kind.key or not {field.name} <= earlier.fields.keys() & now.fields.keys():
        return
    old, new = (normal(field, r.fields[field.name]) for r in (earlier, now))
    if not same(old, new):
        others = f"{canonical(old)} -> {canonical(new)}"
        yield f"{spoken(now.key)}: {field.name} was changed meanwhile, not by us: {others}"
