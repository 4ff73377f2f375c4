"""What the reference wants of both sides, check by check: what the twin answers on the wire, and what becomes of a
plan that meets with it (OC-K1 to OC-K15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from reconciler.model.document import Document
from reconciler.model.plan import Plan
from reconciler.twins import Fault
from reconciler.twins.omn_core.things import Locale
from tests.contract import classes, definitions, directories, glossaries, peos
from tests.contract.classes import at, attributes, cl, nd
from tests.contract.definitions import ad, there
from tests.contract.directories import di, tree
from tests.contract.glossaries import entry, glossary, shown
from tests.contract.keywords import (
    PERSIST,
    RETRIEVE,
    action,
    applied,
    carried_out,
    kw,
    planned,
    requests,
    rules,
)
from tests.contract.peos import peo, shop
from tests.world import CORE, World

COMPACT = {"accept": "application/json+compact"}
NODES = "/pim/nodes/persist"


def hard(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"


def asked(k: World, path: str, container: str, *entries: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the twin answers to each of these objects, itself asked."""
    answer: Any = k.core.edit("POST", path, {container: {"entries": list(entries)}})
    assert answer.status == 200, answer.body
    return list(answer.body["responses"]["entries"])


def statuses(k: World, path: str, container: str, *entries: Mapping[str, Any]) -> list[str]:
    return [one["status"] for one in asked(k, path, container, *entries)]


def refused(k: World, path: str, body: object) -> tuple[int, str, str]:
    """Status, code and message of a call that is refused as a whole."""
    answer: Any = k.core.edit("POST", path, body)  # type: ignore[arg-type]
    issue = answer.body["issues"][0]
    return answer.status, issue["code"], issue["itms"][0]["errorMessage"]


def ends(k: World, plan: Plan) -> dict[str, tuple[str, str]]:
    """Apply. Name of a document -> how its own call ended, and what is said of it."""
    calls = {c.id: c for c in plan.calls if c.carrier and not c.contingent}
    return {calls[o.call].address.name: (str(o.end), o.message) for o in k.apply(plan).outcomes if o.call in calls}


def three(kind: str) -> list[Document]:
    """Three of a kind, `a`, `b` and `c`, each in its own request with the others of the kind alone."""
    made = {"keyword": kw, "definition": ad, "glossary": glossary, "classification": cl}
    if kind in made:
        return [made[kind](name) for name in "abc"]  # type: ignore[operator]
    if kind == "entry":
        return [entry("Shoes", name) for name in "abc"]
    return [di(n) for n in "abc"] if kind == "directory" else [peo(name) for name in "abc"]


KINDS = ("keyword", "definition", "glossary", "entry", "directory", "peo", "classification")


@pytest.mark.parametrize("kind", KINDS)
def test_check_1_an_object_that_fails_in_the_middle_leaves_its_neighbours_saved(k: World, kind: str) -> None:
    shop(k)
    k.core.add_rnc("MAM")
    k.core.add_glossary("Shoes")
    plan = planned(k, *three(kind))
    k.core.mar("b", description="not today")

    found = ends(k, plan)

    assert [found[n][0] for n in "abc"] == ["done", "failed", "done"]
    assert "not today" in found["b"][1]
    assert {e.status for e in k.core.log} == {200} or hard(k)
    assert {a.name for a in k.recorded.bonds} == {"a", "c"}


@pytest.mark.parametrize("late", [False, True])
def test_check_2_a_glossary_name_twice_is_500_and_what_stood_before_it_is_saved(k: World, late: bool) -> None:
    sent = {"glossaries": {"entries": [{"name": "Before"}, {"name": "Default"}, {"name": "After"}]}}
    if not late:
        status, told, message = refused(k, glossaries.PERSIST, sent)
        assert (status, told) == (500, "1000")
        assert message == "Unable to create the glossary: glossary with name 'Default' already exists."
        assert [*shown(k)] == ([] if hard(k) else ["Before"])
        return
    documents = [glossary("A"), glossary("B"), glossary("C")]
    plan = planned(k, *documents)
    k.core.on_request(1, "before-effect", lambda _: k.core.add_glossary("B"), path=glossaries.PERSIST)

    found = ends(k, plan)

    assert 500 in {e.status for e in k.core.log}
    assert [found[n][0] for n in "abc"] == ["done"] * 3
    assert sorted(shown(k)) == ["A", "B", "C"]
    assert planned(k, *documents).writes == ()


