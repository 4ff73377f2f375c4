"""Classifications, their nodes and attributes made and changed, all in one request (OC-R60 to OC-R69)."""

from __future__ import annotations

from typing import Any

from tests.contract.classes import LIST, LOOK, PERSIST, at, attributes, cl, hard, nd, of, tree
from tests.contract.keywords import LOCALES, action, applied, carried_out, planned, requests, rules
from tests.world import CORE, World


def begin(k: World) -> None:
    """A classification with a node in it, both with labels of others, and an attribute at it."""
    k.core.add_definition("gender")
    k.core.add_definition("care")
    k.core.add_class("Standard", labels={"de_DE": "Mode"})
    k.core.add_node("/Standard/Shoes", labels={"de_DE": "Schuhe"})
    k.core.add_attribute("/Standard/Shoes", "care", localized=True, values={"wash": {"de_DE": "Waschen"}})


def test_oc_r66_one_request_makes_all_of_it(k: World) -> None:
    k.core.add_definition("gender")
    deed = carried_out(
        k,
        cl("Standard", name="std", en_GB="Fashion"),
        nd("Standard/Shoes", en_GB="Shoes", de_DE="Schuhe"),
        nd("Standard/Shoes/Boots"),
        at("Standard", "gender", name="root"),
        at("Standard/Shoes", "gender", values=["f", {"id": "m", "labels": {"en_GB": "male"}}], default="f"),
        calls=1,
    )
    flags = 'level="p" inheritance="visible" restriction="optional" localized="false"'
    [sent] = deed.sent
    assert sent == (
        '<classes><class tid="Standard"><name><itm loc="en_GB">Fashion</itm></name></class></classes>'
        '<nodes><node class="Standard" path="/Standard">'
        f'<attr key="gender" {flags}/></node>'
        '<node class="Standard" path="/Standard/Shoes" parentPath="/Standard">'
        '<name><itm loc="de_DE">Schuhe</itm><itm loc="en_GB">Shoes</itm></name>'
        f'<attr key="gender" {flags}><domainVals allowNewValue="false" sortDirection="MANUAL"><domainVal tid="f"/>'
        '<domainVal tid="m"><itm loc="en_GB">male</itm></domainVal></domainVals><defaultVal tid="f"/></attr>'
        "</node>"
        '<node class="Standard" path="/Standard/Shoes/Boots" parentPath="/Standard/Shoes"/></nodes>'
    )
    assert tree(k) == {
        "Standard": {"en_GB": "Fashion"},
        "Standard/Shoes": {"en_GB": "Shoes", "de_DE": "Schuhe"},
        "Standard/Shoes/Boots": {},
    }
    assert attributes(k) == {"Standard": ["gender"], "Standard/Shoes": ["gender"]}
    bonds = k.recorded.bonds
    assert bonds[of("Classification", "std")].id == "Standard"
    assert bonds[of("ClassificationNode", "Standard-Shoes")].id == k.core.node("/Standard/Shoes").id
    assert bonds[of("NodeAttribute", "root")].id == f"{k.core.node('/Standard').id}/gender"
    assert all(b.made for b in bonds.values())


def test_oc_r60_one_list_for_the_three_kinds(k: World) -> None:
    begin(k)
    plan = planned(k, cl("Standard"), nd("Standard/Shoes"), at("Standard/Shoes", "care"))

    assert [a.verb for a in plan.actions] == ["adopt", "adopt", "adopt"]
    assert requests(k, LIST) == [{"withNodes": True}]
    assert len(plan.reads) == 2  # the definitions besides
    assert plan.writes == ()


def test_oc_r17_locales_are_asked_for_where_a_label_is_declared(k: World) -> None:
    begin(k)
    assert len(planned(k, cl("Standard", en_GB="x")).reads) == 2
    assert len(requests(k, LOCALES)) == 1
    assert rules(planned(k, nd("Standard/Shoes", en_US="x")), "Standard-Shoes") == ["unresolved"]


def test_oc_r68_a_changed_node_goes_whole(k: World) -> None:
    begin(k)
    deed = carried_out(k, nd("Standard/Shoes", en_GB="Shoes"), calls=1)

    known = "" if hard(k) else '<itm loc="de_DE">Mode</itm>'
    label = "" if hard(k) else '<itm loc="de_DE">Schuhe</itm>'
    head = f'<class tid="Standard"><name>{known}</name></class>' if known else '<class tid="Standard"/>'
    [sent] = deed.sent
    assert sent == (
        f"<classes>{head}</classes>"
        '<nodes><node class="Standard" path="/Standard/Shoes" parentPath="/Standard">'
        f'<name>{label}<itm loc="en_GB">Shoes</itm></name>'
        '<attr key="care" level="p" inheritance="visible" restriction="optional" localized="true">'
        '<domainVals allowNewValue="false" sortDirection="MANUAL"><domainVal tid="wash">'
        '<itm loc="de_DE">Waschen</itm>'
        "</domainVal></domainVals></attr></node></nodes>"
    )
    assert attributes(k) == {"Standard/Shoes": ["care"]}
    assert k.core.attribute("/Standard/Shoes", "care").localized


