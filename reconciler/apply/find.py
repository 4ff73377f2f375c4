"""A fresh reading between the writes: the ids of what no answer named, and what is not as it should be by now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.apply.book import Book
from reconciler.apply.judge import created
from reconciler.apply.look import Kinds, Look, listed, thing, with_values
from reconciler.model.clock import Clock
from reconciler.model.faults import ProviderUnreachable, RemoteFault, Unauthorised
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Demand
from reconciler.model.outcome import End, Outcome
from reconciler.model.plan import Call, On
from reconciler.model.shows import find, shows
from reconciler.model.values import found_at, resolved, waiting_for

PAUSE: Final = 1.0
"""Seconds before a second reading, where the first lacks what is asked for."""


async def look_around(call: Call, book: Book, kinds: Kinds, look: Look, clock: Clock) -> list[Outcome]:
    """Make the reading. Returns its own outcome last, before it those of creates whose id it told. Calls whose
    effect it does not show are marked in the book. Raises Unauthorised."""
    demand = _demand(call, book, kinds, with_values(call, book.results).live_id)
    try:
        live = await look(demand, "calls")
        if _lacks(call, book, kinds, live):
            await clock.sleep(PAUSE)
            live = await look(demand, "verify")  # the plan counts one: this asks whether a write shows by now
    except Unauthorised:
        raise
    except RemoteFault as fault:
        end = End.NOT_SENT if isinstance(fault, ProviderUnreachable) else End.FAILED
        return [Outcome(call.id, end, fault.reason, fault.status)]
    named = list(_named(call, book, kinds, live))
    _shown(call, book, kinds, live)
    done = Outcome(call.id, End.DONE, "", 200, dict(_found(call, book, kinds, live)))
    results = {**book.results, call.id: done.result}
    for step in (book.calls[i] for i in book.fallbacks.get(call.id, ())):
        if step.trigger is not None and step.trigger.on is On.UNLIKE:
            wanted = with_values(step, results)
            if shows(kinds.of(step), wanted.effect, thing(kinds.of(step), wanted, live, {})) is False:
                book.unlike.add(step.id)
    return [*named, done]


def _demand(call: Call, book: Book, kinds: Kinds, own: str | None) -> Demand:
    """Ids show in any list; whether effects do may take a reading thing by thing."""
    unlike = any(
        t.on is On.UNLIKE for i in book.fallbacks.get(call.id, ()) if (t := book.calls[i].trigger) is not None
    )
    if own:
        return kinds.narrowed(call, [own])
    return kinds.demand(call) if unlike else kinds.finding(call)


def _shown(call: Call, book: Book, kinds: Kinds, live: Collection) -> None:
    """What this reading shows needs no other one to be proven. Sets are looked at again at the very end."""
    for other in [book.calls[i] for i in book.to_verify]:
        same_kind = (other.target, other.kind) == (call.target, call.kind)
        if same_kind and other.set_field is None and book.worked(other.id):
            wanted = listed(kinds.of(other), with_values(other, book.results))
            resource = thing(kinds.of(other), wanted, live, book.outcomes[other.id].result)
            if resource is not None and shows(kinds.of(other), wanted.effect, resource) is True:
                book.to_verify.discard(other.id)


def _lacks(call: Call, book: Book, kinds: Kinds, live: Collection) -> bool:
    """Whether a call that is about to follow asks for something that this reading does not show: a list may lag
    behind a write (OC-A16)."""
    told = dict(_found(call, book, kinds, live))
    coming = [c for c in book.plan.calls if book.coming(c)]
    return any(found_at(at["key"], at.get("scope")) not in told for at in _asked(call, coming))


def _named(call: Call, book: Book, kinds: Kinds, live: Collection) -> Iterator[Outcome]:
    """Creates that are done and that this reading shows, with their ids."""
    for create in book.nameless(call.target, call.kind):
        found = thing(kinds.of(create), with_values(create, book.results), live, {})
        if found is not None:
            yield book.know(create.id, created(create, found.id))


def _found(call: Call, book: Book, kinds: Kinds, live: Collection) -> Iterator[tuple[str, Json]]:
    """What other calls ask this reading for, where exactly one live thing answers."""
    for at in {found_at(at["key"], at.get("scope")): at for at in _asked(call, book.plan.calls)}.values():
        key, scope = at["key"], at.get("scope")
        try:
            values = resolved([key, scope or []], book.results)
        except KeyError:
            continue
        wanted, within = values if isinstance(values, list) else (None, [])
        found = find(kinds.of(call), live, wanted, within if isinstance(within, list) else [])
        if len(found) == 1:
            yield found_at(key, scope), found[0].id


def _asked(call: Call, others: Iterable[Call]) -> Iterator[JsonObject]:
    for other in others:
        for word, at in waiting_for([dict(other.args), dict(other.query), other.body, dict(other.expect)]):
            if word == "$find" and str(at["read"]) == call.id:
                yield at