def test_check_3_a_keyword_that_is_made_twice_is_there_once(k: World) -> None:
    one = {"parentPath": "/", "name": {"itm": ["A"]}}
    if not hard(k):  # OC-P10
        first, second = asked(k, PERSIST, "kwds", one, one)
        assert (first["status"], second["status"]) == ("SUCCESS", "ERROR")
        assert second["description"].startswith("Keyword value 'A' for language 'default' is duplicated.")
    plan = planned(k, kw("B", en_GB="b"), kw("C"))
    k.core.on_request(1, "before-effect", lambda _: k.core.add_keyword("D", labels={"en_GB": "b"}), path=PERSIST)

    found = ends(k, plan)

    text = (
        "Keyword value 'b' for language 'en_GB' is duplicated. "
        "Unique keyword values under one parent should be provided"
    )
    assert (found["b"][0], found["c"][0]) == ("failed", "done")
    assert text in found["b"][1]
    assert rules(planned(k, kw("B", en_GB="b"), kw("C")), "b") == ["value-taken"]


def test_check_4_what_is_persisted_twice_is_made_and_then_changed(k: World) -> None:
    k.core.add_class("S")
    for path, container, one in (
        (definitions.PERSIST, "attrDefs", {"tid": "a", "type": "text"}),
        (classes.PERSIST, "classes", {"tid": "T"}),
        ("/pim/attributes/persist", "attrs", {"nodePath": "/S", "key": "a", "level": "p"}),
    ):
        assert [asked(k, path, container, one)[0]["action"] for _ in range(2)] == ["create", "update"]
    documents = [ad("b"), cl("U"), nd("U/n"), at("U/n", "b", name="use")]
    plan = planned(k, *documents)
    for path in (
        definitions.PERSIST,
        classes.PERSIST,
    ):  # done, and no answer: sent once more where no list shows it
        k.core.faults.add(Fault("status", method="POST", path=path, status=502, effect=True))

    assert {end for end, _ in ends(k, plan).values()} == {"done"}

    assert sorted(there(k)) == ["a", "b"]
    assert k.core.node_paths().count("/U/n") == 1
    assert attributes(k) == {"S": ["a"], "U/n": ["b"]}
    assert planned(k, *documents).writes == ()


def test_check_5_a_child_before_its_parent_is_refused_and_saved_when_sent_again(k: World) -> None:
    """Ours come parents first."""
    k.core.add_class("S")
    child, parent = {"parentPath": "/S/a", "tid": "b"}, {"parentPath": "/S", "tid": "a"}
    assert sorted(statuses(k, NODES, "nodes", child, parent)) == ["ERROR", "SUCCESS"]
    assert statuses(k, NODES, "nodes", child) == ["SUCCESS"]

    deed = carried_out(k, nd("S/x/y/z"), nd("S/x/y"), nd("S/x"), calls=1)

    places = [deed.sent[0].index(f' path="{p}"') for p in ("/S/x", "/S/x/y", "/S/x/y/z")]
    assert places == sorted(places)


def test_check_6_a_root_of_another_name_is_refused_and_the_classification_is_saved(k: World) -> None:
    """Ours is always called like its classification."""
    body = {
        "classes": {"entries": [{"tid": "S"}]},
        "nodes": {"entries": [{"class": "S", "path": "/T"}]},
    }
    answer: Any = k.core.edit("POST", classes.PERSIST, body)
    [one] = answer.body["responses"]["entries"]
    assert one["status"] == "ERROR"
    assert one["description"] == (
        "Unable to create the root node, identifier should match the classification name, "
        "classification: S, root node: T"
    )
    assert k.core.classification("S").tid == "S"
    assert k.core.node_paths() == []

    deed = carried_out(k, cl("S"), cl("U", en_GB="Another name"), calls=1)
    assert all(f'<node class="{tid}" path="/{tid}"/>' in deed.sent[0] for tid in "SU")
    assert sorted(k.core.node_paths()) == ["/S", "/U"]


