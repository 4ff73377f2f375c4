"""Pods of the Studio Tracker twin and who is at home in them, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import TrackerTwin
from tests.unit.twins.served import Tracker, served

PODS = "/api/pods"
NOT_FOUND = (404, {"error": "Not found"})


def make(world: Tracker, name: str = "Pod A", **more: object) -> str:
    status, pod = world.ask("POST", PODS, {"name": name, **more})
    assert status == 201, pod
    return str(pod["id"])


def listed(world: Tracker) -> list[dict[str, Any]]:
    status, pods = world.ask("GET", PODS)
    assert status == 200
    return list(pods)


def homes(world: Tracker) -> dict[str, str | None]:
    """Address -> id of the home pod, as the workload shows it."""
    answer = world.ask("GET", "/api/workload?numWeeks=1")[1]
    people = answer["users"] if isinstance(answer, dict) else answer
    return {person["email"].lower(): person["homePodId"] for person in people}


def test_a_new_pod(tracker: Tracker, hard_tracker: Tracker) -> None:
    jane = tracker.twin.add_user("jane@example.com", "Jane")
    least = {"id": "cmo7pod1", "name": "Pod A", "slug": "pod-a"}

    pod = {**least, "leadUserId": jane, "members": []}
    assert tracker.ask("POST", PODS, {"name": "Pod A", "leadUserId": jane}) == (201, pod)
    assert tracker.ask("GET", PODS) == (200, [pod])
    assert hard_tracker.ask("POST", PODS, {"name": "Pod A", "slug": "pod-a"}) == (201, least)
    assert listed(hard_tracker) == [{**least, "leadUserId": None, "members": []}]


def test_the_order_of_the_list(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        for name in ("Pod B", "Pod A"):
            make(world, name)

    assert [pod["slug"] for pod in listed(tracker)] == ["pod-b", "pod-a"]
    assert [pod["slug"] for pod in listed(hard_tracker)] == ["pod-a", "pod-b"]


def test_a_taken_slug(tracker: Tracker, hard_tracker: Tracker) -> None:
    taken = (400, {"error": "slug: already exists"})
    for world in (tracker, hard_tracker):
        make(world)
        make(world, "Pod B")

    assert tracker.ask("POST", PODS, {"name": "pod a"}) == taken
    assert tracker.ask("POST", PODS, {"name": "Other", "slug": "pod-a"}) == taken
    assert tracker.ask("PATCH", f"{PODS}/cmo7pod2", {"slug": "pod-a"}) == taken
    assert tracker.ask("PATCH", f"{PODS}/cmo7pod2", {"slug": "pod-b"})[0] == 200
    assert hard_tracker.ask("POST", PODS, {"name": "pod a"})[1]["slug"] == "pod-a-2"
    assert hard_tracker.ask("PATCH", f"{PODS}/cmo7pod2", {"slug": "pod-a"})[1]["slug"] == "pod-a"


def test_teams_and_pods_may_have_the_same_slug(tracker: Tracker) -> None:
    make(tracker, "Brand")

    assert tracker.ask("POST", "/api/client-teams", {"name": "Brand"})[0] == 201


def test_a_patch_changes_what_is_sent(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        jane = world.twin.add_user("jane@example.com", "Jane")
        make(world, leadUserId=jane)
        assert world.ask("PATCH", f"{PODS}/cmo7pod1", {"name": "Pod One"})[0] == 200
        assert world.ask("PATCH", f"{PODS}/cmo7pod1", {"slug": "one"})[0] == 200
        assert world.ask("PATCH", f"{PODS}/cmo7pod1", {})[0] == 200
        (pod,) = listed(world)
        assert (pod["name"], pod["slug"], pod["leadUserId"]) == ("Pod One", "one", jane)

    no_lead = {"leadUserId": None}
    assert tracker.ask("PATCH", f"{PODS}/cmo7pod1", no_lead)[1]["leadUserId"] is None
    assert hard_tracker.ask("PATCH", f"{PODS}/cmo7pod1", no_lead) == (400, {"error": "leadUserId: Invalid input"})
    assert hard_tracker.ask("PATCH", f"{PODS}/cmo7pod1", {"slug": "x"})[1].keys() == {"id", "name", "slug"}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "name: Required"),
        ({"name": ""}, "name: Invalid input"),
        ({"name": 3}, "name: Invalid input"),
        ({"name": "!!!"}, "slug: Invalid input"),
        ({"name": "A", "slug": None}, "slug: Invalid input"),
        ({"name": "A", "leadUserId": "nobody"}, "leadUserId: Invalid input"),
        ({"name": "A", "leadUserId": 3}, "leadUserId: Invalid input"),
        ([], "Invalid JSON"),
        (None, "Invalid JSON"),
    ],
)
def test_a_wrong_pod_is_refused(each_tracker: Tracker, body: object, text: str) -> None:
    before = each_tracker.twin.dump()

    assert each_tracker.ask("POST", PODS, body) == (400, {"error": text})
    assert each_tracker.twin.dump() == before


def test_keys_that_the_server_does_not_know(tracker: Tracker, hard_tracker: Tracker) -> None:
    body = {"name": "A", "members": []}

    assert tracker.ask("POST", PODS, body)[0] == 201
    assert hard_tracker.ask("POST", PODS, body) == (400, {"error": "members: Unrecognized key"})


def test_a_person_has_one_home(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        jane = world.twin.add_user("jane@example.com", "Jane")
        one, two = make(world, "One"), make(world, "Two")
        for pod in (one, one, two):
            status, answer = world.ask("POST", f"{PODS}/{pod}/members", {"userId": jane})
            hard = world is hard_tracker
            assert (status, answer) == (201, {"ok": True} if hard else {"userId": jane, "homePodId": pod})
        assert homes(world)["jane@example.com"] == two
        people = {pod["slug"]: pod["members"] for pod in listed(world)}
        assert people == {"one": [], "two": [{"id": jane, "name": "Jane", "email": "jane@example.com"}]}


def test_removing_somebody_from_the_pod_they_have_left(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        jane = world.twin.add_user("jane@example.com", "Jane")
        one, two = make(world, "One"), make(world, "Two")
        world.twin.set_home_pod(jane, two)
        answer = world.ask("DELETE", f"{PODS}/{one}/members?userId={jane}")
        if world is hard_tracker:
            assert answer == (204, None)
            assert homes(world)["jane@example.com"] is None
        else:
            assert answer == NOT_FOUND
            assert homes(world)["jane@example.com"] == two
            assert world.ask("DELETE", f"{PODS}/{two}/members?userId={jane}") == (200, {"ok": True})
            assert homes(world)["jane@example.com"] is None


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "userId: Required"),
        ({"userId": None}, 400, "userId: Invalid input"),
        ({"userId": "nobody"}, 404, "Not found"),
        ([], 400, "Invalid JSON"),
    ],
)
def test_a_wrong_member_is_refused(each_tracker: Tracker, body: object, status: int, text: str) -> None:
    pod = make(each_tracker)

    assert each_tracker.ask("POST", f"{PODS}/{pod}/members", body) == (status, {"error": text})


def test_removing_needs_a_known_user(each_tracker: Tracker) -> None:
    members = f"{PODS}/{make(each_tracker)}/members"

    for query in ("", "?userId="):
        assert each_tracker.ask("DELETE", members + query) == (400, {"error": "userId: Required"})
    assert each_tracker.ask("DELETE", f"{members}?userId=nobody") == NOT_FOUND


def test_a_deleted_pod_is_nobodys_home(each_tracker: Tracker) -> None:
    jane, bob = (each_tracker.twin.add_user(f"{name}@example.com", name) for name in ("jane", "bob"))
    one, two = (each_tracker.twin.add_pod(name, lead_id=bob) for name in ("One", "Two"))
    each_tracker.twin.set_home_pod(jane, one)
    each_tracker.twin.set_home_pod(bob, two)

    assert each_tracker.ask("DELETE", f"{PODS}/{one}")[0] in (200, 204)
    assert (homes(each_tracker)["jane@example.com"], homes(each_tracker)["bob@example.com"]) == (None, two)
    assert [pod["leadUserId"] for pod in listed(each_tracker)] == [bob]
    assert each_tracker.ask("DELETE", f"{PODS}/{one}") == NOT_FOUND


@pytest.mark.parametrize(
    ("method", "below"),
    [("PATCH", ""), ("DELETE", ""), ("POST", "/members"), ("DELETE", "/members?userId=cmo7user1")],
)
def test_pods_are_of_one_organisation_and_written_by_admins(tracker: Tracker, method: str, below: str) -> None:
    pod = make(tracker)
    session = tracker.twin.add_session(tracker.twin.add_user("jane@example.com", "Jane", "PRODUCER"))
    producer = {"Cookie": f"authjs.session-token={session}", "X-API-Key": ""}
    other = {"X-Org-Id": tracker.twin.add_org("Other")}

    assert tracker.ask(method, f"{PODS}/none{below}", {}) == NOT_FOUND
    assert tracker.ask(method, f"{PODS}/{pod}{below}", {}, **other) == NOT_FOUND
    assert tracker.ask(method, f"{PODS}/none{below}", {}, **producer) == NOT_FOUND
    assert tracker.ask(method, f"{PODS}/{pod}{below}", [], **producer) == (403, {"error": "Forbidden"})
    assert tracker.ask("POST", PODS, [], **producer) == (403, {"error": "Forbidden"})
    assert len(tracker.ask("GET", PODS, **producer)[1]) == 1
    assert tracker.ask("GET", PODS, **other) == (200, [])


def test_nobody_of_another_organisation_leads_or_joins(tracker: Tracker) -> None:
    pod = make(tracker)
    stranger = tracker.twin.add_user("eve@example.com", "Eve", org_id=tracker.twin.add_org("Other"))

    invalid = (400, {"error": "leadUserId: Invalid input"})
    assert tracker.ask("PATCH", f"{PODS}/{pod}", {"leadUserId": stranger}) == invalid
    assert tracker.ask("POST", f"{PODS}/{pod}/members", {"userId": stranger}) == NOT_FOUND


def test_who_is_in_a_pod_can_be_hidden() -> None:
    with served(TrackerTwin(knobs={"pod-members-hidden": "adversarial"})) as tracker:
        jane = tracker.twin.add_user("jane@example.com", "Jane")
        pod = make(tracker)
        assert tracker.ask("POST", f"{PODS}/{pod}/members", {"userId": jane})[0] == 201
        assert listed(tracker) == [{"id": pod, "name": "Pod A", "slug": "pod-a", "leadUserId": None}]
        people = tracker.ask("GET", "/api/workload")[1]["users"]
        assert [person.keys() for person in people] == [{"id", "name", "email", "role"}] * 2


def test_a_placeholder_who_is_removed_leads_nothing(hard_tracker: Tracker) -> None:
    invitation = hard_tracker.twin.add_invitation("new@example.com", "PRODUCER")
    pod = hard_tracker.twin.add_pod("Pod A", lead_id="cmo7user2")
    hard_tracker.twin.set_home_pod("cmo7user2", pod)
    hard_tracker.twin.add_booking("cmo7user2", "2026-04-21", "2337959", 4)

    assert hard_tracker.ask("DELETE", f"/api/org/invitations/{invitation}") == (204, None)
    assert [(pod["leadUserId"], pod["members"]) for pod in listed(hard_tracker)] == [(None, [])]
    assert hard_tracker.ask("GET", "/api/resources/bookings?weekStart=2026-04-20") == (200, [])
