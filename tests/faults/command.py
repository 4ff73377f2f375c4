"""The real command in a process of its own that is ready at once, to be troubled at any request: run as a script,
it forks one child per job, which becomes `reconciler WORDS` over an estate and the twins.

Output and errors go into two named pipes, so that they can be closed, and no limit on files is one on them. On
SIGUSR1 the ledger's disk begins to fail: every write from then on, with the code that the job names.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from reconciler import cli, workflow
from reconciler.ledger import open_ledger, whoami
from reconciler.wire.clock import real_clock
from reconciler.wire.library import load_httpx
from tests.faults.estate import ESTATES, setup_of
from tests.faults.vfs import OK, Watched, loaded
from tests.world import catalog

Job = dict[str, Any]
DAC_OVERRIDE = 1 << 1


class Failing:
    """A disk that works until it is told not to."""

    def __init__(self, code: int) -> None:
        self.code, self.broken = code, False

    def begin(self, *_: object) -> None:
        self.broken = True

    def opening(self, path: Path, *, new: bool) -> int:  # noqa: ARG002
        return OK

    def writing(self, path: Path, offset: int, data: bytes) -> int:  # noqa: ARG002
        return self.code if self.broken else OK

    def truncating(self, path: Path, size: int) -> int:  # noqa: ARG002
        return OK

    def syncing(self, path: Path) -> int:  # noqa: ARG002
        return OK

    def removing(self, path: Path) -> int:  # noqa: ARG002
        return OK


def prepared(job: Job) -> Any:
    """In place of reading files: the estate's documents."""

    @contextmanager
    def opened(_: workflow.Options) -> Iterator[workflow.Setup]:
        clock = real_clock()
        with open_ledger(Path(job["ledger"]), who=whoami(), clock=clock) as ledger:
            documents, root = ESTATES[job["estate"]](), Path(job["folder"])
            yield setup_of(documents, job["urls"], job["settings"], ledger, clock, 8, root)

    return opened


def obedient() -> None:
    """Whoever is root here must mind the modes of files as well."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, sets) == 0
    sets[0] &= ~DAC_OVERRIDE
    assert libc.capset(header, sets) == 0


def child(job: Job) -> None:
    """The forked child's whole life. The exit code is that of the command."""
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(job[name], os.O_WRONLY), number)
    # What a stream can do was found out when it was made.
    sys.stdout, sys.stderr = (open(n, "w", encoding="utf-8", closefd=False) for n in (1, 2))  # noqa: SIM115
    obedient()
    os.chdir(job["folder"])
    disk = Failing(job["disk"])
    watched = Watched(disk) if loaded() else None  # kept, for as long as the ledger is open
    signal.signal(signal.SIGUSR1, disk.begin)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    workflow.prepared = prepared(job)
    sys.argv = ["reconciler", *job["words"]]
    try:
        code = cli.main()
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - whatever got out is seen by the trial as a traceback
        traceback.print_exc()
        code = 120
    del watched
    os._exit(code)


def serve() -> None:
    """Fork a child per line until the input ends. What `apply` needs until its first request is imported."""
    catalog()
    load_httpx()
    for room in ("apply", "diff", "plan", "read", "wire.wires", "wire.readonly", "ledger.sqlite", "cli.app"):
        import_module(f"reconciler.{room}")
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            child(json.loads(line))
        print(json.dumps({"pid": pid}), flush=True)
        print(json.dumps({"status": os.waitpid(pid, 0)[1]}), flush=True)


if __name__ == "__main__":
    serve()
