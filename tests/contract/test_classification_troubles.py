"""Classifications when something goes wrong: refusals, warnings, lost answers, lists that lag (OC-R78, OC-R79)."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.twins import Fault
from tests.contract.classes import LIST, PERSIST, at, attributes, cl, hard, nd, of, tree
from tests.contract.keywords import carried_out, planned
from tests.world import World


def ends(report: object) -> dict[str, tuple[str, str]]:
    """Address -> how its call ended, with the words."""
    plan = report[0]  # type: ignore[index]
    calls = {c.id: c for c in plan.calls}
    return {
        calls[o.call].address.name: (str(o.end), o.message)
        for o in report[1].outcomes  # type: ignore[index]
        if calls[o.call].carrier
    }


def carry_on(k: World, *documents: object) -> dict[str, tuple[str, str]]:
    plan = planned(k, *documents)  # type: ignore[arg-type]
    return ends((plan, k.apply(plan)))


def test_oc_r78_a_node_that_is_refused_leaves_what_stood_before_it(k: World) -> None:
    """The definition goes between plan and apply: the answer says so of the classification alone, and the list
    tells who was done."""
    k.core.add_definition("gender")
    words = [cl("S"), nd("S/a"), at("S/b", "gender", name="x"), nd("S/b"), nd("S/c"), cl("T"), nd("T/a")]
    plan = planned(k, *words)
    k.core.remove_definition("gender")

    told = ends((plan, k.apply(plan)))

    text = "Attribute definition: 'gender' cannot be found"
    assert [told[n][0] for n in ("S", "S-a", "T", "T-a")] == ["done"] * 4
    for name in ("x", "S-b"):
        assert told[name][0] == "failed"
        assert text in told[name][1]
    assert text not in told["T-a"][1]
    assert (told["S-c"][0] == "failed") is hard(k)  # OC-P50
    assert sorted(tree(k)) == ["S", "S/a", *([] if hard(k) else ["S/c"]), "T", "T/a"]
    assert k.recorded.bonds[of("ClassificationNode", "S-a")].made
    k.core.add_definition("gender")
    carried_out(k, *words, calls=1)
    assert attributes(k) == {"S/b": ["gender"]}


def test_oc_r78_a_label_that_another_classification_has(k: World) -> None:
    k.core.add_class("Other", labels={"en_GB": "Fashion"})
    told = carry_on(k, cl("S", en_GB="Fashion", de_DE="Mode"), nd("S/a"))

    text = "Unable to create new classification. Classification with name Fashion already exist."
    assert told["S"][0] == "failed"
    assert text in told["S"][1]
    assert told["S-a"][0] == "done"
    assert tree(k)["S"] == {"de_DE": "Mode"}
    assert len(planned(k, cl("S", en_GB="Fashion", de_DE="Mode"), nd("S/a")).writes) == 1
    carried_out(k, cl("S", en_GB="Other fashion", de_DE="Mode"), nd("S/a"), calls=1)


def test_oc_r78_each_hears_what_was_said_of_its_own_classification(k: World) -> None:
    for name in ("gender", "care"):
        k.core.add_definition(name)
    words = [cl("S"), cl("T"), at("S", "gender", name="x"), at("T", "care", name="y")]
    plan = planned(k, *words)
    k.core.remove_definition("gender")
    k.core.remove_definition("care")

    told = ends((plan, k.apply(plan)))

    assert "'gender'" in told["x"][1]
    assert "'care'" not in told["x"][1]
    assert "'care'" in told["y"][1]


def test_oc_r79_a_lost_answer_is_looked_up(k: World) -> None:
    k.core.add_definition("gender")
    words = [cl("S", en_GB="S"), nd("S/a"), at("S/a", "gender")]
    plan = planned(k, *words)
    k.core.faults.add(Fault("drop", method="POST", path=PERSIST, effect=True))

    told = ends((plan, k.apply(plan)))

    assert {end for end, _ in told.values()} == {"done"}
    assert len(planned(k, *words).writes) == 0
    assert k.recorded.bonds[of("Classification", "S")].made


def test_oc_r79_a_lost_request_is_sent_again(k: World) -> None:
    words = [cl("S"), nd("S/a")]
    plan = planned(k, *words)
    k.core.faults.add(Fault("drop", method="POST", path=PERSIST, effect=False))

    told = ends((plan, k.apply(plan)))

    assert {end for end, _ in told.values()} == {"done"}
    assert sorted(tree(k)) == ["S", "S/a"]


@pytest.mark.parametrize("objects", [0, 1, 2, 3])
def test_oc_r79_a_request_that_breaks_off_is_finished(k: World, objects: int) -> None:
    """Also after the classification and before its root node."""
    k.core.add_definition("gender")
    words = [cl("S"), nd("S/a"), nd("S/a/b"), at("S/a/b", "gender")]
    plan = planned(k, *words)
    k.core.break_after(objects)

    told = ends((plan, k.apply(plan)))

    assert {end for end, _ in told.values()} == {"done"}
    assert sorted(tree(k)) == ["S", "S/a", "S/a/b"]
    assert len(planned(k, *words).writes) == 0


def test_oc_r8_a_refusal_of_the_whole_is_that_of_everybody(k: World) -> None:
    plan = planned(k, cl("S"), nd("S/a"))
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=400))
    told = ends((plan, k.apply(plan)))
    assert {end for end, _ in told.values()} == {"failed"}
    assert tree(k) == {}


def test_oc_r60_a_list_in_another_form_stops(k: World) -> None:
    k.core.faults.add(Fault("html", method="POST", path=LIST))
    with pytest.raises(Exception, match="HTML"):
        planned(k, cl("S"))


def test_oc_r64_two_things_alike_are_refused(k: World) -> None:
    k.core.add_class("S")
    first, second = k.core.add_node("/S/a"), k.core.add_node("/S/a")
    plan = planned(k, nd("S/a"))
    [hold] = plan.actions[0].holds
    assert hold.rule == "ambiguous"
    assert first in hold.reason
    assert second in hold.reason


def test_oc_r77_an_interrupted_plan_is_settled_and_goes_on(k: World) -> None:
    words = [cl("S"), nd("S/a")]
    k.plan(*words)
    k.core.faults.add(Fault("status", method="POST", path=LIST, nth=2, times=2, status=503))
    plan = k.plan()
    report = k.apply(plan)
    assert report.outcomes
    carried_out(k, *words)
    assert sorted(tree(k)) == ["S", "S/a"]


def test_oc_r75_a_role_that_is_lost_is_told(k: World) -> None:
    life: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
    k.core.add_class("S")
    carried_out(k, nd("S/a", **life))
    plan = planned(k)
    k.core.add_token("plain_user", "jane@example.com")
    k.keys["core"] = "plain_user"

    told = ends((plan, k.apply(plan)))

    assert told["S-a"][0] == "failed"
    assert "Nodes delete API is restricted for the user" in told["S-a"][1]
    assert of("ClassificationNode", "S-a") in k.recorded.bonds


@pytest.mark.parametrize("kind", ["class", "node", "attribute"])
def test_oc_r76_what_somebody_deletes_first_is_stale_and_then_let_go(k: World, kind: str) -> None:
    life: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
    k.core.add_definition("gender")
    k.core.add_class("T")
    words = {"class": cl("S", **life), "node": nd("T/a", **life), "attribute": at("T", "gender", **life)}
    carried_out(k, words[kind])
    plan = planned(k)
    remove = {
        "class": lambda: k.core.remove_class("S"),
        "node": lambda: k.core.remove_node("/T/a"),
        "attribute": lambda: k.core.remove_attribute("/T", "gender"),
    }
    remove[kind]()

    [outcome, *_] = k.apply(plan).outcomes

    assert (str(outcome.end), "is live no more" in outcome.message) == ("stale", True)
    carried_out(k, calls=0)
    assert k.recorded.bonds == {}


def test_oc_r8_a_token_without_access_stops_the_kind(k: World) -> None:
    k.core.faults.add(Fault("status", method="POST", path=PERSIST, status=403))
    plan = planned(k, cl("S"), nd("S/a"))
    told = ends((plan, k.apply(plan)))
    assert {end for end, _ in told.values()} == {"failed"}


TEXTS = {
    "S": [
        "There is no classification with the given identity '7'",
        (
            "Unable to create the root node, identifier should match the classification name, "
            "classification: S, root node: X"
        ),
    ],
    "S/a": [
        (
            "An error occurred while node creation. Parent node path: /S, or id: null, node: a, the reason: "
            "Node with path '[S]' does not exist."
        ),
    ],
}


@pytest.mark.parametrize(("value", "text"), [(v, t) for v, some in TEXTS.items() for t in some])
def test_oc_r78_every_text_of_a_persist_reaches_its_own(k: World, value: str, text: str) -> None:
    k.core.add_definition("gender")
    words = [cl("S", en_GB="S"), nd("S/a"), at("S", "gender", name="g"), cl("T")]
    plan = planned(k, *words)
    k.core.mar(value if value == "S" else f"/{value}", description=text)

    told = ends((plan, k.apply(plan)))

    failed = {name: said for name, (end, said) in told.items() if end == "failed"}
    assert failed, told
    assert "T" not in failed
    assert all(text in said for said in failed.values())
    carried_out(k, *words)


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("c", "S", "The classification not found by given tid: 'S'"),
        ("c", "S", "The data type of the passed item is wrong. It must be 'classification'"),
        ("c", "S", "Classification attributes missing: 'tid' or 'id' attribute must be"),
        ("n", "/T/a", "There is no node with the given path or id"),
        ("n", "/T/a", "The node could not be deleted. Reason: not today"),
        ("a", "/T/gender", "Attribute not found with given id"),
        ("a", "/T/gender", "\"Attribute 'id' is required to process attribute deletion\""),
    ],
)
def test_oc_r76_every_text_of_a_delete_reaches_its_own(k: World, name: str, value: str, text: str) -> None:
    life: dict[str, Any] = {"on_remove": "delete", "allow": ["delete"]}
    k.core.add_definition("gender")
    k.core.add_class("T")
    words = [
        cl("S", name="c", **life),
        nd("T/a", name="n", **life),
        at("T", "gender", name="a", **life),
        nd("T/b", name="other", **life),
    ]
    carried_out(k, *words)
    plan = planned(k)
    k.core.mar(value, description=text)

    told = ends((plan, k.apply(plan)))

    assert told[name][0] == "failed"
    assert text in told[name][1]
    assert len(k.recorded.bonds) >= 1
    carried_out(k)
    assert tree(k) == {"T": {}}
