"""The search of the Omni-CMS twin, and the sequence of many."""

from __future__ import annotations

import pytest

from reconciler.twins import Fault, OmniCmsTwin
from tests.unit.twins.omni_cms.cms import ALL, DONE, SEARCH, Cms, component, found, said, space
from tests.unit.twins.served import served

SEQUENCE = "/component/sequence"


def test_everything_in_one_page(cms: Cms) -> None:
    space(cms)
    one = component(cms, "one", content="text", tags=["a"], metadata={"b": 1})
    component(cms, "two", parent=one)
    answer = cms.ask("POST", SEARCH, ALL)[1]

    assert (answer["total"], answer["more"]) == (3, False)
    assert answer["components"] == [cms.ask("GET", f"/component/{n}")[1] for n in (1, 2, 3)]


def test_roots_may_be_left_out(hard: Cms) -> None:
    space(hard)
    component(hard, "one")
    answer = hard.ask("POST", SEARCH, ALL)[1]

    assert [one["key"] for one in answer["components"]] == ["one"]
    assert answer["total"] == 1
    assert answer["components"][0]["parents"] == [{"id": 1, "key": "root", "name": "Root"}]


def test_pages(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        space(world)
        for n in range(120):
            world.twin.add_component(1, f"k{n}")

    def pages(world: Cms, limit: int) -> list[int]:
        sizes, offset, more = [], 0, True
        while more:
            answer = world.ask("POST", SEARCH, {**ALL, "limit": limit, "offset": offset})[1]
            sizes.append(len(answer["components"]))
            offset, more = offset + sizes[-1], answer["more"]
        return sizes

    assert pages(cms, 1000) == [121]
    assert pages(cms, 60) == [60, 60, 1]
    assert pages(hard, 1000) == [50, 50, 20]
    assert pages(hard, 40) == [40, 40, 40]
    assert len(found(cms)) == len(found(cms, limit=0)) == len(found(cms, limit=-1)) == 50
    assert found(cms, offset=500) == []
    assert len(found(cms, offset=-5, limit=10)) == 10


def test_filters(cms: Cms) -> None:
    space(cms)
    space(cms, "Other")
    component(cms, "apple", name="First", tags=["x", "y"])
    component(cms, "pear", name="An APPLE too", componentType="block", tags=["y"])
    component(cms, "plum", of=2)

    assert found(cms, terms="apple", order="id") == ["apple", "pear"]
    assert found(cms, terms="", spaceId=2, order="id") == ["root", "plum"]
    assert found(cms, tags=["x", "z"]) == ["apple"]
    assert found(cms, tags=[], componentType="block") == ["pear"]
    assert found(cms, terms="apple", componentType="page") == ["apple"]
    assert found(cms, spaceId=9) == []
    assert found(cms, componentType="root", order="id", direction="desc", limit=1) == ["root"]


def test_what_the_search_shows_in_which_order(cms: Cms) -> None:
    space(cms)
    for key, sequence in (("a", 3), ("b", 1), ("c", 3)):
        component(cms, key, sequence=sequence)

    assert found(cms) == found(cms, order="sequence") == found(cms, order="size") == ["b", "a", "c", "root"]
    assert found(cms, direction="desc") == ["root", "a", "c", "b"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"limit": "5"}, "field.wrong.type"),
        ({"offset": None}, "field.wrong.type"),
        ({"tags": "x"}, "field.wrong.type"),
        ({"terms": 1}, "field.wrong.type"),
        ({"order": 1}, "field.wrong.type"),
        ({"spaceId": "1"}, "field.wrong.type"),
        ([], "body.invalid"),
        (None, "body.invalid"),
    ],
)
def test_a_wrong_search(each: Cms, body: object, code: str) -> None:
    status, answer = each.ask("POST", SEARCH, body)

    assert (status, answer["code"]) == (400, f"omni.{code}")


def test_a_search_is_no_write(each: Cms) -> None:
    space(each)
    before = each.twin.dump()
    each.ask("POST", SEARCH, ALL)

    assert not each.twin.log[-1].write
    assert each.twin.dump() == before


def test_a_search_that_needs_terms() -> None:
    with served(OmniCmsTwin(knobs={"search-needs-terms": "adversarial"})) as cms:
        space(cms)
        empty = {"components": [], "total": 0, "more": False}

        assert cms.ask("POST", SEARCH, ALL) == (200, empty)
        assert cms.ask("POST", SEARCH, {"terms": ""}) == (200, empty)
        assert found(cms, terms="oo") == ["root"]


def test_pages_that_lie(cms: Cms) -> None:
    space(cms)
    for key in "abc":
        component(cms, key)
    body = {**ALL, "limit": 3}
    cms.twin.faults.add(Fault("repeat_page", times=2), Fault("short_page"))
    first, second, short = (cms.ask("POST", SEARCH, {**body, "offset": n})[1] for n in (0, 3, 0))

    assert first == second
    assert first["more"] is True
    assert (len(short["components"]), short["total"], short["more"]) == (2, 3, False)


@pytest.mark.parametrize(("path", "name"), [("/space/all", "spaces"), ("/user/all", "users")])
def test_lists_that_lack_something(cms: Cms, path: str, name: str) -> None:
    space(cms)
    cms.twin.faults.add(Fault("short_page"))

    assert cms.ask("GET", path)[1] == {name: []}


def test_a_walk_that_lacks_something(cms: Cms) -> None:
    space(cms)
    component(cms, "a")
    cms.twin.faults.add(Fault("short_page"))

    assert cms.ask("GET", "/component/1?children=summary&levels=1")[1]["children"] == []


def test_sequences_of_many(each: Cms) -> None:
    space(each)
    space(each, "Other")
    one, two = component(each, "one"), component(each, "two", of=2)
    pairs = [{"id": n, "sequence": s} for n, s in ((one, 5), (two, -1), (1, 7), (one, 6))]

    assert each.ask("PUT", SEQUENCE, {"sequences": pairs}) == (200, DONE)
    assert [each.ask("GET", f"/component/{n}")[1]["sequence"] for n in (one, two, 1)] == [6, -1, 7]
    assert each.ask("PUT", SEQUENCE, {"sequences": []}) == (200, DONE)


def test_a_sequence_for_an_unknown_id(cms: Cms, hard: Cms) -> None:
    missing = said("component.not.found.id", "Component with ID 9 could not be found.")
    for world, first, last in ((cms, 1000, 1000), (hard, 5, 1000)):
        space(world)
        one, two = component(world, "one"), component(world, "two")
        pairs = [{"id": n, "sequence": 5} for n in (one, 9, two)]
        assert world.ask("PUT", SEQUENCE, {"sequences": pairs}) == (404, missing)
        assert [world.ask("GET", f"/component/{n}")[1]["sequence"] for n in (one, two)] == [first, last]


@pytest.mark.parametrize(
    "pairs", [None, {}, [1], [{"id": 1}], [{"id": "1", "sequence": 2}], [{"id": 1, "sequence": True}]]
)
def test_wrong_sequences(each: Cms, pairs: object) -> None:
    space(each)
    answer = said("field.wrong.type", "The field ‘sequences’ was not of type array.")

    assert each.ask("PUT", SEQUENCE, {"sequences": pairs}) == (400, answer)
    assert each.ask("PUT", SEQUENCE, {})[1]["code"] == "omni.field.required"
