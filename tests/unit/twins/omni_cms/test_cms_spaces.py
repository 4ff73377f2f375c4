"""Spaces of the Omni-CMS twin, over a socket."""

from __future__ import annotations

import pytest

from reconciler.twins import OmniCmsTwin
from tests.unit.twins.omni_cms.cms import DONE, Cms, component, found, said, space
from tests.unit.twins.served import served

NO_SPACE = (404, said("space.not.found.id", "Space with ID 9 could not be found."))


def test_a_new_space_has_a_root(cms: Cms) -> None:
    assert cms.ask("POST", "/space", {"name": "Monkeys"}) == (201, {"id": 1, **DONE})
    assert cms.ask("GET", "/component/1/root") == (
        200,
        {
            "id": 1,
            "key": "root",
            "name": "Root",
            "spaceId": 1,
            "content": "",
            "metadata": {},
            "parents": [],
            "componentType": "root",
            "published": True,
            "visible": True,
            "sequence": 1000,
            "date": "2026-01-01T00:00:00.000Z",
            "tags": [],
        },
    )


def test_adversarial_creates_hide_the_id(hard: Cms) -> None:
    assert hard.ask("POST", "/space", {"name": "Monkeys"}) == (201, DONE)
    body = {"key": "a", "spaceId": 1, "parentId": 1, "componentType": "page"}
    assert hard.ask("POST", "/component", body) == (201, DONE)
    assert hard.ask("POST", "/user", {"email": "a@example.com", "password": "abcdef12"}) == (201, DONE)


def test_the_list_shows_all_spaces(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        for name in ("Ape", "Bear", "Ape"):
            space(world, name)

    ape, bear, other = ({"id": i, "name": name} for i, name in enumerate(("Ape", "Bear", "Ape"), start=1))
    assert cms.ask("GET", "/space/all") == (200, {"spaces": [ape, bear, other]})
    assert hard.ask("GET", "/space/all") == (200, {"spaces": [bear, ape, other]})


def test_a_rename(each: Cms) -> None:
    space(each)

    assert each.ask("PUT", "/space/1", {"id": 1, "name": "Apes"}) == (200, DONE)
    assert each.ask("GET", "/space/1") == (200, {"id": 1, "name": "Apes"})
    assert each.ask("PUT", "/space/1", {"id": "1"}) == (200, DONE)
    assert each.ask("GET", "/space/1")[1]["name"] == "Apes"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"name": "x"}, said("field.required", "The field ‘id’ is required.")),
        ({"id": 2, "name": "x"}, said("field.id.mismatch", "The field ‘id’ does not match the ID in the path.")),
        ({"id": "x"}, said("field.wrong.type", "The field ‘id’ was not of type integer.")),
        ({"id": True}, said("field.wrong.type", "The field ‘id’ was not of type integer.")),
        ({"name": 3, "id": None}, said("field.wrong.type", "The field ‘name’ was not of type string.")),
        ({"id": None, "name": 3}, said("field.wrong.type", "The field ‘id’ was not of type integer.")),
        ([], said("body.invalid", "The request body is not a JSON object.")),
        (None, said("body.invalid", "The request body is not a JSON object.")),
    ],
)
def test_a_wrong_change_is_refused(each: Cms, body: object, answer: object) -> None:
    space(each)
    before = each.twin.dump()

    assert each.ask("PUT", "/space/1", body) == (400, answer)
    assert each.twin.dump() == before


def test_a_space_needs_a_name(each: Cms) -> None:
    missing = said("field.required", "The field ‘name’ is required.")

    assert each.ask("POST", "/space", {}) == (400, missing)
    assert each.ask("POST", "/space", {"name": None})[1]["code"] == "omni.field.wrong.type"
    assert each.ask("GET", "/space/all")[1] == {"spaces": []}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_space(each: Cms, method: str) -> None:
    assert each.ask(method, "/space/9", "no object") == NO_SPACE
    assert each.ask(method, "/space/x")[1]["message"] == "Space with ID x could not be found."
    assert each.ask(method, "/space/01")[0] == 404


def test_deleting_a_space_with_components(cms: Cms, hard: Cms) -> None:
    for world in (cms, hard):
        space(world)
        space(world, "Other")
        one = component(world, "a")
        world.twin.add_file(one, "a.txt", b"x")
    full = said("space.not.empty", "Space with ID 1 has components.")

    assert hard.ask("DELETE", "/space/1") == (400, full)
    assert cms.ask("DELETE", "/space/1") == (200, DONE)
    assert found(cms) == ["root"]
    assert cms.ask("DELETE", "/space/1")[0] == 404
    assert [cms.ask("GET", f"/component/{i}")[0] for i in (1, 2, 3)] == [404, 200, 404]
    assert cms.twin.file_of(one) is None


def test_an_emptied_space_goes_with_its_root(each: Cms) -> None:
    space(each)

    assert each.ask("DELETE", "/space/1") == (200, DONE)
    assert each.ask("GET", "/component/1")[0] == 404
    assert space(each) == 2
    assert each.ask("GET", "/component/2/root")[1]["id"] == 2


def test_a_seed_moves_the_ids() -> None:
    with served(OmniCmsTwin(seed=40)) as cms:
        assert cms.ask("POST", "/space", {"name": "Monkeys"})[1]["id"] == 41
        assert cms.ask("GET", "/component/41/root")[1]["id"] == 41
