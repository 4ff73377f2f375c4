"""Does live show what a call was to bring about?"""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.json import Json
from reconciler.model.live import Collection, Resource
from reconciler.model.plan import Effect
from reconciler.model.record import replace
from reconciler.model.shows import by_id, find, live_looks, shows, still_live
from tests.world import catalog

LABEL = catalog().kind("omni-analytics", "Label")
TEAM = catalog().kind("studio-tracker", "ClientTeam")

PROD = Resource("Production", "Production", {"name": "Production", "verified": True}, contents={"uses": 2})
CREW = Resource("t1", "brand", {"slug": "brand", "name": "Brand", "members": [{"user": "u1", "isPrimary": True}]})


def test_a_key_is_found_in_any_spelling_of_its_kind() -> None:
    both = Collection("Label", (PROD, replace(PROD, id="x", key="PRODUCTION")))

    assert len(find(LABEL, both, "production")) == 2
    assert find(TEAM, Collection("ClientTeam", (CREW,)), "Brand") == []


def test_an_id_is_found_as_it_is_unless_it_is_a_name() -> None:
    labels, teams = Collection("Label", (PROD,)), Collection("ClientTeam", (CREW,))

    assert by_id(labels, "production") is None
    assert still_live(LABEL, labels, "production") is PROD
    assert still_live(TEAM, teams, "T1") is None
    assert by_id(teams, None) is None


@pytest.mark.parametrize(
    ("effect", "answer"),
    [
        ({"key": "PRODUCTION"}, True),
        ({"key": "other"}, False),
        ({"fields": {"verified": True}}, True),
        ({"fields": {"verified": 1}}, False),
        ({"fields": {"homepage": True}}, None),  # the record does not hold it
        ({"fields": {"homepage": True, "verified": False}}, False),
        ({"key": "other", "fields": {"homepage": True}}, False),
        ({"gone": True}, False),
    ],
)
def test_fields_show_or_not_or_cannot_be_told(effect: dict[str, Any], answer: bool | None) -> None:
    assert shows(LABEL, Effect(**effect), PROD) is answer


def test_what_is_not_there_shows_only_that_it_is_gone() -> None:
    assert shows(LABEL, Effect(gone=True), None) is True
    assert shows(LABEL, Effect(key="x"), None) is False


@pytest.mark.parametrize(
    ("present", "absent", "answer"),
    [
        ((("u1", {"user": "u1"}),), (), True),
        ((("u1", {"user": "u1", "isPrimary": True}),), ("u2",), True),
        ((("u1", {"user": "u1", "isPrimary": False}),), (), False),
        ((("u2", {"user": "u2"}),), (), False),
        ((), ("u1",), False),
    ],
)
def test_entries_are_there_or_not(present: Any, absent: tuple[str, ...], answer: bool) -> None:
    assert shows(TEAM, Effect(set_field="members", present=present, absent=absent), CREW) is answer


def test_members_that_are_not_shown_cannot_be_told() -> None:
    hidden = replace(CREW, fields={"slug": "brand"})

    assert shows(TEAM, Effect(set_field="members", absent=("u1",)), hidden) is None


# What a precondition compares.


def looks(resource: Resource, *fields: str, contents: bool = False) -> dict[str, str]:
    return live_looks(TEAM if resource.fields.get("slug") else LABEL, resource, fields, contents=contents)


def with_fields(resource: Resource, **fields: Json) -> Resource:
    return replace(resource, fields={**resource.fields, **fields})


def test_only_the_fields_named_count_and_the_key_always() -> None:
    seen = looks(PROD, "verified")

    assert looks(with_fields(PROD, homepage=True), "verified") == seen
    assert looks(with_fields(PROD, verified=False), "verified") != seen
    assert looks(replace(PROD, key="Other"), "verified") != seen
    assert looks(replace(PROD, key="production"), "verified") == seen


def test_contents_count_where_they_are_asked_for() -> None:
    used = replace(PROD, contents={"uses": 3})

    assert looks(used) == looks(PROD)
    assert looks(used, contents=True) != looks(PROD, contents=True)


def test_of_a_set_one_entry_can_count_alone() -> None:
    joined = with_fields(CREW, members=[{"user": "u2", "isPrimary": False}, {"user": "u1", "isPrimary": True}])
    lowered = with_fields(CREW, members=[{"user": "u1", "isPrimary": False}])

    assert looks(joined, "members/u1") == looks(CREW, "members/u1")
    assert looks(lowered, "members/u1") != looks(CREW, "members/u1")
    assert looks(joined, "members/u2") != looks(CREW, "members/u2")
