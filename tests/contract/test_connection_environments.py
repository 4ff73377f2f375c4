"""Environments of a base: ids that one answer tells, values that no read shows (OA-R138 to OA-R146, OA-C26)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.document import Address
from reconciler.model.outcome import End
from reconciler.model.recorded import Bond
from reconciler.twins import Fault
from tests.contract.warehouses import (
    Step,
    carried_out,
    connection,
    environments,
    linked,
    live,
    reads_of,
    refresh,
    state,
    with_secret,
)
from tests.world import OMNI, World, world

PROBE = "/v1/connection-environments"
POST = f"POST {PROBE}"


@pytest.fixture(params=["plain", "adversarial"])
def w(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A base, three connections more and nothing linked to it."""
    with world(str(request.param), twins=[OMNI]) as found:
        for name in ("Base", "Dev", "Stage", "Test"):
            found.omni.add_connection(name)
        yield with_secret(found, tmp_path)


def linked_here(w: World) -> dict[str, set[str]]:
    return {n: v for n, v in linked(w).items() if n in ("Dev", "Stage", "Test")}


def verbs(step: Step) -> list[str]:
    return [line.split()[0] for line in step.sent]


def bond(w: World) -> Bond:
    return w.recorded.bonds[Address(OMNI, "ConnectionEnvironments", "envs")]


def test_oa_c26_one_post_for_all_new_ones_and_a_put_each(w: World) -> None:
    step = carried_out(w, environments("Base", ("Dev", ["dev", "qa"]), ("Stage", ["staging"]), ("Test", ["t"])))

    assert verbs(step) == ["POST", "PUT", "PUT", "PUT"]
    assert linked_here(w) == {"Dev": {"dev", "qa"}, "Stage": {"staging"}, "Test": {"t"}}
    ids = {e["connection_id"]: i for i, e in state(w)["environments"].items()}
    told = {at.removeprefix("environments/"): one["id"] for at, one in bond(w).told.items()}
    assert told == {c: ids[c] for c in told}
    assert len(told) == 3


def test_oa_r139_in_sync_nothing_is_read_or_sent(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["staging"])))

    plan = w.plan(environments("Base", ("Stage", ["staging"]), ("Dev", ["dev"])))

    assert plan.writes == ()
    assert reads_of(plan, PROBE) == []
    assert w.checked_apply(plan).requests.get("calls", ()) == ()


def test_oa_r141_where_an_id_is_missing_the_newer_list_is_asked_for_once(w: World) -> None:
    plan = w.plan(environments("Base", ("Dev", ["dev"]), ("Stage", ["staging"])))

    assert reads_of(plan, PROBE) == [f"analytics: GET {PROBE}"]


def test_oa_r142_one_more_environment_is_one_post_and_one_put(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev"])))

    step = carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["staging"])))

    assert verbs(step) == ["POST", "PUT"]
    assert linked_here(w) == {"Dev": {"dev"}, "Stage": {"staging"}}


def test_oa_r142_without_values_a_link_is_a_post_alone(w: World) -> None:
    assert verbs(carried_out(w, environments("Base", ("Dev", [])))) == ["POST"]


def test_oa_r142_other_values_are_one_put_each_and_an_empty_list_clears(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["staging"])))

    step = carried_out(w, environments("Base", ("Dev", []), ("Stage", ["s"])))

    assert verbs(step) == ["PUT", "PUT"]
    assert linked_here(w) == {"Dev": set(), "Stage": {"s"}}


def test_oa_r144_a_value_that_moves_is_given_up_before_it_is_taken(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev", "qa"]), ("Stage", ["staging"]), ("Test", ["t"])))

    step = carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["staging", "t"]), ("Test", ["qa"])))

    assert verbs(step) == ["PUT"] * 3
    assert linked_here(w) == {"Dev": {"dev"}, "Stage": {"staging", "t"}, "Test": {"qa"}}


