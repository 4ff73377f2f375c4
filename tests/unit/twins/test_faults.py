"""Every fault, as a client sees it, and what it leaves behind."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from reconciler.twins import Act, Fault, OmniTwin, TrackerTwin
from tests.unit.twins.served import TRUST, Omni, Tracker, served


def count(world: Omni) -> int:
    return len(world.twin.dump()["state"]["labels"])  # type: ignore[index,call-overload,arg-type]


def post(world: Omni, name: str = "Draft") -> httpx.Response:
    return world.client.post(world.url + "/v1/labels", json={"name": name})


@pytest.mark.parametrize(("effect", "left"), [(False, 0), (True, 1)])
def test_an_error_before_and_after_the_effect(each_omni: Omni, effect: bool, left: int) -> None:
    each_omni.twin.faults.add(Fault("status", status=500, effect=effect))
    reply = post(each_omni)
    entry = each_omni.twin.log[0]

    assert (reply.status_code, count(each_omni)) == (500, left)
    assert (entry.status, entry.changed, entry.fault) == (500, effect, "status")
    assert post(each_omni, "Next").status_code == 201


@pytest.mark.parametrize(("effect", "left"), [(False, 0), (True, 1)])
def test_a_connection_that_ends_without_an_answer(omni: Omni, effect: bool, left: int) -> None:
    omni.twin.faults.add(Fault("drop", effect=effect))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        post(omni)

    assert (count(omni), omni.twin.log[0].status, omni.twin.log[0].changed) == (left, None, effect)
    assert post(omni, "Next").status_code == 201


def test_a_connection_that_ends_half_way(omni: Omni) -> None:
    omni.twin.faults.add(Fault("cut"))
    with pytest.raises(httpx.RemoteProtocolError, match="complete message body"):
        post(omni)

    assert (count(omni), omni.twin.log[0].status) == (1, None)


def test_a_slow_answer(omni: Omni) -> None:
    omni.twin.faults.add(Fault("slow", seconds=0.2))
    begun = time.monotonic()

    assert post(omni).status_code == 201
    assert time.monotonic() - begun >= 0.2


def test_a_client_that_gives_up_on_a_slow_answer(omni: Omni) -> None:
    omni.twin.faults.add(Fault("slow", seconds=60))
    with pytest.raises(httpx.ReadTimeout):
        omni.client.post(omni.url + "/v1/labels", json={"name": "Draft"}, timeout=0.1)

    assert count(omni) == 1


def test_one_slow_answer_does_not_hold_up_another(omni: Omni) -> None:
    omni.twin.faults.add(Fault("slow", seconds=60))
    with pytest.raises(httpx.ReadTimeout):
        omni.client.get(omni.url + "/v1/labels", timeout=0.05)

    assert omni.ask("GET", "/v1/labels")[0] == 200


def test_a_page_of_html(omni: Omni) -> None:
    omni.twin.faults.add(Fault("html"))
    reply = post(omni)

    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert (reply.text[:9], count(omni)) == ("<!DOCTYPE", 0)


def test_json_that_stops_half_way(omni: Omni) -> None:
    omni.twin.faults.add(Fault("truncated"))
    reply = post(omni)

    assert (reply.status_code, count(omni)) == (201, 1)
    with pytest.raises(json.JSONDecodeError):
        reply.json()


def test_the_wrong_content_type(omni: Omni) -> None:
    omni.twin.faults.add(Fault("wrong_type"))
    reply = post(omni)

    assert (reply.headers["content-type"], reply.json()["name"]) == ("text/plain; charset=utf-8", "Draft")


def test_a_redirect_to_another_host(omni: Omni) -> None:
    omni.twin.faults.add(Fault("redirect"), Fault("redirect", status=302, location="http://evil.example.com/x"))
    replies = [post(omni), post(omni)]

    assert [reply.status_code for reply in replies] == [307, 302]
    assert replies[1].headers["location"] == "http://evil.example.com/x"
    assert count(omni) == 0


@pytest.mark.parametrize("retry_after", [None, "2", "999999999", "-5", "Wed, 21 Oct 2015 07:28:00 GMT", "soon"])
def test_too_many_requests(omni: Omni, retry_after: str | None) -> None:
    omni.twin.faults.add(Fault("throttle", retry_after=retry_after))
    reply = post(omni)

    assert (reply.status_code, reply.headers.get("retry-after"), count(omni)) == (429, retry_after, 0)


def test_unavailable(tracker: Tracker) -> None:
    tracker.twin.faults.add(Fault("status", status=503), Fault("status", status=418, text="I am a teapot"))

    assert tracker.ask("GET", "/api/workload") == (503, {"error": "Error 503"})
    assert tracker.ask("GET", "/api/workload") == (418, {"error": "I am a teapot"})


def test_a_page_that_repeats_for_ever(omni: Omni) -> None:
    for name in ("a", "b", "c"):
        omni.ask("POST", "/v1/folders", {"name": name})
    omni.twin.faults.add(Fault("repeat_page", path="^/v1/folders$", times=None))
    first = omni.ask("GET", "/v1/folders?pageSize=2")[1]
    again = omni.ask("GET", f"/v1/folders?pageSize=2&cursor={first['pageInfo']['nextCursor']}")

    assert again == (200, first)
    assert (len(first["records"]), first["pageInfo"]["hasNextPage"]) == (2, True)


def test_people_that_never_end(omni: Omni) -> None:
    omni.twin.faults.add(Fault("repeat_page", times=None))
    pages = [omni.ask("GET", f"/scim/v2/users?startIndex={start}")[1] for start in (1, 3)]

    assert pages[0] == pages[1]
    assert pages[0]["totalResults"] > 100_000


@pytest.mark.parametrize(
    ("path", "items", "total"),
    [
        ("/v1/labels", "labels", None),
        ("/v1/folders", "records", ("pageInfo", "totalRecords")),
        ("/scim/v2/users", "Resources", ("totalResults",)),
    ],
)
def test_a_short_page_claims_to_be_complete(path: str, items: str, total: tuple[str, ...] | None) -> None:
    with served(OmniTwin()) as omni:
        omni.twin.seed_world()
        whole = omni.ask("GET", path)[1]
        omni.twin.faults.add(Fault("short_page", omit=2))
        short = omni.ask("GET", path)[1]

    assert short[items] == whole[items][:-2]
    if total is not None:
        for key in total:
            whole, short = whole[key], short[key]
        assert short == whole - 2


def test_short_lists_of_the_tracker() -> None:
    with served(TrackerTwin()) as tracker:
        tracker.twin.seed_world()
        tracker.twin.faults.add(Fault("short_page", times=None, omit=1))
        assert len(tracker.ask("GET", "/api/client-teams")[1]) == 2
        assert len(tracker.ask("GET", "/api/workload")[1]["users"]) == 14
        assert tracker.ask("GET", "/api/health")[1]["status"] == "healthy"


def test_a_body_without_end_is_streamed(omni: Omni) -> None:
    size = 5 * 1024 * 1024 + 17
    omni.twin.faults.add(Fault("huge", size=size))
    received = 0
    with omni.client.stream("GET", omni.url + "/v1/labels") as reply:
        assert "content-length" not in reply.headers
        for chunk in reply.iter_bytes():
            received += len(chunk)

    assert received == size


def test_a_client_that_stops_reading_a_huge_body(omni: Omni) -> None:
    omni.twin.faults.add(Fault("huge", size=64 * 1024 * 1024))
    with omni.client.stream("GET", omni.url + "/v1/labels") as reply:
        next(reply.iter_bytes(1024))

    assert omni.ask("GET", "/v1/labels")[0] == 200


def test_deeply_nested_json(omni: Omni) -> None:
    omni.twin.faults.add(Fault("deep", depth=50_000))
    reply = omni.client.get(omni.url + "/v1/labels")

    assert reply.content == b"[" * 50_000 + b"]" * 50_000


@pytest.mark.parametrize("act", list(Act))
def test_a_spoiled_delete_has_no_body_to_spoil(each_tracker: Tracker, act: Act) -> None:
    team = each_tracker.ask("POST", "/api/client-teams", {"name": "Brand"})[1]["id"]
    each_tracker.twin.faults.add(Fault(act, method="DELETE", size=100))
    try:
        each_tracker.client.delete(f"{each_tracker.url}/api/client-teams/{team}")
    except (httpx.RemoteProtocolError, httpx.ReadError):
        assert act in {Act.DROP, Act.CUT, Act.DEAF, Act.HALF_HEAD, Act.HANG_UP, Act.TOO_LONG}
    each_tracker.twin.faults.clear()

    # On a line of its own: when the spoiled one breaks is the client's to survive.
    with httpx.Client(headers=each_tracker.twin.default_headers, verify=TRUST) as another:
        assert another.get(f"{each_tracker.url}/api/client-teams").status_code == 200


def test_a_fault_counts_only_what_it_matches(omni: Omni) -> None:
    omni.twin.faults.add(Fault("status", method="POST", path="^/v1/labels", nth=2, times=2))
    statuses = [omni.ask("GET", "/v1/labels")[0]]
    statuses += [post(omni, f"Label {number}").status_code for number in range(5)]

    assert statuses == [200, 201, 500, 500, 201, 201]
    assert omni.twin.faults.fired == 2


def test_the_kth_write(omni: Omni) -> None:
    omni.twin.faults.add(Fault("status", nth=2, writes=True))
    statuses = []
    for number in range(3):
        statuses += [post(omni, f"Label {number}").status_code, omni.ask("GET", "/v1/labels")[0]]

    assert statuses == [201, 200, 500, 200, 201, 200]


def test_faults_can_be_taken_back(omni: Omni) -> None:
    omni.twin.faults.add(Fault("status", times=None))
    assert omni.ask("GET", "/v1/labels")[0] == 500
    omni.twin.faults.clear()

    assert (omni.ask("GET", "/v1/labels")[0], omni.twin.faults.fired) == (200, 0)


@pytest.mark.parametrize(
    "wrong", [{"act": "explode"}, {"act": "drop", "path": "("}, {"act": "drop", "method": "["}]
)
def test_a_wrong_fault_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"no fault|no regular expression"):
        Fault(**wrong)  # type: ignore[arg-type]


def test_latency_holds_up_every_request() -> None:
    with served(OmniTwin(latency=0.05)) as omni:
        begun = time.monotonic()
        for _ in range(3):
            omni.ask("GET", "/v1/labels")
        assert time.monotonic() - begun >= 0.15
