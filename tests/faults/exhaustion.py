"""A machine that fails, and people who stop the program, at random points of an apply by the real command:
`python -m tests.faults.exhaustion --points 50`.

Full and limited disks, no descriptors left, a folder that nobody may write to, an output that nobody reads, and
signals. The command ends with a code that its help documents and without a traceback, sends nothing new later than
two seconds after a signal or a failing ledger, and the next plain run ends where the undisturbed one ends.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconciler.cli.exit_codes import FINE, HELD, IN_DOUBT, INTERRUPTED, MEANINGS, PARTLY, REMOTE, STALE
from reconciler.twins import PHASES, LogEntry
from reconciler.twins.core.hooks import Phase
from tests.faults.trials import ROOT, SECONDS, Bench, Program, bench
from tests.faults.undisturbed import assert_converged, undisturbed

LATEST = 2.0
"""Seconds after which nothing new may be sent."""
FULL, INPUT_OUTPUT = 13, 778
"""SQLite's codes for ENOSPC, and for a write that fails otherwise, as over a quota."""
SIZE = 8 << 20


@dataclass(frozen=True, slots=True)
class Point:
    """A request of the apply: the n-th that one of the systems sees."""

    where: str
    n: int
    phase: Phase

    def __str__(self) -> str:
        return f"{self.where}-{self.n}-{self.phase}"


