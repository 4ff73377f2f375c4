"""Components written inside their space and each other: the same meaning as in documents of their own (CM-R22)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reconciler.load.aside import by_keys
from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.faults import ManifestInvalid
from reconciler.model.plan import Plan
from reconciler.workflow import Override
from tests.contract.nests import carried_out, live, names, page, site, tree, written
from tests.world import CMS, World, catalog, world

NESTED = site("""
- {key: home, type: page, name: Home, children: [{key: team, type: page}, {key: jobs, type: page, tags: [a]}]}
- key: about
  type: page
  metadata: {theme: dark}
  children:
    - {key: imprint, type: page, children: [{key: legal, type: page}]}
""")
FLAT = "---\n".join(
    [
        site(""),
        page("site/home", "key: home, name: Home"),
        page("site/home/team", "key: team, parent: home"),
        page("site/home/jobs", "key: jobs, parent: site/home, tags: [a]"),
        page("site/about", "key: about, metadata: {theme: dark}"),
        page("site/about/imprint", "key: imprint, parent: site/about"),
        page("site/about/imprint/legal", "key: legal, parent: imprint"),
    ]
)
OTHERWISE = "---\n".join(
    [
        site(""),
        page("zz", "key: home, name: Home"),
        page("yy", "key: team, parent: zz"),
        page("xx", "key: jobs, parent: home, tags: [a]"),
        page("ww", "key: about, metadata: {theme: dark}"),
        page("vv", "key: imprint, parent: ww"),
        page("uu", "key: legal, parent: vv"),
    ]
)
TREE = {"home": "root", "team": "home", "jobs": "home", "about": "root", "imprint": "about", "legal": "imprint"}


@pytest.fixture(params=["plain", "adversarial"])
def n(request: pytest.FixtureRequest) -> Iterator[World]:
    """Omni-CMS alone, with nothing in it."""
    with world(str(request.param), twins=[CMS], seed=False) as found:
        yield found


def at(name: str) -> Address:
    return Address(CMS, "Component", name)


def test_a_nested_tree_is_made_with_its_space(n: World) -> None:
    n.documents = written(NESTED)
    plan = n.plan()

    report = n.checked_apply(plan)

    assert len(plan.writes) == plan.bound == 1 + 1 + 6  # CM-C3: space and root; CM-C4: six creates
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert n.plan().calls == ()
    assert tree(n) == TREE
    assert live(n)["about"]["metadata"] == {"theme": "dark"}


@pytest.mark.parametrize("apart", [FLAT, OTHERWISE])
def test_it_yields_the_calls_of_the_same_documents_apart(n: World, apart: str) -> None:
    nested = n.plan(*written(NESTED))
    flat = n.plan(*written(apart))

    assert sorted(f"{c.line} {c.summary}" for c in nested.calls) == sorted(
        f"{c.line} {c.summary}" for c in flat.calls
    )
    if apart is FLAT:
        assert [(c.line, c.body, c.after) for c in nested.calls] == [(c.line, c.body, c.after) for c in flat.calls]
    assert nested.bound == flat.bound


@pytest.mark.parametrize("apart", [FLAT, OTHERWISE])
@pytest.mark.parametrize("first_nested", [True, False])
def test_from_one_way_of_writing_to_the_other_takes_no_call(n: World, apart: str, first_nested: bool) -> None:
    ways = [written(NESTED), written(apart)]
    before, after = ways if first_nested else reversed(ways)
    carried_out(n, before)
    made = {b.id for b in n.recorded.bonds.values() if b.made}

    plan, _ = n.converge(*after)

    assert plan.calls == ()
    assert {a.verb for a in plan.actions} <= {Verb.NONE, Verb.MOVE}
    assert {a.name for a in n.recorded.bonds if a.kind == "Component"} == {
        d.address.name for d in after if d.kind == "Component"
    }
    assert {b.id for b in n.recorded.bonds.values() if b.made} == made  # still ours


def test_a_former_name_goes_from_a_nested_one_to_its_own_and_back(n: World) -> None:
    carried_out(n, written(site("- {key: home, type: page, name: Home}")))

    apart = written(
        site(""), page("start", "key: start, name: Home", ", previously: {name: site/home, key: home}")
    )
    assert [c[0] for c in carried_out(n, apart)] == ["PUT"]

    back = site("""
