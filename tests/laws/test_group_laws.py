"""Random user groups, with people at work between two rounds: apply, then plan: 0 calls; nobody is lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model.document import Document
from tests.contract.groups import additive, bare, by_hand, group, live, people
from tests.world import OMNI, World, world

NAMES = ("Red", "Blue", "Green")
CREW = ("ann@example.com", "ben@example.com", "cat@example.com")

crowds = st.lists(st.sampled_from(CREW), max_size=3, unique=True)


@st.composite
def documents(draw: st.DrawFn) -> list[Document]:
    """At most three groups, each exact, additive or with members that nobody manages."""
    found = []
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)):
        members = draw(crowds)
        made = draw(
            st.sampled_from(
                [
                    group(name, *members, allow=["first-removals"]),
                    group(name, *members, allow=["first-removals"], on_remove="delete"),
                    additive(name, *members),
                    bare(name),
                ]
            )
        )
        found.append(made)
    return found


edits = st.lists(st.tuples(st.sampled_from(NAMES), crowds), max_size=2)


@given(
    st.sampled_from(["plain", "adversarial"]),
    st.dictionaries(st.sampled_from(NAMES), crowds, max_size=2),
    st.lists(st.tuples(documents(), edits), min_size=1, max_size=3),
)
def test_apply_then_plan_has_no_calls(
    profile: str,
    before: dict[str, list[str]],
    rounds: list[tuple[list[Document], list[tuple[str, list[str]]]]],
) -> None:
    with world(profile, twins=[OMNI], seed=False) as w:
        for one in CREW:
            w.omni.add_user(one)
        for name, members in before.items():
            by_hand(w, name, *members)
        for declared, changes in rounds:
            _round(w, declared)
            for name, members in changes:
                _by_somebody(w, name, members)


def _round(w: World, declared: list[Document]) -> None:
    w.documents = list(declared)
    plan = w.plan()
    held = {a.address for a in plan.actions if a.holds}
    was = live(w)
    w.checked_apply(plan)
    left = w.plan()
    assert [c.line for c in left.writes] == []
    assert {a.address for a in left.actions if a.holds} <= held
    now = live(w)
    for document in declared:
        name, members = str(document.spec["name"]), document.spec.get("members")
        wanted = {str(m) for m in members} if isinstance(members, list) else was.get(name, set())
        others = was.get(name, set()) if document.spec.get("membersMode") == "additive" else set()
        assert document.address in held or wanted <= now[name] <= wanted | others


def _by_somebody(w: World, name: str, members: list[str]) -> None:
    """Somebody sets the members of a group in the product."""
    body = w.omni.edit("GET", "/scim/v2/groups?count=100").body
    listed = body["Resources"] if isinstance(body, dict) else []
    ids = people(w)
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and one["displayName"] == name:
            there = [{"value": ids[m], "display": m} for m in members]
            w.omni.edit("PUT", f"/scim/v2/groups/{one['id']}", {"displayName": name, "members": [*there]})
