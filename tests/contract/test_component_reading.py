"""How components are read, and what is done where an answer proves nothing or never comes (CM-R2, CM-R9 to CM-R14,
CM-R34)."""

from __future__ import annotations

import pytest

from reconciler.model.faults import GuardRefused, Unauthorised
from reconciler.twins import Fault
from tests.contract.components import DELETABLE, at, by_key, carried_out, component, holds, planned, records, tree
from tests.world import World


def grow(c: World, count: int, deep: int, space: int = 1) -> None:
    """Chains of `deep` components, `count` in all."""
    above: int | None = None
    for i in range(count):
        above = c.cms.add_component(space, f"n{i:03}", parent_id=above if i % deep else None)


def test_cm_c1_spaces_and_depth_cost_nothing(c: World) -> None:
    """200 components, nine deep, in three spaces: one page, or four of fifty (CM-P1)."""
    for space in (c.cms.add_space("B"), c.cms.add_space("C")):
        grow(c, 67, 9, space)
    grow(c, 66, 9)
    documents = [component("n000", space=s, as_=f"{s}-n000") for s in ("Site", "B", "C")]

    plan = planned(c, *documents)

    assert len(plan.reads) == (1 + 4 if c.cms.knobs.hard("CM-P1") else 1 + 1)
    carried_out(c, *documents)


def test_cm_r10_one_managed_space_is_searched_alone(c: World) -> None:
    grow(c, 3, 1, c.cms.add_space("Shop"))

    planned(c, component("home"))

    [search] = [e.body for e in c.cms.log if e.method == "POST"]
    assert search == {"direction": "asc", "limit": 1000, "offset": 0, "order": "id", "spaceId": 1}


def test_cm_r2_a_bad_key_stops_the_run_before_anything_is_read(c: World) -> None:
    c.cms.add_component(1, "home")
    c.keys["cms"] = "wrong"
    c.documents = [component("home", name="x")]
    c.cms.log.clear()

    with pytest.raises(Unauthorised):
        c.plan()
    assert [e.call for e in c.cms.log] == ["GET /space/all"]


def test_cm_r2_a_key_that_fails_since_the_plan_lets_nothing_be_written(c: World) -> None:
    plan = planned(c, component("home"))
    c.keys["cms"] = "wrong"
    c.cms.log.clear()

    with pytest.raises(Unauthorised):
        c.apply(plan)
    assert {e.call for e in c.cms.log} == {"GET /space/all"}


def test_cm_r12_a_recorded_component_that_is_gone_is_asked_for_and_made_anew(c: World) -> None:
    carried_out(c, component("a"), component("b"))
    c.cms.edit("DELETE", "/component/2")

    deed = carried_out(c, component("a"), component("b"))

    assert "cms: GET /component/2" in deed.plan.reads
    assert [line[:8] for line in deed.sent] == ["create {"]


def test_cm_r12_all_that_is_recorded_gone_is_the_wrong_instance(c: World) -> None:
    carried_out(c, component("a"), component("b"))
    for i in (2, 3):
        c.cms.edit("DELETE", f"/component/{i}")

    with pytest.raises(GuardRefused, match="another tenant"):
        c.plan()


def test_cm_r13_a_search_that_finds_nothing_is_replaced_by_a_walk(c: World) -> None:
    grow(c, 17, 16)
    c.cms.knobs.set("search-needs-terms", "adversarial")
    documents = [component("n000", name="top"), component("n015", "n014", name="deep")]

    plan = c.plan(*documents)

    walks = [line for line in plan.reads if "levels=7" in line]
    assert len(walks) == 3  # the root with 7 levels, what stands on the 7th, and on the 14th
    assert [call.line for call in plan.writes] == ["PUT /component/2", "PUT /component/17"]
    assert c.apply(plan).outcomes[0].end == "done"
    assert c.plan().writes == ()


def test_cm_r13_after_a_walk_things_are_made_and_nothing_is_deleted(c: World) -> None:
    carried_out(c, component("anchor"), component("a", **DELETABLE))
    c.cms.knobs.set("search-needs-terms", "adversarial")

    plan = c.plan(component("anchor"), component("new", "anchor"))

    assert holds(plan) == {"a": ["unproven-listing", "unproven-listing"]} or holds(plan) == {
        "a": ["unproven-listing"]
    }
    assert [call.line for call in plan.writes] == ["POST /component"]
    assert {str(o.end) for o in c.apply(plan).outcomes} <= {"done", "unneeded"}
    assert tree(c)["new"] == "anchor"


