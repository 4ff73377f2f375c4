"""Commands side by side: each a whole process, in turn, round after round, so that a machine that slows down slows
all of them. The operating system's own account of each: processor time, elapsed time, the most memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

TAIL = 2_000
"""Characters of what a command said that are shown where it fails."""


class Failed(RuntimeError):
    """A command that did not end as it should: its figures would be of something else."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of processor time (with that of its own children), seconds by the clock, bytes at most."""

    cpu: float
    wall: float
    memory: int


@dataclass(frozen=True, slots=True)
class Side:
    """One command. `before`: done ahead of each run, and not counted. `ends`: the exit codes that are no failure."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    folder: Path | None = None
    before: Callable[[], None] | None = None
    ends: Sequence[int] = (0,)


def ran(side: Side) -> Run:
    """Run it once. Raises Failed."""
    if side.before is not None:
        side.before()
    with TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            side.words,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={**_bare(), **side.environment},
            cwd=side.folder,
        )
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in side.ends:
            said.seek(0)
            text = said.read().decode("utf-8", "replace")[-TAIL:]
            raise Failed(f"{side.name} ended with {process.returncode}:\n{text}")
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(used.ru_utime + used.ru_stime, wall, memory)


def _bare() -> dict[str, str]:
    """No variable of ours from outside: a run must not depend on who starts it."""
    return {name: value for name, value in os.environ.items() if not name.startswith("RECONCILER_")}


def rounds(sides: Sequence[Side], count: int) -> dict[str, list[Run]]:
    """All of them in turn, so many times, after one round that does not count."""
    for side in sides:
        ran(side)
    found: dict[str, list[Run]] = {side.name: [] for side in sides}
    for _ in range(count):
        for side in sides:
            found[side.name].append(ran(side))
    return found


@dataclass(frozen=True, slots=True)
class Ratio:
    """One command's cost over another's, round by round: the median, and the middle half around it, which says how
    restless the machine was."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def ratio(of: Sequence[Run], to: Sequence[Run], what: str = "cpu") -> Ratio:
    """`what`: cpu, wall or memory."""
    each = sorted(getattr(a, what) / getattr(b, what) for a, b in zip(of, to, strict=True))
    quarter = len(each) // 4
    return Ratio(median(each), each[quarter], each[-1 - quarter])


def middle(runs: Sequence[Run], what: str = "cpu") -> float:
    """The median of one figure."""
    return float(median(getattr(run, what) for run in runs))
