"""People in Omni Analytics are looked at and never written (OA-R51, OA-R52, OA-C11)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.model.change import Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.plan import Plan
from tests.world import OMNI, World, doc, world

ANN = "ann@example.com"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest) -> Iterator[World]:
    """Omni Analytics with one person more, who has attributes."""
    with world(str(request.param), twins=[OMNI]) as found:
        found.omni.add_user(ANN, "Ann", attributes={"region": "EMEA", "level": 3})
        yield found


def person(address: str = ANN, **spec: Json) -> Document:
    return doc("User", address.partition("@")[0], {"email": address, **spec}, manage="observe")


def looked_at(w: World, *documents: Document) -> Plan:
    """A plan that has no calls, and whose apply sends nothing."""
    plan = w.plan(*documents)
    assert (plan.calls, plan.bound) == ((), 0)
    w.checked_apply(plan)
    assert w.omni.log.writes() == []
    return plan


def test_who_is_as_declared_shows_no_difference(w: World) -> None:
    plan = looked_at(
        w, person("ANN@example.com", name="Ann", active=True, attributes={"region": "EMEA", "level": "3"})
    )

    assert [(a.verb, a.fields) for a in plan.actions] == [(Verb.OBSERVE, ())]


def test_what_differs_is_reported_and_left_alone(w: World) -> None:
    plan = looked_at(w, person(name="Anna", active=False, attributes={"region": "APAC", "team": []}))

    assert [f.path for f in plan.actions[0].fields] == [("name",), ("active",), ("attributes", "region")]


def test_who_is_not_there_is_reported_and_never_made(w: World) -> None:
    plan = looked_at(w, person("nobody@example.com"))

    assert [h.rule for h in plan.actions[0].holds] == ["observe"]


def test_attributes_cost_a_read_only_where_the_list_lacks_them(w: World) -> None:
    """One address is one filter (OA-C3); one read more where attributes are declared and not listed (OA-C11)."""
    lacks = w.omni.knobs.profile == "adversarial"

    assert len(looked_at(w, person()).reads) == 1
    assert len(looked_at(w, person(attributes={"region": "EMEA"})).reads) == 1 + lacks
