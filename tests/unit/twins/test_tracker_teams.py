"""Client teams and members of the Studio Tracker twin, over a socket."""

from __future__ import annotations

import pytest

from reconciler.twins import TrackerTwin
from tests.unit.twins.served import Tracker, served

TEAMS = "/api/client-teams"


def make(world: Tracker, name: str, slug: str | None = None) -> str:
    status, team = world.ask("POST", TEAMS, {"name": name, **({"slug": slug} if slug else {})})
    assert status == 201, team
    return str(team["id"])


def project(world: Tracker, team: str, number: str = "2337959") -> str:
    body = {"projectCode": "EX-1", "name": "Launch", "omgJobNumber": number, "clientTeamId": team}
    status, answer = world.ask("POST", "/api/projects", body)
    assert status == 201, answer
    return str(answer["id"])


def flags(world: Tracker, user: str) -> dict[str, bool]:
    teams = world.ask("GET", TEAMS)[1]
    return {
        team["slug"]: member["isPrimary"]
        for team in teams
        for member in team["members"]
        if member["userId"] == user
    }


def test_a_new_team_has_no_members(tracker: Tracker) -> None:
    answer = tracker.ask("POST", TEAMS, {"name": "Brand", "slug": "brand"})

    team = {"id": "cmo7team1", "name": "Brand", "slug": "brand", "members": []}
    assert answer == (201, {**team, "_count": {"projects": 0, "members": 0}})


def test_adversarial_writes_answer_the_least(hard_tracker: Tracker) -> None:
    team = {"id": "cmo7team1", "name": "Brand", "slug": "brand"}

    assert hard_tracker.ask("POST", TEAMS, {"name": "Brand", "slug": "brand"}) == (201, team)
    assert hard_tracker.ask("PATCH", f"{TEAMS}/cmo7team1", {"name": "B"}) == (200, {**team, "name": "B"})


def test_the_list_shows_members_and_counts(tracker: Tracker) -> None:
    team = make(tracker, "Brand")
    user = tracker.twin.add_user("jane@example.com", "Jane Smith")
    tracker.ask("POST", f"{TEAMS}/{team}/members", {"userId": user, "isPrimary": True})
    project(tracker, team)

    person = {"id": user, "name": "Jane Smith", "email": "jane@example.com"}
    assert tracker.ask("GET", TEAMS)[1] == [
        {
            "id": team,
            "name": "Brand",
            "slug": "brand",
            "members": [{"userId": user, "isPrimary": True, "user": person}],
            "_count": {"projects": 1, "members": 1},
        }
    ]


def test_the_order_of_the_list(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        for name in ("Brand", "Art"):
            make(world, name)

    assert [team["slug"] for team in tracker.ask("GET", TEAMS)[1]] == ["brand", "art"]
    listed = hard_tracker.ask("GET", TEAMS)[1]
    assert [team["slug"] for team in listed] == ["art", "brand"]
    assert "_count" not in listed[0]


def test_a_slug_is_made_from_the_name(tracker: Tracker, hard_tracker: Tracker) -> None:
    assert tracker.ask("POST", TEAMS, {"name": " Brand & Safety! "})[1]["slug"] == "brand-safety"
    assert tracker.ask("POST", TEAMS, {"name": "Brand-Safety"}) == (400, {"error": "slug: already exists"})
    slugs = [hard_tracker.ask("POST", TEAMS, {"name": "Brand"})[1]["slug"] for _ in range(3)]
    assert slugs == ["brand", "brand-2", "brand-3"]


def test_a_taken_slug(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        make(world, "Brand", "brand")
        make(world, "Art", "art")
    taken = (400, {"error": "slug: already exists"})

    assert tracker.ask("POST", TEAMS, {"name": "Other", "slug": "brand"}) == taken
    assert tracker.ask("PATCH", f"{TEAMS}/cmo7team2", {"slug": "brand"}) == taken
    assert tracker.ask("PATCH", f"{TEAMS}/cmo7team2", {"slug": "art"})[0] == 200
    assert tracker.ask("POST", TEAMS, {"name": "Other", "slug": "Brand"})[0] == 201
    assert hard_tracker.ask("POST", TEAMS, {"name": "Other", "slug": "brand"})[0] == 201
    assert hard_tracker.ask("PATCH", f"{TEAMS}/cmo7team2", {"slug": "brand"})[0] == 200


def test_a_patch_changes_what_is_sent(tracker: Tracker) -> None:
    make(tracker, "Brand")

    assert tracker.ask("PATCH", f"{TEAMS}/cmo7team1", {"name": "Branding"})[1]["slug"] == "brand"
    assert tracker.ask("PATCH", f"{TEAMS}/cmo7team1", {"slug": "br"})[1]["name"] == "Branding"
    assert tracker.ask("PATCH", f"{TEAMS}/cmo7team1", {})[0] == 200


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "name: Required"),
        ({"slug": "brand"}, "name: Required"),
        ({"name": ""}, "name: Invalid input"),
        ({"name": None}, "name: Invalid input"),
        ({"name": 7}, "name: Invalid input"),
        ({"name": "Brand", "slug": ""}, "slug: Invalid input"),
        ({"name": "Brand", "slug": ["a"]}, "slug: Invalid input"),
        ({"name": "!!!"}, "slug: Invalid input"),
        ([], "Invalid JSON"),
        (None, "Invalid JSON"),
    ],
)
def test_a_wrong_team_is_refused(each_tracker: Tracker, body: object, text: str) -> None:
    before = each_tracker.twin.dump()

    assert each_tracker.ask("POST", TEAMS, body) == (400, {"error": text})
    assert each_tracker.twin.dump() == before


