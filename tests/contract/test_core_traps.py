"""The traps of OMN Core: each world punishes who falls into one (OC-T1 to OC-T38)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from reconciler.model.faults import ManifestInvalid
from reconciler.model.plan import Plan
from reconciler.twins import Fault
from reconciler.twins.core.values import Answer, Request
from tests.contract import classes, definitions, directories, glossaries, peos
from tests.contract.altered import altered
from tests.contract.classes import at, attributes, cl, nd
from tests.contract.core_estate import GONE, founded, made
from tests.contract.definitions import ad, there
from tests.contract.directories import di, tree
from tests.contract.glossaries import en, entry, glossary, shown
from tests.contract.keywords import PERSIST, action, carried_out, forest, kw, planned, requests, rules
from tests.contract.nests import written
from tests.contract.peos import peo, shop
from tests.world import World


def hard(k: World) -> bool:
    return k.core.knobs.profile == "adversarial"


def ends(k: World, plan: Plan) -> dict[str, tuple[str, str]]:
    """Apply. Name of a document -> how its own call ended, and what is said of it."""
    calls = {c.id: c for c in plan.calls if c.carrier}
    return {calls[o.call].address.name: (str(o.end), o.message) for o in k.apply(plan).outcomes if o.call in calls}


# Attribute definitions.


@pytest.mark.parametrize("whole", [True, False], ids=["with its classification", "by itself"])
def test_trap_a_definition_goes_after_everything_that_uses_it(k: World, whole: bool) -> None:
    """Also where an attribute goes along with the node or the classification that it stands in."""
    foreign = [] if whole else [nd("Standard/stays")]
    documents = [
        cl("Standard", **(GONE if whole else {})),
        nd("Standard/Shoes", **GONE),
        at("Standard/Shoes", "care", name="use", **GONE),
        ad("care", **GONE),
    ]
    carried_out(k, *documents, *foreign)

    deed = carried_out(k, *foreign, *([] if whole else [documents[0]]), calls=2)

    kinds = [re.search(r'dataType="(\w+)"', s) for s in deed.sent]
    assert [one and one[1] for one in kinds] == ["classification" if whole else "classNode", "attrDefinition"]
    assert there(k) == {}


LOST = {
    "multiValued": r"<multiValued>.*?</multiValued>",
    "domain": r"<domainVals.*?</domainVals>",
}


@pytest.mark.parametrize("field", LOST)
def test_trap_what_the_server_does_not_write_is_told_once_and_not_sent_for_ever(
    k: World, monkeypatch: pytest.MonkeyPatch, field: str
) -> None:
    """A server that answers SUCCESS and has dropped one field of a definition."""
    usual = k.core.perform
    altered(
        k,
        monkeypatch,
        lambda request, _: usual(_without(request, LOST[field])),
        path=definitions.PERSIST,
        twin=k.core,
    )
    wanted = ad("care", values=["wash"], multi=True, en_GB="Care")

    first = ends(k, planned(k, wanted))

    assert first["care"][0] == "failed"
    assert field in first["care"][1]
    assert planned(k, wanted).writes == ()
    assert rules(planned(k, wanted), "care") == ["changed-by-server"]


def test_trap_a_label_that_the_server_does_not_write_is_told_by_its_locale(
    k: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = k.core.perform
    deaf = lambda request, _: usual(_without(request, r'<itm loc="de_DE">.*?</itm>'))  # noqa: E731 - the same
    altered(k, monkeypatch, deaf, path=definitions.PERSIST, twin=k.core)

    found = ends(k, planned(k, ad("care", en_GB="Care", de_DE="Pflege"), ad("other", en_GB="Other")))

    assert found["care"] == ("failed", "the server accepted it, but live does not show it: labels de_DE")
    assert found["other"][0] == "done"
    assert k.recorded.bonds[definitions.at("care")].made


def _without(request: Request, pattern: str) -> Request:
    return replace(request, body=re.sub(pattern, "", request.body.decode()).encode())


# Classifications, nodes, attributes.


def test_trap_another_identifier_neither_renames_a_classification_nor_makes_a_second_one(k: World) -> None:
    carried_out(k, cl("Standard", name="s"), nd("Standard/Shoes", name="n"))

    for words in ({}, {"previous_key": "Standard"}):
        plan = planned(k, cl("Standart", name="s", **words), nd("Standard/Shoes", name="n"))
        assert plan.writes == ()
        assert action(plan, "s").holds
    misspelt = planned(k, cl("Standard", name="s"), nd("Standart/Shoes", name="n"))

    assert misspelt.writes == ()
    assert any("Standard" in h.reason + h.way_out for h in action(misspelt, "n").holds)
    assert k.core.node_paths() == ["/Standard", "/Standard/Shoes"]


def test_trap_the_domain_of_a_definition_and_that_of_its_use_are_two(k: World) -> None:
    documents = [ad("care", values=["wash", "iron"]), cl("S"), at("S", "care", name="use", values=["wash"])]
    carried_out(k, *documents)

    deed = carried_out(k, ad("care", values=["wash", "iron", "dry"]), *documents[1:], calls=1)
    assert action(deed.plan, "use").verb == "none"
    deed = carried_out(
        k,
        ad("care", values=["wash", "iron", "dry"]),
        cl("S"),
        at("S", "care", name="use", values=["wash", "dry"]),
        calls=1,
    )

    assert action(deed.plan, "care").verb == "none"
    used = k.core.attribute("/S", "care").domain
    assert used is not None
    assert [v["tid"] for v in used["values"]] == ["wash", "dry"]  # type: ignore[index,call-overload,union-attr]


@pytest.mark.parametrize("moved", ["node", "definition"])
def test_trap_another_node_or_definition_takes_consent_and_says_what_is_lost(k: World, moved: str) -> None:
    for name in ("care", "size"):
        k.core.add_definition(name)
    nodes = [cl("S"), nd("S/a"), nd("S/b")]
    carried_out(k, *nodes, at("S/a", "care", name="use"))
    there_ = ("S/b", "care") if moved == "node" else ("S/a", "size")

    assert rules(planned(k, *nodes, at(*there_, name="use")), "use") == ["replace"]
    plan = planned(k, *nodes, at(*there_, name="use", allow=["replace"]))

    assert any("lose the values" in e for e in action(plan, "use").effects)
    carried_out(k, *nodes, at(*there_, name="use", allow=["replace"]), calls=2)
    assert attributes(k) == {there_[0]: [there_[1]]}


# Keywords.


def test_trap_values_are_taken_locale_by_locale_so_a_swap_takes_a_third(k: World) -> None:
    carried_out(k, kw("A", en_GB="one", de_DE="eins"), kw("B", en_GB="two", de_DE="zwei"))

    deed = carried_out(k, kw("A", en_GB="two", de_DE="eins"), kw("B", en_GB="one", de_DE="zwei"), calls=2)

    assert re.search(r'<itm loc="en_GB">tmp-[0-9a-f]{8}</itm>', deed.sent[0])
    assert forest(k) == {"A": {"en_GB": "two", "de_DE": "eins"}, "B": {"en_GB": "one", "de_DE": "zwei"}}


def test_trap_an_order_number_is_neither_declared_nor_sent_nor_compared(k: World) -> None:
    keyword = """
