"""Directories made, given values, renamed, moved and deleted, many in one request (OC-R105 to OC-R118)."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.model.faults import ManifestInvalid
from reconciler.model.json import Json
from reconciler.twins import OmnCoreTwin
from tests.contract.directories import (
    ASSETS,
    DELETABLE,
    LIST,
    RNCS,
    at,
    carried_out,
    di,
    planned,
    reads,
    tree,
)
from tests.contract.importing import place
from tests.contract.keywords import action, applied, rules
from tests.contract.nests import written
from tests.world import CORE, World

ALL: dict[str, Json] = {
    "TEXT": "temp",
    "MANY": ["red", "blue"],
    "SPOKEN": {"de_DE": "rot", "en_GB": "red"},
    "BOTH": {"en_GB": ["a"]},
}


def hard(d: World) -> bool:
    return d.core.knobs.profile == "adversarial"


def test_oc_r109_one_right_beneath_the_rnc_is_persisted_with_its_values(d: World) -> None:
    deed = carried_out(d, di("products", {"SEASON": "summer", "OPEN": True}), calls=1)

    vals = '<val attr="OPEN"><itm>true</itm></val><val attr="SEASON"><itm>summer</itm></val>'
    assert deed.sent == [f'<dirs><dir rnc="MAM"><name>products</name><vals>{vals}</vals></dir></dirs>']
    assert tree(d) == {"/MAM/products": {"OPEN": "true", "SEASON": "summer"}}
    assert d.recorded.bonds[at("products")].made
    assert d.recorded.bonds[at("products")].id == d.core.directory("/MAM/products").tid


def test_oc_r109_what_lies_in_a_live_one_names_it_by_its_tid(d: World) -> None:
    parent = d.core.add_directory("/MAM/products")

    deed = carried_out(d, di("products/shoes"), calls=1)

    assert deed.sent == [f'<dirs><dir parent="{parent}"><name>shoes</name></dir></dirs>']


def test_oc_r110_a_whole_branch_takes_one_request_parents_first(d: World) -> None:
    deed = carried_out(d, di("A/B/C"), di("A"), di("A/B"), di("D"), calls=1)

    paths = ("/MAM/A", "/MAM/A/B", "/MAM/A/B/C", "/MAM/D")
    made = "".join(f'<action dataType="dir" path="{p}" type="createPath"/>' for p in paths)
    assert deed.sent == [f"<actions>{made}</actions>"]
    assert sorted(tree(d)) == ["/MAM/A", "/MAM/A/B", "/MAM/A/B/C", "/MAM/D"]
    assert all(d.recorded.bonds[at(n)].id for n in ("a", "a-b", "a-b-c", "d"))


def test_oc_r110_no_path_is_made_of_what_is_there(d: World) -> None:
    d.core.add_directory("/MAM/A/B")

    deed = carried_out(d, di("A"), di("A/B"), di("A/B/C"), di("A/B/C/D"), calls=1)

    assert [s.count("createPath") for s in deed.sent] == [2]
    assert {n: str(action(deed.plan, n).verb) for n in ("a", "a-b")} == {"a": "adopt", "a-b": "adopt"}


def test_oc_r113_values_of_what_is_made_by_its_path_take_a_reading_and_a_persist(d: World) -> None:
    deed = carried_out(d, di("A"), di("A/B", ALL), calls=3)

    assert list(deed.report.requests["calls"]) == [
        "core: POST /dam/dirs/perform",
        "core: POST /dam/dirs/retrieve",
        "core: POST /dam/dirs/persist",
    ]
    tids = {n: d.core.directory(p).tid for n, p in (("a", "/MAM/A"), ("b", "/MAM/A/B"))}
    assert deed.sent[1].startswith(f'<dirs><dir tid="{tids["b"]}" parent="{tids["a"]}"><name>B</name><vals>')
    assert tree(d)["/MAM/A/B"] == ALL


def test_oc_r111_every_shape_of_a_value_is_changed_by_one_persist(d: World) -> None:
    carried_out(d, di("A", ALL))
    other: dict[str, Json] = {
        "TEXT": "other",
        "MANY": ["blue"],
        "SPOKEN": {"en_GB": "blue"},
        "BOTH": {"en_GB": ["a", "b"]},
    }

    deed = carried_out(d, di("A", other), calls=1)

    assert deed.sent[0].startswith(f'<dirs><dir tid="{d.core.directory("/MAM/A").tid}" rnc="MAM"><name>A</name>')
    spoken = {"en_GB": "blue"} if hard(d) else {"de_DE": "rot", "en_GB": "blue"}
    assert tree(d)["/MAM/A"] == {**other, "SPOKEN": spoken}


def test_oc_r117_a_changed_one_is_sent_with_all_declared_values_and_no_others(d: World) -> None:
    d.core.add_directory("/MAM/A", vals={"TEXT": "temp", "THEIRS": "stays"})
    carried_out(d, di("A", {"TEXT": "temp", "MORE": "x"}))

    deed = carried_out(d, di("A", {"TEXT": "temp", "MORE": "y"}), calls=1)

    assert deed.sent[0].count("<val ") == 2
    assert tree(d)["/MAM/A"] == {"TEXT": "temp", "MORE": "y", "THEIRS": "stays"}


def test_oc_r118_values_that_are_never_shown_are_remembered(d: World) -> None:
    carried_out(d, di("A", {"TEXT": "temp"}))
    plan = planned(d, di("A", {"TEXT": "temp"}))

    notes = action(plan, "a").notes
    assert any("not verifiable: attributes" in n for n in notes) is hard(d)
    assert plan.writes == ()


def test_oc_r118_values_that_are_shown_are_put_right(d: World) -> None:
    carried_out(d, di("A", {"TEXT": "temp"}))
    d.core.describe_directory("/MAM/A", {"TEXT": "drifted"})

    deed = carried_out(d, di("A", {"TEXT": "temp"}), calls=0 if hard(d) else 1)

    assert tree(d)["/MAM/A"] == {"TEXT": "drifted" if hard(d) else "temp"}
    assert {str(f.reason) for f in action(deed.plan, "a").fields} <= {"drift"}


def test_oc_r105_one_list_for_each_rnc_and_one_of_the_rncs(d: World) -> None:
    d.core.add_directory("/DATA/A/other")

    planned(d, di("A"), di("B"))
    assert reads(d) == {RNCS: 1, LIST: 1}

    planned(d, di("A"), di("A", rnc="DATA", name="data"))
    assert reads(d) == {RNCS: 1, LIST: 2}


def test_oc_r106_what_another_rnc_has_is_not_ours_to_match(d: World) -> None:
    d.core.add_directory("/DATA/A")

    carried_out(d, di("A"), calls=1)

    assert sorted(tree(d)) == ["/DATA/A", "/MAM/A"]


def test_oc_r105_an_unknown_rnc_is_refused_with_the_nearest(d: World) -> None:
    plan = planned(d, di("A", rnc="MAN"), di("A/B", rnc="MAN"))

    assert rules(plan, "a") == ["unresolved"]
    assert "did you mean MAM" in action(plan, "a").holds[0].reason
    assert plan.writes == ()


def test_oc_r111_a_rename_takes_the_branch_along(d: World) -> None:
    carried_out(d, di("Old", name="r"), di("Old/X", name="x"))
    tid = d.core.directory("/MAM/Old/X").tid

    deed = carried_out(d, di("New", name="r", was="Old"), di("New/X", name="x"), calls=1)

    own = d.core.directory("/MAM/New").tid
    assert deed.sent == [f'<dirs><dir tid="{own}" rnc="MAM"><name>New</name></dir></dirs>']
    assert action(deed.plan, "x").verb == "none"
    assert d.core.directory("/MAM/New/X").tid == tid


def test_oc_r111_without_a_word_a_rename_is_held(d: World) -> None:
    carried_out(d, di("Old", name="r"))

    assert rules(planned(d, di("New", name="r")), "r") == ["rename-unconfirmed"]


def test_oc_r107_case_counts(d: World) -> None:
    d.core.add_directory("/MAM/Shoes")

    carried_out(d, di("shoes"), calls=1)

    assert sorted(tree(d)) == ["/MAM/Shoes", "/MAM/shoes"]


def test_oc_r107_a_name_that_stays_is_not_taken(d: World) -> None:
    d.core.add_directory("/MAM/Other")
    carried_out(d, di("Mine", name="m"))

    plan = planned(d, di("Other", name="m", was="Mine"))

    assert "name-taken" in rules(plan, "m")
    assert plan.writes == ()


def test_oc_r112_moves_to_another_one_to_the_rnc_and_to_a_new_one(d: World) -> None:
    carried_out(d, *(di(p, name=p[-1].lower()) for p in ("A", "B", "A/X", "A/Y", "Z")))

    deed = carried_out(
        d,
        di("A", name="a"),
        di("B", name="b"),
        di("B/X", name="x", was="A/X"),
        di("Y", name="y", was="A/Y"),
        di("N", name="n"),
        di("N/Z", name="z", was="Z"),
        calls=2,
    )

    assert sorted(tree(d)) == ["/MAM/A", "/MAM/B", "/MAM/B/X", "/MAM/N", "/MAM/N/Z", "/MAM/Y"]
    assert deed.sent[1].count('<itm key="overwrite">false</itm>') == 3
    assert '<itm key="destinationDirPath">/MAM/</itm>' in deed.sent[1]


def test_oc_r112_moved_and_renamed_takes_a_move_and_a_persist(d: World) -> None:
    carried_out(d, di("A", name="a"), di("A/X", name="x"))

    carried_out(d, di("A", name="a"), di("Y", name="x", was="A/X"), calls=2)

    assert sorted(tree(d)) == ["/MAM/A", "/MAM/Y"]


def test_oc_r115_a_name_that_a_move_needs_goes_along_with_values_that_needed_a_reading(d: World) -> None:
    carried_out(d, di("B", name="a"))

    carried_out(
        d,
        di("C", name="c"),
        di("C/B", {"COLOUR": "red"}, name="b"),
        di("C/A", name="a", was="B"),
        calls=4,
    )

    assert tree(d) == {"/MAM/C": {}, "/MAM/C/A": {}, "/MAM/C/B": {"COLOUR": "red"}}


def test_oc_r115_parent_and_child_change_places(d: World) -> None:
    carried_out(d, di("A", name="a"), di("A/B", name="b"))

    carried_out(d, di("B", name="b", was="A/B"), di("B/A", name="a", was="A"), calls=1)

    assert sorted(tree(d)) == ["/MAM/B", "/MAM/B/A"]


@pytest.mark.parametrize("n", [2, 3])
def test_oc_r115_a_ring_of_names_takes_a_second_persist(d: World, n: int) -> None:
    carried_out(d, *(di(f"K{i}", name=f"k{i}") for i in range(n)))
    ids = [d.core.directory(f"/MAM/K{i}").tid for i in range(n)]

    carried_out(d, *(di(f"K{(i + 1) % n}", name=f"k{i}", was=f"K{i}") for i in range(n)), calls=2)

    assert [d.core.directory(f"/MAM/K{(i + 1) % n}").tid for i in range(n)] == ids


def test_oc_r112_between_rncs_nothing_is_moved(d: World) -> None:
    carried_out(d, di("A", name="a"))

    plan = planned(d, di("A", rnc="DATA", name="a"), di("A/B", rnc="DATA", name="b"))

    assert rules(plan, "a") == ["immutable"]
    assert rules(plan, "b") == ["depends-on"]
    assert "declare it anew in the other RNC" in action(plan, "a").holds[0].way_out
    assert plan.writes == ()


def test_oc_r116_release_is_the_default(d: World) -> None:
    carried_out(d, di("A"), di("B"))

    carried_out(d, di("B"), calls=0)

    assert sorted(tree(d)) == ["/MAM/A", "/MAM/B"]
    assert at("a") not in d.recorded.bonds


def test_oc_r116_a_branch_is_deleted_deepest_first_in_one_call(d: World) -> None:
    carried_out(d, di("A", **DELETABLE), di("A/B", **DELETABLE), di("A/B/C", **DELETABLE), di("Keep"))
    ids = [d.core.directory(p).tid for p in ("/MAM/A/B/C", "/MAM/A/B", "/MAM/A")]

    plan = planned(d, di("Keep"))
    assert reads(d) == {RNCS: 1, LIST: 1, ASSETS: 3}
    deed = applied(d, plan)

    deletes = "".join(f'<action dataType="dir" tid="{i}" type="delete"/>' for i in ids)
    assert deed.sent == [f"<actions>{deletes}</actions>"]
    assert deed.asked("preconditions") == 1 + 3
    assert sorted(tree(d)) == ["/MAM/Keep"]
    assert planned(d, di("Keep")).writes == ()


def test_oc_r116_what_holds_assets_or_directories_of_others_stays_with_their_number(d: World) -> None:
    carried_out(d, *(di(p, **DELETABLE) for p in ("A", "A/X", "B", "B/Y")), di("Keep"))
    d.core.add_asset("/MAM/A/X")
    d.core.add_asset("/MAM/A/X", "dog.jpg")
    d.core.add_directory("/MAM/B/foreign")

    plan = planned(d, di("Keep"))

    assert [rules(plan, n) for n in ("a", "a-x", "b", "b-y")] == [["in-use"], ["in-use"], ["in-use"], []]
    assert "assets: 2" in action(plan, "a-x").holds[0].reason
    assert "Directories in it: 1" in action(plan, "b").holds[0].reason
    assert len(plan.writes) == 1
    applied(d, plan)
    assert sorted(tree(d)) == ["/MAM/A", "/MAM/A/X", "/MAM/B", "/MAM/B/foreign", "/MAM/Keep"]


def test_oc_r116_an_asset_that_came_since_the_plan_keeps_it(d: World) -> None:
    carried_out(d, di("A", **DELETABLE), di("Keep"))
    plan = planned(d, di("Keep"))
    d.core.add_asset("/MAM/A")

    deed = applied(d, plan)

    assert "stale" in deed.ends
    assert sorted(tree(d)) == ["/MAM/A", "/MAM/Keep"]


def test_oc_r116_not_what_was_adopted(d: World) -> None:
    d.core.add_directory("/MAM/A")
    carried_out(d, di("A", **DELETABLE), di("Keep"))

    assert rules(planned(d, di("Keep")), "a") == ["not-ours"]


def test_oc_r116_what_is_moved_out_of_a_doomed_branch_leaves_first(d: World) -> None:
    carried_out(d, di("A", name="a", **DELETABLE), di("A/B", name="b"))

    carried_out(d, di("B", name="b", was="A/B"), calls=2)

    assert sorted(tree(d)) == ["/MAM/B"]


def test_oc_r115_a_delete_that_frees_a_name_goes_first(d: World) -> None:
    carried_out(d, di("A", name="a", **DELETABLE), di("B", name="b"))

    deed = carried_out(d, di("A", name="b", was="B"), calls=2)

    assert ["delete" in s for s in deed.sent] == [True, False]
    assert sorted(tree(d)) == ["/MAM/A"]


def test_drift_of_names_and_places_is_put_right(d: World) -> None:
    documents = [di("A", name="a"), di("A/B", name="b"), di("C", name="c")]
    carried_out(d, *documents)
    d.core.rename_directory("/MAM/A/B", "X")
    d.core.move_directory("/MAM/C", "/MAM/A")

    deed = carried_out(d, *documents, calls=2)

    assert {str(f.reason) for n in ("b", "c") for f in action(deed.plan, n).fields} == {"drift"}
    assert sorted(tree(d)) == ["/MAM/A", "/MAM/A/B", "/MAM/C"]


def test_one_that_is_gone_is_made_again(d: World) -> None:
    carried_out(d, di("A"), di("B"))
    d.core.remove_directory("/MAM/B")

    carried_out(d, di("A"), di("B"), calls=1)

    assert sorted(tree(d)) == ["/MAM/A", "/MAM/B"]


def test_oc_r10_batches_are_as_large_as_the_target_says(d: World) -> None:
    d.settings["core"] = {"batchSize": 2}

    deed = carried_out(d, *(di(f"D{n}", {"N": n}) for n in range(5)), calls=3)

    assert sorted(s.count("<dir ") for s in deed.sent) == [1, 2, 2]


NESTED = """
apiVersion: omn-core/v1
kind: Directory
metadata: {name: products}
spec:
  rnc: MAM
  path: products
  directories:
    - {path: shoes, attributes: {SEASON: summer}, directories: [{path: summer}]}
    - path: bags
