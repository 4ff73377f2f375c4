"""A revoke may take the person along: it waits while any declared document names the address (ST-R60, ST-A35)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from reconciler import workflow
from reconciler.load.selection import select
from reconciler.model.document import Address, Document
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.twins.studio_tracker.things import Invitation
from tests.contract.bookings import booking
from tests.contract.bookings import plan as bookings
from tests.contract.homes import pod
from tests.contract.jobs import action, alpha, done, invited, planned, rules
from tests.contract.studio import JANE, team
from tests.contract.uploads import GONE, NEW
from tests.world import TRACKER, World

AT = Address(TRACKER, "Invitation", "new.one")
NAMING: dict[str, Document] = {
    "a member of a team": team("social", NEW),
    "one more member of a live team": team("brand", NEW, mode="additive"),
    "the same address in another case": team("social", NEW.upper()),
    "at home in a pod": pod("pod-x", NEW),
    "the lead of a pod": pod("pod-x", lead=NEW),
    "with an object of its own": pod("pod-x", {"user": NEW}),
    "in the scope of a plan": bookings(users=(NEW, JANE), mode="exact"),
    "booked": bookings(booking(NEW, 0), users=(NEW,)),
}


def pending(w: World) -> bool:
    return any(i.email == NEW for i in w.tracker.state.of(Invitation).values())


@pytest.mark.parametrize("how", NAMING)
@pytest.mark.parametrize("yet", ["already", "only now"])
def test_st_r60_whom_a_document_names_is_not_revoked(studio: World, how: str, yet: str) -> None:
    first = [NAMING[how]] if yet == "already" else []
    done(studio, invited(NEW, **GONE), *first)

    plan = planned(studio, NAMING[how])

    assert rules(plan, "new.one") == {"in-use"}
    assert not [c for c in plan.calls if "invitations" in c.path]
    (hold,) = action(plan, "new.one").holds
    assert (str(NAMING[how].address) in hold.reason, hold.final) == (True, True)
    studio.apply(plan)
    assert pending(studio)


def test_st_r60_once_nothing_names_the_address_it_is_revoked(studio: World) -> None:
    """Also where the same plan takes the person out: that goes first."""
    done(studio, invited(NEW, **GONE), team("social", NEW, JANE, allow=["first-removals"]))

    deed = done(studio, team("social", JANE, mode="exact", allow=["first-removals"]))

    assert [c.split(" ")[0] for c in deed.calls] == ["DELETE", "DELETE"]
    assert "invitations" in deed.calls[-1]
    assert not pending(studio)


def test_st_r60_others_are_revoked_all_the_same(studio: World) -> None:
    done(studio, invited(NEW, **GONE), invited("two@example.com", **GONE), team("social", NEW))

    plan = planned(studio, team("social", NEW))

    assert rules(plan, "two") == set()
    assert len(plan.writes) == 1


def chosen(w: World, *documents: Document, **words: Any) -> Plan:
    """The plan of a part of these documents."""
    w.documents = list(documents)
    setup = w.setup()
    part = select(setup.desired, known=[AT], kinds=setup.catalog.kinds, **words)
    return asyncio.run(workflow.make_plan(replace(setup, desired=part)))


SELECTIONS: Sequence[dict[str, Any]] = (
    {"only": ["kind:Invitation"]},
    {"exclude": ["kind:ClientTeam"]},
    {"exclude": ["field:ClientTeam.members"]},
    {"changed": [AT]},
)


@pytest.mark.parametrize("words", SELECTIONS)
def test_st_r60_what_a_selection_leaves_out_names_it_all_the_same(studio: World, words: dict[str, Any]) -> None:
    done(studio, invited(NEW, **GONE), team("social", NEW), alpha())

    held = chosen(studio, team("social", NEW), alpha(), **words)
    free = chosen(studio, team("social", JANE), alpha(), **words)

    assert rules(held, "new.one") == {"in-use"}
    assert [c.method for c in free.writes if "invitations" in c.path] == ["DELETE"]