apiVersion: omn-core/v1
kind: Keyword
metadata: {name: a}
spec: {path: A, orderNumber: 3}
"""
    with pytest.raises(ManifestInvalid, match="orderNumber"):
        written(keyword)
    carried_out(k, kw("P", name="p"), kw("P/A", name="a"), kw("P/B", name="b"))
    k.core.remove_keyword("/P/A")

    carried_out(k, kw("P", name="p"), kw("P/A", name="a"), kw("P/B", name="b"), calls=1)

    assert planned(k, kw("P", name="p"), kw("P/A", name="a"), kw("P/B", name="b")).writes == ()
    assert not any("orderNumber" in str(body) for body in requests(k, PERSIST))


# Glossaries.


def test_trap_a_new_entry_is_known_by_the_id_that_the_list_shows(k: World) -> None:
    """Its answer tells a `tid` that no list shows, or nothing at all."""
    glossaries.carried_out(k, glossary("Shoes", called="g"), entry("g", "Schuh", en("shoe"), called="e"))

    bonds = {a.name: b.id for a, b in k.recorded.bonds.items()}

    assert k.core.entry(bonds["e"]).value == "Schuh"
    assert k.core.glossary("Shoes").id == bonds["g"]
    k.core.change_entry(bonds["e"], "Stiefel")
    carried_out(k, glossary("Shoes", called="g"), entry("g", "Schuh", en("shoe"), called="e"), calls=1)
    assert k.core.entry(bonds["e"]).value == "Schuh"


@pytest.mark.parametrize("effect", [True, False])
def test_trap_an_entry_whose_answer_is_lost_is_there_once(k: World, effect: bool) -> None:
    k.core.add_glossary("Shoes")
    plan = planned(k, entry("Shoes", "Schuh", en("shoe")))
    k.core.faults.add(Fault("drop", method="POST", path=glossaries.PERSIST_ENTRIES, effect=effect))

    report = k.apply(plan)

    assert {str(o.end) for o in report.outcomes} == {"done"}
    entries = [one for one in k.core.glossaries_without_ids() if isinstance(one, dict) and one["name"] == "Shoes"]
    assert len(entries[0]["entries"]) == 2
    assert planned(k, entry("Shoes", "Schuh", en("shoe"))).writes == ()


def test_trap_the_systems_own_glossary_is_not_deleted_by_any_consent(k: World) -> None:
    carried_out(k, glossary("Default", **GONE), calls=0)

    plan = planned(k)

    assert plan.writes == ()
    assert "not-ours" in rules(plan, "default") or "system" in rules(plan, "default")
    assert k.core.glossary("Default").id == "0"


# Directories.


def test_trap_no_move_ever_overwrites(d: World) -> None:
    carried_out(d, di("A", name="a"), di("X", {"N": "mine"}, name="x"))
    d.core.add_directory("/MAM/A/X", vals={"N": "theirs"})

    plan = planned(d, di("A", name="a"), di("A/X", {"N": "mine"}, name="x", was="X"))
    assert (plan.writes, rules(plan, "x")) == ((), ["name-taken"])
    d.core.remove_directory("/MAM/A/X")
    plan = planned(d, di("A", name="a"), di("A/X", {"N": "mine"}, name="x", was="X"))
    d.core.on_request(1, "before-effect", lambda _: d.core.add_directory("/MAM/A/X"), path=directories.PERFORM)
    d.apply(plan)

    assert sorted(tree(d)) == ["/MAM/A", "/MAM/A/X", "/MAM/X"]
    moves = [str(body) for body in requests(d, directories.PERFORM)]
    assert all('<itm key="overwrite">false</itm>' in m for m in moves if 'type="move"' in m)
    assert "true" not in "".join(moves)


def test_trap_every_directory_of_a_doomed_branch_is_asked_for_its_assets(d: World) -> None:
    """The query tells of one directory alone."""
    paths = ("A", "A/B", "A/B/C")
    carried_out(d, *(di(p, **GONE) for p in paths))
    d.core.add_asset("/MAM/A/B/C")

    plan = planned(d)

    tids = {d.core.directory(f"/MAM/{p}").tid for p in paths}
    asked = {str(b["directory"]["tid"]) for b in requests(d, directories.ASSETS)}  # type: ignore[index]
    assert asked == tids
    assert [rules(plan, n) for n in ("a", "a-b", "a-b-c")] == [["in-use"]] * 3
    assert plan.writes == ()


# Peos.


NOISE = {"path": "/111", "id": "999999", "tid": "00000000-0000-0000-0000-000000000000"}


@pytest.mark.parametrize("path", [peos.LINK, peos.UNLINK, peos.PERFORM])
def test_trap_what_answers_about_peos_echo_is_noise(k: World, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Where all succeeded, nobody is taken for somebody else by an echo that we never sent."""
    shop(k)
    carried_out(k, peo("A", projects=["AWS"], **GONE), peo("B", projects=["AWS"], **GONE))

    def noisy(_: Request, usual: Any) -> Answer:
        answer: Any = usual()
        entries = [{**one, **NOISE} for one in answer.body["responses"]["entries"]]
        return Answer(answer.status, {**answer.body, "responses": {"entries": entries}}, answer.headers)

    altered(k, monkeypatch, noisy, path=path, twin=k.core)
    wanted = [] if path == peos.PERFORM else [peo(n, projects=["Web"], **GONE) for n in "AB"]

    found = {str(o.end) for o in k.apply(planned(k, *wanted)).outcomes}

    assert found == {"done"}
    assert planned(k, *wanted).writes == ()
    assert peos.peos(k) == ({} if not wanted else {f"prod-1/Print/{n}": ["Web"] for n in "AB"})


