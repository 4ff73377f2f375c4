"""From facts to who has what: groups in groups, circles, what reaches what, and which way is the shortest."""

from __future__ import annotations

from itertools import pairwise

from reconciler.access.evaluate import Index, derive
from reconciler.access.facts import Facts, Grant, Inside, Membership, Source, Thing, everybody, person, place

JANE, BOB = person("Jane@example.com"), person("bob@example.com")
FINANCE, EMEA, NOBODY = (Thing("t", "Group", name) for name in ("finance", "emea", "nobody"))
TOP, REPORTS, SHEET = (Thing("t", "Folder", name) for name in ("top", "reports", "sheet"))


def facts(*found: Grant | Membership | Inside) -> Facts:
    one = Facts()
    one.add(found)
    return one


def grant(who: Thing, on: Thing = TOP, role: str = "EDITOR", **words: bool) -> Grant:
    return Grant(who, role, on, "t", **words)  # type: ignore[arg-type]


def derived(one: Facts) -> dict[tuple[str, str, str], tuple[list[str], list[str]]]:
    """(who, role, on) -> the groups and the objects on the way."""
    index = Index(one)
    return {
        (d.who.ref, d.grant.role, d.on.ref): ([m.of.ref for m in d.memberships], [i.within.ref for i in d.insides])
        for d in derive(index, one.grants)
    }


def test_a_person_is_one_whatever_the_case() -> None:
    assert person("JANE@example.com") == JANE


def test_members_of_groups_in_groups_have_it_by_the_whole_path() -> None:
    one = facts(grant(FINANCE), Membership(EMEA, FINANCE), Membership(JANE, EMEA), Membership(BOB, FINANCE))
    assert derived(one) == {
        ("jane@example.com", "EDITOR", "top"): (["emea", "finance"], []),
        ("bob@example.com", "EDITOR", "top"): (["finance"], []),
    }


def test_groups_in_a_circle_end() -> None:
    one = facts(grant(FINANCE), Membership(EMEA, FINANCE), Membership(FINANCE, EMEA), Membership(JANE, EMEA))
    assert derived(one) == {("jane@example.com", "EDITOR", "top"): (["emea", "finance"], [])}
    alone = facts(grant(FINANCE), Membership(FINANCE, FINANCE))
    assert derived(alone) == {("finance", "EDITOR", "top"): ([], [])}


def test_a_group_without_members_stands_for_itself() -> None:
    assert derived(facts(grant(NOBODY))) == {("nobody", "EDITOR", "top"): ([], [])}


def test_only_what_reaches_goes_further_in_and_what_gives_nothing_goes_nowhere() -> None:
    inside = (Inside(REPORTS, TOP, "OA-A90"), Inside(SHEET, REPORTS), Inside(TOP, SHEET))
    one = facts(
        grant(JANE, reaches=True), grant(BOB), grant(BOB, role="NO_ACCESS", reaches=True, gives=False), *inside
    )
    assert derived(one) == {
        ("jane@example.com", "EDITOR", "top"): ([], []),
        ("jane@example.com", "EDITOR", "reports"): ([], ["top"]),
        ("jane@example.com", "EDITOR", "sheet"): ([], ["top", "reports"]),
        ("bob@example.com", "EDITOR", "top"): ([], []),
        ("bob@example.com", "NO_ACCESS", "top"): ([], []),
    }
    index = Index(one)
    assert index.has(JANE, "EDITOR", (), SHEET)
    assert not index.has(BOB, "EDITOR", (), SHEET)
    assert not index.has(BOB, "NO_ACCESS", (), TOP)


def test_the_shortest_way_is_told() -> None:
    one = facts(grant(FINANCE), Membership(EMEA, FINANCE), Membership(JANE, EMEA), Membership(JANE, FINANCE))
    assert derived(one) == {("jane@example.com", "EDITOR", "top"): (["finance"], [])}


def test_everybody_and_places_stay_one() -> None:
    one = facts(grant(everybody("t"), role="SEES"), grant(place("https://a.example.com"), role="RECEIVES"))
    assert set(derived(one)) == {("", "SEES", "top"), ("https://a.example.com", "RECEIVES", "top")}


def test_one_fact_from_two_places_keeps_both() -> None:
    def at(line: str) -> Grant:
        return Grant(JANE, "EDITOR", TOP, "t", source=Source((line,), ("why",)))

    one = facts(at("a.yaml:1"), at("b.yaml:2"))
    [only] = one.grants.values()
    assert only.source == Source(("a.yaml:1", "b.yaml:2"), ("why",))


def test_a_deep_tree_and_a_large_group_are_no_trouble() -> None:
    folders = [Thing("t", "Folder", str(n)) for n in range(3_000)]
    people = [person(f"p{n}@example.com") for n in range(300)]
    nested = (Inside(inner, outer) for outer, inner in pairwise(folders[:61]))
    beside = (Inside(one, folders[0]) for one in folders[61:])
    one = facts(
        grant(FINANCE, folders[0], reaches=True), *nested, *beside, *(Membership(p, FINANCE) for p in people)
    )
    index = Index(one)
    assert sum(1 for _ in derive(index, one.grants, who=frozenset(people[:2]))) == 2 * 3_000
