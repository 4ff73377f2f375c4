"""Kill trials: twins in this process, the program in another, and a hand on the trigger in the twins' hooks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reconciler.ledger import open_ledger, whoami
from reconciler.twins import PHASES, Fault, OmgTwin, OmnCoreTwin, OmniTwin, TrackerTwin, Twin, running_all
from reconciler.twins.core.hooks import Phase
from reconciler.wire.clock import real_clock
from tests.faults import analytics, core, kill_core, kill_platform
from tests.faults.estate import furnish, own_settings
from tests.faults.people import SINKS
from tests.faults.seen import facts, far_ends, sinks
from tests.world import CMS, CORE, OMNI, PLATFORM, PROVIDERS, TRACKER, TWINS

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30.0
"""Longer than any trial takes: what is slower hangs."""
SYSTEMS: Mapping[str, tuple[str, ...]] = {
    "after": (OMNI, TRACKER),
    "mixed": tuple(TWINS),
    "people": (TRACKER, PLATFORM, CMS),
    "analytics": (OMNI,),
    "core": (CORE,),
    "studio": (TRACKER,),
    "cms": (CMS,),
    "platform": (PLATFORM,),
}
"""Those that an estate lies in."""
FIRST: Mapping[str, tuple[str, ...]] = {"platform": ("platform known", "platform before")}
"""What is applied before the estate that the change begins with: only what was looked at once more may go."""
KEPT = "baseline"
LEDGER, SENT = "ledger", "sent"
"""Where a program dies of itself: around its ledger's appends, and around its requests that write."""


