"""What git knows of the project: the commit, and files as they were at another. Reads objects, runs no hook."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

from reconciler.load.events import LARGEST_FILE
from reconciler.load.files import SUFFIXES, SourceFile, inside
from reconciler.model.faults import UsageWrong

SECONDS: Final = 20.0
CEILING: Final = "GIT_CEILING_DIRECTORIES"
HANDED_ON: Final = frozenset(
    ["PATH", "HOME", "XDG_CONFIG_HOME", "USER", "LOGNAME", "SUDO_UID", "LANG", "TMPDIR", "SYSTEMROOT", CEILING]
)


def commit(root: Path, wanted: Sequence[str], read: Collection[str]) -> str | None:
    """The commit that the files of a project were read from, as `<sha>`, or as `<sha>-dirty` where some of them
    are not as that commit has them: changed, added, taken away or unknown to git.

    `wanted`: the files and folders that were looked through, `read`: the files found there, relative to `root`.
    None where the repository around them, if there is one, tracks none of them; before the first commit; without
    git.
    """
    answer = _git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    sha = answer.decode("ascii", "replace").strip() if answer else ""
    paths = ["--", *(f"./{path}" for path in wanted)]
    tracked = _names(_git(root, "--literal-pathspecs", "ls-files", "-z", *paths)) if sha else None
    if not tracked or tracked.isdisjoint(read):
        return None
    words = ("diff", "--name-only", "-z", "--relative", "--no-renames", "--no-ext-diff", "HEAD")
    differing = _names(_git(root, "--literal-pathspecs", *words, *paths))
    # A README beside the manifests may change as it likes.
    clean = differing is not None and not any(name in read or _is_manifest(name) for name in differing)
    return sha if clean and tracked.issuperset(read) else f"{sha}-dirty"


def kept_by(root: Path, paths: Sequence[str]) -> set[str]:
    """Those of the paths, relative to `root`, that git tracks, or would add since nothing tells it to ignore them.
    None of them where there is no repository, or no git."""
    words = ("--literal-pathspecs", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return _names(_git(root, *words, "--", *(f"./{path}" for path in paths))) or set()


def _names(answer: bytes | None) -> set[str] | None:
    """Names that git has put a zero byte behind."""
    return None if answer is None else {n for n in answer.decode("utf-8", "surrogateescape").split("\0") if n}


def _is_manifest(path: str) -> bool:
    return path.lower().endswith(SUFFIXES) and not any(part.startswith(".") for part in path.split("/"))


def resolved(root: Path, revision: str) -> str:
    """The commit a revision names. Raises UsageWrong where there is none, or no repository."""
    if not revision or revision.startswith("-") or not revision.isprintable():
        raise UsageWrong(f"'{revision[:60]!a}' is no revision")
    import shutil

    if shutil.which("git") is None:
        raise UsageWrong("there is no git on this machine", hint="install it, or select with --only")
    if _git(root, "rev-parse", "--git-dir") is None:
        raise UsageWrong(f"this is not a git repository: {root}", hint="clone the project, or select with --only")
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


def file_at(root: Path, revision: str, path: str) -> bytes:
    """One file of the project as it was at a commit. Raises ValueError, a sentence that follows the path."""
    inside(root, path)
    data = _git(root, "cat-file", "blob", f"{revision}:./{path}")
    if data is None:
        raise ValueError(f"is not in {revision}")
    return data


def _ordinary(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        about, _, path = line.partition("\t")
        mode, _, object_id, size = [*about.split(), "", "", "", ""][:4]
        ordinary = mode.startswith("100") and size.isdigit() and int(size) <= LARGEST_FILE
        if ordinary and _is_manifest(path):
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


def _in_repository(root: Path) -> bool:
    """Whether a folder from here upwards looks like one of git's, so that it is worth asking: that takes longer
    than all the rest of a small project."""
    here = root.resolve()
    return any((folder / ".git").exists() for folder in (here, *here.parents))


def _git(root: Path, *words: str, given: bytes = b"") -> bytes | None:
    """What a git command prints; None where it fails or there is no git. Of the environment it gets what it needs
    to find itself and its user's settings, and how far up it may look: none of what points git elsewhere, as it is
    set inside its own hooks, and none of the secrets that stand beside it."""
    if not _in_repository(root):
        return None
    import subprocess

    quiet = ("--no-optional-locks", "--no-replace-objects", "-c", "core.fsmonitor=false")
    command = ["git", *quiet, "-C", str(root), *words]
    surroundings = {k: v for k, v in os.environ.items() if k in HANDED_ON or k.startswith("LC_")}
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; a revision cannot be an option, a path begins with ./
            command, input=given, capture_output=True, timeout=SECONDS, check=False, env=surroundings
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
