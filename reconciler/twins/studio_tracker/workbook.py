"""An uploaded workbook as rows of cells under the importer's columns. Owns openpyxl."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TypeAlias

from reconciler.twins.core.values import Refused

SHEET = "job tracker"
HEADER_ROWS = 5
# Patterns in the order in which they choose: each takes the leftmost header not yet taken that contains it.
COLUMNS = (
    "creative team member",
    "brief acceptance date",
    "external deadline",
    "status details",
    "project category",
    "project name",
    "# of outputs",
    "number",
    "owner",
    "risk",
    "team",
    "status",
)

Cell: TypeAlias = object
Cells: TypeAlias = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row with something in it. `number` is the sheet's, `place` its place among the counted ones, both from 1.

    `cells` maps the columns that the sheet has to what stands there: text, number, date, None …
    """

    number: int
    place: int
    cells: Mapping[str, Cell]


def counted_rows(content: bytes, skips_second: bool) -> list[SheetRow]:
    """The rows of data, in their order: below the header, without the example row and blank ones.

    The example is the row below the header, or with `skips_second` row 2 of the sheet (ST-P18). Raises Refused.
    """
    sheet = _sheet(content)
    at = _header_row(sheet)
    columns = _columns(sheet[at])
    example = 1 if skips_second else at + 1
    found = [(i, _mapped(columns, row)) for i, row in enumerate(sheet) if i > at and i != example]
    filled = [(i, cells) for i, cells in found if not all(map(is_blank, cells.values()))]
    return [SheetRow(i + 1, place, cells) for place, (i, cells) in enumerate(filled, start=1)]


def is_blank(cell: Cell) -> bool:
    """Is there nothing to see in this cell?"""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _sheet(content: bytes) -> list[Cells]:
    """All rows of the importer's sheet. Raises Refused."""
    return _readable(lambda: _rows_of_sheet(content))


def _readable(read: Callable[[], list[Cells] | None]) -> list[Cells]:
    try:
        rows = read()
    except Exception as error:  # openpyxl raises whatever the broken file makes it stumble over
        raise Refused(400, "Invalid XLSX file") from error
    if rows is None:
        raise Refused(400, 'Sheet "Job Tracker" not found')
    return rows


def _rows_of_sheet(content: bytes) -> list[Cells] | None:
    """None if there is no such sheet. Raises anything for what is no workbook."""
    from openpyxl import load_workbook

    # It warns about parts of a file that say nothing about cells, such as missing styles.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(BytesIO(content), read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            if (sheet.title or "").strip().lower() == SHEET:
                # What a file says about its own size need not be true.
                sheet.reset_dimensions()
                return list(sheet.iter_rows(values_only=True))
    return None


def _header_row(sheet: Sequence[Cells]) -> int:
    for i, row in enumerate(sheet[:HEADER_ROWS]):
        headers = [_header(cell) for cell in row]
        if any("number" in header for header in headers) and any("project name" in header for header in headers):
            return i
    raise Refused(400, "Header row not found")


def _header(cell: Cell) -> str:
    return " ".join(cell.split()).lower() if isinstance(cell, str) else ""


def _columns(headers: Cells) -> dict[str, int]:
    texts = [_header(cell) for cell in headers]
    chosen: dict[str, int] = {}
    for pattern in COLUMNS:
        for i, text in enumerate(texts):
            if pattern in text and i not in chosen.values():
                chosen[pattern] = i
                break
    return chosen


def _mapped(columns: Mapping[str, int], row: Cells) -> dict[str, Cell]:
    return {pattern: row[i] if i < len(row) else None for pattern, i in columns.items()}