# All kinds.


def test_trap_what_no_read_shows_is_compared_with_what_was_sent_and_said_to_be_so(k: World) -> None:
    founded(k)
    documents = [
        glossary("Terms", called="g", multiple=True),
        entry("g", "Schuh", called="e", forbidden=True),
        di("A", {"N": "1"}, name="d"),
        peo("P", called="p"),
        cl("S", name="c", en_GB="S"),
        nd("S/a", name="n", en_GB="A"),
    ]
    glossaries.carried_out(k, *documents)

    plan = planned(k, *documents)

    fields = {"g": "multipleTranslations", "e": "forbidden", "p": "templateId"}
    fields |= {"d": "attributes", "c": "labels", "n": "labels"} if hard(k) else {}
    told = {n: [note for note in action(plan, n).notes if "not verifiable" in note] for n in "gedpcn"}
    assert {n: f in " ".join(told[n]) for n, f in fields.items()} == dict.fromkeys(fields, True)
    assert [n for n, notes in told.items() if notes and n not in fields] == []
    assert plan.writes == ()
    other = [glossary("Terms", called="g", multiple=False), entry("g", "Schuh", called="e", forbidden=False)]
    other += [
        di("A", {"N": "2"}, name="d"),
        documents[3],
        cl("S", name="c", en_GB="T"),
        nd("S/a", name="n", en_GB="B"),
    ]
    deed = carried_out(k, *other, calls=4)
    assert {a.address.name for a in deed.plan.actions if str(a.verb) == "update"} == set("gedcn")


