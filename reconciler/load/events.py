"""
Our own YAML reader on libyaml's events: JSON values and the place of everything, YAML 1.2 core words only.

Reading the events is the only point at which depth, aliases and duplicate keys can be seen at all: a tree built by
the library has forgotten the second key, and has followed the alias. Nothing here recurses deeper than DEEPEST.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Final, Protocol, cast

import yaml
from yaml import events as ev

from reconciler.load import scalars, syntax
from reconciler.load.characters import IN_TEXT, decode, hidden, visible
from reconciler.load.positions import Marks, Positions, pack
from reconciler.model.json import Json
from reconciler.model.place import Place, Problem
from reconciler.model.record import Record

DEEPEST: Final = 64
LONGEST_TEXT: Final = 1 << 20  # characters of one scalar
LARGEST_FILE: Final = 16 << 20  # bytes
MOST_VALUES: Final = 500_000  # of one file
MOST_DOCUMENTS: Final = 50_000  # of one file
MOST_PROBLEMS: Final = 100  # of one file
_MEMO: Final = 20_000
_OPENING: Final = ("apiVersion", "kind", "metadata", "spec")
"""The keys a manifest consists of. All of them a second time: that is another document."""

Loader: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
LIBRARY: Final = f"{yaml.__version__} {Loader.__name__}"
"""What reads the events: another one may read them otherwise."""

# Held as plain objects: both parsers make exactly these classes, and comparing classes keeps the loop fast.
_SCALAR: Final[object] = ev.ScalarEvent
_ALIAS: Final[object] = ev.AliasEvent
_MAPPING: Final[object] = ev.MappingStartEvent
_MAPPING_END: Final[object] = ev.MappingEndEvent
_LIST_END: Final[object] = ev.SequenceEndEvent
_DOCUMENT: Final[object] = ev.DocumentStartEvent
_STREAM_END: Final[object] = ev.StreamEndEvent


class Parsed(Record, frozen=True):
    """One YAML document. `sound` False: something in it could not be read, so its value must not be believed.
    `dollars` False: no text in it holds a `$`, with which all our words begin that may stand anywhere. `accepted`:
    whose schemas are known to accept it, if they are its own."""

    value: Json
    positions: Positions
    sound: bool = True
    dollars: bool = True
    accepted: frozenset[str] = frozenset()


class Reading(Record, frozen=True):
    """All documents of a file. `complete` False: the reading broke off, so there may be more of them."""

    file: str
    documents: tuple[Parsed, ...] = ()
    problems: tuple[Problem, ...] = ()
    complete: bool = True


def read(data: bytes, file: str) -> Reading:
    """Every document of a file, whatever is wrong with some of it. `file` is the name that places carry."""
    if len(data) > LARGEST_FILE:
        text: str | Problem = Problem(
            Place(file), f"larger than {LARGEST_FILE >> 20} MiB", "split it", rule="size"
        )
    else:
        text = decode(data, file)
    if isinstance(text, Problem):
        return Reading(file, problems=(text,), complete=False)
    return _Stream(text, file).read()


class _Mark(Protocol):
    index: int
    line: int
    column: int


class Event(Protocol):
    """The attributes that the kinds of events have, each kind some of them."""

    start_mark: _Mark
    value: str
    style: str | None
    tag: str | None
    anchor: str | None
    version: tuple[int, int] | None
    tags: Mapping[str, str] | None


class _StopError(Exception):
    """No use in reading on."""


class _Stream:
    """One pass over the events of one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.problems: list[Problem] = []
        self.documents: list[Parsed] = []
        self.sound = self.whole = True
        self.depth = self.values = 0
        self.again: list[tuple[str, Problem]] = []
        self.memo: dict[str, Json] = {}
        self.loader = Loader(text)
        # The stubs say that there may be no event and no mark; a text parsed from memory always has both.
        self.next = cast(Callable[[], Event], self.loader.get_event)

    def read(self) -> Reading:
        complete = True
        try:
            while type(event := self.next()) is not _STREAM_END:
                if type(event) is _DOCUMENT:
                    self._document(event)
        except yaml.YAMLError as error:
            complete = False
            self.problems += [syntax.problem(error, self.text, self.file), *(problem for _, problem in self.again)]
        except _StopError:
            complete = False
        finally:
            self.loader.dispose()
        return Reading(self.file, tuple(self.documents), tuple(self.problems), complete and self.whole)

    def _document(self, start: Event) -> None:
        if (start.version and tuple(start.version) != (1, 2)) or start.tags:
            self._say(start, "directives are not read; every file is YAML 1.2", "remove the % line", rule="yaml")
        self.sound, self.depth = True, 0
        if len(self.documents) == MOST_DOCUMENTS:
            self._say(start, f"more than {MOST_DOCUMENTS:,} documents in one file", "split it", rule="size")
            raise _StopError
        event = self.next()
        self.again = []
        value, marks = self._node(event)
        self._repeated()
        if value is not None or not self.sound:
            self.documents.append(Parsed(value, Positions(self.file, self._place(event), marks), self.sound))

    def _repeated(self) -> None:
        """Keys of the document itself that stand there again: each is a problem, but those of a whole further
        document are one, for a forgotten line between the two."""
        rounds: dict[int, dict[str, Problem]] = {}
        repeated, self.again = self.again, []
        for key, problem in repeated:
            nth = next(n for n in itertools.count() if key not in rounds.get(n, ()))
            rounds.setdefault(nth, {})[key] = problem
        for found in rounds.values():
            further = found.keys() >= set(_OPENING)
            if further:
                place = min(found[key].place for key in _OPENING)
                text, hint = "a second document begins here", f"is a line `---` missing before line {place.line}?"
                self._report(Problem(place, text, hint, rule="duplicate-key"))
                self.whole = False  # its address is not known, and others may refer to it
            for key, problem in found.items():
                if not (further and key in _OPENING):
                    self._report(problem)

    def _node(self, event: Event) -> tuple[Json, Marks | None]:
        self.values += 1
        if self.values > MOST_VALUES:
            self._say(event, f"more than {MOST_VALUES:,} values in one file", "split it", rule="size")
            raise _StopError
        if type(event) is _SCALAR:
            return self._scalar(event), None
        if type(event) is _ALIAS:
            self._spoil(event, f"aliases (`*{event.anchor}`) are not read", "write the value out", rule="alias")
            return None, None
        return self._container(event)

    def _container(self, event: Event) -> tuple[Json, Marks | None]:
        if event.tag is not None or event.anchor is not None:
            self._decorated(event)
        self.depth += 1
        if self.depth > DEEPEST:
            self._say(event, f"more than {DEEPEST} levels deep; the rest of the file was not read", rule="depth")
            raise _StopError
        node = self._mapping() if type(event) is _MAPPING else self._list()
        self.depth -= 1
        return node

    def _list(self) -> tuple[Json, Marks | None]:
        items: list[Json] = []
        at: list[int] = []
        below: dict[str | int, Marks] = {}
        while type(event := self.next()) is not _LIST_END:
            mark = event.start_mark
            at.append(pack(mark.line, mark.column, mark.line, mark.column))
            value, marks = self._node(event)
            if marks is not None:
                below[len(items)] = marks
            items.append(value)
        return items, Marks(at, below) if at else None

    def _mapping(self) -> tuple[Json, Marks | None]:
        fields: dict[str, Json] = {}
        at: dict[str | int, int] = {}
        below: dict[str | int, Marks] = {}
        while type(event := self.next()) is not _MAPPING_END:
            key, mark = self._key(event, at), event.start_mark
            value_event = self.next()
            value, marks = self._node(value_event)
            if key is not None:
                to = value_event.start_mark
                at[key] = pack(mark.line, mark.column, to.line, to.column)
                fields[key] = value
                if marks is not None:
                    below[key] = marks
        return fields, Marks(at, below) if at else None

    def _key(self, event: Event, at: Mapping[str | int, int]) -> str | None:
        """The key's text, or None (and a problem) where it cannot be one."""
        key = self._node(event)[0]
        if type(event) is not _SCALAR:
            self._spoil(event, "a list, mapping or alias cannot be a key", rule="key")
        elif not isinstance(key, str):
            self._spoil(event, f"the key {event.value[:60] or 'null'} is not text", "quote it", rule="key")
        elif key == "<<" and not event.style:
            self._spoil(event, "merge keys (`<<`) are not read", "write the fields out", rule="merge")
        elif key in at:
            first = Positions(self.file, Place(self.file), Marks(at)).key((key,))
            text = visible(f"'{key[:60]}' stands here a second time; the first is at {first}")
            problem = Problem(self._place(event), text, rule="duplicate-key")
            if self.depth == 1:
                self.again.append((key, problem))
                if len(self.again) == MOST_PROBLEMS * len(_OPENING):
                    self._repeated()  # which are too many, however they are counted
            else:
                self._report(problem)
        else:
            return key
        return None

    def _scalar(self, event: Event) -> Json:
        word = event.value
        if event.tag is not None or event.anchor is not None:
            self._decorated(event)
        if len(word) > LONGEST_TEXT:
            self._spoil(event, f"a text of more than {LONGEST_TEXT >> 20} MiB", rule="size")
            return None
        if not event.style:
            return self.memo[word] if word in self.memo else self._plain(event, word)
        if event.style == '"' and (found := IN_TEXT.search(word)):
            self._spoil(event, hidden(found.group()), "remove it", rule="hidden-character")
        return word

    def _plain(self, event: Event, word: str) -> Json:
        try:
            value: Json = scalars.plain(word)
        except ValueError as error:
            self._spoil(event, str(error), "quote it if it is meant as text", rule="number")
            return None
        if len(self.memo) < _MEMO:
            self.memo[word] = value
        return value

    def _decorated(self, event: Event) -> None:
        """Anchors and tags are refused wherever they stand."""
        if event.anchor is not None:
            self._spoil(event, "anchors (`&…`) are not read", "write the value out where it is used", rule="alias")
        if event.tag is not None:
            shown = event.tag.replace("tag:yaml.org,2002:", "!!")[:60]
            self._spoil(event, f"tags (`{shown}`) are not read", "quote a text that begins with `!`", rule="tag")

    def _spoil(self, event: Event, message: str, hint: str = "", *, rule: str) -> None:
        self.sound = False
        self._say(event, message, hint, rule=rule)

    def _say(self, event: Event, message: str, hint: str = "", *, rule: str) -> None:
        self._report(Problem(self._place(event), visible(message), visible(hint), rule=rule))

    def _report(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) == MOST_PROBLEMS:
            text = f"{MOST_PROBLEMS} problems in one file; the rest of it was not read"
            self.problems.append(Problem(problem.place, text, rule="size"))
            raise _StopError

    def _place(self, event: Event) -> Place:
        return Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
