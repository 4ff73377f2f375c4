"""What all twins share: registry, worlds, knobs, state, and that nothing breaks them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.twins import PROFILES, TWINS, Clock, OmniTwin, StateInvalid, TrackerTwin, Twin
from reconciler.twins.core.rate import Rate
from reconciler.twins.core.routes import Found, Route, Routes, WrongMethod
from reconciler.twins.core.slug import slugify
from reconciler.twins.core.values import Answer, Request, encode

ROOT = Path(__file__).parents[3]
EVERY = [(name, profile) for name in TWINS for profile in PROFILES]


def test_the_registry_tells_how_to_reach_a_twin() -> None:
    omni, tracker = TWINS["omni-analytics"](), TWINS["studio-tracker"]()

    assert (omni.base_path, omni.default_key) == ("/api", "omni_osk_test")
    assert omni.default_headers == {"Authorization": "Bearer omni_osk_test"}
    assert (tracker.base_path, tracker.default_key) == ("/loreal-prod-tracker", "k1")
    assert tracker.default_headers == {"X-API-Key": "k1", "X-Org-Id": "cmo7org1"}


def test_importing_the_room_is_light_and_looks_nowhere_else() -> None:
    code = (
        "import sys, reconciler.twins\n"
        "print([n for n in sys.modules if n.split('.')[0] in ('starlette', 'uvicorn', 'httpx', 'asyncio')])\n"
        "reconciler.twins.OmniTwin().app\n"
        "rooms = {n.split('.')[1] for n in sys.modules if n.startswith('reconciler.')}\n"
        "print(sorted(rooms))"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert result.stdout.splitlines() == ["[]", "['twins']"]


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_a_seeded_world_is_the_same_every_time(name: str, profile: str) -> None:
    worlds = [TWINS[name](profile) for _ in range(2)]
    for world in worlds:
        world.seed_world()

    assert worlds[0].dump() == worlds[1].dump()
    assert "@example.com" in json.dumps(worlds[0].dump())


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_a_state_survives_json(name: str, profile: str) -> None:
    world, other = TWINS[name](profile), TWINS[name]()
    world.seed_world()
    other.load(json.loads(json.dumps(world.dump())))

    assert other.dump() == world.dump()
    assert other.digest() == world.digest()
    assert other.knobs.settings() == world.knobs.settings()


@pytest.mark.parametrize(("name", "profile"), EVERY)
def test_a_reset_begins_again(name: str, profile: str) -> None:
    world = TWINS[name](profile, clock=Clock("2030-01-01"))
    before = world.dump()
    world.seed_world()
    assert world.dump() != before
    world.reset()

    assert world.dump() == before


def test_a_dump_shares_nothing_with_the_twin() -> None:
    twin = TrackerTwin()
    twin.seed_world()
    before = twin.digest()
    twin.dump()["state"]["clientTeams"]["cmo7team1"]["members"].clear()  # type: ignore[index,call-overload,union-attr]

    assert twin.digest() == before


def test_a_digest_may_leave_fields_out() -> None:
    twins = [OmniTwin(), OmniTwin()]
    twins[1].clock.advance(3600)
    for twin in twins:
        twin.edit("POST", "/v1/folders", {"name": "Finance"})
    times = ("created_at", "updated_at")

    assert twins[0].digest() != twins[1].digest()
    assert twins[0].digest(times) == twins[1].digest(times)


def test_ids_go_on_where_a_loaded_state_ended() -> None:
    old, new = OmniTwin(), OmniTwin()
    old.edit("POST", "/v1/folders", {"name": "Finance"})
    new.load(old.dump())
    answer = new.edit("POST", "/v1/folders", {"name": "Finance"})

    assert answer.body == {**_body(answer), "id": "00000002-0000-4000-8000-000000000002", "path": "/finance-1"}


def test_a_seed_moves_the_ids() -> None:
    answer = OmniTwin(seed=99).edit("POST", "/v1/folders", {"name": "Finance"})

    assert _body(answer)["id"] == "00000002-0000-4000-8000-000000000064"


def test_every_knob_can_be_set_singly() -> None:
    for twin_type in TWINS.values():
        for knob in twin_type.questions:
            twin = twin_type("plain", knobs={knob.name: "adversarial"})
            hard = {name for name, reading in twin.knobs.settings().items() if reading == "adversarial"}
            assert hard == {knob.name}
            assert knob.plain != knob.adversarial


def test_switches_belong_to_no_profile() -> None:
    settings = TrackerTwin("adversarial").knobs.settings()

    assert {name for name, reading in settings.items() if reading == "plain"} == {
        "members-hidden",
        "pod-members-hidden",
        "no-people",
        "database-down",
    }


def test_wrong_knobs_and_profiles() -> None:
    with pytest.raises(ValueError, match="not 'angry'"):
        OmniTwin("angry")
    with pytest.raises(KeyError, match="no knob 'OA-P99'"):
        OmniTwin(knobs={"OA-P99": "plain"})
    with pytest.raises(StateInvalid, match="no object"):
        OmniTwin().load({"state": []})


def test_another_organisation_comes_first_in_the_adversarial_world() -> None:
    twin = TrackerTwin("adversarial")
    twin.seed_world()
    headers = {"X-API-Key": "k1"}

    assert twin.edit("GET", "/api/client-teams", headers=headers).body == []
    assert len(_list(twin.edit("GET", "/api/client-teams"))) == 3


def test_literal_segments_win_over_names() -> None:
    paths = ("/a/{x}", "/a/b", "/A/{y}/c")
    routes = Routes([Route(method="GET", path=path) for path in paths] + [Route(method="PUT", path="/a/{z}")])

    assert routes.find("GET", ("a", "b")) == Found(Route(method="GET", path="/a/b"), {})
    assert routes.find("PUT", ("a", "b")) == Found(Route(method="PUT", path="/a/{z}"), {"z": "b"})
    assert routes.find("GET", ("a", "é/d")) == Found(Route(method="GET", path="/a/{x}"), {"x": "é/d"})
    assert routes.find("GET", ("a", "")) is None
    assert routes.find("GET", ("a", "b", "c")) is None
    found = routes.find("DELETE", ("a", "b"))
    assert isinstance(found, WrongMethod)
    assert set(found.allowed) == {"GET", "PUT"}


def test_a_window_slides() -> None:
    times = iter((0.0, 4.0, 5.0, 9.9, 10.0, 11.0, 14.0))
    rate = Rate(2, window=10, now=lambda: next(times))
    waits = [rate.wait("key") for _ in range(7)]

    assert waits == [None, None, 5.0, pytest.approx(0.1), None, 3.0, None]


@pytest.mark.parametrize(
    ("name", "slug"), [("Brand Safety", "brand-safety"), ("  A--b!", "a-b"), ("Ärzte", "rzte"), ("日本", "")]
)
def test_slugs(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_half_a_surrogate_pair_is_still_sent() -> None:
    assert encode({"a": "é\ud800"}) == b'{"a":"\\u00e9\\ud800"}'
    assert encode({"a": "é"}) == '{"a":"é"}'.encode()


PATHS = st.lists(
    st.sampled_from(
        [
            "v1",
            "api",
            "labels",
            "folders",
            "scim",
            "v2",
            "users",
            "client-teams",
            "projects",
            "members",
            "pods",
            "resources",
            "bookings",
            "%2F",
            "..",
            "",
            "é",
            "cmo7team1",
            "cmo7pod1",
            "Draft",
            "00000002-0000-4000-8000-000000000001",
        ]
    ),
    max_size=5,
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30)
KEYS = st.sampled_from(
    [
        "name",
        "slug",
        "verified",
        "homepage",
        "parentFolderId",
        "scope",
        "userId",
        "isPrimary",
        "omgJobNumber",
        "clientTeamId",
        "dueDate",
        "leadUserId",
        "hours",
        "date",
        "status",
        "\ud800",
    ]
)
BODIES = st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=2), max_size=4) | SCALARS
QUERIES = st.text("abc=&%é*/+123[]", max_size=20) | st.sampled_from(
    [
        "pageSize=1&cursor=x",
        "path=a/**",
        "filter=%FF",
        "userId=cmo7user1",
        "weekStart=2026-04-20",
        "count=-1&startIndex=99999999999999",
    ]
)


@pytest.mark.parametrize(("name", "profile"), EVERY)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "BREW"]),
    parts=PATHS,
    query=QUERIES,
    body=BODIES.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=20),
)
def test_no_request_breaks_a_twin(
    name: str, profile: str, method: str, parts: Sequence[str], query: str, body: bytes
) -> None:
    twin = TWINS[name](profile)
    twin.seed_world()
    _probe(twin, Request(method, f"{twin.base_path}/{'/'.join(parts)}", query, _headers(twin), body))


def _probe(twin: Twin, request: Request) -> None:
    before = twin.dump()
    answer = twin.perform(request)

    encode(answer.body)
    assert answer.status < 500 or answer.status == 501
    if not answer.ok or not twin.is_write(request):
        assert twin.dump() == before


def _headers(twin: Twin) -> dict[str, str]:
    return {name.lower(): value for name, value in twin.default_headers.items()}


def _body(answer: Answer) -> dict[str, object]:
    assert isinstance(answer.body, dict)
    return answer.body


def _list(answer: Answer) -> list[object]:
    assert isinstance(answer.body, list)
    return answer.body
