"""What the reference of Omni-CMS leaves open: each world answers otherwise than we read it (CM-Q1 to CM-Q20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.faults import RemoteFault
from reconciler.model.json import Json
from reconciler.twins import Fault
from reconciler.twins.core.values import Answer, Request
from tests.contract.altered import altered, body_of, refused, showing, shown_by
from tests.contract.components import DELETABLE, at, by_key, carried_out, component, holds, planned, records, tree
from tests.world import World

Usual = Callable[[], Answer]
SEARCH = "/component/search"


# What the search finds.


@pytest.mark.parametrize("hidden", ["leaf", "mid", "all of Shop"])
def test_question_a_search_that_does_not_find_everything_is_replaced_by_a_walk(
    c: World, hidden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recorded component, one that holds others, or a whole space: each gives it away, and nothing is made twice
    or deleted."""
    shop = c.cms.add_space("Shop")
    mine = [component("top"), component("leaf", "mid"), component("doomed", **DELETABLE)]
    c.cms.add_component(1, "mid", parent_id=c.cms.add_component(1, "top"))
    c.cms.add_component(shop, "other")
    carried_out(c, *mine)

    def hiding(_: Request, usual: Usual) -> Answer:
        answer = usual()
        shown = shown_by(answer)
        return showing(
            answer, [o for o in shown if o["key"] != hidden and (o["spaceId"] == 1 or hidden != "all of Shop")]
        )

    altered(c, monkeypatch, hiding, path=SEARCH)
    plan = c.plan(mine[0], component("leaf", "mid", name="x"), component("other", space="Shop", as_="shop-other"))

    assert any("levels=7" in line for line in plan.reads)
    assert {a.address.name: str(a.verb) for a in plan.actions}["shop-other"] == "adopt"
    assert [call.summary for call in plan.writes if not call.held] == ["update Component leaf"]
    assert holds(plan)["doomed"][0] == "unproven-listing"


