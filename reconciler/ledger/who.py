"""Who writes: a person on a host, in one process that can be told from all others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.model.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Who:
    """`process_started` tells a process from a later one with the same pid: `<start tick>/<pid namespace>/<boot>`
    as Linux gives them; empty where the system does not say."""

    user: str
    host: str
    pid: int
    process_started: str

    def __str__(self) -> str:
        return f"{self.user}@{self.host}, process {self.pid}"

    def to_json(self) -> JsonObject:
        return {"user": self.user, "host": self.host, "pid": self.pid, "processStarted": self.process_started}

    @classmethod
    def from_json(cls, value: Json) -> Who:
        """The inverse of `to_json`. Raises KeyError, TypeError or ValueError on another shape."""
        if not isinstance(value, Mapping) or not isinstance(value["pid"], int):
            raise TypeError("not a writer")
        return cls(str(value["user"]), str(value["host"]), value["pid"], str(value["processStarted"]))


def whoami() -> Who:
    """This very process."""
    import socket

    return Who(_user(), socket.gethostname(), os.getpid(), _started(os.getpid()))


def certainly_gone(who: Who, here: Who) -> bool:
    """Whether that process has ended, as far as `here` can know: False where nobody can tell.

    Two containers may share a host name and not see each other's processes, and a name may be worn by two
    machines: a process is looked for only where boot and pid namespace are the same as ours.
    """
    if who == here or who.host != here.host or _scope(who) != _scope(here):
        return False
    if not _exists(who.pid):
        return True
    if not who.process_started:
        return False
    tick = _start_tick(who.pid)
    return tick is not None and tick != who.process_started.partition("/")[0]


def _scope(who: Who) -> str:
    return who.process_started.partition("/")[2]


def _exists(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is there, and it is not ours to signal
        return True
    return True


def _start_tick(pid: int) -> str | None:
    """The clock tick at which a process started; `ended` for a zombie, which writes no more; None: unknown."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = stat[stat.rfind(")") + 1 :].split()  # the command's name may hold blanks and brackets
    if len(fields) < 20:
        return None
    return "ended" if fields[0] in "ZX" else fields[19]


def _started(pid: int) -> str:
    tick = _start_tick(pid)
    if tick is None:
        return ""
    try:
        namespace = str(Path("/proc/self/ns/pid").stat().st_ino)
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return f"{tick}/unknown-{pid}/"  # equal to no other process's: then only the expiry ends a lease
    return f"{tick}/{namespace}/{boot}"


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # a container's user without a name
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else "unknown"
