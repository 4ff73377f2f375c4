"""What rows say, which way projects go, the bytes of a workbook, and what its answers mean (ST-R44 to ST-R49)."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest

from reconciler.model.call import Request
from reconciler.model.change import Change, Hold, Named
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Replies, Resource
from reconciler.model.plan import Call, Effect, Role
from reconciler.model.record import replace
from reconciler.model.shows import Touched, asked_again
from reconciler.providers.studio_tracker import project, project_rows, workbook
from reconciler.providers.studio_tracker.project_calls import bound, calls, ways
from tests.unit.providers.samples import asked, change, demand, document
from tests.world import catalog

JOB = catalog().kind("studio-tracker", "Project")
GUARDED = Hold("some-rule", "why", "so")


def made(number: str, **wire: Json) -> Change:
    return replace(change(JOB, number), key=number, wire={"omgJobNumber": number, **wire})


def updated(number: str, *changed: str, **wire: Json) -> Change:
    live = Resource(f"id-{number}", number, {"omgJobNumber": number, "name": "Live", "status": "ACTIVE"})
    base = change(JOB, number, was=number, changed=changed)
    return replace(base, live=live, key=number, wire={"omgJobNumber": number, **wire})


def update(number: str) -> Change:
    return updated(number, "owner", owner="Ann")


def lines(found: list[Call]) -> list[str]:
    return [asked(c) for c in found if c.sent]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ann", True), ("=1+1", True), ("a\nb", True), ("Ä – ’", True), ("", False), (" a", False),
        ("a ", False), ("a\rb", False), ("a\x07b", False), ("_x000D_", False), ("x" * 32_001, False),
        ("\ufeffa", False), (7, False),
    ],
)  # fmt: skip
def test_a_cell_holds_what_it_gives_back_unchanged(text: Json, kept: bool) -> None:
    assert project_rows.fits(text) is kept


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("status", "PIPELINE", "Brief in Review"), ("status", "COMPLETED", None), ("owner", None, None),
        ("priority", "URGENT", "Priority"), ("projectCode", "A-1", None), ("category", "PDF", "PDF"),
        ("externalDeadline", "2026-04-03", "2026-04-03"), ("externalDeadline", "1900-02-28", None),
        ("outputs", 0, 0),
    ],
)  # fmt: skip
def test_what_a_cell_says(field: str, value: Json, said: Json) -> None:
    assert project_rows.cell(made("1", **{field: value}), field) == said


@pytest.mark.parametrize(
    ("named", "text"),
    [
        (Named("brand", "Brand", Resource("t", "brand", {})), "Brand"),
        (Named("brand", "Someone", Resource("t", "brand", {})), "brand"),
        (Named("brand", "Brand"), "Brand"),
        (Named("brand", "Brand", Resource("t", "old", {})), None),
    ],
)
def test_a_team_is_said_by_its_name_its_slug_or_not_at_all(named: Named, text: str | None) -> None:
    assert project_rows.cell(replace(made("1", team="t"), refers={"team": named}), "team") == text


@pytest.mark.parametrize(("creates", "updates", "books"), [(0, 2, 0), (0, 3, 1), (1, 0, 1), (1, 1, 1), (0, 40, 1)])
def test_st_r45_which_way(creates: int, updates: int, books: int) -> None:
    changes = [made(f"n{i}", name="N", outputs=1) for i in range(creates)] + [
        update(f"u{i}") for i in range(updates)
    ]

    assert sum(map(len, ways(changes))) == books
    found = [c for c in calls(JOB, changes) if c.sent]
    assert len(found) == bound(JOB, changes)
    assert len(found) == (2 * books if books else updates)


def test_a_held_change_goes_alone() -> None:
    """So that whoever lifts the hold changes nothing for the others."""
    held = [replace(c, holds=(GUARDED,)) for c in (update("9"), made("8", name="N", outputs=1))]

    found = calls(JOB, [*(update(f"{i}") for i in range(3)), *held])

    riders = {c.address.name: c.carrier for c in found if c.carrier}
    assert set(riders) == {"0", "1", "2", "8"}
    assert riders["8"] != riders["0"]
    assert "/api/projects/id-9" in lines(found)


def test_st_r44_a_renumbering_is_never_a_row() -> None:
    one = replace(updated("1", "omgJobNumber", "name", name="N"), key="2")

    assert not project_rows.expressible(one)


def test_st_r37_what_a_row_cannot_say_follows_after_one_list() -> None:
    found = calls(
        JOB, [made("1", name="N", outputs=1, projectCode="C", status="ARCHIVED", owner=" x", category=None)]
    )

    [preview, commit, listing, patch] = [c for c in found if c.sent]
    assert (preview.role, listing.role) == (Role.GATE, Role.FIND)
    assert patch.body == {"projectCode": "C", "status": "ARCHIVED", "requestor": " x"}
    assert {listing.id} <= patch.after
    assert listing.after == {commit.id}


def test_st_r46_an_update_fills_what_changes_and_covers_the_name_it_repeats() -> None:
    (rider,) = [c for c in calls(JOB, [made("0", name="N", outputs=1), update("1")]) if c.address.name == "1"]

    assert rider.body == {"Owner": "Ann", "Number": "1", "Project Name": "Live"}
    assert rider.clobbers == ("name",)
    assert rider.effect == Effect(fields={"owner": "Ann"})


def test_st_r49_a_row_is_to_bring_about_all_that_it_says() -> None:
    both = [updated("1", "name", "statusDetails", name="N", statusDetails="Soon"), made("0", name="N", outputs=1)]

    riders = {c.address.name: c for c in calls(JOB, both) if c.carrier}

    assert riders["1"].effect == Effect(fields={"name": "N", "statusDetails": "Soon"})
    assert riders["1"].clobbers == ()
    assert (riders["0"].effect.key, riders["0"].clobbers) == ("0", ())


def test_st_r48_rows_say_which_teams_they_rely_on_and_nothing_else_does() -> None:
    brand, new = Named("brand", "Brand", Resource("t", "brand", {})), Named("new", "New")
    there = replace(made("1", name="N", outputs=1, team="t"), refers={"team": brand})
    coming = replace(made("2", name="N", outputs=1, team={"$id": "x/ClientTeam/new"}), refers={"team": new})
    posted = replace(made("3", name="N", projectCode="C", team="t"), refers={"team": brand})
    found = calls(JOB, [there, coming, posted, made("4", name="N", outputs=1)])

    wanted = project.guarding(JOB, demand(JOB, details=({"makes": "1"},)), found)

    row = next(c.id for c in found if c.carrier and c.address.name == "1")
    assert wanted.details == ({"makes": "1"}, {"row": row, "team": "t", "slug": "brand", "fields": []})
    again = asked_again(JOB, wanted, [Touched(None, ("1",), frozenset({"team", "name"}))])
    assert again.details == ({"makes": "1"},), "it is asked once, before the rows go"
    assert project.narrow(JOB, wanted, (), 1).details == ({"makes": "1", "must": True}, {"only": []})


ROW: JsonObject = {"row": "4", "team": "t", "slug": "brand", "fields": []}
BRAND: Json = {"id": "t", "name": "Brand", "slug": "brand"}


def in_team(team: Json) -> Json:
    return [{"id": "p", "omgJobNumber": "9", "clientTeam": team}, {"id": "q", "omgJobNumber": "8"}]


@pytest.mark.parametrize(
    ("team", "teams", "why"),
    [
        (BRAND, None, ""),
        ({"id": "t", "slug": "other"}, None, "its team 'brand' is now called 'other', and"),
        (None, [BRAND], ""),
        ({"id": "u", "slug": "brand"}, [BRAND], ""),
        (None, [], "its team 'brand' is live no more, and"),
        (None, [{"id": "t", "slug": "other"}, {"id": "u", "slug": "brand"}], "its team 'brand' is now called"),
    ],
)
def test_st_r48_a_row_goes_only_while_its_team_is_as_it_was(team: Json, teams: Json, why: str) -> None:
    wanted = demand(JOB, details=(ROW,))
    (first,) = project.reads(JOB, wanted, ())
    replies: Replies = ((first, in_team(team)),)
    more = project.reads(JOB, wanted, replies)

    assert [str(r) for r in more] == ([] if teams is None else ["GET /api/client-teams"])
    replies = (*replies, *((r, teams) for r in more))
    assert project.reads(JOB, wanted, replies) == []
    found = project.parse(JOB, wanted, replies).amiss
    assert [*found] == (["4"] if why else [])
    assert found.get("4", "").startswith(why)


def test_st_r48_an_answer_that_is_no_list_of_teams_says_nothing() -> None:
    wanted = demand(JOB, details=(ROW,))
    (first,) = project.reads(JOB, wanted, ())
    (second,) = project.reads(JOB, wanted, ((first, in_team(None)),))

    with pytest.raises(ValueError, match="client-teams"):
        project.parse(JOB, wanted, ((first, in_team(None)), (second, {"teams": []})))


def test_st_r47_the_first_rows_hold_everything_that_is_to_be_seen() -> None:
    changes = [made(f"{i:03}", name="N", outputs=1, priority="HIGH" if i == 59 else "LOW") for i in range(60)]

    (book,) = project_rows.books(changes)

    assert [c.key for c in book[:3]] == ["000", "059", "001"]
    assert len(book) == 60


def test_st_r46_the_bytes_depend_on_the_rows_alone() -> None:
    rows: list[dict[str, Json]] = [{"Number": "007", "Project Name": "=1", "External Deadline": "2026-04-03"}]
    first, again = (workbook.workbook(rows) for _ in range(2))

    assert first == again != workbook.workbook([{"Number": "008", "Project Name": "=1"}])
    with ZipFile(BytesIO(first)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_st_r46_the_form() -> None:
    from openpyxl import load_workbook

    filled: dict[str, Json] = {"Number": "007", "Project Name": "=1", "External Deadline": "2026-04-03"}
    data = workbook.workbook([{**filled, "# of outputs": 2}])
    book = load_workbook(BytesIO(data))
    (sheet,) = book.worksheets

    assert sheet.title == "Job Tracker "
    assert [c.value for c in sheet[1]] == list(workbook.HEADERS)
    assert all(c.value for c in sheet[2])
    cells: dict[str, Any] = {str(h.value): c for h, c in zip(sheet[1], sheet[3], strict=True)}
    assert (cells["Number"].value, cells["Number"].data_type) == ("007", "s")
    assert (cells["Project Name"].value, cells["Project Name"].data_type) == ("=1", "s")
    assert cells["External Deadline"].is_date
    assert cells["# of outputs"].value == 2
    assert cells["Owner"].value is None


def test_a_workbook_travels_as_the_part_named_file() -> None:
    request = Request("t", "POST", "/x", body={"rows": []}, media="workbook")

    content = workbook.encode(request, lambda _: b"")

    assert content.type.startswith("multipart/form-data; boundary=")
    assert content.data.count(content.type.partition("boundary=")[2].encode()) == 2
    assert b'name="file"; filename="projects.xlsx"' in content.data
    assert workbook.encode(replace(request, media="json", body={"a": 1}), lambda _: b"").data == b'{"a": 1}'


@pytest.mark.parametrize("body", [None, {}, {"rows": 1}, {"rows": ["x"]}])
def test_a_workbook_of_another_shape_is_refused(body: Json) -> None:
    with pytest.raises(ValueError, match="rows"):
        workbook.encode(Request("t", "POST", "/x", body=body, media="workbook"), lambda _: b"")


SHOWN: dict[str, Json] = {
    "omgNumber": "1", "projectName": "N", "clientTeamSlug": "brand", "status": "ACTIVE", "priority": None,
    "externalDeadline": "2026-04-03T00:00:00.000Z",
}  # fmt: skip
CELLS: dict[str, Json] = {
    "Number": "1", "Project Name": "N", "Team": "Brand", "Status": "In production",
    "External Deadline": "2026-04-03",
}  # fmt: skip


def verdict(shown: list[Json], cells: dict[str, Json]) -> list[str]:
    rider = replace(calls(JOB, [made("1", name="N", outputs=1)])[0], id="r", body=cells)
    found = project.verdicts(JOB, rider, [rider], {"preview": True, "rows": shown})
    return [v.message for v in found.values() if v.done is False]


def test_st_r48_a_preview_as_written_says_nothing_against_anybody() -> None:
    assert verdict([SHOWN], CELLS) == []
    assert verdict([{**SHOWN, "priority": "LOW", "status": "ON_HOLD"}], {**CELLS, "Status": "On hold"}) == []


@pytest.mark.parametrize(
    ("differs", "said"),
    [
        ({"clientTeamSlug": "brnd"}, "1: clientTeamSlug is 'brnd', not 'brand'"),
        ({"externalDeadline": "2026-04-02T22:00:00.000Z"}, "1: externalDeadline is '2026-04-02T22:00:00.000Z'"),
        ({"status": None}, "1: status is None, not 'ACTIVE'"),
        ({"projectName": "M"}, "1: projectName is 'M'"),
        ({"omgNumber": "2"}, "1: not shown"),
    ],
)
def test_st_r48_what_a_preview_makes_of_a_row(differs: dict[str, Json], said: str) -> None:
    (message,) = verdict([{**SHOWN, **differs}], CELLS)

    assert message.startswith(said)


def test_st_r48_a_blank_team_may_show_no_team_and_a_missing_row_is_told() -> None:
    blank = {n: v for n, v in CELLS.items() if n != "Team"}

    assert verdict([{**SHOWN, "clientTeamSlug": None}], blank) == []
    assert verdict([SHOWN], blank) == ["1: clientTeamSlug is 'brand', not None"]
    assert verdict([], CELLS) == ["the preview shows 0 projects, not the first 1"]


@pytest.mark.parametrize(
    ("body", "done"),
    [
        ({"preview": False, "created": 1, "updated": 1, "errors": []}, True),
        ({"preview": False, "created": 0, "updated": 2, "errors": []}, None),
        ({"preview": False, "created": 1, "updated": 1, "errors": [{"row": 3, "reason": "x"}]}, None),
        ({}, None),
        (None, None),
    ],
)
def test_st_r49_a_commit_is_done_where_the_counts_say_so(body: Json, done: bool | None) -> None:
    found = calls(JOB, [made("1", name="N", outputs=1), update("2")])
    riders, (commit,) = [c for c in found if c.carrier], [c for c in found if c.whole]

    assert {v.done for v in project.verdicts(JOB, commit, riders, body).values()} == {done}


TEAM: Json = {"id": "t", "name": "B", "slug": "b"}


def listing(*numbers: str | None) -> Json:
    return [
        {"id": f"id-{n}", "omgJobNumber": n, "name": "N", "clientTeam": TEAM, "_count": {"deliverables": 2}}
        for n in numbers
    ]


def test_st_c7_health_is_asked_only_where_a_workbook_makes_something() -> None:
    wanted = demand(JOB, details=project.details(JOB, [document(JOB, "a", omgJobNumber="1", outputs=1)], (), {}))
    (first,) = project.reads(JOB, wanted, ())

    assert project.reads(JOB, wanted, ((first, listing("1")),)) == []
    (health,) = project.reads(JOB, wanted, ((first, listing("2")),))
    assert (str(health), health.may_fail) == ("GET /api/health?strict=1", True)


@pytest.mark.parametrize(("answer", "seeded"), [({"status": "healthy"}, True), (None, False)])
def test_st_r48_what_health_says(answer: Json, seeded: bool) -> None:
    wanted = demand(JOB, details=({"makes": "9"},))
    (first,) = project.reads(JOB, wanted, ())
    (health,) = project.reads(JOB, wanted, ((first, listing("2")),))
    replies = ((first, listing("2")), (health, answer))

    assert project.parse(JOB, wanted, replies).seen == {"seeded": seeded}
    narrowed = project.narrow(JOB, wanted, (), 1)
    if not seeded:
        with pytest.raises(ValueError, match="not seeded"):
            project.parse(JOB, narrowed, replies)


def test_st_r32_a_record_without_a_number_is_left_out_and_one_without_a_usable_one_is_no_list() -> None:
    (first,) = project.reads(JOB, demand(JOB), ())
    found = project.parse(JOB, demand(JOB), ((first, listing(None, "1")),))

    assert [(r.key, r.fields["team"], r.fields["outputs"], r.contents) for r in found.resources] == [
        ("1", "t", 2, {"deliverables": 2})
    ]
    with pytest.raises(ValueError, match="no usable id"):
        project.parse(JOB, demand(JOB), ((first, [{"id": "x", "omgJobNumber": 7}]),))


def test_st_c10_a_narrowed_reading_asks_for_the_descriptions_of_these_alone() -> None:
    documents = [document(JOB, n, omgJobNumber=n, statusDetails="x") for n in ("1", "2")]
    wanted = demand(JOB, details=project.details(JOB, documents, (), {}))
    (first,) = project.reads(JOB, wanted, ())
    answered = ((first, listing("1", "2", "3")),)

    assert [r.path for r in project.reads(JOB, wanted, answered)] == ["/api/projects/id-1", "/api/projects/id-2"]
    narrowed = project.narrow(JOB, wanted, ["id-2"], 1)
    assert [r.path for r in project.reads(JOB, narrowed, answered)] == ["/api/projects/id-2"]


def test_a_category_nobody_knows_is_worth_a_word() -> None:
    found = project.check(JOB, [document(JOB, n, omgJobNumber=n, category=n) for n in ("PDF", "Fax")])

    assert [p.rule for p in found] == ["ST-A36"]
