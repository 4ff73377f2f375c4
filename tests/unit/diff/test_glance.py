"""A first look at a page: what is live as declared becomes one value, and nothing else changes."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.diff import Glance
from reconciler.diff.glance import share
from reconciler.model.json import Json, identical
from reconciler.model.live import Resource
from tests.unit.diff.samples import JANE, desired_of, kind_of
from tests.world import OMNI, doc

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0]) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=10,
)
FIELDS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


def glanced(fields: dict[str, Any], **spec: Json) -> Resource:
    found = Resource("u1", JANE, fields)
    Glance(desired_of(doc("User", "jane", {"email": JANE.upper(), **spec})))(OMNI, kind_of("User"), [found])
    return found


def test_a_live_value_as_declared_is_the_declared_one() -> None:
    name = "".join(["Jane ", "Smith"])
    attributes: Json = {"region": "US"}

    found = glanced({"name": "Jane Smith", "attributes": {"region": "US"}}, name=name, attributes=attributes)

    assert found.fields["name"] is name
    assert found.fields["attributes"] is attributes


def test_an_object_that_holds_more_shares_what_is_declared_of_it() -> None:
    region = "".join(["U", "S"])

    found = glanced({"attributes": {"region": "US", "level": "3"}}, attributes={"region": region})

    held = found.fields["attributes"]
    assert isinstance(held, dict)
    assert held == {"region": "US", "level": "3"}
    assert held["region"] is region


def test_each_kind_is_looked_at_beside_its_own_documents() -> None:
    one, two = "".join(["J", "ane"]), "".join(["J", "ane "]).strip()
    kinds = ("User", "EmailOnlyUser")
    look = Glance(
        desired_of(*(doc(k, k, {"email": JANE, "name": n}) for k, n in zip(kinds, (one, two), strict=True)))
    )
    live = [Resource("u", JANE, {"name": "".join(["Ja", "ne"])}) for _ in kinds]

    for kind, found in zip(kinds, live, strict=True):
        look(OMNI, kind_of(kind), [found])

    assert [found.fields["name"] is name for found, name in zip(live, (one, two), strict=True)] == [True, True]
    assert {at.kind for at in look.places} == {*kinds}


def test_another_thing_and_another_value_stay_as_they_are() -> None:
    found = Resource("u2", "bob@example.com", {"name": "Jane"})
    Glance(desired_of(doc("User", "jane", {"email": JANE, "name": "Jane"})))(OMNI, kind_of("User"), [found])

    assert found.fields == {"name": "Jane"}
    assert glanced({"active": 1}, active=True).fields["active"] is not True


@given(FIELDS, FIELDS)
def test_nothing_that_is_live_looks_different_afterwards(live: dict[str, Json], declared: dict[str, Json]) -> None:
    before, meant = deepcopy(live), deepcopy(declared)

    share(live, declared)

    assert identical(live, before)
    assert identical(declared, meant)