- metadata: {previously: {name: start, key: start}}
  spec: {key: home, type: page, name: Home}
""")
    assert [c[0] for c in carried_out(n, written(back))] == ["PUT"]
    assert names(n) == {"site/home": "home"}
    assert len(live(n)) == 1


def test_a_renamed_key_takes_its_branch_along(n: World) -> None:
    carried_out(n, written(NESTED))
    ids = {key: one["id"] for key, one in live(n).items()}
    renamed = site("""
- {key: home, type: page, name: Home, children: [{key: team, type: page}, {key: jobs, type: page, tags: [a]}]}
- metadata: {previously: {key: about}}
  spec:
    key: us
    type: page
    metadata: {theme: dark}
    children:
      - {key: imprint, type: page, children: [{key: legal, type: page}]}
""")

    writes = carried_out(n, written(renamed))

    assert len(writes) == 1
    assert {k: i for k, i in ids.items() if k != "about"} | {"us": ids["about"]} == {
        key: one["id"] for key, one in live(n).items()
    }
    assert "site/us/imprint/legal" in names(n)
    assert n.recorded.bonds[at("site/us/imprint/legal")].made


def test_a_renamed_space_document_takes_all_in_it_along(n: World) -> None:
    carried_out(n, written(NESTED))

    plan, _ = n.converge(*written(NESTED.replace("{name: site}", "{name: web, previously: {name: site}}")))

    assert plan.calls == ()
    assert all(name.startswith("web/") for name in names(n))


def test_what_moves_to_another_parent_is_moved(n: World) -> None:
    carried_out(n, written(NESTED))
    moved = NESTED.replace("{key: team, type: page}, ", "").replace(
        "- {key: imprint", "- {key: team, type: page}\n        - {key: imprint"
    )

    writes = carried_out(n, written(moved))

    assert [w[0] for w in writes] == ["PUT"]
    assert tree(n)["team"] == "about"


# What is left out.


def without_imprint(text: str) -> str:
    return text.partition("  children:\n        - {key: imprint")[0]


def test_what_a_list_no_longer_holds_is_released(n: World) -> None:
    carried_out(n, written(NESTED))

    plan, _ = n.converge(*written(without_imprint(NESTED)))

    assert plan.calls == ()
    assert sorted(a.address.name for a in plan.actions if a.verb is Verb.RELEASE) == [
        "site/about/imprint",
        "site/about/imprint/legal",
    ]
    assert tree(n) == TREE


def test_in_an_exact_list_it_is_deleted_deepest_first(n: World) -> None:
    exact = NESTED.replace("name: Website\n", "name: Website\n  componentsMode: exact\n")
    carried_out(n, written(exact))
    ids = {key: one["id"] for key, one in live(n).items()}

    writes = carried_out(n, written(without_imprint(exact)))

    assert [w[:2] for w in writes] == [
        ("DELETE", f"/component/{ids['legal']}"),
        ("DELETE", f"/component/{ids['imprint']}"),
    ]


def test_exact_is_remembered_when_the_list_becomes_it_without_any_call(n: World) -> None:
    carried_out(n, written(NESTED))
    exact = NESTED.replace("name: Website\n", "name: Website\n  componentsMode: exact\n")
    assert carried_out(n, written(exact)) == []

    assert [w[0] for w in carried_out(n, written(without_imprint(exact)))] == ["DELETE", "DELETE"]


def test_an_exact_list_deletes_nothing_that_others_made(n: World) -> None:
    space = n.cms.add_space("Website")
    n.cms.add_component(space, "home")
    exact = site("- {key: home, type: page}\n- {key: mine, type: page}", componentsMode="exact")
    carried_out(n, written(exact))
    theirs = n.cms.add_component(space, "theirs")

    n.documents = written(site("", componentsMode="exact"))
    plan = n.plan()
    report = n.checked_apply(plan)

    held = {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds}
    assert held == {"site/home": ["not-ours"]}
    assert {str(o.end) for o in report.outcomes} == {"done", "held"}
    assert live(n).keys() == {"home", "theirs"}
    assert live(n)["theirs"]["id"] == theirs


def test_what_is_protected_stays_and_so_does_what_it_lies_in(n: World) -> None:
    exact = site(
        """
