"""The run: leases, preconditions, the ready queue, post-conditions, and the ledger told of everything."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from reconciler.apply.beneath import moved_along, moves
from reconciler.apply.bind import bind, newcomers
from reconciler.apply.book import Book
from reconciler.apply.check import moved
from reconciler.apply.halfway import grown_by, only_begun
from reconciler.apply.halves import unmade
from reconciler.apply.job import Run
from reconciler.apply.leases import leased
from reconciler.apply.look import Kinds
from reconciler.apply.one import all_end, conclude, one
from reconciler.apply.send import Sender
from reconciler.apply.verify import verify
from reconciler.model.change import UNKNOWN_PAST
from reconciler.model.faults import RemoteFault, Unauthorised
from reconciler.model.live import Collection
from reconciler.model.outcome import IN_DOUBT, NOTHING_SENT, End, Outcome, Report
from reconciler.model.plan import Call, Check, Precondition
from reconciler.model.plan_json import to_json

TAKEN_OVER: Final = "another run has taken over and closed this one: the ledger holds what that one found"


async def run(job: Run) -> Report:
    """Carry the plan out. Raises GuardRefused where another writer holds a target, LedgerUnusable, and whatever
    stops everything; all else ends up in the outcomes."""
    began, job.total = job.clock.now(), sum(c.sent and c.trigger is None for c in job.plan.calls)
    targets = tuple(sorted({c.target for c in job.plan.calls} | {a.address.target for a in job.plan.actions}))
    book = Book(job.plan)
    job.new = newcomers(job.plan, job.known)
    async with leased(job.journal, targets) as job.leases:
        job.admit()
        name = job.journal.start(job.plan.id, to_json(job.plan), targets, job.plan.commit)
        for said in job.says:
            job.journal.note(name, said)
        kinds = Kinds(job.catalog, job.plan)
        _begin(job, book, name)
        await _preconditions(job, book, kinds, name)
        await _calls(job, book, _sender(job, kinds, name))
        notes = await _finish_up(job, book, kinds, name)
        head = job.journal.finish(name, _status(book))
    return Report(
        plan_id=job.plan.id,
        run=name,
        outcomes=tuple(book.outcomes[c.id] for c in job.plan.calls),
        notes=tuple(notes),
        head=head,
        seconds=job.clock.now() - began,
        interrupted=job.stop.is_set(),
    )


def _sender(job: Run, kinds: Kinds, name: str) -> Sender:
    return Sender(
        job.writer, job.journal, job.ink, job.look, kinds, job.clock, name, job.sinks, job.seen, job.barred
    )


def _status(book: Book) -> str:
    """How the run ended, in the ledger's words. One with calls in doubt is looked up by the next, unless no look
    will ever tell: then the ledger remembers the doubt itself."""
    ended = {o.end for o in book.outcomes.values()} - {End.UNNEEDED, End.HELD}
    if any(o.open and not (o.question and o.end is End.IN_DOUBT) for o in book.outcomes.values()):
        return IN_DOUBT
    if ended and ended <= {End.NOT_SENT, End.STALE, End.BLOCKED}:
        return NOTHING_SENT
    # What a selection left out has no known past for having been left out.
    unknown = bool(book.plan.left_out) or any(UNKNOWN_PAST in c.held for c in book.plan.calls)
    return "done" if ended <= {End.DONE} and not unknown else "partial"


def _begin(job: Run, book: Book, name: str) -> None:
    """What earlier runs settled and what guards hold needs no sending."""
    for call in job.plan.calls:
        before = job.earlier.get(call.id)
        if before is not None and (before.end is End.DONE or _falling_back(job, book, call)):
            conclude(job, book, name, call, before)
        elif call.held:
            book.end(Outcome(call.id, End.HELD, ", ".join(call.held)))
            if not call.contingent:
                job.progress(job.event("held", call, book, ", ".join(call.held)))


def _falling_back(job: Run, book: Book, call: Call) -> bool:
    """Whether an earlier run was half-way through the fall-back for this call: it has to be finished."""
    steps = (job.earlier.get(i) for i in book.fallbacks.get(call.id, ()))
    return any(o is not None and o.end is End.DONE for o in steps)


async def _preconditions(job: Run, book: Book, kinds: Kinds, name: str) -> None:
    """One reading per kind, side by side; what has moved is refused, the independent rest goes on."""
    needed = [p for p in job.plan.preconditions if _open_checks(p, book)]
    answers = await asyncio.gather(*(_read(job, p) for p in needed), return_exceptions=True)
    for precondition, live in zip(needed, answers, strict=True):
        if isinstance(live, BaseException):
            raise live
        for check, ids in _open_checks(precondition, book):
            kind = kinds.of(book.calls[ids[0]])
            why = live if isinstance(live, str) else moved(kind, check, live)
            for call_id in ids if why else ():
                end = End.NOT_SENT if isinstance(live, str) else End.STALE
                conclude(job, book, name, book.calls[call_id], Outcome(call_id, end, why))


def _open_checks(precondition: Precondition, book: Book) -> list[tuple[Check, list[str]]]:
    """The checks that still guard a call. Where a call of an object is done already, its result has taken the
    place of what the plan saw."""
    found = []
    for check in precondition.checks:
        done = any(i in book.outcomes and book.outcomes[i].end is End.DONE for i in check.calls)
        ids = [i for i in check.calls if i not in book.outcomes]
        if ids and not done:
            found.append((check, ids))
    return found


async def _read(job: Run, precondition: Precondition) -> Collection | str:
    """The collection, or why it could not be read."""
    try:
        live = await job.look(precondition.demand, "preconditions")
    except Unauthorised:
        raise
    except RemoteFault as fault:
        return f"a precondition could not be read: {fault.reason}"
    job.seen[(precondition.demand.target, precondition.demand.kind)] = live
    return live


async def _calls(job: Run, book: Book, sender: Sender) -> None:
    """The ready queue: every call begins as soon as what it needs has ended, within its target's concurrency."""
    under_way: dict[asyncio.Task[None], Call] = {}
    try:
        while book.waiting or under_way:
            for target in sorted(book.queues):
                _begin_ready(job, book, sender, target, under_way)
            if job.ink.wet:
                await job.ink.dry()  # with the intents of the calls that have just begun
            for task in await _something_ends(job, book, under_way):
                job.busy[under_way.pop(task).target] -= 1
                task.result()
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        if job.ink.wet:
            job.ink.flush()


