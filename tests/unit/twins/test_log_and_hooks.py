"""The request log, and callbacks at a chosen request."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial

import httpx
import pytest

from reconciler.twins import PHASES, Fault, LogEntry, OmniTwin, Phase
from tests.unit.twins.served import Omni, Tracker, served


def test_every_request_is_logged_as_sent(omni: Omni) -> None:
    omni.client.get(omni.url + "/v1/labels/In%20Review%2fX", params={"userId": "a b"})
    omni.ask("POST", "/v1/labels", {"name": "Draft"})
    omni.client.post(omni.url + "/v1/labels", content=b"{broken")
    omni.ask("GET", "/v1/labels", Authorization="Bearer wrong")
    first, second, third, fourth = omni.twin.log

    assert (first.n, first.method, first.path) == (1, "GET", "/api/v1/labels/In%20Review%2fX")
    assert (first.query, first.status, first.body) == ("userId=a+b", 404, None)
    assert (second.body, second.status, second.write, second.changed) == ({"name": "Draft"}, 201, True, True)
    assert (third.body, third.status, third.changed) == (None, 400, False)
    assert (fourth.status, fourth.write) == (401, False)
    assert omni.twin.log.calls() == [
        "GET /v1/labels/In%20Review%2fX?userId=a+b",
        "POST /v1/labels",
        "POST /v1/labels",
        "GET /v1/labels",
    ]
    assert [entry.n for entry in omni.twin.log.writes()] == [2, 3]
    assert (first.time, third.time) == ("2026-01-01T00:00:00.000Z", "2026-01-01T00:00:01.000Z")
    assert first.at <= second.at


def test_the_log_keeps_no_secret(omni: Omni, tracker: Tracker) -> None:
    omni.ask("GET", "/v1/labels")
    tracker.ask("GET", "/api/workload", Cookie="authjs.session-token=s3cret")
    shown = [dict(world.twin.log[0].headers) for world in (omni, tracker)]

    assert shown[0]["authorization"] == shown[1]["x-api-key"] == shown[1]["cookie"] == "***"
    assert shown[1]["x-org-id"] == tracker.twin.org_id
    assert not any(secret in str(shown) for secret in ("omni_osk_test", "k1", "s3cret"))


def test_the_log_can_be_cleared(omni: Omni) -> None:
    omni.ask("GET", "/v1/labels")
    omni.twin.log.clear()
    omni.ask("GET", "/v1/folders")

    assert (len(omni.twin.log), omni.twin.log[0].n) == (1, 2)


def test_hooks_see_a_request_pass(omni: Omni) -> None:
    seen: list[tuple[str, int | None, bool]] = []

    def note(phase: str, entry: LogEntry) -> None:
        seen.append((phase, entry.status, entry.changed))

    for phase in PHASES:
        omni.twin.on_request(2, phase, partial(note, phase))
    for name in ("one", "two", "three"):
        omni.ask("POST", "/v1/labels", {"name": name})

    assert seen[:2] == [("before-effect", None, False), ("after-effect", None, True)]
    omni.ask("GET", "/v1/labels")
    assert seen[2:] == [("after-answer", 201, True)]


def test_hooks_choose_their_requests(omni: Omni) -> None:
    seen: list[int] = []
    omni.twin.on_request(0, "before-effect", lambda entry: seen.append(entry.n), path="labels")
    omni.twin.on_request(2, "before-effect", lambda entry: seen.append(-entry.n), writes=True)
    for _ in range(2):
        omni.ask("GET", "/v1/labels")
        omni.ask("GET", "/v1/folders")
        omni.ask("POST", "/v1/labels", {"name": "Draft"})

    assert seen == [1, 3, 4, 6, -6]


def test_a_hook_may_change_the_world(omni: Omni) -> None:
    omni.twin.on_request(1, "before-effect", lambda _: omni.twin.edit("POST", "/v1/labels", {"name": "Draft"}))

    assert omni.ask("POST", "/v1/labels", {"name": "draft"})[0] == 409
    assert len(omni.twin.log) == 1


def test_an_unknown_phase(omni: Omni) -> None:
    with pytest.raises(ValueError, match="no phase 'later'"):
        omni.twin.on_request(1, "later", lambda _: None)  # type: ignore[arg-type]


CLIENT = """
import sys, urllib.request
sys.stdin.readline()
for name in ("one", "two", "three"):
    body = ('{"name": "%s"}' % name).encode()
    headers = {"Authorization": "Bearer omni_osk_test"}
    urllib.request.urlopen(urllib.request.Request(sys.argv[1], body, headers)).read()
    print(name, flush=True)
"""


@pytest.mark.parametrize(
    ("phase", "kept_out", "left"),
    [
        ("before-effect", False, {2}),
        ("before-effect", True, {1}),
        ("after-effect", False, {2}),
        # The answer is out, so the client may be a request further before the kill reaches it.
        ("after-answer", False, {2, 3}),
    ],
)
def test_a_client_killed_at_its_second_write(phase: Phase, kept_out: bool, left: set[int]) -> None:
    with served(OmniTwin()) as omni:
        command = [sys.executable, "-S", "-E", "-c", CLIENT, omni.url + "/v1/labels"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as client:
            omni.twin.on_request(2, phase, lambda _: os.kill(client.pid, signal.SIGKILL), writes=True)
            if kept_out:
                omni.twin.faults.add(Fault("drop", nth=2))
            client.communicate("go\n")

        assert client.returncode == -signal.SIGKILL
        assert len(omni.ask("GET", "/v1/labels")[1]["labels"]) in left
        assert len(omni.twin.log.writes()) in {2, max(left)}


def test_a_dropped_request_passes_the_hooks(omni: Omni) -> None:
    seen: list[str] = []
    omni.twin.faults.add(Fault("drop"))

    def note(phase: str, _: LogEntry) -> None:
        seen.append(phase)

    for phase in PHASES:
        omni.twin.on_request(1, phase, partial(note, phase))
    with pytest.raises(httpx.RemoteProtocolError):
        omni.ask("GET", "/v1/labels")
    omni.ask("GET", "/v1/labels")

    assert seen == list(PHASES)
