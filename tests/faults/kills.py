"""Kill an apply at every border of every write, for each of the five systems; then simply run again.

    python -m tests.faults.kills --system NAME|all --concurrency 1,8 [--share K] [--double 200] [--jobs 2]

Prints a line per system, and ends with 1 where anything is not as it should be. `--only POINT` repeats one trial.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.kill_points import Kill, Pair, every, pairs, sampled
from tests.faults.kill_trials import Trial, trial
from tests.faults.trials import Bench, bench
from tests.faults.undisturbed import undisturbed

SYSTEMS: Final = {
    "studio-tracker": "studio",
    "omni-analytics": "analytics",
    "omn-core": "core",
    "omni-cms": "cms",
    "omg-platform": "platform",
}
"""System -> the change of it that is killed; its one target is called likewise."""
CATEGORIES: Final = ("duplicate", "lost delete", "extra write", "question", "left", "stuck", "other end")
PART: Final = 25
"""Trials that a bench is made for: making one takes a second."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some trials of one system, for one process."""

    system: str
    profile: str
    kills: tuple[Kill | Pair, ...]


@dataclass(slots=True)
class Sum:
    """What came of the trials of one system."""

    system: str
    writes: int = 0
    single: bool = True
    seconds: float = 0.0
    trials: dict[str, Trial] = field(default_factory=dict)

    @property
    def wrong(self) -> list[str]:
        return [f"{at}: {w}" for at, t in sorted(self.trials.items()) for w in t.wrong]

    def line(self) -> str:
        reached = [t for t in self.trials.values() if t.reached]
        good = sum(not t.wrong for t in reached)
        counts = [f"{c} {sum(t.count(c) for t in self.trials.values())}" for c in CATEGORIES]
        questions, again = sum(len(t.asked) for t in reached), sum(t.again for t in reached)
        tried = f"{len(self.trials)} {'kills' if self.single else 'pairs of kills'} tried"
        return (
            f"{self.system}: {self.writes} writes, {tried}, {len(reached)} reached, {good} converged, "
            f"{questions} questions, {again} writes sent again; {', '.join(counts)}; {self.seconds:.0f} s"
        )


def main(words: Sequence[str] | None = None) -> int:
    options = _options(words)
    began, wrong = time.monotonic(), 0
    for system in SYSTEMS if options.system == "all" else [options.system]:
        for found in _campaign(system, options):
            print(found.line(), flush=True)
            wrong += len(found.wrong)
    print(f"seed {options.seed}, profile {options.profile}, {time.monotonic() - began:.0f} s, {wrong} violations")
    return 1 if wrong else 0


def _complain(part: Part, trials: Mapping[str, Trial]) -> None:
    for at, wrong in ((at, w) for at, t in trials.items() for w in t.wrong):
        again = f"python -m tests.faults.kills --system {part.system} --profile {part.profile} --only {at}"
        print(f"  {at}: {wrong[:1500]}\n  again: {again}", flush=True)


def _campaign(system: str, options: argparse.Namespace) -> Iterator[Sum]:
    """All single kills of a system, then all double ones."""
    concurrency = [int(c) for c in options.concurrency.split(",")]
    with _opened(system, options.profile) as one:
        wanted, target = undisturbed(one), next(iter(one.twins))
    writes = wanted.writes[target]
    if options.only:
        chosen: list[Kill | Pair] = [Pair.parse(options.only) if "+" in options.only else Kill.parse(options.only)]
        yield _run(Sum(system, writes, single="+" not in options.only), chosen, options)
        return
    kills = (
        every(writes, concurrency)
        if options.share >= 1
        else sampled(writes, concurrency, options.share, options.seed)
    )
    if options.share > 0:
        yield _run(Sum(system, writes), kills, options)
    if options.double:
        twice = pairs(wanted, target, concurrency, options.double, options.seed)
        yield _run(Sum(system, writes, single=False), twice, options)


def _run(found: Sum, kills: Sequence[Kill | Pair], options: argparse.Namespace) -> Sum:
    """In parts, as many side by side as there are jobs."""
    parts = [Part(found.system, options.profile, tuple(kills[i : i + PART])) for i in range(0, len(kills), PART)]
    with ProcessPoolExecutor(options.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        doing = {pool.submit(tried, part): part for part in parts}
        for done in as_completed(doing):
            trials, seconds = done.result()
            found.trials |= trials
            found.seconds += seconds
            _complain(doing[done], trials)
            print(f"  {found.system}: {len(found.trials)} of {len(kills)} tried", file=sys.stderr, flush=True)
    return found


def tried(part: Part) -> tuple[dict[str, Trial], float]:
    """Carry some trials out on a bench of their own. Returns what came of each, and seconds."""
    began = time.monotonic()
    with _opened(part.system, part.profile) as one:
        return {str(kill): on(one, kill) for kill in part.kills}, time.monotonic() - began


def on(one: Bench, kill: Kill | Pair) -> Trial:
    """One trial."""
    target = next(iter(one.twins))
    first, more = (kill.first, [kill.second]) if isinstance(kill, Pair) else (kill, [])
    return trial(one, [first.at(target), *more], first.concurrency)


@contextmanager
def _opened(system: str, profile: str) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory() as folder, bench(profile, Path(folder), SYSTEMS[system]) as found:
        yield found


def _options(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.kills", description=__doc__)
    parser.add_argument("--system", choices=["all", *SYSTEMS], default="all")
    parser.add_argument("--concurrency", default="1,8", help="calls under way at once, each a campaign of its own")
    parser.add_argument("--profile", choices=["plain", "adversarial"], default="plain")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="of all single kills; 0: none")
    parser.add_argument("--double", type=int, default=0, help="pairs of kills per system")
    parser.add_argument("--jobs", type=int, default=1, help="benches side by side")
    parser.add_argument("--only", default="", help="one trial, as it was printed")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
