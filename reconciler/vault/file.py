"""A value in a file of its own: there whole or not at all, for nobody but its owner to read."""

from __future__ import annotations

import glob
import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Final

from reconciler.model.faults import GuardRefused

SUFFIX: Final = ".draft"


def place(root: Path, text: str, folders: Sequence[Path]) -> Path:
    """The file that a manifest means: inside the project but in no hidden folder, or an absolute path in a folder
    that the operator allows. Links on the way count as what they lead to. Raises GuardRefused."""
    named = f"the sink file '{text[:100]}'"
    if not text or not text.isprintable() or text.endswith("/") or text.startswith("~"):
        raise GuardRefused(f"{named} is not the name of a file")
    if ".." in PurePosixPath(text).parts:
        raise GuardRefused(f"{named} must not hold `..`")
    asked = Path(text)
    allowed = [Path(os.path.realpath(f)) for f in (folders if asked.is_absolute() else [root])]
    found = Path(os.path.realpath((root / asked).parent)) / asked.name
    home = next((folder for folder in allowed if found.is_relative_to(folder)), None)
    if home is not None and (asked.is_absolute() or not _hidden(found.relative_to(home))):
        return found
    if home is not None:
        raise GuardRefused(f"{named} lies in a hidden folder or is hidden", hint="name another file")
    if asked.is_absolute():
        hint = "name a file in the project, or add its folder to `allow: {folders: […]}` in the operator's file"
        raise GuardRefused(f"{named} lies in no folder that the operator allows", hint=hint)
    raise GuardRefused(f"{named} leads out of the project")


def _hidden(path: Path) -> bool:
    """Where git and we ourselves keep what no manifest may cover."""
    return any(part.startswith(".") for part in path.parts)


def prove(path: Path) -> None:
    """A file can be laid down there. Makes its folder, where that is missing, and removes what a killed run has
    left half laid down. Raises GuardRefused, also for a file that is there and open to others: no sink has made
    it."""
    _fit(path)
    _lay_down(path, "", final=False)
    for left in path.parent.glob(glob.escape(_prefix(path)) + "*" + SUFFIX):
        left.unlink(missing_ok=True)


def look(path: Path) -> None:
    """As `prove`, but only by looking: nothing is made or removed. Raises GuardRefused."""
    _fit(path)
    folder = path.parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        hint = "make it writable for this user, or name another file"
        raise GuardRefused(f"the sink {path} cannot be written: {folder} is closed to this user", hint=hint)


def _fit(path: Path) -> None:
    """What is there may be covered by a once-shown value. Raises GuardRefused."""
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise GuardRefused(f"the sink {path} is there, and is no file", hint="name another file")
    if path.exists() and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise GuardRefused(f"the sink {path} is there, and is no private file", hint="name another, or remove it")


def _prefix(path: Path) -> str:
    return f".{path.name[:50]}."


def put(path: Path, value: str) -> None:
    """The file holds this one line, and nobody else may read it. Raises GuardRefused."""
    _lay_down(path, value + "\n", final=True)


def _lay_down(path: Path, text: str, *, final: bool) -> None:
    try:
        _make_folder(path.parent)
        handle, name = tempfile.mkstemp(SUFFIX, _prefix(path), path.parent)  # 0600
        draft = Path(name)
        try:
            _write(handle, text.encode("utf-8", "surrogatepass"))
            if final:
                draft.replace(path)
                _sync_folder(path.parent)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
    except OSError as error:
        hint = "make its folder writable for this user, or name another file"
        raise GuardRefused(f"the sink {path} cannot be written: {error.strerror or error}", hint=hint) from None


def _make_folder(folder: Path) -> None:
    """It is there, and stays: a value in a folder that a power loss takes away would be lost."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for made in missing:
        _sync_folder(made.parent)


def _write(handle: int, data: bytes) -> None:
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder survive a power loss."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
