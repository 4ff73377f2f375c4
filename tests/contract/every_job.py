"""Projects and plans of bookings of Studio Tracker in the table of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reconciler.model.json import ABSENT, Json, JsonObject
from tests.contract.bookings import LAUNCH, RELAUNCH, book, booked, on, own_id, unbook
from tests.contract.every_row import GONE, Deed, Row, Sheet, Step, Table, drifted, left_out, never, say
from tests.contract.every_tracker import DELETE, FIRST, REFUSED, RENAME
from tests.contract.jobs import change, live, make, numbers
from tests.contract.studio import BOB, JANE, team_id
from tests.world import World

ARCHIVE: dict[str, Json] = {"onRemove": "archive", "allow": ["archive"]}

# Project.


JOB, UPLOAD = "/api/projects", "POST /api/projects/bulk-import?commit="
SEEDED = {"omgJobNumber": LAUNCH}
SOON, LATER, CLEARED = "2026-04-03", "2026-05-04", Step(None, refused=REFUSED)


WHOLE: dict[str, Json] = {
    "status": "ACTIVE", "priority": "HIGH", "category": "PDF", "owner": "Celena", "briefAcceptanceDate": SOON,
    "externalDeadline": LATER, "statusDetails": "Soon",
}  # fmt: skip


def _job(w: World, body: JsonObject) -> None:
    change(w, LAUNCH, **body)


def _row(path: str, one: Json, two: Json, *more: Step) -> Row:
    """A field of a project that was there: changed twice, put right, cleared where that is possible."""
    return Row(path, "ST-C8", (Step(one), Step(two), drifted(two, one), *more, left_out()), more=SEEDED)


PROJECT = Table(
    "studio-tracker",
    "Project",
    "job",
    {"omgJobNumber": "007", "name": "Alpha", "projectCode": "A-1", "team": "brand"},
    lambda w: set(numbers(w)),
    edit=_job,
    rows=(
        _row("name", "One", "Two"),
        _row("projectCode", "A-2", "A-3", CLEARED),
        Row(
            "team",
            "ST-C8",
            (
                Step("retail-media"),
                Step("brand-safety"),
                drifted("brand-safety", lambda w: _job(w, {"clientTeamId": team_id(w, "brand")})),
                left_out(),
            ),
            more=SEEDED,
        ),
        _row("status", "ACTIVE", "COMPLETED"),
        _row("priority", "LOW", "URGENT"),
        _row("category", "PDF", "Video", CLEARED),
        _row("owner", "Celena", "Ann", CLEARED),
        _row("briefAcceptanceDate", SOON, LATER, CLEARED),
        _row("externalDeadline", SOON, LATER, CLEARED),
        _row("statusDetails", "Soon", "Later", CLEARED),
        Row(
            "outputs",
            "ST-R37",
            (
                never(0),
                never(3, note="outputs"),
                never(3, behind=lambda w: w.tracker.add_deliverable(live(w, LAUNCH).id, "Output 1")),
                left_out(),
            ),
            more=SEEDED,
        ),
    ),
    deeds=(
        Deed("create", "ST-R36", calls=(f"POST {JOB}",), verb="create", there="007"),
        Deed("create whole", "ST-C8", say(**WHOLE), calls=(f"POST {JOB}",), verb="create", there="007"),
        Deed(
            "create whole by workbook",
            "ST-C8",
            say(**WHOLE, outputs=1),
            calls=(f"{UPLOAD}false", f"{UPLOAD}true", f"PATCH {JOB}/*"),
            verb="create",
            there="007",
        ),
        Deed(
            "create by workbook",
            "ST-R37",
            say(projectCode=ABSENT, outputs=2),
            calls=(f"{UPLOAD}false", f"{UPLOAD}true"),
            verb="create",
            there="007",
        ),
        Deed(
            "create by workbook, with a code",
            "ST-C8",
            say(outputs=2),
            calls=(f"{UPLOAD}false", f"{UPLOAD}true", f"PATCH {JOB}/*"),
            verb="create",
            there="007",
        ),
        Deed("create without a team", "ST-R36", say(team=ABSENT), verb="create", holds={"incomplete"}, gone="007"),
        Deed(
            "adopt",
            "ST-R41",
            say(name="007 - Made", projectCode="X-1"),
            None,
            lambda w: make(w, "007"),
            verb="adopt",
        ),
        Deed(
            "adopt changed",
            "ST-R41",
            Sheet(),
            None,
            lambda w: make(w, "007"),
            calls=(f"PATCH {JOB}/*",),
            verb="adopt",
        ),
        Deed(
            "rename",
            "ST-R40",
            Sheet({"omgJobNumber": "700"}, RENAME, {"previously": {"key": "007"}}),
            Sheet(),
            calls=(f"PATCH {JOB}/*",),
            verb="rename",
            there="700",
            gone="007",
        ),
        Deed(
            "rename unsaid",
            "ST-R40",
            say(omgJobNumber="700"),
            Sheet(),
            verb="rename",
            holds={"rename", "rename-unconfirmed"},
            there="007",
        ),
        Deed(
            "move", "ST-R32", Sheet(name="other", metadata={"previously": {"name": "job"}}), Sheet(), verb="move"
        ),
        Deed(
            "drift",
            "ST-R43",
            Sheet(),
            Sheet(),
            lambda w: change(w, "007", name="Theirs", projectCode="B"),
            calls=(f"PATCH {JOB}/*",),
            verb="update",
        ),
        Deed("release", "ST-R42", GONE, Sheet(), verb="release", there="007"),
        Deed(
            "archive", "ST-R42", GONE, Sheet(life=ARCHIVE), calls=(f"PATCH {JOB}/*",), verb="archive", there="007"
        ),
        Deed(
            "archive what is archived",
            "ST-R42",
            GONE,
            Sheet(life=ARCHIVE),
            lambda w: change(w, "007", status="ARCHIVED"),
            verb="release",
            there="007",
        ),
        Deed("delete", "ST-R42", GONE, Sheet(life=DELETE), calls=(f"DELETE {JOB}/*",), verb="delete", gone="007"),
        Deed(
            "delete with deliverables",
            "ST-R42",
            GONE,
            Sheet({"outputs": 2}, DELETE),
            verb="delete",
            holds={"in-use"},
            there="007",
        ),
        Deed(
            "delete what others made",
            "ST-R42",
            GONE,
            Sheet({**SEEDED, "name": "007 - Made"}, DELETE),
            verb="delete",
            holds={"not-ours"},
        ),
    ),
)


# BookingPlan.


BOOKING = "/api/resources/bookings"
PAIR = (f"DELETE {BOOKING}/*", f"POST {BOOKING}")
SCOPE = {"from": on(0), "to": on(13), "users": [JANE, BOB]}


def at_work(who: str, n: int, hours: float = 4, **more: Json) -> dict[str, Json]:
    return {"user": who, "date": on(n), "jobNumber": LAUNCH, "hours": hours, **more}


def _booked(w: World) -> set[str]:
    return {f"{who} {n} {hours:g}" for who, n, _, hours, _ in booked(w)}


def _by_others(who: str, n: int, hours: float = 4, note: str | None = None) -> Callable[[World], object]:
    return lambda w: book(w, who, n, hours=hours, note=note)


def _unbooked(who: str, n: int) -> Callable[[World], object]:
    return lambda w: unbook(w, own_id(w, who, n))


def _rebooked(who: str, n: int, hours: float = 4, note: str | None = None) -> Callable[[World], object]:
    return lambda w: (_unbooked(who, n)(w), _by_others(who, n, hours, note)(w))


LONG_AGO = on(-70)
PAST: dict[str, Any] = {
    "scope": {**SCOPE, "from": LONG_AGO},
    "bookings": [{"user": JANE, "date": LONG_AGO, "jobNumber": LAUNCH, "hours": 4}],
}
J0, B1 = at_work(JANE, 0), at_work(BOB, 1)
BOOKING_PLAN = Table(
    "studio-tracker",
    "BookingPlan",
    "spring",
    {"name": "Spring", "scope": SCOPE, "bookings": []},
    _booked,
    entries={"bookings": J0},
    rows=(
        Row(
            "scope",
            "ST-R73",
            (never({**SCOPE, "from": on(1)}), never({**SCOPE, "users": [JANE]})),
        ),
        Row(
            "bookings",
            "ST-C16",
            (
                Step([J0]),
                Step([J0, B1]),
                drifted([J0, B1], _unbooked(BOB, 1)),
                drifted([J0, B1], _rebooked(BOB, 1, 8), calls=2),
                Step([B1, at_work(JANE, 8)], 2),
                Step([], 2),
            ),
        ),
        Row("bookings/user", "ST-C16", (Step(JANE), Step(BOB, 2))),
        Row("bookings/date", "ST-C16", (Step(on(0)), Step(on(8), 2))),
        Row("bookings/jobNumber", "ST-C16", (Step(LAUNCH), Step(RELAUNCH, 2), Step("9", 1, "no-such-job"))),
        Row("bookings/hours", "ST-C16", (Step(4), Step(7.5, 2), drifted(7.5, _rebooked(JANE, 0, 3), calls=2))),
        Row(
            "bookings/note",
            "ST-C16",
            (
                Step("One", 2),
                Step("Two", 2),
                drifted("Two", _rebooked(JANE, 0, note="Theirs"), calls=2),
                Step(None, 2),
                left_out(),
            ),
        ),
        Row(
            "bookingsMode",
            "ST-R82",
            (
                Step("additive", 0, behind=_by_others(BOB, 2)),
                Step("exact"),
                Step("additive", 0, behind=_by_others(BOB, 2)),
                left_out(),
            ),
            life=FIRST,
        ),
    ),
    deeds=(
        Deed(
            "create",
            "ST-R72",
            say(bookings=[J0, B1]),
            calls=(f"POST {BOOKING}",) * 2,
            verb="update",
            there=f"{JANE} 0 4",
        ),
        Deed("adopt", "ST-R72", say(bookings=[J0]), None, _by_others(JANE, 0), verb="adopt"),
        Deed(
            "adopt changed",
            "ST-R81",
            say(bookings=[J0]),
            None,
            _by_others(JANE, 0, 8),
            calls=PAIR,
            verb="update",
            there=f"{JANE} 0 4",
            gone=f"{JANE} 0 8",
        ),
        Deed(
            "rename",
            "ST-R72",
            Sheet({"name": "Sprint"}, metadata={"previously": {"key": "Spring"}}),
            Sheet(),
            mistake="give it another name, and no `previously`",
        ),
        Deed(
            "rename unsaid",
            "ST-R72",
            say(name="Sprint", bookings=[J0]),
            say(bookings=[J0]),
            verb="none",
            there=f"{JANE} 0 4",
        ),
        Deed(
            "move",
            "ST-R72",
            Sheet({"bookings": [J0]}, name="other", metadata={"previously": {"name": "spring"}}),
            say(bookings=[J0]),
            verb="move",
        ),
        Deed("past", "ST-R86", Sheet(PAST, {"allow": ["past"]}), calls=(f"POST {BOOKING}",), verb="update"),
        Deed("past unallowed", "ST-R86", Sheet(PAST), verb="adopt", holds={"past"}),
        Deed(
            "bookings add",
            "ST-R80",
            say(bookings=[J0, B1]),
            say(bookings=[J0]),
            calls=(f"POST {BOOKING}",),
            verb="update",
            there=f"{BOB} 1 4",
        ),
        Deed(
            "bookings change",
            "ST-R81",
            say(bookings=[at_work(JANE, 0, 8)]),
            say(bookings=[J0]),
            calls=PAIR,
            verb="update",
            there=f"{JANE} 0 8",
            gone=f"{JANE} 0 4",
        ),
        Deed(
            "bookings remove",
            "ST-R82",
            Sheet(),
            say(bookings=[J0]),
            calls=(f"DELETE {BOOKING}/*",),
            verb="update",
            gone=f"{JANE} 0 4",
        ),
        Deed(
            "bookings remove those of others",
            "ST-R82",
            say(bookingsMode="exact"),
            None,
            _by_others(JANE, 0),
            verb="update",
            holds={"first-removals"},
            there=f"{JANE} 0 4",
        ),
        Deed(
            "bookings outside",
            "ST-R73",
            say(bookings=[], scope={**SCOPE, "from": on(1)}),
            say(bookings=[J0]),
            verb="none",
            note="outside the scope now",
            there=f"{JANE} 0 4",
        ),
        Deed(
            "drift",
            "ST-R84",
            say(bookings=[J0]),
            say(bookings=[J0]),
            _unbooked(JANE, 0),
            calls=(f"POST {BOOKING}",),
            verb="update",
            there=f"{JANE} 0 4",
        ),
        Deed("release", "ST-R88", GONE, say(bookings=[J0]), verb="release", there=f"{JANE} 0 4"),
        Deed(
            "delete",
            "ST-R88",
            GONE,
            Sheet({"bookings": [J0]}, DELETE),
            calls=(f"DELETE {BOOKING}/*",),
            verb="delete",
            gone=f"{JANE} 0 4",
        ),
        Deed(
            "delete what others made",
            "ST-R88",
            GONE,
            Sheet({"bookings": []}, DELETE),
            _by_others(JANE, 0),
            verb="release",
            there=f"{JANE} 0 4",
        ),
    ),
)
TABLES = (PROJECT, BOOKING_PLAN)
