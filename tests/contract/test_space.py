"""Spaces: made, with components in them at once, renamed, adopted, let go, deleted when empty (CM-R17 to R19)."""

from __future__ import annotations

import pytest

from reconciler.twins import Fault
from tests.contract.components import at as page_at
from tests.contract.components import by_key, component, holds, records, tree
from tests.contract.spaces import applied, at, carried_out, named, planned, space
from tests.world import World

GOING = {"on_remove": "delete", "allow": ["delete"]}


def test_cm_r18_a_space_is_made(c: World) -> None:
    deed = carried_out(c, space("Shop"))

    assert deed.sent == ["POST /space"]
    assert c.recorded.bonds[at()].id == str(named(c)["Shop"])
    assert c.recorded.bonds[at()].made
    assert [call.line for call in deed.plan.contingent] == ["GET /space/all"]
    looks = [call for group in ("calls", "verify") for call in deed.report.requests.get(group, ())]
    assert looks == ["cms: POST /space", "cms: GET /space/all"], "what tells the id proves the create as well"


def test_cm_c3_components_of_a_new_space_take_one_look_at_its_root(c: World) -> None:
    pages = [component(k, space="Shop") for k in ("a", "b")]
    deed = carried_out(c, space("Shop"), *pages, component("leaf", "a", space="Shop"))

    assert deed.sent == ["POST /space", *["POST /component"] * 3]
    assert deed.plan.bound == 1 + 1 + 3
    assert tree(c) == {"a": "root", "b": "root", "leaf": "a"}
    assert {r["space_id"] for r in records(c).values() if r["key"] in ("a", "b", "leaf")} == {named(c)["Shop"]}
    assert c.recorded.bonds[page_at("a")].by == {"space": str(named(c)["Shop"])}


def test_cm_c3_two_new_spaces_by_name_of_document_and_of_space(c: World) -> None:
    pages = [component("a", space="shop"), component("a", space="Blog", as_="b"), component("old")]
    deed = carried_out(c, space("Shop", "shop"), space("Blog", "blog"), *pages)

    assert deed.plan.bound == 2 + 2 + 3
    assert {r["space_id"] for r in records(c).values() if r["key"] == "a"} == {named(c)["Shop"], named(c)["Blog"]}


def test_cm_c6_many_components_of_a_new_space_are_verified_by_the_search(c: World) -> None:
    deed = carried_out(c, space("Shop"), *(component(f"p{i}", space="Shop") for i in range(5)))

    looks = [line for line in deed.report.requests["verify"] if "/component" in line]
    assert looks[0] == "cms: POST /component/search"
    assert len(looks) <= 2


def test_cm_r18_a_component_with_a_lost_answer_in_a_new_space_is_found(c: World) -> None:
    c.cms.faults.add(Fault("drop", method="POST", path="/component", effect=True))
    plan = planned(c, space("Shop"), component("a", space="Shop"))
    report = c.apply(plan)

    assert c.cms.faults.fired == 1
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert [r["key"] for r in records(c).values()].count("a") == 1
    assert planned(c, *c.documents).writes == ()


def test_cm_r34_a_space_with_a_lost_answer_is_found_by_the_list(c: World) -> None:
    c.cms.faults.add(Fault("drop", method="POST", path="/space", effect=True))
    report = c.apply(planned(c, space("Shop")))

    assert c.cms.faults.fired == 1
    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert list(named(c)) == ["Site", "Shop"]
    assert c.recorded.bonds[at()].id == str(named(c)["Shop"])


def test_cm_r17_a_live_space_is_adopted_and_two_of_one_name_are_refused(c: World) -> None:
    deed = carried_out(c, space("Site"))
    assert (deed.sent, str(deed.action("site").verb)) == ([], "adopt")
    assert not c.recorded.bonds[at()].made

    own = c.cms.add_space("Twice")
    c.cms.add_space("Twice")
    assert holds(planned(c, space("Twice", "two"))) == {"two": ["ambiguous"]}
    assert carried_out(c, space("Twice", "two", pinned_id=str(own))).sent == []


def test_cm_r18_rename_says_previously_and_takes_components_along(c: World) -> None:
    carried_out(c, space("Site"), component("home"))
    assert holds(planned(c, space("Web"), component("home", space="Web"))) == {"site": ["rename-unconfirmed"]}

    deed = carried_out(c, space("Web", previous_key="Site"), component("home", space="Web"))

    assert deed.sent == ["PUT /space/1"]
    assert named(c) == {"Web": 1}
    assert str(deed.action("home").verb) == "none"


