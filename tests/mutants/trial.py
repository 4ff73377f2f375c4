"""`python -m tests.mutants.trial WANTED FOUND JOBS SECONDS`, run inside the copy: the tests are collected and run
once, to see which of them reach which function and how long they take; then each mutant is switched on in a
process of its own, which runs the tests that reach it, the quickest first, until one fails."""

from __future__ import annotations

import gc
import json
import os
import resource
import signal
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import process_time
from typing import Final

import pytest
from _pytest.runner import runtestprotocol

TESTS = ("tests/unit/diff", "tests/unit/plan", "tests/unit/apply", "tests/cases", "tests/mutants/histories.py")
OPTIONS = (
    "-q",
    "-s",
    "--assert=plain",
    "--tb=native",
    "-p",
    "no:xdist",
    "-p",
    "no:faulthandler",
    "--timeout=0",
    "--rootdir=.",
)
KILLED, SURVIVED, TIMEOUT, UNREACHED = "killed", "survived", "timeout", "unreached"
BROKEN: Final = "broken"
"""What is said of a test that fails without any mutant."""
MEMORY = 4 << 30
"""Bytes of address space that a mutant may have."""
COMPUTING, WAITING = 2, 20
"""Seconds that each test may compute, and that it may take, besides many times what it took at first."""
MANY = 50


@dataclass(slots=True)
class Trials:
    """A pytest plugin that runs the tests its own way."""

    wanted: Sequence[str]
    found: Path
    jobs: int
    most: float
    seconds: dict[str, float] = field(default_factory=dict)
    reach: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    items: dict[str, pytest.Item] = field(default_factory=dict)
    running: dict[int, str] = field(default_factory=dict)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        switch = import_module("mutmut.mutation.trampoline").set_mutant_under_test
        self.items = {item.nodeid: item for item in session.items}
        switch("stats")
        self._look(session.items)
        switch("")
        gc.collect()
        gc.freeze()
        for mutant in self.wanted:
            tests = self._chosen(mutant)
            if not tests:
                self._say(mutant, UNREACHED)
                continue
            while len(self.running) >= self.jobs:
                self._await_one()
            self._fork(switch, mutant, tests)
        while self.running:
            self._await_one()
        return True

    def _look(self, items: Sequence[pytest.Item]) -> None:
        """Run each test once, unchanged; what fails now can tell nothing later, and is left out."""
        state = import_module("mutmut.state").state()
        for n, item in enumerate(items):
            state._stats.clear()
            start = process_time()
            following = items[n + 1] if n + 1 < len(items) else None
            reports = runtestprotocol(item, log=False, nextitem=following)
            if any(r.failed for r in reports):
                self._say(item.nodeid, BROKEN)
                continue
            self.seconds[item.nodeid] = process_time() - start
            for function in state._stats:
                self.reach[function].add(item.nodeid)

    def _chosen(self, mutant: str) -> list[str]:
        """The tests that reach its function, quickest first, as long as they fit into the time allowed."""
        chosen, total = list[str](), 0.0
        for test in sorted(self.reach[mutant.rpartition("__mutmut_")[0]], key=lambda t: (self.seconds[t], t)):
            total += self.seconds[test]
            if total > self.most and chosen:
                break
            chosen.append(test)
        return chosen

    def _fork(self, switch: object, mutant: str, tests: Sequence[str]) -> None:
        if pid := os.fork():
            self.running[pid] = mutant
            return
        try:
            os.dup2(os.open(os.devnull, os.O_RDWR), 1)
            os.dup2(1, 2)
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            assert callable(switch)
            switch(mutant)
            os._exit(self._ends_badly(tests))
        except BaseException:  # noqa: BLE001 - whatever a mutant does, it is noticed
            os._exit(1)

    def _ends_badly(self, tests: Sequence[str]) -> int:
        for n, test in enumerate(tests):
            most = MANY * self.seconds[test]
            signal.alarm(int(WAITING + most))
            resource.setrlimit(
                resource.RLIMIT_CPU, (int(process_time() + COMPUTING + most), resource.RLIM_INFINITY)
            )
            following = self.items[tests[n + 1]] if n + 1 < len(tests) else None
            if any(r.failed for r in runtestprotocol(self.items[test], log=False, nextitem=following)):
                return 1
        return 0

    def _await_one(self) -> None:
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        timeouts = (-signal.SIGALRM, -signal.SIGXCPU, -signal.SIGKILL)
        self._say(self.running.pop(pid), TIMEOUT if code in timeouts else SURVIVED if code == 0 else KILLED)

    def _say(self, of: str, verdict: str) -> None:
        with self.found.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"of": of, "verdict": verdict}) + "\n")


def main(wanted: str, found: str, jobs: str, seconds: str) -> int:
    names = Path(wanted).read_text(encoding="utf-8").split()
    trials = Trials(names, Path(found), int(jobs), float(seconds))
    return int(pytest.main([*OPTIONS, *TESTS], plugins=[trials]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
