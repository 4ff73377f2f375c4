"""From any grants that are live to any declared: what is derived of access is what the twin reckons, and a plan
tells of everything that its apply gives and takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.access.evaluate import Index, derive
from reconciler.access.facts import Fact, Facts, Grant, Inside, Membership, Thing, person
from reconciler.model.access import AccessChange
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.contract.access import Row, changed, live, manifests, of, rows, who_can
from tests.laws.test_permission_laws import (
    GROUPS,
    PEOPLE,
    Stage,
    declared,
    disturb,
    groups,
    others,
    stage,
    standing,
)
from tests.world import OMNI, doc

__all__ = ["stage"]
FEWER = settings(max_examples=max(10, settings().max_examples // 2))
KINDS = ("UserGroup", "Folder")


def covered(row: Row, told: Sequence[AccessChange]) -> bool:
    """Whether a change tells of a row: of itself, or with what stands around it."""
    who, role, kind, name = row
    for one in told:
        if one.role == role and who in {w.casefold() for w in one.who}:
            inside = one.within and name.startswith(f"{one.object.name}/")
            if (one.object.kind, one.object.name) == (kind, name) or inside:
                return True
    return False


def but_for_us(found: set[Row]) -> set[Row]:
    """Groups and folders; not what the acting user owns because he made it (OA-A15)."""
    return {row for row in of(found, *KINDS) if row[:2] != ("admin@example.com", "OWNER")}


@FEWER
@given(groups, standing, declared(), declared(), others)
def test_a_plan_tells_of_all_that_its_apply_gives_and_takes(
    stage: Stage,
    members: Mapping[str, Sequence[str]],
    grants: Sequence[tuple[str, str, str, bool]],
    first: Sequence[Document],
    then: Sequence[Document],
    deeds: Sequence[tuple[str, str, str, str]],
) -> None:
    w = stage.begin(members, grants)
    both = {d.address: d for d in (*first, *then)}  # what nobody declares any more nobody reads
    for documents in (first, both.values()):
        w.documents = list(documents)
        w.omni.lag.show_all()
        before = but_for_us(who_can(w, OMNI))
        plan = w.plan()
        w.apply(plan)
        after = but_for_us(who_can(w, OMNI))
        going = [c for c in plan.access if not c.held]
        assert [r for r in after - before if not covered(r, [c for c in going if c.gains])] == []
        assert [r for r in before - after if not covered(r, [c for c in going if not c.gains])] == []
        assert changed(plan.access, gains=True) <= after
        assert changed(plan.access, gains=False) <= before
        assert but_for_us(rows(live(w), OMNI)) <= after
        if not any(a.holds for a in plan.actions):
            assert of(rows(manifests(w), OMNI), *KINDS) <= after
        disturb(w, deeds)


@FEWER
@given(groups, groups)
def test_members_who_come_and_go_gain_and_lose_what_is_declared_of_their_group(
    stage: Stage, members: Mapping[str, Sequence[str]], later: Mapping[str, Sequence[str]]
) -> None:
    w = stage.begin(members, [])
    folders = [
        doc(
            "Folder",
            "finance",
            {
                "path": "Finance",
                "permissionsMode": "additive",
                "permissions": [
                    {"role": "VIEWER", "groups": ["Red", "Green"]},
                    {"role": "EDITOR", "groups": ["Blue"]},
                ],
            },
        ),
        doc("Folder", "reports", {"path": "Finance/Reports"}),
    ]

    def all_groups(who: Mapping[str, Sequence[str]]) -> list[Document]:
        return [
            doc(
                "UserGroup",
                name.lower(),
                {"name": name, "members": list[Json](who[name])},
                allow=["first-removals"],
            )
            for name in GROUPS
        ]

    for who in (members, later):
        w.documents = [*all_groups(who), *folders]
        w.omni.lag.show_all()
        before = of(who_can(w, OMNI), *KINDS)
        plan = w.plan()
        w.apply(plan)
        after = of(who_can(w, OMNI), *KINDS)
        assert [r for r in after - before if not covered(r, [c for c in plan.access if c.gains])] == []
        assert [r for r in before - after if not covered(r, [c for c in plan.access if not c.gains])] == []
        assert changed(plan.access, gains=True) <= after
        assert changed(plan.access, gains=False) <= before
        mine = of(rows(manifests(w), OMNI), *KINDS)
        assert mine <= after
        assert {r for r in after if r[2] == "UserGroup"} == of(mine, "UserGroup")


# The evaluation itself, against one that asks every question by itself.

things = st.sampled_from([Thing("t", "Folder", n) for n in "abcd"])
teams = st.sampled_from([Thing("t", "Group", n) for n in "xyz"])
people = st.sampled_from([person(p) for p in PEOPLE])
facts_ = st.lists(
    st.one_of(
        st.builds(
            Grant, st.one_of(people, teams), st.sampled_from("RS"), things, st.just("t"), reaches=st.booleans()
        ),
        st.builds(Membership, st.one_of(people, teams), teams),
        st.builds(Inside, things, things),
    ),
    max_size=14,
)


def slowly(facts: Facts) -> set[tuple[Thing, str, Thing]]:
    """Add what follows until nothing more does."""
    belongs = {(m.who, m.of) for m in facts.memberships}
    stands = {(i.thing, i.within) for i in facts.insides}
    has = {(g.who, g.role, g.on, g.reaches) for g in facts.grants}
    while True:
        more = {(who, role, on, go) for of_, role, on, go in has for who, group in belongs if group == of_}
        more |= {(who, role, thing, True) for who, role, on, go in has if go for thing, at in stands if at == on}
        if more <= has:
            return {(who, role, on) for who, role, on, _ in has}
        has |= more


@given(facts_)
def test_walking_finds_what_adding_up_finds_and_never_goes_in_circles(
    found: list[Fact],
) -> None:
    facts = Facts()
    facts.add(found)
    index = Index(facts)
    derived = {(d.who, d.grant.role, d.on) for d in derive(index, facts.grants)}
    told = slowly(facts)
    alone = {d for d in derived if d[0].kind != "person"}
    assert {t for t in told if t[0].kind == "person"} == derived - alone
    assert all(index.has(who, role, (), on) for who, role, on in derived)
    assert alone <= told
