"""One trial: a run is killed, perhaps the next one too, and then there are runs until nothing is left to do or to
ask. What is there in the end is compared with what an undisturbed run leads to."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

from tests.faults.estate import differences
from tests.faults.kill_answers import Desk
from tests.faults.trials import Bench, Point
from tests.faults.undisturbed import AGAIN, FORGOTTEN, Undisturbed, repeated, undisturbed

KILLED: Final = {"killed": signal.SIGKILL}
MOST_RUNS: Final = 8
"""A trial that is not over by then never is."""
ENDED: Final = {"done", "unneeded"}


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `reached`: whether the last point was. `asked`: the addresses that a person was asked
    about. `again`: writes that were sent once more, as it was not known whether they had worked, or because they
    were lost, or refused both times; `extra`: all others beyond those of the undisturbed run. `wrong`: what must
    not be, each as `category: what`."""

    reached: bool
    asked: tuple[str, ...] = ()
    again: int = 0
    extra: int = 0
    wrong: tuple[str, ...] = field(default=())

    def count(self, category: str) -> int:
        return sum(w.startswith(f"{category}:") for w in self.wrong)


def trial(bench: Bench, kills: Sequence[Point], concurrency: int) -> Trial:
    """Die at the first point, then as often as there are others at the next of them, in the first run after it
    that gets so far; then go on until all is done. Whoever is asked answers at once."""
    wanted = undisturbed(bench)
    bench.rewind()
    if bench.dies_at(kills[0], concurrency=concurrency, again=False) != KILLED:
        return Trial(reached=False)
    desk, left = Desk(bench), list(kills[1:])
    for _ in range(MOST_RUNS):
        desk.look()
        words = {"concurrency": concurrency, "again": False, **desk.answers}
        told = bench.dies_at(left[0], **words) if left else bench.program.run(bench.job(**words))
        if told == KILLED:
            del left[:1]
        elif not desk.hear(told):
            return _judged(bench, wanted, desk, told, reached=not left)
    return Trial(reached=not left, wrong=(f"stuck: {MOST_RUNS} runs, and still {told}",))


def _judged(bench: Bench, wanted: Undisturbed, desk: Desk, told: Mapping[str, Any], *, reached: bool) -> Trial:
    """The last run is over: is everything as it should be?"""
    writes = [e for t in bench.twins.values() for e in t.log.writes()]
    never = sum(e.fault is not None and not e.changed for e in writes)
    again = sum(n for call, n in repeated(bench).items() if AGAIN.match(call))
    refused = Counter(f"{e.call} {e.body}" for e in writes if e.fault is None and not e.changed)
    anew = sum(n - 1 for n in refused.values())  # what a fall-back was half-way for: tried, and refused, once more
    allowed = never + again + anew + len(desk.tokens) + desk.unsure + desk.failed
    extra = len(writes) - sum(wanted.writes.values()) - allowed
    wrong = [*desk.wrong, *_stuck(told)]
    wrong += [f"question: nobody was asked about {a}" for a in sorted(desk.certain)]
    wrong += [f"extra write: {extra} beyond those that were needed: {dict(repeated(bench))}"] if extra > 0 else []
    settled = bench.program.run(bench.job(again=False, **desk.answers))
    if settled.get("planned") != 0:
        wrong.append(f"left: the next run is not empty: {settled}")
    wrong += _otherwise(bench, wanted, desk)
    return Trial(
        reached,
        tuple(sorted(desk.asked.elements())),
        min(allowed, max(0, allowed + extra)),
        max(0, extra),
        tuple(wrong),
    )


def _stuck(told: Mapping[str, Any]) -> Iterator[str]:
    if "error" in told:
        yield f"stuck: {told}"
    elif not set(told["ends"].values()) <= ENDED:
        ends = {i: (e, told["messages"][i]) for i, e in told["ends"].items() if e not in ENDED}
        yield f"stuck: {ends}, {told['holds']}"


def _otherwise(bench: Bench, wanted: Undisturbed, desk: Desk) -> Iterator[str]:
    """How the end differs from that of the undisturbed run."""
    expected, found = deepcopy(wanted.seen), bench.seen()
    for address, once in desk.tokens.items():
        expected["bonds"][address]["once"] |= once
    for address in desk.adopted:
        expected["bonds"][address] |= FORGOTTEN
        found["bonds"].get(address, {}).update(FORGOTTEN)
    yield from _too_many(wanted.seen["live"], found["live"])
    yield from (f"other end: {d}" for d in differences(expected, found))


def _too_many(wanted: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Things that are there more often than they should, and things that should have gone."""
    for table, rows in found.items():
        names = Counter(str(row[0]) for row in wanted[table])
        for name, times in (Counter(str(row[0]) for row in rows) - names).items():
            yield f"{'duplicate' if names[name] else 'lost delete'}: {table}: {name}, {times} too many"
