"""What is equal costs a few steps each to compare, to plan and to tell, however many there are: counted."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType

import pytest

from reconciler.access import access_changes
from reconciler.diff import compare
from reconciler.model.document import Address, Desired, Document, Target
from reconciler.model.json import digest
from reconciler.model.live import Collection, Live, Proof, Resource
from reconciler.model.place import Place
from reconciler.model.plan import Plan
from reconciler.model.plan_json import plan_id
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from reconciler.plan import build
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style
from tests.world import OMNI, catalog

PROVIDER, KIND = "omni-analytics", "User"
STEPS = 220
"""Calls of functions, ours and the interpreter's own, that one more thing which is equal may cost; more than four
times as many where each is compared the thorough way, and digested field by field."""


def people(count: int) -> tuple[Desired, Live]:
    def spec(n: int) -> dict[str, object]:
        held = {"region": "EMEA", "office": f"Office {n % 9}", "employee": f"E{n:05}"}
        return {"email": f"person{n}@example.com", "name": f"Person {n}", "attributes": held}

    documents = tuple(
        Document(Address(OMNI, KIND, f"person-{n}"), PROVIDER, spec(n), Place("people.yaml", n + 1, 1))  # type: ignore[arg-type]
        for n in range(count)
    )
    things = tuple(Resource(f"id-{n}", f"person{n}@example.com", spec(n), f"Person {n}") for n in range(count))  # type: ignore[arg-type]
    targets = {OMNI: Target(OMNI, PROVIDER)}
    return Desired(documents, targets, "sha256:m"), Live(
        {(OMNI, KIND): Collection(KIND, things, Proof(True, "count"))}
    )


def planned(world: tuple[Desired, Live], recorded: Recorded) -> Plan:
    desired, live = world
    changes = compare(desired, live, recorded, catalog())
    plan = build(changes, desired, live, recorded, catalog(), {}, "1", "")
    access = access_changes(changes, plan, desired, live, recorded, catalog())
    assert not access
    assert plan_text(plan, Style()).startswith("Nothing to do")
    return plan


def remembered(world: tuple[Desired, Live]) -> Recorded:
    """The ledger after these were adopted."""
    ids = {d.address: r.id for d, r in zip(world[0].documents, world[1].of(OMNI, KIND).resources, strict=True)}
    actions = planned(world, Recorded()).actions
    bonds = {a.address: replace(a.bond, id=ids[a.address]) for a in actions if a.bond is not None}
    return Recorded(bonds, exists=True, head="head", completed=frozenset({OMNI}))


def counted(work: Callable[[], object]) -> Counter[str]:
    """Name -> how often a function of that name was called."""
    calls: Counter[str] = Counter()

    def seen(frame: FrameType, event: str, arg: object) -> None:
        if event in ("call", "c_call"):
            calls[frame.f_code.co_name if event == "call" else getattr(arg, "__name__", "?")] += 1

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("ledger", [False, True], ids=["no ledger", "ledger"])
def test_what_is_equal_costs_a_few_steps_each(ledger: bool) -> None:
    once, twice, thrice = people(100), people(200), people(300)
    pasts = [remembered(world) if ledger else Recorded() for world in (once, twice, thrice)]
    planned(once, pasts[0])  # what is read or imported but once is there by now

    few, more, most = (
        counted(lambda w=world, p=past: planned(w, p)).total()  # type: ignore[misc]
        for world, past in zip((once, twice, thrice), pasts, strict=True)
    )

    assert most - more <= 1.1 * (more - few)
    assert more - few <= STEPS * 100


@pytest.mark.parametrize("ledger", [False, True], ids=["no ledger", "ledger"])
def test_nothing_is_digested_before_somebody_asks(ledger: bool) -> None:
    world = people(50)
    past = remembered(world) if ledger else Recorded()

    calls = counted(lambda: planned(world, past))

    assert calls[digest.__name__] == 0


def test_what_is_worked_out_when_asked_for_is_the_plan_as_ever() -> None:
    world = people(3)
    plan, again = planned(world, Recorded()), planned(world, Recorded())

    assert plan.id == plan_id(again)
    assert plan == again
    bond = plan.actions[0].bond
    assert bond is not None
    assert bond.digests["name"] == digest("Person 0")
    assert sorted(bond.digests) == [
        "attributes",
        *(f"attributes.{n}" for n in ("employee", "office", "region")),
        "email",
        "name",
    ]
    assert replace(plan, reads=("GET /x",)).id == plan.id
    assert replace(plan, stamp="", reads=("GET /x",)).id != plan.id
