"""Which of the last documents of a file a problem is about, and which of its fields."""

from __future__ import annotations

from reconciler.load.blame import blame
from reconciler.model.place import Place, Problem

FILE = b"""spec: {a: 1}
---
spec: {a: 1, b: [1,
  2]}
---
kind: x
spec:
  a: 1
  b:
    c: 2
"""


def about(*places: tuple[int, int], last: int, file: str = "f.yaml") -> list[tuple[int, str | None]]:
    problems = [Problem(Place(file, *place), "wrong") for place in places]
    return [(one.document, one.field) for one in blame(FILE, "f.yaml", problems, last)]


def test_the_field_before_the_place() -> None:
    assert about((1, 8), (3, 8), (3, 14), (4, 3), (8, 3), (10, 8), last=3) == [
        (0, "a"),
        (1, "a"),
        (1, "b"),
        (1, "b"),
        (2, "a"),
        (2, "b"),
    ]


def test_what_stands_before_any_field() -> None:
    assert about((6, 1), (7, 1), last=1) == [(0, None), (0, None)]


def test_documents_of_others_are_passed_over() -> None:
    assert about((1, 8), (3, 8), (8, 3), last=1) == [(0, "a")]


def test_so_are_other_files() -> None:
    assert about((8, 3), last=1, file="g.yaml") == []
