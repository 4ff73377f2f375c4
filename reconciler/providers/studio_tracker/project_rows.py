"""What one row of a workbook can say of a project, and how rows share workbooks (ST-R44 to ST-R47)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from reconciler.model.change import Change, Value, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.model.record import Record, field
from reconciler.providers.studio_tracker.client_team import slugify

SHOWN: Final = 25
"""The preview shows so many rows; what they hold, it vouches for."""
NUMBER, NAME, OUTPUTS, TEAM = "omgJobNumber", "name", "outputs", "team"
COLUMNS: Final[Mapping[str, str]] = {
    "owner": "Owner",
    "priority": "Risk",
    NUMBER: "Number",
    TEAM: "Team",
    "status": "Status",
    "category": "Project Category",
    NAME: "Project Name",
    "briefAcceptanceDate": "Brief Acceptance Date",
    "externalDeadline": "External Deadline",
    OUTPUTS: "# of outputs",
    "statusDetails": "Status Details",
}
"""Field -> column, in the order of the columns."""
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "status": {"PIPELINE": "Brief in Review", "ACTIVE": "In production", "ON_HOLD": "On hold"},
    "priority": {"LOW": "Low", "MEDIUM": "Medium", "HIGH": "High", "URGENT": "Priority"},
}
_DATES: Final = ("briefAcceptanceDate", "externalDeadline")
_FIRST_DAY: Final = date(1900, 3, 1)
"""Spreadsheets count the days before this one in two ways."""
_LONGEST: Final = 32_000
_CHANGED_ON_THE_WAY: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufeff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")


def fits(text: Json) -> bool:
    """Whether a cell holds this text and gives it back unchanged: blanks around it are trimmed, controls lost."""
    if not isinstance(text, str) or not text or len(text) > _LONGEST:
        return False
    return text == text.strip() and not _CHANGED_ON_THE_WAY.search(text)


def cell(change: Change, name: str) -> Json:
    """What stands in the cell, None where no cell can say it; a blank one changes nothing."""
    value = change.wire.get(name)
    if name == TEAM:
        return _team(change)
    if name in WORDS:
        return WORDS[name].get(str(value))
    if name == OUTPUTS:
        return value
    if name not in COLUMNS or not fits(value):
        return None
    early = name in _DATES and date.fromisoformat(str(value)[:10]) < _FIRST_DAY
    return None if early else value


def _team(change: Change) -> Json:
    """The team's name where it leads to its slug, else the slug (ST-A28). None where the slug is about to change:
    until then the text would mean another team."""
    team = change.refers.get(TEAM)
    if team is None or (team.now is not None and team.now.key != team.key):
        return None
    return team.label if fits(team.label) and slugify(team.label) == team.key else team.key


def creates(change: Change) -> bool:
    """Whether this is a project that only a workbook can make, deliverables and all (ST-R37)."""
    return change.verb is Verb.CREATE and OUTPUTS in change.wire


def name_of(change: Change) -> Json:
    """The name as it shall be, else as it is: a row always holds it."""
    if change.live is None or NAME in change.changed:
        return change.wire.get(NAME)
    return change.live.fields.get(NAME)


def expressible(change: Change) -> bool:
    """Whether a row can say all of this update (ST-R44)."""
    if change.live is None or change.removes or not change.changed or NUMBER in change.changed:
        return False
    named = fits(change.key) and fits(name_of(change))
    return named and all(cell(change, name) is not None for name in change.changed)


def row(change: Change) -> JsonObject:
    """The cells that are filled: number and name, of an update what changes, of a create what is declared."""
    said = set(change.changed) if change.live is not None else set(change.wire)
    found: JsonObject = {}
    for name, column in COLUMNS.items():
        value = change.key if name == NUMBER else name_of(change) if name == NAME else None
        if name in said and value is None:
            value = cell(change, name)
        if value is not None:
            found[column] = value
    return found


def left_over(change: Change) -> dict[str, Value]:
    """What a create declares and its row cannot say: it follows by PATCH (ST-R37)."""
    return {
        name: value
        for name, value in change.wire.items()
        if value is not None and name not in (NUMBER, NAME, OUTPUTS) and cell(change, name) is None
    }


def books(changes: Sequence[Change]) -> list[list[Change]]:
    """The rows, each in the first workbook that can take it, in an order in which the first 25 rows of it hold
    every team, status and priority of it (ST-R47)."""
    found: list[Packed] = []
    for change in changes:
        values = _telling(change)
        book = next((b for b in found if values <= b.seen or len(b.first) < SHOWN), None)
        if book is None:
            book = Packed()
            found.append(book)
        (book.later if values <= book.seen else book.first).append(change)
        book.seen |= values
    return [[*book.first, *book.later] for book in found]


class Packed(Record):
    """A workbook being filled: the rows that bring something new to be seen, the others, and what is seen."""

    first: list[Change] = field(default_factory=list)
    later: list[Change] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)


def _telling(change: Change) -> set[tuple[str, str]]:
    """What of a row has to be seen in the preview, in whichever row."""
    cells = row(change)
    return {(column, str(cells[column])) for column in ("Team", "Status", "Risk") if column in cells}


def riding(creating: Sequence[Change], updating: Sequence[Change]) -> bool:
    """Whether the updates go by workbook: only where that is cheaper than a PATCH each; ties go to PATCH
    (ST-R45)."""
    together, alone = len(books(by_address((*creating, *updating)))), len(books(creating))
    return 2 * together < 2 * alone + len(updating)


def by_address(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda change: change.address)