"""
APART = """
apiVersion: omn-core/v1
kind: Directory
metadata: {name: products}
spec: {rnc: MAM, path: products}
---
apiVersion: omn-core/v1
kind: Directory
metadata: {name: products/shoes}
spec: {rnc: MAM, path: products/shoes, attributes: {SEASON: summer}}
---
apiVersion: omn-core/v1
kind: Directory
metadata: {name: products/shoes/summer}
spec: {rnc: MAM, path: products/shoes/summer}
---
apiVersion: omn-core/v1
kind: Directory
metadata: {name: products/bags}
spec: {rnc: MAM, path: products/bags}
"""


def test_nested_and_apart_are_one(d: World) -> None:
    nested, apart = planned(d, *written(NESTED)), planned(d, *written(APART))

    assert [(c.line, c.body, str(c.address)) for c in nested.calls] == [
        (c.line, c.body, str(c.address)) for c in apart.calls
    ]
    assert len(nested.writes) == 3
    carried_out(d, *written(NESTED))
    assert planned(d, *written(APART)).writes == ()
    assert sorted(tree(d)) == [f"/MAM/products{p}" for p in ("", "/bags", "/shoes", "/shoes/summer")]


def test_what_leaves_an_exact_list_is_deleted(d: World) -> None:
    exact = NESTED.replace("  directories:\n", "  directoriesMode: exact\n  directories:\n", 1)
    carried_out(d, *written(exact))

    carried_out(d, *written(exact.replace("    - path: bags\n", "")), calls=1)

    assert "/MAM/products/bags" not in tree(d)


def test_assets_cannot_be_declared() -> None:
    with pytest.raises(ManifestInvalid, match="assets are uploaded, not declared"):
        written(APART.replace("path: products/bags", "path: products/bags, assets: [cat.jpg]"))


@pytest.mark.parametrize("profile", ["plain", "adversarial"])
def test_everything_beneath_every_rnc_can_be_imported(tmp_path: Path, profile: str) -> None:
    twin = OmnCoreTwin(profile)
    for rnc in ("MAM", "DATA"):
        twin.add_rnc(rnc)
        twin.add_directory(f"/{rnc}/A/B", vals={"TEXT": "x"})

    with place(tmp_path, {CORE: twin}) as p:
        p.settles(CORE, "Directory")

        texts = [f.read_text() for f in (tmp_path / "manifests").rglob("*.yaml")]
        assert sum(t.count("rnc: MAM") for t in texts) == 2
        assert sum(t.count("TEXT: x") for t in texts) == (2 if profile == "plain" else 0)
