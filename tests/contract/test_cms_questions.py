"""What the reference of Omni-CMS leaves open: each world answers otherwise than we read it (CM-Q1 to CM-Q20)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

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
    assert {a.address.name: str(a.verb) for a in plan.actions if a.document is not None}["shop-other"] == "adopt"
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
    print(plan.reads, holds(plan), [w.line + w.summary for w in plan.writes])
    assert 0


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
    for o in report.outcomes:
        print(o)
    print(by_key(c, "home"))
    print(carried_out(c, later).sent)
    assert 0


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
    print([w.line for w in plan.writes], plan.reads, holds(plan))

    assert plan.calls == ()
    later = [*every[:4], component("n5", "n1")]
    assert [call.body for call in c.plan(*later).writes] == [
        {"id": by_key(c, "n5")["id"], "parentId": str(by_key(c, "n1")["id"])}
    ]


def _line(own: int, known: Mapping[int, Any]) -> list[Json]:
    """Everything it lies in, the nearest first."""
    found: list[Json] = []
    while above := known[own]["parent_id"]:
        found.append({"id": above, "key": known[above]["key"], "name": ""})
        own = above
    return found


@pytest.mark.parametrize("lie", ["another's", "nobody's"])
def test_question_an_id_in_the_answer_of_a_create_is_believed_only_when_looked_at(
    c: World, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = c.cms.add_component(1, "theirs")

    def lying(request: Request, usual: Usual) -> Answer:
        answer = usual()
        page: Any = answer.body
        return replace(answer, body={**page, "id": theirs if lie == "another's" else 4711})

    plan = planned(c, component("home", name="x"))
    with monkeypatch.context() as patch:
        altered(
            c,
            patch,
            lambda r, u: u() if r.path.endswith(SEARCH) else lying(r, u),
            method="POST",
            path="/component",
        )
        report = c.apply(plan)
    for o in report.outcomes:
        print(o)
    print(c.recorded.bonds)
    p = c.plan()
    print(p.reads, holds(p), [(w.line, w.body) for w in p.writes], [str(a.verb) for a in p.actions])
    assert 0
