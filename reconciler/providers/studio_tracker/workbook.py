"""Rows of a plan as a workbook for the bulk import, inside the multipart body that carries it. Pure: the same rows
give the same bytes, whenever and wherever they are written (ST-R46)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from reconciler.model.call import Content, Request
from reconciler.model.catalog import Fetch
from reconciler.model.json import Json

if TYPE_CHECKING:
    from openpyxl import Workbook

MEDIA: Final = "workbook"
SHEET: Final = "Job Tracker "
"""With the blank: that is how the tracker's own sheet is called."""
# fmt: off
HEADERS: Final = (
    "Owner", "Risk", "Number", "Team", "Status", "Project Category", "Project Name", "Brief Acceptance Date",
    "External Deadline", "# of outputs", "Status Details",
)
# fmt: on
DATES: Final = ("Brief Acceptance Date", "External Deadline")
FILLER: Final = "row 2 is skipped"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BEGINNING: Final = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def encode(request: Request, fetch: Fetch) -> Content:  # noqa: ARG001 - the codec's shape
    """`{"rows": […]}` as a workbook, all else as JSON. Raises ValueError for a body of another shape."""
    if request.media != MEDIA:
        return Content("application/json", json.dumps(request.body, allow_nan=False).encode())
    rows = request.body.get("rows") if isinstance(request.body, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("a workbook is a list of rows")
    return multipart(workbook([row for row in rows if isinstance(row, dict)]))


def multipart(data: bytes) -> Content:
    """One part named `file`. The boundary is made of what it encloses: the same bytes, the same body."""
    boundary = "reconciler-" + hashlib.sha256(data).hexdigest()
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="projects.xlsx"\r\n'
    return Content(
        f"multipart/form-data; boundary={boundary}",
        b"".join([f"{head}Content-Type: {_XLSX}\r\n\r\n".encode(), data, f"\r\n--{boundary}--\r\n".encode()]),
    )


def workbook(rows: Sequence[Mapping[str, Json]]) -> bytes:
    """One sheet: headers in row 1, filler in row 2, data from row 3."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(SHEET)
    for column, header in enumerate(HEADERS, 1):
        for row, text in ((1, header), (2, FILLER)):
            sheet.cell(row, column, text)
        for row, values in enumerate(rows, 3):
            if header in values:
                _write(sheet.cell(row, column), header, values[header])
    return _packed(book)


def _write(cell: object, header: str, value: Json) -> None:
    """A date as a date, a count as a number, anything else as text, be it a formula to whoever reads it."""
    from openpyxl.cell.cell import Cell

    if not isinstance(cell, Cell):
        raise TypeError("not a cell")
    if header in DATES and isinstance(value, str):
        cell.value = datetime.fromisoformat(value).replace(tzinfo=None)
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int) and not isinstance(value, bool):
        cell.value = value
    else:
        cell.value = str(value)
        cell.data_type = "s"


def _packed(book: Workbook) -> bytes:
    """The workbook with fixed times, unpacked, so that no clock and no library version shows in its bytes."""
    from openpyxl.writer.excel import ExcelWriter

    book.properties.creator = "reconciler"
    book.properties.created = book.properties.modified = _BEGINNING
    written, packed = BytesIO(), BytesIO()
    with ZipFile(written, "w") as archive:
        ExcelWriter(book, archive).write_data()
    with ZipFile(written) as archive, ZipFile(packed, "w", ZIP_STORED) as fixed:
        for name in archive.namelist():
            info = ZipInfo(name, date_time=_BEGINNING.timetuple()[:6])
            info.create_system = 0
            fixed.writestr(info, archive.read(name))
    return packed.getvalue()
