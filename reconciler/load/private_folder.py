"""A folder of the user's own, for what can be had again: nobody else may write there, nothing in it is a link."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from reconciler.model.record import Record

_UNFINISHED: Final = ".new"
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


class PrivateFolder(Record, frozen=True):
    """Made when something is first written. What cannot be read, for whatever reason, is not there; what cannot be
    written is not written."""

    path: Path

    def read(self, name: str, limit: int) -> bytes | None:
        """The bytes of a file of ours, if nobody else could have written them and they are at most `limit`."""
        with suppress(OSError), self._opened() as folder:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            with os.fdopen(handle, "rb") as file:
                about = os.fstat(handle)
                if stat.S_ISREG(about.st_mode) and _ours(about) and about.st_size <= limit:
                    return file.read(about.st_size)
        return None

    def write(self, name: str, data: bytes, most: int) -> None:
        """A file in place of the one there, whole or not at all. Of all files that end as it does, the folder
        keeps the `most` latest."""
        unfinished = f"{name}.{secrets.token_hex(8)}{_UNFINISHED}"
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                self.path.mkdir(mode=0o700)
            with self._opened() as folder:
                try:
                    _written(folder, unfinished, data)
                    os.replace(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
                except OSError:
                    with suppress(OSError):
                        os.unlink(unfinished, dir_fd=folder)
                    raise
                _tidied(folder, Path(name).suffix, most)

    @contextmanager
    def _opened(self) -> Iterator[int]:
        """The folder itself, whatever its name leads to later. Raises OSError where others could write there."""
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if not _ours(os.fstat(folder)):
                raise PermissionError(f"others can write to {self.path}")
            yield folder
        finally:
            os.close(folder)


def _ours(about: os.stat_result) -> bool:
    return about.st_uid == os.geteuid() and not about.st_mode & _OTHERS


def _written(folder: int, name: str, data: bytes) -> None:
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
    with os.fdopen(handle, "wb") as file:
        file.write(data)


def _tidied(folder: int, suffix: str, most: int) -> None:
    """All but the latest go, and what somebody who was killed left behind before them. Whatever has another name
    is not ours to judge."""
    form = re.compile(rf"[0-9a-f]+{re.escape(suffix)}(\.[0-9a-f]{{16}}{re.escape(_UNFINISHED)})?")
    with os.scandir(folder) as entries:
        ours = [(e.stat(follow_symlinks=False).st_mtime, e.name) for e in entries if form.fullmatch(e.name)]
    for _, old in sorted(ours, reverse=True)[most:]:
        with suppress(OSError):
            os.unlink(old, dir_fd=folder)
