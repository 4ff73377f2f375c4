"""Each probe and the answers that confirm, refute, or tell nothing: made by hand, since no twin gives them all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from reconciler import providers
from reconciler.model.call import Reply, Request
from reconciler.model.doctor import MOST_CALLS, Finding, Known, Told
from reconciler.model.faults import AnswerInvalid, ProviderRefused, Unauthorised
from reconciler.model.json import Json, canonical
from reconciler.read.examine import examine
from tests.unit.providers.analytics_answers import CASES as ANALYTICS
from tests.unit.providers.core_answers import CORE

C, R, U = Told.CONFIRMED, Told.REFUTED, Told.UNTOLD

TEAM: Json = {"id": "t", "name": "Team", "slug": "team", "members": [], "_count": {"projects": 1}}
MEMBER: Json = {"userId": "u", "isPrimary": False, "user": {"email": "a@example.com"}}
EMBEDDED: Json = {"isPrimary": True, "user": {"id": "u", "email": "a@example.com"}}
PROJECT: Json = {"id": "p", "omgJobNumber": "1", "clientTeam": {"id": "t"}, "dueDate": "2026-01-02T00:00:00.000Z"}
PODS = "/api/pods"
POD: Json = {"id": "o", "name": "Pod", "slug": "pod", "members": [{"id": "u", "email": "a@example.com"}]}
TEAMS, PROJECTS, INVITED, WORK = "/api/client-teams", "/api/projects", "/api/org/invitations", "/api/workload"
SPACES: Json = {"spaces": [{"id": 1, "name": "Site"}]}
LEAF: Json = {"id": 3, "key": "a", "content": "x", "date": "2026-01-01T00:00:00.000Z", "spaceId": 1,
              "published": True, "parents": [{"id": 2, "key": "root"}]}  # fmt: skip
WALK: Json = {"id": 2, "key": "root", "children": [{"id": 3, "key": "a", "content": "x"}]}
SEARCH, SEARCHED = "/component/search", {"total": 1, "more": False}
ROOT, SPACE, KEY = "/component/1/root", "/space/2147483646", "/component/1/reconciler-doctor-asks-for-nothing"
CMS: Mapping[str, Json] = {"/space/all": SPACES, SEARCH: {**SEARCHED, "components": [LEAF]}, ROOT: WALK}
BRIEF: dict[str, Json] = {"id": 7, "brief_title": "t", "brief_summary": "s", "brief_deadline": "2026-06-30",
                             "business_area": "b", "status": "draft", "slipstream": None}  # fmt: skip
LOCALES, KEYWORDS = "/common/locales/retrieve", "/common/keywords/retrieve"
TIDS: Json = {"locales": {"entries": [{"tid": "en"}]}}
TOP: Json = {"id": "1", "name": {"itm": ["A"]}}
LOW: Json = {"id": "2", "parentId": "1", "name": {"itm": ["B", {"loc": "en", "value": "B"}]}}
FOLDERS, USERS, GROUPS, SCHEDULES, LABELS = (
    "/v1/folders",
    "/scim/v2/users",
    "/scim/v2/groups",
    "/v1/schedules",
    "/v1/labels",
)
END: Json = {"hasNextPage": False, "totalRecords": 2}
USER: Json = {"id": "u", "userName": "a@example.com", "active": True}


def mine(*, user: str) -> dict[str, Json]:
    """One member of a team, and a workload that knows the same address under this id."""
    return {TEAMS: [changed(TEAM, members=[MEMBER])], INVITED: [], WORK: [{"id": user, "email": "A@example.com"}]}


def changed(value: Json, **words: Json) -> Json:
    assert isinstance(value, dict)
    return {**value, **words}


def without(value: Json, name: str) -> Json:
    assert isinstance(value, dict)
    return {k: v for k, v in value.items() if k != name}


def forest(*keywords: Json) -> Json:
    return {"kwds": {"entries": [*keywords]}}


def found(*components: Json, total: Json = None) -> Json:
    return {"components": [*components], "total": len(components) if total is None else total, "more": False}


def scim(*items: Json, total: int | None = None) -> Json:
    many = len(items) if total is None else total
    return {"Resources": [*items], "totalResults": many, "itemsPerPage": len(items), "startIndex": 1}


@dataclass
class FarEnd:
    """Answers by path; a number is a refusal, and what nobody wrote down is not there."""

    answers: Mapping[str, Json]
    asked: list[str] = field(default_factory=list)

    async def read(self, request: Request) -> Reply:
        line = f"{request.path}{' keyless' if request.keyless else ''}"
        self.asked.append(line)
        said = f"{line} {canonical(request.body)}"  # where one path answers several questions
        body = self.answers.get(said, self.answers.get(line, self.answers.get(request.path, 404)))
        if isinstance(body, int) and not isinstance(body, bool):
            kind = Unauthorised if body == 401 else AnswerInvalid if body == 200 else ProviderRefused
            raise kind("no", target="t", request=request.path, status=body)
        return Reply(200, body)


AGAIN = ("CM-A3", "OC-A2", "OC-A3", "OA-A13", "OC-A24", "OC-A35", "OC-A50")
"""Those that ask one path several questions."""


def finding(probe: str, answers: Mapping[str, Json], ids: Mapping[str, tuple[str, ...]] | None = None) -> Finding:
    provider = {
        "ST": "studio-tracker",
        "CM": "omni-cms",
        "OP": "omg-platform",
        "OC": "omn-core",
        "OA": "omni-analytics",
    }
    every = providers.probes(provider[probe[:2]]).probes
    [one] = [p for p in every if p.id == probe]
    far = FarEnd(answers)
    [(_, told)], _ = asyncio.run(examine(Known("t", ids or {}), [one], far))
    assert len(far.asked) == len(set(far.asked)) or probe in AGAIN
    assert len(far.asked) <= MOST_CALLS
    assert "a@example.com" not in told.seen
    return told


CASES: list[tuple[str, Told, Mapping[str, Json]]] = [
    ("ST-A1", C, {TEAMS: [TEAM]}),
    ("ST-A1", R, {TEAMS: {"teams": [TEAM]}}),
    ("ST-A1", R, {TEAMS: [TEAM, without(TEAM, "slug")]}),
    ("ST-A1", U, {TEAMS: []}),
    ("ST-A1", U, {TEAMS: 403}),
    ("ST-A2", C, {TEAMS: [changed(TEAM, members=[MEMBER])]}),
    ("ST-A2", C, {TEAMS: [changed(TEAM, members=[EMBEDDED])]}),
    ("ST-A2", R, {TEAMS: [changed(TEAM, members=[without(MEMBER, "user")])]}),
    ("ST-A2", R, {TEAMS: [without(TEAM, "members")]}),
    ("ST-A2", U, {TEAMS: [TEAM]}),
    ("ST-A4", R, {TEAMS: [TEAM, TEAM]}),
    ("ST-A4", U, {TEAMS: [TEAM]}),
    ("ST-A11", C, {TEAMS: [TEAM], PROJECTS: [PROJECT]}),
    ("ST-A11", R, {TEAMS: [TEAM], PROJECTS: []}),
    ("ST-A11", R, {TEAMS: [TEAM], PROJECTS: [without(PROJECT, "clientTeam")]}),
    ("ST-A11", U, {TEAMS: [without(TEAM, "_count")], PROJECTS: [PROJECT]}),
    ("ST-A12", C, {TEAMS: [changed(TEAM, members=[MEMBER])]}),
    ("ST-A12", R, {TEAMS: [changed(TEAM, members=[changed(MEMBER, isPrimary=1)])]}),
    ("ST-A12", U, {TEAMS: [TEAM]}),
    ("ST-A13", C, {INVITED: [{"id": "i", "userId": "u"}]}),
    ("ST-A13", U, {INVITED: [{"id": "i", "user": "u"}]}),
    ("ST-A14", C, {WORK: {"users": [{"id": "u", "email": "a@example.com"}]}}),
    ("ST-A14", C, {WORK: [{"id": "u", "email": "a@example.com"}]}),
    ("ST-A14", R, {WORK: [{"id": "u"}]}),
    ("ST-A14", R, {WORK: {"people": []}}),
    ("ST-A14", U, {WORK: []}),
    ("ST-A15", C, mine(user="u")),
    ("ST-A15", R, mine(user="v")),
    ("ST-A15", U, {TEAMS: [], INVITED: [], WORK: []}),
    ("ST-A16", C, {"/api/health keyless": {}}),
    ("ST-A16", R, {"/api/health keyless": 401, "/api/health": {}}),
    ("ST-A16", R, {"/api/health keyless": 403, "/api/health": {}}),
    ("ST-A16", U, {"/api/health": 503}),
    ("ST-A19", R, {PROJECTS: [PROJECT, PROJECT]}),
    ("ST-A19", U, {PROJECTS: [PROJECT]}),
    ("ST-A23", C, {PROJECTS: [PROJECT], "/api/projects/p": {"description": None}}),
    ("ST-A23", R, {PROJECTS: [PROJECT], "/api/projects/p": {"id": "p"}}),
    ("ST-A23", U, {PROJECTS: [PROJECT]}),
    ("ST-A23", U, {PROJECTS: []}),
    ("ST-A24", C, {PROJECTS: [PROJECT]}),
    ("ST-A24", U, {PROJECTS: [changed(PROJECT, dueDate="2026-01-02T23:00:00.000Z")]}),
    ("ST-A24", U, {PROJECTS: [without(PROJECT, "dueDate")]}),
    ("ST-A32", C, {INVITED: [{"id": "i", "email": "a@example.com"}]}),
    ("ST-A32", R, {INVITED: [{"id": "i"}]}),
    ("ST-A33", C, {TEAMS: [changed(TEAM, members=[MEMBER])], INVITED: [], WORK: [{"email": "A@example.com"}]}),
    ("ST-A33", R, {TEAMS: [changed(TEAM, members=[MEMBER])], INVITED: [], WORK: [{"email": "b@example.com"}]}),
    ("ST-A33", U, {TEAMS: [], INVITED: [], WORK: [{"email": "b@example.com"}]}),
    ("ST-A38", C, {PODS: [POD]}),
    ("ST-A38", R, {PODS: [without(POD, "id")]}),
    ("ST-A38", R, {PODS: {"pods": []}}),
    ("ST-A38", U, {PODS: []}),
    ("ST-A39", C, {PODS: [POD]}),
    ("ST-A39", R, {PODS: [without(POD, "members")]}),
    ("ST-A39", R, {PODS: [changed(POD, members=[{"id": "u"}])]}),
    ("ST-A39", U, {PODS: [changed(POD, members=[])]}),
    ("ST-A41", R, {PODS: [POD, changed(POD, id="q")]}),
    ("ST-A41", U, {PODS: [POD]}),
    ("CM-A1", C, CMS),
    ("CM-A1", R, {"/space/all": 200}),
    ("CM-A1", U, {"/space/all": 404}),
    ("CM-A2", C, CMS),
    ("CM-A2", R, {**CMS, SEARCH: found()}),
    ("CM-A2", R, {**CMS, SEARCH: found(without(LEAF, "content"))}),
    ("CM-A2", U, {**CMS, ROOT: {"id": 2, "key": "root"}}),
    ("CM-A3", U, {**CMS, SEARCH: found()}),
    ("CM-A3", R, {**CMS, SEARCH: found(LEAF, total=2)}),
    ("CM-A3", U, CMS),
    ("CM-A3", R, {**CMS, SEARCH: found(LEAF, changed(LEAF, id=4))}),  # the same from offset 1 on
    ("CM-A4", C, CMS),
    ("CM-A4", R, {**CMS, SEARCH: 400}),
    ("CM-A4", U, {**CMS, SEARCH: 404}),
    ("CM-A5", C, CMS),
    ("CM-A5", R, {**CMS, SEARCH: found(changed(LEAF, parents=[{"id": 9}, {"id": 2}]))}),
    ("CM-A5", U, {**CMS, SEARCH: found()}),
    ("CM-A6", C, CMS),
    ("CM-A6", R, {k: v for k, v in CMS.items() if k != ROOT}),
    ("CM-A6", R, {**CMS, ROOT: {"id": 2, "key": "top"}}),
    ("CM-A6", U, {**CMS, "/space/all": {"spaces": []}}),
    ("CM-A7", C, {**CMS, SEARCH: found(changed(LEAF, published=False))}),
    ("CM-A7", U, CMS),
    ("CM-A16", C, {"/space/all": {"spaces": [{"id": 1, "name": "Site"}, {"id": 2, "name": "Site"}]}}),
    ("CM-A16", U, CMS),
    ("CM-A18", C, {**CMS, SEARCH: found(changed(LEAF, date="2026-01-01T00:00:00.120Z"))}),
    ("CM-A18", U, CMS),
    ("CM-A19", C, CMS),
    ("CM-A19", R, {**CMS, SPACE: 400}),
    ("CM-A19", R, {**CMS, KEY: {"success": False}}),
    ("CM-A19", U, {}),
    ("OC-A1", C, {LOCALES: TIDS, KEYWORDS: forest(TOP)}),
    ("OC-A1", R, {LOCALES: TIDS, KEYWORDS: 406}),
    ("OC-A1", R, {LOCALES: 200, KEYWORDS: forest(TOP)}),
    ("OC-A1", U, {LOCALES: TIDS, KEYWORDS: 403}),
    ("OC-A2", C, {LOCALES: TIDS, KEYWORDS: forest(TOP, LOW)}),
    ("OC-A2", U, {LOCALES: TIDS, KEYWORDS: forest(TOP)}),
    ("OC-A2", U, {LOCALES: TIDS, KEYWORDS: forest()}),
    ("OC-A3", C, {LOCALES: TIDS, KEYWORDS: forest(TOP, LOW)}),
    ("OC-A3", R, {LOCALES: TIDS, KEYWORDS: forest(TOP, {"id": "3", "parentPath": "/A", "name": {"itm": ["C"]}})}),
    ("OC-A3", U, {LOCALES: TIDS, KEYWORDS: forest(TOP)}),
    ("OC-A6", R, {LOCALES: TIDS, KEYWORDS: forest(TOP, LOW, changed(LOW, id="3"))}),
    ("OC-A6", U, {LOCALES: TIDS, KEYWORDS: forest(TOP, LOW)}),
    ("OC-A19", C, {LOCALES: TIDS, KEYWORDS: forest(TOP, LOW)}),
    ("OC-A19", R, {LOCALES: {"locales": {"entries": []}}, KEYWORDS: forest(TOP, LOW)}),
    ("OC-A19", U, {LOCALES: TIDS, KEYWORDS: forest(TOP)}),
    ("OA-A1", C, {FOLDERS: {"records": [{"path": "/a"}, {"path": "a/b"}], "pageInfo": END}}),
    ("OA-A1", R, {FOLDERS: {"records": [{"path": "/a"}, {"path": "/x/b"}], "pageInfo": END}}),
    ("OA-A1", R, {FOLDERS: {"records": [{"path": "/a"}, {"path": "/a"}], "pageInfo": END}}),
    ("OA-A1", U, {FOLDERS: {"records": [{"path": "/x/b"}], "pageInfo": {"hasNextPage": True}}}),
    ("OA-A1", U, {FOLDERS: {"records": [{"path": "/a"}], "pageInfo": END}}),
    ("OA-A5", C, {FOLDERS: {"records": [], "pageInfo": END}}),
    ("OA-A5", R, {FOLDERS: 400}),
    ("OA-A6", C, {FOLDERS: {"records": [{"id": "1"}, {"id": "2"}], "pageInfo": END}, USERS: scim(USER)}),
    ("OA-A6", R, {FOLDERS: {"records": [{"id": "1"}], "pageInfo": END}, USERS: scim(USER)}),
    ("OA-A6", U, {FOLDERS: {"records": [{"id": "1"}, {"id": "2"}], "pageInfo": END}, USERS: scim(USER, total=9)}),
    ("OA-A11", C, {LABELS: {"labels": [{"name": "a/b"}]}, "/v1/labels/a%2Fb": {"name": "a/b"}}),
    ("OA-A11", R, {LABELS: {"labels": [{"name": "a/b"}]}}),
    ("OA-A11", R, {LABELS: {"labels": [{"name": "a/b"}]}, "/v1/labels/a%2Fb": {"name": "a"}}),
    ("OA-A11", U, {LABELS: {"labels": [{"name": "ab"}]}}),
    ("OA-A13", C, {USERS: scim(USER)}),
    ("OA-A13", U, {USERS: scim()}),
    ("OA-A22", C, {USERS: scim(changed(USER, active=False))}),
    ("OA-A22", U, {USERS: scim(USER)}),
    ("OA-A24", C, {GROUPS: scim({"id": "g", "members": [{"value": "u"}]}),
                   "/scim/v2/groups/g": {"members": [{"value": "u"}]}}),
    ("OA-A24", R, {GROUPS: scim({"id": "g", "members": []}), "/scim/v2/groups/g": {"members": [{"value": "u"}]}}),
    ("OA-A24", U, {GROUPS: scim()}),
    ("OA-A44", C, {SCHEDULES: {"records": [{"id": "s", "destinationType": "email", "recipientCount": 1}]},
                   "/v1/schedules/s/recipients": {"recipients": [{}]}}),
    ("OA-A44", R, {SCHEDULES: {"records": [{"id": "s", "destinationType": "email", "recipientCount": 2}]},
                   "/v1/schedules/s/recipients": {"recipients": [{}]}}),
    ("OA-A44", U, {SCHEDULES: {"records": [{"id": "s", "destinationType": "sftp", "recipientCount": 2}]}}),
    *ANALYTICS,
    *CORE,
]  # fmt: skip


@pytest.mark.parametrize(("probe", "told", "answers"), CASES, ids=[f"{p}-{t}" for p, t, _ in CASES])
def test_what_the_answers_tell(probe: str, told: Told, answers: Mapping[str, Json]) -> None:
    assert finding(probe, answers).told is told


BRIEFS: list[tuple[str, Told, Json]] = [
    ("OP-A1", C, {"data": BRIEF}),
    ("OP-A1", C, {"data": {**BRIEF, "id": "7"}}),
    ("OP-A1", R, {"data": {**BRIEF, "id": 8}}),
    ("OP-A1", R, BRIEF),
    ("OP-A1", U, 404),
    ("OP-A2", C, {"data": BRIEF}),
    ("OP-A2", R, {"data": without(BRIEF, "brief_summary")}),
    ("OP-A3", R, {"data": without(BRIEF, "status")}),
    ("OP-A4", C, {"data": {**BRIEF, "brief_deadline": "2026-06-30T00:00:00.000Z"}}),
    ("OP-A4", R, {"data": {**BRIEF, "brief_deadline": "30 June"}}),
    ("OP-A4", R, {"data": {**BRIEF, "slipstream": ["a"]}}),
    ("OP-A4", U, {"data": {"id": 7}}),
]  # fmt: skip


WHO: dict[str, Json] = {"id": 1, "email_address": "a@example.com", "first_name": "A", "last_name": "B",
                        "owning_agency_id": 2, "job_role": "3"}  # fmt: skip
PEOPLE: list[tuple[str, Told, Mapping[str, Json]]] = [
    ("OP-A17", R, {"/users": {"data": [WHO, {**WHO, "id": 2, "email_address": "A@example.com"}]}}),
    ("OP-A17", U, {"/users": {"data": {"users": [WHO]}}}),
    ("OP-A18", C, {"/users": {"data": [WHO]}, "/user/1": {"data": WHO}}),
    ("OP-A18", R, {"/users": {"data": [WHO]}, "/user/1": {"data": without(WHO, "job_role")}}),
    ("OP-A18", U, {"/users": {"data": [WHO]}}),
    ("OP-A18", U, {"/users": {"data": []}}),
    ("OP-A20", R, {"/users": {"data": [{**WHO, "job_role": {"id": 3}}]}}),
    ("OP-A20", U, {"/users": {"data": [WHO]}}),
    ("OP-A22", C, {"/users": {"data": [WHO]}, "/user/8": {"data": WHO}}),
    ("OP-A22", U, {"/users": {"data": [WHO]}}),
    ("OP-A22", U, {"/users": {"data": [{**WHO, "id": 8}]}}),
]  # fmt: skip


@pytest.mark.parametrize(("probe", "told", "answers"), PEOPLE, ids=[f"{p}-{t}" for p, t, _ in PEOPLE])
def test_what_the_users_tell(probe: str, told: Told, answers: Mapping[str, Json]) -> None:
    assert finding(probe, answers, {"User": ("8",)}).told is told


@pytest.mark.parametrize(("probe", "told", "body"), BRIEFS, ids=[f"{p}-{t}" for p, t, _ in BRIEFS])
def test_what_a_known_brief_tells(probe: str, told: Told, body: Json) -> None:
    assert finding(probe, {"/briefs/7": body}, {"Brief": ("7",)}).told is told
    assert finding(probe, {}).told is U


def test_a_recorded_component_that_the_search_lacks_is_asked_for() -> None:
    ids = {"Component": ("3", "8")}
    hidden: Mapping[str, Json] = {**CMS, "/component/8": {"id": 8, "published": False}}
    assert finding("CM-A7", hidden, ids).told is R
    assert finding("CM-A7", CMS, ids).told is U


def test_a_refused_key_ends_it() -> None:
    with pytest.raises(Unauthorised):
        finding("ST-A1", {TEAMS: 401})


def test_every_probe_has_an_answer_that_refutes_it_or_none_can() -> None:
    never = {"ST-A13", "ST-A24", "CM-A16", "CM-A18", "OA-A13", "OA-A22", "OA-A102", "CM-A7", "OP-A22"}
    never |= {"OC-A2", "OC-A38"}
    every = {p.id for name in providers.providers() for p in providers.probes(name).probes}
    refuted = {p for p, told, _ in (*CASES, *BRIEFS, *PEOPLE) if told is R}
    assert every - refuted <= never
