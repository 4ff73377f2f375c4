"""What a plan says of itself: what it was made from, by what, when, and what its targets allow."""

from __future__ import annotations

from reconciler.model.change import Change, Changes, Hold
from reconciler.model.document import Address, Desired, Target
from reconciler.model.json import Json
from reconciler.model.place import Place, Problem
from reconciler.model.plan import Plan, PlanTarget, Role
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from reconciler.plan import build
from tests.unit.plan.samples import BASES, TARGETS, WAIT, create, live_of
from tests.world import OMNI, TRACKER, catalog, doc

LABEL = create("Label", "a", "x1")
DESIRED = Desired((), TARGETS, "sha256:1")


def made(
    *changes: Change,
    desired: Desired = DESIRED,
    recorded: Recorded | None = None,
    bases: dict[str, str] | None = None,
) -> Plan:
    book = Recorded({}) if recorded is None else recorded
    where = BASES if bases is None else bases
    return build(Changes(changes), desired, live_of(), book, catalog(), where, "tool 7", "2026-06-01T00:00:00Z")


def test_where_it_comes_from_is_said() -> None:
    left = (Address(OMNI, "Label", "z"),)
    warned = (Problem(Place("m.yaml", 3), "R1", "odd"),)

    plan = made(LABEL, desired=replace(DESIRED, commit="abc-dirty", left_out=left, warnings=warned))

    assert (plan.tool, plan.made_at, plan.manifests) == ("tool 7", "2026-06-01T00:00:00Z", "sha256:1")
    assert (plan.commit, plan.left_out) == ("abc-dirty", left)
    assert plan.warnings == (str(warned[0]),)
    assert made(LABEL).commit is None


def test_the_state_of_the_ledger_is_said_where_there_is_one() -> None:
    assert made(LABEL, recorded=Recorded({}, exists=True, head="h7")).ledger_head == "h7"
    assert made(LABEL, recorded=Recorded({}, exists=False, head="h7")).ledger_head == ""


def test_each_target_that_is_used_is_said_with_its_base_and_its_rate() -> None:
    """The project's own word goes before what the API allows."""
    slow = {**TARGETS, OMNI: Target(OMNI, "omni-analytics", per_minute=7)}
    team = create("ClientTeam", "t", "brand")

    assert made(LABEL, desired=replace(DESIRED, targets=slow)).targets == (
        PlanTarget(OMNI, "omni-analytics", BASES[OMNI], 7),
    )
    usual = catalog().providers["omni-analytics"].per_minute
    assert made(LABEL, team, bases={OMNI: "https://o"}).targets == (
        PlanTarget(OMNI, "omni-analytics", "https://o", usual),
        PlanTarget(TRACKER, "studio-tracker", "", None),
    )


# With something that comes about beside what is created.


def invited(*holds: Hold) -> tuple[Change, ...]:
    """An invitation, and a pod led by whom it brings about."""
    person, at = "new@example.com", Address(TRACKER, "Invitation", "i")
    asks = doc("Invitation", "i", {"email": person})
    invitation = replace(
        LABEL, address=at, document=asks, key=person, label=person, wire={"email": person}, holds=holds
    )
    promise: Json = {"$made": {"by": str(at), "kind": "User", "key": person}}
    pod = doc("Pod", "p", {"name": "P", "slug": "p", "lead": person})
    wire: dict[str, Json] = {"name": "P", "slug": "p", "lead": promise}
    leads = replace(LABEL, address=pod.address, document=pod, key="p", label="p", wire=wire)
    return invitation, leads


def test_the_reading_after_an_invitation_counts_as_one_call() -> None:
    plan = made(*invited())

    reading = next(c for c in plan.calls if c.role is Role.FIND)
    names = {c.address.name: c for c in plan.calls}
    assert (reading.target, reading.kind, reading.method) == (TRACKER, "User", "GET")
    assert reading.after == {names["i"].id}
    assert reading.id in names["p"].after
    assert [p.demand.wanted for p in plan.preconditions if p.demand.kind == "User"] == [("new@example.com",)]
    assert plan.bound == len(plan.writes) == 3


def test_a_reading_that_waits_with_its_invitation_is_not_counted() -> None:
    plan = made(*invited(WAIT))

    assert all(c.held for c in plan.calls)
    assert (plan.bound, plan.writes) == (0, ())