def test_unknown_keys(tracker: Tracker, hard_tracker: Tracker) -> None:
    body = {"name": "Brand", "colour": "red"}

    assert tracker.ask("POST", TEAMS, body)[0] == 201
    assert hard_tracker.ask("POST", TEAMS, body) == (400, {"error": "colour: Unrecognized key"})


def test_a_team_with_projects_cannot_be_deleted(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world, status in ((tracker, 400), (hard_tracker, 409)):
        team = make(world, "Brand")
        project(world, team)
        assert world.ask("DELETE", f"{TEAMS}/{team}") == (status, {"error": "Client team has projects"})


def test_a_delete_takes_the_memberships_along(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world, answer in ((tracker, (200, {"ok": True})), (hard_tracker, (204, None))):
        team = make(world, "Brand")
        user = world.twin.add_user("jane@example.com", "Jane")
        world.ask("POST", f"{TEAMS}/{team}/members", {"userId": user})
        assert world.ask("DELETE", f"{TEAMS}/{team}") == answer
        assert world.ask("DELETE", f"{TEAMS}/{team}") == (404, {"error": "Not found"})
        assert world.ask("GET", TEAMS) == (200, [])


def test_adding_and_removing_a_member(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world, gone in ((tracker, (200, {"ok": True})), (hard_tracker, (204, None))):
        members = f"{TEAMS}/{make(world, 'Brand')}/members"
        user = world.twin.add_user("jane@example.com", "Jane")
        assert world.ask("POST", members, {"userId": user}) == (201, {"userId": user, "isPrimary": False})
        assert world.ask("DELETE", f"{members}?userId={user}") == gone
        assert world.ask("DELETE", f"{members}?userId={user}") == (404, {"error": "Not found"})


def test_adding_a_present_member(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        make(world, "Brand")
        user = world.twin.add_user("jane@example.com", "Jane")
        world.ask("POST", f"{TEAMS}/cmo7team1/members", {"userId": user, "isPrimary": True})
    members = f"{TEAMS}/cmo7team1/members"

    assert tracker.ask("POST", members, {"userId": user})[1] == {"userId": user, "isPrimary": True}
    assert tracker.ask("POST", members, {"userId": user, "isPrimary": False})[1]["isPrimary"] is False
    refused = hard_tracker.ask("POST", members, {"userId": user, "isPrimary": False})
    assert refused == (400, {"error": "Already a member"})
    assert flags(hard_tracker, user) == {"brand": True}


def test_a_primary_clears_the_persons_others(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world, first in ((tracker, False), (hard_tracker, True)):
        teams = [make(world, "Brand"), make(world, "Art")]
        user = world.twin.add_user("jane@example.com", "Jane")
        for team in teams:
            world.ask("POST", f"{TEAMS}/{team}/members", {"userId": user, "isPrimary": True})
        assert flags(world, user) == {"brand": first, "art": True}


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        ({}, 400, "userId: Required"),
        ({"userId": 3}, 400, "userId: Invalid input"),
        ({"userId": "cmo7user1", "isPrimary": "yes"}, 400, "isPrimary: Invalid input"),
        ({"userId": "cmo7user1", "isPrimary": None}, 400, "isPrimary: Invalid input"),
        ({"userId": "nobody"}, 404, "Not found"),
        ("x", 400, "Invalid JSON"),
    ],
)
def test_a_wrong_member_is_refused(each_tracker: Tracker, body: object, status: int, text: str) -> None:
    team = make(each_tracker, "Brand")

    assert each_tracker.ask("POST", f"{TEAMS}/{team}/members", body) == (status, {"error": text})


def test_removing_needs_a_user(tracker: Tracker) -> None:
    members = f"{TEAMS}/{make(tracker, 'Brand')}/members"

    assert tracker.ask("DELETE", members) == (400, {"error": "userId: Required"})
    assert tracker.ask("DELETE", f"{members}?userId=") == (400, {"error": "userId: Required"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", f"{TEAMS}/none"),
        ("DELETE", f"{TEAMS}/none"),
        ("POST", f"{TEAMS}/none/members"),
        ("DELETE", f"{TEAMS}/none/members?userId=cmo7user1"),
    ],
)
def test_an_unknown_team(each_tracker: Tracker, method: str, path: str) -> None:
    assert each_tracker.ask(method, path, {}) == (404, {"error": "Not found"})


def test_members_can_be_hidden() -> None:
    with served(TrackerTwin(knobs={"members-hidden": "adversarial"})) as tracker:
        make(tracker, "Brand")
        assert "members" not in tracker.ask("GET", TEAMS)[1][0]
