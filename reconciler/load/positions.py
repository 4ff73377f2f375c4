"""Where every key and item of a YAML document stands: kept as one number each, a `Place` only when asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from reconciler.model.place import Place, SpecPath
from reconciler.model.record import Record, field

_BITS: Final = 26  # lines and columns of a file of at most 16 MiB
_MASK: Final = (1 << _BITS) - 1


def pack(key_line: int, key_column: int, line: int, column: int) -> int:
    """Four positions, counted from 0, in one number."""
    return ((key_line << _BITS | key_column) << _BITS | line) << _BITS | column


class Marks(Record, frozen=True):
    """The positions of one mapping's or list's children, and the marks of those that have children themselves."""

    at: Mapping[str | int, int] | Sequence[int]
    below: Mapping[str | int, Marks] = field(default_factory=dict)

    def find(self, step: str | int) -> int | None:
        if isinstance(self.at, Mapping):
            return self.at.get(step)
        return self.at[step] if isinstance(step, int) and 0 <= step < len(self.at) else None

    def steps(self) -> Iterable[str | int]:
        return self.at if isinstance(self.at, Mapping) else range(len(self.at))

    def lower(self, lines: int) -> Marks:
        """The same, so many lines further down; these very ones where that is none: they may be large."""
        if not lines:
            return self
        more = pack(lines, 0, lines, 0)
        below = {step: marks.lower(lines) for step, marks in self.below.items()}
        if isinstance(self.at, Mapping):
            return Marks({step: packed + more for step, packed in self.at.items()}, below)
        return Marks([packed + more for packed in self.at], below)


class Source(Protocol):
    """What is read a second time where somebody asks for a place in it: the marks of its `nth` document."""

    def marks(self, nth: int) -> Marks | None: ...


class Positions(Mapping[SpecPath, Place]):
    """Place of every value of a document, by its path; `key` gives the place of the name before it. Instead of
    its marks it can be given who tells them, and the number of the document there."""

    __slots__ = ("_marks", "_nth", "file", "start")

    def __init__(self, file: str, start: Place, marks: Marks | Source | None, nth: int = 0) -> None:
        self.file = file
        self.start = start
        self._marks = marks
        self._nth = nth

    @property
    def marks(self) -> Marks | None:
        """All of them, read when somebody first asks."""
        if self._marks is not None and not isinstance(self._marks, Marks):
            self._marks = self._marks.marks(self._nth)
        return self._marks

    def __getitem__(self, path: SpecPath) -> Place:
        packed = self._packed(path)
        return Place(self.file, (packed >> _BITS & _MASK) + 1, (packed & _MASK) + 1)

    def key(self, path: SpecPath) -> Place:
        """Where the key stands (for a list item: the item). Where it is not there: the key of the nearest ancestor
        that is, else the start of the document."""
        for length in range(len(path), 0, -1):
            if path[:length] in self:
                packed = self._packed(path[:length]) >> 2 * _BITS
                return Place(self.file, (packed >> _BITS & _MASK) + 1, (packed & _MASK) + 1)
        return self.start

    def nearest(self, path: SpecPath) -> Place:
        """Where the value stands; where there is none, the key of its nearest ancestor."""
        return self[path] if path in self else self.key(path)

    def inside(self, path: SpecPath, under: str = "", alone: str = "") -> Positions:
        """Those of the value at a path as of a document of its own; with `under`, one in which it stands under
        that key; with `alone`, one in which it is the one value, under this key. Raises KeyError where there is no
        such value."""
        packed, marks = self._packed(path), self.marks
        for step in path:
            marks = marks.below.get(step) if marks else None
        if alone:
            marks = Marks({alone: packed})
        if under:
            marks = Marks({under: packed}, {under: marks} if marks else {})
        return Positions(self.file, self[path], marks)

    def spread(self, path: SpecPath, key: str, value: str) -> Positions:
        """The same, with the mapping at a path taken for a list of entries: `key` stands where a name of it does,
        `value` where what belongs to the name does."""
        return Positions(self.file, self.start, _spread(self.marks, path, (key, value)))

    def _packed(self, path: SpecPath) -> int:
        marks = self.marks
        for step in path[:-1]:
            marks = marks.below.get(step) if marks else None
        packed = marks.find(path[-1]) if marks and path else None
        if packed is None:
            raise KeyError(path)
        return packed

    def __iter__(self) -> Iterator[SpecPath]:
        return _paths(self.marks, ())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _spread(marks: Marks | None, path: SpecPath, names: tuple[str, str]) -> Marks | None:
    if marks is None:
        return None
    if path:
        others = {s: m for s, m in marks.below.items() if s != path[0]}
        inner = _spread(marks.below.get(path[0]), path[1:], names)
        return Marks(marks.at, {**others, path[0]: inner} if inner else others)
    at_names: list[int] = []
    entries: dict[str | int, Marks] = {}
    for i, step in enumerate(marks.steps()):
        packed = marks.find(step) or 0
        name = packed >> 2 * _BITS
        at_names.append(name << 2 * _BITS | name)
        below = marks.below.get(step)
        entries[i] = Marks({names[0]: at_names[-1], names[1]: packed}, {names[1]: below} if below else {})
    return Marks(at_names, entries)


def _paths(marks: Marks | None, above: SpecPath) -> Iterator[SpecPath]:
    for step in marks.steps() if marks else ():
        yield (*above, step)
        yield from _paths(marks.below.get(step) if marks else None, (*above, step))