def test_trap_what_cannot_be_taken_away_stays_and_is_said_to_stay(k: World) -> None:
    k.core.add_class("S")
    k.core.add_definition("use")
    words = [
        kw("A", en_GB="a", de_DE="ä"),
        ad("care", en_GB="a", de_DE="ä"),
        glossary("G", attributes={"A": "1", "B": "2"}),
        at("S", "use", name="at", values=["x", "y"]),
    ]
    carried_out(k, *words)

    less = [
        kw("A", en_GB="a"),
        ad("care", en_GB="a"),
        glossary("G", attributes={"A": "1"}),
        at("S", "use", name="at", values=["x"]),
    ]
    plan = planned(k, *less)

    assert plan.writes == ()
    for name in ("a", "care"):
        assert any("cannot take a label away" in note for note in action(plan, name).notes)
    assert rules(plan, "at") == ["cannot-remove"]
    k.apply(plan)
    assert forest(k)["A"] == {"en_GB": "a", "de_DE": "ä"}
    assert set(k.core.glossary("G").vals or {}) == {"A", "B"}
    assert planned(k, *less).writes == ()


NAMED = {
    "definition": (ad("a", name="x"), ad("b", name="x", previous_key="a")),
    "classification": (cl("S", name="x"), cl("T", name="x", previous_key="S")),
    "node": (nd("Std/a", name="x"), nd("Std/b", name="x", previous_key="Std/a")),
    "node elsewhere": (nd("Std/a", name="x"), nd("Std/n/a", name="x", previous_key="Std/a")),
    "attribute elsewhere": (at("Std", "use", name="x"), at("Std/n", "use", name="x")),
}


@pytest.mark.parametrize("what", NAMED)
def test_trap_what_cannot_be_renamed_or_moved_is_made_anew_with_consent_or_not_at_all(k: World, what: str) -> None:
    k.core.add_class("Std")
    k.core.add_node("/Std/n")
    k.core.add_definition("use")
    before, after = NAMED[what]
    carried_out(k, before)

    plan = planned(k, after)

    assert plan.writes == ()
    [hold] = action(plan, "x").holds
    assert hold.way_out


def test_trap_whatever_needs_another_thing_is_written_after_it(k: World) -> None:
    """Whatever the order of the documents is: a failure there and it would be an error here."""
    founded(k)
    k.core.log.clear()

    deed = k.apply(k.plan(*reversed(made())))

    assert {str(o.end) for o in deed.outcomes} <= {"done", "unneeded"}
    paths = [e.call.removeprefix("POST ") for e in k.core.log if e.write]
    first = {path: paths.index(path) for path in paths}
    assert first[definitions.PERSIST] < first[classes.PERSIST] < first[peos.MAKE] < first[peos.PERSIST]
    assert first[glossaries.PERSIST] < first[glossaries.PERSIST_ENTRIES]
    assert [c.line for c in k.plan().writes] == []


def test_trap_what_a_plan_is_to_make_first_is_waited_for_where_it_fails(k: World) -> None:
    founded(k)
    plan = k.plan(*made())
    for name in ("care", "Terms", "Shoe"):
        k.core.mar(name, description="not today")

    report = k.apply(plan)

    calls = {c.id: c for c in plan.calls}
    found = {calls[o.call].address.name: str(o.end) for o in report.outcomes if calls[o.call].carrier}
    assert [found[n] for n in ("care", "terms", "p9")] == ["failed"] * 3
    assert [found[n] for n in ("root", "care-shoes", "schuh", "peo")] == ["blocked"] * 4
    assert [found[n] for n in ("Standard", "Standard-Shoes", "seasons", "dir-a")] == ["done"] * 4
    k.apply(k.plan())
    assert [c.line for c in k.plan().writes] == []
    assert shown(k)["Terms"]
