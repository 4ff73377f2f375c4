"""Glossaries made, changed, renamed and deleted, many in one request (OC-R85 to OC-R94)."""

from __future__ import annotations

from reconciler.model.document import Document
from reconciler.workflow import Override
from tests.contract.glossaries import (
    DELETABLE,
    RETRIEVE,
    action,
    applied,
    carried_out,
    en,
    entry,
    glossary,
    hard,
    made,
    planned,
    requests,
    rules,
    shown,
)
from tests.contract.nests import written
from tests.world import CORE, World


def test_oc_c31_new_glossaries_go_in_one_request(k: World) -> None:
    deed = carried_out(k, glossary("Shoes", multiple=True, attributes={"A": "x"}), glossary("Hats"), calls=1)

    values = '<vals><val attr="A"><itm>x</itm></val></vals>'
    meta = '<meta><itm key="multipleTranslations">true</itm></meta>'
    hats, shoes = (
        "<glossary><name>Hats</name></glossary>",
        f"<glossary><name>Shoes</name>{meta}{values}</glossary>",
    )
    assert deed.sent == [f"<glossaries>{hats}{shoes}</glossaries>"]
    assert shown(k) == {"Hats": {}, "Shoes": {}}
    assert made(k, "Glossary", "shoes")


def test_oc_r85_both_flags_are_sent_and_where_that_is_refused_one_alone_and_never_both_again(k: World) -> None:
    carried_out(k, glossary("Shoes"))
    both, one = {"retrieveEntries": True, "retrieveLinks": True}, {"retrieveEntries": True}

    plan = planned(k, glossary("Shoes"), entry("Shoes", "Schuh"))
    assert requests(k, RETRIEVE) == ([both, one] if hard(k) else [both])

    deed = applied(k, plan)
    assert {str(b) for b in requests(k, RETRIEVE)} == {str(one if hard(k) else both)}
    assert deed.asked("preconditions") == 1


def test_oc_r89_a_live_one_is_adopted_and_what_no_read_shows_is_sent(k: World) -> None:
    k.core.add_glossary("Shoes", vals={"A": "x"})

    deed = carried_out(k, glossary("Shoes", attributes={"A": "x"}), calls=0)
    assert action(deed.plan, "shoes").verb == "adopt"
    assert not made(k, "Glossary", "shoes")

    deed = carried_out(k, glossary("Shoes", multiple=True), calls=1)
    assert '<val attr="A"><itm>x</itm></val>' in deed.sent[0]
    again = planned(k, glossary("Shoes", multiple=True))
    assert "not verifiable: multipleTranslations (last sent as declared)" in action(again, "shoes").notes


def test_oc_r92_a_changed_value_takes_the_others_along(k: World) -> None:
    k.core.add_glossary("Shoes", vals={"A": "x", "B": ["y", "z"], "C": {"de_DE": "ja"}})
    before = dict(k.core.glossary("Shoes").vals or {})

    deed = carried_out(k, glossary("Shoes", attributes={"A": "new"}), calls=1)

    assert '<val attr="A"><itm>new</itm></val><val attr="B"' in deed.sent[0]
    assert k.core.glossary("Shoes").vals == {**before, "A": {"itm": ["new"]}}


def test_oc_r91_a_value_that_leaves_the_manifest_stays(k: World) -> None:
    carried_out(k, glossary("Shoes", attributes={"A": "x", "B": "y"}))

    carried_out(k, glossary("Shoes", attributes={"A": "x"}), calls=0)

    assert set(k.core.glossary("Shoes").vals or {}) == {"A", "B"}


def test_oc_r92_drift_is_repaired(k: World) -> None:
    carried_out(k, glossary("Shoes", attributes={"A": "x"}))
    k.core.change_glossary("Shoes", vals={"A": "somebody's"})

    deed = carried_out(k, glossary("Shoes", attributes={"A": "x"}), calls=1)

    assert [(f.before, f.after, str(f.reason)) for f in action(deed.plan, "shoes").fields] == [
        ("somebody's", "x", "drift")
    ]


def test_oc_r92_a_rename_keeps_the_entries_and_without_a_word_it_is_held(k: World) -> None:
    carried_out(k, glossary("Shoes", called="s"), entry("s", "Schuh"))

    assert rules(planned(k, glossary("Footwear", called="s")), "s") == ["rename-unconfirmed"]
    carried_out(k, glossary("Footwear", called="s", was="Shoes"), entry("s", "Schuh"), calls=1)

    assert shown(k) == {"Footwear": {"de_DE Schuh": {}}}


