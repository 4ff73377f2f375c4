"""A manifest file -> its documents: read quickly, and again with the place of everything where that is needed."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from reconciler.load import events
from reconciler.load.characters import decode
from reconciler.load.events import Parsed, Reading
from reconciler.load.files import SourceFile
from reconciler.load.kept import Kept
from reconciler.load.plainly import Plain, plainly
from reconciler.load.positions import Marks, Positions
from reconciler.model.place import Place


def read(source: SourceFile, kept: Kept | None = None) -> Reading:
    """What `events.read` says of a file. Where all of it is ordinary, the places in a document are only promised:
    its part of the file is read again when somebody asks for one of them. `kept`: where such files are
    remembered."""
    data, file = source.data, source.path
    found = kept.documents(source.sha256) if kept else None
    if found is None and (found := ordinary(source)) is not None and kept:
        kept.keep(source.sha256, found)
    if found is None:
        return events.read(data, file)
    accepted = kept.accepted(source.sha256) if kept else frozenset()
    return Reading(file, tuple(promised(data, file, found, accepted)))


def ordinary(source: SourceFile) -> list[Plain] | None:
    """The documents of a file in which nothing is unusual; None of any other."""
    text = decode(source.data, source.path) if len(source.data) <= events.LARGEST_FILE else None
    return plainly(text) if isinstance(text, str) else None


def promised(
    data: bytes, file: str, documents: Sequence[Plain], accepted: frozenset[str] = frozenset()
) -> Iterator[Parsed]:
    """Documents as `ordinary` gave them for these bytes, now or at an earlier time. `accepted`: as of each of
    them."""
    source = Again(data, file, documents)
    dollars = b"$" in data or b"\\" in data  # there is none that is not written, or written as an escape
    for nth, one in enumerate(documents):
        place = Place(file, one.line + 1, one.column + 1)
        yield Parsed(one.value, Positions(file, place, source, nth), dollars=dollars, accepted=accepted)


class Again:
    """The bytes of an ordinary file, and where each of its documents begins: the character, and its line."""

    __slots__ = ("_at", "_first", "_text", "file")

    def __init__(self, data: bytes, file: str, documents: Iterable[Plain]) -> None:
        self.file = file
        self._text: bytes | str = data
        self._at = array("l", (one.at for one in documents))
        self._first = array("l", (one.first for one in documents))

    def marks(self, nth: int) -> Marks | None:
        """Where everything of one document stands."""
        begin, lines = self._at[nth], self._first[nth]
        end = self._at[nth + 1] if nth + 1 < len(self._at) else None
        part = events.read(self._whole()[begin:end].encode(), self.file).documents
        marks = part[0].positions.marks if part else None
        return marks.lower(lines) if marks else None

    def _whole(self) -> str:
        if isinstance(self._text, bytes):
            self._text = self._text.decode().removeprefix("\ufeff")
        return self._text
