"""A disk as it may be after a power loss: what was synced is there; of the rest, anything.

What is modelled, per file: writes and truncations since its last sync are each kept, lost, or torn at the borders
of 512-byte sectors, in any combination, so also in any order. Per folder: new names, replaced names and removed
names since the folder was last synced are each kept or lost; a rename is one change. Syncing a file does not keep
its name. What is not modelled: sectors that hold something nobody ever wrote, disks that lie about a sync, bytes
that rot, and file systems that tear a rename.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

SECTOR: Final = 512


@dataclass(frozen=True, slots=True)
class Op:
    """Something that was done to the disk, at a moment of the system's monotonic clock. `what`: `create`, `write`,
    `truncate`, `sync`, `link`, `rename`, `remove`, `folder`, `sync folder`; or `promise`: from here on `data` is
    durable, under the name `path`. Paths are relative to the folder that is watched."""

    what: str
    path: str
    at: float = 0.0
    other: str = ""
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True)
class File:
    """Its bytes that are certainly there, and the changes since: `(offset, data)`, or `(size, None)` for a cut."""

    durable: bytes = b""
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        self.durable, self.pending = _changed(self.durable, self.pending), []

    def after(self, rng: random.Random | None, keep: float) -> bytes:
        """`rng` None: nothing of what was not synced is lost."""
        if rng is None:
            return _changed(self.durable, self.pending)
        found: list[tuple[int, bytes | None]] = []
        for offset, data in self.pending:
            if data is None:
                found += [(offset, None)] if rng.random() < keep else []
            else:
                found += _torn(offset, data, rng, keep)
        return _changed(self.durable, found)


def _torn(offset: int, data: bytes, rng: random.Random, keep: float) -> Iterable[tuple[int, bytes]]:
    """The whole write, nothing of it, or some of its sectors."""
    fate = rng.random()
    if fate < 0.5:
        return [(offset, data)] if rng.random() < keep else []
    pieces = []
    at = offset
    while at < offset + len(data):
        end = min((at // SECTOR + 1) * SECTOR, offset + len(data))
        if rng.random() < keep:
            pieces.append((at, data[at - offset : end - offset]))
        at = end
    return pieces


def _changed(data: bytes, changes: Iterable[tuple[int, bytes | None]]) -> bytes:
    found = bytearray(data)
    for at, new in changes:
        if new is None:
            del found[at:]
            found.extend(bytes(at - len(found)))
        else:
            found.extend(bytes(max(0, at - len(found))))
            found[at : at + len(new)] = new
    return bytes(found)


@dataclass(slots=True)
class Folder:
    """Its names that are certainly there, and the changes since: name -> number of what it leads to, or None."""

    durable: dict[str, int] = field(default_factory=dict)
    pending: list[dict[str, int | None]] = field(default_factory=list)

    def sync(self) -> None:
        self.durable, self.pending = self.names(), []

    def names(self, rng: random.Random | None = None, keep: float = 1.0) -> dict[str, int]:
        found = dict(self.durable)
        for change in self.pending:
            if rng is None or rng.random() < keep:
                for name, to in change.items():
                    found.pop(name, None) if to is None else found.__setitem__(name, to)
        return found


class Disk:
    """Begins with some files that are safely there; then does what was done."""

    def __init__(self, files: Mapping[str, bytes], folders: Iterable[str] = ()) -> None:
        self._nodes: list[File | Folder] = [Folder()]
        for path in folders:
            self.do(Op("folder", path))
        for path, data in files.items():
            self.do(Op("create", path))
            self.do(Op("write", path, data=data))
        for node in self._nodes:
            node.sync()

    def do(self, op: Op) -> None:
        match op.what:
            case "create":
                self._nodes.append(File())
                self._point(op.path, len(self._nodes) - 1)
            case "folder":
                self._nodes.append(Folder())
                self._point(op.path, len(self._nodes) - 1)
            case "write":
                self._file(op.path).pending.append((op.offset, op.data))
            case "truncate":
                self._file(op.path).pending.append((op.offset, None))
            case "sync" | "sync folder":
                self._nodes[self._at(op.path)].sync()
            case "link":
                self._point(op.other, self._at(op.path))
            case "remove":
                self._point(op.path, None)
            case "rename":
                self._rename(op.path, op.other)
            case "promise":
                pass
            case _:
                raise ValueError(op.what)

    def after(self, rng: random.Random | None = None, keep: float = 0.5) -> dict[str, bytes]:
        """Path -> bytes of every file that a power loss now leaves. `keep`: how likely each change has reached the
        disk that was not synced. `rng` None: all of it has."""
        found: dict[str, bytes] = {}
        chosen: dict[int, bytes] = {}
        level = [("", 0)]
        while level:
            path, number = level.pop()
            node = self._nodes[number]
            if isinstance(node, File):
                if number not in chosen:
                    chosen[number] = node.after(rng, keep)
                found[path] = chosen[number]
            else:
                level += [(f"{path}/{n}".lstrip("/"), i) for n, i in sorted(node.names(rng, keep).items())]
        return found

    def _rename(self, path: str, other: str) -> None:
        before, after = PurePosixPath(path), PurePosixPath(other)
        assert before.parent == after.parent, "files are renamed where they lie"
        change: dict[str, int | None] = {before.name: None, after.name: self._at(path)}
        self._folder(before.parent).pending.append(change)

    def _point(self, path: str, to: int | None) -> None:
        where = PurePosixPath(path)
        self._folder(where.parent).pending.append({where.name: to})

    def _folder(self, path: PurePosixPath) -> Folder:
        node = self._nodes[self._at(str(path))]
        assert isinstance(node, Folder), path
        return node

    def _file(self, path: str) -> File:
        node = self._nodes[self._at(path)]
        assert isinstance(node, File), path
        return node

    def _at(self, path: str) -> int:
        number = 0
        for name in PurePosixPath(path).parts:
            node = self._nodes[number]
            assert isinstance(node, Folder), path
            number = node.names()[name]
        return number
