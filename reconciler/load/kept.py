"""
What the manifests of a project held when they were last read, in the user's own cache folder: parsing is most of
what a plan without changes takes, and most files are as they were.

It is JSON under a sum, by the digest of each file's bytes. Whatever is odd about it (it is not ours alone, it does
not add up, another version wrote it, the disk is full) makes the next reading slower, and never wrong: there is no
error it could raise. It never lies in the project, where somebody else's change could bring one along.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Final

import msgspec

from reconciler.load.events import LIBRARY
from reconciler.load.files import SourceFile
from reconciler.load.plainly import Plain
from reconciler.load.private_folder import PrivateFolder
from reconciler.model.record import Record, field
from reconciler.version import __version__

EDITION: Final = 3
"""Another one for every change in what the quick reader takes, or makes of it; and in what a schema's words are
taken to mean (`accept`, `words`, `formats`)."""
VARIABLE: Final = "RECONCILER_CACHE"
OFF: Final = "off"
LEAST: Final = 100_000  # bytes of all manifests; fewer are read as quickly without
LARGEST: Final = 128 << 20  # bytes
MOST_PROJECTS: Final = 40
_PLAIN: Final = msgspec.json.Decoder(list[Plain])


def kept(root: Path, environ: Mapping[str, str]) -> Kept | None:
    """What is kept for a project; None where the operator wants nothing kept, or there is no place for it."""
    folder = _folder(environ)
    home = Path(os.path.realpath(root))
    if os.name != "posix" or folder is None or Path(os.path.realpath(folder)).is_relative_to(home):
        return None
    return Kept(PrivateFolder(folder), hashlib.sha256(os.fsencode(home)).hexdigest()[:32] + ".manifests")


def _folder(environ: Mapping[str, str]) -> Path | None:
    said = environ.get(VARIABLE, "")
    if said:
        return Path(said) if said != OFF and Path(said).is_absolute() else None
    base, home = environ.get("XDG_CACHE_HOME", ""), environ.get("HOME", "")
    if Path(base).is_absolute():
        return Path(base) / "reconciler"
    return Path(home) / ".cache" / "reconciler" if Path(home).is_absolute() else None


def reader() -> str:
    """What reads files as this program does, and no other."""
    parts = [__version__, str(EDITION), LIBRARY]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


class Kept(Record):
    """One project's. `lines`: as they were found, by the digest of a file's bytes: what its documents were
    accepted by, and the documents; `used`: those that a reading wanted, with what it had to read anew."""

    folder: PrivateFolder
    name: str
    lines: dict[bytes, bytes] | None = None
    used: dict[bytes, bytes] = field(default_factory=dict)

    def documents(self, sha256: str) -> list[Plain] | None:
        """What a file with this digest holds, if that is known."""
        if self.lines is None:
            self.lines = _lines(self.folder.read(self.name, LARGEST))
        at = sha256.encode()
        line = self.lines.get(at)
        found = None if line is None else _plain(line.partition(b" ")[2])
        if line is not None and found is not None:
            self.used[at] = line
        return found

    def keep(self, sha256: str, documents: Sequence[Plain]) -> None:
        """Remember what a file holds, as the quick reader said."""
        try:
            text = json.dumps(documents, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            self.used[sha256.encode()] = b" " + text.encode()
        except ValueError:  # half a character, which has no bytes
            return

    def accepted(self, sha256: str) -> frozenset[str]:
        """Whose schemas (`Straight.judged`) accepted every document of such a file that is of their kind."""
        said = self.used.get(sha256.encode(), b"").partition(b" ")[0].decode()
        return frozenset(said.split(",")) if said else frozenset()

    def accept(self, sha256: str, judges: Set[str]) -> None:
        """Remember that, as of now."""
        at = sha256.encode()
        if at in self.used and judges != self.accepted(sha256):
            self.used[at] = ",".join(sorted(judges)).encode() + b" " + self.used[at].partition(b" ")[2]

    def worth(self, sources: Sequence[SourceFile]) -> bool:
        """Whether there is so much in all manifests that it is read more quickly from here."""
        return sum(len(one.data) for one in sources) >= LEAST

    def close(self, *, worth: bool = True) -> None:
        """Write what was used, if that is not what was found, and worth it; and forget it."""
        if worth and (self.lines is None or self.lines != self.used):
            body = b"".join(b"%b %b\n" % (at, line) for at, line in self.used.items())
            if len(body) < LARGEST - 200:
                self.folder.write(self.name, _head(body) + body, MOST_PROJECTS)
        self.lines = None
        self.used.clear()


def _head(body: bytes) -> bytes:
    """The reader, and a sum over all that follows and over the reader itself."""
    who = reader()
    return f"{who} {hashlib.sha256(who.encode() + body).hexdigest()}\n".encode()


def _lines(whole: bytes | None) -> dict[bytes, bytes]:
    """The line of each file; none where the sum is not right, or another reader wrote them."""
    head, _, body = (whole or b"").partition(b"\n")
    if not whole or head + b"\n" != _head(body):
        return {}
    parts = (line.partition(b" ") for line in body.split(b"\n") if line)
    return {at: line for at, _, line in parts}


def _plain(line: bytes) -> list[Plain] | None:
    try:
        return _PLAIN.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
