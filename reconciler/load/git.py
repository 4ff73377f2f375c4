"""What git knows of the project: the commit, and files as they were at another one. Only reads, and only objects."""

from __future__ import annotations

import subprocess
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
    if revision.startswith("-") or not revision.isprintable():
        raise UsageWrong(f"'{revision[:60]}' is no revision")
    answer = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    if not answer:
        raise UsageWrong(
            f"git knows no revision '{revision[:60]}' here", hint="fetch it first, in CI with more depth"
        )
    return answer.decode("ascii", "replace").strip()


def files_at(root: Path, revision: str) -> list[SourceFile]:
    """All YAML files of the project as they were at a commit, sorted by path; links and too large files left out."""
    listing = _git(root, "ls-tree", "-r", "-z", "--long", revision, ".")
    if listing is None:
        raise UsageWrong(f"git cannot list the files of {revision}")
    wanted: list[tuple[str, str]] = []
    for line in listing.decode("utf-8", "surrogateescape").split("\0"):
        about, _, path = line.partition("\t")
        mode, _, object_id, size = [*about.split(), "", "", "", ""][:4]
        if mode.startswith("100") and path.endswith(SUFFIXES) and size.isdigit() and int(size) <= LARGEST_FILE:
            wanted.append((path, object_id))
    return [
        SourceFile(path, data)
        for (path, _), data in zip(wanted, _blobs(root, [i for _, i in wanted]), strict=True)
    ]


def _blobs(root: Path, ids: list[str]) -> list[bytes]:
    """The contents of objects, in one run of git."""
    if not ids:
        return []
    answer = _git(root, "cat-file", "--batch", given="".join(f"{i}\n" for i in ids).encode())
    found: list[bytes] = []
    rest = memoryview(answer or b"")
    for _ in ids:
        end = bytes(rest[:200]).find(b"\n")
        size = int(bytes(rest[:end]).rsplit(b" ", 1)[-1]) if end > 0 else -1
        if size < 0:
            raise UsageWrong("git did not give the files of that revision")
        found.append(bytes(rest[end + 1 : end + 1 + size]))
        rest = rest[end + size + 2 :]
    return found


def _git(root: Path, *words: str, given: bytes = b"") -> bytes | None:
    """What a git command prints; None where it fails or there is no git."""
    command = ["git", "--no-optional-locks", "--no-replace-objects", "-C", str(root), *words]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