@pytest.mark.parametrize("kept", [[], ["own"]], ids=["whole", "in part"])
def test_oa_r144_swapping_values_between_two_takes_three_puts_and_no_400(w: World, kept: list[str]) -> None:
    carried_out(w, environments("Base", ("Dev", ["a", *kept]), ("Stage", ["b"])))

    step = carried_out(w, environments("Base", ("Dev", ["b", *kept]), ("Stage", ["a"])))

    assert verbs(step) == ["PUT"] * 3
    assert {e.status for e in w.omni.log if e.call.startswith("PUT")} <= {200}
    assert linked_here(w) == {"Dev": {"b", *kept}, "Stage": {"a"}}


def test_oa_r144_a_ring_of_three_takes_four_puts(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["a"]), ("Stage", ["b"]), ("Test", ["c"])))

    step = carried_out(w, environments("Base", ("Dev", ["b"]), ("Stage", ["c"]), ("Test", ["a"])))

    assert verbs(step) == ["PUT"] * 4
    assert linked_here(w) == {"Dev": {"b"}, "Stage": {"c"}, "Test": {"a"}}


def test_oa_r144_out_of_two_circles_that_share_one_that_one_steps_aside(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["c"]), ("Stage", ["d"]), ("Test", ["a", "b"])))

    step = carried_out(w, environments("Base", ("Dev", ["a"]), ("Stage", ["b"]), ("Test", ["c", "d"])))

    assert verbs(step) == ["PUT"] * 4
    assert linked_here(w) == {"Dev": {"a"}, "Stage": {"b"}, "Test": {"c", "d"}}


def test_oa_r138_the_order_connections_attribute_links_refreshes(w: World) -> None:
    attribute = {"environmentUserAttribute": {"attribute": "environment", "defaultValues": ["prod"]}}
    documents = (
        connection("New Base", "new", **attribute),
        connection("New Dev", "newdev"),
        environments("new", ("newdev", ["dev"])),
        refresh("new", "0 9 * * ? *"),
    )
    step = carried_out(w, *documents)

    shape = [line.split("/")[2].split("?")[0] + " " + line.split()[0] for line in step.sent]
    assert sorted(shape[:2]) == ["connections POST", "connections POST"]
    assert shape[2:] == [
        "connections PATCH",
        "connection-environments POST",
        "connection-environments PUT",
        "connections POST",
    ]
    assert linked(w)["New Dev"] == {"dev"}


def test_oa_r138_links_wait_for_the_attribute_of_a_base_that_is_live(w: World) -> None:
    attribute = {"environmentUserAttribute": {"attribute": "environment", "defaultValues": ["prod"]}}
    step = carried_out(w, connection("Base", **attribute), environments("Base", ("Dev", ["dev"])))

    assert verbs(step) == ["PATCH", "POST", "PUT"]


def test_oa_r145_one_that_leaves_the_list_stays_linked_and_the_rest_goes_on(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["staging"])))

    step = carried_out(w, environments("Base", ("Dev", ["d"])))

    assert (verbs(step), step.rules) == (["PUT"], {"cannot-unlink"})
    assert linked_here(w) == {"Dev": {"d"}, "Stage": {"staging"}}
    back = carried_out(w, environments("Base", ("Dev", ["d"]), ("Stage", ["s"])))
    assert verbs(back) == ["PUT"], "its id is still known"


def test_oa_r145_a_value_of_one_that_left_is_held(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["staging"])))
    carried_out(w, environments("Base", ("Dev", ["dev"])))

    plan = w.plan(environments("Base", ("Dev", ["dev", "staging"])))

    assert ([h.rule for a in plan.actions for h in a.holds], plan.writes) == (["value-taken"], ())


def test_oa_r146_a_link_made_by_hand_is_refused_and_its_id_is_asked_for(w: World) -> None:
    ids = {c["name"]: c["id"] for c in live(w).values()}
    own = w.omni.add_environment(ids["Base"], ids["Dev"], "old")

    plan = w.plan(environments("Base", ("Dev", ["dev"])))
    assert any("write the link's `id` beside it" in n for n in plan.actions[0].notes)
    report = w.apply(plan)
    assert [str(o.end) for o in report.outcomes] == ["failed", "blocked"]
    assert "not valid" in report.outcomes[0].message

    step = carried_out(w, environments("Base", ("Dev", ["dev"]), ids={"Dev": own}))
    assert (verbs(step), linked_here(w)) == (["PUT"], {"Dev": {"dev"}})
    assert w.plan(environments("Base", ("Dev", ["dev"]))).writes == (), "the ledger knows the id by now"