def test_cm_r11_a_count_that_changes_from_page_to_page_lets_nothing_be_done(c: World) -> None:
    c.cms.knobs.set("CM-P1", "adversarial")
    grow(c, 60, 1)
    late = iter(range(100))
    c.cms.on_request(
        0, "after-answer", lambda _: c.cms.add_component(1, f"late{next(late)}"), path="/component/search"
    )
    c.documents = [component("n000", name="x"), component("new")]

    plan = c.plan()

    assert plan.writes == ()
    assert {rule for rules in holds(plan).values() for rule in rules} == {"unproven-listing"}
    assert [line for line in plan.reads if "search" in line] == ["cms: POST /component/search"] * 4


def test_cm_r14_the_root_of_an_empty_space_is_asked_for(c: World) -> None:
    deed = carried_out(c, component("home"))

    asked = [line for line in deed.plan.reads if "/root?" in line]
    assert len(asked) == (1 if c.cms.knobs.hard("CM-P2") else 0)


def test_cm_r26_an_id_that_has_to_be_text(c: World) -> None:
    carried_out(c, component("home"), component("other"))
    c.cms.knobs.set("text-ids", "adversarial")

    deed = carried_out(c, component("home", name="x"), component("other", sequence=5))

    assert len([line for line in deed.sent if line.startswith("put home")]) == 2
    assert by_key(c, "home")["name"] == "x"


# Lost answers.


@pytest.mark.parametrize("effect", [True, False])
def test_cm_r34_a_lost_create_is_looked_up_by_its_key(c: World, effect: bool) -> None:
    plan = planned(c, component("home", name="x"))
    c.cms.faults.add(Fault("drop", method="POST", path="/component", effect=effect))

    report = c.apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert tree(c) == {"home": "root"}
    assert c.recorded.bonds[at("home")].id == "2"
    assert planned(c, component("home", name="x")).writes == ()


def test_cm_r34_a_create_that_somebody_else_won_is_not_ours(c: World) -> None:
    plan = planned(c, component("home", name="ours"))
    c.cms.on_request(
        1,
        "before-effect",
        lambda _: c.cms.add_component(1, "home", name="theirs"),
        method="POST",
        path="/component",
        writes=True,
    )

    report = c.apply(plan)

    assert "is currently used by another component" in report.outcomes[0].message
    assert str(report.outcomes[0].end) == "failed"
    assert at("home") not in c.recorded.bonds
    assert by_key(c, "home")["name"] == "theirs"


@pytest.mark.parametrize("effect", [True, False])
def test_cm_r34_a_lost_put_may_be_repeated(c: World, effect: bool) -> None:
    carried_out(c, component("home"), component("other"))
    documents = component("home", name="x"), component("other", sequence=4)
    plan = planned(c, *documents)
    c.cms.faults.add(
        Fault("drop", method="PUT", path="/component/2", effect=effect),
        Fault("drop", method="PUT", path="/component/sequence", effect=effect),
    )

    report = c.apply(plan)

    assert {str(o.end) for o in report.outcomes} <= {"done", "unneeded"}
    assert (by_key(c, "home")["name"], by_key(c, "other")["sequence"]) == ("x", 4)
    assert planned(c, *documents).writes == ()


@pytest.mark.parametrize("effect", [True, False])
def test_cm_r34_a_lost_delete_may_be_repeated(c: World, effect: bool) -> None:
    carried_out(c, component("anchor"), component("a", **DELETABLE))
    plan = planned(c, component("anchor"))
    c.cms.faults.add(Fault("drop", method="DELETE", effect=effect))

    report = c.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["done"]
    assert tree(c) == {"anchor": "root"}


def test_cm_r4_success_false_is_a_refusal_whatever_the_status(c: World) -> None:
    """A file check without a file is the one answer of that kind that is no refusal (CM-P10)."""
    c.cms.add_component(1, "home")

    assert carried_out(c, component("home", file="absent")).sent == []


def test_cm_r36_the_reading_after_the_writes_finds_what_was_not_stored(c: World) -> None:
    carried_out(c, component("home", name="a"))
    plan = planned(c, component("home", name="b"))
    c.cms.on_request(
        1, "after-effect", lambda _: c.cms.edit("PUT", "/component/2", {"id": 2, "name": "c"}), method="PUT"
    )

    report = c.apply(plan)

    assert "made something else of name" in report.outcomes[0].message
    assert len(records(c)) == 2
