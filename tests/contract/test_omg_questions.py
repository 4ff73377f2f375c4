"""What the reference of OMG Platform leaves open: each world answers otherwise than we read it (OP-Q1 …)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json
from reconciler.twins import Fault
from reconciler.twins.core.multipart import parts
from reconciler.twins.core.values import Answer, Request
from tests.contract import accounts, briefs, estates, tasks
from tests.contract.accounts import house, user
from tests.contract.altered import altered, body_of
from tests.contract.briefs import SPEC, TRANSITION, brief
from tests.contract.estates import CLEAN, sheet, written
from tests.contract.tasks import task
from tests.world import World

Usual = Callable[[], Answer]
BRIEF = {**{name: str(value) for name, value in SPEC.items()}, "slipstream": "Digital", "externalReference": "x"}
TASK = {"name": "K", "startDate": "2026-05-01T09:00:00Z", "endDate": "2026-05-01T10:00:00Z", "parent": "7"}
PERSON = {"email": "jane@example.com", "firstName": "J", "lastName": "D", "owningAgency": "UK", "jobRole": "7"}
SAMPLES: Mapping[str, Mapping[str, str]] = {"Brief": BRIEF, "Task": TASK, "User": PERSON}


def lines(kind: str, **other: str | None) -> list[str]:
    """The sample of a kind as lines of YAML; other values as they are written, None: the line is left out."""
    fields = {name: f"'{value}'" for name, value in SAMPLES[kind].items()}
    found = {**fields, **other}
    return [f"{name}: {value}" for name, value in found.items() if value is not None]


def refusal(kind: str, **other: str | None) -> str:
    """What the loader says of a sample with one field otherwise; it is one thing, and it has a place."""
    with pytest.raises(ManifestInvalid) as caught:
        written(sheet(kind, "x", *lines(kind, **other)))
    [problem] = caught.value.problems
    assert str(problem.place).startswith("manifests/0.yaml:")
    return problem.message


# Fields.


@pytest.mark.parametrize("name", SPEC)
def test_question_a_brief_needs_the_four_fields_of_the_example(name: str) -> None:
    assert f"'{name}' is missing" in refusal("Brief", **{name: None})


@pytest.mark.parametrize("name", TASK)
def test_question_a_task_needs_all_four(name: str) -> None:
    assert (name if name != "parent" else "brief") in refusal("Task", **{name: None})


def test_question_what_we_demand_is_enough_in_either_world(p: World) -> None:
    deed = estates.done(p, *written(sheet("Brief", "b", *lines("Brief", slipstream=None, externalReference=None))))
    assert len(deed.sent) == 1
    assert len(estates.done(p, *p.documents, *written(sheet("Task", "t", *lines("Task")))).sent) == 1


FIELDS = [(kind, name) for kind, fields in SAMPLES.items() for name in fields]


@pytest.mark.parametrize("value", ["null", "''", "~"])
@pytest.mark.parametrize(("kind", "name"), FIELDS)
def test_question_nothing_is_cleared(kind: str, name: str, value: str) -> None:
    assert name in refusal(kind, **{name: value})


def test_question_an_avatar_is_not_taken_away_either() -> None:
    for value in ("null", "''"):
        assert "avatar" in refusal("User", avatar=value)


def documented(request: Request) -> set[str]:
    """The names that the reference prints for the body of this call."""
    path = request.path.rpartition("/v2")[2]
    if path.startswith("/briefs"):
        fields = {
            "brief_title",
            "slipstream",
            "brief_summary",
            "brief_deadline",
            "external_reference",
            "business_area",
        }
        return {"status"} if "status" in body_of(request) else fields
    if path == "/tasks":
        return {"name", "start_date", "end_date", "parent_planning_id"}
    return {"first_name", "last_name", "email_address", "owning_agency_id", "job_role"}


def test_question_no_name_is_sent_that_the_reference_does_not_print(
    p: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown one might be refused, or lost without a word."""
    h = house(p, "jane", "bob")
    estates.done(p, brief("a", **CLEAN), user("bob", owningAgencyId=h.us, jobRole=h.director))
    seen: list[set[str]] = []

    def strict(request: Request, usual: Usual) -> Answer:
        names = set(body_of(request))
        if request.method != "GET":
            seen.append(names - documented(request))
        return usual()

    altered(p, monkeypatch, strict, twin=p.platform)
    words = {"slipstream": "Digital", "externalReference": "x"}
    whole = user("jane", email="j@example.com", previous_key="jane@example.com", firstName="J", lastName="D",
                 owningAgency="House US", jobRoleName="House Director")  # fmt: skip
    estates.done(
        p,
        brief("a", summary="S", changeRequestFirst=True, token="r1", **words),
        brief("b", **words, token="r1"),
        task(brief="b", token="s1", manage="full"),
        user("bob", owningAgencyId=h.us, jobRole=h.director),
        whole,
    )

    assert len(seen) == 2 + 2 + 1 + 1
    assert set().union(*seen) == set()