def test_oc_r68_a_new_attribute_leaves_the_others_alone(k: World) -> None:
    begin(k)
    carried_out(k, at("Standard/Shoes", "gender"), calls=1)

    assert attributes(k) == {"Standard/Shoes": ["care", "gender"]}
    assert tree(k)["Standard/Shoes"] == ({} if hard(k) else {"de_DE": "Schuhe"})
    assert tree(k)["Standard"] == ({} if hard(k) else {"de_DE": "Mode"})


def test_oc_r68_declared_labels_go_along_unchanged(k: World) -> None:
    """A class stands in the request of its nodes, a node in that of its attributes: with all that is declared of
    them, whether a list shows it or not."""
    begin(k)
    words = [cl("Standard", en_GB="Fashion"), nd("Standard/Shoes", en_GB="Shoes")]
    carried_out(k, *words, calls=1)
    carried_out(k, *words, at("Standard/Shoes", "gender"), calls=1)

    assert tree(k)["Standard"]["en_GB"] == "Fashion"
    assert tree(k)["Standard/Shoes"]["en_GB"] == "Shoes"


def test_oc_r68_every_field_of_an_attribute(k: World) -> None:
    begin(k)
    spec: dict[str, Any] = {
        "level": "p",
        "inheritance": "not_visible",
        "restriction": "optional",
        "localized": False,
    }
    values = [{"id": "wash", "labels": {"en_GB": "Wash"}}, {"id": "iron"}]
    deed = carried_out(k, at("Standard/Shoes", "care", values=values, default="iron", **spec), calls=1)

    one = k.core.attribute("/Standard/Shoes", "care")
    assert (one.inheritance, one.localized, one.default) == ("not_visible", False, "iron")
    assert {f.path[0] for f in action(deed.plan, "Standard-Shoes-care").fields} == {
        "inheritance",
        "localized",
        "domain",
        "default",
    }
    carried_out(k, at("Standard/Shoes", "care", values=values, default="wash", **spec), calls=1)
    assert k.core.attribute("/Standard/Shoes", "care").default == "wash"


def test_oc_r72_defaults_are_read_for_the_nodes_that_declare_one(k: World) -> None:
    begin(k)
    k.core.add_node("/Standard/Hats")
    k.core.add_attribute("/Standard/Hats", "gender", values={"f": {}}, default="f")
    words = [at("Standard/Hats", "gender", default="f"), at("Standard/Shoes", "care", default="wash")]

    plan = planned(k, *words)

    slashes = [{"nodePaths": ["/Standard/Hats", "/Standard/Shoes"], "withDefaultValues": True}]
    bare = [{"nodePaths": ["Standard/Hats", "Standard/Shoes"], "withDefaultValues": True}] if hard(k) else []
    assert requests(k, LOOK) == slashes + bare
    assert len(plan.writes) == 1
    assert [f.path[0] for f in action(plan, "Standard-Shoes-care").fields] == ["default"]
    assert action(plan, "Standard-Hats-gender").verb == "adopt"
    carried_out(k, *words, calls=1)


def test_oc_r72_nodes_with_the_same_definition_are_read_apart(k: World) -> None:
    begin(k)
    k.core.add_node("/Standard/Hats")
    for path in ("/Standard/Hats", "/Standard/Shoes"):
        k.core.add_attribute(path, "gender", values={"f": {}}, default="f" if "Hats" in path else None)

    plan = planned(
        k,
        at("Standard/Hats", "gender", name="h", default="f"),
        at("Standard/Shoes", "gender", name="s", default="f"),
    )

    assert len(requests(k, LOOK)) == (4 if hard(k) else 2)
    assert [a.verb for a in plan.actions] == ["adopt", "adopt"]
    assert [c.address.name for c in plan.calls if c.carrier] == ["s"]


def test_oc_r66_a_root_node_that_is_missing_is_made(k: World) -> None:
    k.core.add_class("Standard", labels={"de_DE": "Mode"}, root=False)
    deed = carried_out(k, cl("Standard"), nd("Standard/Shoes"), calls=1)

    assert action(deed.plan, "Standard").verb == "adopt"
    assert k.core.node_paths() == ["/Standard", "/Standard/Shoes"]


def test_oc_r65_a_node_beneath_what_is_nowhere_is_refused(k: World) -> None:
    k.core.add_class("Standard")
    k.core.add_definition("gender")
    plan = planned(
        k,
        nd("Standart/Shoes"),
        nd("Standard/Shoes"),
        nd("Standard/Hat/Red", name="deep"),
        at("Standard/Shoe", "gender", name="a"),
        at("Standard/Shoes", "gendre", name="b"),
    )

    for name, near in [("Standart-Shoes", "Standard"), ("deep", ""), ("a", "Standard/Shoes"), ("b", "gender")]:
        [hold] = action(plan, name).holds
        assert (hold.rule, hold.final) == ("unresolved", True)
        assert near in hold.reason
    assert [c.address.name for c in plan.calls if c.carrier] == ["Standard-Shoes"]


