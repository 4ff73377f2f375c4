"""Components of the Omni-CMS twin: made, changed, moved, renamed, deleted."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import OmniCmsTwin
from tests.unit.twins.omni_cms.cms import DONE, Cms, change, component, said, space
from tests.unit.twins.served import served

NEW: dict[str, Any] = {"key": "page", "spaceId": 1, "parentId": 1, "componentType": "page"}
DESCENDANT = "component.parent.descendant"


def wrong(field: str, kind: str) -> dict[str, object]:
    return said("field.wrong.type", f"The field ‘{field}’ was not of type {kind}.")


def test_what_a_create_leaves_out(cms: Cms) -> None:
    space(cms)

    assert cms.ask("POST", "/component", NEW) == (201, {"id": 2, **DONE})
    assert cms.ask("GET", "/component/2")[1] == {
        "id": 2,
        "key": "page",
        "name": "",
        "spaceId": 1,
        "content": "",
        "metadata": {},
        "parents": [{"id": 1, "key": "root", "name": "Root"}],
        "componentType": "page",
        "published": False,
        "visible": True,
        "sequence": 1000,
        "date": "2026-01-01T00:00:01.000Z",
        "tags": [],
    }


def test_what_a_create_says(each: Cms) -> None:
    space(each)
    fields: dict[str, Any] = {
        "name": "Page",
        "content": "<p>é</p>",
        "metadata": {"a": [1, None, {"b": True}]},
        "tags": ["y", "x"],
        "published": True,
        "visible": False,
        "sequence": -3,
    }
    one = component(each, "page", date="2021-03-30T13:17:53.942+02:00", **fields)
    shown = each.ask("GET", f"/component/{one}")[1]

    if each.twin.knobs.profile == "adversarial":
        assert shown["tags"] == ["x", "y"]
        assert shown["date"] == "2021-03-30T11:17:53.942+00:00"
        assert (shown["createdBy"], shown["url"]) == (1, "/1/page")
    else:
        assert shown["tags"] == ["y", "x"]
        assert shown["date"] == "2021-03-30T11:17:53.942Z"
        assert not {"createdBy", "url"} & set(shown)
    assert {name: shown[name] for name in fields if name != "tags"} == {
        name: value for name, value in fields.items() if name != "tags"
    }


@pytest.mark.parametrize(
    ("fields", "status", "answer"),
    [
        ({"spaceId": 9}, 404, said("space.not.found.id", "Space with ID 9 could not be found.")),
        ({"key": "root"}, 400, said("component.reserved.key", "Sorry, 'root' is a reserved key.")),
        (
            {"key": "A_b"},
            400,
            said("component.invalid.key", "Keys can only be lowercase letters, numbers and hyphens(-)."),
        ),
        (
            {"key": "taken"},
            400,
            said("component.duplicate.key", "The key taken' is currently used by another component (ID 3)."),
        ),
        (
            {"parentId": 9},
            404,
            said("component.not.found.id", "Component with ID 9 could not be found."),
        ),
        (
            {"parentId": 2},
            400,
            said("component.parent.space", "The parent component with ID 2 is not in space with ID 1."),
        ),
        ({"key": 5}, 400, wrong("key", "string")),
        ({"key": None}, 400, wrong("key", "string")),
        ({"parentId": "1"}, 400, wrong("parentId", "integer")),
        ({"parentId": True}, 400, wrong("parentId", "integer")),
        ({"parentId": 1.0}, 400, wrong("parentId", "integer")),
        ({"published": 1}, 400, wrong("published", "boolean")),
        ({"visible": None}, 400, wrong("visible", "boolean")),
        ({"metadata": []}, 400, wrong("metadata", "object")),
        ({"tags": ["a", 1]}, 400, wrong("tags", "array")),
        ({"tags": "a"}, 400, wrong("tags", "array")),
        ({"date": "tomorrow"}, 400, wrong("date", "datetime")),
        ({"date": 1}, 400, wrong("date", "datetime")),
        ({"date": "0001-01-01T00:00:00+14:00"}, 400, wrong("date", "datetime")),
        ({"sequence": "1"}, 400, wrong("sequence", "integer")),
        ({"content": None}, 400, wrong("content", "string")),
    ],
)
def test_a_wrong_create_is_refused(each: Cms, fields: dict[str, object], status: int, answer: object) -> None:
    space(each)
    space(each, "Other")
    component(each, "taken")
    before = each.twin.dump()

    assert each.ask("POST", "/component", {**NEW, **fields}) == (status, answer)
    assert each.twin.dump() == before


@pytest.mark.parametrize("field", NEW)
def test_what_a_create_needs(each: Cms, field: str) -> None:
    space(each)
    body = {name: value for name, value in NEW.items() if name != field}

    assert each.ask("POST", "/component", body) == (
        400,
        said("field.required", f"The field ‘{field}’ is required."),
    )


def test_the_order_of_checks(each: Cms) -> None:
    """What is missing, types in the order sent, the space, the key, the parent."""
    space(each)
    bad = {"sequence": "x", "key": "ROOT", "spaceId": 9, "parentId": 9}

    def code(body: dict[str, object]) -> str:
        return str(each.ask("POST", "/component", body)[1]["code"])

    assert code(bad) == "omni.field.required"
    assert code({**bad, "componentType": "a"}) == "omni.field.wrong.type"
    assert code({**bad, "sequence": 1, "componentType": "a"}) == "omni.space.not.found.id"
    assert code({**bad, "sequence": 1, "componentType": "a", "spaceId": 1}) == "omni.component.invalid.key"
    rest = {**NEW, "parentId": 9}
    assert code(rest) == "omni.component.not.found.id"


def test_a_key_is_unique_in_its_space_only(each: Cms) -> None:
    space(each)
    space(each, "Other")

    assert component(each, "page", 1) != component(each, "page", 2)


def test_a_change_leaves_the_rest(each: Cms) -> None:
    space(each)
    one = component(each, "page", name="Page", tags=["a"], published=True)
    before = each.ask("GET", f"/component/{one}")[1]

    assert change(each, one, content="new", tags=[], unknown=3) == (200, DONE)
    assert each.ask("GET", f"/component/{one}")[1] == {**before, "content": "new", "tags": []}
    assert change(each, one) == (200, DONE)
    assert each.ask("GET", f"/component/{one}")[1] == {**before, "content": "new", "tags": []}


def test_a_change_with_everything_at_once(each: Cms) -> None:
    space(each)
    up, one = component(each, "up"), component(each, "one")

    assert change(each, one, key="two", parentId=up, componentType="block", sequence=4)[0] == 200
    assert each.ask("GET", "/component/1/one")[0] == 404
    shown = each.ask("GET", "/component/1/two")[1]
    assert (shown["id"], shown["componentType"], shown["sequence"]) == (one, "block", 4)
    assert shown["parents"] == [{"id": up, "key": "up", "name": ""}]


def test_metadata_is_replaced_or_merged(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        space(world)
        one = component(world, "page", metadata={"a": {"x": 1}, "b": 2})
        change(world, one, metadata={"a": {"y": 1}, "c": 3})

    assert cms.ask("GET", f"/component/{one}")[1]["metadata"] == {"a": {"y": 1}, "c": 3}
    assert hard.ask("GET", f"/component/{one}")[1]["metadata"] == {"a": {"y": 1}, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"key": "root"}, 400, "component.reserved.key"),
        ({"key": ""}, 400, "component.invalid.key"),
        ({"key": "é"}, 400, "component.invalid.key"),
        ({"key": "a\n"}, 400, "component.invalid.key"),
        ({"key": "taken"}, 400, "component.duplicate.key"),
        ({"parentId": 99}, 404, "component.not.found.id"),
        ({"parentId": 2}, 400, "component.space.change"),
        ({"spaceId": 2}, 400, "component.space.change"),
        ({"parentId": None}, 400, "field.wrong.type"),
        ({"name": None}, 400, "field.wrong.type"),
    ],
)
def test_a_wrong_change_is_refused(each: Cms, fields: dict[str, object], status: int, code: str) -> None:
    space(each)
    space(each, "Other")
    component(each, "taken")
    one = component(each, "one")
    before = each.twin.dump()
    got, answer = change(each, one, content="new", **fields)

    assert (got, answer["code"]) == (status, f"omni.{code}")
    assert each.twin.dump() == before


def test_texts_of_moves(cms: Cms) -> None:
    space(cms)
    space(cms, "Other")
    one = component(cms, "one")
    two = component(cms, "two", parent=one)

    own = f"You cannot set component with ID {one} to be its own parent."
    assert change(cms, one, parentId=one) == (400, said("component.parent.self", own))
    out = f"You cannot move component with ID {one} out of its current space (ID 1)."
    assert change(cms, one, parentId=2) == (400, said("component.space.change", out))
    below = f"You cannot move component with ID {one} under its own descendant (ID {two})."
    assert change(cms, one, parentId=two) == (400, said(DESCENDANT, below))


def test_the_own_key_and_space_may_be_sent(each: Cms) -> None:
    space(each)
    one = component(each, "one")

    assert change(each, one, key="one", spaceId=1, parentId=1, name="x") == (200, DONE)


def test_ids_in_bodies(each: Cms) -> None:
    space(each)
    one = component(each, "one")

    def put(given: object) -> str:
        return str(each.ask("PUT", f"/component/{one}", {"id": given, "name": "x"})[1].get("code", "fine"))

    assert (put(one), put(str(one))) == ("fine", "fine")
    assert (put(1), put("1"), put(f"0{one}")) == ("omni.field.id.mismatch",) * 3
    assert (put("x"), put(None), put(True), put(2.0)) == ("omni.field.wrong.type",) * 4


def test_ids_as_text_only() -> None:
    with served(OmniCmsTwin(knobs={"text-ids": "adversarial"})) as cms:
        space(cms)

        assert cms.ask("PUT", "/component/1", {"id": 1, "name": "x"}) == (400, wrong("id", "string"))
        assert cms.ask("PUT", "/component/1", {"id": "1", "name": "x"}) == (200, DONE)
        assert cms.ask("PUT", "/space/1", {"id": 1, "name": "x"}) == (200, DONE)


def test_the_root_stays_where_it_is(each: Cms) -> None:
    space(each)
    one = component(each, "one")
    no = (400, said("component.root.protected", "The root component cannot be moved, renamed or deleted."))

    assert change(each, 1, key="root") == no
    assert change(each, 1, key="top") == no
    assert change(each, 1, parentId=one) == no
    assert each.ask("DELETE", "/component/1") == no
    assert change(each, 1, name="Top", published=False, sequence=1) == (200, DONE)


def test_a_branch_cut_off_by_its_own_descendant(hard: Cms) -> None:
    space(hard)
    one = component(hard, "one")
    two = component(hard, "two", parent=one)

    assert change(hard, one, parentId=two) == (200, DONE)
    assert hard.ask("GET", "/component/1/root?children=summary&levels=7")[1]["children"] == []
    above = hard.ask("GET", f"/component/{one}?parents=all")[1]["parents"]
    assert [parent["key"] for parent in above] == ["one", "two"]
    assert hard.ask("POST", "/component/search", {})[1]["total"] == 2
    deep = hard.ask("GET", f"/component/{one}?children=summary&levels=7")[1]
    assert deep["children"][0]["children"][0]["key"] == "one"


def test_deleting_with_children(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        space(world)
        one = component(world, "one")
        two = component(world, "two", parent=one)
        component(world, "three", parent=two)
        world.twin.add_file(two, "a.txt", b"x")
    refused = said("component.has.children", f"Component with ID {one} has child components.")

    assert hard.ask("DELETE", f"/component/{one}") == (400, refused)
    assert cms.ask("DELETE", f"/component/{one}") == (200, DONE)
    assert cms.ask("POST", "/component/search", {})[1]["total"] == 1
    assert cms.twin.file_of(two) is None


def test_leaves_first_passes_everywhere(each: Cms) -> None:
    space(each)
    one = component(each, "one")
    two = component(each, "two", parent=one)

    for gone in (two, one):
        assert each.ask("DELETE", f"/component/{gone}") == (200, DONE)
        missing = said("component.not.found.id", f"Component with ID {gone} could not be found.")
        assert each.ask("DELETE", f"/component/{gone}") == (404, missing)
    assert component(each, "one") > two


def test_a_ring_can_be_deleted() -> None:
    with served(OmniCmsTwin(knobs={"CM-P7": "adversarial"})) as cms:
        space(cms)
        one = component(cms, "one")
        two = component(cms, "two", parent=one)
        change(cms, one, parentId=two)

        assert cms.ask("DELETE", f"/component/{one}") == (200, DONE)
        assert cms.ask("GET", f"/component/{two}")[0] == 404


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_component(each: Cms, method: str) -> None:
    missing = said("component.not.found.id", "Component with ID 9 could not be found.")

    assert each.ask(method, "/component/9", "no object") == (404, missing)
