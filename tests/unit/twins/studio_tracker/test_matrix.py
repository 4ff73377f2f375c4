"""Every operation of the tracker is served, to whom it is open and to nobody else."""

from __future__ import annotations

import re

import pytest

from reconciler.twins import TrackerTwin
from reconciler.twins.studio_tracker.twin import KINDS
from tests.unit.twins.served import Tracker, contract, served

# Method and path, and what a request for things that are not there is answered; the query where one is needed.
MATRIX = (
    ("GET", "/api/health", 200, ""),
    ("POST", "/api/local-auth/login", 400, ""),
    ("GET", "/api/projects", 200, ""),
    ("GET", "/api/projects/:projectId", 404, ""),
    ("POST", "/api/projects", 400, ""),
    ("PATCH", "/api/projects/:projectId", 404, ""),
    ("DELETE", "/api/projects/:projectId", 404, ""),
    ("POST", "/api/projects/bulk-import", 400, "commit=false"),
    ("POST", "/api/webhooks/omg", 401, ""),
    ("GET", "/api/client-teams", 200, ""),
    ("POST", "/api/client-teams", 400, ""),
    ("PATCH", "/api/client-teams/:teamId", 404, ""),
    ("DELETE", "/api/client-teams/:teamId", 404, ""),
    ("POST", "/api/client-teams/:teamId/members", 404, ""),
    ("DELETE", "/api/client-teams/:teamId/members", 404, "userId=x"),
    ("GET", "/api/pods", 200, ""),
    ("POST", "/api/pods", 400, ""),
    ("PATCH", "/api/pods/:podId", 404, ""),
    ("DELETE", "/api/pods/:podId", 404, ""),
    ("POST", "/api/pods/:podId/members", 404, ""),
    ("DELETE", "/api/pods/:podId/members", 404, "userId=x"),
    ("GET", "/api/org/invitations", 200, ""),
    ("POST", "/api/org/invitations", 400, ""),
    ("DELETE", "/api/org/invitations/:id", 404, ""),
    ("GET", "/api/resources/bookings", 200, "weekStart=2026-04-20"),
    ("POST", "/api/resources/bookings", 400, ""),
    ("DELETE", "/api/resources/bookings/:id", 404, ""),
    ("GET", "/api/resources/job-numbers", 200, ""),
    ("GET", "/api/dashboard/stats", 200, ""),
    ("GET", "/api/my-work", 200, ""),
    ("GET", "/api/workload", 200, "numWeeks=8"),
    ("GET", "/api/calendar", 200, "startDate=2026-04-01&endDate=2026-04-30"),
    ("GET", "/api/reports/weekly", 200, "date=2026-04-20"),
    ("POST", "/api/search/semantic", 400, ""),
)
OPEN = {"/api/health", "/api/local-auth/login", "/api/webhooks/omg"}
# What roles may not do: permission comes before the body, so an empty one will do.
ADMINS = {
    ("POST", "/api/client-teams"),
    ("POST", "/api/pods"),
    ("POST", "/api/org/invitations"),
}
FORBIDDEN = (403, {"error": "Forbidden"})


@pytest.mark.parametrize(("method", "path", "status", "query"), MATRIX)
def test_it_is_served(each_tracker: Tracker, method: str, path: str, status: int, query: str) -> None:
    wanted = re.sub(r":\w+", "none", path) + (f"?{query}" if query else "")

    assert each_tracker.ask(method, wanted, {} if method in {"POST", "PATCH"} else None)[0] == status


@pytest.mark.parametrize(("method", "path", "status", "query"), MATRIX)
def test_it_needs_a_key(each_tracker: Tracker, method: str, path: str, status: int, query: str) -> None:
    answer = each_tracker.ask(method, f"{path}?{query}", {}, **{"X-API-Key": "wrong"})

    assert answer[0] == status if path in OPEN else answer == (401, {"error": "Unauthorized"})


@pytest.mark.parametrize("role", ["PRODUCER", "CREATIVE", "CLIENT"])
def test_what_a_role_may_not_do(each_tracker: Tracker, role: str) -> None:
    """Nothing is there, so nobody but the creating ones is refused for a role."""
    user = each_tracker.twin.add_user("jane@example.com", "Jane", role)
    headers = {"Cookie": f"authjs.session-token={each_tracker.twin.add_session(user)}", "X-API-Key": ""}
    refused = {}
    for method, path, status, query in MATRIX:
        wanted = re.sub(r":\w+", "none", path) + (f"?{query}" if query else "")
        answer = each_tracker.ask(method, wanted, {} if method in {"POST", "PATCH"} else None, **headers)
        if answer[0] != status:
            refused[method, path] = answer

    project = (403, {"error": "Missing permission: PROJECT_CREATE"})
    others = {
        ("POST", "/api/projects"): project,
        ("POST", "/api/projects/bulk-import"): project,
        ("POST", "/api/resources/bookings"): FORBIDDEN,
    }
    assert refused == {**dict.fromkeys(ADMINS, FORBIDDEN), **({} if role == "PRODUCER" else others)}


def test_nothing_else_is_there() -> None:
    served_now = {
        (route.method, re.sub(r"\{(\w+)\}", r":\1", route.path)) for kind in KINDS for route in kind.routes
    }

    assert served_now == {(method, path) for method, path, _, _ in MATRIX}


@pytest.mark.contract
def test_it_is_the_matrix_of_the_reference() -> None:
    found = set()
    for method, cell in re.findall(
        r"^\| (GET|POST|PATCH|DELETE) ([^|]*) \|", contract("studio-tracker.md"), re.MULTILINE
    ):
        found |= {(method, path.partition("?")[0]) for path in re.findall(r"`([^`]+)`", cell)}

    assert found == {(method, path) for method, path, _, _ in MATRIX}


def test_the_reads_of_the_user_interface(each_tracker: Tracker) -> None:
    for path in ("/api/dashboard/stats", "/api/my-work", "/api/calendar", "/api/reports/weekly?date=2026-04-20"):
        assert each_tracker.ask("GET", path) == (200, {})
    search = "/api/search/semantic"
    assert each_tracker.ask("POST", search, {"query": "launch"}) == (200, [])
    assert each_tracker.ask("POST", search, {}) == (400, {"error": "query: Required"})
    assert each_tracker.ask("POST", search, {"query": 3}) == (400, {"error": "query: Invalid input"})
    assert each_tracker.twin.log.writes() == []


def test_people_see_the_projects_of_their_teams() -> None:
    with served(TrackerTwin()) as tracker:
        tracker.twin.seed_world()
        users = {person["email"]: person["id"] for person in tracker.ask("GET", "/api/workload")[1]["users"]}
        seen = {}
        for email, user in users.items():
            session = tracker.twin.add_session(user)
            headers = {"Cookie": f"authjs.session-token={session}", "X-API-Key": ""}
            seen[email] = [
                project["omgJobNumber"] for project in tracker.ask("GET", "/api/projects", **headers)[1]
            ]
            numbers = [one["jobNumber"] for one in tracker.ask("GET", "/api/resources/job-numbers", **headers)[1]]
            assert numbers == seen[email]

    assert seen["admin@example.com"] == ["2337959", "2337960", "0040001"]
    assert seen["jane@example.com"] == seen["bob@example.com"] == ["2337959", "2337960"]
    assert (seen["maria@example.com"], seen["chen@example.com"]) == (["0040001"], [])