def test_oc_r94_names_are_swapped_by_two_calls(k: World) -> None:
    carried_out(k, glossary("A", called="a"), glossary("B", called="b"), glossary("C", called="c"))
    ids = {name: k.core.glossary(name).id for name in "ABC"}

    ring = [glossary(new, called=old.lower(), was=old) for old, new in (("A", "B"), ("B", "C"), ("C", "A"))]
    carried_out(k, *ring, calls=2)

    assert {name: k.core.glossary(name).id for name in "BCA"} == {"B": ids["A"], "C": ids["B"], "A": ids["C"]}


def test_oc_r94_who_takes_a_name_that_another_gives_up_goes_in_a_later_call(k: World) -> None:
    carried_out(k, glossary("A", called="a"))

    deed = carried_out(k, glossary("B", called="a", was="A"), glossary("A", called="new"), calls=2)

    assert [s.count("<name>") for s in deed.sent] == [1, 1]
    assert shown(k) == {"A": {}, "B": {}}


def test_oc_r94_a_glossary_that_goes_and_whose_name_is_wanted_goes_first_with_its_entries(k: World) -> None:
    carried_out(k, glossary("A", called="a", **DELETABLE), entry("a", "x", **DELETABLE), glossary("B", called="b"))

    deed = carried_out(k, glossary("A", called="b", was="B"), calls=3)

    assert ['type="delete"' in s for s in deed.sent] == [True, True, False]
    assert shown(k) == {"A": {}}


def test_oc_r104_all_entries_that_go_go_in_one_request_after_those_that_are_made(k: World) -> None:
    before = [glossary("A", called="a", **DELETABLE), glossary("B", called="b")]
    carried_out(k, *before, entry("a", "x", **DELETABLE), entry("b", "y", **DELETABLE))

    deed = carried_out(k, glossary("A", called="b", was="B"), entry("b", "new"), calls=4)

    assert [s.count('type="delete"') for s in deed.sent] == [0, 2, 1, 0]
    assert shown(k) == {"A": {"de_DE new": {}}}


def test_oc_r104_entries_that_go_wait_where_others_go_into_a_new_glossary(k: World) -> None:
    """Which is made once a glossary is gone that has to be empty by then."""
    before = [glossary("A", called="a", **DELETABLE), glossary("B", called="b")]
    carried_out(k, *before, entry("a", "x", **DELETABLE), entry("b", "y", **DELETABLE))

    deed = carried_out(
        k, glossary("A", called="b", was="B"), glossary("C", called="c"), entry("c", "new"), calls=6
    )

    assert [s.count('type="delete"') for s in deed.sent if "persist" not in s] == [1, 1, 0, 0, 1]
    assert shown(k) == {"A": {}, "C": {"de_DE new": {}}}


def test_oc_r94_where_an_entry_leaves_it_first_it_gets_another_name_meanwhile(k: World) -> None:
    carried_out(k, glossary("A", called="a", **DELETABLE), entry("a", "x"), glossary("B", called="b"))

    deed = carried_out(k, glossary("A", called="b", was="B"), entry("b", "x"), calls=4)

    assert "tmp-" in deed.sent[0]
    assert shown(k) == {"A": {"de_DE x": {}}}


def test_oc_r89_a_name_that_another_one_has_is_not_taken_whatever_its_case(k: World) -> None:
    k.core.add_glossary("Shoes")

    plan = planned(k, glossary("SHOES"), glossary("Hats", called="h"), glossary("hats", called="i"))

    assert [rules(plan, n) for n in ("shoes", "h", "i")] == [["name-taken"]] * 3
    assert plan.writes == ()


def test_oc_r90_the_systems_own_is_named_and_never_changed(k: World) -> None:
    carried_out(k, glossary("Default"), entry("Default", "Schuh"), calls=1)
    assert shown(k) == {"Default": {"de_DE Schuh": {}}}

    for changed in (glossary("Default", attributes={"A": "x"}), glossary("Mine", called="default", was="Default")):
        plan = planned(k, changed, entry("Default", "Schuh"))
        assert rules(plan, "default") == ["system"]
        assert plan.writes == ()


