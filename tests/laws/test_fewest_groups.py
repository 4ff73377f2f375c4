"""The fewest calls for user groups: on small worlds no shorter way exists than the plan (OA-C12)."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.live import Collection, Live, Proof, Resource
from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond
from tests.laws import small_groups
from tests.laws.manifests import address
from tests.laws.planned import plan_of, read
from tests.laws.search import shortest
from tests.laws.small_groups import Group, State, Wanted
from tests.world import OMNI, doc

MOST = 4
NAMES = ("alpha", "beta", "gamma", "delta")
USERS = ("ann", "ben", "cat")
MORE = settings(max_examples=settings().max_examples * 3)
"""Nothing is served here, so examples are cheap."""

crowds = st.frozensets(st.sampled_from(USERS), max_size=2)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[small_groups.Goal, list[Document], list[Bond]]:
    """At most three groups: some kept under their name or another, some gone, some nobody's, some to come."""
    here = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
    start = frozenset(Group(f"id {n}", n, draw(crowds)) for n in here)
    fates = {n: draw(st.sampled_from(("kept", "kept", "gone", "nobody's"))) for n in here}
    kept_names = [n for n in here if fates[n] == "kept"]
    aims = draw(st.permutations(NAMES) | st.just([*kept_names[1:], *kept_names[:1]]))
    kept, documents = dict[str, Wanted](), list[Document]()
    for name, aim in zip(kept_names, aims, strict=False):
        wanted = _wanted(draw, aim if draw(st.booleans()) else name)
        kept[f"id {name}"] = wanted
        previous = {"previous_key": name} if wanted.name != name else {}
        documents.append(doc("UserGroup", name, _spec(wanted), allow=["first-removals"], **previous))
    assume(len({w.name for w in kept.values()}) == len(kept))
    taken = {w.name for w in kept.values()} | {n for n in here if fates[n] == "nobody's"}
    free = [n for n in NAMES if n not in taken and n not in here][: 3 - len(here)]
    made = tuple(_wanted(draw, n) for n in free if draw(st.booleans()))
    documents += [doc("UserGroup", f"new-{w.name}", _spec(w)) for w in made]
    gone = frozenset(f"id {n}" for n in here if fates[n] == "gone")
    bonds = [
        Bond(address("UserGroup", n), f"id {n}", n, made=True, on_remove="delete")
        for n in here
        if fates[n] != "nobody's"
    ]
    return small_groups.Goal(start, kept, made, gone, USERS), documents, bonds


def _wanted(draw: st.DrawFn, name: str) -> Wanted:
    return Wanted(name, draw(st.none() | crowds), draw(st.booleans()))


def _spec(wanted: Wanted) -> dict[str, Json]:
    if wanted.members is None:
        return {"name": wanted.name}
    mode: dict[str, Json] = {"membersMode": "additive"} if wanted.additive else {}
    return {"name": wanted.name, "members": [f"{m}@example.com" for m in sorted(wanted.members)], **mode}


def live_groups(state: State) -> Live:
    """The groups as a list shows them, and everybody there is."""
    listed: list[Json] = [
        {"id": g.ident, "displayName": g.name, "members": [{"value": m, "display": m} for m in sorted(g.members)]}
        for g in sorted(state)
    ]
    body: Json = {"Resources": listed, "totalResults": len(listed), "itemsPerPage": 100, "startIndex": 1}
    found = read(OMNI, {"UserGroup": {"/scim/v2/groups": body}})
    people = tuple(Resource(u, f"{u}@example.com", {"email": f"{u}@example.com"}) for u in USERS)
    shelves = {**found.collections, (OMNI, "User"): Collection("User", people, Proof(True, "a sample"))}
    return Live(shelves, (), found.demands)


def carried_out(plan: Plan, state: State) -> State:
    for call in plan.writes:
        body = call.body if isinstance(call.body, dict) else {}
        listed = body.get("members")
        members = (
            frozenset(str(m["value"]) for m in listed if isinstance(m, dict)) if isinstance(listed, list) else ()
        )
        name, ident = str(body.get("displayName", "")), str(call.args.get("id", ""))
        after = small_groups.send(state, call.method, ident, name, frozenset(members))
        assert after is not None, call.line
        state = after
    return state


@MORE
@given(worlds())
def test_no_shorter_way_to_these_groups(world: tuple[small_groups.Goal, list[Document], list[Bond]]) -> None:
    goal, documents, bonds = world
    plan = plan_of(documents, live_groups(goal.start), bonds)
    assume(not any(a.holds for a in plan.actions) and len(plan.writes) <= MOST)

    assert goal.distance(carried_out(plan, goal.start)) == 0
    assert shortest(goal.start, goal, lambda s: goal.distance(s) == 0, MOST) == len(plan.writes) == plan.bound


@given(worlds(), st.lists(st.integers(0, 10_000), max_size=3))
def test_no_call_changes_more_than_one_group(
    world: tuple[small_groups.Goal, list[Document], list[Bond]], steps: list[int]
) -> None:
    """Which makes the distance a lower bound, and the search above complete."""
    goal, state = world[0], world[0].start
    for step in steps:
        ahead = sorted(goal.moves(state), key=lambda s: sorted(map(str, s)))
        state = ahead[step % len(ahead)]
    assert all(goal.distance(after) >= goal.distance(state) - 1 for after in goal.moves(state))
