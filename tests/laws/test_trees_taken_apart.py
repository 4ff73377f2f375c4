"""A tree of which one part moves away and another keeps its place: carried out, with nothing left to do and no
word of what goes along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from reconciler.ledger import ephemeral, whoami
from reconciler.model.change import Verb
from reconciler.model.document import Document
from tests.contract.directories import di, tree
from tests.world import CORE, World, doc, lasting, world

Paths = Mapping[str, str]
"""Name of a document -> path."""
BEFORE: Paths = {"b": "A", "x": "A/x", "y": "A/x/y", "c": "C", "d": "C/D"}
AFTER: Paths = {"b": "C/D/B", "a": "A", "x": "A/x", "y": "A/x/y", "c": "C", "d": "C/D"}


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def k(request: pytest.FixtureRequest) -> Iterator[World]:
    with world(request.param, seed=False, twins=[CORE]) as one:
        yield one


def directories(paths: Paths, former: Paths) -> list[Document]:
    return [di(path, rnc="MAM", name=name, was=former.get(name)) for name, path in paths.items()]


def keywords(paths: Paths, former: Paths) -> list[Document]:
    return [doc("core/Keyword", n, {"path": p}, previous_key=former.get(n)) for n, p in paths.items()]


@pytest.mark.parametrize("ours", [True, False])
@pytest.mark.parametrize("declared", [directories, keywords])
def test_what_lies_in_something_left_behind_is_not_moved_again(k: World, declared: object, ours: bool) -> None:
    assert callable(declared)
    k.core.reset()
    k.core.add_rnc("MAM")
    k.ledger = lasting(ephemeral(whoami(), k.clock))
    k.documents = declared(BEFORE, {})
    k.apply(k.plan())
    if not ours:
        k.ledger = lasting(ephemeral(whoami(), k.clock))
    k.documents = declared(AFTER, {"b": "A"})

    plan, resting = k.plan(), Verb.NONE if ours else Verb.ADOPT
    report = k.checked_apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done"}
    assert [(a.verb, a.calls) for a in plan.actions if a.address.name == "y"] == [(resting, ())]
    assert len(plan.writes) == plan.bound
    assert k.plan().writes == ()
    if declared is directories:
        assert {*tree(k)} == {f"/MAM/{path}" for path in AFTER.values()}
    else:
        assert {p.strip("/") for p in k.core.paths()} == {*AFTER.values()}
