"""Peos: what is asked, what answers show, whose an answer is (OC-R126 to OC-R132)."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core import peo
from tests.world import catalog

PEO = catalog().kind("omn-core", "Peo")
NAMED = Demand("core", "Peo", details=({"names": ["A", "B"], "ids": []},), ids=("101", "102"))


def record(remote_id: str, name: str = "A", **more: Json) -> Json:
    shown: dict[str, Json] = {"tid": f"t{remote_id}", "product": "p", "template": "T", "name": name}
    return {**shown, "meta": {"id": remote_id}, "nodes": {"entries": []}, **more}


def answered(demand: Demand, *bodies: Json) -> Replies:
    """The answers, in the order in which they are asked for."""
    replies: Replies = ()
    left = list(bodies)
    while left and (batch := peo.reads(PEO, demand, replies)):
        replies += tuple((request, left.pop(0)) for request in batch)
    return replies


def asked(demand: Demand, *bodies: Json) -> list[Json]:
    return [r.body for r in peo.reads(PEO, demand, answered(demand, *bodies))]


def test_oc_r126_by_name_then_what_was_found_then_what_is_still_missing() -> None:
    found: Json = {"peos": {"entries": [record("101")]}}

    assert asked(NAMED) == [{"names": ["A", "B"]}]
    assert asked(NAMED, {"tids": ["t101"]}) == [{"tids": ["t101"], "withMetadata": True}]
    assert asked(NAMED, {"tids": ["t101"]}, found) == [{"ids": ["102"], "withMetadata": True}]
    assert asked(NAMED, {"tids": ["t101"]}, found, {"peos": {"entries": []}}) == []


def test_oc_r126_nothing_found_may_come_without_a_list() -> None:
    assert asked(NAMED, {}) == [{"ids": ["101", "102"], "withMetadata": True}]


def test_oc_q34_what_is_refused_together_is_asked_for_one_by_one() -> None:
    bodies: list[Json] = [{}, {"$refused": 404}]

    assert asked(NAMED, *bodies) == [{"ids": [i], "withMetadata": True} for i in ("101", "102")]
    assert asked(NAMED, *bodies, {"$refused": 404}, {"$refused": 404}) == []


def test_oc_r129_what_is_known_is_read_by_its_id_alone() -> None:
    narrowed = peo.narrow(PEO, NAMED, ["102"], 2)

    assert asked(narrowed) == [{"ids": ["102"], "withMetadata": True}]
    assert peo.narrow(PEO, NAMED, [], 2) == peo.narrow(PEO, NAMED, ["102"], 0) == NAMED


def test_oc_q21_an_import_asks_for_all_that_ever_changed() -> None:
    assert asked(replace(NAMED, details=({"every": True},), ids=())) == [
        {"modifiedFrom": "1970-01-01T00:00:00.000"}
    ]


@pytest.mark.parametrize(
    ("nodes", "projects"),
    [
        ({"entries": ["AWS", {"tid": "Web"}, {"type": "x", "value": "Old"}]}, ["AWS", "Web", "Old"]),
        ({"entries": []}, []),
        ({"entries": [{"id": "1"}]}, None),
        ("", None),
    ],
)
def test_oc_r127_projects_are_known_only_where_all_are_shown_by_identifier(nodes: Json, projects: Json) -> None:
    demand = peo.narrow(PEO, NAMED, ["101"], 1)
    replies = answered(demand, {"peos": {"entries": [record("101", nodes=nodes)]}})

    [one] = peo.parse(PEO, demand, replies).resources

    assert one.fields.get("projects") == projects
    assert (one.id, one.key, one.scope) == ("101", "A", ("p", "T"))


def test_oc_r127_one_without_its_id_is_no_peo() -> None:
    demand = peo.narrow(PEO, NAMED, ["101"], 1)
    replies = answered(demand, {"peos": {"entries": [{"tid": "t", "name": "A"}]}})

    with pytest.raises(ValueError, match="no id"):
        peo.parse(PEO, demand, replies)


def call(n: int, phase: Phase = Phase.CREATE, **body: Json) -> Call:
    at = Address("core", "Peo", f"p{n}")
    effect = Effect(key=f"P{n}", scope=("p", "T"))
    return Call(f"{n}", "core", "Peo", at, "POST", "/x", phase, body=dict(body), effect=effect, repeat=False)


def said(*entries: dict[str, Json]) -> Json:
    return {"responses": {"entries": [{"dataType": "peo", **e} for e in entries]}}


OK: dict[str, Json] = {"status": "SUCCESS"}
BAD: dict[str, Json] = {"status": "ERROR", "description": "Product not found"}


def test_oc_r131_ids_come_in_the_order_sent_where_all_worked() -> None:
    riders = [call(1), call(2, Phase.UPDATE, tid="t2"), call(3)]

    found = peo.verdicts(PEO, riders[0], riders, said({**OK, "id": "11"}, OK, {**OK, "id": "13"}))

    assert [(found[r.id].done, found[r.id].id) for r in riders] == [(True, "11"), (True, None), (True, "13")]


def test_oc_r131_where_some_failed_what_was_made_is_among_the_ids() -> None:
    riders = [call(1), call(2), call(3)]

    found = peo.verdicts(PEO, riders[0], riders, said(BAD, {**OK, "id": "11"}, {**OK, "id": "13"}))

    assert {(v.done, v.among) for v in found.values()} == {(None, ("11", "13"))}


def test_oc_r131_without_an_id_nothing_was_made() -> None:
    riders = [call(1), call(2, Phase.UPDATE, tid="t2")]

    found = peo.verdicts(PEO, riders[0], riders, said(BAD, OK))

    assert (found["1"].done, found["2"].done) == (False, None)


def test_oc_r132_only_a_reading_by_ids_says_that_it_is_not_there() -> None:
    there = Resource("11", "P1", {}, scope=("p", "T"))

    assert peo.settled(PEO, call(1), Collection("Peo", (there,))) is True
    assert peo.settled(PEO, call(1), Collection("Peo", (there, replace(there, id="12")))) is None
    assert peo.settled(PEO, call(1), Collection("Peo")) is None
    assert peo.settled(PEO, call(1), Collection("Peo", seen={"singly": True})) is False


def test_oc_c51_each_sort_of_request_counts_once() -> None:
    at = Address("core", "Peo", "p")
    live = Resource("11", "P", {"tid": "t"}, scope=("p", "T"))
    replaced = Change(
        Verb.REPLACE, at, live=live, key="P", wire={"templateId": "7"}, changed=frozenset({"product"})
    )
    created = replace(replaced, verb=Verb.CREATE, live=None, address=Address("core", "Peo", "q"))
    deleted = replace(replaced, verb=Verb.DELETE, address=Address("core", "Peo", "r"))

    changes = [replaced, created, deleted]

    assert peo.bound(PEO, changes) == 3
    assert [c.path.rpartition("/")[2] for c in peo.calls(PEO, changes) if c.sent] == [
        "perform",
        "persist",
        "perform",
    ]
