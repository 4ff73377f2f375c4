"""Workbooks as people make them, for the importer of the Studio Tracker twin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook

from tests.unit.twins.served import Tracker

IMPORT = "/api/projects/bulk-import"
HEADERS = (
    *("Owner", "Risk", "Creative Team Member", "Number", "Team", "Status", "Project Category", "Project Name"),
    *("Brief Acceptance Date", "External Deadline", "# of outputs", "Status Details"),
)
FILLER = ("example",) * len(HEADERS)
Row = Sequence[object]


def day(month: int, number: int) -> datetime:
    return datetime(2026, month, number)  # noqa: DTZ001 - a date cell knows no zone


def cells(**filled: object) -> tuple[object, ...]:
    """A row under HEADERS: `number="1"`, `project_name=…`, `_of_outputs=3` …"""
    names = [header.lower().replace("#", "").replace(" ", "_") for header in HEADERS]
    assert filled.keys() <= set(names), filled
    return tuple(filled.get(name) for name in names)


def job(number: object = "1", name: object = "Launch", **filled: object) -> tuple[object, ...]:
    return cells(number=number, project_name=name, **filled)


def sheet(rows: Sequence[Row], title: str = "Job Tracker ") -> bytes:
    """A workbook of one sheet, with these rows from row 1 on."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title
    for row in rows:
        page.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with some of its XML replaced, for what openpyxl does not write."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as given, ZipFile(out, "w") as made:
        for name in given.namelist():
            text = given.read(name)
            assert name != part or old.encode() in text, text
            made.writestr(name, text.replace(old.encode(), new.encode()) if name == part else text)
    return out.getvalue()


def with_part(content: bytes, part: str, text: str) -> bytes:
    """The workbook with one more file in it."""
    out = BytesIO(content)
    with ZipFile(out, "a") as made:
        made.writestr(part, text)
    return out.getvalue()


def upload(world: Tracker, content: bytes, commit: str | None = "true", **headers: str) -> tuple[int, Any]:
    """Status and decoded body of an upload."""
    reply = world.client.post(
        world.url + IMPORT,
        params={} if commit is None else {"commit": commit},
        files={"file": ("jobs.xlsx", content)},
        headers=headers,
    )
    return reply.status_code, reply.json()


def imported(world: Tracker, *rows: Row) -> dict[str, Any]:
    """What the commit of a well-formed workbook of these data rows answers."""
    status, answer = upload(world, sheet([HEADERS, FILLER, *rows]))
    assert status == 200, answer
    return dict(answer)


def projects(world: Tracker) -> dict[str, dict[str, Any]]:
    """Job number -> the project in full."""
    found = [world.ask("GET", f"/api/projects/{p['id']}")[1] for p in world.ask("GET", "/api/projects")[1]]
    return {project["omgJobNumber"]: project for project in found}


# The workbook that the API's page describes cell by cell.
VECTOR = (
    HEADERS,
    FILLER,
    job(
        "2400001",
        "2400001 - Alpha",
        owner="Celena",
        risk="High",
        team="Brand",
        status="In production",
        project_category="PDF",
        brief_acceptance_date=day(3, 10),
        external_deadline=day(4, 3),
        _of_outputs=3,
    ),
    cells(risk="Low", team="Brand", project_name="Beta"),
    job(
        "2400002",
        "2400002 - Gamma",
        risk="Priority",
        team="Brand Safety",
        status="On hold",
        project_category="GIF",
        status_details="note",
    ),
    job("2400003", "2400003 - Delta", creative_team_member="Ann", team="Brand", _of_outputs=2),
)