def test_check_7_a_misspelt_locale_of_a_classification_is_a_warning_and_not_done(k: World) -> None:
    one = {"tid": "S", "name": {"itm": [{"loc": "e_DE", "value": "x"}]}}
    [told] = asked(k, classes.PERSIST, "classes", one)
    assert told["status"] == "WARNING"
    assert told["description"].endswith("|Cannot find language id with code 'e_DE'.")

    plan = planned(k, cl("T", fr_FR="x", en_GB="y"), cl("U", de_DD="z"))
    assert rules(plan, "U") == ["unresolved"]
    del k.core.state.of(Locale)["fr_FR"]
    found = ends(k, plan)

    assert found["T"][0] == "failed"
    assert "Cannot find language id with code 'fr_FR'." in found["T"][1]
    assert k.core.classification("T").labels == {"en_GB": "y"}


def test_check_8_nodes_go_deepest_first_in_one_call(k: World) -> None:
    k.core.add_class("S")
    parent, child = k.core.add_node("/S/a"), k.core.add_node("/S/a/b")
    delete = {"dataType": "classNode", "type": "delete"}
    upper, lower = {**delete, "id": parent}, {**delete, "id": child}
    [told] = asked(k, classes.NODES, "actions", upper)
    assert (told["status"], told["description"]) == (
        "ERROR",
        "The node could not be deleted. Reason: node is not empty",
    )
    assert statuses(k, classes.NODES, "actions", lower, upper) == ["SUCCESS"] * 2

    documents = [nd("S/x", **classes.GONE), nd("S/x/y", **classes.GONE)]
    carried_out(k, *documents)
    ids = [k.core.node(path).id for path in ("/S/x/y", "/S/x")]
    deed = carried_out(k, calls=1)

    deletes = "".join(f'<action dataType="classNode" id="{i}" type="delete"/>' for i in ids)
    assert deed.sent == [f"<actions>{deletes}</actions>"]
    assert k.core.node_paths() == ["/S"]


def test_check_9_a_move_onto_an_equal_name_collides_and_moves_nothing(d: World) -> None:
    d.core.add_directory("/MAM/to/x")
    tid = d.core.add_directory("/MAM/x")
    meta = {"destinationDirPath": "/MAM/to", "overwrite": "false"}
    [told] = asked(
        d, directories.PERFORM, "actions", {"dataType": "dir", "tid": tid, "type": "move", "meta": meta}
    )
    assert (told["status"], told["details"]["collision"]) == ("ERROR", "true")
    assert told["description"] == "Collision during move. Collision dir name:'x'"

    carried_out(d, di("mine", name="m"))
    plan = planned(d, di("to/mine", name="m", was="mine"))
    d.core.on_request(1, "before-effect", lambda _: d.core.add_directory("/MAM/to/mine"), path=directories.PERFORM)
    found = ends(d, plan)

    assert found["m"][0] == "failed"
    assert "Collision during move. Collision dir name:'mine'" in found["m"][1]
    assert sorted(tree(d)) == ["/MAM/mine", "/MAM/to", "/MAM/to/mine", "/MAM/to/x", "/MAM/x"]


def test_check_10_without_the_admin_role_nodes_are_not_persisted_and_not_deleted(k: World) -> None:
    k.core.add_class("S")
    node = k.core.add_node("/S/a")
    headers = {"authorization": "Bearer omn_token_user"}
    answer: Any = k.core.edit("POST", NODES, {"nodes": {"entries": [{"parentPath": "/S", "tid": "b"}]}}, headers)
    assert (answer.status, answer.body["issues"][0]["code"]) == (403, "1010")
    one = {"dataType": "classNode", "id": node, "type": "delete"}
    answer = k.core.edit("POST", classes.NODES, {"actions": {"entries": [one]}}, headers)
    [told] = answer.body["responses"]["entries"]
    assert (answer.status, told["status"]) == (200, "ERROR")

    carried_out(k, nd("S/x", **classes.GONE), nd("S/y"))
    k.keys[CORE] = "omn_token_user"
    assert rules(planned(k, nd("S/y")), "S-x") == ["no-admin"]
    carried_out(k, nd("S/x", **classes.GONE), nd("S/y", en_GB="y"), nd("S/z"), calls=1)
    k.keys[CORE] = k.core.default_key
    plan = planned(k, nd("S/y", en_GB="y"), nd("S/z"))
    k.keys[CORE] = "omn_token_user"
    found = ends(k, plan)

    assert found["S-x"][0] in ("failed", "stale")
    assert "/S/x" in k.core.node_paths()


