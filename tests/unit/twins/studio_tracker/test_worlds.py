"""The seeded world of the tracker, and the view in which worlds are compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from reconciler.twins import PROFILES, TrackerTwin

BOOKINGS = "/api/resources/bookings?weekStart=2026-04-20"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_seeded_world(profile: str) -> None:
    twin = TrackerTwin(profile)
    twin.seed_world()
    seen: Any = twin.view()

    assert [(pod["slug"], pod["lead"]) for pod in seen["pods"]] == [
        ("pod-a", "jane@example.com"),
        ("pod-b", "maria@example.com"),
    ]
    homes = {email: person["homePod"] for email, person in seen["people"].items() if person["homePod"]}
    assert homes == {"jane@example.com": "pod-a", "bob@example.com": "pod-a", "maria@example.com": "pod-b"}
    week = twin.edit("GET", BOOKINGS).body
    assert isinstance(week, list)
    assert len(week) == len(seen["bookings"]) == 5
    numbers = {project["number"] for project in seen["projects"]}
    assert {booking["jobNumber"] for booking in seen["bookings"]} == numbers
    assert len(seen["others"]) == (profile == "adversarial")


def test_a_view_knows_no_ids_and_no_times() -> None:
    one, two = TrackerTwin(), TrackerTwin(seed=7)
    two.clock.advance(3600)
    for twin, names in ((one, ("Ape", "Bear")), (two, ("Bear", "Ape"))):
        users = {name: twin.add_user(f"{name.lower()}@example.com", name) for name in names}
        for name in names:
            twin.set_home_pod(users[name], twin.add_pod(name, lead_id=users["Ape"]))
            twin.edit("POST", "/api/client-teams", {"name": name})
            twin.fire_feed({"number": name, "name": name, "team": name, "outputs": 2}, "job.created")
        for name in names:
            twin.add_booking(users[name], "2026-04-21", name, 4)
        twin.add_invitation("new@example.com", "PRODUCER")
        twin.add_session(users["Ape"])

    assert one.view() == two.view()
    assert one.digest() != two.digest()
    assert "cmo7" not in json.dumps(two.view())


@pytest.mark.parametrize(
    "deed",
    [
        lambda twin: twin.add_pod("More"),
        lambda twin: twin.set_home_pod("cmo7user2", "cmo7pod2"),
        lambda twin: twin.set_home_pod("cmo7user2", None),
        lambda twin: twin.add_booking("cmo7user2", "2026-04-20", "2337959", 4, "Client review prep"),
        lambda twin: twin.edit("DELETE", "/api/resources/bookings/cmo7book1"),
        lambda twin: twin.edit("PATCH", "/api/pods/cmo7pod1", {"leadUserId": None}),
        lambda twin: twin.edit("PATCH", "/api/projects/cmo7proj1", {"status": "ACTIVE"}),
        lambda twin: twin.add_deliverable("cmo7proj1", "Output 1"),
        lambda twin: twin.accept_invitation("cmo7inv1"),
        lambda twin: twin.add_org("Another"),
    ],
)
def test_a_view_shows_every_difference(deed: Any) -> None:
    twin = TrackerTwin()
    twin.seed_world()
    before = twin.view()
    deed(twin)

    assert twin.view() != before


def test_a_state_survives_json() -> None:
    twin, other = TrackerTwin(), TrackerTwin()
    twin.seed_world()
    other.load(json.loads(json.dumps(twin.dump())))

    assert other.view() == twin.view()