def test_oa_r146_a_lost_answer_ends_with_one_question_and_the_next_plan_goes_on(w: World) -> None:
    plan = w.plan(environments("Base", ("Dev", ["dev"]), ("Stage", ["s"])))
    w.omni.faults.add(Fault("drop", method="POST", effect=True))
    report = w.apply(plan)

    assert [str(o.end) for o in report.outcomes] == ["in doubt", "blocked", "blocked"]
    [question] = [o.question for o in report.outcomes if o.question]
    assert "Dev and Stage" in question
    assert "`id`" in question
    assert w.settle() == (), "it is asked once"

    again = w.apply(w.plan())
    assert [str(o.end) for o in again.outcomes] == ["failed", "blocked", "blocked"]
    rows: Any = state(w)["environments"]
    names = {c["id"]: c["name"] for c in live(w).values()}
    ids = {names[e["connection_id"]]: i for i, e in rows.items()}
    step = carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["s"]), ids=ids))
    assert (verbs(step), linked_here(w)) == (["PUT", "PUT"], {"Dev": {"dev"}, "Stage": {"s"}})


def test_oa_r146_a_request_that_never_arrived_is_made_by_the_next_plan(w: World) -> None:
    plan = w.plan(environments("Base", ("Dev", ["dev"])))
    w.omni.faults.add(Fault("drop", method="POST", effect=False))
    assert w.apply(plan).outcomes[0].end is End.IN_DOUBT

    assert verbs(carried_out(w)) == ["POST", "PUT"]


@pytest.mark.parametrize("effect", [True, False])
def test_oa_r146_a_put_whose_answer_is_lost_is_sent_again(w: World, effect: bool) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev"])))
    plan = w.plan(environments("Base", ("Dev", ["d"])))
    w.omni.faults.add(Fault("drop", method="PUT", effect=effect))

    assert [o.end for o in w.apply(plan).outcomes] == [End.DONE]
    assert linked_here(w) == {"Dev": {"d"}}
    assert w.plan().writes == ()


def test_oa_r143_what_the_server_would_refuse_is_held(w: World) -> None:
    w.omni.add_connection("Odd", "mysql")
    w.documents = [connection("Base", "b")]

    odd = w.plan(environments("Base", ("Odd", ["o"])))
    itself = w.plan(connection("Base", "b"), environments("b", ("Base", ["x"])))

    assert [h.rule for a in odd.actions for h in a.holds] == ["unlike-dialect"]
    assert {h.rule for a in itself.actions for h in a.holds} == {"own-base"}
    assert (odd.writes, itself.writes) == ((), ())


def test_oa_r145_leaving_git_unlinks_nothing(w: World) -> None:
    carried_out(w, environments("Base", ("Dev", ["dev"])))

    step = carried_out(w, connection("Other"))

    assert verbs(step) == ["POST"]
    assert linked_here(w) == {"Dev": {"dev"}}


def test_oa_r141_a_newer_server_lists_the_links_and_their_values(w: World) -> None:
    w.omni.knobs.set("newer-answers", "adversarial")
    ids = {c["name"]: c["id"] for c in live(w).values()}
    w.omni.add_environment(ids["Base"], ids["Dev"], "old")
    w.omni.add_environment(ids["Base"], ids["Test"], "theirs")

    step = carried_out(w, environments("Base", ("Dev", ["dev"]), ("Stage", ["s"])))

    assert verbs(step) == ["POST", "PUT", "PUT"]
    assert linked_here(w) == {"Dev": {"dev"}, "Stage": {"s"}, "Test": {"theirs"}}
    assert {str(one.get("id"))[:8] for one in bond(w).told.values()} == {"00000004"}
