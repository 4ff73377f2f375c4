"""Invitations and people of the Studio Tracker twin, over a socket."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import TrackerTwin
from tests.unit.twins.served import Tracker, served

INVITATIONS = "/api/org/invitations"


def invite(world: Tracker, email: str = "new@example.com", role: str = "PRODUCER", **more: object) -> Any:
    status, answer = world.ask("POST", INVITATIONS, {"email": email, "role": role, **more})
    assert status == 201, answer
    return answer


def listed(world: Tracker) -> list[dict[str, Any]]:
    status, answer = world.ask("GET", INVITATIONS)
    assert status == 200
    return list(answer)


def people(world: Tracker) -> dict[str, str]:
    """Address -> role, as the workload shows them."""
    answer = world.ask("GET", "/api/workload?numWeeks=1")[1]
    shown = answer["users"] if isinstance(answer, dict) else answer
    return {person["email"].lower(): person["role"] for person in shown}


def test_an_invitation_makes_a_placeholder(tracker: Tracker) -> None:
    answer = invite(tracker, isExternal=True)

    link = f"{tracker.url}/reset-password/tok1"
    assert answer == {"id": "cmo7inv1", "email": "new@example.com", "acceptUrl": link}
    assert listed(tracker)[0]["isExternal"] is True
    assert people(tracker)["new@example.com"] == "PRODUCER"


def test_whose_id_is_answered(hard_tracker: Tracker) -> None:
    answer = invite(hard_tracker)

    assert answer["id"] == "cmo7user2"
    assert [item["id"] for item in listed(hard_tracker)] == ["cmo7inv1"]
    assert hard_tracker.ask("DELETE", f"{INVITATIONS}/{answer['id']}") == (404, {"error": "Not found"})


def test_one_invitation_an_address_and_a_new_token_each_time(each_tracker: Tracker) -> None:
    first = invite(each_tracker, isExternal=True)
    second = invite(each_tracker, "NEW@Example.com", "CREATIVE")
    (item,) = listed(each_tracker)

    assert (second["id"], second["email"]) == (first["id"], "new@example.com")
    assert second["acceptUrl"] != first["acceptUrl"]
    assert (item["role"], item["isExternal"]) == ("CREATIVE", False)
    assert people(each_tracker)["new@example.com"] == "CREATIVE"


def test_an_invitation_for_somebody_with_an_account(each_tracker: Tracker) -> None:
    user = each_tracker.twin.add_user("jane@example.com", "Jane")
    invite(each_tracker, "Jane@example.com", "ADMIN")

    assert [item["email"] for item in listed(each_tracker)] == ["jane@example.com"]
    assert people(each_tracker)["jane@example.com"] == "ADMIN"
    each_tracker.ask("DELETE", f"{INVITATIONS}/cmo7inv1")
    assert user in each_tracker.twin.dump()["state"]["users"]  # type: ignore[index,call-overload,operator]


def test_an_accepted_invitation_leaves_the_list(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        invite(world)
        assert world.twin.accept_invitation("cmo7inv1") == "cmo7user2"
        assert listed(world) == []
        assert "new@example.com" in people(world)
        assert world.ask("DELETE", f"{INVITATIONS}/cmo7inv1") == (404, {"error": "Not found"})
        again = invite(world, role="CREATIVE")
        assert again["acceptUrl"].endswith("tok2")
        assert people(world)["new@example.com"] == "CREATIVE"

    assert listed(tracker) == []
    assert [item["email"] for item in listed(hard_tracker)] == ["new@example.com"]
    assert hard_tracker.ask("DELETE", f"{INVITATIONS}/{listed(hard_tracker)[0]['id']}") == (204, None)
    assert "new@example.com" in people(hard_tracker)


def test_only_a_pending_invitation_can_be_accepted(tracker: Tracker) -> None:
    with pytest.raises(KeyError):
        tracker.twin.accept_invitation("cmo7inv1")


def test_a_revoked_invitation(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        invite(world)
        team = world.ask("POST", "/api/client-teams", {"name": "Brand"})[1]["id"]
        assert world.ask("POST", f"/api/client-teams/{team}/members", {"userId": "cmo7user2"})[0] == 201
        world.twin.add_session("cmo7user2")

    assert tracker.ask("DELETE", f"{INVITATIONS}/cmo7inv1") == (200, {"ok": True})
    assert hard_tracker.ask("DELETE", f"{INVITATIONS}/cmo7inv1") == (204, None)
    assert ("new@example.com" in people(tracker), "new@example.com" in people(hard_tracker)) == (True, False)
    members = [world.ask("GET", "/api/client-teams")[1][0]["members"] for world in (tracker, hard_tracker)]
    assert [len(of_one) for of_one in members] == [1, 0]
    for world in (tracker, hard_tracker):
        assert listed(world) == []
        assert world.ask("DELETE", f"{INVITATIONS}/cmo7inv1") == (404, {"error": "Not found"})


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"role": "ADMIN"}, "email: Required"),
        ({"email": "nobody", "role": "ADMIN"}, "email: Invalid input"),
        ({"email": "a b@example.com", "role": "ADMIN"}, "email: Invalid input"),
        ({"email": None, "role": "ADMIN"}, "email: Invalid input"),
        ({"email": "a@example.com"}, "role: Invalid input"),
        ({"email": "a@example.com", "role": "OWNER"}, "role: Invalid input"),
        ({"email": "a@example.com", "role": "ADMIN", "isExternal": "no"}, "isExternal: Invalid input"),
        ([], "Invalid JSON"),
    ],
)
def test_wrong_invitations_are_refused(each_tracker: Tracker, body: object, text: str) -> None:
    before = each_tracker.twin.dump()

    assert each_tracker.ask("POST", INVITATIONS, body) == (400, {"error": text})
    assert each_tracker.twin.dump() == before


def test_keys_that_the_server_does_not_know(tracker: Tracker, hard_tracker: Tracker) -> None:
    body = {"email": "a@example.com", "role": "ADMIN", "note": "hello"}

    assert tracker.ask("POST", INVITATIONS, body)[0] == 201
    assert hard_tracker.ask("POST", INVITATIONS, body) == (400, {"error": "note: Unrecognized key"})


def test_only_admins_invite_and_only_at_home(tracker: Tracker) -> None:
    invite(tracker)
    session = tracker.twin.add_session(tracker.twin.add_user("jane@example.com", "Jane", "PRODUCER"))
    headers = {"Cookie": f"authjs.session-token={session}", "X-API-Key": ""}

    assert tracker.ask("POST", INVITATIONS, [], **headers) == (403, {"error": "Forbidden"})
    assert tracker.ask("DELETE", f"{INVITATIONS}/cmo7inv1", **headers) == (403, {"error": "Forbidden"})
    assert tracker.ask("DELETE", f"{INVITATIONS}/cmo7inv9", **headers) == (404, {"error": "Not found"})
    other = {"X-Org-Id": tracker.twin.add_org("Other")}
    assert tracker.ask("GET", INVITATIONS, **other) == (200, [])
    assert tracker.ask("DELETE", f"{INVITATIONS}/cmo7inv1", **other)[0] == 404
    assert tracker.ask("POST", INVITATIONS, {"email": "new@example.com", "role": "CLIENT"}, **other)[0] == 201
    assert people(tracker)["new@example.com"] == "PRODUCER"


def test_people_are_found_in_two_places(tracker: Tracker, hard_tracker: Tracker) -> None:
    for world in (tracker, hard_tracker):
        world.twin.add_invitation("new@example.com", "PRODUCER")
    invitation = {
        "id": "cmo7inv1",
        "email": "new@example.com",
        "role": "PRODUCER",
        "isExternal": False,
        "userId": "cmo7user2",
        "createdAt": "2026-04-20T09:59:59.000Z",
    }
    person = {"id": "cmo7user2", "name": "new@example.com", "role": "PRODUCER", "homePodId": None}

    assert tracker.ask("GET", "/api/org/invitations") == (200, [invitation])
    del invitation["userId"]
    assert hard_tracker.ask("GET", "/api/org/invitations") == (200, [invitation])
    plain = tracker.ask("GET", "/api/workload?numWeeks=1")[1]
    assert plain["users"][1] == {**person, "email": "new@example.com"}
    hard = hard_tracker.ask("GET", "/api/workload?numWeeks=1")[1]
    assert hard[1] == {**person, "email": "NEW@EXAMPLE.COM"}


def test_people_can_be_hidden() -> None:
    with served(TrackerTwin(knobs={"no-people": "adversarial"})) as tracker:
        tracker.twin.add_invitation("new@example.com", "PRODUCER")
        assert tracker.ask("GET", "/api/org/invitations") == (200, [])
        assert tracker.ask("GET", "/api/workload") == (200, {"users": []})
