"""Keys of other things that are sent as they stand: whoever mentions what does not come waits with it, and nothing
is deleted for something that could not be made (OC-R65, OC-R136)."""

from __future__ import annotations

import pytest

from tests.contract.classes import ANEW, at, attributes, cl, nd, of, tree
from tests.contract.keywords import action, applied, carried_out, planned, requests, rules
from tests.contract.peos import GOING, PERFORM, PRODUCTS, peo, peos, product, shop
from tests.contract.test_ways_out import chosen
from tests.world import CORE, World


def test_what_belongs_into_a_classification_that_cannot_be_renamed_waits_with_it(k: World) -> None:
    k.core.add_definition("care")
    carried_out(k, cl("New", name="std"))

    plan = planned(
        k,
        cl("Standard", name="std"),
        nd("Standard/Shoes"),
        nd("Standard/Shoes/Boots"),
        at("Standard", "care"),
        at("Standard/Shoes", "care"),
    )

    assert rules(plan, "std") == ["no-rename"]
    waiting = ("Standard-Shoes", "Standard-Shoes-Boots", "Standard-care", "Standard-Shoes-care")
    assert {name: rules(plan, name) for name in waiting} == {name: ["depends-on"] for name in waiting}
    assert plan.writes == ()
    k.apply(plan)
    assert sorted(tree(k)) == ["New"]
    assert not {of("NodeAttribute", n) for n in waiting} & k.recorded.bonds.keys()


@pytest.mark.parametrize("consent", [["replace"], []])
def test_a_peo_is_not_deleted_for_a_product_that_is_nowhere(k: World, consent: list[str]) -> None:
    shop(k)
    carried_out(k, peo("Summer"), peo("Winter"))

    plan = planned(k, peo("Summer", product="prod-9", allow=consent), peo("Winter"))

    assert rules(plan, "summer") == [*(["replace"] if not consent else []), "unresolved"]
    assert "no Product 'prod-9' is declared or live" in action(plan, "summer").holds[-1].reason
    assert requests(k, PRODUCTS) == [{"tids": ["prod-9"]}]
    assert plan.writes == ()
    k.apply(plan)
    assert peos(k) == {"prod-1/Print/Summer": [], "prod-1/Print/Winter": []}


def test_products_are_asked_for_only_where_a_peo_is_to_be_made_anew(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer"), peo("Winter", product="prod-2"))

    planned(k, peo("Summer", projects=["Web"]), peo("Winter", product="prod-2"), peo("Spring", product="prod-9"))
    assert requests(k, PRODUCTS) == []

    carried_out(k, peo("Summer", product="prod-2", allow=["replace"]), peo("Winter", product="prod-2"), calls=2)
    assert peos(k) == {"prod-2/Print/Summer": [], "prod-2/Print/Winter": []}


def test_a_peo_whose_own_product_has_gone_is_not_deleted_for_another_template(k: World) -> None:
    shop(k)
    k.core.add_template("8", "Web")
    carried_out(k, peo("Summer"))
    without_product(k, "prod-1")

    plan = planned(k, peo("Summer", template="Web", templateId="8", allow=["replace"]))

    assert rules(plan, "summer") == ["unresolved"]
    assert plan.writes == ()


def without_product(k: World, tid: str) -> None:
    """Somebody takes a product away, and its peos stay for now."""
    saved = k.core.dump()
    state = saved["state"]
    assert isinstance(state, dict)
    assert isinstance(state["products"], dict)
    del state["products"][tid]
    k.core.load(saved)


def test_a_peo_waits_for_a_new_product_before_its_old_one_is_deleted(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer"))
    moved = peo("Summer", product="prod-9", allow=["replace"])

    deed = applied(k, planned(k, moved, product("prod-9", name="Nine", node="Nope/Shoes")))

    assert "failed" in deed.ends
    assert peos(k) == {"prod-1/Print/Summer": []}
    carried_out(k, moved, product("prod-9", name="Nine"))
    assert peos(k) == {"prod-9/Print/Summer": []}


def test_an_attribute_is_not_deleted_for_a_definition_that_is_nowhere(k: World) -> None:
    for one in ("care", "size"):
        k.core.add_definition(one)
    carried_out(k, cl("Standard", name="std"), at("Standard", "care", name="a"))

    plan = planned(k, cl("Standard", name="std"), at("Standard", "siez", name="a", previous_key="care", **ANEW))

    assert rules(plan, "a") == ["unresolved"]
    assert "did you mean size?" in action(plan, "a").holds[0].reason
    assert plan.writes == ()
    carried_out(k, cl("Standard", name="std"), at("Standard", "size", name="a", previous_key="care", **ANEW))
    assert attributes(k) == {"Standard": ["size"]}


def test_what_was_deleted_to_be_made_anew_and_was_not_is_made_by_the_next_plan(k: World) -> None:
    """Nothing tells beforehand whether there is a template of an id."""
    shop(k)
    carried_out(k, peo("Summer"))

    plan = planned(k, peo("Summer", template="Web", templateId="9", allow=["replace"]))
    report = k.apply(plan)

    [lost] = [o for o in report.outcomes if str(o.end) == "failed" and "made anew" in o.message]
    assert lost.message.endswith("plan and apply again: that makes it")
    assert peos(k) == {}
    carried_out(k, peo("Summer"), calls=1)
    assert peos(k) == {"prod-1/Print/Summer": []}


def test_an_attribute_of_a_node_that_was_not_selected_is_told_so(k: World) -> None:
    k.core.add_definition("care")
    documents = [cl("Standard", name="std"), nd("Standard/Shoes", name="shoes")]
    documents += [at("Standard", "care", name="root"), at("Standard/Shoes", "care", name="inner")]

    plan = chosen(k, ["kind:NodeAttribute"], *documents)

    for name, above in (("root", "Classification/std"), ("inner", "ClassificationNode/shoes")):
        [hold] = action(plan, name).holds
        assert hold.reason.endswith(f"{CORE}/{above} is not live; it is declared, but left out by the selection")
        assert hold.way_out == f"select both: --only {CORE}/NodeAttribute/{name} --only {CORE}/{above}"


def test_a_node_beneath_one_that_was_not_selected_is_told_so(k: World) -> None:
    documents = [cl("Standard", name="std"), nd("Standard/Shoes", name="shoes"), nd("Standard/Hats", name="hats")]
    documents.append(nd("Standard/Hats/Caps", name="caps"))

    plan = chosen(k, [f"{CORE}/ClassificationNode/shoes", f"{CORE}/ClassificationNode/caps"], *documents)

    for name, above in (("shoes", "Classification/std"), ("caps", "ClassificationNode/hats")):
        [hold] = action(plan, name).holds
        assert hold.reason.endswith(f"{CORE}/{above} is not live; it is declared, but left out by the selection")


def test_a_delete_refused_for_want_of_rights_has_failed_and_stays_ours(k: World) -> None:
    shop(k)
    carried_out(k, peo("Summer", **GOING), peo("Winter"))
    tid = k.core.peo(k.recorded.bonds[of("Peo", "summer")].id).tid
    plan = planned(k, peo("Winter"))
    k.core.on_request(1, "before-effect", lambda _: k.core.deny_peo(tid), path=PERFORM)

    report = k.apply(plan)

    assert {(str(o.end), o.message) for o in report.outcomes if "rights" in o.message} == {
        ("failed", "PEO is not available by access rights")
    }
    assert of("Peo", "summer") in k.recorded.bonds
