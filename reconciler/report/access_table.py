"""Who can do what, for machines and spreadsheets. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from reconciler.model.access import Listing, Row, Step
from reconciler.model.json import Json, JsonObject
from reconciler.report.escape import json_text, safe

FORMAT = "reconciler/access-v1"
COLUMNS = (
    "target", "principal", "sort", "role", "flags", "kind", "object", "title", "path", "assumed", "because",
    "declared_at", "declared", "live", "highest", "gives",
)  # fmt: skip
ACTING = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet may take for a formula, full-width signs included."""


def access_json(listing: Listing) -> str:
    """The listing as JSON, as docs/access.md tells it."""
    unseen: list[Json] = [{"target": u.target, "kind": u.kind, "says": u.says} for u in listing.unseen]
    rows: list[Json] = [row.to_json() for row in listing.rows]
    told: JsonObject = {"format": FORMAT, "from": listing.asked, "rows": rows, "unseen": unseen}
    return json_text({**told, "notFoundIn": [*listing.nowhere]}) + "\n"


def access_csv(listing: Listing) -> str:
    """A line for each row, after one with the names of the columns. No cell is a formula or holds a line end."""
    text = io.StringIO()
    sheet = csv.writer(text, lineterminator="\n")
    sheet.writerow(COLUMNS)
    for row in listing.rows:
        sheet.writerow(map(cell, _cells(row)))
    return text.getvalue()


def cell(text: str) -> str:
    """The text as it may stand in a spreadsheet."""
    shown = safe(text)
    return f"'{shown}" if text.startswith(ACTING) or text.lstrip(" \u00a0").startswith(ACTING) else shown


def _cells(row: Row) -> Iterable[str]:
    return (
        row.target,
        row.principal.name,
        str(row.principal.sort),
        row.role,
        " ".join(row.flags),
        row.object.kind,
        row.object.name,
        row.object.title,
        " -> ".join(_named(step) for step in row.path),
        " ".join(row.assumed),
        "; ".join(row.because),
        " ".join(row.declared_at),
        *map(_word, (row.declared, row.live, row.highest, row.gives)),
    )


def _named(step: Step) -> str:
    return f"{step.kind} {step.name}"


def _word(value: bool | None) -> str:
    return "" if value is None else str(value).lower()