# The status and its transition.


@pytest.mark.parametrize("value", ["draft", "approved", "change_request", "null"])
def test_question_no_status_can_be_set(value: str) -> None:
    assert "one transition can be asked for" in refusal("Brief", status=value)


@pytest.mark.parametrize("token", ["approved", "draft", "change_request", "status", "2026-06-r1"])
def test_question_a_token_is_no_status(p: World, token: str) -> None:
    briefs.made(p, brief())

    assert briefs.carried_out(p, brief(token=token)).sent == [f"PATCH /briefs/{briefs.own_id(p)} {TRANSITION}"]


@pytest.mark.parametrize("first", [False, True])
def test_question_a_tenant_that_lets_fields_change_in_a_change_request_only(
    p: World, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    """Refused once, it is told, and not tried the other way round; a document may say the order."""
    briefs.made(p, brief())
    own = briefs.own_id(p)
    there = {"Q3": lambda: next(b.status for b in p.platform.briefs() if str(b.id) == own)}
    no: Json = {"type": "about:blank", "title": "No", "status": 422, "detail": "no request is open"}

    def locked(request: Request, usual: Usual) -> Answer:
        open_ = "status" in body_of(request) or there["Q3"]() == "change_request"
        return usual() if open_ else Answer(422, no)

    plan = briefs.planned(p, brief(summary="S", token="r1", changeRequestFirst=first))
    with monkeypatch.context() as patch:
        altered(p, patch, locked, method="PATCH", path="/briefs/", twin=p.platform)
        deed = briefs.applied(p, plan)

    assert deed.ends == (["done", "done"] if first else ["failed", "blocked"])
    assert len(deed.sent) == (2 if first else 1)
    assert p.platform.transitions(own) == int(first)
    assert p.recorded.bonds[briefs.at()].once == ({"changeRequest": "r1"} if first else {})


# Ids.


def odd(remote_id: object) -> str:
    return f"b/ü {remote_id}?"


def masked(p: World, patch: pytest.MonkeyPatch) -> None:
    """From now on every id is a text of its own sort, in paths and in answers."""
    perform, base = p.platform.perform, p.platform.base_path

    def other(request: Request, _: Usual) -> Answer:
        steps = [s.removeprefix("b/ü ").removesuffix("?") for s in request.segments(base) or ()]
        answer = perform(replace(request, path=f"{base}/{'/'.join(steps)}"))
        body: Any = answer.body
        data = body.get("data") if isinstance(body, Mapping) else None
        return replace(answer, body={**body, "data": _odd(data)}) if data else answer

    altered(p, patch, other, twin=p.platform)


def _odd(data: Any) -> Any:
    if isinstance(data, list):
        return [_odd(one) for one in data]
    return {**data, "id": odd(data["id"])} if "id" in data else data


def test_question_an_id_is_any_text(p: World, monkeypatch: pytest.MonkeyPatch) -> None:
    h = house(p, "jane", "bob")
    masked(p, monkeypatch)
    documents = [brief("a", **CLEAN), brief("b", token="r1"), task("k", brief="a"), task("l")]

    estates.done(p, *documents, user("jane", firstName="J"), user("bob", jobRole=h.director))

    ids = {a.name: b.id for a, b in p.recorded.bonds.items()}
    assert ids["jane"] == odd(h.people["jane"])
    assert {str(t.parent_planning_id) for t in p.platform.tasks()} == {ids["a"], "4411"}
    later = [brief("b", summary="S", token="r1"), user("jane", firstName="Jane"), user("bob", jobRole=h.director)]
    estates.done(p, *documents[::3], *later, task("k", parent=ids["a"]))
    last = estates.done(p, *later, task("l"), lift=["status"])
    assert [line.split("/")[0] for line in last.sent] == ["DELETE "]


def test_question_a_number_and_its_digits_are_one_id(p: World) -> None:
    h = house(p, "jane", "bob")
    documents = [brief("a"), task(brief="a"), user("jane", jobRole=h.director), user("bob", owningAgencyId=h.us)]
    estates.done(p, *documents)

    p.platform.knobs.set("OP-P1", "plain" if p.platform.knobs.hard("OP-P1") else "adversarial")

    assert p.plan(*documents).writes == ()
    assert estates.done(p, brief("a", summary="S"), *documents[1:3], user("bob", owningAgencyId=h.uk)).sent != []


# The list of users.

ALL = (
    "first_name",
    "last_name",
    "email_address",
    "owning_agency_id",
    "owning_agency_name",
    "job_role",
    "job_role_name",
)
SPELT: Mapping[str, Mapping[str, str | None]] = {
    "no address": {"email_address": None},
    "another name for the address": {"email_address": "email"},
    "no first name": {"first_name": None},
    "one name": {"first_name": "name", "last_name": None},
    "no labels": {"owning_agency_name": None, "job_role_name": None},
    "nothing but ids": dict.fromkeys(ALL),
    "names under short keys": {"owning_agency_name": "agency", "job_role": None, "job_role_name": "job_role"},
}


def listing(p: World, patch: pytest.MonkeyPatch, otherwise: Mapping[str, str | None]) -> None:
    """From now on the list spells its keys like this; None: it lacks them."""

    def spelt(_: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        return replace(answer, body={**body, "data": [dict(_spelt(one, otherwise)) for one in body["data"]]})

    altered(p, patch, spelt, method="GET", path="/users", twin=p.platform)


def _spelt(one: Mapping[str, Json], otherwise: Mapping[str, str | None]) -> list[tuple[str, Json]]:
    named = [(otherwise.get(name, name), value) for name, value in one.items()]
    return [(name, value) for name, value in named if name is not None]


@pytest.mark.parametrize("how", SPELT)
def test_question_what_the_list_does_not_show_is_asked_of_the_person(
    p: World, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    h = house(p, "jane", "bob", "eve")
    listing(p, monkeypatch, SPELT[how])
    people = [
        user("jane", firstName="Jane", owningAgencyId=h.uk),
        user("bob", lastName="Doe", jobRole=h.producer),
        user("eve"),
    ]

    first = estates.done(p, *people)
    assert (first.sent, {str(a.verb) for a in first.plan.actions}) == ([], {"adopt"})
    plan = p.plan(user("jane", firstName="J", owningAgencyId=h.us), *people[1:])

    assert [(c.line, c.body) for c in plan.writes] == [
        (f"PUT /user/{h.people['jane']}", {"first_name": "J", "owning_agency_id": int(h.us)})
    ]
    assert [a.holds for a in plan.actions] == [()] * 3
    assert len(plan.reads) <= 1 + 3 * 2
    assert len(estates.done(p, *p.documents).sent) == 1


@pytest.mark.parametrize("shape", ["array", "object", "object of two lists"])
def test_question_the_list_may_lie_in_an_object(p: World, shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house(p, "jane", "bob")

    def wrapped(_: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        more = {"array": body["data"], "object": {"users": body["data"], "total": 2}}
        return replace(answer, body={**body, "data": more.get(shape, {"users": body["data"], "gone": []})})

    altered(p, monkeypatch, wrapped, path="/users", twin=p.platform)
    p.documents = [user("jane", firstName="Jane"), user("bob")]

    if shape == "object of two lists":
        with pytest.raises(Exception, match="holds no list"):
            p.plan()
    else:
        assert (len(p.plan().reads), p.plan().writes) == (1, ())


@pytest.mark.parametrize("cut", [1, 4])
def test_question_a_list_that_is_cut_short_makes_nobody_missing(p: World, cut: int) -> None:
    names = ["ann", "bob", "cat", "dan"]
    house(p, *names)
    people = [user(n, firstName=n.title()) for n in names]
    p.platform.faults.add(Fault("short_page", path="/users", omit=cut, times=None))

    for _ in range(2):
        deed = estates.applied(p, *people)
        assert p.platform.faults.fired > 0
        assert (deed.sent, len(deed.plan.reads)) == ([], 1 + cut)
        assert [a.holds for a in deed.plan.actions] == [()] * 4
    assert len(estates.applied(p, *(user(n, firstName="X") for n in names)).sent) == 4


# What a PUT does, and what it refuses.


@pytest.mark.parametrize("name", ["owningAgencyId", "jobRole"])
@pytest.mark.parametrize("status", [400, 422])
def test_question_an_id_that_there_is_not_is_refused_with_either_status(p: World, name: str, status: int) -> None:
    h = house(p, "jane", "bob")
    p.platform.knobs.set("OP-P18", "adversarial" if status == 400 else "plain")
    plan = p.plan(user("jane", **{name: "999"}), user("bob", firstName="B"))

    deed = accounts.applied(h, plan)

    assert sorted((str(o.end), o.status) for o in deed.report.outcomes) == [("done", 200), ("failed", status)]
    assert len(deed.sent) == 2, "sent once, and no other way is tried"


def test_question_a_name_that_does_not_follow_its_id_is_no_difference(
    p: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether a PUT of the id moves the name as well: nothing is compared with it."""
    h = house(p, "jane", "bob")

    def stale(_: Request, usual: Usual) -> Answer:
        answer = usual()
        body: Any = answer.body
        data = body["data"]
        people = [_stale(one) for one in data] if isinstance(data, list) else _stale(data)
        return replace(answer, body={**body, "data": people})

    altered(p, monkeypatch, stale, method="GET", path="/user", twin=p.platform)
    deed = estates.done(p, user("jane", owningAgencyId=h.us, jobRole=h.director), user("bob"))
    assert len(deed.sent) == 1

    by_name = p.plan(user("jane", owningAgencyId=h.us), user("bob", owningAgency="House UK"))
    assert by_name.writes == ()
    told = accounts.rules(by_name)
    assert told == ({"bob": ["unresolved"]} if h.lists_ids else told), (
        "two ids under one name are never guessed at"
    )


def _stale(one: Mapping[str, Json]) -> dict[str, Json]:
    return {**one, "owning_agency_name": "House UK", "job_role_name": "House Producer"}


@pytest.mark.parametrize("spelling", ["Jane@Example.com", "JANE@EXAMPLE.COM"])
def test_question_the_case_of_an_address_is_no_difference(p: World, spelling: str) -> None:
    h = house(p, "jane", "bob")
    mine = user("jane", email=spelling, firstName="J")

    deed = estates.done(p, mine, user("bob"))

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"first_name":"J"}}'], "not the address"
    assert len(deed.plan.reads) == 1, "the list shows the same address"
    assert p.plan(mine).writes == ()
    p.platform.log.clear()
    p.ledger = None
    plan = p.plan(mine)
    assert [e.query for e in p.platform.log] == [f"email={spelling.replace('@', '%40')}"], "sent as it is written"
    hidden = p.platform.knobs.hard("OP-P19")
    assert accounts.rules(plan) == ({"jane": ["no-such-user"]} if hidden else {})


def test_question_a_new_address_goes_as_it_is_written(p: World) -> None:
    h = house(p, "jane", "bob")

    deed = estates.done(
        p, user("jane", email="Jane.Doe@Example.com", previous_key="JANE@example.com"), user("bob")
    )

    assert deed.sent == [f'PUT /user/{h.people["jane"]} {{"email_address":"Jane.Doe@Example.com"}}']
    assert h.live("jane").email == "Jane.Doe@Example.com"


# Pictures.


@pytest.mark.parametrize("part", ["avatar", "picture", "files[]"])
@pytest.mark.parametrize("status", [200, 201, 204])
def test_question_the_part_of_an_upload_is_a_setting_and_any_success_is_one(
    p: World, part: str, status: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    h = house(p, "jane")
    face = accounts.picture(p, tmp_path, "jane.jpg")

    def choosy(request: Request, usual: Usual) -> Answer:
        named = [one.name for one in parts(request) or ()]
        return (
            replace(usual(), status=status, body=None) if named == [part] else Answer(400, {"detail": "no file"})
        )

    altered(p, monkeypatch, choosy, method="POST", twin=p.platform)
    told = accounts.applied(h, p.plan(user("jane", avatar=face)))
    assert (told.ends, len(told.sent)) == ((["done"] if part == "avatar" else ["failed"]), 1)

    p.settings["platform"] = {"avatarPart": part}
    assert len(estates.done(p, user("jane", avatar=face)).sent) == (0 if part == "avatar" else 1)
    assert h.live("jane").avatar_sha256 == face["$file"]["sha256"]  # type: ignore[index, call-overload]


# Deletes.


@pytest.mark.parametrize("status", ["draft", "change_request", "approved"])
def test_question_a_delete_that_is_refused_in_some_status_is_told_and_nothing_forgotten(
    p: World, status: str
) -> None:
    briefs.made(p, brief(**CLEAN), brief("stays", **CLEAN))
    own = briefs.own_id(p)
    p.platform.set_status(own, status)
    briefs.carried_out(p, brief(**CLEAN), brief("stays", **CLEAN))
    plan = briefs.planned(p, brief("stays", summary="S", **CLEAN))
    p.platform.faults.add(Fault("status", method="DELETE", status=422))

    deed = briefs.applied(p, plan)

    assert sorted((str(o.end), o.status) for o in deed.report.outcomes) == [("done", 200), ("failed", 422)]
    assert [line for line in deed.sent if "DELETE" in line] == [f"DELETE /briefs/{own}"], "once"
    assert briefs.own_id(p) == own
    assert briefs.carried_out(p, brief("stays", summary="S", **CLEAN)).sent == [f"DELETE /briefs/{own}"]


def test_question_a_delete_that_only_hides_is_a_delete(p: World, monkeypatch: pytest.MonkeyPatch) -> None:
    briefs.made(p, brief(**CLEAN), brief("stays"))
    briefs.carried_out(p, brief(**CLEAN), brief("stays"))
    own = briefs.own_id(p)
    plan = briefs.planned(p, brief("stays"))

    def hiding(_: Request, __: Usual) -> Answer:
        p.platform.set_status(own, "deleted")
        return Answer(200, {"data": {"id": own}, "message": "Brief deleted"})

    p.platform.log.clear()
    altered(p, monkeypatch, hiding, method="DELETE", path="/briefs/", twin=p.platform)
    report = p.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]
    assert len(p.platform.log) == 2, "the look before it, the call, and no look after it"
    assert briefs.at() not in p.recorded.bonds
    assert briefs.carried_out(p, brief("stays")).sent == []
    assert [line[:12] for line in briefs.carried_out(p, brief(), brief("stays")).sent] == ["POST /briefs"]
    assert briefs.own_id(p) != own


def test_question_a_task_is_never_asked_for(p: World) -> None:
    """No path of tasks but the one to make them, whatever becomes of them."""
    tasks.made(p, task("a"), task("b", token="s1"))
    p.platform.log.clear()

    estates.done(p, task("a", token="s1"), task("b", token="s2"), task("c"))
    estates.done(p)

    assert [e.call for e in p.platform.log] == [], "what leaves git is forgotten without a word to the server"