def test_question_the_size_of_a_page_is_what_the_server_grants(c: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for i in range(20):
        c.cms.add_component(1, f"n{i:02}")

    def capped(request: Request, usual: Usual) -> Answer:
        answer, offset = usual(), body_of(request)["offset"]
        shown = shown_by(answer)[:7]
        page: Any = answer.body
        return replace(answer, body={**page, "components": shown, "more": offset + len(shown) < page["total"]})

    altered(c, monkeypatch, capped, path=SEARCH)
    c.cms.log.clear()

    plan = c.plan(*(component(f"n{i:02}") for i in range(20)))

    assert plan.calls == ()
    sent = [e.body for e in c.cms.log if isinstance(e.body, dict)]
    assert [b["offset"] for b in sent] == [0, 7, 14]
    assert {b["limit"] for b in sent} == {1000}


# The root.


def test_question_a_root_of_another_key_refuses_its_space_and_no_other(
    c: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    c.cms.add_space("Shop")
    c.cms.add_component(1, "home")
    root = c.cms.component_id(1)

    def otherwise(request: Request, usual: Usual) -> Answer:
        if request.path.endswith("/component/1/root"):
            return refused(404, "omni.component.not.found.key")
        answer = usual()
        return (
            showing(answer, [_renamed(o, root) for o in shown_by(answer)])
            if request.path.endswith(SEARCH)
            else answer
        )

    altered(c, monkeypatch, otherwise, path="/component")
    plan = c.plan(component("home", name="x"), component("new"), component("b", space="Shop"))

    assert holds(plan) == {"home": ["no-root"], "new": ["no-root"]}
    assert [call.summary for call in plan.writes] == ["create Component b"]
    assert {str(o.end) for o in c.apply(plan).outcomes} <= {"done", "held", "unneeded"}
    assert tree(c) == {"home": "root", "b": "root"}


def _renamed(one: Mapping[str, Any], root: int) -> Json:
    if one["id"] == root:
        return {**one, "key": "start"}
    return {**one, "parents": [{**p, "key": "start"} if p["id"] == root else p for p in one["parents"]]}


# What a PUT does.


def test_question_a_field_left_out_that_falls_back_is_found_and_written_again(
    c: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = component("home", published=True, name="a")
    carried_out(c, wanted)

    def falling_back(request: Request, usual: Usual) -> Answer:
        answer, own = usual(), int(request.path.rsplit("/", 1)[1])
        if "published" not in body_of(request):
            c.cms.edit("PUT", f"/component/{own}", {"id": own, "published": False})
        return answer

    later = component("home", published=True, name="b")
    plan = planned(c, later)
    with monkeypatch.context() as patch:
        altered(c, patch, falling_back, method="PUT", path="/component/")
        report = c.apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert by_key(c, "home")["published"] is False
    again = carried_out(c, later)
    assert again.sent == ['put home {"published":true}']
    assert [str(f.reason) for f in again.action("home").fields] == ["drift"]


@pytest.mark.parametrize("order", ["nearest first", "root first"])
def test_question_where_all_parents_are_shown_the_closest_is_the_one_that_lies_in_the_others(
    c: World, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [component("n1"), *(component(f"n{i}", f"n{i - 1}") for i in range(2, 6))]
    carried_out(c, *every)
    step = 1 if order == "nearest first" else -1

    def listing(_: Request, usual: Usual) -> Answer:
        answer, known = usual(), records(c)
        return showing(answer, [{**o, "parents": _line(o["id"], known)[::step]} for o in shown_by(answer)])

    altered(c, monkeypatch, listing, path=SEARCH)
    plan = c.plan(*every)

    assert plan.calls == ()
    [moved] = c.plan(*every[:4], component("n5", "n1")).writes
    assert moved.body == {"id": by_key(c, "n5")["id"], "parentId": by_key(c, "n1")["id"]}


def _line(own: int, known: Mapping[int, Any]) -> list[Json]:
    """Everything it lies in, the nearest first."""
    found: list[Json] = []
    while above := known[own]["parent_id"]:
        found.append({"id": above, "key": known[above]["key"], "name": ""})
        own = above
    return found


def test_question_an_id_in_the_answer_of_a_create_that_is_another_things_is_looked_up(
    c: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be ours from then on, and deleted as such."""
    theirs = c.cms.add_component(1, "theirs")
    plan = planned(c, component("home", name="x", **DELETABLE), component("leaf", "home"))

    def lying(request: Request, usual: Usual) -> Answer:
        answer = usual()
        told: Any = answer.body
        lie = answer.ok and body_of(request).get("key") == "home"
        return replace(answer, body={**told, "id": theirs}) if lie else answer

    with monkeypatch.context() as patch:
        altered(c, patch, lying, method="POST", path="/component")
        report = c.apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert c.recorded.bonds[at("home")].id == str(by_key(c, "home")["id"])
    assert tree(c) == {"theirs": "root", "home": "root", "leaf": "home"}
    assert planned(c, *c.documents).calls == ()


def test_question_an_id_in_the_answer_of_a_create_that_is_nobodys_is_found_out(
    c: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lying(request: Request, usual: Usual) -> Answer:
        answer = usual()
        told: Any = answer.body
        return replace(answer, body={**told, "id": 4711}) if "key" in body_of(request) else answer

    plan = planned(c, component("home", name="x"), component("other"))
    with monkeypatch.context() as patch:
        altered(c, patch, lying, method="POST", path="/component")
        report = c.apply(plan)

    assert "live does not show it" in report.outcomes[0].message
    assert {str(a.verb) for a in c.plan(*c.documents).actions} == {"adopt"}, "nothing is made twice"


# Files.


@pytest.mark.parametrize("said", [404, 200])
def test_question_no_file_may_be_said_in_two_ways(c: World, said: int, monkeypatch: pytest.MonkeyPatch) -> None:
    c.cms.add_component(1, "bare")
    c.cms.add_file(c.cms.add_component(1, "full"), "a.txt", b"1")

    def checking(_: Request, usual: Usual) -> Answer:
        answer = usual()
        there = isinstance(answer.body, Mapping) and answer.body["success"] is True
        return answer if there else replace(answer, status=said)

    altered(c, monkeypatch, checking, path="/component/file/check")

    plan = c.plan(component("bare", file="absent"), component("full", file="absent"))

    assert [call.line for call in plan.writes] == [f"DELETE /component/file/{by_key(c, 'full')['id']}"]


@pytest.mark.parametrize("answer", [refused(200, "omni.other"), refused(403, "omni.other"), Answer(200, {})])
def test_question_no_file_is_not_said_in_a_third(
    c: World, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    c.cms.add_component(1, "bare")
    altered(c, monkeypatch, lambda _, __: answer, path="/component/file/check")
    c.documents = [component("bare", file="absent", name="x")]

    try:
        plan = c.plan()
    except RemoteFault:
        return
    assert plan.writes == ()


# Limits that nobody names.


@pytest.mark.parametrize("status", [413, 403, 409])
def test_question_a_limit_of_size_is_told_and_the_rest_goes_on(c: World, status: int) -> None:
    carried_out(c, component("big"), component("small"))
    plan = planned(c, component("big", content="x" * 100_000), component("small", name="y"))
    c.cms.faults.add(Fault("status", method="PUT", path=f"/component/{by_key(c, 'big')['id']}", status=status))

    report = c.apply(plan)

    ends = [(str(o.end), o.status) for o in report.outcomes if o.end != "unneeded"]
    assert sorted(ends) == [("done", 200), ("failed", status)]
    assert len(planned(c, *c.documents).writes) == 1


def test_question_a_limit_of_rate_lets_a_call_be_sent_again(c: World) -> None:
    c.cms.faults.add(Fault("throttle", method="POST", path="/component", retry_after="1", writes=True))

    deed = carried_out(c, component("home"))

    assert len(deed.sent) == 2, "refused before anything happened, then done"
    assert tree(c) == {"home": "root"}


def test_question_writes_go_one_after_another(c: World) -> None:
    plan = planned(c, *(component(f"n{i}") for i in range(6)))
    c.cms.faults.add(
        *(Fault("slow", method="POST", path="/component", seconds=0.02, writes=True) for _ in range(6))
    )
    under_way: list[int] = []
    c.cms.on_request(
        0,
        "before-effect",
        lambda _: under_way.append(sum(e.status is None for e in c.cms.log)),
        method="POST",
        path="/component",
        writes=True,
    )

    report = c.apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert under_way == [1] * 6
