"""Starting and stopping: fast, always, and leaving nothing behind."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from reconciler.twins import Fault, OmniTwin, TrackerTwin, TwinFailed, running, running_all, serve
from reconciler.twins.core.values import Answer, Request
from tests.unit.twins.served import Omni, served


def test_a_twin_starts_and_stops_without_a_trace() -> None:
    with running(OmniTwin()):
        pass
    gc.collect()
    threads, files = threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        with served(OmniTwin()) as omni:
            omni.ask("GET", "/v1/labels")
    gc.collect()

    assert threading.active_count() == threads
    assert len(list(Path("/proc/self/fd").iterdir())) == files


def test_the_port_is_free_again_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), running(OmniTwin(), port):
            pass
    for _ in range(3):
        with running(OmniTwin(), port) as url:
            assert url == f"http://127.0.0.1:{port}/api"
            assert httpx.get(url + "/v1/labels").status_code == 401


def test_stopping_does_not_wait_for_a_slow_answer() -> None:
    twin = OmniTwin()
    twin.faults.add(Fault("slow", seconds=60))
    with ThreadPoolExecutor(1) as pool:
        with running(twin) as url:
            waiting = pool.submit(httpx.get, url + "/v1/labels", timeout=30)
            while not len(twin.log):
                time.sleep(0.005)
        with pytest.raises(httpx.RemoteProtocolError):
            waiting.result()


def test_several_twins_at_once() -> None:
    omni, tracker = OmniTwin(), TrackerTwin()
    with running_all([omni, tracker]) as urls:
        assert httpx.get(urls[0] + "/v1/labels", headers=omni.default_headers).status_code == 200
        assert httpx.get(urls[1] + "/api/client-teams", headers=tracker.default_headers).status_code == 200


def test_nothing_is_served_after_a_failing_test() -> None:
    with pytest.raises(RuntimeError, match="mine"), running(OmniTwin()) as url:
        raise RuntimeError("mine")
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_connections_are_kept(omni: Omni) -> None:
    def peer() -> object:
        with omni.client.stream("GET", omni.url + "/v1/labels") as reply:
            reply.read()
            return reply.extensions["network_stream"].get_extra_info("client_addr")

    assert len({peer() for _ in range(5)}) == 1


def test_requests_at_once_take_effect_one_at_a_time(omni: Omni) -> None:
    def post(_: int) -> int:
        return httpx.post(
            omni.url + "/v1/labels", json={"name": "Draft"}, headers=omni.twin.default_headers
        ).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(post, range(16)))

    assert statuses == [201] + [409] * 15
    assert sorted(entry.n for entry in omni.twin.log) == list(range(1, 17))


class Broken(OmniTwin):
    def perform(self, _: Request) -> Answer:
        raise ZeroDivisionError("a mistake in the twin")


def test_a_mistake_of_the_twin_is_no_answer_of_the_api(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TwinFailed, match="broke on a request"), served(Broken()) as broken:
        assert broken.client.get(broken.url + "/v1/labels").status_code == 500
    assert "a mistake in the twin" in caplog.text


def test_a_body_beyond_all_measure_is_refused(omni: Omni) -> None:
    reply = omni.client.post(omni.url + "/v1/labels", content=b"x" * (16 * 1024 * 1024 + 1))

    assert (reply.status_code, len(omni.twin.log)) == (413, 0)


def test_twins_are_served_on_this_machine_only() -> None:
    with pytest.raises(ValueError, match="this machine only"):
        serve([OmniTwin()], host="0.0.0.0")  # noqa: S104 - must be refused


FOREGROUND = """
from reconciler.twins import OmniTwin, TrackerTwin, serve
serve([OmniTwin(), TrackerTwin()], ready=lambda urls: print(*urls, flush=True))
print("ended", flush=True)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_foreground_ends_with_a_signal(number: signal.Signals) -> None:
    command = [sys.executable, "-W", "error", "-X", "dev", "-c", FOREGROUND]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=Path(__file__).parents[3], **pipes) as process:  # type: ignore[call-overload]
        urls = process.stdout.readline().split()
        statuses = [httpx.get(url).status_code for url in urls]
        os.kill(process.pid, number)
        output, errors = process.communicate(timeout=10)

    assert statuses == [404, 404]
    assert (process.returncode, output, errors) == (0, "ended\n", "")
