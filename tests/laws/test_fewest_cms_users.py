"""The fewest calls for accounts: on small worlds no way is shorter than the plan, and the formula says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler import diff
from reconciler import plan as planning
from reconciler.model.call import Request
from reconciler.model.document import Address, DeleteLimit, Desired, Document, Target
from reconciler.model.json import Json, digest
from reconciler.model.live import Demand, Live
from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond, Recorded
from reconciler.model.values import resolved
from tests.laws.search import shortest
from tests.laws.small_users import Account, Aim, Goal, State, send
from tests.world import CMS, PROVIDERS, catalog, doc

MOST = 5
EMAILS = tuple(f"{name}@example.com" for name in "abcd")
IDS = ("2", "3", "4")
OWN = Account("1", "own@example.com", active=True, password=0, key=1)
MORE = settings(max_examples=settings().max_examples * 2)
"""Nothing is served here, so examples are cheap."""
World = tuple[Goal, list[Document], list[Bond]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """At most three accounts besides the own: some kept, some let go in one way or another, some to come."""
    ids = IDS[: draw(st.integers(0, 3))]
    start = frozenset(
        Account(own, EMAILS[i], draw(st.booleans()), 1, draw(st.sampled_from((0, 2 + i))))
        for i, own in enumerate(ids)
    )
    fates = {own: draw(st.sampled_from(("kept", "kept", "kept", "off", "gone"))) for own in ids}
    now = {a.ident: a for a in start}
    kept = [own for own in ids if fates[own] == "kept"]
    fresh = [f"made-{i}" for i in range(draw(st.integers(0, 3 - len(ids))))]
    left = [e for e in draw(st.permutations(EMAILS)) if e not in {now[i].email for i in ids if fates[i] == "off"}]
    given_emails = dict(zip([*kept, *fresh], left, strict=False))
    if draw(st.booleans()):
        given_emails = {own: now[own].email for own in kept}
        given_emails |= dict(zip(fresh, [e for e in left if e not in given_emails.values()], strict=False))
    gone = frozenset(own for own in ids if fates[own] == "gone")
    assume(not {given_emails[own] for own in fresh} & {now[own].email for own in gone})  # which would be adopted
    aims: dict[str, Aim] = {}
    documents: list[Document] = []
    for own, email in given_emails.items():
        aims[own], document = draw(wishes(own, email, now.get(own)))
        documents.append(document)
    bonds = [_bond(now[own], fates[own]) for own in ids]
    off = frozenset(own for own in ids if fates[own] == "off")
    made = tuple(aims[own] for own in fresh)
    return Goal(start | {OWN}, {own: aims[own] for own in kept}, made, off, gone), documents, bonds


@st.composite
def wishes(draw: st.DrawFn, own: str, email: str, now: Account | None) -> tuple[Aim, Document]:
    version = draw(st.sampled_from((1, 2) if now is None else (None, 1, 2)))
    active = draw(st.sampled_from((None, True, False)))
    key = draw(st.sampled_from((None, "absent", "present", "new")))
    spec: dict[str, Json] = {"email": email}
    spec |= {} if version is None else {"password": {"fromEnv": "PW", "version": version}}
    spec |= {} if active is None else {"active": active}
    words: dict[str, Any] = {"once": {"rotateKey": "2"}} if key == "new" else {}
    if key is not None:
        spec["apiKey"] = "absent" if key == "absent" else "present"
        spec |= {} if key == "absent" else {"keyTo": {"toFile": f"keys/{own}"}}
    words |= {"previous_key": now.email} if now is not None and now.email != email else {}
    wanted = {None: None, "absent": "none", "present": "some", "new": "new" if now and now.key else "some"}[key]
    return (email, active, version, wanted), doc("cms/User", f"of-{own}", spec, **words)


def _bond(one: Account, fate: str) -> Bond:
    end = {"kept": "release", "off": "deactivate", "gone": "delete"}[fate]
    known = {"email": digest(one.email), "password": digest({"version": one.password})}
    at = Address(CMS, "User", f"of-{one.ident}")
    return Bond(at, one.ident, one.email, made=True, on_remove=end, digests=known)


def live_of(state: State) -> Live:
    """The state as it is read: by the kind's own parse."""
    shown: list[Json] = [
        {"id": int(a.ident), "email": a.email, "active": a.active, "apiKeyEnabled": a.key > 0}
        for a in sorted(state)
    ]
    listing = Request(CMS, "GET", "/user/all", safe=True)
    demand = Demand(CMS, "User", ids=tuple(a.ident for a in sorted(state)), removing=True)
    verbs, kind = catalog().verbs["omni-cms", "User"], catalog().kind("omni-cms", "User")
    found = {(CMS, "User"): verbs.parse(kind, demand, ((listing, {"users": shown}),))}
    return Live(found, (listing,), {(CMS, "User"): demand})


def plan_of(documents: Sequence[Document], state: State, bonds: Sequence[Bond]) -> Plan:
    targets = {CMS: Target(CMS, PROVIDERS[CMS], {"account": OWN.email})}
    desired = Desired(tuple(documents), targets, "sha256:0", DeleteLimit(100, 100))
    recorded = Recorded({b.address: b for b in bonds}, exists=True)
    live = live_of(state)
    changes = diff.compare(desired, live, recorded, catalog())
    bases = {CMS: "https://cms.example.com/api/v1"}
    return planning.build(changes, desired, live, recorded, catalog(), bases, "0", "2026-06-01T00:00:00+00:00")


def carried_out(plan: Plan, state: State) -> State:
    results: dict[str, dict[str, Json]] = {}
    for call in plan.writes:
        body: Any = resolved(call.body, results) or {}
        own = str(resolved(call.args.get("id", ""), results))
        after = send(state, call.method, f"key/{own}" if "/key/" in call.path else own, body)
        assert after is not None, (call.line, body, state)
        made = {a.ident for a in after} - {a.ident for a in state}
        results[call.id] = {"/id": min(made)} if made else {}
        state = after
    return state


@MORE
@given(worlds())
def test_no_shorter_way_to_these_accounts(world: World) -> None:
    goal, documents, bonds = world
    plan = plan_of(documents, goal.start, bonds)
    assert not any(a.holds for a in plan.actions)
    assume(len(plan.writes) <= MOST)

    assert goal.reached(carried_out(plan, goal.start))
    assert shortest(goal.start, goal, goal.reached, MOST) == len(plan.writes) == plan.bound


@given(worlds(), st.lists(st.integers(0, 10_000), max_size=3))
def test_no_call_brings_the_goal_nearer_by_more_than_one(world: World, steps: list[int]) -> None:
    """Which makes the distance a lower bound, and the search above complete."""
    goal, state = world[0], world[0].start
    for step in steps:
        ahead = sorted(goal.moves(state), key=sorted)
        state = ahead[step % len(ahead)] if ahead else state
    assert all(goal.distance(after) >= goal.distance(state) - 1 for after in goal.moves(state))
