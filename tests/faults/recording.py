"""What a piece of our code does to the disk, written down operation by operation: the database's files through
SQLite itself, all others through Python's own audit of what is opened, renamed and removed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.faults.disk import Op
from tests.faults.vfs import OK, Watched

_PASSING = ("-shm",)
"""Files that lie in memory, and are made anew by whoever opens the database."""
_LISTENING: list[Recording] = []


class Recording:
    """The operations below a folder. The bytes of files that are no database are taken when they are synced,
    renamed or linked, and at the end."""

    def __init__(self, root: Path) -> None:
        self.ops: list[Op] = []
        self._root = root.resolve()
        self._known: dict[int, bytes] = {}
        self._databases: set[str] = set()
        self._new: set[str] = set()

    def promise(self, name: str, data: bytes) -> None:
        """From here on this is said to be durable."""
        self._add("promise", name, data=data)

    def _add(self, what: str, path: str, **more: Any) -> None:
        self.ops.append(Op(what, path, time.monotonic(), **more))

    def inside(self, path: str | bytes | os.PathLike[str]) -> str | None:
        """The path below the folder; None for what is elsewhere, or of no account."""
        text = os.fsdecode(path)
        found = Path(os.path.realpath(Path(text).parent)) / Path(text).name
        if not found.is_relative_to(self._root) or text.endswith(_PASSING):
            return None
        return str(found.relative_to(self._root))

    # What SQLite tells.

    def opening(self, path: Path, *, new: bool) -> int:
        if (name := self.inside(path)) is not None:
            self._databases.add(name)
            if new:
                self._add("create", name)
                self._new.add(name)
        return OK

    def writing(self, path: Path, offset: int, data: bytes) -> int:
        if (name := self.inside(path)) is not None:
            self._add("write", name, offset=offset, data=data)
        return OK

    def truncating(self, path: Path, size: int) -> int:
        if (name := self.inside(path)) is not None:
            self._add("truncate", name, offset=size)
        return OK

    def syncing(self, path: Path) -> int:
        if (name := self.inside(path)) is not None:
            self._add("sync", name)
            if name in self._new:  # SQLite syncs the folder of a log that it has made, with its first sync
                self._new.discard(name)
                self._add("sync folder", str(Path(name).parent))
        return OK

    def removing(self, path: Path) -> int:
        if (name := self.inside(path)) is not None:
            self._add("remove", name)
        return OK

    # What Python tells.

    def heard(self, event: str, args: tuple[Any, ...]) -> None:
        match event, args:
            case "open", (str() | bytes() | os.PathLike() as path, _, int() as flags) if flags & os.O_CREAT:
                if (name := self.inside(path)) is not None and not os.path.lexists(path):
                    self._add("create", name)
            case "os.mkdir", (path, *_) if not os.path.lexists(path) and Path(path).parent.is_dir():
                if (name := self.inside(path)) is not None:
                    self._add("folder", name)
            case (("os.rename" | "os.link"), (path, other, *_)):
                before, after = self.inside(path), self.inside(other)
                if (
                    before is not None
                    and after is not None
                    and not (event == "os.link" and os.path.lexists(other))
                ):
                    self._catch_up(before)
                    self._add(event.removeprefix("os."), before, other=after)
            case "os.remove", (path, *_) if os.path.lexists(path):
                if (name := self.inside(path)) is not None:
                    self._add("remove", name)
            case _:
                pass

    def synced(self, handle: int) -> None:
        name = self.inside(str(Path(f"/proc/self/fd/{handle}").readlink()))
        if name is None:
            return
        folder = (self._root / name).is_dir()
        if not folder:
            self._catch_up(name)
        self._add("sync folder" if folder else "sync", name)

    def _catch_up(self, name: str) -> None:
        """Note what a file holds by now, unless SQLite tells that anyway."""
        path = self._root / name
        if name in self._databases or not path.is_file():
            return
        number, data = path.stat().st_ino, path.read_bytes()
        if self._known.get(number) != data:
            self._known[number] = data
            self._add("truncate", name)
            self._add("write", name, data=data)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if _LISTENING and event in ("open", "os.mkdir", "os.rename", "os.link", "os.remove"):
        recording = _LISTENING.pop()  # what it reads itself is nothing to be told
        try:
            recording.heard(event, args)
        finally:
            _LISTENING.append(recording)


_audited: list[bool] = []


@contextmanager
def recorded(root: Path) -> Iterator[Recording]:
    """Whatever this process does below a folder in the meantime."""
    if not _audited:
        sys.addaudithook(_audit)  # there is no way to take it off again
        _audited.append(True)
    found = Recording(root)
    watched, fsync = Watched(found), os.fsync

    def told(handle: int) -> None:
        listening, _LISTENING[:] = _LISTENING[:], []
        try:
            found.synced(handle)
        finally:
            _LISTENING[:] = listening
        fsync(handle)

    setattr(os, "fsync", told)  # noqa: B010 - it takes no objects here
    _LISTENING.append(found)
    try:
        yield found
    finally:
        _LISTENING.remove(found)
        os.fsync = fsync
        watched.close()