class Command(Program):
    """The command, ready to be forked, and its two pipes."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.command"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._pid = 0
        self._known = threading.Event()
        self._folder = folder
        self._readers: list[threading.Thread] = []
        self._said: dict[str, bytearray] = {}
        self._deaf = threading.Event()

    @property
    def pid(self) -> int:
        """Of the child at work, or of the last."""
        return self._pid

    def signal(self, number: int = signal.SIGKILL) -> None:
        """Raises ProcessLookupError where the child has just ended."""
        os.kill(self._pid, number)

    def at_work(self) -> bool:
        """Whether there is a child that has not been seen to end."""
        return self._known.wait(1.0)

    def run(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """`status`: a wait status; `out` and `err`: what was said."""
        paths = {name: self._folder / name for name in ("out", "err")}
        self._deaf.clear()
        for name, path in paths.items():
            path.unlink(missing_ok=True)
            os.mkfifo(path)
            self._said[name] = bytearray()
        self._readers = [threading.Thread(target=self._listen, args=at) for at in paths.items()]
        for reader in self._readers:
            reader.start()
        result = str(self._folder / "unused")
        self.start({**job, "result": result, **{name: str(path) for name, path in paths.items()}})
        status = int(self._heard()["status"])
        self._known.clear()
        for reader in self._readers:
            reader.join(SECONDS)
        return {"status": status, **{name: bytes(said).decode() for name, said in self._said.items()}}

    def _listen(self, name: str, path: Path) -> None:
        with path.open("rb", buffering=0) as pipe:
            os.set_blocking(pipe.fileno(), False)
            while not self._deaf.is_set():
                data = pipe.read(1 << 16)
                if data:
                    self._said[name] += data
                elif data == b"":
                    return
                else:
                    time.sleep(0.002)  # the pipe is empty

    def leave(self) -> None:
        """Nobody reads any more."""
        self._deaf.set()
        for reader in self._readers:
            reader.join(SECONDS)


@dataclass(slots=True)
class Trial:
    """A bench, the command, and where the disk can be filled: None where this machine lets nobody mount one."""

    bench: Bench
    command: Command
    small: Path | None = None

    def filler(self) -> Path:
        return self.bench.folder / "filler"


Trouble = Callable[[Trial], object]


def _fill(trial: Trial) -> None:
    """A disk without a byte left; elsewhere the ledger is told so."""
    if trial.small is None:
        trial.command.signal(signal.SIGUSR1)
        return
    with suppress(OSError), trial.filler().open("ab", buffering=0) as file:
        for size in (1 << 16, 1 << 9, 1):
            with suppress(OSError):
                while True:
                    file.write(bytes(size))


def _limit(what: int, count: Callable[[int], int]) -> Trouble:
    def limited(trial: Trial) -> None:
        pid = trial.command.pid
        _, hard = resource.prlimit(pid, what)
        resource.prlimit(pid, what, (count(pid), hard))

    return limited


def _descriptors(pid: int) -> int:
    return max(int(name) for name in os.listdir(f"/proc/{pid}/fd")) + 1  # noqa: PTH208 - numbers, not paths


def _no_bytes(_: int) -> int:
    return 0


def _closed_folder(trial: Trial) -> None:
    trial.bench.folder.chmod(0o500)


def _twice(trial: Trial) -> None:
    trial.command.signal(signal.SIGINT)
    time.sleep(0.05)  # two signals at once may arrive as one
    trial.command.signal(signal.SIGINT)


def _signal(number: int) -> Trouble:
    return lambda trial: trial.command.signal(number)


BROKEN = frozenset([FINE, PARTLY, IN_DOUBT, REMOTE])
STOPPED = frozenset([FINE, PARTLY, IN_DOUBT, INTERRUPTED])
TROUBLES: Mapping[str, tuple[Trouble, frozenset[int]]] = {
    "disk full": (_fill, BROKEN),
    "over the quota": (_signal(signal.SIGUSR1), BROKEN),
    "no file may grow": (_limit(resource.RLIMIT_FSIZE, _no_bytes), BROKEN),
    "no descriptors": (_limit(resource.RLIMIT_NOFILE, _descriptors), BROKEN | {HELD, STALE}),
    "closed folder": (_closed_folder, frozenset([FINE])),
    "closed output": (lambda trial: trial.command.leave(), frozenset([FINE])),
    "SIGINT": (_signal(signal.SIGINT), STOPPED),
    "SIGINT twice": (_twice, STOPPED),
    "SIGTERM": (_signal(signal.SIGTERM), STOPPED),
    "SIGHUP": (_signal(signal.SIGHUP), STOPPED),
}
"""What happens, and the codes that an apply may end with after it."""
GOES_ON = ("no descriptors", "closed folder", "closed output")
"""No reason to stop: what needs nothing more goes on, over the connections that there are."""


@dataclass(slots=True)
class Count:
    """What was tried, how it ended, and what of it was wrong."""

    trials: int = 0
    codes: Counter[int] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def tried(trial: Trial, name: str, point: Point, count: Count) -> None:
    """One run into the trouble, and a plain one after it."""
    world = trial.bench
    undisturbed(world)
    world.rewind()
    struck: list[float] = []

    def strike(_: LogEntry) -> None:
        at = time.monotonic()
        if trial.command.at_work():
            with suppress(ProcessLookupError):  # after the last answer it may end any moment
                TROUBLES[name][0](trial)
                struck.append(at)

    world.twins[point.where].on_request(point.n, point.phase, strike)
    code_of_disk = INPUT_OUTPUT if name == "over the quota" else FULL
    words = ["apply", "--yes", "--progress", "json"]
    said = trial.command.run(world.job(words=words, disk=code_of_disk))
    ended = time.monotonic()
    world.quiet()
    world.folder.chmod(0o700)
    trial.filler().unlink(missing_ok=True)
    count.trials += 1
    wrong = list(_judged(trial, name, said, struck))
    if struck and name.startswith("SIG"):
        count.slowest = max(count.slowest, ended - struck[0])
    count.codes[os.waitstatus_to_exitcode(said["status"])] += 1
    try:
        assert_converged(world, world.program.run(world.job()))
    except AssertionError as error:
        wrong.append(str(error)[:1_500] or "another end than the undisturbed run's")
    count.wrong += [f"{name} at {point}: {text}" for text in wrong]


def _judged(trial: Trial, name: str, said: Mapping[str, Any], struck: list[float]) -> Iterator[str]:
    code, text = os.waitstatus_to_exitcode(said["status"]), said["out"] + said["err"]
    if code not in MEANINGS:
        yield f"it ended with {code}, which no help names: {text[-600:]}"
    elif struck and code not in TROUBLES[name][1]:
        yield f"it ended with {code}: {text[-600:]}"
    for word in ("Traceback", "a bug in reconciler", "never retrieved", "Exception ignored"):
        if word in text:
            yield f"it said {word}: {text[-1_500:]}"
    if struck:
        late = [e.call for t in trial.bench.twins.values() for e in t.log.writes() if e.at > struck[0] + LATEST]
        if late and name not in GOES_ON and code != FINE:
            yield f"sent {LATEST:g} s later: {late}"
    if code == FINE and "not sent" in said["out"]:
        yield "it ended with 0, and something was not sent"


def points(world: Bench, rng: random.Random, count: int) -> list[Point]:
    """Some of all requests of the undisturbed run, readings included."""
    wanted = undisturbed(world).requests
    numbers = [(where, n) for where in sorted(wanted) for n in range(1, wanted[where] + 1)]
    every = [Point(where, n, phase) for where, n in numbers for phase in PHASES]
    return rng.sample(every, min(count, len(every)))


@contextmanager
def stage(change: str) -> Iterator[Trial]:
    """A bench on a small disk of its own, where this machine allows to mount one."""
    with TemporaryDirectory() as folder, TemporaryDirectory() as pipes, _small_disk(Path(folder)) as small:
        command = Command(Path(pipes))
        try:
            with bench("plain", Path(folder), change) as world:
                yield Trial(world, command, small)
        finally:
            command.close()


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path | None]:
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "none", str(folder)]
    try:
        mounted = os.geteuid() == 0 and subprocess.run(words, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    try:
        yield folder if mounted else None
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)


def run(*, seed: int, count: int, only: str = "", at: str = "", change: str = "after") -> Count:
    """So many points for each trouble."""
    found = Count()
    rng = random.Random(seed)
    with stage(change) as trial:
        for name in TROUBLES:
            for point in points(trial.bench, rng, count):
                if (not only or name == only) and (not at or str(point) == at):
                    tried(trial, name, point, found)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="A machine that fails, and people who stop the program.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", type=int, default=50, help="points for each trouble")
    parser.add_argument("--only", default="", choices=["", *TROUBLES], help="one trouble")
    parser.add_argument("--at", default="", help="one point, as a violation names it")
    words = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # or the small disk would stay mounted
    began = time.monotonic()
    found = run(seed=words.seed, count=words.points, only=words.only, at=words.at)
    codes = json.dumps({MEANINGS.get(c, str(c)).split(",")[0]: n for c, n in sorted(found.codes.items())})
    print(
        f"exhaustion: {len(TROUBLES)} troubles, {found.trials} trials, {len(found.wrong)} violations, the slowest"
        f" end {found.slowest:.1f} s after a signal, seed {words.seed}, {time.monotonic() - began:.0f} s"
        f"\n  {codes}"
    )
    for text in found.wrong:
        print(f"  {text}")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
