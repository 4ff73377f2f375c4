"""Whether a call whose answer never came has happened."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from reconciler.model.change import Delta
from reconciler.model.live import Collection, Proof, Resource
from reconciler.model.plan import Call
from reconciler.providers.rest.calls import calls
from reconciler.providers.rest.settled import settled
from tests.unit.providers.samples import LABEL, TEAM, change, live, member

WHOLE, PART = Proof(True, "all of it"), Proof(False, "some of it")


def seen(*resources: Resource, proof: Proof = WHOLE) -> Collection:
    return Collection("Label", resources, proof)


def only(found: Sequence[Call]) -> Call:
    (call,) = found
    return call


CREATE = only(calls(LABEL, [change(LABEL, "a", to="Live")]))
RENAME = only(calls(LABEL, [change(LABEL, "a", was="Old", to="New")]))
FLAG = only(calls(LABEL, [change(LABEL, "a", was="Live", changed={"verified"}, verified=True)]))
GONE = only(calls(LABEL, [change(LABEL, "a", was="Live", delete=True)]))


@pytest.mark.parametrize(
    ("call", "resources", "whole", "part"),
    [
        (CREATE, (), False, None),
        (CREATE, (live(LABEL, "LIVE"),), True, True),
        (CREATE, (live(LABEL, "Live", "1"), live(LABEL, "live", "2")), None, None),
        (RENAME, (live(LABEL, "Old"),), False, False),
        (RENAME, (live(LABEL, "New"),), True, True),
        (RENAME, (), False, None),
        (FLAG, (live(LABEL, "Live", verified=True),), True, True),
        (FLAG, (live(LABEL, "Live", verified=False),), False, False),
        (FLAG, (live(LABEL, "Live"),), None, None),
        (GONE, (), True, None),
        (GONE, (live(LABEL, "Live"),), False, False),
    ],
)
def test_what_a_reading_says(
    call: Call, resources: tuple[Resource, ...], whole: bool | None, part: bool | None
) -> None:
    assert settled(LABEL, call, seen(*resources)) is whole
    assert settled(LABEL, call, seen(*resources, proof=PART)) is part


def test_members_are_looked_up_one_by_one() -> None:
    delta = Delta(add=(member("ann", isPrimary=True),), remove=(member("bob"),))
    add, remove = calls(TEAM, [change(TEAM, "crew", was="crew", deltas={"members": delta})])

    def said(*members: object) -> tuple[bool | None, bool | None]:
        now = Collection("ClientTeam", (live(TEAM, "crew", members=list(members)),), WHOLE)  # type: ignore[arg-type]
        return settled(TEAM, add, now), settled(TEAM, remove, now)

    assert said({"user": "ann", "isPrimary": True}) == (True, True)
    assert said({"user": "ann", "isPrimary": False}) == (False, True), "the flag belongs to it"
    assert said({"user": "bob"}) == (False, False)
    hidden = Collection("ClientTeam", (live(TEAM, "crew"),), WHOLE)
    assert (settled(TEAM, add, hidden), settled(TEAM, remove, hidden)) == (None, None)
