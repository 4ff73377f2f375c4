"""What the reference of Studio Tracker leaves open: each world answers otherwise than we read it (ST-Q1 …)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.faults import RemoteFault
from reconciler.model.json import Json
from reconciler.model.outcome import End
from reconciler.twins import Fault
from reconciler.twins.core.values import Answer, Request
from reconciler.twins.studio_tracker import bulk_import, rows
from reconciler.twins.studio_tracker.things import Invitation, Org, Project, Team, User
from tests.contract.altered import altered
from tests.contract.bookings import booking
from tests.contract.bookings import plan as bookings
from tests.contract.homes import UNMANAGED, pod
from tests.contract.jobs import (
    BOTH,
    HEALTH,
    LIST,
    PENDING,
    PREVIEW,
    WORKLOAD,
    action,
    alpha,
    applied,
    change,
    done,
    invited,
    job,
    live,
    make,
    numbers,
    outputs,
    planned,
    rules,
    teams,
)
from tests.contract.studio import JANE, team, team_id, user_id
from tests.contract.uploads import GONE, IMPORT, LISTS, NEW, Usual, answering, is_commit, making
from tests.world import World

# What lists show.


SHAPES: Mapping[str, Callable[[Any], Json]] = {
    "an envelope": lambda body: {"items": body},
    "nothing": lambda _: {},
    "rows without ids": lambda body: [{k: v for k, v in row.items() if k != "id"} for row in body] or [{}],
    "rows without keys": lambda body: [{"id": row["id"]} for row in body] or [{"id": "x"}],
    "numbers for ids": lambda body: [{**row, "id": 7} for row in body] or [{"id": 7}],
}


KEY_ALONE = [("/api/org/invitations", "rows without ids"), ("/api/org/invitations", "numbers for ids")]
"""The address alone says who is pending: no id is needed but for a revoke."""


@pytest.mark.parametrize(("path", "shape"), [(p, s) for p in LISTS for s in SHAPES if (p, s) not in KEY_ALONE])
def test_question_a_list_of_another_shape_is_no_list_and_nothing_is_written(
    studio: World, path: str, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(studio, monkeypatch, path, SHAPES[shape])
    studio.documents = [LISTS[path]]
    studio.tracker.log.clear()

    try:
        plan = studio.plan()
    except RemoteFault:
        pass
    else:
        assert plan.writes == ()
    assert [e.call for e in studio.tracker.log if e.write] == []


@pytest.mark.parametrize(("path", "shape"), KEY_ALONE)
def test_question_an_invitation_is_known_by_its_address_alone(
    studio: World, path: str, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(studio, invited(NEW, **GONE), alpha())
    answering(studio, monkeypatch, path, SHAPES[shape])

    assert studio.plan(invited(NEW, **GONE), invited("new.producer@example.com"), alpha()).writes == ()
    if "without" in shape:
        assert studio.plan(alpha()).writes == (), "none can be revoked"


LEAST: Mapping[str, tuple[str, ...]] = {
    "/api/client-teams": ("id", "name", "slug"),
    "/api/pods": ("id", "name", "slug"),
    "/api/org/invitations": ("id", "email"),
}


def test_question_ids_and_keys_are_all_that_a_list_needs(studio: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is in a team or a pod, and where, is then not verifiable, and said to be."""
    documents = [team("social", JANE), pod("pod-c", JANE, lead=JANE), invited(NEW)]
    studio.tracker.knobs.set("pod-members-hidden", "adversarial")
    for path, kept in LEAST.items():
        answering(studio, monkeypatch, path, _only(kept))

    deed = applied(studio, studio.plan(*documents))

    assert deed.ends == {"done"}
    assert [c.split(" ")[0] for c in deed.calls] == ["POST"] * 5
    again = studio.plan()
    assert again.calls == ()
    for name in ("social", "pod-c"):
        assert any("not verifiable: members" in note for note in action(again, name).notes)


def _only(kept: tuple[str, ...]) -> Callable[[Any], Json]:
    return lambda body: [{k: row[k] for k in kept} for row in body]


