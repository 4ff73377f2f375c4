"""The traps of Studio Tracker: each world punishes who falls into one (ST-T1 to ST-T19)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from reconciler.ledger import whoami
from reconciler.model.faults import GuardRefused, ManifestInvalid, RemoteFault
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins import Fault
from reconciler.twins.core.values import Answer, Request
from reconciler.twins.studio_tracker.things import Invitation, Project, Team, User
from tests.contract.altered import altered
from tests.contract.bookings import LAUNCH, booking
from tests.contract.bookings import plan as bookings
from tests.contract.deeds import made
from tests.contract.homes import pod
from tests.contract.jobs import (
    BOTH,
    PREVIEW,
    action,
    alpha,
    applied,
    change,
    done,
    invited,
    job,
    live,
    numbers,
    planned,
    rules,
    teams,
)
from tests.contract.studio import BOB, JANE, team
from tests.contract.studio_files import file, written
from tests.contract.uploads import GONE, IMPORT, LISTS, NEW, Usual, is_commit, making
from tests.world import TRACKER, World

# The list, numbers, names, teams.


def test_trap_a_description_that_the_list_lacks_is_neither_missing_nor_lost(studio: World) -> None:
    """Not by a PATCH of other fields, not by a row, not where it is not declared."""
    done(studio, *(alpha(f"{i:03}", statusDetails="Soon") for i in range(4)))
    assert planned(studio, *studio.documents).calls == ()

    done(studio, *(alpha(f"{i:03}", statusDetails="Soon", owner="Ann") for i in range(4)))
    done(studio, *(alpha(f"{i:03}", owner="Bob") for i in range(4)))
    done(studio, alpha("000", owner="Cem"))

    assert [live(studio, f"{i:03}").description for i in range(4)] == ["Soon"] * 4


@pytest.mark.parametrize("number", ["0012", "1e3", "1.0", "007"])
def test_trap_a_number_keeps_its_zeros_by_post_and_by_workbook(studio: World, number: str) -> None:
    """In one profile a number cell is read as a number, in the other it is refused."""
    spec = f'omgJobNumber: "{number}"\nname: Alpha'
    documents = written(
        file("Project", "by-book", f"{spec}\noutputs: 1"),
        file("Project", "by-post", f"{spec}\nprojectCode: A-1\nteam: brand".replace(number, f"9{number}")),
    )

    deed = done(studio, *documents)

    assert numbers(studio) == sorted([number, f"9{number}"])
    assert [c for c in deed.calls if "bulk-import" in c] == list(BOTH)


NAMES = [
    ("2337959 — Launch", "2337959 - Launch"),
    ("2337959 - Launch", "2337959 - Launch-26"),
    ("2337959 - Launch", "2337959  - Launch"),
    ("2337959 - Launch", "2337959 - LAUNCH"),
    ("caf\u00e9", "cafe\u0301"),
    ("2337959 — Launch", "2337959 — Launch"),
]


@pytest.mark.parametrize(("name", "theirs"), NAMES)
def test_trap_names_are_compared_character_by_character(studio: World, name: str, theirs: str) -> None:
    done(studio, alpha(name=name))
    change(studio, "007", name=theirs)

    deed = done(studio, alpha(name=name))

    assert deed.calls == ([] if name == theirs else [f"PATCH /api/projects/{live(studio, '007').id}"])
    assert live(studio, "007").name == name


def test_trap_a_misspelt_team_in_a_row_makes_no_team(studio: World) -> None:
    before = teams(studio)
    done(studio, *(alpha(f"{i:03}") for i in range(4)))

    updates = [alpha(f"{i:03}", team="brand-safty" if i == 1 else "brand-safety") for i in range(4)]
    deed = done(studio, *updates, *making("8", team="brand-safety"), *making("9", team="brnad"))

    assert (rules(deed.plan, "001"), rules(deed.plan, "9")) == ({"unresolved"}, {"unresolved"})
    assert (teams(studio), numbers(studio)) == (before, ["000", "001", "002", "003", "8"])
    assert len(deed.calls) == 2, "the others went by one workbook"


@pytest.mark.parametrize("how", ["deleted", "called otherwise"])
def test_trap_a_team_that_is_gone_since_the_plan_is_not_made_by_its_row(studio: World, how: str) -> None:
    """The preview shows the slug that its text makes, whether there is such a team or not."""
    own = made(studio.tracker, "POST", "/api/client-teams", {"name": "Empty", "slug": "empty"})
    plan = planned(studio, *making("8", team="empty"))
    other = {"name": "Other", "slug": "other"}
    made(studio.tracker, "DELETE" if how == "deleted" else "PATCH", f"/api/client-teams/{own}", other)
    before = teams(studio)

    studio.apply(plan)

    assert (teams(studio), numbers(studio)) == (before, [])


# Invitations.


@pytest.mark.parametrize("known_to", ["the list", "the workload", "a team", "the ledger"])
def test_trap_whoever_is_known_in_any_way_is_sent_no_second_link(studio: World, known_to: str) -> None:
    """The token of an invitation, or the password of an account, stays what it was."""
    own = studio.tracker.add_invitation(NEW, "PRODUCER")
    documents = [invited(NEW)]
    if known_to == "the ledger":
        done(studio, *documents)
    if known_to != "the list":
        studio.tracker.accept_invitation(own)
    if known_to == "a team":
        documents.append(team("brand", NEW, mode="additive"))
        done(studio, documents[1])
    if known_to == "the ledger":
        studio.tracker.knobs.set("no-people", "adversarial")
    tokens = {i.id: i.token for i in studio.tracker.state.of(Invitation).values()}

    for _ in range(2):
        plan = planned(studio, *documents)
        assert plan.writes == ()
        applied(studio, plan)

    assert {i.id: i.token for i in studio.tracker.state.of(Invitation).values()} == tokens


# Members.


@pytest.mark.parametrize("odd", ["cmo7 a&b=c", "cmo7/ü?#", "cmo7%2F+1"])
def test_trap_the_id_of_a_member_is_in_the_body_of_a_post_and_in_the_query_of_a_delete(
    studio: World, odd: str
) -> None:
    """Of teams and of pods; whatever characters an opaque id has."""
    people = studio.tracker.state.of(User)
    people[odd] = User(odd, studio.tracker.org_id, NEW, "New One", "CREATIVE")
    studio.tracker.add_pod("Pod C", "pod-c")

    done(studio, team("retail-media", NEW), pod("pod-c", NEW))
    assert {u for t in studio.tracker.state.of(Team).values() for u in t.members if t.slug == "retail-media"} == {
        odd
    }
    assert people[odd].home_pod_id is not None
    gone = applied(studio, planned(studio, team("retail-media"), pod("pod-c")))

    deletes = [e for e in studio.tracker.log if e.write]
    assert [(e.method, e.body) for e in deletes] == [("DELETE", None)] * 2
    assert [parse_qsl(e.query) for e in deletes] == [[("userId", odd)]] * 2
    assert gone.ends == {"done"}
    assert people[odd].home_pod_id is None


# Words of the API and words of the workbook.


def test_trap_canceled_has_one_l(studio: World) -> None:
    spec = 'omgJobNumber: "9"\nname: Alpha\noutputs: 0\nstatus: {}'
    with pytest.raises(ManifestInvalid) as caught:
        written(file("Project", "job-9", spec.format("CANCELLED")))
    (problem,) = caught.value.problems
    assert (str(problem.place), "CANCELED" in str(problem)) == ("manifests/0.yaml:8:11", True)

    deed = done(studio, *written(file("Project", "job-9", spec.format("CANCELED"))))

    assert deed.bodies == (f'PATCH /api/projects/{live(studio, "9").id} {{"status":"CANCELED"}}',)
    assert live(studio, "9").status == "CANCELED"


RISKS = {"LOW": "Low", "MEDIUM": "Medium", "HIGH": "High", "URGENT": "Priority"}


def test_trap_priority_is_the_column_risk_and_urgent_is_called_priority(studio: World) -> None:
    documents = [job(f"{i}", name="Beta", outputs=0, priority=p) for i, p in enumerate(RISKS)]

    deed = done(studio, *documents)

    assert deed.calls == list(BOTH)
    assert [live(studio, f"{i}").priority for i in range(4)] == [*RISKS]
    rows = [c.body for c in deed.plan.calls if c.carrier]
    assert [row["Risk"] for row in rows if isinstance(row, dict)] == [*RISKS.values()]
    turned = [job(f"{i}", name="Beta", outputs=0, priority=p) for i, p in enumerate(reversed(RISKS))]
    assert done(studio, *turned).calls == list(BOTH)
    assert [live(studio, f"{i}").priority for i in range(4)] == [*reversed(RISKS)]


def test_trap_the_requestor_is_the_column_owner(studio: World) -> None:
    deed = done(studio, *making("8", "9", owner="Celena"))

    assert deed.calls == list(BOTH)
    assert [live(studio, n).requestor for n in ("8", "9")] == ["Celena"] * 2
    assert [c.body["Owner"] for c in deed.plan.calls if c.carrier and isinstance(c.body, dict)] == ["Celena"] * 2
    assert done(studio, *(job(n, name=f"Beta {n}", owner="Bob") for n in ("8", "9"))).bodies == tuple(
        f'PATCH /api/projects/{live(studio, n).id} {{"requestor":"Bob"}}' for n in ("8", "9")
    )


def test_trap_what_an_upload_made_gets_its_code_by_patch_and_is_no_other_project(studio: World) -> None:
    """Our own upload and somebody else's."""
    ours = done(studio, *making("8", projectCode="B-8"))
    assert ours.calls[-1] == f"PATCH /api/projects/{live(studio, '8').id}"
    studio.tracker.fire_feed({"number": "9", "name": "Fed"})
    for project in list(studio.tracker.state.of(Project).values()):
        if project.omg_job_number == "9":  # in our organisation, wherever the feed writes to (ST-P14)
            moved = replace(project, org_id=studio.tracker.org_id, client_team_id=None)
            studio.tracker.state.of(Project)[project.id] = moved

    deed = done(studio, *making("8", projectCode="B-8"), job("9", projectCode="B-9"))

    assert deed.bodies == (f'PATCH /api/projects/{live(studio, "9").id} {{"projectCode":"B-9"}}',)
    assert [live(studio, n).project_code for n in ("8", "9")] == ["B-8", "B-9"]


