"""What one row of a workbook says about a job, and what is wrong with it (ST-R44, ST-P17)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeAlias

from reconciler.twins.core.clock import instant, parse_instant
from reconciler.twins.studio_tracker.workbook import Cell, is_blank

STATUSES: Mapping[str, str] = {
    "brief in review": "PIPELINE",
    "amends": "ACTIVE",
    "in production": "ACTIVE",
    "client review": "ACTIVE",
    "on hold": "ON_HOLD",
}
PRIORITIES: Mapping[str, str] = {"low": "LOW", "medium": "MEDIUM", "high": "HIGH", "priority": "URGENT"}
# Far beyond any job of people: a slip of the hand must not make a server busy for an hour.
MOST_OUTPUTS = 10_000


@dataclass(frozen=True, slots=True)
class JobRow:
    """One row, read. `values` are a project's fields by the record's names, filled cells only.

    `faults` spoil the row; `remarks` are told like them, but spoil nothing.
    """

    number: str
    values: Mapping[str, str]
    team: str
    outputs: int
    faults: tuple[str, ...]
    remarks: tuple[str, ...]


class _Wrong(ValueError):
    """A cell holds something else than it should."""


Parse: TypeAlias = Callable[[Cell], str]


def read_row(cells: Mapping[str, Cell], only_text_numbers: bool) -> JobRow:
    """Read one row, every fault at once. With `only_text_numbers` a job number in a number cell is a fault."""
    faults: list[str] = []

    def parsed(column: str, name: str, parse: Parse, needed: bool = False) -> str:
        cell = cells.get(column)
        if is_blank(cell) and not needed:
            return ""
        try:
            return parse(cell)
        except _Wrong:
            faults.append(f"{name}: Invalid input")
            return ""

    number = parsed("number", "omgNumber", _text_number if only_text_numbers else _job_number, needed=True)
    values = {
        "name": parsed("project name", "projectName", _name, needed=True),
        "status": parsed("status", "status", lambda cell: _word(cell, STATUSES)),
        "priority": parsed("risk", "priority", lambda cell: _word(cell, PRIORITIES)),
        "start_date": parsed("brief acceptance date", "briefAcceptanceDate", _midnight),
        "due_date": parsed("external deadline", "externalDeadline", _midnight),
        "business_unit": _free(cells.get("project category")),
        "requestor": _free(cells.get("owner")),
        "description": _free(cells.get("status details")),
    }
    outputs = parsed("# of outputs", "outputs", _count)
    creative = cells.get("creative team member")
    return JobRow(
        number,
        {name: value for name, value in values.items() if value},
        _free(cells.get("team")),
        int(outputs or 0),
        tuple(faults),
        () if is_blank(creative) else ("creativeTeamMember: not persisted",),
    )


def mapped_word(value: object, words: Mapping[str, str]) -> str | None:
    """What a label stands for, whatever its case and outer blanks; None for an unknown one."""
    return words.get(value.strip().lower()) if isinstance(value, str) else None


def _text_number(cell: Cell) -> str:
    if isinstance(cell, str) and cell.strip():
        return cell.strip()
    raise _Wrong


def _job_number(cell: Cell) -> str:
    return _text_number(cell) if isinstance(cell, str) else str(_whole(cell))


def _name(cell: Cell) -> str:
    if text := _free(cell):
        return text
    raise _Wrong


def _free(cell: Cell) -> str:
    """Any cell as text; empty for a blank one."""
    if is_blank(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _word(cell: Cell, words: Mapping[str, str]) -> str:
    if (word := mapped_word(cell, words)) is not None:
        return word
    raise _Wrong


def _midnight(cell: Cell) -> str:
    """A date cell or ISO text, as midnight UTC of its day."""
    if isinstance(cell, str):
        try:
            cell = parse_instant(cell.strip())
        except (ValueError, OverflowError):
            raise _Wrong from None
    if not isinstance(cell, date):
        raise _Wrong
    return instant(datetime(cell.year, cell.month, cell.day, tzinfo=UTC))


def _count(cell: Cell) -> str:
    if 0 <= (count := _whole(cell)) <= MOST_OUTPUTS:
        return str(count)
    raise _Wrong


def _whole(cell: Cell) -> int:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    raise _Wrong