def test_check_11_what_is_written_in_xml_is_seen_in_the_compact_form_and_the_other_way_round(k: World) -> None:
    carried_out(k, kw("A", name="a"), kw("A/B", name="b", en_GB='<b> & "c"', de_DE="ü"))

    answer: Any = k.core.edit("POST", RETRIEVE, {"path": "/A", "level": -1}, COMPACT)

    [b] = [one for one in answer.body["kwds"]["entries"] if one["path"] == "/A/B"]
    texts = {one["loc"]: one["value"] for one in b["name"]["itm"] if isinstance(one, dict)}
    assert texts == {"en_GB": '<b> & "c"', "de_DE": "ü"}
    changed = {
        "id": b["id"],
        "name": {"itm": ["B", {"loc": "en_GB", "value": "x"}, {"loc": "de_DE", "value": "ü"}]},
    }
    assert statuses(k, PERSIST, "kwds", changed) == ["SUCCESS"]
    plan = planned(k, kw("A", name="a"), kw("A/B", name="b", en_GB="x", de_DE="ü"))
    assert plan.writes == ()


def test_check_12_a_delete_of_an_attribute_needs_an_id_that_the_list_of_classes_does_not_show(k: World) -> None:
    k.core.add_definition("care")
    k.core.add_class("S")
    carried_out(k, at("S", "care", name="use", **classes.GONE))
    own = k.core.attribute("/S", "care").id
    listed: Any = k.core.edit("POST", classes.LIST, {"withNodes": True}).body
    shown_ = [one for node in listed["nodes"]["entries"] for one in node.get("attr", ())]
    assert [one["key"] for one in shown_] == ["care"]
    assert not any("id" in one for one in shown_)

    plan = planned(k)
    looked = [b for b in requests(k, classes.LOOK) if isinstance(b, dict)]
    deed = applied(k, plan)

    assert looked[0]["nodePaths"] == ["/S"]
    assert deed.sent == [f'<actions><action dataType="attribute" id="{own}" type="delete"/></actions>']
    assert attributes(k) == {}


def test_check_13_two_peos_of_one_name_are_not_adopted(k: World) -> None:
    shop(k)
    new = {"productTid": "prod-1", "templateId": peos.TEMPLATE, "name": "Summer"}
    assert statuses(k, peos.PERSIST, "peos", new, new) == ["SUCCESS"] * 2

    plan = planned(k, peo("Summer", projects=["AWS"]))

    assert (plan.writes, rules(plan, "summer")) == ((), ["ambiguous"])
    assert action(plan, "summer").holds[0].way_out
    k.apply(plan)
    assert k.recorded.bonds == {}


def test_check_14_answers_stand_in_the_order_of_the_request_and_whose_they_are_is_told_even_if_not(
    d: World,
) -> None:
    entries = [{"rnc": "NO" if n % 2 else "MAM", "name": f"d{n}"} for n in range(6)]
    expected = ["ERROR"] * 3 + ["SUCCESS"] * 3 if hard(d) else ["SUCCESS", "ERROR"] * 3
    assert statuses(d, directories.PERSIST, "dirs", *entries) == expected

    documents = [di(f"e{n}") for n in range(6)]
    plan = planned(d, *documents)
    for n in (1, 3, 5):
        d.core.mar(f"e{n}", description=f"not {n}")
    found = ends(d, plan)

    assert [found[f"e{n}"][0] for n in range(6)] == ["done", "failed"] * 3
    assert sorted(p for p in tree(d) if "/e" in p) == ["/MAM/e0", "/MAM/e2", "/MAM/e4"]
    assert sorted(a.name for a in d.recorded.bonds) == ["e0", "e2", "e4"]


@pytest.mark.parametrize("path", [RETRIEVE, "/dam/dirs/retrieve", "/pim/nodes/retrieve"])
def test_check_15_level_0_is_refused_and_never_asked_for(d: World, path: str) -> None:
    d.core.add_keyword("A")
    d.core.add_directory("/MAM/A")
    d.core.add_class("A")
    asked_ = {"path": "/A"} if "dirs" not in path else {"rncTid": "MAM"}

    status, told, _ = refused(d, path, {**asked_, "level": 0})

    assert (status, told) == (422 if hard(d) else 400, "1001")
    planned(d, kw("A/B"), di("A/B", name="d"), nd("A/B", name="n"))
    levels = [e.body["level"] for e in d.core.log if isinstance(e.body, dict) and "level" in e.body]
    assert levels
    assert set(levels) == {-1}
