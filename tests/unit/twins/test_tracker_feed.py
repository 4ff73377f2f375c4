"""The signed job feed of the Studio Tracker twin, and the small reads, over a socket."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.twins import TrackerTwin
from reconciler.twins.studio_tracker.things import Team
from tests.unit.twins.served import TRUST, Tracker, contract, served
from tests.unit.twins.sheets import imported, job, projects

FEED = "/api/webhooks/omg"
SECRET = "test-secret"
BODY = (
    '{"event":"job.updated","timestamp":"2026-04-21T12:00:00Z",'
    '"job":{"number":"2337959","name":"Test","team":"Brand"}}'
)
SIGNATURE = "sha256=3abf0cea15f7abb63eb31c3d46152149af520d165a44d98a2244d9292a41a574"
LONG = (
    '{"event":"job.created","timestamp":"2026-04-21T12:34:56Z","job":{"number":"2400001",'
    '"name":"2400001 — BRND-New","team":"Brand","category":"PDF","status":"In production","priority":"High",'
    '"dates":{"accepted":"2026-03-10T00:00:00Z","externalDeadline":"2026-04-03T00:00:00Z"},"outputs":3},'
    '"raw":{"omgId":77}}'
)
LONG_SIGNATURE = "sha256=cba29aebdb70982b212d57b75c68e912bb808c14fc3b9e6ffb11494b453a45e3"
UNSIGNED, UNREAD = (401, {"error": "Invalid signature"}), (400, {"error": "Invalid payload"})


@pytest.fixture(autouse=True)
def _known_secret(request: pytest.FixtureRequest) -> None:
    for name in ("tracker", "hard_tracker", "each_tracker"):
        if name in request.fixturenames:
            request.getfixturevalue(name).twin.feed.secret = SECRET


def post(world: Tracker, body: str, signature: str | None = None) -> tuple[int, Any]:
    """Sent as the feed does: without a key."""
    headers = {} if signature is None else {"X-OMG-Signature": signature}
    reply = httpx.post(world.url + FEED, content=body.encode(), headers=headers, verify=TRUST)
    return reply.status_code, reply.json()


def signed(world: Tracker, payload: object) -> tuple[int, Any]:
    body = json.dumps(payload)
    return post(world, body, "sha256=" + hmac.new(SECRET.encode(), body.encode(), hashlib.sha256).hexdigest())


def fire(world: Tracker, job: object, event: str = "job.updated", **more: object) -> tuple[int, Any]:
    return signed(world, {"event": event, "job": job, **more})


def test_the_body_of_the_page(each_tracker: Tracker) -> None:
    assert len(BODY) == 114
    assert post(each_tracker, BODY, SIGNATURE) == (200, {"ok": True, "projectId": "cmo7proj1"})
    project = projects(each_tracker)["2337959"]
    assert (project["name"], project["clientTeam"]["slug"], project["projectCode"]) == ("Test", "brand", None)
    assert (project["status"], project["priority"], project["deliverables"]) == ("PIPELINE", "MEDIUM", [])


def test_a_body_beyond_ascii(each_tracker: Tracker) -> None:
    assert len(LONG.encode()) == 307
    assert post(each_tracker, LONG, LONG_SIGNATURE)[0] == 200
    project = projects(each_tracker)["2400001"]
    assert project["name"] == "2400001 — BRND-New"
    assert (project["businessUnit"], project["status"], project["priority"]) == ("PDF", "ACTIVE", "HIGH")
    assert project["startDate"] == "2026-03-10T00:00:00.000Z"
    assert project["dueDate"] == "2026-04-03T00:00:00.000Z"
    assert project["customFields"] == {"omgId": 77}
    assert [d["name"] for d in project["deliverables"]] == ["Output 1", "Output 2", "Output 3"]
    assert len(project["deliverables"][0]["stages"]) == 4


@pytest.mark.contract
def test_the_signatures_of_the_reference() -> None:
    text = contract("studio-tracker.md")

    for body, signature in ((BODY, SIGNATURE), (LONG, LONG_SIGNATURE)):
        assert f"`{body}`" in text
        assert re.search(rf"`(?:X-OMG-Signature: )?{signature}`", text)


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "sha256=",
        SIGNATURE.upper(),
        SIGNATURE.removeprefix("sha256="),
        LONG_SIGNATURE,
        SIGNATURE + "0",
        "é",
    ],
)
def test_a_wrong_signature(each_tracker: Tracker, signature: str | None) -> None:
    before = each_tracker.twin.dump()

    if signature == "é":
        reply = httpx.post(
            each_tracker.url + FEED, content=BODY, headers={b"X-OMG-Signature": b"\xe9"}, verify=TRUST
        )
        assert (reply.status_code, reply.json()) == UNSIGNED
    else:
        assert post(each_tracker, BODY, signature) == UNSIGNED
    assert each_tracker.twin.dump() == before


def test_the_signature_is_over_the_raw_bytes(tracker: Tracker) -> None:
    assert post(tracker, BODY.replace(",", ", "), SIGNATURE) == UNSIGNED
    assert post(tracker, "{broken", SIGNATURE) == UNSIGNED
    tracker.twin.feed.secret = "another"
    assert post(tracker, BODY, SIGNATURE) == UNSIGNED


def test_a_switch_skips_the_signature(tracker: Tracker) -> None:
    tracker.twin.feed.allow_unsigned = True

    assert post(tracker, BODY)[0] == 200
    assert post(tracker, "{broken") == UNREAD


@pytest.mark.parametrize(
    "payload",
    [
        [],
        None,
        "job.updated",
        {"job": {"number": "1"}},
        {"event": "job.deleted", "job": {"number": "1"}},
        {"event": ["job.updated"], "job": {"number": "1"}},
        {"event": "job.updated"},
        {"event": "job.updated", "job": []},
        {"event": "job.updated", "job": {"name": "x"}},
        {"event": "job.updated", "job": {"number": 1}},
        {"event": "job.updated", "job": {"number": ""}},
    ],
)
def test_what_is_no_payload(each_tracker: Tracker, payload: object) -> None:
    before = each_tracker.twin.dump()

    assert signed(each_tracker, payload) == UNREAD
    assert each_tracker.twin.dump() == before


@pytest.mark.parametrize(
    "event", ["job.created", "job.updated", "job.assigned", "job.status_changed", "job.completed"]
)
def test_an_event_sets_nothing_by_itself(tracker: Tracker, event: str) -> None:
    assert fire(tracker, {"number": "1"}, event)[0] == 200
    project = projects(tracker)["1"]
    assert (project["name"], project["status"], project["clientTeam"]) == ("1", "PIPELINE", None)


def test_what_is_absent_or_unknown_changes_nothing(each_tracker: Tracker) -> None:
    imported(each_tracker, job(team="Brand", owner="Celena", risk="High", status="On hold", _of_outputs=2))
    before = projects(each_tracker)["1"]
    odd = {"name": 5, "team": "", "category": None, "status": "Done", "priority": "urgent", "outputs": "many"}
    odd_dates: dict[str, object] = {"accepted": "soon", "externalDeadline": 5}
    told: list[dict[str, object]] = [{}, {"outputs": 9, "client": "x", "assignees": ["y"]}, {"dates": []}]
    for sent in (*told, {**odd, "dates": odd_dates}):
        assert fire(each_tracker, {"number": "1", **sent}, raw="none")[0] == 200

    after = projects(each_tracker)["1"]
    assert {**after, "updatedAt": ""} == {**before, "updatedAt": ""}


def test_a_job_that_was_imported_is_changed_in_place(each_tracker: Tracker) -> None:
    imported(each_tracker, job(team="Brand", _of_outputs=2))
    fire(each_tracker, {"number": "1", "name": "Fed", "team": "Other", "status": "amends"}, raw={"a": 1, "b": {}})
    fire(each_tracker, {"number": "1"}, raw={"a": {"x": 2}})
    project = projects(each_tracker)["1"]

    assert (project["name"], project["status"], project["clientTeam"]["slug"]) == ("Fed", "ACTIVE", "other")
    assert project["customFields"] == {"a": {"x": 2}, "b": {}}
    assert len(project["deliverables"]) == 2


def test_a_replay_writes_the_same_values(each_tracker: Tracker) -> None:
    first = post(each_tracker, LONG, LONG_SIGNATURE)
    before = projects(each_tracker)["2400001"]

    assert post(each_tracker, LONG, LONG_SIGNATURE) == first
    assert {**projects(each_tracker)["2400001"], "updatedAt": ""} == {**before, "updatedAt": ""}


def test_a_team_is_found_by_name_then_by_slug(each_tracker: Tracker) -> None:
    for name, slug in (("Brand", "renamed"), ("Brand Two", "brand")):
        each_tracker.ask("POST", "/api/client-teams", {"name": name, "slug": slug})
    for number, team in (("1", "BRAND"), ("2", "Brand!"), ("3", "New Team"), ("4", "!!!")):
        fire(each_tracker, {"number": number, "team": team})
    teams = {
        number: (project["clientTeam"] or {}).get("slug") for number, project in projects(each_tracker).items()
    }

    assert teams == {"1": "renamed", "2": "brand", "3": "new-team", "4": None}
    assert [t.name for t in each_tracker.twin.state.of(Team).values()] == ["Brand", "Brand Two", "New Team"]


def test_the_feed_writes_to_the_first_organisation(tracker: Tracker) -> None:
    first = tracker.twin.add_org("First", first=True)
    fire(tracker, {"number": "1"})

    assert projects(tracker) == {}
    assert len(tracker.ask("GET", "/api/projects", **{"X-Org-Id": first})[1]) == 1


def test_the_log_hides_the_signature(tracker: Tracker) -> None:
    post(tracker, BODY, SIGNATURE)
    (entry,) = tracker.twin.log

    assert (entry.headers["x-omg-signature"], entry.write, entry.changed) == ("***", True, True)


def test_the_twin_fires_the_feed_by_itself(each_tracker: Tracker) -> None:
    each_tracker.twin.fire_feed({"number": "1", "name": "One"}, "job.created", {"omgId": 1})
    each_tracker.twin.fire_feed_before(2, {"number": "1", "name": "Two"}, method="GET", path="projects$")
    seen = [each_tracker.ask("GET", "/api/projects")[1][0]["name"] for _ in range(3)]

    assert seen == ["One", "Two", "Two"]
    assert each_tracker.twin.log.calls() == ["GET /api/projects"] * 3
    with pytest.raises(ValueError, match="Invalid payload"):
        each_tracker.twin.fire_feed({"name": "without a number"})


def test_the_feed_can_be_fired_from_another_process(tracker: Tracker) -> None:
    edit = {"method": "POST", "path": FEED, "body": json.loads(BODY)}
    answer = httpx.post(f"{tracker.origin}/__twin__/edit", json=edit, verify=TRUST).json()

    assert answer == {"status": 200, "body": {"ok": True, "projectId": "cmo7proj1"}}


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(max_size=3), SCALARS, max_size=2)
SAID = st.fixed_dictionaries(
    {"number": VALUES | st.just("1")},
    optional=dict.fromkeys(("name", "team", "category", "status", "priority", "dates", "outputs"), VALUES),
)


@given(said=st.lists(SAID | VALUES, min_size=1, max_size=3), raw=VALUES)
def test_no_payload_breaks_the_twin(said: list[Any], raw: Any) -> None:
    twin = TrackerTwin()
    for one in said:
        before = twin.dump()
        payload = {"event": "job.updated", "job": one, "raw": raw}
        answer = twin.edit("POST", FEED, payload)
        assert answer.status in {200, 400}
        assert answer.ok or twin.dump() == before
    assert twin.edit("GET", "/api/projects").ok


def test_job_numbers_to_choose_from(tracker: Tracker) -> None:
    imported(tracker, job("0040001", "Launch", team="Brand"))
    tracker.twin.add_project("Without a number")
    session = tracker.twin.add_session(tracker.twin.add_user("bob@example.com", "Bob"))
    path, cookie = "/api/resources/job-numbers", {"Cookie": f"authjs.session-token={session}", "X-API-Key": ""}

    assert tracker.ask("GET", path) == (200, [{"jobNumber": "0040001", "name": "Launch"}])
    assert tracker.ask("GET", path, **cookie) == (200, [])


def test_a_login() -> None:
    with served(TrackerTwin()) as tracker:
        user = tracker.twin.add_user("Jane@example.com", "Jane", "PRODUCER")
        body = {"email": "jane@example.com", "password": "s3cret"}
        login = tracker.url + "/api/local-auth/login"
        with httpx.Client(verify=TRUST) as person:
            assert person.post(login, json=body).json() == {"error": "Unauthorized"}
            tracker.twin.set_password(user, "s3cret")
            assert person.post(login, json={**body, "password": "S3cret"}).status_code == 401
            assert person.post(login, json={"email": "x"}).json() == {"error": "password: Required"}
            assert person.get(tracker.url + "/api/projects").status_code == 401
            reply = person.post(login, json=body)
            assert (reply.status_code, reply.json()) == (200, {"ok": True})
            assert "authjs.session-token" in reply.cookies
            assert person.get(tracker.url + "/api/projects").json() == []
