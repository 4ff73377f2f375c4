"""Reading components of the Omni-CMS twin: one, with its parents, with the tree below it."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import OmniCmsTwin
from tests.unit.twins.omni_cms.cms import Cms, component, said, space
from tests.unit.twins.served import served

WALK = "children=content&levels=7&limit=100000&order=id"


def chain(world: Cms, depth: int) -> list[int]:
    """Components `c1` to `c<depth>` of space 1, each below the one before."""
    space(world)
    above: int | None = None
    made = []
    for n in range(1, depth + 1):
        above = component(world, f"c{n}", parent=above, content=f"content {n}", sequence=n)
        made.append(above)
    return made


def keys(shown: dict[str, Any]) -> list[str]:
    return [child["key"] for child in shown["children"]]


def test_by_key_or_by_id(each: Cms) -> None:
    space(each)
    one = component(each, "one")

    assert each.ask("GET", "/component/1/one") == each.ask("GET", f"/component/{one}")
    missing = said("component.not.found.key", "Component with key 'two' could not be found.")
    assert each.ask("GET", "/component/1/two") == (404, missing)
    assert each.ask("GET", "/component/2/one")[1]["code"] == "omni.component.not.found.key"
    assert each.ask("GET", "/component/x/one")[1]["code"] == "omni.component.not.found.key"


def test_a_walk_ends_on_the_seventh_level(each: Cms) -> None:
    chain(each, 9)
    shown = each.ask("GET", f"/component/1/root?{WALK}")[1]
    depth = 0
    while "children" in shown:
        shown = shown["children"][0]
        depth += 1

    assert (depth, shown["key"], shown["content"]) == (7, "c7", "content 7")
    assert not {"spaceId", "parents"} & set(shown)


@pytest.mark.parametrize(
    ("query", "levels"),
    [
        ("children=summary&levels=2", 2),
        ("children=summary&levels=99", 7),
        ("children=summary&levels=0", 0),
        ("children=summary&levels=-1", 0),
        ("children=summary&levels=many", 0),
        ("children=summary", 0),
        ("children=all&levels=2", 0),
        ("levels=2", 0),
        ("children=&levels=2", 0),
    ],
)
def test_how_many_levels(each: Cms, query: str, levels: int) -> None:
    chain(each, 8)
    shown = each.ask("GET", f"/component/1/root?{query}")[1]
    depth = 0
    while "children" in shown:
        shown = shown["children"][0]
        depth += 1

    assert depth == levels


def test_a_summary_has_no_content(cms: Cms) -> None:
    chain(cms, 1)
    child = cms.ask("GET", "/component/1/root?children=summary&levels=1")[1]["children"][0]

    assert set(child) == {
        "id",
        "key",
        "name",
        "metadata",
        "componentType",
        "published",
        "visible",
        "sequence",
        "date",
        "tags",
    }


def test_a_leaf_has_an_empty_list(each: Cms) -> None:
    chain(each, 1)

    shown = each.ask("GET", "/component/1/root?children=summary&levels=2")[1]
    assert shown["children"][0]["children"] == []


def test_contents_can_be_cut(each: Cms) -> None:
    one, *_ = chain(each, 2)
    shown = each.ask("GET", f"/component/{one}?contentLength=3&children=content&levels=1")[1]

    assert (shown["content"], shown["children"][0]["content"]) == ("con", "con")


def test_parents(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        *_, last = chain(world, 3)

    def above(world: Cms, query: str) -> list[str]:
        return [one["key"] for one in world.ask("GET", f"/component/{last}?{query}")[1]["parents"]]

    assert above(cms, "parents=all") == ["c2", "c1", "root"]
    assert above(hard, "parents=all") == ["root", "c1", "c2"]
    for world in (cms, hard):
        assert above(world, "parents=closest") == above(world, "parents=any") == above(world, "") == ["c2"]
        assert world.ask("GET", "/component/1?parents=all")[1]["parents"] == []


def test_a_limit_cuts_every_list(each: Cms) -> None:
    space(each)
    for n in range(3):
        component(each, f"a{n}")
        component(each, f"b{n}", parent=2)
    shown = each.ask("GET", "/component/1?children=summary&levels=2&limit=2&order=id")[1]

    assert keys(shown) == ["a0", "a1"]
    assert keys(shown["children"][0]) == ["b0", "b1"]
    assert keys(each.ask("GET", "/component/1?children=summary&levels=1&limit=0")[1]) == []


def test_without_a_limit(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        space(world)
        for n in range(60):
            world.twin.add_component(1, f"k{n}")
    walk = "/component/1?children=summary&levels=1"

    assert len(keys(cms.ask("GET", walk)[1])) == 60
    assert len(keys(hard.ask("GET", walk)[1])) == 50
    assert len(keys(hard.ask("GET", f"{walk}&limit=x")[1])) == 50
    assert len(keys(hard.ask("GET", f"{walk}&limit=100000")[1])) == 60


def test_the_order_of_children(cms: Cms) -> None:
    space(cms)
    for key, sequence, year in (("a", 3, 2022), ("b", 1, 2023), ("c", 3, 2021)):
        component(cms, key, sequence=sequence, date=f"{year}-01-01")

    def order(query: str) -> str:
        return "".join(keys(cms.ask("GET", f"/component/1?children=summary&levels=1&{query}")[1]))

    assert order("") == order("order=sequence") == order("order=name") == "bac"
    assert order("direction=desc") == "acb"
    assert (order("order=id"), order("order=id&direction=desc")) == ("abc", "cba")
    assert (order("order=date"), order("order=date&direction=desc")) == ("cab", "bac")
    assert order("order=id&direction=down") == "abc"


def test_ties_are_shuffled_anew() -> None:
    with served(OmniCmsTwin(knobs={"CM-P3": "adversarial"})) as cms:
        space(cms)
        for n in range(8):
            component(cms, f"k{n}")
        walk = "/component/1?children=summary&levels=1"
        orders = {tuple(keys(cms.ask("GET", walk)[1])) for _ in range(4)}

        assert len(orders) == 4
        assert {tuple(sorted(one)) for one in orders} == {tuple(f"k{n}" for n in range(8))}
        assert keys(cms.ask("GET", f"{walk}&order=id")[1]) == [f"k{n}" for n in range(8)]


def test_text(each: Cms) -> None:
    space(each)
    for kind, media in (
        ("css", "css"),
        ("js", "javascript"),
        ("xml", "xml"),
        ("page", "plain"),
        ("text", "plain"),
    ):
        one = component(each, f"t-{kind}", componentType=kind, content="é <a>")
        for path in (f"/component/text/{one}", f"/component/text/1/t-{kind}"):
            reply = each.client.get(each.url + path)
            assert reply.headers["content-type"] == f"text/{media}; charset=utf-8"
            assert reply.content == "é <a>".encode()
    assert each.client.get(f"{each.url}/component/text/1").content == b""
    assert each.ask("GET", "/component/text/99")[1]["code"] == "omni.component.not.found.id"
    assert each.ask("GET", "/component/text/1/none")[1]["code"] == "omni.component.not.found.key"


def test_half_a_surrogate_pair_in_a_text(cms: Cms) -> None:
    space(cms)
    reply = cms.client.post(
        cms.url + "/component",
        content=b'{"key":"a","spaceId":1,"parentId":1,"componentType":"page","content":"\\ud800"}',
    )

    assert reply.status_code == 201
    assert cms.client.get(f"{cms.url}/component/text/1/a").content == b"?"
