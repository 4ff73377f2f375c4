"""Random projects, live and desired, in both profiles: apply, then plan, and nothing is left to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.ledger import ephemeral, whoami
from reconciler.model.document import Document
from reconciler.model.json import Json, same
from reconciler.model.normalise import normal
from reconciler.model.outcome import End
from reconciler.model.plan import Phase, Plan, Role
from reconciler.model.record import replace
from reconciler.twins.studio_tracker.things import Project, Team
from tests.world import TRACKER, World, catalog, doc, hasty_clock, lasting, world

KIND = catalog().kind("studio-tracker", "Project")
NUMBERS = ("007", "7", "2400001", "=1", "Ä 8")
TEAMS = {"brand": "Brand", "brand-safety": "Brand Safety", "odd": "Someone Else"}
"""Slug -> name; the last one's name does not lead to its slug."""
MORE = settings(max_examples=settings().max_examples * 2)

days = st.sampled_from(("2026-03-10", "2026-04-03", "1899-12-31"))
texts = st.sampled_from(("Ann", "=1+1", " odd ", "a\nb", "#N/A", "x" * 200))
VALUES: dict[str, st.SearchStrategy[Json]] = {
    "name": st.sampled_from(("Alpha", "2400001 — Beta", " Gamma")),
    "projectCode": st.sampled_from(("A-1", "B-2")),
    "team": st.sampled_from(tuple(TEAMS)),
    "status": st.sampled_from(("PIPELINE", "ACTIVE", "ON_HOLD", "COMPLETED", "CANCELED", "ARCHIVED")),
    "priority": st.sampled_from(("LOW", "MEDIUM", "HIGH", "URGENT")),
    "category": st.sampled_from(("PDF", "GIF")),
    "owner": texts,
    "briefAcceptanceDate": days,
    "externalDeadline": days,
    "statusDetails": texts,
}
CLEARABLE = ("category", "owner", "briefAcceptanceDate", "externalDeadline", "statusDetails")
WIRE = {name: KIND.fields[name].wire_name for name in VALUES}


@pytest.fixture(scope="module", params=["plain", "adversarial"])
def stage(request: pytest.FixtureRequest) -> Iterator[tuple[World, Any]]:
    with world(request.param, twins=[TRACKER], seed=False) as one:
        for slug, name in TEAMS.items():
            assert one.tracker.edit("POST", "/api/client-teams", {"slug": slug, "name": name}).ok
        one.tracker.knobs.set("ST-P11", "plain")  # where null is refused, nothing is ever cleared (ST-R39)
        one.expect_missing = frozenset({"studio/Project"})
        yield one, one.tracker.dump()


lives = st.lists(
    st.fixed_dictionaries({"omgJobNumber": st.sampled_from(NUMBERS)}, optional=VALUES),
    max_size=4,
    unique_by=lambda one: str(one["omgJobNumber"]),
)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    found: list[Document] = []
    for number in draw(st.lists(st.sampled_from(NUMBERS), max_size=5, unique=True)):
        optional = {n: v | st.none() if n in CLEARABLE else v for n, v in VALUES.items()}
        spec = draw(st.fixed_dictionaries({}, optional={**optional, "outputs": st.integers(0, 2)}))
        if draw(st.integers(1, 3)) > 1:
            spec = {"name": "Alpha", "projectCode": "A-1", "team": "brand", **spec}
        life: dict[str, Any] = {}
        if (gone := draw(st.sampled_from((None, None, "archive", "delete")))) is not None:
            life = {"on_remove": gone, "allow": [gone]}
        found.append(doc("Project", f"p{NUMBERS.index(number)}", {"omgJobNumber": number, **spec}, **life))
    return found


@st.composite
def renumbered(draw: st.DrawFn, before: Sequence[Document]) -> list[Document]:
    """The documents a commit later: some left git, some changed, some have each other's numbers."""
    kept = [d for d in before if draw(st.integers(1, 4)) > 1]
    numbers = [str(d.spec["omgJobNumber"]) for d in kept]
    order = draw(st.permutations(numbers)) if draw(st.booleans()) else numbers
    found = []
    for one, old, new in zip(kept, numbers, order, strict=True):
        fields = draw(st.fixed_dictionaries({}, optional=VALUES))
        life = replace(one.lifecycle, allow=one.lifecycle.allow | {"rename"})
        spec = {**one.spec, **fields, "omgJobNumber": new}
        found.append(replace(one, spec=spec, previous_key=old if old != new else None, lifecycle=life))
    return found


