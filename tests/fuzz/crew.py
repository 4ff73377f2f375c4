"""Many trials in worker processes under a watchdog: a hang, a signal or a traceback becomes a finding, never the
end of the campaign. The n-th trial of a seed is always the same, so that it can be repeated alone."""

from __future__ import annotations

import json
import os
import re
import resource
import selectors
import signal
import struct
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from mmap import mmap
from pathlib import Path
from typing import IO, Any, TypeAlias

HANG = 60.0
"""Seconds of a worker's own CPU time that one trial may take; what takes longer is killed."""
STUCK = 300.0
"""Seconds on the wall clock, for trials that wait for something that never comes."""
_AT = struct.Struct("<qdd")  # trial, CPU seconds and wall seconds when it began

Trial: TypeAlias = "Callable[[int], str]"
"""A trial by its number: the sort of its end, for counting. Raises `Wrong` for what must not be; any other error
that gets through is a finding as well."""


class Wrong(Exception):
    """A rule was broken. `rule` in a few words, `data` what did it, if it can be said in bytes."""

    def __init__(self, rule: str, text: str, data: bytes | None = None) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule = rule
        self.data = data


@dataclass(frozen=True, slots=True)
class Finding:
    trial: int
    rule: str
    text: str
    data: bytes | None = None


@dataclass(slots=True)
class Summary:
    """`peak`: the most memory that a worker had, in MiB. `cpu`: seconds that all of them took."""

    ends: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    peak: int = 0
    cpu: float = 0.0
    seconds: float = 0.0

    @property
    def tried(self) -> int:
        return sum(self.ends.values()) + len(self.findings)


def peak_mib(word: str = "VmHWM") -> int:
    """The most memory that this process had; `VmRSS`: what it has. Not getrusage: its maximum survives exec."""
    found = re.search(rf"{word}:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(found[1]) >> 10 if found else 0


def run(make: Callable[[], Trial], count: int, jobs: int = 1, tell: IO[str] | None = None) -> Summary:
    """The trials 0 … count-1. `make()` is called once in each worker, and gives what tries one."""
    began, summary = time.monotonic(), Summary()
    edges = [count * n // jobs for n in range(jobs + 1)]
    workers = [_Worker(make, first, end) for first, end in pairwise(edges) if first < end]
    selector = selectors.DefaultSelector()
    for worker in workers:
        selector.register(worker.pipe, selectors.EVENT_READ, worker)
    told, shown = time.monotonic(), 0
    while selector.get_map():
        for key, _ in selector.select(0.25):
            worker = key.data
            if not worker.hear(summary):
                selector.unregister(worker.pipe)
                if worker.ended(summary):
                    selector.register(worker.pipe, selectors.EVENT_READ, worker)
        for worker in workers:
            worker.watch()
        for one in summary.findings[shown:] if tell is not None else ():
            tell.write(f"trial {one.trial}: {one.rule}\n")  # type: ignore[union-attr]
        shown = len(summary.findings)
        if tell is not None and time.monotonic() - told > 30:
            told = time.monotonic()
            tell.write(
                f"{int(told - began)} s: {sum(w.at for w in workers)} tried, {len(summary.findings)} findings\n"
            )
            tell.flush()
    summary.seconds = time.monotonic() - began
    return summary


class _Worker:
    """One forked process, and the next one in its place where it dies. It works on `first` … `end - 1`."""

    def __init__(self, make: Callable[[], Trial], first: int, end: int) -> None:
        self._make, self._first, self._end = make, first, end
        self._next, self._killed = first, ""
        self._seen, self._rest = mmap(-1, _AT.size), b""
        self._start()

    @property
    def at(self) -> int:
        """How many trials lie behind it."""
        return int(_AT.unpack(self._seen[:])[0]) - self._first

    def _start(self) -> None:
        self._seen[:] = _AT.pack(self._next, 0.0, time.monotonic())
        self._ended, self._rest = False, b""
        self.pipe, out = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self.pipe)
            _work(self._make, range(self._next, self._end), self._seen, out)
        os.close(out)

    def hear(self, summary: Summary) -> bool:
        """Take in what the worker says; False where it says no more."""
        data = os.read(self.pipe, 1 << 16)
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._take(json.loads(line), summary)
        return bool(data)

    def _take(self, said: dict[str, Any], summary: Summary) -> None:
        summary.ends.update(said.get("ends", {}))
        summary.peak = max(summary.peak, said.get("peak", 0))
        summary.cpu += said.get("cpu", 0.0)
        self._ended |= "cpu" in said
        if "finding" in said:
            trial, rule, text, data = said["finding"]
            summary.findings.append(Finding(trial, rule, text, bytes.fromhex(data) if data is not None else None))

    def watch(self) -> None:
        """Kill the worker where its trial takes too long."""
        trial, cpu, wall = _AT.unpack(self._seen[:])
        if self._ended or self._killed or trial >= self._end:
            return
        if (cpu and _cpu_of(self._pid) - cpu > HANG) or (wall and time.monotonic() - wall > STUCK):
            self._killed = f"hang: trial {trial} took more than {HANG:g} s of CPU, or {STUCK:g} s"
            os.kill(self._pid, signal.SIGKILL)

    def ended(self, summary: Summary) -> bool:
        """What became of it; True where another goes on in its place."""
        os.close(self.pipe)
        _, status = os.waitpid(self._pid, 0)
        if self._ended and status == 0:
            return False
        trial = int(_AT.unpack(self._seen[:])[0])
        text = self._killed or f"signal: trial {trial} ended the process with wait status {status}"
        summary.findings.append(Finding(trial, text.partition(":")[0], text))
        self._next, self._killed = trial + 1, ""
        if self._next >= self._end:
            return False
        self._start()
        return True


def _cpu_of(pid: int) -> float:
    """CPU seconds of a process of ours; 0 once it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _work(make: Callable[[], Trial], trials: range, seen: mmap, out: int) -> None:
    """A worker's whole life. What it says are lines of JSON."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        ends: Counter[str] = Counter()
        trial = make()
        for n in trials:
            seen[:] = _AT.pack(n, time.process_time(), time.monotonic())
            for said in tried(trial, n, ends):
                _say(out, {"finding": [said.trial, said.rule, said.text, said.data.hex() if said.data else None]})
            if sum(ends.values()) >= 1_000:
                _say(out, {"ends": ends, "peak": peak_mib()})
                ends.clear()
        seen[:] = _AT.pack(trials.stop, 0.0, 0.0)
        used = resource.getrusage(resource.RUSAGE_SELF)
        _say(out, {"ends": ends, "peak": peak_mib(), "cpu": used.ru_utime + used.ru_stime})
        code = 0
    except BaseException:  # noqa: BLE001 - a forked process must not run on in its parent's place
        traceback.print_exc()
    finally:
        os._exit(code)


def _say(out: int, said: dict[str, Any]) -> None:
    line = json.dumps(said).encode() + b"\n"
    while line:
        line = line[os.write(out, line) :]


def tried(trial: Trial, n: int, ends: Counter[str]) -> Iterator[Finding]:
    """One trial: counted by its end, or what it found."""
    try:
        ends[trial(n)] += 1
    except Wrong as wrong:
        yield Finding(n, wrong.rule, str(wrong), wrong.data)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        last = traceback.extract_tb(error.__traceback__)[-1]
        rule = f"traceback: {type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
        yield Finding(n, rule, "".join(traceback.format_exception(error))[-3_000:], getattr(error, "data", None))
