"""Where in the files something stands, and what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from reconciler.model.record import Record


class Place(Record, frozen=True, order=True):
    """A position in a file, as people count: the first line and column are 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


SpecPath: TypeAlias = "tuple[str | int, ...]"
"""Steps into a document, e.g. `("spec", "members", 0, "user")`."""

Places: TypeAlias = "Mapping[SpecPath, Place]"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Problem(Record, frozen=True, order=True):
    """A mistake in a file: its place, what is wrong, and a way out."""

    place: Place
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    rule: str = ""

    def __str__(self) -> str:
        head = "warning: " if self.severity is Severity.WARNING else ""
        return f"{self.place}: {head}{self.message}" + (f" ({self.hint})" if self.hint else "")