def test_cm_r18_names_are_swapped_through_a_third(c: World) -> None:
    c.cms.add_space("Shop")
    both = (space("Site", "a"), space("Shop", "b"))
    carried_out(c, *both)

    deed = carried_out(c, space("Shop", "a", previous_key="Site"), space("Site", "b", previous_key="Shop"))

    assert len(deed.sent) == 3
    assert named(c) == {"Shop": 1, "Site": 2}


def test_cm_r19_a_space_that_leaves_git_is_let_go(c: World) -> None:
    carried_out(c, space("Shop"))

    deed = carried_out(c)

    assert (deed.sent, str(deed.action("site").verb)) == ([], "release")
    assert "Shop" in named(c)


def test_cm_r19_a_space_goes_after_all_that_is_in_it(c: World) -> None:
    pages = [component("a", space="Shop", **GOING), component("b", "a", space="Shop", **GOING)]
    carried_out(c, space("Shop", **GOING), *pages)
    shop, ids = named(c)["Shop"], {k: by_key(c, k)["id"] for k in ("a", "b")}

    plan = planned(c)
    deed = applied(c, plan)

    own = [f"DELETE /component/{ids['b']}", f"DELETE /component/{ids['a']}", f"DELETE /space/{shop}"]
    assert deed.sent == own
    assert list(named(c)) == ["Site"]
    assert planned(c).writes == ()


def test_cm_r19_an_empty_space_costs_two_looks(c: World) -> None:
    carried_out(c, space("Shop", **GOING))

    plan = planned(c)

    assert len(plan.reads) == 1 + 2
    assert applied(c, plan).sent == ["DELETE /space/2"]


@pytest.mark.parametrize("whose", ["a stranger's", "released"])
def test_cm_r19_a_space_with_anything_else_in_it_stays(c: World, whose: str) -> None:
    wanted = [space("Shop", **GOING)] + ([component("a", space="Shop")] if whose == "released" else [])
    carried_out(c, *wanted)
    if whose != "released":
        c.cms.add_component(named(c)["Shop"], "theirs")

    plan = planned(c)

    assert holds(plan) == {"site": ["in-use"]}
    assert plan.writes == ()


def test_cm_r19_a_component_that_moves_in_before_the_apply_keeps_the_space(c: World) -> None:
    carried_out(c, space("Shop", **GOING))
    plan = planned(c)
    c.cms.add_component(named(c)["Shop"], "late")

    report = c.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["stale"]
    assert "Shop" in named(c)


def test_cm_r19_what_the_search_does_not_show_is_not_taken_for_nothing(c: World) -> None:
    carried_out(c, space("Shop", **GOING))
    c.cms.add_component(named(c)["Shop"], "theirs")
    c.cms.knobs.set("search-needs-terms", "adversarial")

    assert holds(planned(c)) == {"site": ["contents-unknown"]}


def test_cm_r32_components_may_go_while_a_document_names_their_space(c: World) -> None:
    carried_out(c, space("Shop"), component("a", space="Shop", **GOING))

    own = by_key(c, "a")["id"]

    assert carried_out(c, space("Shop")).sent == [f"DELETE /component/{own}"]


def test_cm_c3_a_name_that_one_space_leaves_and_a_new_one_takes_at_once(c: World) -> None:
    carried_out(c, space("Site", "old"), component("home"))

    pages = [component("home", space="Web"), component("new", space="Site")]
    deed = carried_out(c, space("Web", "old", previous_key="Site"), space("Site", "new"), *pages)

    assert deed.sent[:2] == ["PUT /space/1", "POST /space"]
    assert named(c) == {"Web": 1, "Site": 2}
    assert {r["key"]: r["space_id"] for r in records(c).values() if r["key"] != "root"} == {"home": 1, "new": 2}


def test_cm_r18_a_name_that_a_leaving_space_frees_and_another_takes(c: World) -> None:
    carried_out(c, space("One", "leaving", **GOING), space("Site", "kept"))

    page = component("home", space="One")
    deed = carried_out(c, space("One", "kept", previous_key="Site"), page)

    assert sorted(line.partition(" ")[0] for line in deed.sent) == ["DELETE", "POST", "PUT"]
    assert named(c) == {"One": 1}
    assert by_key(c, "home")["space_id"] == 1


def test_cm_r19_a_component_and_a_space_of_one_id_are_two_things(c: World) -> None:
    """Something declared beneath component 2 keeps that, and not space 2."""
    c.cms.add_component(1, "two")
    carried_out(c, space("Shop", **GOING), component("two"))
    assert (str(named(c)["Shop"]), str(by_key(c, "two")["id"])) == ("2", "2")

    deed = carried_out(c, component("two"), component("leaf", "two"))

    assert sorted(line.partition(" ")[0] for line in deed.sent) == ["DELETE", "POST"]
    assert list(named(c)) == ["Site"]
