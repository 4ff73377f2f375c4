"""The tracker's answers byte for byte: the order of the keys, the spaces that are not there, the instants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.twins import Clock, TrackerTwin
from tests.unit.twins.served import Tracker, contract, served
from tests.unit.twins.sheets import IMPORT, VECTOR, sheet

HEALTH = (
    '{"status":"healthy","mode":"liveness","checks":{"database":{"status":"ok"},'
    '"pgvector":{"status":"ok","detail":"v0.8.2"},"organization":{"status":"ok","detail":"1 org(s)"},'
    '"pipeline_templates":{"status":"ok","detail":"1 template(s)"},"dev_bypass":{"status":"ok"},'
    '"auth_secret":{"status":"ok"}},"timestamp":"2026-04-21T12:00:00.000Z"}'
)
UNSEEDED = HEALTH.replace('"ok","detail":"1 org(s)"', '"warn","detail":"0 org(s)"').replace(
    '"ok","detail":"1 template(s)"', '"warn","detail":"0 template(s)"'
)
SENT = (
    '{"projectCode":"BRND-CMKT-WSJ-03","name":"2337959 — BRND-CMKT-WSJ-March Education Media Pack",'
    '"omgJobNumber":"2337959","clientTeamId":"cmo7team1","businessUnit":"PDF","priority":"HIGH",'
    '"status":"ACTIVE","startDate":"2026-03-10","dueDate":"2026-04-03","requestor":"Celena",'
    '"description":"Timeline notes go here"}'
)
PROJECT = (
    '{"id":"cmo7proj1","omgJobNumber":"2337959","projectCode":"BRND-CMKT-WSJ-03",'
    '"name":"2337959 — BRND-CMKT-WSJ-March Education Media Pack","description":"Timeline notes go here",'
    '"status":"ACTIVE","priority":"HIGH","startDate":"2026-03-10T00:00:00.000Z",'
    '"dueDate":"2026-04-03T00:00:00.000Z","businessUnit":"PDF","requestor":"Celena",'
    '"clientTeamId":"cmo7team1","clientTeam":{"id":"cmo7team1","name":"Brand","slug":"brand"},'
    '"customFields":{},"createdAt":"2026-04-20T10:00:00.000Z","updatedAt":"2026-04-20T10:00:00.000Z"}'
)
LISTED = (
    '[{"id":"cmo7proj1","omgJobNumber":"2337959","projectCode":"BRND-CMKT-WSJ-03",'
    '"name":"2337959 — BRND-CMKT-WSJ-March Education Media Pack","status":"ACTIVE","priority":"HIGH",'
    '"startDate":"2026-03-10T00:00:00.000Z","dueDate":"2026-04-03T00:00:00.000Z","businessUnit":"PDF",'
    '"requestor":"Celena","clientTeam":{"id":"cmo7team1","name":"Brand","slug":"brand"},'
    '"_count":{"deliverables":0},"updatedAt":"2026-04-20T10:00:00.000Z"}]'
)
NO_DELIVERABLES = PROJECT.removesuffix("}") + ',"deliverables":[]}'
INVITATION = (
    '{"id":"cmo7inv1","email":"producer@example.com",'
    '"acceptUrl":"http://127.0.0.1:8080/loreal-prod-tracker/reset-password/tok1"}'
)
# Method, path, body, status, answer. Sent one after the other.
DOCUMENTED = (
    ("POST", "/api/projects", SENT, 201, PROJECT),
    ("PATCH", "/api/projects/cmo7proj1", '{"status":"CANCELLED"}', 400, '{"error":"status: Invalid input"}'),
    ("DELETE", "/api/client-teams/cmo7team1", "", 400, '{"error":"Client team has projects"}'),
    (
        "POST",
        "/api/client-teams/cmo7team1/members",
        '{"userId":"cmo7user2","isPrimary":true}',
        201,
        '{"userId":"cmo7user2","isPrimary":true}',
    ),
    (
        "POST",
        "/api/org/invitations",
        '{"email":"producer@example.com","role":"PRODUCER"}',
        201,
        INVITATION,
    ),
)
# What no example shows, and its shape does.
LISTS = (
    ("/api/projects", LISTED),
    ("/api/projects/cmo7proj1", NO_DELIVERABLES),
    (
        "/api/client-teams",
        (
            '[{"id":"cmo7team1","name":"Brand","slug":"brand","members":[{"userId":"cmo7user2","isPrimary":true,'
            '"user":{"id":"cmo7user2","name":"Jane","email":"jane@example.com"}}],'
            '"_count":{"projects":1,"members":1}}]'
        ),
    ),
    (
        "/api/pods",
        (
            '[{"id":"cmo7pod1","name":"Pod A","slug":"pod-a","leadUserId":null,'
            '"members":[{"id":"cmo7user2","name":"Jane","email":"jane@example.com"}]}]'
        ),
    ),
    (
        "/api/org/invitations",
        (
            '[{"id":"cmo7inv1","email":"producer@example.com","role":"PRODUCER","isExternal":false,'
            '"userId":"cmo7user3","createdAt":"2026-04-20T10:00:00.000Z"}]'
        ),
    ),
    (
        "/api/resources/bookings?weekStart=2026-04-20",
        (
            '[{"id":"cmo7book1","userId":"cmo7user2","date":"2026-04-21T00:00:00.000Z","jobNumber":"2337959",'
            '"hours":4,"note":null}]'
        ),
    ),
    (
        "/api/resources/job-numbers",
        '[{"jobNumber":"2337959","name":"2337959 — BRND-CMKT-WSJ-March Education Media Pack"}]',
    ),
    (
        "/api/workload?numWeeks=8",
        (
            '{"users":[{"id":"cmo7user1","name":"Admin","email":"admin@example.com","role":"ADMIN",'
            '"homePodId":null},{"id":"cmo7user2","name":"Jane","email":"jane@example.com","role":"CREATIVE",'
            '"homePodId":"cmo7pod1"},{"id":"cmo7user3","name":"producer@example.com",'
            '"email":"producer@example.com","role":"PRODUCER","homePodId":null}]}'
        ),
    ),
)
PREVIEW = (
    '{"preview":true,"totalRows":4,"validRows":3,"errors":[{"row":4,"reason":"omgNumber: Invalid input"},'
    '{"row":6,"reason":"creativeTeamMember: not persisted"}],"rows":[{"omgNumber":"2400001",'
    '"projectName":"2400001 - Alpha","clientTeamSlug":"brand","status":"ACTIVE","priority":"HIGH",'
    '"externalDeadline":"2026-04-03T00:00:00.000Z"},{"omgNumber":"2400002","projectName":"2400002 - Gamma",'
    '"clientTeamSlug":"brand-safety","status":"ON_HOLD","priority":"URGENT","externalDeadline":null},'
    '{"omgNumber":"2400003","projectName":"2400003 - Delta","clientTeamSlug":"brand","status":null,'
    '"priority":null,"externalDeadline":null}]}'
)
FIRST = (
    '{"preview":false,"totalRows":4,"imported":3,"created":3,"updated":0,"deliverablesCreated":5,'
    '"errors":[{"row":4,"reason":"omgNumber: Invalid input"},'
    '{"row":6,"reason":"creativeTeamMember: not persisted"}]}'
)
SECOND = FIRST.replace(
    '"created":3,"updated":0,"deliverablesCreated":5', '"created":0,"updated":3,"deliverablesCreated":0'
)


@pytest.fixture
def world() -> Iterator[Tracker]:
    with served(TrackerTwin(clock=Clock("2026-04-20T09:59:59Z"))) as tracker:
        tracker.twin.add_user("jane@example.com", "Jane")
        tracker.twin.edit("POST", "/api/client-teams", {"name": "Brand"})
        yield tracker


def sent(world: Tracker, method: str, path: str, body: str = "") -> tuple[int, str]:
    """Each request at the same time of day, so that every write bears the same instant."""
    world.twin.clock.set("2026-04-20T09:59:59Z")
    reply = world.client.request(method, world.url + path, content=body, headers={"Host": "127.0.0.1:8080"})
    return reply.status_code, reply.text


def test_the_documented_answers(world: Tracker) -> None:
    for method, path, body, status, answer in DOCUMENTED:
        assert sent(world, method, path, body) == (status, answer)


def test_the_lists(world: Tracker) -> None:
    for method, path, body, _, _ in DOCUMENTED:
        sent(world, method, path, body)
    world.twin.set_home_pod("cmo7user2", world.twin.add_pod("Pod A"))
    world.twin.add_booking("cmo7user2", "2026-04-21", "2337959", 4)

    for path, answer in LISTS:
        assert sent(world, "GET", path) == (200, answer)


def test_one_upload_after_another(world: Tracker) -> None:
    assert uploaded(world, "false") == PREVIEW
    assert uploaded(world, "true") == FIRST
    assert uploaded(world, "true") == SECOND


def uploaded(world: Tracker, commit: str) -> str:
    files = {"file": ("jobs.xlsx", sheet(VECTOR))}
    return world.client.post(f"{world.url}{IMPORT}", params={"commit": commit}, files=files).text


def test_health(world: Tracker) -> None:
    strict = HEALTH.replace("liveness", "strict")

    assert asked(world) == (200, HEALTH)
    for parameter in ("0", "true", "01", "1&strict=0"):
        assert asked(world, f"?strict={parameter}")[1] == (strict if parameter[0] == "1" else HEALTH)
    assert asked(world, "?strict=1") == (200, strict)


def test_health_without_a_seed(world: Tracker) -> None:
    saved = world.twin.dump()["state"]
    assert isinstance(saved, dict)
    world.twin.load({"state": {**saved, "orgs": {}, "pipelineTemplates": {}}})

    assert asked(world) == (200, UNSEEDED)
    strict = UNSEEDED.replace("liveness", "strict").replace("healthy", "unhealthy").replace("warn", "error")
    assert asked(world, "?strict=1") == (503, strict)


def test_health_while_the_database_is_down(world: Tracker) -> None:
    world.twin.knobs.set("database-down", "adversarial")
    down = HEALTH.replace('"healthy"', '"unhealthy"').replace(
        '"database":{"status":"ok"}', '"database":{"status":"error"}'
    )

    assert asked(world) == (503, down)
    assert asked(world, "?strict=1") == (503, down.replace("liveness", "strict"))


def asked(world: Tracker, query: str = "") -> tuple[int, str]:
    """Health, at noon, by somebody without a key."""
    world.twin.clock.set("2026-04-21T12:00:00Z")
    reply = world.client.get(f"{world.url}/api/health{query}", headers={"X-API-Key": "", "X-Org-Id": ""})
    return reply.status_code, reply.text


@pytest.mark.contract
@pytest.mark.parametrize(
    "text", [HEALTH, *(text for row in DOCUMENTED for text in (row[2], row[4]) if text), PREVIEW, FIRST, SECOND]
)
def test_these_are_the_words_of_the_reference(text: str) -> None:
    assert text.replace("producer@example.com", "producer@oliver.agency") in contract("studio-tracker.md")