def test_oc_r65_what_stands_in_a_held_one_waits(k: World) -> None:
    k.core.add_definition("gender")
    plan = planned(
        k,
        cl("Standard", en_US="x"),
        nd("Standard/Shoes"),
        nd("Standard/Shoes/Boots"),
        at("Standard/Shoes", "gender", name="a"),
        at("Standard", "gender", name="r"),
    )
    assert plan.writes == ()
    assert [rules(plan, n) for n in ("Standard-Shoes", "Standard-Shoes-Boots", "a", "r")] == [["depends-on"]] * 4


def test_oc_r21_a_label_that_leaves_the_manifest_stays(k: World) -> None:
    k.core.add_class("Standard")
    carried_out(k, cl("Standard", en_GB="Fashion"), calls=1)
    plan = planned(k, cl("Standard", de_DE="Mode"))
    why = "no list shows them, so they cannot be sent along" if hard(k) else "this API cannot take a label away"
    assert f"left in place: the labels in en_GB ({why})" in action(plan, "Standard").notes
    carried_out(k, cl("Standard", de_DE="Mode"), calls=1)
    assert tree(k)["Standard"] == {"de_DE": "Mode"} | ({} if hard(k) else {"en_GB": "Fashion"})


def test_drift_is_repaired(k: World) -> None:
    begin(k)
    words = [nd("Standard/Shoes", de_DE="Schuhe"), at("Standard/Shoes", "care", localized=True)]
    carried_out(k, *words)
    k.core.change_attribute("/Standard/Shoes", "care", localized=False)
    k.core.change_node("/Standard/Shoes", {"de_DE": "Stiefel"})

    plan = planned(k, *words)

    assert [(f.path, f.reason) for f in action(plan, "Standard-Shoes-care").fields] == [(("localized",), "drift")]
    carried_out(k, *words, calls=1)
    assert k.core.attribute("/Standard/Shoes", "care").localized
    if hard(k):  # no list shows labels: nobody can know, and nothing is sent for ever (OC-R63)
        assert "not verifiable: labels (the API does not show them)" in action(plan, "Standard-Shoes").notes
    else:
        assert tree(k)["Standard/Shoes"] == {"de_DE": "Schuhe"}


def test_what_left_git_is_let_go(k: World) -> None:
    begin(k)
    carried_out(k, cl("Standard"), nd("Standard/Shoes"), at("Standard/Shoes", "care"))
    deed = carried_out(k, calls=0)

    assert [a.verb for a in deed.plan.actions] == ["release"] * 3
    assert k.recorded.bonds == {}


def test_oc_r69_what_is_sent_along_must_be_as_it_was(k: World) -> None:
    begin(k)
    plan = planned(k, at("Standard/Shoes", "gender"))
    k.core.change_attribute("/Standard/Shoes", "care", localized=False)

    deed = applied(k, plan)

    assert "has changed since the plan" in deed.report.outcomes[0].message
    assert deed.sent == []
    carried_out(k, at("Standard/Shoes", "gender"), calls=1)
    assert not k.core.attribute("/Standard/Shoes", "care").localized


def test_oc_c21_batches_are_as_large_as_the_target_says(k: World) -> None:
    k.settings[CORE] = {"batchSize": 3}
    k.core.add_definition("gender")
    words = [cl("S", en_GB="S"), *(nd(f"S/{n}", en_GB=n) for n in "abcde"), at("S/e", "gender"), cl("T")]

    deed = carried_out(k, *words, calls=3)  # S, S/a, S/b; S/c, S/d, S/e; T

    own = [s for s in deed.sent if '<class tid="S"><name><itm loc="en_GB">S</itm></name></class>' in s]
    assert [s.count("<node ") for s in own] == [3, 3]
    assert tree(k)["S"] == {"en_GB": "S"}
    changed = [cl("S", en_GB="new"), *(nd(f"S/{n}", en_GB=f"{n}!") for n in "abcde"), at("S/e", "gender"), cl("T")]
    carried_out(k, *changed, calls=2)  # five nodes; the classification goes along with the first
    assert tree(k)["S"] == {"en_GB": "new"}
    assert tree(k)["S/e"] == {"en_GB": "e!"}


def test_oc_c21_a_full_batch_with_its_classification(k: World) -> None:
    """200 nodes and their classification are one request."""
    k.core.add_class("S")
    words = [nd(f"S/{n:03}") for n in range(200)]
    carried_out(k, *words, calls=1)


def test_oc_r60_the_requests_of_a_plan(k: World) -> None:
    begin(k)
    deed = carried_out(k, cl("Standard", en_GB="x"), nd("Standard/Shoes", en_GB="y"), calls=1)

    assert deed.asked("preconditions") == 1
    assert deed.asked("verify") <= 2
    assert [r.partition(" ")[2] for r in deed.report.requests["calls"]] == [f"POST {PERSIST}"]
