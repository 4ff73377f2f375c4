"""Keywords when something goes wrong: refusals one by one, lost answers, lists that lag (OC-R6 to OC-R9,
OC-R32)."""

from __future__ import annotations

import pytest

from reconciler.model.faults import Unauthorised
from reconciler.twins import Fault
from tests.contract.keywords import PERSIST, RETRIEVE, applied, at, carried_out, forest, kw, planned, requests
from tests.world import CORE, World


def test_oc_r6_one_refused_object_leaves_the_others_done(k: World) -> None:
    plan = planned(k, kw("A", en_GB="a"), kw("B", en_GB="b"))
    k.core.mar("A", description="not today")

    deed = applied(k, plan)

    ends = {o.call: (str(o.end), o.message) for o in deed.report.outcomes}
    assert ends["1"] == ("failed", "not today")
    assert ends["2"][0] == "done"
    assert forest(k) == {"B": {"en_GB": "b"}}
    assert at("a") not in k.recorded.bonds
    carried_out(k, kw("A", en_GB="a"), kw("B", en_GB="b"), calls=1)


def test_oc_r6_a_warning_is_not_done(k: World) -> None:
    carried_out(k, kw("A"))
    plan = planned(k, kw("A", en_GB="a"))
    k.core.mar("A", "WARNING", "dropped a label")

    deed = applied(k, plan)

    assert (deed.ends[0], deed.report.outcomes[0].message) == ("failed", "dropped a label")


def test_oc_r31_an_object_that_failed_blocks_what_needs_it_and_not_the_rest(k: World) -> None:
    carried_out(k, kw("Z", name="z"))
    plan = planned(k, kw("A", name="a"), kw("A/Z", name="z", was="Z"), kw("B", name="b"))
    k.core.mar("A", description="not today")

    deed = applied(k, plan)

    assert [str(o.end) for o in deed.report.outcomes] == ["failed", "done", "done", "blocked", "unneeded"]
    assert sorted(forest(k)) == ["B", "Z"]


def test_what_was_made_beneath_one_whose_rename_failed_is_ours(k: World) -> None:
    carried_out(k, kw("Old"))
    wanted = (kw("New", name="old", was="Old"), kw("New/Leaf", fr_FR="Feuille"))
    plan = planned(k, *wanted)
    k.core.mar("New", description="not today")

    applied(k, plan)

    assert sorted(forest(k)) == ["Old", "Old/Leaf"]
    assert k.recorded.bonds[at("new-leaf")].made
    carried_out(k, *wanted, calls=1)
    assert sorted(forest(k)) == ["New", "New/Leaf"]


def test_oc_r8_a_refusal_of_the_whole_is_that_of_everybody(k: World) -> None:
    plan = planned(k, kw("A"), kw("B"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=400))

    deed = applied(k, plan)

    assert deed.ends == ["failed"] * 3
    assert forest(k) == {}


def test_oc_r32_a_lost_answer_is_looked_up_and_nothing_is_made_twice(k: World) -> None:
    plan = planned(k, kw("A", en_GB="a"), kw("B"))
    k.core.faults.add(Fault("drop", method="POST", path=PERSIST, effect=True))
    k.core.log.clear()

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert len(requests(k, PERSIST)) == 1
    assert sorted(forest(k)) == ["A", "B"]
    assert planned(k, kw("A", en_GB="a"), kw("B")).writes == ()


def test_oc_r32_a_request_that_never_arrived_is_sent_again(k: World) -> None:
    plan = planned(k, kw("A"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=502))
    k.core.log.clear()

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert len(requests(k, PERSIST)) == 2
    assert forest(k) == {"A": {}}


def test_oc_r10_a_429_did_not_happen(k: World) -> None:
    plan = planned(k, kw("A"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=429, retry_after="2"))

    deed = applied(k, plan)

    assert set(deed.ends) == {"done"}


def test_oc_r11_what_moved_since_the_plan_is_refused(k: World) -> None:
    carried_out(k, kw("A", name="a", en_GB="a"), kw("B", name="b"))
    plan = planned(k, kw("A", name="a", en_GB="aa"), kw("B", name="b", en_GB="b"))
    k.core.change_keyword("/A", labels={"en_GB": "a", "fr_FR": "somebody's"})

    deed = applied(k, plan)

    assert deed.ends == ["stale", "done", "done"]
    assert forest(k)["A"] == {"en_GB": "a", "fr_FR": "somebody's"}


def test_oc_r9_a_fault_in_the_middle_is_settled_object_by_object(k: World) -> None:
    plan = planned(k, kw("A"), kw("B"), kw("C"))
    k.core.break_after(1)
    k.core.log.clear()

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert sorted(forest(k)) == ["A", "B", "C"]
    sent = [str(body).count("<kwd ") for body in requests(k, PERSIST)]
    assert sent == [3, 2]
    assert len(k.core.paths()) == 3


def test_oc_r33_after_the_last_write_the_list_is_read_once_more(k: World) -> None:
    deed = carried_out(k, kw("A", en_GB="a"))

    assert deed.asked("verify") == (2 if k.core.knobs.profile == "adversarial" else 1)
    assert deed.asked("preconditions") == 1
    assert requests(k, RETRIEVE)


def test_oc_r2_a_bad_token_stops_the_run(k: World) -> None:
    plan = planned(k, kw("A"))
    k.keys[CORE] = "wrong"

    with pytest.raises(Unauthorised):
        k.apply(plan)
    assert forest(k) == {}
