"""SQLite's own way to its files, with a hand in it: every write, truncation, sync and removal of a database file
is told before it happens, and may be refused there as a full disk refuses it.

A file system of SQLite is a table of functions. The one registered here is a copy of the system's in which four
functions first call back; it is the default from then on, so that the ledger under test needs to know nothing.
"""

from __future__ import annotations

import _sqlite3
import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any, Final, Protocol

OK: Final = 0
CREATE: Final = 0x4
OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
SYNC = CFUNCTYPE(c_int, c_void_p, c_int)
METHODS: Final = 19  # pointers in sqlite3_io_methods, of which the first is its version
CLOSE_AT, WRITE_AT, TRUNCATE_AT, SYNC_AT = 1, 3, 4, 5


class Vfs(Structure):
    """`sqlite3_vfs`, as sqlite3.h has it."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
        ("delete", c_void_p),
        ("rest", c_void_p * 14),
    ]


class Watcher(Protocol):
    """Each is called before the thing happens; what is not OK is the error it fails with: it does not happen."""

    def opening(self, path: Path, *, new: bool) -> int: ...
    def writing(self, path: Path, offset: int, data: bytes) -> int: ...
    def truncating(self, path: Path, size: int) -> int: ...
    def syncing(self, path: Path) -> int: ...
    def removing(self, path: Path) -> int: ...


def loaded() -> ctypes.CDLL | None:
    """The library that Python's own module uses; None where it does not let itself be called."""
    found = ctypes.CDLL(_sqlite3.__file__)
    if not hasattr(found, "sqlite3_vfs_find"):
        return None
    found.sqlite3_vfs_find.restype = POINTER(Vfs)
    found.sqlite3_vfs_find.argtypes = [c_char_p]
    found.sqlite3_vfs_register.argtypes = [c_void_p, c_int]
    return found


class Watched:
    """The registered file system. Whoever makes it keeps it as long as any database is open."""

    def __init__(self, watcher: Watcher) -> None:
        library = loaded()
        assert library is not None, "this Python's SQLite cannot be called"
        self._watcher = watcher
        self._usual = library.sqlite3_vfs_find(None)
        self._open = OPEN(self._usual.contents.open)
        self._delete = DELETE(self._usual.contents.delete)
        self._names: dict[int, Path] = {}
        self._tables: dict[int, ctypes.Array[c_void_p]] = {}
        self._hooks: list[object] = []
        self._own = Vfs.from_buffer_copy(self._usual.contents)
        self._own.next, self._own.name = None, b"watched"
        self._own.open = self._kept(OPEN(self._opened))
        self._own.delete = self._kept(DELETE(self._deleted))
        self._library = library
        assert library.sqlite3_vfs_register(ctypes.byref(self._own), 1) == OK

    def close(self) -> None:
        """The system's file system is the default again."""
        self._library.sqlite3_vfs_register(self._usual, 1)
        self._library.sqlite3_vfs_unregister(ctypes.byref(self._own))

    def _kept(self, hook: Any) -> int | None:
        self._hooks.append(hook)
        return ctypes.cast(hook, c_void_p).value

    def _opened(self, _: int, name: int | None, file: int, flags: int, out: int | None) -> int:
        usual = ctypes.cast(self._usual, c_void_p)
        path = Path((ctypes.string_at(name) if name else b"").decode())
        if name and (code := self._watcher.opening(path, new=bool(flags & CREATE) and not path.exists())):
            ctypes.cast(file, POINTER(c_void_p))[0] = None  # no methods: nothing is to be closed
            return code
        code = int(self._open(usual, name, file, flags, out))
        methods = ctypes.cast(file, POINTER(c_void_p))
        if code == OK and name and (at := methods[0]):
            self._names[file] = path
            methods[0] = ctypes.addressof(self._table(at))
        return code

    def _table(self, at: int) -> ctypes.Array[c_void_p]:
        """The methods of a file, three of which call back first."""
        if at not in self._tables:
            table = (c_void_p * METHODS).from_buffer_copy((c_void_p * METHODS).from_address(at))
            write, truncate, sync = (
                WRITE(table[WRITE_AT] or 0),
                TRUNCATE(table[TRUNCATE_AT] or 0),
                SYNC(table[SYNC_AT] or 0),
            )

            def written(file: int, data: int, size: int, offset: int) -> int:
                told = self._watcher.writing(self._names[file], offset, ctypes.string_at(data, size))
                return told or int(write(file, data, size, offset))

            def truncated(file: int, size: int) -> int:
                return self._watcher.truncating(self._names[file], size) or int(truncate(file, size))

            def synced(file: int, flags: int) -> int:
                return self._watcher.syncing(self._names[file]) or int(sync(file, flags))

            table[WRITE_AT] = self._kept(WRITE(written))
            table[TRUNCATE_AT] = self._kept(TRUNCATE(truncated))
            table[SYNC_AT] = self._kept(SYNC(synced))
            self._tables[at] = table
        return self._tables[at]

    def _deleted(self, _: int, name: bytes, sync_folder: int) -> int:
        code = self._watcher.removing(Path(name.decode()))
        return code or int(self._delete(ctypes.cast(self._usual, c_void_p), name, sync_folder))
