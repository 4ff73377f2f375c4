"""Commands side by side: each a whole process, in turn, round after round, so that a machine that slows down slows
all of them. The operating system's own account of each: processor time, elapsed time, the most memory it held."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

LOOP = "(fixed work)"
"""The name of what a fixed piece of work took, among the sides of a run."""
WORK = 200_000
"""Its steps: some hundredths of a second."""
TAIL = 2_000
"""Bytes of what a command said that are kept, and shown where it fails."""


class Failed(RuntimeError):
    """A command that did not end as it should: its figures would be of something else."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of processor time (with that of its own children), seconds by the clock, bytes at most; and
    the end of what it said."""

    cpu: float
    wall: float
    memory: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One command. `before`: done ahead of each run, and not counted. `ends`: the exit codes that are no
    failure."""

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
            env=own_environment(side.environment),
            cwd=side.folder,
        )
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(-min(TAIL, said.seek(0, os.SEEK_END)), os.SEEK_END)
        text = said.read().decode("utf-8", "replace")
    if process.returncode not in side.ends:
        raise Failed(f"{side.name} ended with {process.returncode}:\n{text}")
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return Run(used.ru_utime + used.ru_stime, wall, memory, text)


def own_environment(given: Mapping[str, str]) -> dict[str, str]:
    """No variable of ours from outside, since a run must not depend on who starts it; and those given."""
    unset = ("RECONCILER_", "PYTHONDONTWRITEBYTECODE")  # without its bytecode, every start would compile
    outside = {name: value for name, value in os.environ.items() if not name.startswith(unset)}
    return {**outside, **given}


def rounds(sides: Sequence[Side], count: int) -> dict[str, list[Run]]:
    """All of them in turn, so many times, after one round that does not count. Under LOOP stands what a fixed
    piece of work took between the rounds."""
    for side in sides:
        ran(side)
    found: dict[str, list[Run]] = {LOOP: [], **{side.name: [] for side in sides}}
    for _ in range(count):
        found[LOOP].append(fixed_work())
        for side in sides:
            found[side.name].append(ran(side))
    return found


def fixed_work() -> Run:
    """The same work every time, in this process: how restless the machine is by itself."""
    began, at = time.process_time(), time.perf_counter()
    total = 0
    for one in range(WORK):
        total ^= hash(str(one))
    return Run(time.process_time() - began, time.perf_counter() - at, total & 0)


def loops(found: Mapping[str, Sequence[Run]]) -> tuple[float, ...]:
    """CPU seconds of the fixed work between the rounds."""
    return tuple(run.cpu for run in found[LOOP])


@dataclass(frozen=True, slots=True)
class Ratio:
    """One command's cost over another's, round by round: the median, and the middle half around it, which says how
    restless the machine was."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, each: Iterable[float]) -> Ratio:
        """The middle of what every round gave."""
        found = sorted(each)
        quarter = len(found) // 4
        return cls(median(found), found[quarter], found[-1 - quarter])

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


def ratio(of: Sequence[Run], to: Sequence[Run], what: str = "cpu") -> Ratio:
    """`what`: cpu, wall or memory."""
    return Ratio.of(getattr(a, what) / getattr(b, what) for a, b in zip(of, to, strict=True))


def middle(runs: Sequence[Run], what: str = "cpu") -> float:
    """The median of one figure."""
    return float(median(getattr(run, what) for run in runs))
