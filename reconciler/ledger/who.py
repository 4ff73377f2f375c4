"""Who writes: a person on a host, in one process that can be told from all others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from reconciler.model.json import Json, JsonObject
from reconciler.model.past import Author
from reconciler.model.record import Record, aside

LONGEST_CLAIM: Final = 200
SERVICES: Final = (
    # name, the variable that says so, who (the first that is there), where to look it up
    ("GitHub Actions", "GITHUB_ACTIONS", ("GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR")),
    ("GitLab CI", "GITLAB_CI", ("GITLAB_USER_LOGIN",)),
)
"""GitHub names whoever started the workflow, and whoever started it again; GitLab whoever started the pipeline, or
the job where that is done by hand."""


class Claim(Record, frozen=True):
    """What the environment says of the person behind a CI job: anybody who may set a variable can say so, which is
    why it stands beside what the machine knows and never in its place. `job`: the page of the job."""

    actor: str = ""
    service: str = ""
    job: str = ""


@aside("claim")
class Who(Record, frozen=True):
    """`process_started` tells a process from a later one with the same pid: `<start tick>/<pid namespace>/<boot>`
    as Linux gives them; empty where the system does not say. `claim` tells no writer from another."""

    user: str
    host: str
    pid: int
    process_started: str
    claim: Claim = Claim()

    def __str__(self) -> str:
        return f"{self.user}@{self.host}, process {self.pid}"

    def to_json(self) -> JsonObject:
        told = {"actor": self.claim.actor, "service": self.claim.service, "job": self.claim.job}
        claimed: JsonObject = {name: text for name, text in told.items() if text}
        found: JsonObject = {"user": self.user, "host": self.host, "pid": self.pid}
        return {**found, "processStarted": self.process_started, **({"claimed": claimed} if claimed else {})}

    @classmethod
    def from_json(cls, value: Json) -> Who:
        """The inverse of `to_json`. Raises KeyError, TypeError or ValueError on another shape."""
        if not isinstance(value, Mapping) or not isinstance(value["pid"], int):
            raise TypeError("not a writer")
        told = value.get("claimed", {})
        if not isinstance(told, Mapping):
            raise TypeError("not a writer")
        claim = Claim(str(told.get("actor", "")), str(told.get("service", "")), str(told.get("job", "")))
        return cls(str(value["user"]), str(value["host"]), value["pid"], str(value["processStarted"]), claim)

    @property
    def author(self) -> Author:
        """The same for those who read it."""
        return Author(self.user, self.host, self.pid, self.claim.actor, self.claim.service, self.claim.job)


def whoami(environ: Mapping[str, str] = os.environ) -> Who:
    """This very process, and whom a CI service claims to be behind it."""
    import socket

    return Who(_user(), socket.gethostname(), os.getpid(), _started(os.getpid()), _claim(environ))


def _claim(environ: Mapping[str, str]) -> Claim:
    for service, flag, names in SERVICES:
        if environ.get(flag) == "true":
            actor = next((environ[name] for name in names if environ.get(name)), "")
            return Claim(actor[:LONGEST_CLAIM], service, _job(environ)[:LONGEST_CLAIM])
    return Claim()


def _job(environ: Mapping[str, str]) -> str:
    """The page of the job, where the service names it, or its parts."""
    parts = [environ.get(f"GITHUB_{part}", "") for part in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}" if all(parts) else environ.get("CI_JOB_URL", "")


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


def certainly_there(who: Who, here: Who) -> bool:
    """Whether that process still lives, as far as `here` can know: False where nobody can tell."""
    if who == here:
        return True
    near = who.host == here.host and _scope(who) == _scope(here) and bool(_scope(who))
    return near and not certainly_gone(who, here)


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
