"""Steering a served twin over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from reconciler.twins import OmniTwin
from tests.unit.twins.served import Omni


def steer(world: Omni, method: str, path: str, body: object = None) -> tuple[int, Any]:
    reply = httpx.request(method, f"{world.origin}/__twin__/{path}", json=body)
    return reply.status_code, reply.json()


def test_the_log_is_read_and_cleared(omni: Omni) -> None:
    omni.ask("POST", "/v1/labels", {"name": "Draft"})
    status, log = steer(omni, "GET", "log")

    assert status == 200
    assert [(entry["call"], entry["status"]) for entry in log["requests"]] == [("POST /v1/labels", 201)]
    assert steer(omni, "DELETE", "log") == (200, {"ok": True})
    assert steer(omni, "GET", "log") == (200, {"requests": []})


def test_a_state_travels_from_twin_to_twin(omni: Omni, hard_omni: Omni) -> None:
    omni.twin.seed_world()
    state = steer(omni, "GET", "state")[1]

    assert steer(hard_omni, "PUT", "state", state) == (200, {"ok": True})
    assert steer(hard_omni, "GET", "state")[1] == state
    assert hard_omni.twin.digest() == omni.twin.digest()
    assert hard_omni.twin.knobs.profile == "plain"
    assert hard_omni.ask("GET", "/v1/folders") == omni.ask("GET", "/v1/folders")


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"state": {"cats": {}}}, "no collection 'cats'"),
        ({"state": {"labels": []}}, "labels is no object of records"),
        ({"state": {"labels": {"x": 1}}}, "labels/x is no object"),
        ({"state": {"labels": {"x": {"colour": "red"}}}}, "labels/x: "),
        ({"state": 7}, "state is no object"),
        ({"clock": "noon"}, "clock: "),
        ({"clock": "2030-01-01", "state": {"cats": {}}}, "no collection"),
        ({"counters": {"1": "x"}}, "counters are numbers"),
        ({"knobs": {"OA-P99": "plain"}}, "no knob 'OA-P99'"),
        ({"profile": "angry"}, "not 'angry'"),
        ({"provider": "studio-tracker"}, "this is the twin of omni-analytics"),
        ([], "a state is an object"),
    ],
)
def test_a_wrong_state_changes_nothing(omni: Omni, wrong: object, text: str) -> None:
    before = omni.twin.dump()
    status, answer = steer(omni, "PUT", "state", wrong)

    assert status == 400
    assert text in answer["error"]
    assert omni.twin.dump() == before


def test_faults_are_armed_and_cleared(omni: Omni) -> None:
    faults = [{"act": "status", "status": 503}, {"act": "drop", "effect": True, "nth": 9, "times": None}]

    assert steer(omni, "POST", "fault", faults) == (200, {"armed": 2})
    assert omni.ask("GET", "/v1/labels")[0] == 503
    assert steer(omni, "POST", "fault", {"act": "status", "times": None}) == (200, {"armed": 1})
    assert omni.ask("GET", "/v1/labels")[0] == 500
    assert steer(omni, "DELETE", "fault") == (200, {"ok": True})
    assert omni.ask("GET", "/v1/labels")[0] == 200


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({}, "an object with an 'act'"),
        ("drop", "an object with an 'act'"),
        ({"act": "explode"}, "no fault 'explode'"),
        ({"act": "drop", "when": "now"}, "no 'when'"),
        ({"act": "drop", "nth": "2"}, "nth: '2' is of the wrong type"),
        ({"act": "drop", "nth": True}, "nth: True is of the wrong type"),
        ([{"act": "drop"}, {"act": "drop", "path": "("}], "no regular expression"),
    ],
)
def test_a_wrong_fault_arms_nothing(omni: Omni, wrong: object, text: str) -> None:
    status, answer = steer(omni, "POST", "fault", wrong)

    assert status == 400
    assert text in answer["error"]
    assert omni.ask("GET", "/v1/labels")[0] == 200


def test_knobs_are_set_singly_or_by_profile(omni: Omni) -> None:
    status, answer = steer(omni, "PUT", "knobs", {"OA-P1": "adversarial"})

    assert (status, answer["profile"]) == (200, "plain")
    assert answer["knobs"]["OA-P1"] == "adversarial"
    assert omni.ask("GET", "/v1/labels/none")[1]["error"] == "404"
    answer = steer(omni, "PUT", "knobs", {"profile": "adversarial", "OA-P1": "plain"})[1]
    assert answer["knobs"].pop("OA-P1") == "plain"
    switches = {knob.name for knob in omni.twin.questions if knob.switch}
    assert {reading for name, reading in answer["knobs"].items() if name not in switches} == {"adversarial"}
    assert {answer["knobs"][name] for name in switches} == {"plain"}
    assert steer(omni, "GET", "knobs")[1]["profile"] == "adversarial"


@pytest.mark.parametrize("wrong", [{"OA-P1": "soft"}, {"OA-P99": "plain"}, [], {"profile": 1}])
def test_wrong_knobs(omni: Omni, wrong: object) -> None:
    assert steer(omni, "PUT", "knobs", wrong)[0] == 400


def test_an_edit_is_neither_logged_nor_spoiled(omni: Omni) -> None:
    steer(omni, "POST", "fault", {"act": "status"})
    edit = {"method": "POST", "path": "/v1/labels?userId=x", "body": {"name": "Draft"}}
    label = {"name": "Draft", "verified": False, "homepage": False, "usage_count": 0}

    assert steer(omni, "POST", "edit", edit) == (200, {"status": 201, "body": label})
    assert steer(omni, "POST", "edit", edit)[1]["status"] == 409
    assert len(omni.twin.log) == 0
    assert omni.ask("GET", "/v1/labels")[0] == 500


@pytest.mark.parametrize(
    "wrong", [None, [], {"method": "GET"}, {"path": "/v1/labels"}, {"method": 1, "path": "/"}]
)
def test_a_wrong_edit(omni: Omni, wrong: object) -> None:
    assert steer(omni, "POST", "edit", wrong)[0] == 400


def test_what_is_no_control_route(omni: Omni) -> None:
    assert httpx.get(omni.origin + "/__twin__/nothing").status_code == 404
    assert httpx.get(omni.origin + "/__twin__/edit").status_code == 405
    assert httpx.put(omni.origin + "/__twin__/state", content=b"{").status_code == 400
    assert len(omni.twin.log) == 0


def test_only_this_machine_steers() -> None:
    import asyncio

    transport = httpx.ASGITransport(OmniTwin().app, client=("203.0.113.9", 4711))

    async def ask() -> int:
        async with httpx.AsyncClient(transport=transport, base_url="http://twin.example.com") as client:
            return (await client.get("/__twin__/state")).status_code

    assert asyncio.run(ask()) == 403