def test_oc_r93_a_glossary_goes_after_its_entries_and_in_two_requests(k: World) -> None:
    carried_out(k, glossary("Shoes", **DELETABLE), entry("Shoes", "Schuh", **DELETABLE))

    deed = carried_out(k, calls=2)

    assert ["glossaryEntry" in s for s in deed.sent] == [True, False]
    assert shown(k) == {}


def test_oc_r93_what_is_in_it_and_stays_holds_it(k: World) -> None:
    carried_out(k, glossary("Shoes", **DELETABLE), entry("Shoes", "Schuh"), entry("Shoes", "Hut", **DELETABLE))

    plan = planned(k, entry("Shoes", "Schuh"))
    assert "in-use" in rules(plan, "shoes")
    plan = planned(k)
    assert rules(plan, "shoes") == ["in-use"]
    assert "1 entry in it would not be deleted by this plan" in action(plan, "shoes").holds[0].reason
    assert applied(k, plan).ends == ["done", "done"]
    assert shown(k) == {"Shoes": {"de_DE Schuh": {}}}


def test_oc_r93_what_was_adopted_is_not_ours_to_delete(k: World) -> None:
    k.core.add_glossary("Shoes")
    carried_out(k, glossary("Shoes", **DELETABLE), calls=0)

    plan = planned(k)

    assert rules(plan, "shoes") == ["not-ours"]
    lifted = [Override("not-ours", action(plan, "shoes").address, "decided by the owner")]
    applied(k, plan, overrides=lifted)
    assert shown(k) == {}


def test_oc_r93_released_it_stays(k: World) -> None:
    carried_out(k, glossary("Shoes"))

    deed = carried_out(k, calls=0)

    assert action(deed.plan, "shoes").verb == "release"
    assert shown(k) == {"Shoes": {}}


def test_oc_c31_as_many_as_the_target_says_go_into_one_request(k: World) -> None:
    k.settings[CORE] = {"batchSize": 3}

    deed = carried_out(k, *(glossary(f"G{n}") for n in range(7)), calls=3)

    assert sorted(s.count("<name>") for s in deed.sent) == [1, 3, 3]


def test_oc_r93_an_entry_that_cannot_leave_after_all_keeps_its_glossary(k: World) -> None:
    carried_out(k, glossary("A", called="a"), glossary("B", called="b", **DELETABLE), entry("b", "x"))

    plan = planned(k, glossary("A", called="a"), glossary("a", called="n"), entry("n", "x"))

    assert (rules(plan, "n"), rules(plan, "x"), rules(plan, "b")) == (
        ["name-taken"],
        ["depends-on"],
        ["depends-on"],
    )
    assert plan.writes == ()


def test_oc_r101_a_translation_of_two_goes_after_both_and_once(k: World) -> None:
    k.core.add_glossary("S")
    carried_out(k, entry("S", "x", en("z"), **DELETABLE), entry("S", "y", en("z"), **DELETABLE, protect=True))
    shared = len(shown(k)["S"]) == 3

    plan = planned(k)

    assert rules(plan, "y") == ["protected"]
    applied(k, plan)
    assert "de_DE y" in shown(k)["S"]
    assert len(shown(k)["S"]) == 2
    assert shown(k)["S"]["de_DE y"] == {"en_EN": "z"}, shared


def nested(text: str, metadata: str = "") -> list[Document]:
    """A glossary whose entries leave by being deleted, with one."""
    one = f"{{locale: de_DE, type: term, text: {text}, translations: {{en_EN: shoe}}}}"
    item = f"{{metadata: {metadata}, spec: {one}}}" if metadata else one
    return written(
        "apiVersion: omn-core/v1\nkind: Glossary\nmetadata: {name: shoes}\n"
        f"spec: {{name: Shoes, entriesMode: exact, entries: [{item}]}}\n"
    )


def test_an_entry_nested_in_an_exact_list_is_not_lost_with_another_text(k: World) -> None:
    k.converge(*nested("Schuh"))

    plan = k.plan(*nested("Schuhe"))

    assert {a.address.name: [h.rule for h in a.holds] for a in plan.actions if a.holds} == {
        "shoes/de_DE/term/Schuh": ["rename-unconfirmed"],
        "shoes/de_DE/term/Schuhe": ["rename-unconfirmed"],
    }
    assert plan.writes == ()
    k.converge(*nested("Schuhe", "{previously: {key: Schuh}}"))
    assert shown(k) == {"Shoes": {"de_DE Schuhe": {"en_EN": "shoe"}, "en_EN shoe": {}}}
