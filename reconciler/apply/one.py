"""One ready call: begun, sent in its way, concluded in book and journal."""

from __future__ import annotations

from functools import partial

from reconciler.apply.book import Book
from reconciler.apply.carry import carry
from reconciler.apply.find import look_around
from reconciler.apply.job import Run
from reconciler.apply.judge import created, harmless
from reconciler.apply.send import Sender
from reconciler.model.faults import Unauthorised
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, On, Role
from reconciler.model.record import replace


def conclude(job: Run, book: Book, name: str, call: Call, outcome: Outcome) -> None:
    """The call ends so for the book at once, and for the ledger and for who watches with the next telling."""
    book.end(outcome)
    if outcome.end is not End.UNNEEDED:
        event = job.event(str(outcome.end), call, book, outcome.message)
        job.ink.put(lambda: job.journal.conclude(name, call.address, outcome), lambda: job.progress(event))


def all_end(job: Run, book: Book, name: str, call: Call, outcome: Outcome) -> None:
    """The call ends so, and with it whoever still goes along in it."""
    for rider in book.going(call.id):
        conclude(job, book, name, rider, replace(outcome, call=rider.id))
    conclude(job, book, name, call, outcome)


async def one(job: Run, book: Book, sender: Sender, call: Call) -> None:
    event = job.event("intend", call, book)
    job.ink.put(None, lambda: job.progress(event))
    for address in sorted({call.address, *(r.address for r in book.going(call.id))} & job.new.keys()):
        job.ink.put(partial(job.journal.bind, sender.run, *job.new.pop(address)))
    if harmless(call):
        await job.ink.dry()  # it has no intent to wait for; what it follows from is on disk all the same
    try:
        if call.role is Role.FIND:
            await _look_around(job, book, sender, call)
        elif book.going(call.id):
            await _carry(job, book, sender, call)
        else:
            await _send(job, book, sender, call)
    except Unauthorised as fault:
        _stop(job, fault)
        all_end(job, book, sender.run, call, Outcome(call.id, End.FAILED, fault.reason, fault.status))
    if book.outcomes[call.id].end is End.NOT_SENT:
        job.down.setdefault(call.target, book.outcomes[call.id].message)


def _stop(job: Run, fault: Unauthorised) -> None:
    for target in job.leases:
        job.down.setdefault(target, fault.reason)


async def _send(job: Run, book: Book, sender: Sender, call: Call) -> None:
    later = call.id in book.told_later
    aboard = [r for carrier in sorted(book.named.get(call.id, ())) for r in book.going(carrier)]
    outcome, unproven = await sender.send(call, book.results, book.bodies(call), id_follows=later, aboard=aboard)
    if unproven:
        book.to_verify.add(call.id)
    conclude(job, book, sender.run, call, outcome)
    trigger = call.trigger
    if trigger is not None and trigger.on is On.UNKNOWN and Fact.ID in outcome.result:
        create = book.calls[trigger.refused]
        told = book.know(create.id, created(create, str(outcome.result[Fact.ID])))
        job.ink.put(lambda: job.journal.conclude(sender.run, create.address, told))


async def _carry(job: Run, book: Book, sender: Sender, call: Call) -> None:
    """The riders end before the request itself: a crash in between leaves it to be settled with them."""
    carried = await carry(sender, call, book.going(call.id), book.results)
    book.to_verify |= carried.unproven
    for rider, outcome in carried.riders.items():
        conclude(job, book, sender.run, book.calls[rider], outcome)
    conclude(job, book, sender.run, call, carried.outcome)
    if carried.stop is not None:
        _stop(job, carried.stop)


async def _look_around(job: Run, book: Book, sender: Sender, call: Call) -> None:
    *named, outcome = await look_around(call, book, sender.kinds, sender.look, sender.clock)
    for told in named:
        job.ink.put(partial(job.journal.conclude, sender.run, book.calls[told.call].address, told))
    conclude(job, book, sender.run, call, outcome)
