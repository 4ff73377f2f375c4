"""Products made, changed, linked and deleted, and what they may not be (OC-R137 to OC-R147)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.twins import Fault
from tests.contract.keywords import action, applied, carried_out, planned, requests, rules
from tests.contract.peos import DROP, GOING, JOIN, MAKE, PART, PRODUCTS, TEMPLATE, at, peo, product
from tests.world import CORE, World, doc

VALUES: Mapping[str, Any] = {"color": {"en_GB": "Black"}, "weight": 8.5, "sizes": ["S", "M"]}
SHOE: Mapping[str, Any] = {"name": "Shoe", "values": VALUES}


def stock(k: World) -> None:
    """Attributes and a node that products need."""
    for tid in ("color", "weight", "sizes", "tags", "currency", "brands"):
        k.core.add_definition(tid, values={"EUR": {}, "USD": {}} if tid in ("currency", "brands") else None)
    k.core.add_definition("ACC", "ref")
    k.core.add_class("Std")
    k.core.add_node("Std/Shoes")


def live(k: World, tid: str) -> dict[str, object]:
    [one] = [p for p in k.core.products_without_ids() if isinstance(p, dict) and p["tid"] == tid]
    return {**one}


def test_oc_r143_many_are_made_in_one_request_and_read_in_one(k: World) -> None:
    stock(k)
    wanted = (product("p1", node="Std/Shoes", **SHOE), product("p2", name="Boot"))

    deed = carried_out(k, *wanted, calls=1)

    assert deed.sent[0].startswith('<products><product tid="p1"><name>Shoe</name><node>/Std/Shoes</node><vals>')
    assert (deed.asked("preconditions"), deed.asked("verify")) == (1, 1)
    assert live(k, "p1")["node"] in ("/Std/Shoes", "Std/Shoes")
    assert requests(k, PRODUCTS) == [{"tids": ["p1", "p2"]}]
    assert k.recorded.bonds[at("p1", "Product")].id == "p1"


@pytest.mark.parametrize(
    "values",
    [
        {"weight": 9},
        {"sizes": ["L"]},
        {"color": {"en_GB": "Red", "de_DE": "Rot"}},
        {"tags": {"en_GB": ["a", "b"], "de_DE": ["c"]}},
        {"currency": {"domain": "EUR"}},
        {"currency": {"en_GB": {"domain": "EUR"}, "de_DE": {"domain": "USD"}}},
        {"brands": {"domain": ["EUR", "USD"]}},
        {"brands": {"en_GB": {"domain": ["USD"]}}},
    ],
)
def test_oc_r141_a_value_of_each_shape_is_written_read_and_changed(k: World, values: dict[str, object]) -> None:
    stock(k)
    carried_out(k, product("p1", name="Shoe", values={"weight": 1}), calls=1)

    carried_out(k, product("p1", name="Shoe", values={"weight": 1} | values), calls=1)
    [name] = values
    k.core.change_product("p1", vals={name: "something else"})

    deed = carried_out(k, product("p1", name="Shoe", values=values), calls=1)
    assert {f.path for f in action(deed.plan, "p1").fields} == {("values", name)}


def test_oc_r142_only_declared_names_and_locales_count(k: World) -> None:
    stock(k)
    k.core.add_product("p1", "Shoe", vals={"color": {"de_DE": "Schwarz", "en_GB": "Black"}, "weight": "8.5"})

    carried_out(k, product("p1", values={"color": {"en_GB": "Black"}}), calls=0)
    deed = carried_out(k, product("P1", called="p1", values={"color": {"en_GB": "Red"}}), calls=1)

    assert '<itm loc="de_DE">Schwarz</itm><itm loc="en_GB">Red</itm>' in deed.sent[0]
    assert "weight" not in deed.sent[0]
    assert "weight" in str(live(k, "p1")["vals"])


def test_oc_r143_what_people_call_it_is_an_ordinary_field(k: World) -> None:
    carried_out(k, product("p1", name="Shoe"))

    deed = carried_out(k, product("p1", name="Summer shoe"), calls=1)

    assert deed.sent == ['<products><product tid="p1"><name>Summer shoe</name></product></products>']


def test_oc_r143_another_identifier_is_another_product(k: World) -> None:
    carried_out(k, product("p1", name="Shoe", called="shoe"))

    plan = planned(k, product("p2", name="Shoe two", called="shoe", previous_key="p1"))

    assert plan.writes == ()
    assert action(plan, "shoe").holds


def test_oc_r144_another_node_is_refused(k: World) -> None:
    stock(k)
    k.core.add_node("Std/Boots")
    carried_out(k, product("p1", name="Shoe", node="Std/Shoes"))

    assert rules(planned(k, product("p1", name="Shoe", node="Std/Boots")), "p1") == ["immutable"]


def test_oc_r143_a_product_needs_a_name_to_be_made(k: World) -> None:
    assert rules(planned(k, product("p1", values={"weight": 1})), "p1") == ["name"]


def test_oc_r138_a_live_one_is_adopted_and_its_drift_is_put_right(k: World) -> None:
    stock(k)
    k.core.add_product("p1", "Shoe", vals={"weight": "8.5"})
    deed = carried_out(k, product("p1", values={"weight": 8.5}), calls=0)
    assert action(deed.plan, "p1").verb == "adopt"
    k.core.change_product("p1", vals={"weight": "9"})

    deed = carried_out(k, product("p1", values={"weight": 8.5}), calls=1)

    assert {str(f.reason) for f in action(deed.plan, "p1").fields} == {"drift"}


def test_oc_r143_one_that_is_gone_is_made_again(k: World) -> None:
    carried_out(k, product("p1", name="Shoe"), product("p2", name="Boot"))
    k.core.remove_product("p1")

    carried_out(k, product("p1", name="Shoe"), product("p2", name="Boot"), calls=1)


def test_oc_r145_links_follow_what_they_need_and_are_one_request_each(k: World) -> None:
    stock(k)
    both = [{"attribute": "ACC", "product": "p1"}, {"attribute": "ACC", "product": "p3"}]
    others = (product("p1", name="Shoe"), product("p3", name="Sock"))

    deed = carried_out(k, product("p2", name="Boot", links=both), *others, calls=2)
    assert [s[:7] for s in deed.sent] == ["<produc", "<links>"]

    deed = carried_out(k, product("p2", name="Boot", links=both[:1]), *others, calls=1)
    assert '<itm key="targetProductTid">p3</itm>' in deed.sent[0]
    assert live(k, "p2")["links"] == [["ACC", "p1"]]
    carried_out(k, product("p2", name="Boot", links=[]), *others, calls=1)
    assert live(k, "p2")["links"] == []


def test_oc_r145_where_no_link_is_shown_what_was_sent_counts(k: World) -> None:
    stock(k)
    k.core.add_product("p9", "Other")
    wanted = product("p1", name="Shoe", links=[{"attribute": "ACC", "product": "p9"}])
    carried_out(k, wanted)
    saved: Any = k.core.dump()
    saved["state"]["product_links"].clear()
    k.core.load(saved)

    plan = planned(k, wanted)

    assert plan.writes == ()
    assert any("not verifiable: links" in note for note in action(plan, "p1").notes)


def test_oc_r137_release_is_the_default_and_only_ours_are_deleted(k: World) -> None:
    k.core.add_product("p1", "Shoe")
    carried_out(k, product("p1", **GOING), product("p2", name="Boot"))

    plan = planned(k)

    assert (rules(plan, "p1"), str(action(plan, "p2").verb)) == (["not-ours"], "release")


def test_oc_r147_what_we_made_is_deleted_in_one_request(k: World) -> None:
    carried_out(k, *(product(f"p{n}", name=f"P{n}", **GOING) for n in range(3)))

    deed = carried_out(k, product("p0", name="P0"), calls=1)

    assert deed.sent[0].count('type="delete"') == 2
    assert [p["tid"] for p in k.core.products_without_ids() if isinstance(p, dict)] == ["p0"]


def test_a_peo_waits_for_the_product_of_the_same_plan(k: World) -> None:
    k.core.add_template(TEMPLATE, "Print")

    deed = carried_out(k, peo("Summer", product="p1"), product("p1", name="Shoe"), calls=2)

    assert [s[:5] for s in deed.sent] == ["<prod", "<peos"]


def test_oc_r6_one_refused_in_the_middle_leaves_the_others_done(k: World) -> None:
    k.core.add_product("p0", "Taken")
    plan = planned(k, product("p1", name="A"), product("p2", name="Taken"), product("p3", name="C"))

    deed = applied(k, plan)

    ends = {o.call: (str(o.end), o.message) for o in deed.report.outcomes}
    told = {c.address.name: ends[c.id] for c in plan.calls if c.carrier}
    assert {n: end for n, (end, _) in told.items()} == {"p1": "done", "p2": "failed", "p3": "done"}
    assert told["p2"][1].endswith("caused by: Unable to create or update product. Product name is duplicated.")


def test_oc_r144_a_node_that_is_not_there_is_told(k: World) -> None:
    deed = applied(k, planned(k, product("p1", name="A", node="No/Where")))

    assert "An error while product classification" in deed.report.outcomes[0].message


def test_a_product_waits_for_a_node_that_cannot_be_made(k: World) -> None:
    stock(k)
    boots = doc(f"{CORE}/ClassificationNode", "boots", {"path": "Nowhere/Boots"})

    plan = planned(k, boots, product("p1", node="Nowhere/Boots", **SHOE))

    assert rules(plan, "boots") == ["unresolved"]
    assert rules(plan, "p1") == ["depends-on"]
    assert plan.writes == ()


def test_oc_r6_a_warning_is_not_done(k: World) -> None:
    stock(k)
    carried_out(k, product("p1", name="A"))
    k.core.mar("A", "WARNING", "dropped a value")

    deed = applied(k, planned(k, product("p1", name="A", values={"weight": 2})))

    assert (deed.ends[0], deed.report.outcomes[0].message) == ("failed", "dropped a value")


def test_oc_r145_errors_of_links_are_told(k: World) -> None:
    stock(k)
    carried_out(k, product("p1", name="A"), product("p2", name="B"))
    links = [{"attribute": "ACC", "product": "p2"}, {"attribute": "ACC", "product": "nowhere"}]

    plan = planned(k, product("p1", name="A", links=links), product("p2", name="B"))
    report = k.apply(plan)

    assert sorted(str(o.end) for o in report.outcomes) == ["done", "done", "failed"]
    assert live(k, "p1")["links"] == [["ACC", "p2"]]


def test_oc_r137_without_the_right_everybody_fails_with_the_servers_words(k: World) -> None:
    plan = planned(k, product("p1", name="A"))
    k.core.faults.add(Fault("status", method="POST", path=MAKE, status=403))

    deed = applied(k, plan)

    assert deed.ends == ["failed"] * 2
    assert deed.report.outcomes[0].status == 403


def test_oc_r137_a_user_who_is_no_administrator_is_told(k: World) -> None:
    plan = planned(k, product("p1", name="A"))
    k.keys[CORE] = "omn_token_user"

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"failed"}
    assert "Access to the requested resource endpoint is forbidden" in report.outcomes[0].message


@pytest.mark.parametrize("path", [MAKE, JOIN, PART, DROP])
def test_oc_r143_a_lost_answer_is_looked_up_and_repeated_where_it_did_not_happen(k: World, path: str) -> None:
    stock(k)
    link = [{"attribute": "ACC", "product": "p2"}, {"attribute": "ACC", "product": "p4"}]
    kept = (product("p2", name="B"), product("p4", name="D", links=[{"attribute": "ACC", "product": "p2"}]))
    before = {
        MAKE: (), JOIN: (product("p1", name="A"),), PART: (product("p1", name="A", links=link),),
        DROP: (product("p1", name="A", **GOING),),
    }[path]  # fmt: skip
    after = {
        MAKE: (product("p1", name="A"),), JOIN: (product("p1", name="A", links=link),),
        PART: (product("p1", name="A", links=link[:1]),), DROP: (),
    }[path]  # fmt: skip
    carried_out(k, *before, *kept)
    plan = planned(k, *after, *kept)
    k.core.faults.add(Fault("status", method="POST", path=path, status=502))

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    assert planned(k, *after, *kept).writes == ()
