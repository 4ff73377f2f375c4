"""Attribute definitions when something goes wrong: refusals one by one, lost answers, batches that break off
(OC-R6 to OC-R9, OC-R32, OC-R49)."""

from __future__ import annotations

import pytest

from reconciler.twins import Fault
from tests.contract.definitions import GONE, PERFORM, PERSIST, ad, at, there
from tests.contract.keywords import Deed, applied, carried_out, planned, requests, rules
from tests.world import World, doc

SAVED = "The attribute definition has been saved successfully"


def ends(deed: Deed) -> dict[str, tuple[str, str]]:
    """Document -> how its own call ended, and with which words."""
    calls = {c.id: c for c in deed.plan.calls if not c.sent}
    return {calls[o.call].address.name: (str(o.end), o.message) for o in deed.report.outcomes if o.call in calls}


def test_oc_r6_one_refused_in_the_middle_leaves_the_others_done(k: World) -> None:
    carried_out(k, ad("b"))
    plan = planned(k, ad("a"), ad("b", en_GB="B"), ad("c"))
    k.core.mar("b", description="not today")

    deed = applied(k, plan)

    assert [(name, *end) for name, end in sorted(ends(deed).items())] == [
        ("a", "done", SAVED),
        ("b", "failed", "not today"),
        ("c", "done", SAVED),
    ]
    carried_out(k, ad("a"), ad("b", en_GB="B"), ad("c"), calls=1)


ERRORS = [
    ("No attribute definition by id: 54321", "ERROR"),
    ("The attribute definition could not be saved. Reason: type cannot be changed", "ERROR"),
    ("The attribute definition could not be saved. Reason: unknown type 'x'", "ERROR"),
    ("saved, but a label was dropped", "WARNING"),
]


@pytest.mark.parametrize(("words", "status"), ERRORS)
def test_every_error_of_a_persist_is_told_in_the_servers_words(k: World, words: str, status: str) -> None:
    carried_out(k, ad("a"), ad("b"))
    plan = planned(k, ad("a", en_GB="A"), ad("b", en_GB="B"))
    k.core.mar("a", status, words)

    deed = applied(k, plan)

    assert ends(deed)["a"] == ("failed", words)
    assert ends(deed)["b"][0] == "done"


def test_oc_r6_a_new_one_with_a_warning_is_looked_at_and_never_made_twice(k: World) -> None:
    plan = planned(k, ad("a", en_GB="A"), ad("b"))
    k.core.mar("a", "WARNING", "a label was dropped")
    k.core.log.clear()

    report = k.apply(plan)

    assert len(requests(k, PERSIST)) == 1
    assert {str(o.end) for o in report.outcomes} <= {"done", "failed"}
    assert at("a") in k.recorded.bonds


def test_oc_r8_a_refusal_of_the_whole_is_that_of_everybody(k: World) -> None:
    plan = planned(k, ad("a"), ad("b"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=400))

    deed = applied(k, plan)

    assert deed.ends == ["failed"] * 3
    assert there(k) == {}


@pytest.mark.parametrize("effect", [True, False])
def test_oc_r32_a_lost_answer_is_looked_up(k: World, effect: bool) -> None:
    plan = planned(k, ad("a", en_GB="A", values=["x"]), ad("b"))
    k.core.faults.add(Fault("drop", method="POST", path=PERSIST, effect=effect))
    k.core.log.clear()

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert len(requests(k, PERSIST)) == (1 if effect else 2)
    carried_out(k, ad("a", en_GB="A", values=["x"]), ad("b"), calls=0)


def test_oc_r32_a_lost_answer_to_deletes_is_looked_up(k: World) -> None:
    carried_out(k, ad("a", **GONE), ad("b", **GONE))
    plan = planned(k)
    k.core.faults.add(Fault("drop", method="POST", path=PERFORM, effect=True))

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert there(k) == {}
    assert k.recorded.bonds == {}


def test_oc_r9_a_batch_that_breaks_off_is_settled_one_by_one(k: World) -> None:
    plan = planned(k, ad("a"), ad("b"), ad("c"))
    k.core.break_after(1)
    k.core.log.clear()

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert [str(body).count("<attrDef ") for body in requests(k, PERSIST)] == [3, 2]


def test_oc_r32_a_replacement_that_is_interrupted_ends_where_it_would_have(k: World) -> None:
    carried_out(k, ad("a"))
    new = ad("a", "number", allow=["replace"])
    plan = planned(k, new)
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=400))

    deed = applied(k, plan)
    assert ends(deed)["a"][0] == "failed"
    assert there(k) == {}

    carried_out(k, new, calls=1)
    assert there(k)["a"]["type"] == "number"  # type: ignore[index,call-overload]


def test_oc_r11_what_moved_since_the_plan_is_refused(k: World) -> None:
    carried_out(k, ad("a", en_GB="A"), ad("b"))
    plan = planned(k, ad("a", en_GB="AA"), ad("b", en_GB="B"))
    k.core.change_definition("a", labels={"en_GB": "A", "fr_FR": "somebody's"})

    deed = applied(k, plan)

    assert (ends(deed)["a"][0], ends(deed)["b"][0]) == ("stale", "done")


def test_oc_r43_what_moved_in_a_domain_since_the_plan_is_not_overwritten(k: World) -> None:
    carried_out(k, ad("a", en_GB="A", values=["x"]))
    plan = planned(k, ad("a", en_GB="AA", values=["x"]))
    k.core.change_definition("a", values={"x": {}, "y": {}})

    assert ends(applied(k, plan))["a"][0] == "stale"


def test_oc_r40_all_recorded_ones_missing_is_the_wrong_server(k: World) -> None:
    carried_out(k, ad("a"), ad("b"))
    k.core.remove_definition("a")
    k.core.remove_definition("b")

    with pytest.raises(Exception, match="none of the 2 things recorded here is live"):
        k.plan()


def test_oc_r47_definitions_go_after_the_attributes_that_use_them(k: World) -> None:
    use = doc("core/NodeAttribute", "use", {"node": "Standard", "definition": "a"}, **GONE)
    standard = doc("core/Classification", "standard", {"identifier": "Standard"})
    carried_out(k, standard, ad("a", **GONE), use)

    plan = planned(k, standard)
    assert rules(plan, "a") == []
    k.apply(plan)

    assert there(k) == {}
    carried_out(k, standard, calls=0)
