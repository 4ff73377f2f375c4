"""Projects, people and health of the Studio Tracker twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import Clock, TrackerTwin
from reconciler.twins.studio_tracker.projects import NULLABLE
from reconciler.twins.studio_tracker.things import Deliverable, Template
from tests.unit.twins.served import Tracker, served

PROJECTS = "/api/projects"
LISTED = {
    *("id", "omgJobNumber", "projectCode", "name", "status", "priority", "startDate", "dueDate"),
    *("businessUnit", "requestor", "clientTeam", "_count", "updatedAt"),
}


def body(world: Tracker, **more: object) -> dict[str, object]:
    teams = world.ask("GET", "/api/client-teams")[1]
    team = teams[0]["id"] if teams else world.ask("POST", "/api/client-teams", {"name": "Brand"})[1]["id"]
    return {"projectCode": "EX-1", "name": "Launch", "omgJobNumber": "0040001", "clientTeamId": team, **more}


def made(world: Tracker, **more: object) -> Any:
    status, answer = world.ask("POST", PROJECTS, body(world, **more))
    assert status == 201, answer
    return answer


def test_defaults_of_a_new_project(tracker: Tracker) -> None:
    project = made(tracker)

    assert (project["status"], project["priority"], project["dueDate"]) == ("PIPELINE", "MEDIUM", None)
    assert project["clientTeam"] == {"id": project["clientTeamId"], "name": "Brand", "slug": "brand"}
    assert project["createdAt"] == project["updatedAt"]


def test_the_list_has_thirteen_keys(each_tracker: Tracker) -> None:
    made(each_tracker)

    assert [set(project) for project in each_tracker.ask("GET", PROJECTS)[1]] == [LISTED]


def test_one_project_shows_its_deliverables(tracker: Tracker) -> None:
    project = made(tracker, description="note")
    tracker.twin.add_deliverable(project["id"], "Output 1", ["Brief", "Design"])
    shown = tracker.ask("GET", f"{PROJECTS}/{project['id']}")[1]

    assert shown["description"] == "note"
    assert [stage["name"] for stage in shown["deliverables"][0]["stages"]] == ["Brief", "Design"]
    assert tracker.ask("GET", PROJECTS)[1][0]["_count"] == {"deliverables": 1}
    assert tracker.ask("DELETE", f"{PROJECTS}/{project['id']}")[0] == 200
    assert not tracker.twin.state.of(Deliverable)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2026-03-10", "2026-03-10T00:00:00.000Z"),
        ("2026-03-10T12:30:00Z", "2026-03-10T12:30:00.000Z"),
        ("2026-03-10T00:30:00.5+02:00", "2026-03-09T22:30:00.500Z"),
    ],
)
def test_dates_are_read_back_as_instants(tracker: Tracker, sent: str, read: str) -> None:
    assert made(tracker, dueDate=sent)["dueDate"] == read


def test_every_write_moves_updated_at(tracker: Tracker) -> None:
    project = made(tracker)
    changed = tracker.ask("PATCH", f"{PROJECTS}/{project['id']}", {"status": "ON_HOLD"})[1]

    assert changed["updatedAt"] > project["updatedAt"]
    assert (changed["status"], changed["createdAt"]) == ("ON_HOLD", project["createdAt"])


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"omgJobNumber": 40001}, "omgJobNumber: Invalid input"),
        ({"status": "CANCELLED"}, "status: Invalid input"),
        ({"priority": "Priority"}, "priority: Invalid input"),
        ({"clientTeamId": "nowhere"}, "clientTeamId: Invalid input"),
        ({"clientTeamId": None}, "clientTeamId: Invalid input"),
        ({"dueDate": "30/6/2026"}, "dueDate: Invalid input"),
        ({"dueDate": "2026-02-30"}, "dueDate: Invalid input"),
        ({"dueDate": "0001-01-01T00:00:00+14:00"}, "dueDate: Invalid input"),
        ({"name": ""}, "name: Invalid input"),
        ({"requestor": 5}, "requestor: Invalid input"),
    ],
)
def test_wrong_values_are_refused(each_tracker: Tracker, change: dict[str, object], text: str) -> None:
    project = made(each_tracker)
    before = each_tracker.twin.dump()
    create = body(each_tracker, omgJobNumber="2", **{k: v for k, v in change.items() if k != "omgJobNumber"})

    assert each_tracker.ask("PATCH", f"{PROJECTS}/{project['id']}", change) == (400, {"error": text})
    assert each_tracker.ask("POST", PROJECTS, {**create, **change}) == (400, {"error": text})
    assert each_tracker.twin.dump() == before


@pytest.mark.parametrize("name", ["projectCode", "name", "omgJobNumber", "clientTeamId"])
def test_required_fields(tracker: Tracker, name: str) -> None:
    sent = {key: value for key, value in body(tracker).items() if key != name}

    assert tracker.ask("POST", PROJECTS, sent) == (400, {"error": f"{name}: Required"})


def test_a_taken_number(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        made(world)
        made(world, omgJobNumber="2")
    taken = (400, {"error": "omgJobNumber: already exists"})

    assert tracker.ask("POST", PROJECTS, body(tracker)) == taken
    assert hard_tracker.ask("POST", PROJECTS, body(hard_tracker))[0] == 201
    for world in (tracker, hard_tracker):
        assert world.ask("PATCH", f"{PROJECTS}/cmo7proj2", {"omgJobNumber": "0040001"}) == taken
        assert world.ask("PATCH", f"{PROJECTS}/cmo7proj2", {"omgJobNumber": "2"})[0] == 200


def test_clearing_a_date(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        made(world, dueDate="2026-06-30")
    path = f"{PROJECTS}/cmo7proj1"

    assert tracker.ask("PATCH", path, {"dueDate": None})[1]["dueDate"] is None
    assert hard_tracker.ask("PATCH", path, {"dueDate": None}) == (400, {"error": "dueDate: Invalid input"})


@pytest.mark.parametrize("name", sorted(NULLABLE))
def test_null_clears_what_may_be_null(tracker: Tracker, hard_tracker: Tracker, name: str) -> None:
    value = "2026-06-30" if name.endswith("Date") else "note"
    for world in (tracker, hard_tracker):
        made(world, **{name: value})
    path = f"{PROJECTS}/cmo7proj1"

    assert tracker.ask("PATCH", path, {name: None})[1][name] is None
    before = hard_tracker.twin.dump()
    assert hard_tracker.ask("PATCH", path, {name: None}) == (400, {"error": f"{name}: Invalid input"})
    assert hard_tracker.twin.dump() == before


@pytest.mark.parametrize("name", ["omgJobNumber", "name", "status", "priority", "clientTeamId"])
def test_null_clears_nothing_else(each_tracker: Tracker, name: str) -> None:
    made(each_tracker)

    refused = (400, {"error": f"{name}: Invalid input"})
    assert each_tracker.ask("PATCH", f"{PROJECTS}/cmo7proj1", {name: None}) == refused


def test_what_a_patch_answers(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        made(world)
    path = f"{PROJECTS}/cmo7proj1"
    full = tracker.ask("PATCH", path, {"name": "Relaunch"})[1]
    least = hard_tracker.ask("PATCH", path, {"name": "Relaunch"})

    assert {**tracker.ask("GET", path)[1], "deliverables": []} == {**full, "deliverables": []}
    assert least == (200, {"id": "cmo7proj1", "updatedAt": hard_tracker.ask("GET", path)[1]["updatedAt"]})


def test_a_number_can_change(each_tracker: Tracker) -> None:
    made(each_tracker)
    each_tracker.ask("PATCH", f"{PROJECTS}/cmo7proj1", {"omgJobNumber": "0040009", "status": "ARCHIVED"})

    project = each_tracker.ask("GET", f"{PROJECTS}/cmo7proj1")[1]
    assert (project["omgJobNumber"], project["status"]) == ("0040009", "ARCHIVED")
    assert made(each_tracker)["id"] == "cmo7proj2"


def test_projects_without_a_number_do_not_collide(each_tracker: Tracker) -> None:
    ids = [each_tracker.twin.add_project(name) for name in ("Old", "Older")]

    assert [p["omgJobNumber"] for p in each_tracker.ask("GET", PROJECTS)[1]] == [None, None]
    assert each_tracker.ask("PATCH", f"{PROJECTS}/{ids[0]}", {"name": "Oldest"})[0] == 200
    assert each_tracker.ask("GET", f"{PROJECTS}/{ids[0]}")[1]["clientTeam"] is None


def test_roles_and_what_they_see(tracker: Tracker) -> None:
    project = made(tracker)
    producer = tracker.twin.add_user("jane@example.com", "Jane", "PRODUCER")
    creative = tracker.twin.add_user("bob@example.com", "Bob")

    def ask(user: str, method: str, path: str, sent: object = None) -> tuple[int, Any]:
        cookie = f"theme=dark; authjs.session-token={tracker.twin.add_session(user)}"
        headers = {"Cookie": cookie, "X-API-Key": "", "X-Org-Id": tracker.twin.org_id}
        return tracker.ask(method, path, sent, **headers)

    path = f"{PROJECTS}/{project['id']}"
    assert ask(producer, "GET", PROJECTS) == (200, [])
    assert ask(producer, "PATCH", path, {}) == (404, {"error": "Not found"})
    assert ask(creative, "POST", PROJECTS) == (403, {"error": "Missing permission: PROJECT_CREATE"})
    team = project["clientTeamId"]
    for user in (producer, creative):
        assert tracker.ask("POST", f"/api/client-teams/{team}/members", {"userId": user})[0] == 201
    assert ask(producer, "PATCH", path, {"name": "Mine"})[0] == 200
    assert len(ask(creative, "GET", PROJECTS)[1]) == 1
    assert ask(creative, "PATCH", path, {}) == (403, {"error": "Missing permission: PROJECT_UPDATE"})
    assert ask(creative, "DELETE", path) == (403, {"error": "Missing permission: PROJECT_DELETE"})
    for method, below in (("PATCH", ""), ("DELETE", ""), ("POST", "/members"), ("DELETE", "/members?userId=x")):
        assert ask(producer, method, f"/api/client-teams/{team}{below}") == (403, {"error": "Forbidden"})
    assert ask(producer, "POST", "/api/client-teams", {"name": "x"}) == (403, {"error": "Forbidden"})
    assert ask(producer, "DELETE", path)[0] == 200


def test_keys_and_organisations(tracker: Tracker) -> None:
    other = tracker.twin.add_org("Other")
    made(tracker)
    unauthorized, forbidden = (401, {"error": "Unauthorized"}), (403, {"error": "Forbidden"})

    def teams(**headers: str) -> tuple[int, Any]:
        return tracker.ask("GET", "/api/client-teams", **headers)

    assert teams(**{"X-API-Key": "wrong"}) == unauthorized
    assert teams(**{"X-API-Key": "wrong", "X-Org-Id": "nowhere"}) == unauthorized
    assert teams(**{"X-Org-Id": "nowhere"}) == forbidden
    assert teams(**{"X-Org-Id": other}) == (200, [])
    path = "/api/client-teams/cmo7team1"
    assert tracker.ask("PATCH", path, {"name": "x"}, **{"X-Org-Id": other}) == (404, {"error": "Not found"})
    assert tracker.ask("POST", "/api/client-teams", {"name": "Brand"}, **{"X-Org-Id": other})[0] == 201


def test_without_an_organisation_the_first_one_counts(tracker: Tracker) -> None:
    first = tracker.twin.add_org("First", first=True)
    tracker.client.headers.pop("X-Org-Id")
    tracker.ask("POST", "/api/client-teams", {"name": "Brand"})

    assert tracker.twin.dump()["state"]["clientTeams"]["cmo7team1"]["org_id"] == first  # type: ignore[index,call-overload]


def test_the_key_comes_before_the_route(tracker: Tracker) -> None:
    assert tracker.ask("GET", "/api/nothing", **{"X-API-Key": "wrong"})[0] == 401
    assert tracker.ask("GET", "/api/nothing") == (404, {"error": "Not found"})
    assert tracker.ask("PUT", "/api/client-teams") == (405, {"error": "Method not allowed"})
    assert tracker.client.get(tracker.origin + "/api/client-teams").status_code == 404


def test_health_needs_no_key() -> None:
    with served(TrackerTwin(clock=Clock("2026-04-21T12:00:00Z"))) as tracker:
        status, health = tracker.ask("GET", "/api/health", **{"X-API-Key": ""})
        strict = tracker.ask("GET", "/api/health?strict=1")

    assert (status, health["status"], health["mode"]) == (200, "healthy", "liveness")
    assert (strict[0], strict[1]["mode"], health["timestamp"]) == (200, "strict", "2026-04-21T12:00:00.000Z")


def test_an_unseeded_server_is_alive_but_not_healthy(tracker: Tracker) -> None:
    tracker.twin.state.of(Template).clear()
    alive = tracker.ask("GET", "/api/health?strict=true")
    strict = tracker.ask("GET", "/api/health?strict=1")

    assert (alive[0], alive[1]["checks"]["pipeline_templates"]) == (
        200,
        {"status": "warn", "detail": "0 template(s)"},
    )
    assert (strict[0], strict[1]["status"]) == (503, "unhealthy")
    assert strict[1]["checks"]["pipeline_templates"]["status"] == "error"


def test_a_database_that_is_down(tracker: Tracker) -> None:
    tracker.twin.knobs.set("database-down", "adversarial")
    status, health = tracker.ask("GET", "/api/health")

    assert (status, health["status"], health["checks"]["database"]) == (503, "unhealthy", {"status": "error"})
