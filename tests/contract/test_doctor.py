"""`doctor` against twins: what it confirms and refutes, what it makes of a bad key, a wrong host and a server that
is down; and that it sends exactly the safe calls that it states."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reconciler import providers
from reconciler.model.doctor import MOST_CALLS, CheckUp, Examination, Grade, Told
from reconciler.model.faults import ProviderUnreachable, Unauthorised
from reconciler.model.json import Json
from reconciler.model.record import replace
from reconciler.twins import Fault
from reconciler.workflow import doctor
from tests.contract.briefs import brief, made, own_id
from tests.contract.components import carried_out, component
from tests.world import CMS, CORE, OMNI, PLATFORM, PROVIDERS, TRACKER, World, doc, world

C, R, U = Told.CONFIRMED, Told.REFUTED, Told.UNTOLD
PROFILES = ["plain", "adversarial"]
SAFE_POSTS = {
    "/component/search", "/common/locales/retrieve", "/common/keywords/retrieve", "/cm/channels/retrieve",
    "/common/components/retrieve", "/dam/rncs/retrieve", "/pim/attribute-definitions/retrieve",
    "/dam/dirs/retrieve", "/pim/attributes/retrieve",
    "/pim/classes/retrieve", "/pim/nodes/retrieve", "/common/glossaries/retrieve",
}  # fmt: skip
WALK = "GET /component/{}/root?children=content&levels=7&limit=100000&order=id"
FOLDERS = "GET /v1/folders?include=_count&scope=organization&sortField=path&sortDirection=asc&pageSize=100"


@contextmanager
def alone(name: str, profile: str, *knobs: str, seed: bool = True) -> Iterator[World]:
    with world(profile, twins=(name,), seed=seed) as w:
        for knob in knobs:
            w.twins[name].knobs.set(knob, "adversarial")
        w.twins[name].log.clear()
        yield w


def examined(w: World) -> tuple[Examination, list[str]]:
    """What was found out, and every call that the twin saw: as many as stated, safe all of them."""
    [(name, twin)] = w.twins.items()
    twin.log.clear()
    before = twin.digest()
    found = asyncio.run(doctor.examined(w.setup(), name))
    seen = [entry.call for entry in twin.log]
    assert [r.split(": ", 1)[1] for r in found.requests] == [call.partition("?")[0] for call in seen]
    assert len(seen) <= MOST_CALLS
    assert all(call.startswith("GET ") or call.split(" ")[1] in SAFE_POSTS for call in seen)
    assert twin.digest() == before
    assert [p.id for p, _ in found.findings] == [p.id for p in providers.probes(PROVIDERS[name]).probes]
    return found, seen


def told(found: Examination) -> dict[Told, set[str]]:
    return {t: {p.id.split("-")[1] for p, f in found.findings if f.told is t} for t in Told}


def seen_of(found: Examination, probe: str) -> str:
    return next(f.seen for p, f in found.findings if p.id == probe)


# Omni-CMS


@pytest.mark.parametrize("profile", PROFILES)
def test_cms_as_we_assume_it(profile: str) -> None:
    with alone(CMS, profile) as w:
        found, seen = examined(w)

    assert told(found)[R] == set()
    assert told(found)[U] == {"A16", "A18"}
    assert seen == [
        "GET /space/all",
        "POST /component/search",
        WALK.format(1),
        "POST /component/search",
        "GET /space/2147483646",
        "GET /component/1/reconciler-doctor-asks-for-nothing",
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_cm_a2_a_search_that_needs_terms_is_refuted_by_a_walk(profile: str) -> None:
    with alone(CMS, profile, "search-needs-terms") as w:
        found, seen = examined(w)

    assert told(found)[R] == {"A2"}
    assert {"A3", "A5", "A7"} <= told(found)[U]
    assert seen_of(found, "CM-A2") == "a walk shows 5 components, the search lacks 5 of them"
    assert seen.count("POST /component/search") == 1


@pytest.mark.parametrize("profile", PROFILES)
def test_cm_a7_a_recorded_unpublished_component_that_the_search_lacks(profile: str) -> None:
    with alone(CMS, profile, seed=False) as w:
        w.cms.add_space("Site")
        carried_out(w, component("draft", published=False))
        assert "A7" in told(examined(w)[0])[C]
        w.cms.knobs.set("search-needs-terms", "adversarial")
        found, seen = examined(w)

    assert told(found)[R] == {"A2", "A7"}
    assert seen[-3:] == ["GET /component/2", "GET /space/2147483646", seen[-1]]


@pytest.mark.parametrize("profile", PROFILES)
def test_cm_a3_a_capped_search_is_read_over_two_pages_and_no_more(profile: str) -> None:
    with alone(CMS, profile, seed=False) as w:
        space = w.cms.add_space("Site")
        for i in range(70):
            w.cms.add_component(space, f"n{i:03}")
        found, seen = examined(w)
        assert "A3" in told(found)[C]
        for i in range(70, 140):
            w.cms.add_component(space, f"n{i:03}")
        more, again = examined(w)

    capped = profile == "adversarial"
    assert seen.count("POST /component/search") == (3 if capped else 2)
    assert again.count("POST /component/search") == (3 if capped else 2)
    assert ("A3" in told(more)[U]) == capped


def test_cm_a16_two_spaces_of_one_name_show_that_names_are_not_unique() -> None:
    with alone(CMS, "plain", seed=False) as w:
        assert {"A2", "A3", "A5", "A6", "A7", "A16"} <= told(examined(w)[0])[U], "there is no space"
        w.cms.add_space("Site")
        w.cms.add_space("Site")
        found, seen = examined(w)

    assert "A16" in told(found)[C]
    assert [call for call in seen if "/root?" in call] == [WALK.format(1), WALK.format(2)]


def test_cm_a19_another_answer_than_404_is_refuted() -> None:
    with alone(CMS, "plain") as w:
        w.cms.faults.add(Fault("status", path="/space/2147483646", status=400, times=None))
        w.cms.faults.add(Fault("status", path="/component/1/root", status=404, times=None))
        w.cms.faults.add(Fault("status", path="/component/search", status=400, times=None))
        found, _ = examined(w)

    assert told(found)[R] == {"A4", "A6", "A19"}
    assert seen_of(found, "CM-A3") == "`POST /component/search` answered 400"


# Studio Tracker


TRACKER_CALLS = [
    "GET /api/client-teams",
    "GET /api/projects",
    "GET /api/org/invitations",
    "GET /api/workload?numWeeks=1",
    "GET /api/health",
]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_tracker_as_we_assume_it(profile: str) -> None:
    with alone(TRACKER, profile) as w:
        found, seen = examined(w)
        health = [e for e in w.tracker.log if "health" in e.call]

    silent = {"A11", "A13"} if profile == "adversarial" else set[str]()
    assert told(found)[R] == set()
    assert silent <= told(found)[U]
    assert {"A1", "A2", "A12", "A14", "A15", "A16", "A23", "A24", "A32", "A33"} <= told(found)[C]
    assert seen[:5] == TRACKER_CALLS
    assert sum(call.startswith("GET /api/projects/") for call in seen) == 1
    assert "x-api-key" not in health[0].headers, "without the key (ST-R2)"


@pytest.mark.parametrize("profile", PROFILES)
def test_st_a2_a_list_without_members_is_refuted(profile: str) -> None:
    with alone(TRACKER, profile, "members-hidden") as w:
        found, _ = examined(w)

    assert told(found)[R] == {"A2"}
    assert "A12" in told(found)[U]
    assert seen_of(found, "ST-A2") == "3 of 3 teams without a list of members"


@pytest.mark.parametrize("profile", PROFILES)
def test_st_a39_pods_without_people_are_refuted(profile: str) -> None:
    with alone(TRACKER, profile, "pod-members-hidden") as w:
        found, _ = examined(w)

    assert told(found)[R] == {"A39"}


@pytest.mark.parametrize("profile", PROFILES)
def test_st_a33_a_workload_that_lacks_people_is_refuted(profile: str) -> None:
    with alone(TRACKER, profile, "no-people") as w:
        found, _ = examined(w)

    assert told(found)[R] == {"A33"}
    assert {"A13", "A14", "A32"} <= told(found)[U]
    assert "example.com" not in seen_of(found, "ST-A33")


@pytest.mark.parametrize("profile", PROFILES)
def test_st_a16_health_that_needs_the_key_is_asked_with_it(profile: str) -> None:
    with alone(TRACKER, profile) as w:
        w.tracker.faults.add(Fault("status", path="/api/health", status=401))
        found, seen = examined(w)

    assert told(found)[R] == {"A16"}
    assert seen.count("GET /api/health") == 2


def test_st_a4_two_of_one_slug_and_st_a19_two_of_one_number() -> None:
    with alone(TRACKER, "adversarial") as w:
        for _ in range(2):
            assert w.tracker.edit("POST", "/api/client-teams", {"name": "Twin", "slug": "twin"}).ok
        team = w.tracker.edit("POST", "/api/client-teams", {"name": "Own", "slug": "own"}).body
        assert isinstance(team, dict)
        project = {"name": "P", "projectCode": "P", "omgJobNumber": "77", "clientTeamId": team["id"]}
        for _ in range(2):
            assert w.tracker.edit("POST", "/api/projects", project).ok
        found, _seen = examined(w)

    assert told(found)[R] == {"A4", "A19"}


# OMG Platform


@pytest.mark.parametrize("profile", PROFILES)
def test_without_a_known_brief_nothing_is_asked_or_told(profile: str) -> None:
    with alone(PLATFORM, profile) as w:
        found, seen = examined(w)

    assert {"A1", "A2", "A3", "A4"} <= told(found)[U]
    assert seen_of(found, "OP-A1") == "no brief is recorded"
    assert [call for call in seen if "briefs" in call] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_up_to_three_recorded_briefs_are_read(profile: str) -> None:
    with alone(PLATFORM, profile) as w:
        made(w, *(brief(name) for name in ("a", "b", "c", "d")))
        found, seen = examined(w)

    assert {"A1", "A2", "A3", "A4"} <= told(found)[C]
    assert len([call for call in seen if "briefs" in call]) == 3


@pytest.mark.parametrize("profile", PROFILES)
def test_op_a18_a22_users_listed_and_not(profile: str) -> None:
    with alone(PLATFORM, profile) as w:
        own = w.platform.add_user("gone@example.com", "No", "One")
        w.documents = [doc("platform/User", "gone", {"email": "gone@example.com"}, pinned_id=own)]
        assert "A22" in told(examined(w)[0])[U]
        w.platform.set_active(own, active=False)
        found, seen = examined(w)

    assert {"A18", "A22"} <= told(found)[C]
    assert {"A17", "A20"} <= told(found)[U]
    assert seen == ["GET /users", "GET /user/1", f"GET /user/{own}"]
    assert "example.com" not in str(found)


def test_a_pinned_brief_will_do() -> None:
    with alone(PLATFORM, "plain") as w:
        own = w.platform.add_brief("Q3", brief_summary="s", brief_deadline="2026-01-01", business_area="b")
        w.documents = [brief(pinned_id=own)]
        found, _ = examined(w)

    assert {"A1", "A2", "A3", "A4"} <= told(found)[C]


@pytest.mark.parametrize("profile", PROFILES)
def test_op_a3_a_status_that_is_not_shown_is_refuted(profile: str) -> None:
    with alone(PLATFORM, profile, "status-hidden") as w:
        made(w, brief())
        found, _ = examined(w)
        assert w.platform.edit("DELETE", f"/briefs/{own_id(w)}").ok
        gone, _ = examined(w)

    assert told(found)[R] == {"A3"}
    assert seen_of(gone, "OP-A3") == "a recorded brief answered 404"


# OMN Core and Omni Analytics


@pytest.mark.parametrize("profile", PROFILES)
def test_the_core_as_we_assume_it(profile: str) -> None:
    with alone(CORE, profile) as w:
        w.core.add_definition("care", labels={"en_GB": "Care"}, values={"wash": {"en_GB": "Wash"}})
        w.core.add_directories("/DATA/imports/2024")
        found, seen = examined(w)

    assert told(found)[R] == set()
    assert {"A1", "A2", "A3", "A19", "A24", "A26", "A27", "A50"} <= told(found)[C]
    assert seen[:3] == ["POST /common/locales/retrieve", *["POST /common/keywords/retrieve"] * 2]
    assert sorted(seen[3:]) == [
        "POST /cm/channels/retrieve",
        "POST /common/components/retrieve",
        "POST /common/glossaries/retrieve",
        *["POST /dam/dirs/retrieve"] * 2,
        "POST /dam/rncs/retrieve",
        *["POST /pim/attribute-definitions/retrieve"] * 2,
        *["POST /pim/attributes/retrieve"]
        * (3 if profile == "plain" else 0),  # a root node's path is no name there
        "POST /pim/classes/retrieve",
        "POST /pim/nodes/retrieve",
    ]


def test_analytics_what_is_cheap_to_ask() -> None:
    with alone(OMNI, "plain") as w:
        jane = w.omni.add_user("inactive@example.com", "No One", active=False)
        assert w.omni.edit("POST", "/v1/labels", {"name": "a/b"}).ok
        group: dict[str, Json] = {"displayName": "G", "members": [{"value": jane}]}
        assert w.omni.edit("POST", "/scim/v2/groups", group).ok
        found, seen = examined(w)

    assert told(found)[R] == set()
    assert {"A1", "A5", "A6", "A11", "A13", "A22", "A24"} <= told(found)[C]
    assert [call.partition("?")[0] for call in seen if "/labels" in call] == [
        "GET /v1/labels",
        "GET /v1/labels/a%2Fb",
    ]
    assert FOLDERS in seen
    assert "example.com" not in str(found.requests).lower()
    assert "OA-A29" in found.left


@pytest.mark.parametrize("profile", PROFILES)
def test_analytics_refutes_what_a_list_or_a_read_shows(profile: str) -> None:
    with alone(OMNI, profile) as w:
        assert w.omni.edit("POST", "/v1/labels", {"name": "a/b"}).ok
        w.omni.faults.add(Fault("status", path="/v1/labels/a%2Fb", status=404, times=None))
        w.omni.faults.add(Fault("short_page", path="/scim/v2/users", times=None))
        w.omni.faults.add(Fault("status", path="/v1/folders", status=400, times=None))
        found, _ = examined(w)

    assert {"A5", "A11"} <= told(found)[R]
    assert "A1" in told(found)[U]


# What ends it, and health


EVERY = [CMS, TRACKER, PLATFORM, CORE, OMNI]


def test_a_refused_key_ends_an_examination_at_once() -> None:
    with alone(CMS, "plain") as w:
        w.keys[CMS] = "wrong"
        with pytest.raises(Unauthorised):
            examined(w)
        assert [e.call for e in w.cms.log] == ["GET /space/all"]


def health(w: World) -> CheckUp:
    [(name, twin)] = w.twins.items()
    twin.log.clear()
    found = asyncio.run(doctor.healths(w.setup()))
    assert len(found.requests) == len(twin.log)
    assert all(s.about == name for s in found.signs)
    assert w.keys[name] not in str(found)
    return found


HEALTH = {
    CMS: ["GET /space/all"],
    TRACKER: ["GET /api/health", "GET /api/health?strict=1", "GET /api/client-teams"],
    PLATFORM: ["GET /users"],
    CORE: ["POST /common/locales/retrieve"],
    OMNI: ["GET /v1/labels", "GET /scim/v2/users?count=1&startIndex=1"],
}


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", EVERY)
def test_a_healthy_target(name: str, profile: str) -> None:
    with alone(name, profile) as w:
        found = health(w)
        assert [s.grade for s in found.signs] == [Grade.OK] * len(HEALTH[name])
        assert [e.call for e in w.twins[name].log] == HEALTH[name]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", EVERY)
def test_a_bad_key(name: str, profile: str) -> None:
    with alone(name, profile) as w:
        w.keys[name] = "quite-wrong"
        last = health(w).signs[-1]
    assert (last.grade, last.far) == (Grade.FAIL, True)
    assert last.sentence.startswith("the ")
    assert " is not accepted: " in last.sentence
    assert last.way_out
    assert " a API" not in last.way_out


@pytest.mark.parametrize("name", EVERY)
def test_a_wrong_path(name: str) -> None:
    with alone(name, "plain") as w:
        base = "/nowhere" if name != PLATFORM else "/nobody/v2"
        w.urls = {name: w.urls[name].split("/", 3)[0] + "//" + w.urls[name].split("/", 3)[2] + base}
        last = health(w).signs[-1]
        w.twins[name].log.answers = None  # no description says anything of such a path
    wanted = (
        "the API key is not accepted" if name == PLATFORM else "that API is not there: wrong host, path or tenant"
    )
    assert last.sentence.startswith(wanted), last.sentence


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize(
    ("fault", "meant"),
    [
        (Fault("status", status=503, times=None), "it is down"),
        (Fault("drop", times=None), "it is down"),
        (Fault("html", times=None), "what answers there is not this API"),
        (
            Fault("redirect", location="https://sign-in.example.com/", times=None),
            "what answers there is not this API",
        ),
        (Fault("throttle", times=None), "it asks for patience"),
    ],
    ids=lambda value: str(getattr(value, "act", "")),
)
def test_a_server_in_trouble_is_asked_once(name: str, fault: Fault, meant: str) -> None:
    with alone(name, "plain") as w:
        w.twins[name].faults.add(fault)
        found = health(w)
        assert [s.sentence.partition(":")[0] for s in found.signs] == [meant]
        assert len(w.twins[name].log) == 1


@pytest.mark.parametrize("name", EVERY)
def test_a_host_where_nobody_listens(name: str) -> None:
    with alone(name, "plain") as w:
        tenant = "/acme/v2" if name == PLATFORM else ""
        w.urls = {name: f"http://127.0.0.1:9{tenant}"}
        [sign] = asyncio.run(doctor.healths(w.setup())).signs
        assert sign.sentence.startswith("nobody answers there")
        if name != PLATFORM:
            with pytest.raises(ProviderUnreachable):
                asyncio.run(doctor.examined(w.setup(), name))


def test_st_r2_health_that_needs_the_key_is_tried_with_it() -> None:
    with alone(TRACKER, "plain") as w:
        w.tracker.faults.add(Fault("status", path="/api/health", status=401))
        assert [s.grade for s in health(w).signs] == [Grade.OK] * 3
        assert [e.call for e in w.tracker.log][:2] == ["GET /api/health"] * 2


def test_a_tracker_that_is_not_seeded_is_a_warning_and_one_whose_database_is_down_a_failure() -> None:
    with alone(TRACKER, "plain", seed=False) as w:
        w.tracker.faults.add(Fault("status", path="/api/health", nth=2, status=503))
        assert [s.grade for s in health(w).signs] == [Grade.OK, Grade.WARN, Grade.OK]
        w.tracker.knobs.set("database-down", "adversarial")
        assert [s.grade for s in health(w).signs] == [Grade.FAIL]


def test_a_personal_token_is_told_from_an_organisation_key() -> None:
    with alone(OMNI, "plain") as w:
        w.omni.faults.add(Fault("status", path="/scim/v2/users", status=403, times=None))
        signs = health(w).signs
    assert [s.grade for s in signs] == [Grade.OK, Grade.WARN]
    assert "personal token" in signs[1].sentence


def test_only_the_targets_that_were_opened_are_asked() -> None:
    with world("plain", twins=(CMS, CORE)) as w:
        setup = w.setup()
        setup = replace(setup, operator=replace(setup.operator, access={CMS: setup.operator.access[CMS]}))
        assert {s.about for s in asyncio.run(doctor.healths(setup)).signs} == {CMS}
        assert len(w.core.log) == 0
