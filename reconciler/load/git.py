"""What git knows of the project: the commit, and files as they were at another. Reads objects, runs no hook."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from reconciler.load.events import LARGEST_FILE
from reconciler.load.files import SUFFIXES, SourceFile
from reconciler.model.faults import UsageWrong

SECONDS: Final = 20.0


def commit(root: Path) -> str | None:
    """The commit that is checked out; None outside a work tree, before the first commit, or without git."""
    answer = _git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return answer.decode("ascii", "replace").strip() or None if answer else None


def resolved(root: Path, revision: str) -> str:
    """The commit a revision names. Raises UsageWrong where there is none."""
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise UsageWrong(f"'{revision[:60]!a}' is no revision")
    answer = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    if not answer:
        hint = "fetch it first; a CI checkout often holds one commit only"
        raise UsageWrong(f"git knows no revision '{revision[:60]}' here", hint=hint)
    return answer.decode("ascii", "replace").strip()


def files_at(root: Path, revision: str, paths: Sequence[str]) -> list[SourceFile]:
    """The YAML files at or below some paths of the project as they were at a commit, sorted by path. What
    `read_all` passes over is left out here too, and so are links."""
    listing = _git(root, "ls-tree", "-r", "-z", "--long", revision, *(f"./{path}" for path in paths))
    if listing is None:
        raise UsageWrong(f"git cannot list the files of {revision}")
    wanted = list(_ordinary(listing.decode("utf-8", "surrogateescape").split("\0")))
    blobs = _blobs(root, [object_id for _, object_id in wanted])
    return sorted(
        (SourceFile(path, data) for (path, _), data in zip(wanted, blobs, strict=True)), key=lambda s: s.path
    )


def _ordinary(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        about, _, path = line.partition("\t")
        mode, _, object_id, size = [*about.split(), "", "", "", ""][:4]
        hidden = any(part.startswith(".") for part in path.split("/"))
        ordinary = mode.startswith("100") and size.isdigit() and int(size) <= LARGEST_FILE
        if ordinary and not hidden and path.lower().endswith(SUFFIXES):
            yield path, object_id


def _blobs(root: Path, ids: Sequence[str]) -> list[bytes]:
    """The contents of objects, in one run of git: each as a line `<id> blob <size>`, the bytes, a line break."""
    answer = _git(root, "cat-file", "--batch", given="".join(f"{i}\n" for i in ids).encode()) if ids else b""
    found: list[bytes] = []
    start = 0
    for _ in ids:
        end = (answer or b"").find(b"\n", start)
        size = (answer or b"")[start:end].rsplit(b" ", 1)[-1] if end > 0 else b""
        if answer is None or not size.isdigit():
            raise UsageWrong("git did not give the files of that revision")
        found.append(answer[end + 1 : end + 1 + int(size)])
        start = end + int(size) + 2
    return found


def _git(root: Path, *words: str, given: bytes = b"") -> bytes | None:
    """What a git command prints; None where it fails or there is no git. Variables that point git elsewhere, as
    they are set inside its own hooks, are not handed on."""
    command = ["git", "--no-optional-locks", "--no-replace-objects", "-C", str(root), *words]
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; a revision cannot be an option, a path begins with ./
            command, input=given, capture_output=True, timeout=SECONDS, check=False, env=surroundings
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
