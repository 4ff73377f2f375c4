"""
The values of a YAML file in which nothing is unusual, without the place of anything but its documents.

It follows the same events as the thorough reader in `events`, and gives up at whatever that one would say a word
of: an alias, a tag, a key that stands there twice, too much of anything. It never says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, cast

import yaml
from yaml import events as ev

from reconciler.load import scalars
from reconciler.load.characters import IN_TEXT
from reconciler.load.events import DEEPEST, LONGEST_TEXT, MOST_DOCUMENTS, MOST_VALUES, Event, Loader
from reconciler.model.json import Json

# Held as plain objects: both parsers make exactly these classes, and comparing classes keeps the loops fast.
_SCALAR: Final[object] = ev.ScalarEvent
_MAPPING: Final[object] = ev.MappingStartEvent
_MAPPING_END: Final[object] = ev.MappingEndEvent
_LIST: Final[object] = ev.SequenceStartEvent
_LIST_END: Final[object] = ev.SequenceEndEvent
_DOCUMENT: Final[object] = ev.DocumentStartEvent
_STREAM_END: Final[object] = ev.StreamEndEvent
MOST_IN_ONE: Final = 200_000
"""Values in one document. A larger one is read once, with all places: read twice, it would be there twice."""
_MEMO: Final = 20_000
_MERGE: Final = "<<"


class Plain(NamedTuple):
    """One document. Its value begins at `line` and `column`, what belongs to it in the text at the character `at`,
    the beginning of the line `first`; lines and columns are counted from 0."""

    value: Any  # Json; what is kept is read in this form, by a library that cannot follow a type into itself
    line: int
    column: int
    at: int
    first: int


class _UnusualError(Exception):
    """Something that the other reader may have to say something of."""


def plainly(text: str) -> list[Plain] | None:
    """Every document of a text that holds anything; None where the thorough reader has to look at it."""
    loader = Loader(text)
    try:
        return _Stream(cast(Callable[[], Event], loader.get_event)).documents()
    except (_UnusualError, yaml.YAMLError):
        return None
    finally:
        loader.dispose()


class _Stream:
    """One pass over the events of one text. `words`: what plain words mean, `names`: those that are keys."""

    __slots__ = ("left", "names", "next", "words")

    def __init__(self, next_event: Callable[[], Event]) -> None:
        self.next = next_event
        self.left = MOST_VALUES
        self.words: dict[str, Json] = {}
        self.names: dict[str, str] = {}

    def documents(self) -> list[Plain]:
        found: list[Plain] = []
        count = 0
        while type(start := self.next()) is not _STREAM_END:
            if type(start) is not _DOCUMENT:
                continue
            count += 1
            if start.version or start.tags or count > MOST_DOCUMENTS:
                raise _UnusualError
            left, self.left = self.left, min(self.left, MOST_IN_ONE)
            left -= self.left
            event, mark = self.next(), start.start_mark
            value = self.scalar(event) if type(event) is _SCALAR else self.container(event, DEEPEST)
            self.count(1)
            self.left += left
            if value is not None:
                line, column = event.start_mark.line, event.start_mark.column
                found.append(Plain(value, line, column, mark.index - mark.column, mark.line))
        return found

    def count(self, values: int) -> None:
        self.left -= values
        if self.left < 0:
            raise _UnusualError

    def container(self, event: Event, deeper: int) -> Json:
        kind = type(event)
        if (kind is not _MAPPING and kind is not _LIST) or event.tag is not None or event.anchor is not None:
            raise _UnusualError
        if not deeper:
            raise _UnusualError
        return self.mapping(deeper - 1) if kind is _MAPPING else self.list(deeper - 1)

    def mapping(self, deeper: int) -> Json:
        fields: dict[str, Json] = {}
        following, names = self.next, self.names
        while type(event := following()) is _SCALAR:
            if event.tag is not None or event.anchor is not None:
                raise _UnusualError
            name = None if event.style else names.get(event.value)
            if name is None:
                name = self.name(event)
            if name in fields:
                raise _UnusualError
            event = following()
            fields[name] = self.scalar(event) if type(event) is _SCALAR else self.container(event, deeper)
            self.left -= 2
            if self.left < 0:
                raise _UnusualError
        if type(event) is not _MAPPING_END:
            raise _UnusualError
        return fields

    def list(self, deeper: int) -> Json:
        items: list[Json] = []
        following = self.next
        while type(event := following()) is not _LIST_END:
            items.append(self.scalar(event) if type(event) is _SCALAR else self.container(event, deeper))
            self.count(1)
        return items

    def name(self, event: Event) -> str:
        """What is a key. A plain word that is one is remembered, so that all keys of a name are one object."""
        value = self.scalar(event)
        if not isinstance(value, str) or (value == _MERGE and not event.style):
            raise _UnusualError
        if not event.style and len(self.names) < _MEMO:
            self.names[value] = value
        return value

    def scalar(self, event: Event) -> Json:
        if event.tag is not None or event.anchor is not None:
            raise _UnusualError
        word = event.value
        if not event.style:
            return self.words[word] if word in self.words else self.plain(word)
        if len(word) > LONGEST_TEXT or (event.style == '"' and IN_TEXT.search(word)):
            raise _UnusualError
        return word

    def plain(self, word: str) -> Json:
        if len(word) > LONGEST_TEXT:
            raise _UnusualError
        try:
            value: Json = scalars.plain(word)
        except ValueError:
            raise _UnusualError from None
        if len(self.words) < _MEMO:
            self.words[word] = value
        return value
