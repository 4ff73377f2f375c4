"""The traps of OMG Platform: each world punishes who falls into one (OP-T1 to OP-T16)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from reconciler.model.document import Document
from reconciler.model.faults import GuardRefused, ProviderRefused, Unauthorised
from reconciler.model.json import Json
from reconciler.twins import Fault, OmgTwin, running
from reconciler.twins.core.values import Answer, Request
from tests.contract import accounts, briefs, estates
from tests.contract.accounts import house, user
from tests.contract.altered import altered
from tests.contract.briefs import TRANSITION, brief
from tests.contract.estates import CLEAN
from tests.contract.importing import place
from tests.contract.pages import ROOT
from tests.contract.tasks import task
from tests.world import PLATFORM, World

OTHER = "omg_key_other"
NAME = '"last_name":"X",'


@pytest.mark.parametrize("first", [False, True])
def test_trap_a_body_never_holds_fields_and_a_status(p: World, first: bool) -> None:
    """The twin drops the fields of such a body and says 200: only the next plan would tell."""
    briefs.made(p, brief("a"), brief("b", token="r1", slipstream="Digital"))
    p.platform.set_status(briefs.own_id(p, "b"), "draft")
    later = [
        brief("a", title="A", summary="B", deadline="2026-12-31", token="r1", changeRequestFirst=first),
        brief("b", businessArea="UK", slipstream="Print", token="r2", changeRequestFirst=first),
        brief("c", token="r1", changeRequestFirst=first),
    ]
    p.documents = later

    deed = estates.done(p, *later)

    assert len(deed.sent) == 2 + 2 + 2
    assert [line.endswith(TRANSITION) for line in deed.sent].count(True) == 3
    assert all(line.endswith(TRANSITION) or '"status"' not in line for line in deed.sent)
    live = {str(b.id): b for b in p.platform.briefs()}
    for name in "abc":
        one = live[briefs.own_id(p, name)]
        assert one.status == "change_request"
    assert live[briefs.own_id(p, "a")].fields["brief_summary"] == "B"
    assert live[briefs.own_id(p, "b")].fields["slipstream"] == "Print"


# Host and tenant.


def test_trap_no_host_and_no_tenant_of_the_api_is_built_in() -> None:
    """The only one that the reference names is a development host."""
    shipped = [f for folder in ("reconciler", "schemas") for f in (ROOT / folder).rglob("*.*") if f.is_file()]
    texts = {f: f.read_text("utf-8") for f in shipped if f.suffix in (".py", ".yaml", ".json", ".toml")}
    assert len(texts) > 100

    hosts = {h for text in texts.values() for h in re.findall(r"https?://([\w.-]+)", text)}
    assert {h for h in hosts if "omg" in h and not h.endswith("example.com")} == set()
    assert {h for h in hosts if ".dev." in h or "oliver" in h} == set()


def test_trap_without_a_host_from_the_operator_nothing_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    twin = OmgTwin()
    with place(tmp_path / "x", {PLATFORM: twin}) as here:
        (here.root / "manifests" / "a.yaml").write_text(
            estates.sheet("User", "jane", "email: jane@example.com", "firstName: J")
        )
        here.run("plan")
        monkeypatch.delenv("RECONCILER_CONFIG")
        twin.log.clear()

        said = here.run("plan", code=3) + here.told

    assert PLATFORM in said
    assert len(twin.log) == 0


@pytest.mark.parametrize("elsewhere", ["tenant", "host"])
def test_trap_a_plan_made_for_one_place_is_not_applied_to_another(tmp_path: Path, elsewhere: str) -> None:
    here_, there = OmgTwin(), OmgTwin()
    for twin in (here_, there):
        for tenant in ("acme", "globex"):
            twin.add_user("jane@example.com", "Jane", "Doe", tenant=tenant)
    with place(tmp_path / "x", {PLATFORM: here_}) as here, running(there) as url:
        (here.root / "manifests" / "a.yaml").write_text(
            estates.sheet("User", "jane", "email: jane@example.com", "firstName: J")
        )
        saved = str(here.root / "plan.json")
        here.run("plan", "--out", saved)
        config = here.root / ".reconciler" / "operator.yaml"
        text = config.read_text()
        own = text.split("url: '")[1].split("'")[0]
        config.write_text(text.replace(own, own.replace("acme", "globex") if elsewhere == "tenant" else url))
        here_.log.clear()

        here.run("apply", saved, "--yes", code=5)

    assert "the target platform is now" in " ".join(here.told.split())
    assert (len(here_.log), len(there.log)) == (0, 0)


def test_trap_what_the_ledger_holds_is_of_one_tenant(p: World) -> None:
    """Brief 1 of another house is not ours because ours is brief 1 (OP-R45)."""
    mine, theirs = brief("a"), p.platform
    estates.done(p, mine)
    theirs.edit_in(
        "globex",
        "POST",
        "/briefs",
        {"brief_title": "Theirs", "brief_summary": "x", "brief_deadline": "2026-06-30", "business_area": "UK"},
    )
    here = p.urls[PLATFORM]
    p.urls = {PLATFORM: here.replace("acme", "globex")}
    p.keys[PLATFORM] = "omg_key_other"
    theirs.log.clear()

    with pytest.raises(
        GuardRefused, match=r"platform is .*globex.* now; what the ledger holds of it was made at .*acme"
    ):
        p.plan(mine)

    assert len(theirs.log) == 0
    p.urls, p.keys[PLATFORM] = {PLATFORM: here}, theirs.default_key
    assert p.plan(mine).writes == ()


# Ids and creates.


def test_trap_an_id_is_written_down_before_anything_else_happens(p: World) -> None:
    """A run that breaks off right after one answer has lost nothing of it."""
    plan = p.plan(*(brief(n) for n in "abc"))
    p.platform.faults.add(Fault("status", method="POST", nth=2, status=403, times=None))

    p.apply(plan, *briefs.lifting(plan, "unknown-past"))

    made = {str(b.id) for b in p.platform.briefs() if b.fields["brief_title"] == "Q3 Campaign Brief"}
    assert {b.id for b in p.recorded.bonds.values()} == made
    assert len(made) == 1
    p.platform.faults.clear()
    assert len(estates.done(p, *p.documents).sent) == 2


@pytest.mark.parametrize("fault", ["drop", "status", "cut", "truncated", "html", "throttle"])
@pytest.mark.parametrize("kind", ["Brief", "Task", "picture"])
def test_trap_no_post_goes_twice(p: World, kind: str, fault: str, tmp_path: Path) -> None:
    h = house(p, "jane")
    face = accounts.picture(p, tmp_path, "jane.jpg")
    one = {"Brief": brief("x"), "Task": task("x"), "picture": user("jane", avatar=face)}[kind]
    plan = p.plan(one)
    p.platform.faults.add(Fault(fault, method="POST", status=500, times=None))
    p.platform.log.clear()

    report = p.apply(plan, *briefs.lifting(plan, "unknown-past"))

    assert p.platform.faults.fired == 1
    assert [e.method for e in p.platform.log if e.write] == ["POST"]
    assert str(report.outcomes[0].end) == ("failed" if fault == "throttle" or kind == "picture" else "in doubt")
    assert h.people.keys() == {"jane"}


# A 404, a 403, a key.


def everything(h: accounts.House) -> list[Document]:
    return [
        brief("a", **CLEAN),
        brief("b", **CLEAN),
        user("jane", firstName="J"),
        user("bob", jobRole=h.producer),
        task("kick", brief="a"),
    ]


def later(h: accounts.House) -> list[Document]:
    """Changes of every sort; `b` leaves git."""
    return [
        brief("a", summary="S", token="r1", **CLEAN),
        brief("new"),
        user("jane", firstName="Jane"),
        user("bob", jobRole=h.director),
        task("kick", brief="a", token="s1"),
        task("new", parent="7"),
    ]


@pytest.mark.parametrize("kinds", ["Brief", "User", "Task", "Brief User Task"])
def test_trap_a_404_of_another_tenant_makes_deletes_and_forgets_nothing(p: World, kinds: str) -> None:
    h = house(p, "jane", "bob")
    estates.done(p, *everything(h))
    known, there = dict(p.recorded.bonds), p.platform.dump()["state"]
    documents = [d for d in later(h) if d.address.kind in kinds]
    p.keys[PLATFORM] = OTHER
    p.platform.log.clear()

    try:
        report = p.apply(p.plan(*documents))
    except (GuardRefused, Unauthorised, ProviderRefused):
        assert not p.platform.log.writes()
    else:
        assert kinds == "Task", "of tasks nothing can be read"
        assert {str(o.end) for o in report.outcomes} <= {"failed", "not sent"}
        assert {e.status for e in p.platform.log} <= {403, 404}
    kept = {a: b for a, b in known.items() if a.kind in kinds}
    assert {a: b for a, b in p.recorded.bonds.items() if a.kind in kinds} == kept
    assert p.platform.dump()["state"] == there


def test_trap_a_key_of_another_tenant_between_plan_and_apply_does_no_harm(p: World) -> None:
    h = house(p, "jane", "bob")
    estates.done(p, *everything(h))
    estates.done(p, *everything(h))
    known, there = dict(p.recorded.bonds), p.platform.dump()["state"]
    plan = p.plan(*later(h))
    assert {c.method for c in plan.writes} == {"POST", "PATCH", "PUT", "DELETE"}
    p.keys[PLATFORM] = OTHER
    p.platform.log.clear()

    try:
        report = p.apply(plan)
    except Unauthorised:
        assert not p.platform.log.writes()
    else:
        assert {str(o.end) for o in report.outcomes} <= {"stale", "failed", "blocked", "not sent"}
        assert {e.method for e in p.platform.log.writes()} <= {"POST"}, (
            "a create has nothing to be looked at first"
        )
    assert p.recorded.bonds == known
    assert p.platform.dump()["state"] == there


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("at", ["plan", "precondition", "call"])
def test_trap_a_403_is_a_bad_key_wherever_it_comes(p: World, status: int, at: str) -> None:
    h = house(p, "jane", "bob")
    estates.done(p, *everything(h))
    known = dict(p.recorded.bonds)
    documents = [brief("a", summary="S"), brief("b", summary="S"), *later(h)[2:4], everything(h)[-1]]
    refusal = Fault("status", status=status, times=None, writes=at == "call")
    if at == "plan":
        p.platform.faults.add(refusal)
        with pytest.raises(Unauthorised):
            p.plan(*documents)
        assert p.platform.faults.fired == 1
        return
    plan = p.plan(*documents)
    p.platform.faults.add(refusal)
    p.platform.log.clear()

    if at == "precondition":
        with pytest.raises(Unauthorised):
            p.apply(plan)
        assert [e.status for e in p.platform.log] == [status], "one call"
    else:
        ends = [str(o.end) for o in p.apply(plan).outcomes]
        assert set(ends) <= {"failed", "not sent"}
        assert {e.status for e in p.platform.log.writes()} == {status}
        assert p.platform.faults.fired == ends.count("failed")
    assert {a: b.id for a, b in p.recorded.bonds.items()} == {a: b.id for a, b in known.items()}


# Users.


def test_trap_one_user_and_all_users_are_two_paths(p: World) -> None:
    h = house(p, "jane", "bob")
    one, two = [user("jane", firstName="J")], [user("jane", firstName="J"), user("bob", firstName="B")]

    assert p.plan(*one).reads == ("platform: GET /user?email=jane%40example.com",)
    assert p.plan(*two).reads == ("platform: GET /users",)
    estates.done(p, *two)

    assert {e.path.removeprefix(p.platform.base_path) for e in p.platform.log} <= {
        "/users",
        *(f"/user/{i}" for i in h.people.values()),
    }
    assert p.plan(*one).reads == (f"platform: GET /user/{h.people['jane']}",)
    assert all(e.status == 200 for e in p.platform.log)


def test_trap_a_look_up_has_exactly_one_parameter(p: World) -> None:
    house(p, "jane", "bob", "eve", "ann")
    p.platform.log.clear()

    p.plan(user("jane", staffId="S-jane"))
    p.plan(user("jane", firstName="J"))
    p.plan(user("eve", email="e@example.com", previous_key="eve@example.com"))
    p.plan(user("bob"), user("jane", staffId="S-jane"), user("ann", email="gone@example.com"))

    queries = [parse_qsl(e.query, keep_blank_values=True) for e in p.platform.log if e.path.endswith("/user")]
    assert len(queries) >= 5
    assert {tuple(n for n, _ in q) for q in queries} == {("email",), ("staffid",)}
    assert all(value for q in queries for _, value in q)
    assert 400 not in {e.status for e in p.platform.log}


@pytest.mark.parametrize("known", [False, True])
def test_trap_who_is_not_in_the_list_may_be_inactive(p: World, known: bool) -> None:
    """Never taken for gone, and never made; where the look-up hides him as well, it says so and does nothing."""
    h = house(p, "jane", "bob", "eve")
    people = [user("jane", firstName="Jane"), user("bob"), user("eve")]
    if known:
        estates.done(p, *people)
    p.platform.set_active(h.people["jane"], active=False)

    plan = p.plan(user("jane", firstName="J"), *people[1:])

    hidden = p.platform.knobs.hard("OP-P15") and not known
    assert accounts.rules(plan) == ({"jane": ["no-such-user"]} if hidden else {})
    assert [c.line for c in plan.writes] == ([] if hidden else [f"PUT /user/{h.people['jane']}"])
    assert p.plan(*people[1:]).writes == (), "and who leaves git while inactive is just let go"


def test_trap_a_hit_of_a_search_is_nobodys_identity(p: World) -> None:
    """All of these contain the address that is wanted; one of them is meant, and in the second story nobody."""
    p.platform.reset()
    t = p.platform
    agency, role = t.add_agency("jane@example.com"), t.add_job_role("Friend of jane@example.com")
    t.add_user("bob@example.com", "jane@example.com", "Doe", agency_id=agency, job_role=role)
    t.add_user("mary-jane@example.com", "Mary", "Jane")
    t.add_user("jane@example.com.au", "Jane", "Down Under")
    wanted = [user("jane", firstName="J"), user("mary-jane", firstName="M")]
    p.platform.log.clear()

    assert accounts.rules(p.plan(*wanted)) == {"jane": ["no-such-user"]}
    assert accounts.rules(p.plan(wanted[0])) == {"jane": ["no-such-user"]}
    own = t.add_user("jane@example.com", "Jane", "Doe")
    plan = p.plan(*wanted)

    assert [c.line for c in plan.writes if c.address.name == "jane"] == [f"PUT /user/{own}"]
    assert not [e for e in p.platform.log if "search" in e.query]


def test_trap_a_name_never_goes_beside_its_id(p: World) -> None:
    """A PUT that holds both can disagree with itself; one world ignores the name, the other refuses it."""
    h = house(p, "jane", "bob", "eve")
    names = {"owningAgency": "House US", "jobRoleName": "House Director", "lastName": "X"}
    ids = {"owningAgencyId": h.us, "jobRole": h.director}
    estates.done(p, user("bob", **ids), user("jane"), user("eve"))

    deed = estates.done(p, user("bob", **ids), user("jane", **names), user("eve", **ids))

    body = f'"job_role":{h.director},%s"owning_agency_id":{h.us}'
    assert sorted(deed.sent) == sorted(
        [
            f"PUT /user/{h.people['jane']} {{{body % NAME}}}",
            f"PUT /user/{h.people['eve']} {{{body % ''}}}",
        ]
    )


# Events, paths, headers, days.


def test_trap_the_same_manifests_ask_for_one_transition(p: World) -> None:
    """Where it may fire again (OP-P5), it would; people move the brief on meanwhile, and change its fields."""
    mine = brief(token="r1")
    briefs.made(p, mine)
    own = briefs.own_id(p)

    fields = ("brief_title", "brief_summary", "business_area", "brief_deadline")
    for status, field in zip(("draft", "approved", "change_request", "draft"), fields, strict=True):
        p.platform.set_status(own, status)
        p.platform.edit("PATCH", f"/briefs/{own}", {field: "2027-01-01"})
        [line] = briefs.carried_out(p, mine).sent
        assert line.startswith(f'PATCH /briefs/{own} {{"{field}":')

    assert p.platform.transitions(own) == 1


AREAS = ["UK/Marketing/Digital", "/", "../../users", "a%2Fb", "a//b/", "?search=x#y", "{id}"]


def test_trap_slashes_of_a_business_area_are_no_path(p: World) -> None:
    briefs.made(p, *(brief(f"b{i}", businessArea=area, title=area) for i, area in enumerate(AREAS)))
    swapped = [brief(f"b{i}", businessArea=area, title=area) for i, area in enumerate(reversed(AREAS))]
    p.platform.log.clear()

    plan = p.plan(*swapped)
    p.checked_apply(plan)

    assert p.plan().writes == ()
    assert all(re.fullmatch(r"(GET|PATCH) /briefs/\d+", e.call) for e in p.platform.log)
    live = {str(b.id): b.fields["business_area"] for b in p.platform.briefs()}
    assert [live[briefs.own_id(p, f"b{i}")] for i in range(len(AREAS))] == AREAS[::-1]


@pytest.mark.parametrize("kind", ["Project", "Deliverable", "Library", "Debug"])
@pytest.mark.parametrize("lifecycle", ["", ", id: '7', lifecycle: {manage: observe}"])
def test_trap_what_the_reference_contradicts_itself_on_is_refused(
    kind: str, lifecycle: str, tmp_path: Path
) -> None:
    """Not even looked at: there is no path that would not be a guess."""
    twin = OmgTwin()
    with place(tmp_path / "x", {PLATFORM: twin}) as here:
        (here.root / "manifests" / "a.yaml").write_text(estates.sheet(kind, "x", "name: X", metadata=lifecycle))
        here.run("plan", code=1)
        here.run("apply", "--yes", code=1)

    assert f"omg-platform/{kind} cannot be managed" in " ".join(here.told.split())
    assert len(twin.log) == 0


def test_trap_the_key_says_who_acts_and_nothing_else_does(
    p: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Changes are this user's; no other header, and no field of ours, claims them for somebody else."""
    h = house(p, "jane", "bob")
    face = accounts.picture(p, tmp_path, "jane.jpg")
    seen: list[Mapping[str, str]] = []

    def noting(request: Request, usual: object) -> Answer:
        seen.append(request.headers)
        return usual()  # type: ignore[operator, no-any-return]

    altered(p, monkeypatch, noting, twin=p.platform)
    estates.done(p, *everything(h))
    estates.done(p, *later(h)[:2], user("jane", avatar=face), task("kick", brief="a"))

    usual = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-type", "content-length"}
    assert len(seen) > 20
    assert {name for headers in seen for name in headers} - usual == {"x-api-key"}
    assert {headers["x-api-key"] for headers in seen} == {p.keys[PLATFORM]}


@pytest.mark.parametrize("day", ["2026-06-30", "'2026-06-30'", '"2026-06-30"'])
def test_trap_a_day_is_sent_as_it_is_written_quoted_or_not(p: World, day: str) -> None:
    fields = [
        "title: Q3 Campaign Brief",
        "summary: Overview of Q3 requirements",
        "businessArea: UK/Marketing/Digital",
    ]
    [mine] = estates.written(estates.sheet("Brief", "q3", *fields, f"deadline: {day}"))

    deed = briefs.made(p, mine)

    assert _days(deed.sent) == ["2026-06-30"]
    assert briefs.carried_out(p, brief()).sent == [], "as a value of a test, and as a text of a file"
    [moved] = estates.written(estates.sheet("Brief", "q3", *fields, "deadline: 2026-07-01"))
    assert _days(briefs.carried_out(p, moved).sent) == ["2026-07-01"]


def _days(sent: Sequence[str]) -> list[Json]:
    return [m for line in sent for m in re.findall(r'"brief_deadline":"([^"]+)"', line)]
