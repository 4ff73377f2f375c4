"""Faults of the connection and of HTTP itself, as a client sees them."""

from __future__ import annotations

import httpx
import pytest

from reconciler.twins import Fault
from tests.unit.twins.served import Omni

BROKEN = {
    "deaf": ("without sending a response", False),
    "half_head": ("without sending a response", False),
    "too_long": ("complete message body", True),
    "stall": ("timed out", True),
    "drip": ("timed out", True),
}


def labels(omni: Omni) -> int:
    return len(omni.twin.dump()["state"]["labels"])  # type: ignore[index,call-overload,arg-type]


def post(omni: Omni, name: str = "Draft", timeout: float = 10) -> httpx.Response:
    return omni.client.post(omni.url + "/v1/labels", json={"name": name}, timeout=timeout)


@pytest.mark.parametrize("act", BROKEN)
def test_an_answer_that_never_ends_well(omni: Omni, act: str) -> None:
    words, effect = BROKEN[act]
    omni.twin.faults.add(Fault(act, seconds=0.5))

    with pytest.raises(httpx.TransportError, match=words):
        post(omni, timeout=0.2 if words == "timed out" else 10)

    entry = omni.twin.log[0]
    assert (labels(omni), entry.changed, entry.fault) == (int(effect), effect, act)
    assert post(omni, "Next").status_code == 201


def test_a_request_that_is_not_even_heard_is_logged_without_its_body(omni: Omni) -> None:
    omni.twin.faults.add(Fault("deaf", nth=2))
    post(omni)
    with pytest.raises(httpx.RemoteProtocolError):
        post(omni, "Next")

    assert [e.body for e in omni.twin.log] == [{"name": "Draft"}, None]


def test_answers_that_are_not_what_they_say(omni: Omni) -> None:
    def met(act: str, **more: object) -> httpx.Response:
        omni.twin.faults.clear()
        omni.twin.faults.add(Fault(act, **more))  # type: ignore[arg-type]
        return omni.client.get(omni.url + "/v1/labels")

    assert len(met("bomb", size=100_000).content) == 100_000
    assert int(met("bomb", size=100_000).headers["content-length"]) < 1_000
    assert met("empty").content == b""
    assert (met("says_no", status=400).status_code, "detail" in met("says_no", status=400).json()) == (200, True)
    assert met("charset").headers["content-type"] == "application/json; charset=utf-16"
    assert met("odd", status=299).status_code == 299
    assert met("odd", status=304).content == b""
    assert met("inform").json() == {"labels": []}
    assert sum(len(v) for v in met("headers", size=10_000).headers.values()) > 8_000


def test_a_length_that_is_too_short_leaves_bytes_behind(omni: Omni) -> None:
    omni.twin.faults.add(Fault("too_short"))

    cut = post(omni)

    assert cut.status_code == 201
    assert not cut.content.endswith(b"}")


def test_a_list_that_shows_all_twice(omni: Omni) -> None:
    post(omni)
    omni.twin.faults.add(Fault("twice"))

    shown = omni.client.get(omni.url + "/v1/labels").json()["labels"]

    assert [one["name"] for one in shown] == ["Draft", "Draft"]


def test_a_reading_that_is_out_of_date_shows_the_world_as_it_was(omni: Omni) -> None:
    post(omni)
    omni.twin.faults.add(Fault("stale", reads=True, times=2))
    post(omni, "Next")

    shown = [len(omni.client.get(omni.url + "/v1/labels").json()["labels"]) for _ in range(3)]

    assert shown == [1, 1, 2]


def test_a_fault_of_readings_spoils_no_write(omni: Omni) -> None:
    omni.twin.faults.add(Fault("status", status=503, reads=True))

    assert post(omni).status_code == 201
    assert omni.client.get(omni.url + "/v1/labels").status_code == 503


def test_an_answer_without_its_id(omni: Omni) -> None:
    whole = post(omni, "One").json()
    omni.twin.faults.add(Fault("nameless"))
    bare = post(omni, "Two").json()

    assert "id" not in bare
    assert bare.keys() == whole.keys() - {"id"}
