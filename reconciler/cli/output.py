"""What goes to the terminal, a file or a pipe: width and colour are decided here, and here only."""

from __future__ import annotations

import errno
import os
import re
import sys
from typing import TYPE_CHECKING

from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from pathlib import Path
    from typing import TextIO

    from reconciler.report.style import Style

NARROWEST, WIDEST = 40, 160
_QUOTED = re.compile(r"`[^`]+`[^ ]*")
_GLUE = "\u00a0"
"""A blank that no row ends at."""
_OUT_OF = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG, errno.EMFILE, errno.ENFILE)
"""This machine lacks something; other words would not help."""


def style(stream: TextIO | None = None) -> Style:
    """The terminal's width, else 80 columns; colour only on a terminal that wants it."""
    from reconciler.report.style import Style

    out = stream or sys.stdout
    if out is None or not out.isatty():
        return Style()
    import shutil

    columns = shutil.get_terminal_size((80, 24)).columns
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") not in ("", "dumb")
    return Style(min(max(columns, NARROWEST), WIDEST), colour)


def fitting(text: str, stream: TextIO | None = None, *, hang: int = 2) -> str:
    """Safe text with each line wrapped to the width of where it goes, `hang` columns further in than it begins. A
    command in backquotes stays in one row if it fits into one, so that it can be copied."""
    from reconciler.report.style import Sheet

    look = style(stream)
    sheet = Sheet(look)
    for line in text.rstrip("\n").split("\n"):
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        sheet.line(_glued(bare, look.width - indent - hang), indent=indent, hang=hang)
    return sheet.text().replace(_GLUE, " ") or "\n"


def _glued(line: str, room: int) -> str:
    return _QUOTED.sub(lambda q: q[0].replace(" ", _GLUE) if len(q[0]) <= room else q[0], line)


def say(text: str, stream: TextIO | None = None) -> None:
    """Write text; what nobody reads any more is dropped, so that the exit code stays the command's own."""
    out = stream or sys.stdout
    if out is None:  # closed by whoever started us
        return
    try:
        out.write(text)
        out.flush()
    except OSError as error:
        # What is left in the buffer must not fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        if not isinstance(error, BrokenPipeError):
            raise


def tolerant() -> None:
    """A terminal that cannot show a character shows its number; a write never fails over that."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")


def checked_place(path: Path | None) -> None:
    """Raises UsageWrong, before anything is read, if a file could not be written there."""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise UsageWrong(f"{path} cannot be written", hint="name a file in a folder that exists")


def save(path: Path, text: str, *, private: bool = False) -> None:
    """Write a file whole or not at all; it is there to stay when this returns. `private`: for its owner alone.
    Raises UsageWrong; OSError where the disk is full or this machine fails otherwise."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        beside.touch(0o600 if private else 0o666)
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        beside.unlink(missing_ok=True)
        if error.errno in _OUT_OF:
            raise
        raise UsageWrong(f"{path} cannot be written: {error.strerror}") from error


def sync_folder(folder: Path) -> None:
    """Make new names in a folder survive a power loss. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