def begin(here: World, saved: Any, live: Sequence[dict[str, Json]]) -> None:
    here.tracker.load(saved)
    here.tracker.knobs.set("ST-P11", "plain")
    here.clock = hasty_clock()
    here.ledger = lasting(ephemeral(whoami(), here.clock))
    teams = {t.slug: t.id for t in here.tracker.state.of(Team).values()}
    for one in live:
        made = {"name": "Live", "projectCode": "L-1", "team": "brand", **one}
        body = {WIRE.get(n, n): teams[str(v)] if n == "team" else v for n, v in made.items()}
        assert here.tracker.edit("POST", "/api/projects", body).ok


def reconcile(here: World, found: Sequence[Document]) -> Plan:
    here.documents = list(found)
    plan = here.plan()
    assert len(plan.writes) == plan.bound, [c.line for c in plan.writes]
    report = here.checked_apply(plan)
    ends = {o.call: o for o in report.outcomes}
    for call in plan.calls:
        assert ends[call.id].end is (End.HELD if call.held else End.DONE), (call.line, ends[call.id])
    as_declared(here, plan, found)
    left = here.plan()
    assert [c.line for c in left.writes] == []
    assert left.bound == 0
    return plan


def as_declared(here: World, plan: Plan, found: Sequence[Document]) -> None:
    """Every document that nothing holds is live as it says, exactly once."""
    held = {a.address for a in plan.actions if a.holds}
    slugs = {t.id: t.slug for t in here.tracker.state.of(Team).values()}
    assert sorted(slugs.values()) == sorted(TEAMS), "no workbook has made a team"
    for one in found:
        if one.address in held:
            continue
        (project,) = [
            p for p in here.tracker.state.of(Project).values() if p.omg_job_number == one.spec["omgJobNumber"]
        ]
        shown = here.tracker.edit("GET", f"/api/projects/{project.id}").body
        assert isinstance(shown, dict)
        for name, value in one.spec.items():
            seen = (
                shown["clientTeam"] and slugs[str(shown["clientTeamId"])]
                if name == "team"
                else shown.get(WIRE.get(name, name))
            )
            field = KIND.fields[name]
            assert name == "outputs" or same(normal(field, seen), normal(field, value)), (one, name, seen)


@MORE
@given(live=lives, found=documents())
def test_apply_then_plan_has_nothing_to_do(
    stage: tuple[World, Any], live: list[dict[str, Json]], found: list[Document]
) -> None:
    here, saved = stage
    begin(here, saved, live)

    plan = reconcile(here, found)

    gates = [c for c in plan.calls if c.role is Role.GATE]
    assert len(gates) == len([c for c in plan.calls if c.query.get("commit") == "true"])


@given(live=lives, data=st.data())
def test_three_commits_with_others_at_work(
    stage: tuple[World, Any], live: list[dict[str, Json]], data: st.DataObject
) -> None:
    here, saved = stage
    begin(here, saved, live)
    found = data.draw(documents())
    for _ in range(3):
        plan = reconcile(here, found)
        gone = {c.live_id for c in plan.calls if c.phase is Phase.DELETE and not c.held}
        assert not gone & here.tracker.state.of(Project).keys()
        for project in sorted(here.tracker.state.of(Project)):
            fields = data.draw(
                st.fixed_dictionaries({}, optional={n: VALUES[n] for n in ("status", "owner", "name")})
            )
            if fields:
                here.tracker.edit("PATCH", f"/api/projects/{project}", {WIRE[n]: v for n, v in fields.items()})
        found = data.draw(renumbered(found))


@given(live=lives)
def test_what_is_live_differs_in_nothing_from_itself(
    stage: tuple[World, Any], live: list[dict[str, Json]]
) -> None:
    here, saved = stage
    begin(here, saved, live)
    found = [doc("Project", f"p{NUMBERS.index(str(one['omgJobNumber']))}", one) for one in live]

    here.documents = found
    plan = here.plan()

    assert plan.calls == ()
    assert not [f for a in plan.actions for f in a.fields]
    assert plan.bound == 0