async def _something_ends(
    job: Run, book: Book, under_way: Mapping[asyncio.Task[None], Call]
) -> set[asyncio.Task[None]]:
    """The calls that have ended since. Returns early when a target's rate has room again for a call that waits,
    or when somebody asks to stop: what waits for the rate is not under way yet."""
    waits = [w for t, q in book.queues.items() if q and (w := _wait(job, t)) > 0]
    timers: list[asyncio.Future[Any]] = []
    if waits and not job.stop.is_set():
        timers = [asyncio.ensure_future(w) for w in (job.clock.sleep(min(waits)), job.stop.wait())]
    if not under_way and not timers:
        return set()
    try:
        await asyncio.wait([*under_way, *timers], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)
    return {task for task in under_way if task.done()}


def _wait(job: Run, target: str) -> float:
    """Seconds until the target's rate has room for one more call; a hundredth is no wait."""
    seconds = job.seconds_left(target, job.busy[target] + 1)
    return seconds if seconds > 0.01 else 0.0


def _begin_ready(
    job: Run, book: Book, sender: Sender, target: str, under_way: dict[asyncio.Task[None], Call]
) -> None:
    """Begin the ready calls of a target, as many as it may have under way."""
    while job.busy[target] < job.concurrency.get(target, 4):
        if not job.stop.is_set() and target not in job.down and _wait(job, target) > 0:
            return
        call = book.take(target)
        if call is None:
            return
        for behind in book.left_behind(call):
            conclude(job, book, sender.run, book.calls[behind.call], behind)
        verdict = book.verdict(call) or _barred(job, call)
        if verdict is not None:
            all_end(job, book, sender.run, call, verdict)
        else:
            job.busy[target] += 1
            under_way[asyncio.create_task(one(job, book, sender, call))] = call


def _barred(job: Run, call: Call) -> Outcome | None:
    """Why no new call may be begun now: Ctrl-C, a target that does not answer, a lease that is lost."""
    if job.stop.is_set():
        return Outcome(call.id, End.NOT_SENT, "interrupted")
    if call.target in job.down:
        return Outcome(call.id, End.NOT_SENT, job.down[call.target])
    why = job.barred(call.target)
    return Outcome(call.id, End.NOT_SENT, why) if why else None


async def _finish_up(job: Run, book: Book, kinds: Kinds, name: str) -> list[str]:
    """Fall-backs counted, effects verified, the ledger told."""
    for outcome in list(book.remedied()):
        conclude(job, book, name, book.calls[outcome.call], outcome)
    job.ink.flush()
    before = dict(book.outcomes)
    notes = await verify(book, kinds, job.look, job.clock, job.seen)
    for outcome in list(unmade(book)):
        book.end(outcome)
    with job.journal.together():
        if job.journal.closed(name):
            return [*notes, TAKEN_OVER]
        for call_id, outcome in book.outcomes.items():
            if outcome != before[call_id]:
                job.journal.conclude(name, book.calls[call_id].address, outcome)
                job.progress(job.event(str(outcome.end), book.calls[call_id], book, outcome.message))
        for action in job.plan.actions:
            bind(job.journal, name, book, action, job.known)
        _remember_begun(job, book, kinds, name)
        for bond in moved_along(kinds, job.known, job.remembered()) if moves(job.plan, kinds) else ():
            job.journal.bind(name, bond)
    return notes


def _remember_begun(job: Run, book: Book, kinds: Kinds, name: str) -> None:
    """Of an address that has not come all the way: what was added, and the values sent that no reading shows."""
    begun = [a for a in book.plan.actions if only_begun(kinds, book, a)]
    known = job.remembered() if begun else {}
    for action in begun:
        bond = known.get(action.address)
        if bond is not None and (grown := grown_by(bond, kinds, book, action)) != bond:
            job.journal.bind(name, grown)
