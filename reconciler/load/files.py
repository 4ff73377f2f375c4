"""Which files are read: inside the project only, ordinary files only, each of limited size."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from reconciler.load.characters import HIDDEN, visible
from reconciler.load.events import LARGEST_FILE
from reconciler.model.place import Place, Problem
from reconciler.model.record import Record, field, force_setattr, worked_out

PROJECT_FILE: Final = "reconciler.yaml"
MOST_FILES: Final = 20_000
SUFFIXES: Final = (".yaml", ".yml")
_UNPRINTABLE: Final = re.compile(HIDDEN.pattern[:-1] + "\t\n\r\ud800-\udfff]")


class SourceFile(Record, frozen=True):
    """A file as read. `path`: relative to the project, with `/`. `sha256`: of its bytes, in hexadecimal digits."""

    path: str
    data: bytes
    sha256: str = worked_out()

    def __post_init__(self) -> None:
        force_setattr(self, "sha256", hashlib.sha256(self.data).hexdigest())


class Found(Record):
    """Gathered while walking. `files`: real paths, so that no file is read twice, and the names we show for them.
    `folders`: real paths already walked, so that links cannot loop."""

    root: Path
    files: dict[Path, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    folders: set[Path] = field(default_factory=set)

    def say(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(place, message, hint, rule="file"))


def inside(root: Path, text: str) -> Path:
    """The real path of a relative one. Raises ValueError, a sentence, unless it lies in the project."""
    if not text or _UNPRINTABLE.search(text):
        raise ValueError("is not the name of a file")
    if text.startswith("~") or PurePosixPath(text).is_absolute() or PureWindowsPath(text).drive:
        raise ValueError("must be relative to the project's folder")
    if "\\" in text:
        raise ValueError("must be written with / instead of \\")
    if ".." in PurePosixPath(text).parts:
        raise ValueError("must not hold `..`")
    home = Path(os.path.realpath(root))
    real = _real_path(home / text)
    if not real.is_relative_to(home):
        raise ValueError("leads out of the project")
    below = real.relative_to(home)
    try:
        circle = any((home / part).is_symlink() for part in (below, *below.parents))
    except OSError:
        raise ValueError("is not the name of a file: it is too long") from None
    if circle:
        raise ValueError("leads nowhere: its links go round in a circle")
    return real


def _real_path(path: str | Path) -> Path:
    """Raises ValueError where a link comes or goes meanwhile."""
    try:
        return Path(os.path.realpath(path))
    except OSError:
        raise ValueError("leads to another place from moment to moment") from None


def read_all(root: Path, wanted: Sequence[tuple[str, Place]]) -> tuple[list[SourceFile], list[Problem]]:
    """All manifest files under the wanted folders and files, sorted by path. Inside folders, names that begin with
    a dot are passed over, and the project file. `wanted`: paths, and where they are written."""
    found = Found(Path(os.path.realpath(root)))
    for text, place in wanted:
        _collect(found, text, place)
    sources = []
    for path, real in sorted((path, real) for real, path in found.files.items()):
        data = read_limited(real)
        if isinstance(data, bytes):
            sources.append(SourceFile(path, data))
        else:
            found.say(Place(path), data)
    return sources, found.problems


def read_given(path: Path, limit: int = LARGEST_FILE) -> bytes | str:
    """`read_limited` for a path that the operator gave: it may be a link, to anywhere."""
    try:
        return read_limited(_real_path(path), limit)
    except ValueError as error:
        return str(error)


def read_limited(path: Path, limit: int = LARGEST_FILE) -> bytes | str:
    """The bytes of an ordinary file, or a sentence that says why not. Follows no link anywhere in the path, which
    is a real one, and never waits for a pipe or a device."""
    try:
        handle = _opened(path)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        return f"is {_nature(found.st_mode)}, not a file"
    with os.fdopen(handle, "rb") as file:
        if found.st_size > limit:
            return _too_large(limit)
        try:
            # As much as is there; and more, up to the limit, where it has grown meanwhile.
            data = file.read(found.st_size + 1)
            if len(data) > found.st_size:
                data += file.read(limit + 1 - len(data))
        except OSError as error:
            return f"cannot be read: {error.strerror or error}"
    return data if len(data) <= limit else _too_large(limit)


def _too_large(limit: int) -> str:
    return f"is larger than {limit >> 20} MiB" if limit >> 20 else "is too large"


def _opened(path: Path) -> int:
    """Folder by folder: a name can change its meaning between a look and an opening, and a link that has taken a
    folder's place would lead elsewhere. Without waiting; what it is, is looked at once open. Raises OSError."""
    last = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    passing: int = getattr(os, "O_PATH", 0)  # it takes no right to list a folder to go through it
    if not passing:
        return os.open(path, last)
    *folders, name = path.absolute().parts
    here = os.open(path.anchor or "/", passing | os.O_DIRECTORY)
    for part in folders[1:]:
        try:
            below = os.open(part, passing | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
        finally:
            os.close(here)
        here = below
    try:
        return os.open(name, last, dir_fd=here)
    finally:
        os.close(here)


def _nature(mode: int) -> str:
    for test, name in (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
    ):
        if test(mode):
            return name
    return "a device"


def _collect(found: Found, text: str, place: Place) -> None:
    try:
        real = inside(found.root, text)
    except ValueError as error:
        found.say(place, f"'{visible(text)[:100]}' {error}")
        return
    if not real.exists():
        found.say(place, f"there is no '{text[:100]}'", "correct the path, or make the folder")
    elif real.is_dir():
        _walk(found, real, PurePosixPath(text))
    else:
        found.files.setdefault(real, PurePosixPath(text).as_posix())


def _walk(found: Found, folder: Path, shown: PurePosixPath) -> None:
    """Everything below a folder, without recursion: depth is the file system's business."""
    waiting = [(folder, shown)]
    while waiting:
        here, name = waiting.pop()
        if here in found.folders or len(found.files) > MOST_FILES:
            continue
        found.folders.add(here)
        for entry in _entries(found, here, name):
            path = name / entry.name
            real = _real(found, entry, path)
            if real is None:
                continue
            if real.is_dir():
                waiting.append((real, path))
            elif path.suffix.lower() in SUFFIXES:
                _add(found, path, real)


def _entries(found: Found, folder: Path, shown: PurePosixPath) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            ordered = sorted(entries, key=lambda e: e.name)
    except OSError as error:
        found.say(Place(visible(shown.as_posix())), f"cannot be read: {error.strerror or error}")
        return
    for entry in ordered:
        if entry.name.startswith("."):
            continue
        if _UNPRINTABLE.search(entry.name):
            text = "the name of this file or folder holds characters that cannot be shown"
            found.say(Place(visible((shown / entry.name).as_posix())), text, "rename it")
            continue
        yield entry


def _real(found: Found, entry: os.DirEntry[str], path: PurePosixPath) -> Path | None:
    """Where an entry really lies; None, and a problem if it matters, where that is not in the project."""
    if not entry.is_symlink():
        return Path(entry.path)
    try:
        real = _real_path(entry.path)
    except ValueError as error:
        found.say(Place(path.as_posix()), f"this link {error}", "put the file itself here")
        return None
    if real.is_relative_to(found.root) and real.exists() and not real.is_symlink():
        return real
    if path.suffix.lower() in SUFFIXES or real.is_dir():
        why = "leads out of the project" if not real.is_relative_to(found.root) else "leads nowhere"
        found.say(Place(path.as_posix()), f"this link {why}", "put the file itself here")
    return None


def _add(found: Found, path: PurePosixPath, real: Path) -> None:
    if real == found.root / PROJECT_FILE:
        return
    if len(found.files) == MOST_FILES:
        found.say(Place(path.as_posix()), f"more than {MOST_FILES:,} files; this and later ones were not read")
    found.files.setdefault(real, path.as_posix())
