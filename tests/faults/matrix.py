"""The fault matrix, whole: every trouble at every call, in both profiles.

    python -m tests.faults.matrix [--system NAME] [--profile NAME] [--share K/N] [--seed N] [--jobs N] [--only X]

A cell converges, at once or in the run after, or ends in words that a person can use; nothing is doubled, nothing
lost. Exit code 1 where one does not, with the command that tries just that one again.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache

from reconciler.twins import PROFILES
from tests.faults import analytics_cells, cells, content_cells, core_cells, sharing_cells
from tests.faults.cells import Site
from tests.faults.stage import Stage, staged
from tests.faults.troubles import TROUBLES, Trouble
from tests.faults.trying import Known, NotMade, Place, known, trial
from tests.world import CMS, CORE, OMNI, PLATFORM, TRACKER

SITES = (
    *cells.SITES,
    *analytics_cells.SITES,
    *sharing_cells.SITES,
    *core_cells.SITES,
    *content_cells.SITES,
)
WORLDS = {PLATFORM: (TRACKER, PLATFORM, CMS), CMS: (TRACKER, PLATFORM, CMS), CORE: (TRACKER, CORE)}
"""Which systems there are beside one; usually two."""
USUAL = (OMNI, TRACKER)
TRIES = 4
"""For a call that is not made every time, as one that looks again whether something shows by now."""


@dataclass(frozen=True, slots=True)
class Cell:
    profile: str
    site: Site
    trouble: Trouble

    def __str__(self) -> str:
        return f"{self.profile}: {self.site.target}: {self.site.name}: {self.trouble.name}"


@dataclass(slots=True)
class Stages:
    """The systems of a profile, served when they are first needed, and what is known of each site."""

    _stack: ExitStack = field(default_factory=ExitStack)
    _made: dict[tuple[str, tuple[str, ...]], Stage] = field(default_factory=dict)
    _known: dict[tuple[str, str], Known] = field(default_factory=dict)

    def of(self, cell: Cell) -> tuple[Stage, Known]:
        at = (cell.profile, WORLDS.get(cell.site.target, USUAL))
        if at not in self._made:
            self._made[at] = self._stack.enter_context(staged(*at))
        name = (cell.profile, cell.site.name)
        if name not in self._known:
            self._known[name] = known(self._made[at], cell.site)
        return self._made[at], self._known[name]

    def close(self) -> None:
        self._stack.close()


@dataclass(slots=True)
class Tally:
    """What was tried, and what came of it. `wrong`: in words; `failed`: the names of the cells these are about."""

    tried: Counter[str] = field(default_factory=Counter)
    senseless: Counter[str] = field(default_factory=Counter)
    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    failed: dict[str, None] = field(default_factory=dict)


@cache
def every() -> tuple[Cell, ...]:
    return tuple(Cell(p, site, trouble) for p in PROFILES for site in SITES for trouble in TROUBLES)


def sample() -> Iterator[Cell]:
    """Every call once, with the trouble that was tried least, and so every trouble; the profiles by turns."""
    used: Counter[str] = Counter()
    for n, site in enumerate(SITES):
        able = [t for t in TROUBLES if not t.senseless(site)]
        trouble = min(able, key=lambda t: used[t.name])
        used[trouble.name] += 1
        yield Cell(PROFILES[n % len(PROFILES)], site, trouble)


def attempt(stages: Stages, cell: Cell, tally: Tally, place: Place | None = None) -> None:
    """Every place of the cell, or one."""
    if why := cell.trouble.senseless(cell.site):
        tally.senseless[why] += 1
        return
    tally.cells += 1
    try:
        stage, wanted = stages.of(cell)
    except AssertionError as error:
        tally.wrong.append(f"{cell}: without any trouble: {_short(error)}")
        tally.failed[str(cell)] = None
        return
    for here in (place,) if place else wanted.places:
        try:
            tally.tried[_tried(stage, cell, wanted, here)] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the rest goes on
            stage.calm()
            tally.wrong.append(f"{cell}: {here.phase} ({here.nth}): {_short(error)}")
            tally.failed[str(cell)] = None


def _tried(stage: Stage, cell: Cell, wanted: Known, place: Place) -> str:
    """As `trial`; once more, and again, where that call was not made."""
    for _ in range(TRIES - 1):
        try:
            return trial(stage, cell.site, cell.trouble, wanted, place)
        except NotMade:
            stage.calm()
    return trial(stage, cell.site, cell.trouble, wanted, place)


def _short(error: Exception) -> str:
    said = " ".join(str(error).split())[-900:]
    if isinstance(error, AssertionError) and said:
        return said
    return f"{type(error).__name__}: {said} [{traceback.format_tb(error.__traceback__)[-1].strip()}]"


def run(chosen: Sequence[Cell], tally: Tally, say: bool = True) -> None:
    stages, began = Stages(), time.monotonic()
    try:
        for n, cell in enumerate(chosen, start=1):
            before = len(tally.wrong)
            attempt(stages, cell, tally)
            for line in tally.wrong[before:] if say else ():
                print(f"VIOLATION {line}", flush=True)
            if say and n % 1000 == 0:
                seconds = time.monotonic() - began
                print(f"{n} of {len(chosen)} cells, {seconds:.0f} s, {len(tally.wrong)} violations", flush=True)
    finally:
        stages.close()


def summary(chosen: Sequence[Cell], tally: Tally, seconds: float, seed: int) -> str:
    sites = {c.site.name for c in chosen}
    troubles, profiles = {c.trouble.name for c in chosen}, {c.profile for c in chosen}
    lines = [
        f"{len(sites)} calls x {len(troubles)} troubles x {len(profiles)} profiles, seed {seed}, {seconds:.0f} s",
        f"  {tally.cells} cells tried, {sum(tally.tried.values())} trials (a call may have several places)",
        *(f"  {n} {what}" for what, n in tally.tried.most_common()),
        *(f"  {n} senseless: {why}" for why, n in tally.senseless.most_common()),
        f"  {len(tally.wrong)} violations",
    ]
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    args = _arguments().parse_args(words)
    if args.jobs > 1 and args.share == "1/1":
        return _side_by_side(words, args.jobs)
    k, n = map(int, args.share.split("/"))
    chosen = [
        cell
        for cell in every()
        if args.system in ("", cell.site.target) and args.profile in ("", cell.profile) and args.only in str(cell)
    ]
    random.Random(args.seed).shuffle(chosen)
    chosen = chosen[k - 1 :: n]
    chosen.sort(key=lambda cell: (cell.profile, WORLDS.get(cell.site.target, USUAL), cell.site.name))
    tally, began = Tally(), time.monotonic()
    run(chosen, tally)
    print(summary(chosen, tally, time.monotonic() - began, args.seed))
    for name in tally.failed:
        print(f"again: python -m tests.faults.matrix --only {name!r}")
    return 1 if tally.wrong else 0


def _side_by_side(words: Sequence[str], jobs: int) -> int:
    """A share in a process each."""
    parts = [
        subprocess.Popen([sys.executable, "-m", "tests.faults.matrix", *words, "--share", f"{k}/{jobs}"])
        for k in range(1, jobs + 1)
    ]
    return max(part.wait() for part in parts)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.matrix", description="The fault matrix.")
    parser.add_argument("--system", default="", choices=("", OMNI, TRACKER, PLATFORM, CORE, CMS))
    parser.add_argument("--profile", default="", choices=("", *PROFILES))
    parser.add_argument("--share", default="1/1", help="the K-th of N equal shares, as K/N")
    parser.add_argument("--seed", type=int, default=1, help="which cells are in which share")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="", help="cells whose name holds this text")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
