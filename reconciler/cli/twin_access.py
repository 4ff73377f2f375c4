"""How to get into the twins that are served: what is said, and what is written down for the project meanwhile."""

from __future__ import annotations

import json
import os
import shlex
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reconciler.cli.output import fitting, say
from reconciler.cli.private import PRIVATE, keep_private
from reconciler.model.faults import UsageWrong
from reconciler.model.record import Record

if TYPE_CHECKING:
    from reconciler.model.document import Target
    from reconciler.twins import Twin

FOLDER = f"{PRIVATE}/twins"
CONFIG = "operator.yaml"
NO_LIMIT = 100_000
"""A stand-in on this machine may be asked as fast as it answers."""
ABOUT = """\
# The operator's file of the twins that `reconciler twin serve` runs: where they are, and their keys. It goes away
# with them. Manifests may read no environment variable. To let them, copy this file to a place beside it, let
# RECONCILER_CONFIG name the copy, and write before its last brace:  , "allow": {"env": ["SFTP_PASSWORD"]}
"""
_PATIENCE = 1.0  # seconds to wait for a port of this machine


class Served(Record, frozen=True):
    """A target, the twin that stands in for it, and where that one is served."""

    target: Target
    twin: Twin
    url: str


def refuse_second(root: Path) -> None:
    """Raises UsageWrong while the twins that the project's operator file leads to are still there."""
    urls = _written(root)
    if any(_answers(url) for url in urls):
        raise UsageWrong(
            f"something is served for this project already: {', '.join(urls)}",
            hint=f"go on with that, or stop it first; if it is no twin, delete {FOLDER}/{CONFIG}",
        )


def introduce(served: Sequence[Served], root: Path | None) -> None:
    """Say where the twins are, who is in them and how to get in; write that down for the project."""
    place = _write_access(served, root) if root else None
    wide = max(len(one.target.name) for one in served)
    for one in served:
        say(f"{one.target.name.ljust(wide)}  {one.url}\n")
        key = one.twin.default_key if place is None else f"$(cat {shlex.quote(str(_key_file(place.parent, one)))})"
        for header in _headers(one, key):
            say(f'{" " * wide}  -H "{header}"\n')
        if people := ", ".join(_people(one.twin)):
            say(fitting(f"{' ' * wide}  people: {people}"))
        if place is None:
            say(f"key: {one.twin.default_key}   (it opens nothing but this twin)\n")
    if place is not None:
        say(f"\nexport RECONCILER_CONFIG={shlex.quote(str(place))}\n\n")
    say("Ctrl-C stops serving.\n")


def withdraw(root: Path, urls: Sequence[str]) -> None:
    """Take the operator's file away, if it leads to these twins: nothing shall point to ports nobody serves."""
    if urls and _written(root) == list(urls):
        (root / FOLDER / CONFIG).unlink(missing_ok=True)


def _headers(one: Served, key: str) -> Iterator[str]:
    from reconciler.workflow import catalog

    for name, value in catalog().providers[one.target.provider].headers(one.target, key).items():
        yield f"{name}: {value}"


def _people(twin: Twin) -> list[str]:
    """The e-mail addresses of everybody in a twin, in the order they came."""
    state = twin.dump().get("state")
    users = state.get("users") if isinstance(state, dict) else None
    found = [u.get("email") or u.get("user_name") for u in users.values()] if isinstance(users, dict) else []
    return [address for address in found if isinstance(address, str)]


def _written(root: Path) -> list[str]:
    """The URLs in the operator's file that we wrote; none where there is none, or it is not as we write it."""
    try:
        lines = (root / FOLDER / CONFIG).read_text(encoding="utf-8").splitlines()
        value = json.loads("\n".join(line for line in lines if not line.startswith("#")))
        return [str(target["url"]) for target in value["targets"].values()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []


def _answers(url: str) -> bool:
    """Whether somebody listens there; only ports of this machine are tried."""
    parts = urlsplit(url)
    if parts.hostname != "127.0.0.1" or parts.port is None:
        return False
    try:
        socket.create_connection(("127.0.0.1", parts.port), timeout=_PATIENCE).close()
    except OSError:
        return False
    return True


def _key_file(folder: Path, one: Served) -> Path:
    return folder / f"{one.target.name}.key"


def _write_access(served: Sequence[Served], root: Path) -> Path:
    """The operator's file and the twins' keys, for nobody else to read. Raises UsageWrong where they cannot be."""
    from reconciler.load.files import inside

    try:
        folder = inside(root, FOLDER)
        keep_private(folder.parent)
        keep_private(folder)
        for one in served:
            _write_private(_key_file(folder, one), one.twin.default_key + "\n")
        targets = {
            one.target.name: {
                "url": one.url,
                "credential": {"fromFile": f"{one.target.name}.key"},
                "requestsPerMinute": NO_LIMIT,
            }
            for one in served
        }
        _write_private(folder / CONFIG, ABOUT + json.dumps({"targets": targets}, indent=2) + "\n")
    except (OSError, ValueError) as error:
        raise UsageWrong(f"{root / FOLDER} cannot be written: {error}") from error
    return folder / CONFIG


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