- key: home
  type: page
  children:
    - {metadata: {lifecycle: {protect: true}}, spec: {key: kept, type: page}}
""",
        componentsMode="exact",
    )
    carried_out(n, written(exact))

    plan = n.plan(*written(site("", componentsMode="exact")))

    held = {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds}
    assert held == {"site/home/kept": ["protected"]}
    assert [c.line for c in plan.calls if not c.held] == []  # the delete of what it lies in waits for its own


def test_one_that_says_otherwise_is_released_with_what_is_in_it(n: World) -> None:
    exact = site(
        """
- metadata: {lifecycle: {onRemove: release}}
  spec: {key: home, type: page, childrenMode: release, children: [{key: team, type: page}]}
- {key: about, type: page}
""",
        componentsMode="exact",
    )
    carried_out(n, written(exact))

    assert [w[0] for w in carried_out(n, written(site("", componentsMode="exact")))] == ["DELETE"]
    assert live(n).keys() == {"home", "team"}


def test_an_override_names_a_nested_one(n: World) -> None:
    space = n.cms.add_space("Website")
    n.cms.add_component(space, "home")
    carried_out(n, written(site("- {key: home, type: page}", componentsMode="exact")))
    plan = n.plan(*written(site("", componentsMode="exact")))

    n.apply(plan, Override("not-ours", at("site/home"), "the test"))

    assert live(n) == {}


# The order.


def listed(*keys: str) -> str:
    return site("".join(f"- {{key: {key}, type: page}}\n" for key in keys), order="listed")


def numbers(w: World, *keys: str) -> list[int]:
    return [live(w)[key]["sequence"] for key in keys]


def test_cm_r28_what_is_made_with_its_space_stands_as_listed(n: World) -> None:
    carried_out(n, written(listed("z", "m", "a")))

    assert numbers(n, "z", "m", "a") == sorted(set(numbers(n, "z", "m", "a")))


def test_cm_r28_a_list_in_another_order_gives_the_fewest_another_number(n: World) -> None:
    space = n.cms.add_space("Website")
    for key, sequence in (("a", 10), ("b", 20), ("c", 30), ("d", 40)):
        n.cms.add_component(space, key, sequence=sequence)
    assert carried_out(n, written(listed("a", "b", "c", "d"))) == []
    ids = {key: one["id"] for key, one in live(n).items()}

    writes = carried_out(n, written(listed("d", "a", "b", "c")))

    assert writes == [("PUT", "/component/sequence", {"sequences": [{"id": ids["d"], "sequence": 1}]})]


def test_cm_r28_documents_apart_stand_by_file_and_line(n: World) -> None:
    first = "---\n".join([page("b", "key: b"), page("a", "key: a")])
    second = "---\n".join([page("z", "key: z"), site("", order="listed")])

    carried_out(n, written(first, second))

    assert numbers(n, "b", "a", "z") == sorted(set(numbers(n, "b", "a", "z")))


def test_cm_r28_a_list_on_one_line_is_a_list(n: World) -> None:
    text = "apiVersion: omni-cms/v1\nkind: Space\nmetadata: {name: site}\nspec: {name: Website, order: listed, "
    carried_out(n, written(text + "components: [{key: q, type: page}, {key: b, type: page}]}\n"))

    assert numbers(n, "q", "b") == sorted(set(numbers(n, "q", "b")))


def test_cm_r28_a_sequence_in_a_listed_space_is_held(n: World) -> None:
    n.documents = written(listed("a"), page("b", "key: b, sequence: 4"))

    plan = n.plan()

    assert {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds} == {"b": ["listed"]}


def test_cm_r28_only_the_root_of_that_space_is_meant(n: World) -> None:
    text = site("- {key: home, type: page, children: [{key: deep, type: page, sequence: 7}]}", order="listed")
    n.cms.add_space("Shop")

    carried_out(n, written(text, page("other", "key: other, sequence: 3").replace("Website", "Shop")))

    assert numbers(n, "deep", "other") == [7, 3]


def test_a_part_of_a_tree_is_planned_alone(n: World) -> None:
    carried_out(n, written(NESTED))
    whole = written(NESTED.replace("{key: team, type: page}", "{key: team, type: page, name: The team}"))
    part = [d for d in whole if d.address.name == "site/home/team"]

    writes = carried_out(n, by_keys(part, whole, catalog().kinds))

    assert [w[0] for w in writes] == ["PUT"]


def test_a_name_means_what_lies_in_the_own_space(n: World) -> None:
    """`home` is the name of a component of another space, and the key of one in this."""
    n.cms.add_space("Shop")
    other = page("home", "key: shop-home").replace("Website", "Shop")
    whole = written(site("- {key: home, type: page}"), page("team", "key: team, parent: home"), other)
    carried_out(n, whole)

    part = [d for d in whole if d.address.name == "team"]

    assert dict(by_keys(part, whole, catalog().kinds)[0].spec)["parent"] == "home"
    assert carried_out(n, by_keys(part, whole, catalog().kinds)) == []


def test_cm_r28_a_sequence_in_a_listed_component_is_a_mistake_where_it_stands() -> None:
    tree = site("- {key: home, type: page, order: listed, children: [{key: deep, type: page, sequence: 7}]}")

    with pytest.raises(ManifestInvalid) as caught:
        written(tree, page("other", "key: other, parent: site/home, sequence: 3"))

    assert [str(p.place) for p in caught.value.problems] == ["manifests/0.yaml:7:91", "manifests/1.yaml:4:77"]


# A key renamed without a word.


def held(plan: Plan) -> dict[str, list[str]]:
    return {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds}


EXACT = NESTED.replace("name: Website\n", "name: Website\n  componentsMode: exact\n")


def other_key(text: str, word: str = "") -> str:
    """`about` under another key, with a word of its metadata."""
    head, _, tail = text.partition(
        "    - key: about\n      type: page\n      metadata: {theme: dark}\n      children:\n"
    )
    below = "".join(f"  {line}\n" for line in tail.splitlines())
    metadata = f"metadata: {{{word}}}\n      " if word else ""
    own = "".join(
        f"        {line}\n" for line in ("key: about-us", "type: page", "metadata: {theme: dark}", "children:")
    )
    spec = f"spec:\n{own}{below}"
    return f"{head}    - {metadata}{spec}"


def test_in_an_exact_list_a_renamed_key_waits_until_someone_says_what_it_is(n: World) -> None:
    carried_out(n, written(EXACT))
    before = live(n)

    n.documents = written(other_key(EXACT))
    plan = n.plan()
    report = n.checked_apply(plan)

    assert {name: rules for name, rules in held(plan).items() if "rename-unconfirmed" in rules} == {
        "site/about": ["rename-unconfirmed"],
        "site/about-us": ["rename-unconfirmed"],
    }
    (way_out,) = (a.holds[0].way_out for a in plan.actions if a.address.name == "site/about-us")
    assert "previously: {key: about}" in way_out
    assert "lifecycle: {allow: [new-key]}" in way_out
    assert plan.writes == ()
    assert "done" not in {str(o.end) for o in report.outcomes}
    assert live(n) == before

    writes = carried_out(n, written(other_key(EXACT, "previously: {key: about}")))

    assert len(writes) == 1
    assert live(n)["about-us"]["id"] == before["about"]["id"]
    assert n.recorded.bonds[at("site/about-us")].made


def test_in_an_exact_list_another_thing_is_one_by_consent(n: World) -> None:
    carried_out(n, written(EXACT))
    ids = {key: one["id"] for key, one in live(n).items()}

    writes = carried_out(n, written(other_key(EXACT, "lifecycle: {allow: [new-key]}")))

    assert ("DELETE", f"/component/{ids['about']}") in [w[:2] for w in writes]
    assert tree(n) == {
        "about-us" if k == "about" else k: "about-us" if p == "about" else p for k, p in TREE.items()
    }
    assert live(n)["imprint"]["id"] == ids["imprint"]  # a key that stays is the same component


def test_what_is_renamed_inside_what_is_renamed_waits_as_well(n: World) -> None:
    deep = "- {key: about, type: page, children: [{key: imprint, type: page, name: Imprint}]}"
    carried_out(n, written(site(deep, componentsMode="exact")))

    plan = n.plan(
        *written(site(deep.replace("about", "us").replace("key: imprint", "key: legal"), componentsMode="exact"))
    )

    assert {name for name, rules in held(plan).items() if "rename-unconfirmed" in rules} == {
        "site/about", "site/us", "site/about/imprint", "site/us/legal",
    }  # fmt: skip


def test_one_that_is_added_while_an_unlike_one_leaves_does_not_wait(n: World) -> None:
    carried_out(n, written(site("- {key: about, type: page, name: About us, tags: [a]}", componentsMode="exact")))

    writes = carried_out(n, written(site("- {key: shop, type: page, name: The shop}", componentsMode="exact")))

    assert sorted(w[0] for w in writes) == ["DELETE", "POST"]
    assert live(n).keys() == {"shop"}


def test_as_many_wait_as_have_left(n: World) -> None:
    carried_out(n, written(site("- {key: about, type: page, name: About us}", componentsMode="exact")))
    three = "- {key: shop, type: page}\n- {key: about-us, type: page}\n- {key: jobs, type: page}"

    plan = n.plan(*written(site(three, componentsMode="exact")))

    assert held(plan).keys() == {"site/about", "site/about-us"}


def test_an_override_says_as_well_that_it_is_another(n: World) -> None:
    carried_out(n, written(site("- {key: about, type: page}", componentsMode="exact")))
    plan = n.plan(*written(site("- {key: about-us, type: page}", componentsMode="exact")))

    n.apply(
        plan, *(Override("rename-unconfirmed", at(f"site/{key}"), "another one") for key in ("about", "about-us"))
    )

    assert live(n).keys() == {"about-us"}


def test_where_what_leaves_stays_live_a_note_tells_of_it(n: World) -> None:
    carried_out(n, written(NESTED))

    plan = n.plan(*written(other_key(NESTED)))

    (new,) = (a for a in plan.actions if a.address.name == "site/about-us")
    assert (new.verb, held(plan)) == (Verb.CREATE, {})
    assert "'about' left this list and stays live" in " ".join(new.notes)
    assert "previously: {key: about}" in " ".join(new.notes)
    quiet = n.plan(*written(other_key(NESTED, "lifecycle: {allow: [new-key]}")))
    assert [a.notes for a in quiet.actions if a.address.name == "site/about-us"] == [()]


# A list that is exact no more.


@pytest.mark.parametrize("mode", ["", "  componentsMode: release\n"])
def test_a_list_that_ceases_to_be_exact_lets_go_of_what_leaves_with_it(n: World, mode: str) -> None:
    carried_out(n, written(EXACT))

    plan, _ = n.converge(*written(without_imprint(EXACT).replace("  componentsMode: exact\n", mode)))

    assert plan.calls == ()
    assert {a.address.name for a in plan.actions if a.verb is Verb.RELEASE} == {
        "site/about/imprint",
        "site/about/imprint/legal",
    }
    assert tree(n) == TREE


def test_the_nearest_list_that_is_still_declared_decides(n: World) -> None:
    one = "- {key: home, type: page, children: [{key: team, type: page}]}\n- {key: about, type: page}"
    carried_out(n, written(site(one, componentsMode="exact")))

    kept = "- {key: home, type: page, childrenMode: release}"
    assert [w[0] for w in carried_out(n, written(site(kept, componentsMode="exact")))] == ["DELETE"]
    assert live(n).keys() == {"home", "team"}


def test_one_that_said_itself_that_it_is_to_be_deleted_is(n: World) -> None:
    own = "- {metadata: {lifecycle: {onRemove: delete, allow: [delete]}}, spec: {key: home, type: page}}"
    carried_out(n, written(site(own, componentsMode="exact")))

    assert [w[0] for w in carried_out(n, written(site("")))] == ["DELETE"]


def test_where_the_space_left_as_well_what_was_recorded_counts(n: World) -> None:
    carried_out(n, written(site("- {key: home, type: page}", componentsMode="exact"), page("b", "key: b")))

    assert [w[0] for w in carried_out(n, written(page("b", "key: b")))] == ["DELETE"]


def test_a_renamed_space_document_still_says_what_its_list_means(n: World) -> None:
    carried_out(n, written(site("- {key: home, type: page}", componentsMode="exact")))

    plan, _ = n.converge(*written(site("", metadata="{name: web, previously: {name: site}}")))

    assert plan.calls == ()
    assert live(n).keys() == {"home"}
