"""The workbook import of the Studio Tracker twin, over a socket."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.twins import TrackerTwin
from reconciler.twins.core.values import Request
from reconciler.twins.studio_tracker.multipart import form, form_part
from reconciler.twins.studio_tracker.rows import MOST_OUTPUTS, read_row
from reconciler.twins.studio_tracker.things import Team, Template
from reconciler.twins.studio_tracker.workbook import COLUMNS
from tests.unit.twins.served import Tracker, contract, served
from tests.unit.twins.sheets import (
    FILLER,
    HEADERS,
    IMPORT,
    VECTOR,
    cells,
    day,
    imported,
    job,
    projects,
    rewritten,
    sheet,
    upload,
    with_part,
)

ERRORS = [
    {"row": 4, "reason": "omgNumber: Invalid input"},
    {"row": 6, "reason": "creativeTeamMember: not persisted"},
]
KEYS = ("omgNumber", "projectName", "clientTeamSlug", "status", "priority", "externalDeadline")
SHOWN = [
    ("2400001", "2400001 - Alpha", "brand", "ACTIVE", "HIGH", "2026-04-03T00:00:00.000Z"),
    ("2400002", "2400002 - Gamma", "brand-safety", "ON_HOLD", "URGENT", None),
    ("2400003", "2400003 - Delta", "brand", None, None, None),
]
PREVIEW = {
    "preview": True,
    "totalRows": 4,
    "validRows": 3,
    "errors": ERRORS,
    "rows": [dict(zip(KEYS, row, strict=True)) for row in SHOWN],
}


def counts(created: int, updated: int, deliverables: int) -> dict[str, Any]:
    return {
        "preview": False,
        "totalRows": 4,
        "imported": created + updated,
        "created": created,
        "updated": updated,
        "deliverablesCreated": deliverables,
        "errors": ERRORS,
    }


def branded(world: Tracker) -> str:
    return str(world.ask("POST", "/api/client-teams", {"name": "Brand", "slug": "brand"})[1]["id"])


def errors(world: Tracker, *rows: tuple[object, ...]) -> list[str]:
    return [error["reason"] for error in imported(world, *rows)["errors"]]


def test_the_workbook_of_the_page(tracker: Tracker) -> None:
    branded(tracker)
    before, content = tracker.twin.dump(), sheet(VECTOR)

    assert upload(tracker, content, "false") == (200, PREVIEW)
    assert tracker.twin.dump() == before
    assert upload(tracker, content) == (200, counts(3, 0, 5))
    assert upload(tracker, content) == (200, counts(0, 3, 0))


@pytest.mark.contract
def test_the_workbook_of_the_reference(tracker: Tracker) -> None:
    text = contract("studio-tracker.md").split("### 5.6")[1].split("### 5.7")[0]
    preview, first, second = (json.loads(block) for block in re.findall(r"```json\n(.*?)\n```", text, re.DOTALL))
    branded(tracker)

    assert upload(tracker, sheet(VECTOR), "false") == (200, preview) == (200, PREVIEW)
    assert upload(tracker, sheet(VECTOR)) == (200, first)
    assert upload(tracker, sheet(VECTOR)) == (200, second)


def test_the_workbook_of_the_page_read_the_hard_way(hard_tracker: Tracker) -> None:
    branded(hard_tracker)
    answer = upload(hard_tracker, sheet(VECTOR), "false")[1]

    assert [(error["row"], error["reason"][:3]) for error in answer["errors"]] == [(2, "omg"), (4, "cre")]
    assert answer["rows"] == PREVIEW["rows"]


def test_what_the_workbook_of_the_page_makes(each_tracker: Tracker) -> None:
    team = branded(each_tracker)
    upload(each_tracker, sheet(VECTOR))
    made = projects(each_tracker)
    alpha, gamma, delta = (made[f"240000{i}"] for i in (1, 2, 3))

    assert (alpha["clientTeamId"], alpha["requestor"], alpha["businessUnit"]) == (team, "Celena", "PDF")
    assert (alpha["startDate"], alpha["dueDate"]) == ("2026-03-10T00:00:00.000Z", "2026-04-03T00:00:00.000Z")
    assert (gamma["description"], gamma["clientTeam"]["name"]) == ("note", "Brand Safety")
    assert (delta["status"], delta["priority"], delta["projectCode"]) == ("PIPELINE", "MEDIUM", None)
    assert [d["name"] for d in alpha["deliverables"]] == ["Output 1", "Output 2", "Output 3"]
    assert [stage["name"] for stage in alpha["deliverables"][0]["stages"]] == [
        *("Brief", "Design", "Review", "Delivery")
    ]
    assert gamma["deliverables"] == []
    assert {t.slug for t in each_tracker.twin.state.of(Team).values()} == {"brand", "brand-safety"}


@pytest.mark.parametrize("commit", [None, "false", "", "1", "True", "TRUE", "yes"])
def test_anything_but_true_is_a_preview(each_tracker: Tracker, commit: str | None) -> None:
    before = each_tracker.twin.dump()
    status, answer = upload(each_tracker, sheet([HEADERS, FILLER, job(team="New")]), commit)

    assert (status, answer["preview"], answer["validRows"]) == (200, True, 1)
    assert each_tracker.twin.dump() == before
    assert not each_tracker.twin.log.writes()
    upload(each_tracker, sheet([HEADERS, FILLER, job(team="New")]), "true")
    assert [entry.changed for entry in each_tracker.twin.log.writes()] == [True]


def test_blank_cells_change_nothing(each_tracker: Tracker) -> None:
    imported(each_tracker, job(owner="Celena", risk="High", external_deadline=day(4, 3), _of_outputs=2, team="A"))
    answer = imported(each_tracker, job(name="Relaunch", owner="  ", status="Amends", _of_outputs=5))
    project = projects(each_tracker)["1"]

    assert (answer["updated"], answer["deliverablesCreated"], len(project["deliverables"])) == (1, 0, 2)
    assert (project["name"], project["status"], project["requestor"]) == ("Relaunch", "ACTIVE", "Celena")
    assert (project["priority"], project["clientTeam"]["slug"]) == ("HIGH", "a")
    assert project["dueDate"] == "2026-04-03T00:00:00.000Z"


def test_what_other_writers_set_stays(each_tracker: Tracker) -> None:
    imported(each_tracker, job())
    path = f"/api/projects/{projects(each_tracker)['1']['id']}"
    each_tracker.ask("PATCH", path, {"projectCode": "EX-1", "status": "COMPLETED"})
    imported(each_tracker, job(name="Relaunch"))

    project = projects(each_tracker)["1"]
    assert (project["projectCode"], project["status"], project["name"]) == ("EX-1", "COMPLETED", "Relaunch")


def test_a_row_that_changes_nothing(tracker: Tracker, hard_tracker: Tracker) -> None:
    moved = []
    for world in (tracker, hard_tracker):
        imported(world, job())
        before = projects(world)["1"]["updatedAt"]
        assert imported(world, job())["updated"] == 1
        moved.append(projects(world)["1"]["updatedAt"] > before)
        imported(world, job(name="Other"))
        assert projects(world)["1"]["updatedAt"] > before

    assert moved == [True, False]


def test_one_number_twice_in_a_workbook(each_tracker: Tracker) -> None:
    answer = imported(each_tracker, job(name="First", owner="Ann"), job(name="Second"))

    assert (answer["created"], answer["updated"]) == (1, 1)
    assert (projects(each_tracker)["1"]["name"], projects(each_tracker)["1"]["requestor"]) == ("Second", "Ann")


def test_a_team_is_found_by_the_slug_of_its_text(each_tracker: Tracker) -> None:
    each_tracker.ask("POST", "/api/client-teams", {"name": "Renamed", "slug": "brand-safety"})
    imported(
        each_tracker, job("1", team=" Brand & Safety "), job("2", team="brand-safety"), job("3", team="Renamed")
    )
    teams = {number: project["clientTeam"]["slug"] for number, project in projects(each_tracker).items()}

    assert teams == {"1": "brand-safety", "2": "brand-safety", "3": "renamed"}


def test_projects_of_another_organisation_are_not_touched(each_tracker: Tracker) -> None:
    imported(each_tracker, job(team="Brand"))
    other = each_tracker.twin.add_org("Other")
    content = sheet([HEADERS, FILLER, job(name="Theirs", team="Brand")])
    answer = upload(each_tracker, content, **{"X-Org-Id": other})[1]

    assert (answer["created"], projects(each_tracker)["1"]["name"]) == (1, "Launch")
    assert len(each_tracker.twin.state.of(Team)) == 2


def test_without_a_template_there_are_no_stages(tracker: Tracker) -> None:
    tracker.twin.state.of(Template).clear()
    imported(tracker, job(_of_outputs=1))

    assert projects(tracker)["1"]["deliverables"][0]["stages"] == []


def test_no_more_than_25_rows_are_shown(each_tracker: Tracker) -> None:
    rows = [job(str(number)) for number in range(30)]
    answer = upload(each_tracker, sheet([HEADERS, FILLER, *rows]), "false")[1]

    assert (answer["totalRows"], answer["validRows"]) == (30, 30)
    assert [row["omgNumber"] for row in answer["rows"]] == [str(number) for number in range(25)]


@pytest.mark.parametrize(
    ("cell", "plain", "hard"),
    [
        (" 0040001 ", "0040001", "0040001"),
        (2400001, "2400001", None),
        (2400001.0, "2400001", None),
        (2400001.5, None, None),
        (True, None, None),
        (day(3, 10), None, None),
        ("  ", None, None),
        (None, None, None),
    ],
)
def test_what_is_a_job_number(
    tracker: Tracker, hard_tracker: Tracker, cell: object, plain: str | None, hard: str | None
) -> None:
    for world, number in ((tracker, plain), (hard_tracker, hard)):
        told = errors(world, job(cell))
        assert told == ([] if number else ["omgNumber: Invalid input"])
        assert list(projects(world)) == ([number] if number else [])


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Brief in Review", "PIPELINE"),
        ("AMENDS", "ACTIVE"),
        (" in production ", "ACTIVE"),
        ("Client Review", "ACTIVE"),
        ("On hold", "ON_HOLD"),
        (" ", "PIPELINE"),
    ],
)
def test_words_for_a_status(tracker: Tracker, label: str, status: str) -> None:
    assert errors(tracker, job(status=label)) == []
    assert projects(tracker)["1"]["status"] == status


@pytest.mark.parametrize(
    ("label", "priority"), [("low", "LOW"), ("Medium", "MEDIUM"), (" High", "HIGH"), ("PRIORITY", "URGENT")]
)
def test_words_for_a_priority(tracker: Tracker, label: str, priority: str) -> None:
    assert errors(tracker, job(risk=label)) == []
    assert projects(tracker)["1"]["priority"] == priority


@pytest.mark.parametrize(
    ("filled", "reason"),
    [
        ({"project_name": None}, "projectName: Invalid input"),
        ({"project_name": "   "}, "projectName: Invalid input"),
        ({"status": "COMPLETED"}, "status: Invalid input"),
        ({"status": 5}, "status: Invalid input"),
        ({"risk": "Urgent"}, "priority: Invalid input"),
        ({"brief_acceptance_date": "30/6/2026"}, "briefAcceptanceDate: Invalid input"),
        ({"brief_acceptance_date": 46000}, "briefAcceptanceDate: Invalid input"),
        ({"external_deadline": "2026-02-30"}, "externalDeadline: Invalid input"),
        ({"external_deadline": "0001-01-01T00:00:00+14:00"}, "externalDeadline: Invalid input"),
        ({"_of_outputs": -1}, "outputs: Invalid input"),
        ({"_of_outputs": 1.5}, "outputs: Invalid input"),
        ({"_of_outputs": "three"}, "outputs: Invalid input"),
        ({"_of_outputs": MOST_OUTPUTS + 1}, "outputs: Invalid input"),
    ],
)
def test_a_row_with_a_fault_is_left_out(each_tracker: Tracker, filled: dict[str, object], reason: str) -> None:
    answer = imported(each_tracker, job("1"), cells(**{"number": "2", "project_name": "x", **filled}), job("3"))

    assert [error["reason"] for error in answer["errors"]] == [reason]
    assert (answer["totalRows"], answer["imported"]) == (3, 2)
    assert list(projects(each_tracker)) == ["1", "3"]


def test_every_fault_of_a_row_is_told(each_tracker: Tracker) -> None:
    row = cells(
        risk="?", status="?", external_deadline="?", creative_team_member="Ann", _of_outputs="?", owner="x"
    )

    assert errors(each_tracker, row) == [
        "omgNumber: Invalid input",
        "projectName: Invalid input",
        "status: Invalid input",
        "priority: Invalid input",
        "externalDeadline: Invalid input",
        "outputs: Invalid input",
        "creativeTeamMember: not persisted",
    ]


@pytest.mark.parametrize(
    "cell",
    [day(3, 10), day(3, 10).replace(hour=18), "2026-03-10", " 2026-03-10T23:30:00Z", "2026-03-11T01:00:00+02:00"],
)
def test_dates_are_kept_as_midnight(tracker: Tracker, cell: object) -> None:
    assert errors(tracker, job(brief_acceptance_date=cell)) == []
    assert projects(tracker)["1"]["startDate"] == "2026-03-10T00:00:00.000Z"


@pytest.mark.parametrize("above", [0, 1, 2, 4])
def test_where_the_header_may_stand(tracker: Tracker, hard_tracker: Tracker, above: int) -> None:
    """ST-P18: what is skipped is the row below the header, or row 2 of the sheet."""
    title = [("Jobs of this week",)] * above
    content = sheet([*title, HEADERS, job("1"), job("2")])
    shown = [
        [row["omgNumber"] for row in upload(world, content, "false")[1]["rows"]]
        for world in (tracker, hard_tracker)
    ]

    assert shown == [["2"], ["2"] if above == 0 else ["1", "2"]]


def test_rows_that_are_told_and_counted(tracker: Tracker, hard_tracker: Tracker) -> None:
    """ST-P19. Blank rows are not counted, nor is one whose only cell stands under no known header."""
    noise = (*cells(), "a remark")
    content = sheet(
        [(*HEADERS, "Remarks"), FILLER, cells(), job(None), noise, cells(owner=" "), job("2"), job(None)]
    )
    told = []
    for world in (tracker, hard_tracker):
        answer = upload(world, content, "false")[1]
        told.append([error["row"] for error in answer["errors"]])
        assert (answer["totalRows"], answer["validRows"]) == (3, 1)

    assert told == [[4, 8], [1, 3]]


def test_headers_are_found_by_their_words(tracker: Tracker) -> None:
    headers = (
        "Team (client)",
        "Creative Team Member",
        "  OMG\nNumber ",
        "The  Project   Name",
        "Number of people",
    )
    row = ("Brand", "Ann", "77", "Launch", "5")
    answer = upload(tracker, sheet([headers, FILLER, row], title=" JOB TRACKER"))[1]

    assert [error["reason"] for error in answer["errors"]] == ["creativeTeamMember: not persisted"]
    assert [(p["omgJobNumber"], p["clientTeam"]["slug"]) for p in projects(tracker).values()] == [("77", "brand")]


CELLS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.datetimes() | st.dates()
) | st.sampled_from(["High", "On hold", "2026-03-10", "7", "Launch"])


@given(row=st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, CELLS)), strict=st.booleans())
def test_any_cells_make_a_row_or_faults(row: dict[str, object], strict: bool) -> None:
    read = read_row(row, only_text_numbers=strict)

    assert read.faults or (read.number and read.values["name"])
    assert len(set(read.faults)) == len(read.faults)
    assert 0 <= read.outputs <= MOST_OUTPUTS


SHEET_XML = "xl/worksheets/sheet1.xml"
NAME_CELL = '<c r="H3" t="inlineStr"><is><t>Launch</t></is></c>'


def test_shared_strings_are_read(tracker: Tracker) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    content = rewritten(sheet([HEADERS, FILLER, job()]), SHEET_XML, NAME_CELL, '<c r="H3" t="s"><v>0</v></c>')
    told = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    content = rewritten(content, "[Content_Types].xml", "</Types>", told)
    content = with_part(
        content, "xl/sharedStrings.xml", f'<sst xmlns="{space}"><si><t>Shared — süß</t></si></sst>'
    )

    assert upload(tracker, content)[0] == 200
    assert projects(tracker)["1"]["name"] == "Shared — süß"


def test_of_a_formula_the_stored_result_counts(tracker: Tracker) -> None:
    formula = '<c r="H3" t="str"><f>A1&amp;B1</f><v>Joined</v></c>'
    content = rewritten(sheet([HEADERS, FILLER, job()]), SHEET_XML, NAME_CELL, formula)

    assert upload(tracker, content)[0] == 200
    assert projects(tracker)["1"]["name"] == "Joined"


def test_a_text_that_begins_like_a_formula(tracker: Tracker) -> None:
    content = rewritten(sheet([HEADERS, FILLER, job()]), SHEET_XML, "<t>Launch</t>", "<t>=1+1</t>")

    assert upload(tracker, content)[0] == 200
    assert projects(tracker)["1"]["name"] == "=1+1"


def test_a_formula_without_a_result_is_blank(tracker: Tracker) -> None:
    assert errors(tracker, job(name="=1+1")) == ["projectName: Invalid input"]


def test_a_sheet_that_lies_about_its_size(tracker: Tracker) -> None:
    content = rewritten(sheet([HEADERS, FILLER, job()]), SHEET_XML, 'ref="A1:L3"', 'ref="A1:A1"')

    assert upload(tracker, content)[1]["created"] == 1


NO_WORKBOOKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "Invalid XLSX file"),
    "text": (lambda: b"Number,Project Name\n1,Launch\n", "Invalid XLSX file"),
    "half": (lambda: sheet(VECTOR)[:900], "Invalid XLSX file"),
    "empty archive": (lambda: b"PK\x05\x06" + b"\0" * 18, "Invalid XLSX file"),
    "broken sheet": (lambda: rewritten(sheet(VECTOR), SHEET_XML, "</sheetData>", ""), "Invalid XLSX file"),
    "odd number": (lambda: rewritten(sheet(VECTOR), SHEET_XML, "<v>2</v>", "<v>two</v>"), "Invalid XLSX file"),
    "other sheet": (lambda: sheet(VECTOR, title="Jobs"), 'Sheet "Job Tracker" not found'),
    "blank sheet": (lambda: sheet([]), "Header row not found"),
    "other headers": (lambda: sheet([("Number", "Name"), FILLER, job()]), "Header row not found"),
    "header too low": (lambda: sheet([*[("x",)] * 5, HEADERS, job()]), "Header row not found"),
}


@pytest.mark.parametrize("what", NO_WORKBOOKS)
@pytest.mark.parametrize("commit", ["true", "false"])
def test_what_is_no_such_workbook(each_tracker: Tracker, what: str, commit: str) -> None:
    make, text = NO_WORKBOOKS[what]
    before = each_tracker.twin.dump()

    assert upload(each_tracker, make(), commit) == (400, {"error": text})
    assert each_tracker.twin.dump() == before


@pytest.mark.parametrize(
    "send",
    [
        lambda world, url: world.client.post(url, json={"file": "x"}),
        lambda world, url: world.client.post(url, content=sheet(VECTOR)),
        lambda world, url: world.client.post(url, files={"workbook": ("a.xlsx", sheet(VECTOR))}),
        lambda world, url: world.client.post(url, content=b"", headers={"Content-Type": "multipart/form-data"}),
        lambda world, url: world.client.post(
            url, content=b"\xff--x", headers={"Content-Type": "multipart/form-data; boundary=x"}
        ),
    ],
)
def test_an_upload_without_a_file(tracker: Tracker, send: Callable[[Tracker, str], Any]) -> None:
    reply = send(tracker, f"{tracker.url}{IMPORT}?commit=true")

    assert (reply.status_code, reply.json()) == (400, {"error": "No file uploaded"})


@given(content=st.binary(max_size=80) | st.text("\r\n-twi", max_size=40).map(str.encode))
def test_a_form_brings_its_bytes_unchanged(content: bytes) -> None:
    content_type, body = form("file", "a.xlsx", content)

    assert form_part(Request("POST", "/", headers={"content-type": content_type}, body=body), "file") == content


def test_who_may_import(tracker: Tracker) -> None:
    content = sheet([HEADERS, FILLER, job(team="Brand")])

    def status(role: str, sent: bytes) -> tuple[int, Any]:
        session = tracker.twin.add_session(tracker.twin.add_user(f"{role}@example.com", role, role))
        cookie = {"Cookie": f"authjs.session-token={session}", "X-API-Key": ""}
        return upload(tracker, sent, **cookie)

    assert status("CREATIVE", b"") == (403, {"error": "Missing permission: PROJECT_CREATE"})
    assert status("PRODUCER", content)[0] == 200
    assert upload(tracker, content, **{"X-API-Key": "wrong"}) == (401, {"error": "Unauthorized"})


def test_somebody_uploads_behind_the_clients_back(each_tracker: Tracker) -> None:
    content = sheet([HEADERS, FILLER, job(_of_outputs=2)])
    preview, commit = (each_tracker.twin.upload(content, commit=commit) for commit in (False, True))

    assert (preview.status, commit.status, len(each_tracker.twin.log)) == (200, 200, 0)
    assert isinstance(commit.body, dict)
    assert (commit.body["created"], commit.body["deliverablesCreated"]) == (1, 2)


def test_an_import_survives_a_dump(tracker: Tracker) -> None:
    upload(tracker, sheet(VECTOR))
    saved = json.loads(json.dumps(tracker.twin.dump()))

    with served(TrackerTwin()) as other:
        other.twin.load(saved)
        assert other.twin.dump() == tracker.twin.dump()
        assert imported(other, job("9", _of_outputs=1))["deliverablesCreated"] == 1
