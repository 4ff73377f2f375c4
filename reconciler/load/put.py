"""Files of the project that we write: each whole or not at all, inside the project, and never over anybody's
work."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from reconciler.load.files import inside
from reconciler.model.faults import UsageWrong


def put(root: Path, files: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
    """Write these files by their paths in the project. `before`: what those that are there held when it was
    decided what to write. All are written beside their places first, then each takes its place at once. Raises
    UsageWrong where one cannot be written, or is not what it was."""
    waiting: list[tuple[Path, Path]] = []
    changed: set[Path] = set()
    try:
        for path, data in files.items():
            place = _place(root, path, before)
            changed |= _made(place.parent)
            beside = place.with_name(f".{place.name}.{os.getpid()}.part")
            waiting.append((beside, place))
            _write(beside, data)
        for path in files:
            _place(root, path, before)
        for beside, place in waiting:
            beside.replace(place)
            changed.add(place.parent)
        for folder in sorted(changed):
            _sync_folder(folder)
    except OSError as error:
        raise UsageWrong(f"{error.filename or root} cannot be written: {error.strerror}") from error
    finally:
        for beside, _ in waiting:
            beside.unlink(missing_ok=True)


def _made(folder: Path) -> set[Path]:
    """Make a folder, and those above it; returns the folders that have new names in them."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return {one.parent for one in missing}


def _place(root: Path, path: str, before: Mapping[str, bytes]) -> Path:
    try:
        place = inside(root, path)
    except ValueError as error:
        raise UsageWrong(f"'{path}' {error}") from None
    there = place.read_bytes() if place.exists() else None
    if there != before.get(path):
        raise UsageWrong(f"{path} has changed meanwhile", hint="run it again")
    return place


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power loss."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
