"""A long watch: somebody changes things in the products, we find out and put them back, thousands of times, in one
process that must neither grow nor leak nor ever end elsewhere.

    python -m tests.faults.soak --cycles 10000 --seed 1

The systems are twins in a process of their own, over HTTP; the ledger is a file. Who changes things is a second
set of manifests without a past, so that every kind can be changed in every way that it can be written.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler import workflow
from reconciler.ledger import Ledger, ephemeral, open_ledger, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.twins import running_all
from tests.faults.drift import At, Rows, amiss, changed, drifted, wanted
from tests.faults.estate import setup_of
from tests.world import TRACKER, TWINS, hasty_clock

PER_LEDGER = 100
"""So many cycles share a ledger, which by its nature grows; then the next begins with a fresh one."""
MOST_GROWTH = 1.0
"""Percent in 1,000 cycles that count as noise."""


@dataclass(slots=True)
class Watch:
    """What was seen while it lasted. `left`: how often a field was left to somebody else. `rss`: bytes after each
    cycle."""

    cycles: int = 0
    drifted: int = 0
    writes: int = 0
    left: int = 0
    wrong: list[str] = field(default_factory=list)
    rss: list[int] = field(default_factory=list)
    descriptors: list[int] = field(default_factory=list)

    @property
    def slope(self) -> float | None:
        """By how many percent of its size the process grows in 1,000 cycles. A ledger, and what its database keeps
        of it in memory, grow with its age, so only like ages are compared: the end of each ledger but the
        first, which also pays for whatever is loaded once. None where there are fewer than three."""
        ends = self.rss[2 * PER_LEDGER - 1 :: PER_LEDGER]
        if len(ends) < 3:
            return None
        line = statistics.linear_regression([n * PER_LEDGER for n in range(len(ends))], ends)
        return 100 * line.slope * 1000 / statistics.mean(ends)

    @property
    def leaked(self) -> int:
        """How many more files are open in the end than after the first cycle."""
        return self.descriptors[-1] - self.descriptors[0] if self.descriptors else 0


def watch(urls: Mapping[str, str], settings: Mapping[str, Json], cycles: int, seed: int, folder: Path) -> Watch:
    """Go through the cycles; stops at the tenth thing that is wrong."""
    rng, seen, ledger, rows = random.Random(seed), Watch(), None, Rows()

    def run(documents: Sequence[Document], book: Ledger) -> Plan:
        setup = setup_of(documents, urls, settings, book, hasty_clock(), root=folder)
        plan = asyncio.run(workflow.make_plan(setup))
        report = asyncio.run(workflow.apply_plan(setup, plan))
        seen.wrong += [f"{seen.cycles}: {o.end} {o.message}" for o in report.outcomes if o.end not in ENDS]
        return plan

    try:
        left: set[At] = set()
        while seen.cycles < cycles and len(seen.wrong) < 10:
            if seen.cycles % PER_LEDGER == 0:
                ledger = _next_ledger(ledger, folder / f"{seen.cycles}.db")
                run(wanted(), ledger)
                rows = Rows(Counter(left))  # what had been left is put back by who knows of no row
            assert ledger is not None
            documents = changed(rng)
            somebody = run(documents, ephemeral(replace(whoami(), host="elsewhere.example.com"), hasty_clock()))
            repaired = run(wanted(), ledger)
            after = asyncio.run(workflow.make_plan(setup_of(wanted(), urls, settings, ledger, hasty_clock())))
            now = drifted(documents)
            left = rows.left(now)
            seen.cycles += 1
            seen.drifted += bool(somebody.writes)
            seen.writes += len(repaired.writes)
            seen.left += len(left)
            held = [f"somebody could not: {a.address} {h.rule}" for a in somebody.actions for h in a.holds]
            seen.wrong += [f"{seen.cycles}: {text}" for text in (*held, *amiss(repaired, after, now, left))]
            seen.rss.append(_resident())
            seen.descriptors.append(len(list(Path("/proc/self/fd").iterdir())))
    finally:
        if ledger is not None:
            ledger.close()
    return seen


ENDS = frozenset({"done", "unneeded"})


def _next_ledger(before: Ledger | None, path: Path) -> Ledger:
    if before is not None:
        before.close()
    return open_ledger(path, create=True, who=whoami(), clock=hasty_clock())


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@contextmanager
def elsewhere() -> Iterator[tuple[dict[str, str], dict[str, Json]]]:
    """The twins in a process of their own: name -> URL, and the settings of their targets."""
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    served = context.Process(target=_serve, args=(there,))
    served.start()
    try:
        yield here.recv()
    finally:
        here.send("end")
        served.join(30)


def _serve(pipe: Connection) -> None:
    twins = {name: made("plain") for name, made in TWINS.items()}
    for twin in twins.values():
        twin.seed_world()
    settings = {"organisation": twins[TRACKER].default_headers["X-Org-Id"]}
    with running_all([*twins.values()]) as urls:
        pipe.send((dict(zip(twins, urls, strict=True)), settings))
        pipe.recv()


def told(seen: Watch) -> str:
    grown = "not watched for long" if seen.slope is None else f"{seen.slope:+.2f} % per 1,000 cycles"
    return (
        f"soak: {seen.cycles} cycles, {seen.drifted} with drift, {seen.writes} repairs, "
        f"{seen.left} fields left to somebody else, {len(seen.wrong)} ended elsewhere; "
        f"{seen.leaked} descriptors leaked; "
        f"memory {grown}, {seen.rss[-1] >> 20} MiB in the end"
    )


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args(words)
    began = time.monotonic()
    with elsewhere() as (urls, settings), TemporaryDirectory() as folder:
        seen = watch(urls, settings, asked.cycles, asked.seed, Path(folder))
    good = not seen.wrong and seen.leaked <= 0 and (seen.slope or 0.0) <= MOST_GROWTH
    print("\n".join(seen.wrong))
    print(told(seen), f"{time.monotonic() - began:.0f} s; seed {asked.seed}", sep="; ")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
