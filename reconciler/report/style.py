"""Lines of text: wrapped to a width without losing anything, indented, and coloured where that is wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from reconciler.model.record import Record

if TYPE_CHECKING:
    from rich.style import Style as Paint

NARROWEST = 30


class Style(Record, frozen=True):
    """How text is to look: columns to stay within, and whether to colour. Without colour it says as much."""

    width: int = 80
    colour: bool = False


class Look(StrEnum):
    """What a piece of text is; its colour follows from that."""

    PLAIN = ""
    HEAD = "bold"
    ADD = "green"
    CHANGE = "yellow"
    REMOVE = "red"
    HOLD = "bold magenta"
    QUIET = "dim"


class Piece(Record, frozen=True):
    """A piece of a line. Its text must be safe already."""

    text: str
    look: Look = Look.PLAIN


Part: TypeAlias = "Piece | str"


class Sheet:
    """Collects lines and gives them as one text that ends with a line feed."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._lines: list[str] = []

    def line(self, *parts: Part, indent: int = 0, hang: int = 2) -> None:
        """One line; where it does not fit it goes on below, `hang` columns further in."""
        pieces = [p if isinstance(p, Piece) else Piece(p) for p in parts]
        whole = "".join(p.text for p in pieces)
        room = max(self._style.width - indent, NARROWEST)
        first = True
        for start, end in wrapped(whole, room, max(room - hang, NARROWEST // 2)):
            margin = " " * (indent if first else indent + hang)
            self._lines.append((margin + self._painted(pieces, start, end)).rstrip(" "))
            first = False

    def title(self, text: str) -> None:
        """A heading with an empty line around it."""
        self.gap()
        self.line(Piece(text, Look.HEAD))
        self.gap()

    def gap(self) -> None:
        """An empty line, but never two and none at the top."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def text(self) -> str:
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "\n".join(self._lines) + "\n" if self._lines else ""

    def _painted(self, pieces: Iterable[Piece], start: int, end: int) -> str:
        return "".join(
            _paint(text, look) if self._style.colour and look else text for text, look in _cut(pieces, start, end)
        )


def _cut(pieces: Iterable[Piece], start: int, end: int) -> Iterator[tuple[str, Look]]:
    """What of each piece lies between two offsets of the whole."""
    at = 0
    for piece in pieces:
        text = piece.text[max(start - at, 0) : max(end - at, 0)]
        at += len(piece.text)
        if text:
            yield text, piece.look


_WHOLE = re.compile(r"[\"'(`<]*(https?://|sha256:|/|[0-9a-f]{32})[\x21-\x7e]{0,250}")


def wrapped(text: str, first: int, rest: int) -> Iterator[tuple[int, int]]:
    """Where to cut a line: `(start, end)` of each row. `first` and `rest` are columns of the first and other rows.

    Rows end at blanks. A word too long for a row is cut, unless it is an id or an address that people copy: that
    one sticks out. Every character but the blanks at a cut is in a row.
    """
    start = end = used = 0
    room = first
    for found in re.finditer(r"( *)([^ ]+)", text):
        gap, word = found.span(1), found.span(2)
        left = cells(text[slice(*word)])
        if used and used + (gap[1] - gap[0]) + left > room:
            yield start, end
            start, used, room = word[0], 0, rest
        else:
            used += gap[1] - gap[0]
        at = word[0]
        while used + left > room and not _WHOLE.fullmatch(text, *word):
            at, taken = _fitting(text, at, room - used)
            yield start, at
            start, used, room, left = at, 0, rest, left - taken
        used += left
        end = word[1]
    yield start, len(text) if text.endswith(" ") and not text.strip(" ") else end


def _fitting(text: str, start: int, room: int) -> tuple[int, int]:
    """The end of the longest slice from `start` that fits, at least one character long, and its columns."""
    used = 0
    for at in range(start, len(text)):
        width = cells(text[at])
        if used + width > room and at > start:
            return at, used
        used += width
    return len(text), used


def cells(text: str) -> int:
    """Columns a terminal needs for safe text: two for wide East Asian characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(_cell(c) for c in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _paint(text: str, look: Look) -> str:
    from rich.color import ColorSystem

    return _style(look).render(text, color_system=ColorSystem.STANDARD)


@cache
def _style(look: Look) -> Paint:
    from rich.style import Style as Paint

    return Paint.parse(look.value)