def test_question_answers_of_writes_need_no_body(studio: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the link of an invitation, which is shown once."""

    def silent(request: Request, usual: Usual) -> Answer:
        answer = usual()
        quiet = request.method != "GET" and answer.ok and not request.path.endswith("bulk-import")
        return Answer(204, None) if quiet else answer

    altered(studio, monkeypatch, silent, path="/api", twin=studio.tracker)
    documents = [
        team("social", JANE),
        pod("pod-c", JANE),
        alpha("7", statusDetails="Soon"),
        job("8", name="Beta", outputs=1, projectCode="B-8"),
        bookings(booking(JANE, 0)),
    ]

    report = studio.apply(studio.plan(*documents))

    assert {o.end for o in report.outcomes} <= {End.DONE, End.UNNEEDED}, [o.message for o in report.outcomes]
    assert len(studio.recorded.bonds) == 5
    assert studio.plan().calls == ()


# Teams.


@pytest.mark.parametrize("status", [400, 403, 409, 422, 423])
def test_question_a_blocked_delete_is_any_4xx_and_is_not_sent_again(studio: World, status: int) -> None:
    """It is looked for before, so it takes a project in the very moment."""
    brand = team("brand", mode="additive")
    done(studio, brand, team("social", **GONE), team("other", **GONE))
    own = team_id(studio, "social")
    plan = planned(studio, brand)
    studio.tracker.faults.add(Fault("status", method="DELETE", path=f"/api/client-teams/{own}", status=status))
    studio.tracker.log.clear()

    report = studio.apply(plan)

    assert sorted((str(o.end), o.status) for o in report.outcomes if o.status == status) == [("failed", status)]
    assert sorted(str(o.end) for o in report.outcomes) == ["done", "failed"]
    assert [e.call for e in studio.tracker.log].count(f"DELETE /api/client-teams/{own}") == 1
    assert {a.name for a in studio.recorded.bonds} == {"brand", "social"}


def test_question_a_delete_that_the_server_itself_blocks_leaves_the_team(studio: World, firm: bool) -> None:
    brand = team("brand", mode="additive")
    done(studio, brand, team("social", **GONE))
    own = team_id(studio, "social")
    plan = planned(studio, brand)
    studio.tracker.on_request(1, "before-effect", lambda _: _project(studio, own), method="DELETE")

    report = studio.apply(plan)

    assert [(o.end, o.status) for o in report.outcomes] == [(End.FAILED, 400 if firm else 409)]
    assert "social" in teams(studio)
    assert rules(planned(studio, brand), "social") == {"in-use"}


def _project(w: World, team: str) -> None:
    make(w, "991", clientTeamId=team)


def test_question_a_name_that_leads_elsewhere_is_written_as_the_slug(studio: World) -> None:
    """The workbook finds a team by slug, the feed by name: what leads to another team's slug is not said."""
    studio.tracker.edit("POST", "/api/client-teams", {"name": "Brand Safety!", "slug": "odd"})

    done(studio, job("9", name="Beta", outputs=0, team="odd"))

    assert live(studio, "9").client_team_id == team_id(studio, "odd")


# Projects.


@pytest.mark.parametrize("effect", [True, False])
def test_question_a_lost_create_is_listed_before_it_is_sent_again(studio: World, effect: bool) -> None:
    """In the harder profile a second POST makes a second project."""
    plan = planned(studio, alpha("7"), alpha("8"))
    studio.tracker.faults.add(Fault("drop", method="POST", path="/api/projects", effect=effect))
    studio.tracker.log.clear()

    report = studio.apply(plan)

    assert {o.end for o in report.outcomes} == {End.DONE}
    assert numbers(studio) == ["7", "8"]
    settling = [line.split(" ", 1)[1] for line in report.requests["settle"]]
    assert settling == [LIST] * (1 if effect else 2)
    assert studio.plan().calls == ()


def test_question_deliverables_that_a_post_makes_are_left_alone(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generous(_: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        if answer.ok:
            studio.tracker.add_deliverable(body["id"], "Default")
        return answer

    exact = "/api/projects"
    with monkeypatch.context() as patch:
        altered(
            studio,
            patch,
            lambda r, usual: generous(r, usual) if r.path.endswith(exact) else usual(),
            method="POST",
            path=exact,
            twin=studio.tracker,
        )
        done(studio, alpha("7", **GONE), alpha("1"))
        done(studio, *making("8"), alpha("7", **GONE), alpha("1"))

    assert (outputs(studio, "7"), outputs(studio, "8")) == (1, 1)
    assert rules(planned(studio, *making("8"), alpha("1")), "7") == {"in-use"}, "nor deleted with them"


def test_question_what_a_blank_count_makes_is_never_found_out(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here it makes five. A create always says its count, 0 too; an update never makes any."""
    usual = rows.read_row

    def generous(cells: Any, **words: Any) -> Any:
        row = usual(cells, **words)
        return row if cells.get("# of outputs") is not None else replace(row, outputs=5)

    monkeypatch.setattr(bulk_import, "read_row", generous)
    done(studio, *(job(f"{i}", name="Beta", outputs=i) for i in range(3)))
    done(studio, *(job(f"{i}", name="Beta", outputs=i, owner="Ann") for i in range(3)), *making("9"))

    assert [outputs(studio, f"{i}") for i in range(3)] == [0, 1, 2]
    assert outputs(studio, "9") == 1


@pytest.mark.parametrize("skips", ["plain", "adversarial"])
@pytest.mark.parametrize("places", ["plain", "adversarial"])
def test_question_which_row_is_the_second_and_whose_an_error_is_does_not_matter(
    studio: World, skips: str, places: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.tracker.knobs.set("ST-P18", skips)
    studio.tracker.knobs.set("ST-P19", places)
    done(studio, *making("7", "8"))
    assert numbers(studio) == ["7", "8"], "the first row of ours is not taken for the example"

    plan = planned(studio, *making("7", "8"), *making("9", "90"))
    answering(
        studio,
        monkeypatch,
        IMPORT,
        lambda body: {**body, "validRows": 1, "errors": [{"row": 3, "reason": "x"}], "rows": body["rows"][1:]},
        "POST",
    )
    deed = applied(studio, plan)

    assert deed.calls == [PREVIEW]
    failed = next(o for o in deed.report.outcomes if o.end is End.FAILED)
    assert "row 3" not in failed.message
    assert numbers(studio) == ["7", "8"]


@pytest.mark.parametrize("status", ["COMPLETED", "CANCELED", "ARCHIVED"])
def test_question_a_status_without_a_label_never_stands_in_a_row(studio: World, status: str) -> None:
    done(studio, *(alpha(f"{i}") for i in range(4)))

    deed = done(studio, *(alpha(f"{i}", status=status) for i in range(4)))

    assert [c.split(" ")[0] for c in deed.calls] == ["PATCH"] * 4
    assert all(live(studio, f"{i}").status == status for i in range(4))


@pytest.mark.parametrize("strict", [True, False])
def test_question_a_category_of_ones_own_is_refused_or_not_and_only_for_its_project(
    studio: World, strict: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = make(studio, "6", businessUnit="Podcast")
    plan = planned(
        studio, job("6", category="Podcast"), alpha("7", category="Podcast"), alpha("8", category="PDF")
    )
    assert action(plan, "6").calls == (), "it is so already"

    def choosing(request: Request, usual: Usual) -> Answer:
        return Answer(400, {"error": "businessUnit: Invalid input"}) if b"Podcast" in request.body else usual()

    if strict:
        altered(studio, monkeypatch, choosing, method="POST", path="/api/projects", twin=studio.tracker)
    deed = applied(studio, plan)

    assert deed.ends == ({"done", "failed"} if strict else {"done"})
    assert numbers(studio) == (["6", "8"] if strict else ["6", "7", "8"])
    assert studio.tracker.state.of(Project)[own].business_unit == "Podcast"


def test_question_what_moves_updated_at_decides_nothing(studio: World) -> None:
    """A description that somebody changed is seen, though the moment of the last change stands still."""
    done(studio, alpha(statusDetails="Soon"))
    own = live(studio, "007")
    studio.tracker.state.of(Project)[own.id] = replace(own, description="Theirs")

    deed = done(studio, alpha(statusDetails="Soon"))

    assert deed.bodies == (f'PATCH /api/projects/{own.id} {{"description":"Soon"}}',)
    change(studio, "007", status="PIPELINE")
    assert planned(studio, *studio.documents).calls == (), "and one that moved tells of no difference"


@pytest.mark.parametrize("completes", [True, False])
def test_question_whether_a_completed_job_is_set_to_completed(studio: World, completes: bool) -> None:
    """If so, that is a difference like any other; if not, there is none."""
    orgs = studio.tracker.state.of(Org)
    own = orgs.pop(studio.tracker.org_id)
    rest = dict(orgs)
    orgs.clear()
    orgs.update({own.id: own, **rest})  # the feed writes to the first organisation (ST-P14)
    done(studio, alpha(status="ACTIVE"))
    studio.tracker.fire_feed({"number": "007"}, "job.completed")
    if completes:
        change(studio, "007", status="COMPLETED")

    plan = planned(studio, alpha(status="ACTIVE"))

    assert [c.body for c in plan.writes] == ([{"status": "ACTIVE"}] if completes else [])


# Permissions, health.


def test_question_an_import_that_the_key_may_not_make_fails_its_own_projects(studio: World) -> None:
    plan = planned(studio, *making("8", "9"), alpha("7"), team("social", JANE))
    text = "Missing permission: PROJECT_CREATE"
    studio.tracker.faults.add(Fault("status", method="POST", path=IMPORT, status=403, text=text))

    deed = applied(studio, plan)

    ends = {c.summary: (o.end, o.message) for c, o in zip(plan.calls, deed.report.outcomes, strict=True)}
    assert [c for c in deed.calls if "bulk" in c] == [PREVIEW]
    assert any(text in message for _, message in ends.values())
    assert (numbers(studio), ends["create Project 7"][0]) == (["7"], End.DONE)
    assert "social" in teams(studio)


def test_question_pods_that_the_key_may_not_write_fail_alone(studio: World) -> None:
    plan = planned(studio, pod("pod-c", *UNMANAGED), alpha("7"))
    studio.tracker.faults.add(Fault("status", method="POST", path="/api/pods", status=403))

    deed = applied(studio, plan)

    assert sorted((str(o.end), o.status) for o in deed.report.outcomes) == [("done", 201), ("failed", 403)]
    assert numbers(studio) == ["7"]


@pytest.mark.parametrize("public", [True, False])
def test_question_strict_health_is_asked_so_that_either_answer_will_do(
    studio: World, public: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before an import the key goes along: a server that wants it has it."""

    def keyed(request: Request, usual: Usual) -> Answer:
        shown = public or "x-api-key" in request.headers
        return usual() if shown else Answer(401, {"error": "Unauthorized"})

    altered(studio, monkeypatch, keyed, path="/api/health", twin=studio.tracker)

    deed = done(studio, *making("8"))

    assert (deed.calls, numbers(studio)) == (list(BOTH), ["8"])
    assert HEALTH in deed.reads


# Invitations.


def test_question_accepted_invitations_may_stay_in_the_list(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then they count as invited all the same, and none is sent."""
    done(studio, invited(NEW))
    (own,) = [i for i in studio.tracker.state.of(Invitation).values() if i.email == NEW]
    row: Json = {"id": own.id, "email": NEW, "role": "PRODUCER", "isExternal": False}
    studio.tracker.accept_invitation(own.id)
    answering(studio, monkeypatch, "/api/org/invitations", lambda body: [*body, row])

    assert planned(studio, invited(NEW)).calls == ()
    studio.ledger = None
    assert studio.plan(invited(NEW)).calls == ()


def test_question_a_revoke_that_takes_the_person_along_is_sent_for_ours_alone(studio: World, firm: bool) -> None:
    """In the harder profile the placeholder goes with the invitation."""
    done(studio, invited(NEW, **GONE), invited("new.producer@example.com", **GONE), alpha())

    plan = planned(studio, alpha())
    deed = applied(studio, plan)

    assert [c.split(" ")[0] for c in deed.calls] == ["DELETE"]
    assert rules(plan, "new.producer") == {"not-ours"}
    people = {u.email for u in studio.tracker.state.of(User).values()}
    assert (NEW in people, "new.producer@example.com" in people) == (firm, True)


def test_question_a_revoke_that_takes_the_person_along_takes_nobody_that_is_named(studio: World) -> None:
    done(studio, invited(NEW, **GONE), team("social", NEW))

    plan = planned(studio, team("social", NEW))

    assert plan.writes == ()


@pytest.mark.parametrize("role", ["CREATIVE", "CLIENT", "INTERN"])
def test_question_a_role_that_nobody_named_is_refused_for_its_own_person(studio: World, role: str) -> None:
    plan = planned(studio, invited(NEW, role=role), invited("two@example.com"))

    deed = applied(studio, plan)

    known = role != "INTERN"
    assert deed.ends == ({"done"} if known else {"done", "failed"})
    pending = {i.email: i.role for i in studio.tracker.state.of(Invitation).values()}
    assert pending.get(NEW) == (role if known else None)
    assert pending["two@example.com"] == "PRODUCER"


# Who is who, and who is primary.


def test_question_whom_the_ledger_alone_knows_is_booked_and_that_is_said(studio: World) -> None:
    done(studio, bookings(booking(JANE, 0), users=(JANE,)))

    deed = done(studio, bookings(booking(JANE, 0), booking(JANE, 1), users=(JANE,)))

    assert not {PENDING, WORKLOAD} & {*deed.reads}
    said = f"not verifiable: that {JANE} is {user_id(studio, JANE)} (no list was asked that could tell)"
    assert deed.action("spring").notes.count(said) == 1


def test_question_what_primary_means_is_not_guessed(studio: World) -> None:
    """One flag per declared person, none for the others, and one reading afterwards."""
    deed = done(studio, team("social", (JANE, False)), team("other", mode="additive"))

    member = f"POST /api/client-teams/{team_id(studio, 'social')}/members"
    flag = f'{{"isPrimary":false,"userId":"{user_id(studio, JANE)}"}}'
    assert [b for b in deed.bodies if "isPrimary" in b] == [f"{member} {flag}"]
    assert deed.verified == ["GET /api/client-teams"]
    assert studio.tracker.state.of(Team)[team_id(studio, "brand")].members[user_id(studio, JANE)] is True


def test_question_an_upload_without_the_word_commit_is_never_sent(
    studio: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here leaving it out, or saying anything but false, commits."""

    def eager(request: Request, usual: Usual) -> Answer:
        if not is_commit(request) and request.query != "commit=false":
            raise AssertionError(request.query)
        return usual()

    altered(studio, monkeypatch, eager, path=IMPORT, twin=studio.tracker)

    assert done(studio, *making("8")).calls == list(BOTH)
