"""Keywords made, labelled, renamed, moved and deleted, many in one request (OC-R19 to OC-R31)."""

from __future__ import annotations

import pytest

from reconciler.model.faults import ManifestInvalid
from reconciler.workflow import Override
from tests.contract.keywords import (
    DELETABLE,
    LOCALES,
    RETRIEVE,
    action,
    applied,
    at,
    carried_out,
    forest,
    kw,
    planned,
    requests,
    rules,
)
from tests.contract.nests import written
from tests.world import World


def hard(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"


def test_oc_r24_a_root_is_created_with_its_labels(k: World) -> None:
    deed = carried_out(k, kw("Seasons", en_GB="Seasons", de_DE="Jahreszeiten"), calls=1)

    labels = '<itm loc="de_DE">Jahreszeiten</itm><itm loc="en_GB">Seasons</itm>'
    assert deed.sent == [f'<kwds><kwd parentPath="/"><name><itm>Seasons</itm>{labels}</name></kwd></kwds>']
    assert forest(k) == {"Seasons": {"en_GB": "Seasons", "de_DE": "Jahreszeiten"}}
    assert k.recorded.bonds[at("seasons")].made
    assert k.recorded.bonds[at("seasons")].id == k.core.keyword("/Seasons").id


def test_oc_r30_a_whole_branch_in_one_call_and_repaired_where_that_fails(k: World) -> None:
    deed = carried_out(k, kw("A"), kw("A/B"), kw("A/B/C"), kw("A/D"), calls=1)

    assert len(deed.plan.contingent) == 4
    assert len(deed.sent) == (3 if hard(k) else 1)
    assert deed.ends.count("unneeded") == (0 if hard(k) else 7)
    assert sorted(forest(k)) == ["A", "A/B", "A/B/C", "A/D"]


def test_oc_r24_a_live_parent_is_named_by_its_id(k: World) -> None:
    parent = k.core.add_keyword("Seasons")

    deed = carried_out(k, kw("Seasons/Winter"), calls=1)

    assert deed.sent == [f'<kwds><kwd parentId="{parent}"><name><itm>Winter</itm></name></kwd></kwds>']


def test_oc_r19_a_live_one_is_adopted_and_only_what_differs_is_sent(k: World) -> None:
    remote_id = k.core.add_keyword("Seasons", labels={"en_GB": "Seasons", "fr_FR": "Saisons"})

    deed = carried_out(k, kw("Seasons", en_GB="Seasons"), calls=0)
    assert action(deed.plan, "seasons").verb == "adopt"
    assert not k.recorded.bonds[at("seasons")].made

    deed = carried_out(k, kw("Seasons", en_GB="The seasons"), calls=1)
    labels = '<itm loc="en_GB">The seasons</itm><itm loc="fr_FR">Saisons</itm>'
    assert deed.sent == [f'<kwds><kwd id="{remote_id}"><name><itm>Seasons</itm>{labels}</name></kwd></kwds>']


def test_oc_r21_a_label_that_leaves_the_manifest_stays_and_is_managed_no_more(k: World) -> None:
    carried_out(k, kw("A", en_GB="a", de_DE="ä"))

    deed = carried_out(k, kw("A", en_GB="a"), calls=0)

    assert "left in place: the labels in de_DE (this API cannot take a label away)" in action(deed.plan, "a").notes
    assert forest(k) == {"A": {"en_GB": "a", "de_DE": "ä"}}
    assert action(planned(k, kw("A", en_GB="a")), "a").notes == ()


def test_oc_r17_an_unknown_locale_is_refused_with_the_nearest_before_the_first_write(k: World) -> None:
    plan = planned(k, kw("A", en_UK="a"), kw("A/B"))

    assert (rules(plan, "a"), rules(plan, "a-b")) == (["unresolved"], ["depends-on"])
    assert "did you mean en_" in action(plan, "a").holds[0].reason
    assert plan.writes == ()


def test_oc_c1_locales_are_read_only_where_a_label_is_declared(k: World) -> None:
    planned(k, kw("A"))
    assert requests(k, LOCALES) == []

    planned(k, kw("A", en_GB="a"), kw("B", en_GB="b"))
    assert requests(k, LOCALES) == [{"mode": "ALL"}]


def test_oc_r13_the_adversarial_list_shows_roots_alone_so_each_root_concerned_is_read(k: World) -> None:
    for root in ("A", "B"):
        k.core.add_keyword("X", k.core.add_keyword(root))

    plan = planned(k, kw("A/X"), kw("C/Y"))

    assert requests(k, RETRIEVE) == [
        {"path": "/", "level": -1},
        *([{"path": "/A", "level": -1}] if hard(k) else []),
    ]
    assert action(plan, "a-x").verb == "adopt"


def test_oc_r25_a_rename_takes_the_branch_along(k: World) -> None:
    carried_out(k, kw("Old", name="r"), kw("Old/X", name="x", en_GB="x"))
    remote_id = k.core.keyword("/Old/X").id

    deed = carried_out(k, kw("New", name="r", was="Old"), kw("New/X", name="x", en_GB="x"), calls=1)

    assert action(deed.plan, "x").verb == "none"
    assert k.core.keyword("/New/X").id == remote_id
    carried_out(k, kw("New", name="r"), kw("New/X", name="x", en_GB="x"), calls=0)


def test_oc_r25_without_a_word_a_rename_is_held(k: World) -> None:
    carried_out(k, kw("Old", name="r"))

    assert rules(planned(k, kw("New", name="r")), "r") == ["rename-unconfirmed"]


def test_oc_r25_a_rename_that_is_over_needs_nothing(k: World) -> None:
    k.core.add_keyword("New")

    carried_out(k, kw("New", was="Old"), calls=0)


def test_oc_r25_old_and_new_both_live_is_refused(k: World) -> None:
    k.core.add_keyword("Old")
    k.core.add_keyword("New")

    plan = planned(k, kw("New", was="Old"))

    assert "name-taken" in rules(plan, "new")
    assert plan.writes == ()


def test_oc_r26_a_move_to_another_parent_to_the_root_and_to_a_new_one(k: World) -> None:
    carried_out(
        k, kw("A", name="a"), kw("B", name="b"), kw("A/X", name="x"), kw("A/Y", name="y"), kw("Z", name="z")
    )

    deed = carried_out(
        k,
        kw("A", name="a"),
        kw("B", name="b"),
        kw("B/X", name="x", was="A/X"),
        kw("Y", name="y", was="A/Y"),
        kw("N", name="n"),
        kw("N/Z", name="z", was="Z"),
        calls=2,
    )

    assert [s.count("<kwd ") + s.count("<action ") for s in deed.sent] == [1, 3]
    assert sorted(forest(k)) == ["A", "B", "B/X", "N", "N/Z", "Y"]


def test_oc_r26_moved_and_renamed_takes_two_calls(k: World) -> None:
    carried_out(k, kw("A", name="a"), kw("A/X", name="x", en_GB="x"))

    carried_out(k, kw("A", name="a"), kw("Y", name="x", was="A/X", en_GB="y"), calls=2)

    assert forest(k) == {"A": {}, "Y": {"en_GB": "y"}}


def test_oc_r26_parent_and_child_change_places(k: World) -> None:
    carried_out(k, kw("A", name="a"), kw("A/B", name="b"))

    carried_out(k, kw("B", name="b", was="A/B"), kw("B/A", name="a", was="A"), calls=1)

    assert sorted(forest(k)) == ["B", "B/A"]


@pytest.mark.parametrize("n", [2, 3])
def test_oc_r27_a_ring_of_names_takes_a_second_persist(k: World, n: int) -> None:
    carried_out(k, *(kw(f"K{i}", name=f"k{i}", en_GB=f"label {i}") for i in range(n)))
    ids = [k.core.keyword(f"/K{i}").id for i in range(n)]

    turned = (kw(f"K{(i + 1) % n}", name=f"k{i}", was=f"K{i}", en_GB=f"label {(i + 1) % n}") for i in range(n))
    carried_out(k, *turned, calls=2)

    assert [k.core.keyword(f"/K{(i + 1) % n}").id for i in range(n)] == ids
    assert not [p for p in forest(k) if "tmp-" in p]


def test_oc_r27_two_of_one_value_change_parents(k: World) -> None:
    roots = (kw("A", name="a"), kw("B", name="b"))
    carried_out(k, *roots, kw("A/X", name="ax"), kw("B/X", name="bx"))

    carried_out(k, *roots, kw("B/X", name="ax", was="A/X"), kw("A/X", name="bx", was="B/X"), calls=3)

    assert sorted(forest(k)) == ["A", "A/X", "B", "B/X"]


def test_oc_r22_a_label_that_an_undeclared_sibling_has_is_held(k: World) -> None:
    k.core.add_keyword("Other", labels={"en_GB": "one"})

    plan = planned(k, kw("Mine", en_GB="one"), kw("Mine/Sub", en_GB="one"))

    assert (rules(plan, "mine"), rules(plan, "mine-sub")) == (["value-taken"], ["depends-on"])
    assert "'Other'" in action(plan, "mine").holds[0].reason


def test_oc_r29_release_is_the_default(k: World) -> None:
    carried_out(k, kw("A"))

    carried_out(k, calls=0)

    assert forest(k) == {"A": {}}
    assert at("a") not in k.recorded.bonds


def test_oc_r28_a_branch_is_deleted_deepest_first_in_one_call(k: World) -> None:
    carried_out(k, kw("A", **DELETABLE), kw("A/B", **DELETABLE), kw("A/B/C", **DELETABLE), kw("Keep"))
    ids = [k.core.keyword(p).id for p in ("/A/B/C", "/A/B", "/A")]

    deed = carried_out(k, kw("Keep"), calls=1)

    assert deed.sent == [
        "<actions>" + "".join(f'<action dataType="keyword" id="{i}" type="delete"/>' for i in ids) + "</actions>"
    ]
    assert forest(k) == {"Keep": {}}


def test_oc_r29_what_holds_foreign_keywords_or_assets_stays(k: World) -> None:
    carried_out(k, kw("A", **DELETABLE), kw("B", **DELETABLE), kw("Keep"))
    k.core.add_keyword("Foreign", "/A")
    k.core.link_asset("/B")

    plan = planned(k, kw("Keep"))

    assert (rules(plan, "a"), rules(plan, "b")) == (["in-use"], ["in-use"])
    assert "linked assets: 1" in action(plan, "b").holds[0].reason
    assert plan.writes == ()


def test_oc_r29_not_what_was_adopted(k: World) -> None:
    k.core.add_keyword("A")
    carried_out(k, kw("A", **DELETABLE), kw("Keep"))

    assert rules(planned(k, kw("Keep")), "a") == ["not-ours"]


def test_oc_r28_what_is_moved_out_of_a_doomed_branch_leaves_first(k: World) -> None:
    carried_out(k, kw("A", name="a", **DELETABLE), kw("A/B", name="b"))

    carried_out(k, kw("B", name="b", was="A/B"), calls=2)

    assert forest(k) == {"B": {}}


def test_oc_r14_what_is_yet_to_go_is_looked_for_where_its_branch_has_been_moved(k: World) -> None:
    """Its delete was held, or a run was killed before it: it is not gone because nothing has its old path."""
    carried_out(k, kw("Old", name="r"), kw("Old/X", name="x", **DELETABLE))
    k.core.link_asset("/Old/X")
    carried_out(k, kw("New", name="r", was="Old"), calls=1)
    assert k.recorded.bonds[at("x")].key == ["New", "X"]

    plan = planned(k, kw("New", name="r"))

    assert (action(plan, "x").verb, rules(plan, "x")) == ("delete", ["in-use"])
    assert sorted(forest(k)) == ["New", "New/X"]


def test_oc_r31_a_delete_that_frees_a_value_goes_first(k: World) -> None:
    carried_out(k, kw("A", name="a", **DELETABLE, en_GB="one"), kw("B", name="b", en_GB="two"))

    deed = carried_out(k, kw("B", name="b", en_GB="one"), calls=2)

    assert ["delete" in s for s in deed.sent] == [True, False]
    assert forest(k) == {"B": {"en_GB": "one"}}


def test_oc_r28_deletes_wait_until_everything_else_has_worked(k: World) -> None:
    carried_out(k, kw("A", name="a", **DELETABLE), kw("B", name="b"))
    plan = planned(k, kw("B", name="b", en_GB="b"))
    k.core.mar("B", description="not today")

    deed = applied(k, plan)

    assert sorted(deed.ends) == ["blocked", "done", "failed", "unneeded"]
    assert sorted(forest(k)) == ["A", "B"]


def test_drift_is_put_right(k: World) -> None:
    carried_out(k, kw("A", name="a"), kw("A/B", name="b", en_GB="b"), kw("C", name="c"))
    k.core.change_keyword("/A/B", value="X", labels={"en_GB": "x", "de_DE": "y"})
    k.core.move_keyword("/C", "/A")

    deed = carried_out(k, kw("A", name="a"), kw("A/B", name="b", en_GB="b"), kw("C", name="c"), calls=2)

    assert {str(f.reason) for f in action(deed.plan, "b").fields} == {"drift"}
    assert forest(k) == {"A": {}, "A/B": {"en_GB": "b", "de_DE": "y"}, "C": {}}


def test_oc_r14_one_that_is_gone_is_made_again(k: World) -> None:
    carried_out(k, kw("A", name="a"), kw("B", name="b"))
    k.core.remove_keyword("/B")

    carried_out(k, kw("A", name="a"), kw("B", name="b"), calls=1)

    assert sorted(forest(k)) == ["A", "B"]


def test_oc_r15_what_has_no_value_is_matched_by_nothing(k: World) -> None:
    k.core.add_keyword("", labels={"en_GB": "nameless"})

    carried_out(k, kw("A", en_GB="a"), calls=1)


def test_oc_r19_two_siblings_of_one_value_are_refused(k: World) -> None:
    ids = [k.core.add_keyword("A"), k.core.add_keyword("A")]

    plan = planned(k, kw("A", en_GB="a"))

    assert rules(plan, "a") == ["ambiguous"]
    assert all(i in action(plan, "a").holds[0].reason for i in ids)
    assert rules(planned(k, kw("A", pinned_id=ids[1], en_GB="a")), "a") == []


def test_a_hold_that_is_lifted_sends_what_it_held(k: World) -> None:
    carried_out(k, kw("Old", name="r"))
    plan = planned(k, kw("New", name="r"))

    deed = applied(k, plan, overrides=[Override("rename-unconfirmed", at("r"), "agreed")])

    assert deed.sent == [f'<kwds><kwd id="{k.core.keyword("/New").id}"><name><itm>New</itm></name></kwd></kwds>']


NESTED = """
apiVersion: omn-core/v1
kind: Keyword
metadata: {name: seasons}
spec:
  path: Seasons
  labels: {en_GB: Seasons, de_DE: Jahreszeiten}
  keywords:
    - {path: Summer, labels: {en_GB: Summer}, keywords: [{path: July}]}
    - path: Winter
"""
APART = """
apiVersion: omn-core/v1
kind: Keyword
metadata: {name: seasons}
spec: {path: Seasons, labels: [{locale: de_DE, text: Jahreszeiten}, {locale: en_GB, text: Seasons}]}
---
apiVersion: omn-core/v1
kind: Keyword
metadata: {name: seasons/Summer}
spec: {path: Seasons/Summer, labels: [{locale: en_GB, text: Summer}]}
---
apiVersion: omn-core/v1
kind: Keyword
metadata: {name: seasons/Summer/July}
spec: {path: Seasons/Summer/July}
---
apiVersion: omn-core/v1
kind: Keyword
metadata: {name: seasons/Winter}
spec: {path: Seasons/Winter}
"""


def test_oc_r20_nested_and_apart_are_one(k: World) -> None:
    nested, apart = planned(k, *written(NESTED)), planned(k, *written(APART))

    assert [(c.line, c.body) for c in nested.calls] == [(c.line, c.body) for c in apart.calls]
    assert len(nested.writes) == 1
    carried_out(k, *written(NESTED))
    assert planned(k, *written(APART)).writes == ()
    assert sorted(forest(k)) == ["Seasons", "Seasons/Summer", "Seasons/Summer/July", "Seasons/Winter"]


def test_oc_r20_what_leaves_an_exact_list_is_deleted(k: World) -> None:
    exact = NESTED.replace("  keywords:\n", "  keywordsMode: exact\n  keywords:\n", 1)
    carried_out(k, *written(exact))

    carried_out(k, *written(exact.replace("    - path: Winter\n", "")), calls=1)

    assert "Seasons/Winter" not in forest(k)


def test_oc_r20_assets_cannot_be_declared(k: World) -> None:
    with pytest.raises(ManifestInvalid, match="assets are linked to it one by one"):
        written(NESTED.replace("    - path: Winter\n", "    - {path: Winter, assets: [cat.jpg]}\n"))


def test_oc_r10_batches_are_as_large_as_the_target_says(k: World) -> None:
    k.settings["core"] = {"batchSize": 2}

    deed = carried_out(k, *(kw(f"K{n}") for n in range(5)), calls=3)

    assert sorted(s.count("<kwd ") for s in deed.sent) == [1, 2, 2]