class Program:
    """The driver, ready to fork a child per job. One job at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._pid = 0
        self._known = threading.Event()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(SECONDS)
        self._process.stdout.close()

    def run(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """What the child has to say; `{"killed": signal}` where it was killed before it could say anything."""
        self.start(job)
        return self.end(job)

    def start(self, job: Mapping[str, Any]) -> None:
        Path(job["result"]).unlink(missing_ok=True)
        self._known.clear()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        self._pid = int(self._heard()["pid"])
        self._known.set()

    def end(self, job: Mapping[str, Any]) -> dict[str, Any]:
        status = int(self._heard()["status"])
        self._known.clear()
        result = Path(job["result"])
        if os.WIFSIGNALED(status):
            return {"killed": os.WTERMSIG(status)}
        told: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        assert "traceback" not in told, told["traceback"]
        return told

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the driver is gone"
        found: dict[str, Any] = json.loads(line)
        return found

    def signal(self, number: int = signal.SIGKILL) -> None:
        """To the child at work. After SIGKILL it returns only when the child is dead."""
        assert self._known.wait(SECONDS)
        pid = self._pid
        os.kill(pid, number)
        assert number != signal.SIGKILL or _ends(pid)

    def ended(self) -> bool:
        """Whether the child at work ends now, without anything further being done for it."""
        return _ends(self._pid)


def _ends(pid: int) -> bool:
    until = time.monotonic() + SECONDS
    while not _dead(pid):
        if time.monotonic() > until:
            return False
        time.sleep(0.0005)
    return True


def _dead(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return True
    return stat.rpartition(")")[2].split()[0] in "ZX"


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """Where the program dies: at the n-th write (or any request) that a twin sees, or at its n-th ledger append.

    `where`: a target, `ledger` or `sent`. `phase`: `unsent` (the request was lost on the way, and the program
    died before it knew), a phase of the twin's hooks, or `before` / `after` of an append; or `intended`, with the
    n-th intent durable and the request not yet sent, and `answered`, with the n-th outcome known and not yet
    durable; of the n-th request that writes `send`, just before it goes out, and `reply`, as soon as it is
    answered.
    """

    where: str
    n: int
    phase: str
    writes: bool = True

    def __str__(self) -> str:
        return f"{self.where}-{self.n}-{self.phase}" + ("" if self.writes else "-any")


@dataclass(slots=True)
class Bench:
    """Twins on their sockets with a baseline to go back to, the program, and a folder for its files. `start` and
    `change`: the estates before and after the change."""

    twins: Mapping[str, Twin]
    urls: Mapping[str, str]
    program: Program
    folder: Path
    settings: Mapping[str, Any] = field(default_factory=dict)
    start: str = "before"
    change: str = "after"
    baseline: dict[str, Any] = field(default_factory=dict)

    @property
    def omni(self) -> OmniTwin:
        found = self.twins[OMNI]
        assert isinstance(found, OmniTwin)
        return found

    @property
    def tracker(self) -> TrackerTwin:
        found = self.twins[TRACKER]
        assert isinstance(found, TrackerTwin)
        return found

    @property
    def name(self) -> str:
        """Tells apart what benches of one session know: ids are given in another order in each."""
        return f"{self.change}, {next(iter(self.twins.values())).knobs.profile}, {self.folder}"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    def job(self, do: str = "apply", estate: str = "", **more: Any) -> dict[str, Any]:
        return {
            "do": do,
            "estate": estate or self.change,
            "folder": str(self.folder),
            "ledger": str(self.ledger),
            "urls": dict(self.urls),
            "settings": dict(self.settings),
            "result": str(self.folder / "result.json"),
            "plan": str(self.folder / "plan.json"),
            **more,
        }

    def prepare(self) -> None:
        """The world before the change: applied once, and kept."""
        self._furnish()
        for estate in (*FIRST.get(self.change, ()), self.start):
            told = self.program.run(self.job(estate=estate))
            assert told.get("left") == [], told
            assert not told["holds"], told
        self.baseline = {name: twin.dump() for name, twin in self.twins.items()}
        (self.folder / SINKS).mkdir(exist_ok=True)
        shutil.copytree(self.folder / SINKS, self.folder / KEPT)
        shutil.copy(self.ledger, self.folder / "baseline.db")

    def rewind(self) -> None:
        """Back to the world before the change, without logs, faults and hooks."""
        for name, twin in self.twins.items():
            twin.load(self.baseline[name])
            twin.edit("GET", "/")  # lists show everything again
            self.quiet(twin)
            twin.log.clear()
        for leftover in self.folder.glob("ledger.db*"):
            leftover.unlink()
        shutil.copy(self.folder / "baseline.db", self.ledger)
        shutil.rmtree(self.folder / SINKS)
        shutil.copytree(self.folder / KEPT, self.folder / SINKS)

    def _furnish(self) -> None:
        """The project's folder, as far as the program looks into it."""
        targets = {n: {"provider": PROVIDERS[n], **own_settings(n, self.settings)} for n in self.twins}
        project = {"apiVersion": "reconciler/v1", "kind": "Project", "targets": targets}
        project["ledger"] = {"path": self.ledger.name}
        (self.folder / "reconciler.yaml").write_text(json.dumps(project), encoding="utf-8")
        furnish(self.folder)

    def quiet(self, *twins: Twin) -> None:
        for twin in twins or tuple(self.twins.values()):
            with twin.lock:
                twin.faults.clear()
                twin.hooks.clear()

    def dies_at(self, point: Point, **more: Any) -> dict[str, Any]:
        """Run the program until it is killed there; it may end before, where the point is never reached."""
        self.quiet()
        job = self.job(**more)
        if point.where in (LEDGER, SENT):
            job["crash"] = [point.n, point.phase]
        else:
            self._arm(point, lambda _: self.program.signal())
        told = self.program.run(job)
        self.quiet()
        self._catch_up()
        return told

    def _catch_up(self) -> None:
        """What a dead program has sent, the twins have looked at when this returns: they answer in turn."""
        for url in self.urls.values():
            connection = HTTPConnection(urlsplit(url).netloc, timeout=SECONDS)
            connection.request("GET", "/")
            connection.getresponse().read()
            connection.close()

    def _arm(self, point: Point, shot: Callable[[Any], None]) -> None:
        twin = self.twins[point.where]
        if point.phase == "unsent":
            twin.faults.add(Fault("drop", nth=point.n, writes=point.writes, effect=False))
        phase: Phase = next((p for p in PHASES if p == point.phase), "before-effect")
        twin.on_request(point.n, phase, shot, writes=point.writes)

    def seen(self) -> dict[str, Any]:
        """The far ends and the ledger as they are now."""
        with open_ledger(self.ledger, who=whoami(), clock=real_clock()) as ledger:
            ledger.verify()
            bonds = facts(ledger.recorded(), self.twins)
            open_runs = ledger.unfinished(tuple(self.twins))
        live, links = far_ends(self.twins), sinks(self.folder / SINKS, self.twins)
        return {"live": live, "bonds": bonds, "sinks": links, "open": len(open_runs)}

    def effects(self) -> int:
        """How many requests changed anything since the world was rewound."""
        return sum(e.changed for twin in self.twins.values() for e in twin.log.writes())


@contextmanager
def bench(profile: str, folder: Path, change: str = "after") -> Iterator[Bench]:
    """Over the systems of an estate."""
    names = SYSTEMS[change]
    twins = {name: TWINS[name](profile) for name in names}
    for twin in twins.values():
        twin.seed_world()
        if change == "analytics" and isinstance(twin, OmniTwin):
            analytics.seed(twin)
        if change == "core" and isinstance(twin, OmnCoreTwin):
            core.prepare(twin)
        if change == "platform" and isinstance(twin, OmgTwin):
            kill_platform.seed(twin)
    program = Program()
    try:
        with running_all([*twins.values()]) as urls:
            named = dict(zip(names, urls, strict=True))
            org = twins[TRACKER].default_headers["X-Org-Id"] if TRACKER in twins else ""
            settings = {"organisation": org} if org else {"batchSize": kill_core.BATCH} if change == "core" else {}
            start = "before" if change == "after" else f"{change} before"
            found = Bench(twins, named, program, folder, settings, start, change)
            found.prepare()
            yield found
    finally:
        program.close()