# Dates.


def shifted(value: object, hours: int) -> object:
    if not isinstance(value, str):
        return value
    moment = datetime.fromisoformat(value) + timedelta(hours=hours)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


@pytest.mark.parametrize("hours", [-24, -5, 2, 24])
def test_trap_a_date_cell_that_shifts_is_seen_in_the_preview_and_nothing_is_committed(
    studio: World, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(studio, *making("8", "9", externalDeadline="2026-04-03"), alpha("007"))

    def elsewhere(_: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        rows = [{**r, "externalDeadline": shifted(r["externalDeadline"], hours)} for r in body["rows"]]
        return replace(answer, body={**body, "rows": rows})

    altered(studio, monkeypatch, elsewhere, path=IMPORT, twin=studio.tracker)
    deed = applied(studio, plan)

    assert [c for c in deed.calls if "bulk-import" in c] == [PREVIEW]
    assert numbers(studio) == ["007"], "the rest goes on"
    failed = next(o for o in deed.report.outcomes if o.end is End.FAILED)
    assert "externalDeadline is" in failed.message
    assert "8: " in failed.message


def test_trap_a_start_that_shifts_shows_in_no_preview_and_is_reported_after_the_commit(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(studio, *making("8", briefAcceptanceDate="2026-03-10"), *making("9"))

    def elsewhere(request: Request, usual: Usual) -> Answer:
        answer = usual()
        if is_commit(request):
            own = live(studio, "8")
            moved = replace(own, start_date="2026-03-09T00:00:00.000Z")
            studio.tracker.state.of(Project)[own.id] = moved
        return answer

    altered(studio, monkeypatch, elsewhere, path=IMPORT, twin=studio.tracker)
    report = studio.apply(plan)

    ends = {c.summary: (o.end, o.message) for c, o in zip(plan.calls, report.outcomes, strict=True)}
    end, message = ends["create Project 8"]
    assert (end, "briefAcceptanceDate" in message) == (End.FAILED, True)
    assert ends["create Project 9"][0] is End.DONE
    again = studio.plan()
    assert again.writes == ()
    assert [(h.rule, h.only) for h in action(again, "8").holds] == [("changed-by-server", "briefAcceptanceDate")]


# Previews and commits.


def test_trap_every_upload_says_whether_it_commits(studio: World) -> None:
    """Also the one that is repeated after a lost answer."""
    said: list[str] = []
    studio.tracker.on_request(0, "before-effect", lambda r: said.append(r.query), path=IMPORT)

    done(studio, *making("7"))
    studio.tracker.faults.add(Fault("drop", path=IMPORT, nth=2, effect=False))
    studio.apply(studio.plan(*making("7", "8")))
    done(studio, *(job(n, name=f"Beta {n}", owner="Ann") for n in ("7", "8")), *making("9"))

    assert numbers(studio) == ["7", "8", "9"]
    no, yes = "commit=false", "commit=true"
    assert said == [no, yes, no, yes, yes, no, yes]


@pytest.mark.parametrize("place", [3, 4, 99])
def test_trap_a_commit_that_answers_200_may_have_left_rows_out(
    studio: World, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who failed is told by the list, by job number; the row that the answer names is nobody (ST-R49)."""
    plan = planned(studio, *making("7", "8", "9"))

    def partly(request: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        if not is_commit(request):
            return answer
        del studio.tracker.state.of(Project)[live(studio, "8").id]
        errors: list[Json] = [{"row": place, "reason": "omgNumber: Invalid input"}]
        return replace(answer, body={**body, "imported": 2, "created": 2, "errors": errors})

    with monkeypatch.context() as patch:
        altered(studio, patch, partly, path=IMPORT, twin=studio.tracker)
        report = studio.apply(plan)

    ends = {c.summary: o.end for c, o in zip(plan.calls, report.outcomes, strict=True) if c.carrier}
    assert ends == {"create Project 7": End.DONE, "create Project 8": End.FAILED, "create Project 9": End.DONE}
    assert {a.name for a in studio.recorded.bonds} == {"job-7", "job-9"}
    done(studio, *studio.documents)
    assert numbers(studio) == ["7", "8", "9"]


@pytest.mark.parametrize("became", ["a row was left out", "nothing was written"])
def test_trap_a_description_that_a_commit_left_out_is_not_done(
    studio: World, became: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list that tells who failed does not show it: neither where counts differ, nor where no answer came."""
    done(studio, *(alpha(n, statusDetails="Old") for n in ("7", "8", "9")))
    own, plan = live(studio, "8"), planned(studio, *(alpha(n, statusDetails="New") for n in ("7", "8", "9")))

    def partly(request: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        if not is_commit(request):
            return answer
        studio.tracker.state.of(Project)[own.id] = own
        return replace(answer, body={**body, "imported": 2, "updated": 2, "errors": [{"row": 3, "reason": "x"}]})

    if became == "nothing was written":
        studio.tracker.faults.add(Fault("drop", path=IMPORT, nth=2, effect=False))
    else:
        altered(studio, monkeypatch, partly, path=IMPORT, twin=studio.tracker)
    report = studio.apply(plan)

    ends = {c.summary: o.end for c, o in zip(plan.calls, report.outcomes, strict=True) if c.carrier}
    assert ends["update Project 8"] is not End.DONE or live(studio, "8").description == "New"


# 404, the organisation.


@pytest.mark.parametrize("path", LISTS)
def test_trap_a_list_that_answers_404_is_no_empty_list(studio: World, path: str) -> None:
    studio.tracker.faults.add(Fault("status", method="GET", path=path, status=404, times=None))
    studio.documents = [LISTS[path]]
    studio.tracker.log.clear()

    try:
        plan = studio.plan()
    except RemoteFault:
        pass
    else:
        assert plan.writes == ()
    assert [e.call for e in studio.tracker.log if e.write] == []


def test_trap_a_key_that_sees_less_deletes_and_makes_nothing(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it must not see is left out of the list, and answers 404."""
    done(studio, alpha("1", **GONE), alpha("2"), alpha("3"))
    known = dict(studio.recorded.bonds)

    def blind(request: Request, usual: Usual) -> Answer:
        return Answer(200, []) if request.path.endswith("/api/projects") else Answer(404, {"error": "Not found"})

    altered(studio, monkeypatch, blind, path="/api/projects", twin=studio.tracker)
    studio.tracker.log.clear()
    with pytest.raises(GuardRefused, match="studio/Project"):
        studio.plan(alpha("2"), alpha("3"))

    assert [e.call for e in studio.tracker.log if e.write] == []
    assert studio.recorded.bonds == known


def test_trap_a_404_to_a_change_is_a_failure_and_nothing_is_forgotten(studio: World) -> None:
    done(studio, alpha("1"), alpha("2"))
    known = dict(studio.recorded.bonds)
    plan = planned(studio, alpha("1", owner="Ann"), alpha("2"))
    studio.tracker.faults.add(Fault("status", method="PATCH", path="/api/projects", status=404))

    report = studio.apply(plan)

    assert [(o.end, o.status) for o in report.outcomes] == [(End.FAILED, 404)]
    assert {a: b.id for a, b in studio.recorded.bonds.items()} == {a: b.id for a, b in known.items()}
    assert len(done(studio, *studio.documents).calls) == 1


def test_trap_every_request_names_the_organisation(studio: World) -> None:
    """In one profile the server's first organisation is somebody else's, and stays as it is."""
    others = studio.tracker.add_org("Third Party")
    before = studio.tracker.view()["others"]
    documents = [
        team("social", JANE, (BOB, True)),
        pod("pod-c", BOB, lead=JANE),
        invited(NEW),
        alpha(team="social", statusDetails="Soon"),
        *making("8", team="brand", projectCode="B-8"),
        bookings(booking(JANE, 0)),
    ]
    heard: list[tuple[str, str | None]] = []
    studio.tracker.on_request(
        0,
        "before-effect",
        lambda r: heard.append((r.path, r.headers.get("x-org-id"))),
    )

    done(studio, *documents)

    assert len(heard) > 20
    assert {org for _, org in heard} == {studio.tracker.org_id}
    assert studio.tracker.org_id != others
    assert studio.tracker.view()["others"] == before


def test_trap_who_applied_is_in_our_own_record(studio: World) -> None:
    """The server's names the first administrator, whoever it was."""
    assert studio.ledger is not None
    deed = done(studio, team("social", JANE), alpha(team="social"))

    events = list(studio.ledger.events())
    (start,) = (e for e in events if e.type == "run started")
    assert start.content["who"] == {**whoami().to_json()}
    intended = [e for e in events if e.type == "intent" and e.run == start.run]
    assert len(intended) == len(deed.calls) == 3


def test_trap_only_where_the_operator_says_so_no_organisation_is_named(studio: World) -> None:
    studio.settings[TRACKER] = {"singleOrganisation": True}
    studio.tracker.log.clear()

    studio.plan(team("brand", mode="additive"))

    assert [e.headers.get("x-org-id") for e in studio.tracker.log] == [None]


def test_trap_hours_are_numbers_however_they_are_written(studio: World) -> None:
    """`4` and `4.0`, `7.50` and `7.5`, in the file and live."""
    scope = "scope: {from: 2126-04-15, to: 2126-04-21, users: [jane@example.com]}\nbookings:"
    for day, hours in ((15, "4"), (16, "4.0"), (17, "7.50")):
        scope += f'\n  - {{user: {JANE}, date: 2126-04-{day}, jobNumber: "{LAUNCH}", hours: {hours}}}'
    documents = written(file("BookingPlan", "spring", f"name: Spring\n{scope}"))
    own = next(u.id for u in studio.tracker.state.of(User).values() if u.email == JANE)
    for day, live_hours in ((15, 4.0), (16, 4), (17, 7.5)):
        studio.tracker.add_booking(own, f"2126-04-{day}", LAUNCH, live_hours)

    assert planned(studio, *documents).calls == ()
