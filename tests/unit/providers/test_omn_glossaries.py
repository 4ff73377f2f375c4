"""Glossaries and entries as they are read, and who takes which name when: OC-R85 to OC-R102."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from reconciler.model.change import Change, Delta, Entry, Verb
from reconciler.model.document import Address, Document
from reconciler.model.drafted import Drafted
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Collection, Demand, Replies, Resource
from reconciler.model.place import Place
from reconciler.model.plan import Call, Phase
from reconciler.providers.omn_core import glossary, glossary_entry, glossary_entry_import, glossary_import
from reconciler.providers.omn_core.glossary_names import slot, temporary, turns
from tests.world import catalog

GLOSSARY = catalog().kind("omn-core", "Glossary")
ENTRY = catalog().kind("omn-core", "GlossaryEntry")
T = "core"
BOTH: JsonObject = {"retrieveEntries": True, "retrieveLinks": True}
ALONE: JsonObject = {"retrieveEntries": True}


def asked(demand: Demand, replies: Replies = ()) -> list[Json]:
    return [r.body for r in glossary.reads(GLOSSARY, demand, replies)]


def answer(body: Json, *before: Json) -> Replies:
    demand = Demand(T, "Glossary")
    found: Replies = ()
    for one in (*before, body):
        [request] = glossary.reads(GLOSSARY, demand, found)
        found += ((request, one),)
    return found


def record(own: str, text: str, *targets: tuple[str, str, str], at: str = "7", loc: str = "de_DE") -> JsonObject:
    links: list[Json] = [
        {"id": i, "loc": locale, "type": "term", "similarity": "100", "itm": [_value(locale, value)]}
        for i, locale, value in targets
    ]
    meta: JsonObject = {"itm": [_value(loc, text)]}
    return {"id": own, "parentId": at, "loc": loc, "type": "term", "meta": meta, "links": {"itms": links}}


def _value(locale: str, text: str) -> JsonObject:
    return {"key": "value", "loc": locale, "value": text}


def body(*entries: Json, glossaries: Sequence[Json] = ({"id": "7", "name": "Shoes"},)) -> Json:
    return {"glossaries": {"entries": list(glossaries)}, "glossaryEntries": {"entries": list(entries)}}


def entries(*records: Json) -> Collection:
    return glossary_entry.parse(ENTRY, Demand(T, "GlossaryEntry"), answer(body(*records)))


def test_oc_r85_both_kinds_ask_alike_and_once() -> None:
    demands = [Demand(T, "Glossary"), Demand(T, "GlossaryEntry")]

    assert [asked(d) for d in demands] == [[BOTH], [BOTH]]
    assert asked(demands[0], answer(body())) == []


def test_oc_r85_a_refusal_of_both_flags_is_remembered_by_the_demand() -> None:
    refused: Json = {"$refused": 422}
    assert asked(Demand(T, "Glossary"), answer(refused)) == [ALONE]

    found = glossary.parse(GLOSSARY, Demand(T, "Glossary"), answer(body(), refused))

    assert found.details is not None
    assert asked(Demand(T, "Glossary", details=found.details)) == [ALONE]


@pytest.mark.parametrize(
    "wrong",
    [{}, {"glossaries": {"entries": [{"name": "Shoes"}]}}, {"responses": {"entries": []}}],
)
def test_oc_r86_another_shape_is_no_list(wrong: Json) -> None:
    with pytest.raises(ValueError, match="glossar"):
        glossary.parse(GLOSSARY, Demand(T, "Glossary"), answer(wrong))


def test_oc_r86_a_glossary_that_counts_entries_and_shows_none_proves_nothing() -> None:
    hiding: Json = {"id": "7", "name": "Shoes", "meta": {"numberOfAllEntries": "8"}}
    replies = answer(body(glossaries=[hiding]))

    assert not glossary_entry.parse(ENTRY, Demand(T, "GlossaryEntry"), replies).proof.complete
    [one] = glossary.parse(GLOSSARY, Demand(T, "Glossary"), replies).resources
    assert one.contents == {"entries": None}


def test_oc_r86_a_glossary_knows_what_is_in_it_and_its_values() -> None:
    vals: Json = {"entries": [{"attr": "A", "itm": ["x"]}, {"attr": "B", "type": "multiple", "itm": ["y", "z"]}]}
    shoes: Json = {"id": "7", "name": "Shoes", "vals": vals}
    replies = answer(body(record("2", "b"), record("1", "a"), glossaries=[shoes]))

    [one] = glossary.parse(GLOSSARY, Demand(T, "Glossary"), replies).resources

    assert one.fields["contained"] == ["1", "2"]
    assert one.fields["attributes"] == {"A": "x", "B": {"type": "multiple", "itm": ["y", "z"]}}


def test_oc_r88_an_entry_with_its_translations_and_what_it_translates() -> None:
    found = entries(record("1", "Schuh", ("2", "en_EN", "shoe")), record("2", "shoe", loc="en_EN"))

    schuh, shoe = found.resources
    assert (schuh.key, schuh.scope) == ("Schuh", ("7", "de_DE", "term"))
    english: JsonObject = {"locale": "en_EN", "text": "shoe", "similarity": 100, "forbidden": False, "id": "2"}
    assert schuh.fields["translations"] == [english]
    assert (shoe.fields["translates"], shoe.placed) == (["1"], False)


def test_oc_r88_a_mere_translation_has_no_key_of_its_own() -> None:
    source = record("1", "Schuh", ("2", "en_EN", "shoe"))
    alike = [record("2", "shoe", loc="en_EN"), record("3", "shoe", loc="en_EN")]

    assert [r.placed for r in entries(source, *alike).resources] == [True, False, True]
    assert [r.placed for r in entries(*alike).resources] == [True, True]


def change(
    verb: Verb, name: str, key: str, was: str = "", own: str = "", kind: str = "Glossary", **more: object
) -> Change:
    live = Resource(own or name, was, {"name": was, "contained": []}, was) if was else None
    changed = frozenset({"name"} if was and was != key else ())
    return Change(verb, Address(T, kind, name), live=live, key=key, changed=changed, **more)  # type: ignore[arg-type]


def renamed(name: str, was: str, to: str) -> Change:
    return change(Verb.RENAME, name, to, was)


def played(changes: Sequence[Change], *, early: bool = True) -> list[int]:
    """The sizes of the requests; nobody ever takes a name that somebody else still has, whatever the order within
    one request."""
    found = turns(GLOSSARY, changes, early, frozenset())
    names = {c.address: slot(str(c.live.key)) for c in changes if c.live}
    for some in (found.early, found.late):
        assert all(c.verb is Verb.DELETE for c in some)
    for c in found.early:
        del names[c.address]
    for step in (found.first, found.second):
        before = set(names.values())
        for c, name in step:
            own = names.get(c.address)
            assert slot(name) == own or slot(name) not in before, name
            names[c.address] = slot(name)
        assert len(set(names.values())) == len(names)
    wanted = {c.address: slot(str(c.key)) for c in changes if c.verb is not Verb.DELETE}
    assert {a: n for a, n in names.items() if a in wanted} == wanted
    return [len(part) for part in (found.early, found.first, found.second, found.late)]


def test_oc_r94_a_ring_takes_two_requests_however_long() -> None:
    ring = [renamed(f"g{n}", f"N{n}", f"N{(n + 1) % 5}") for n in range(5)]

    assert played(ring) == [0, 5, 5, 0]
    assert temporary(ring[0]) == temporary(ring[0])
    assert len({temporary(c) for c in ring}) == 5


def test_oc_r94_a_row_takes_two_requests_however_long() -> None:
    row = [renamed(f"g{n}", f"N{n}", f"N{n + 1}") for n in range(4)]

    assert played(row) == [0, 3, 3, 0]


def test_oc_r94_a_doomed_one_gives_its_name_up_by_going_or_by_another_name() -> None:
    changes = [change(Verb.DELETE, "old", "A", "A"), renamed("b", "B", "A")]

    assert played(changes) == [1, 1, 0, 0]
    assert played(changes, early=False) == [0, 1, 1, 1]


def test_oc_r94_case_alone_is_no_other_name() -> None:
    assert played([renamed("a", "shoes", "Shoes")]) == [0, 1, 0, 0]


def test_oc_c31_the_formula_agrees_with_the_calls_whatever_is_asked() -> None:
    rng = random.Random(7)
    for _ in range(300):
        had = rng.sample("ABCDEF", rng.randint(0, 5))
        will = rng.sample("ABCDEFGH", len(had))
        changes = [
            change(Verb.DELETE, f"g{n}", was, was) if rng.random() < 0.3 else renamed(f"g{n}", was, will[n])
            for n, was in enumerate(had)
        ]
        free = sorted({*"ABCDEFGH"} - {str(c.key) for c in changes if c.verb is not Verb.DELETE})
        stays = {str(c.live.key) for c in changes if c.live and c.verb is not Verb.DELETE and not c.changed}
        changes += [change(Verb.CREATE, f"n{n}", n) for n in rng.sample(free, 2) if n not in stays]
        changes += [_entry(n, c, rng) for n, c in enumerate(changes) if rng.random() < 0.6]

        calls = glossary.calls(GLOSSARY, changes)

        requests = [c for c in calls if c.carrier is None]
        assert len(requests) == glossary.bound(GLOSSARY, changes)
        played([c for c in changes if c.address.kind == "Glossary"])


def _entry(n: int, into: Change, rng: random.Random) -> Change:
    """An entry of that glossary: made, changed, or to be deleted with it."""
    at, wire = Address(T, "GlossaryEntry", f"e{n}"), {"locale": "de_DE", "type": "term"}
    if into.live is None:
        return Change(Verb.CREATE, at, key="x", scope=({"$id": str(into.address)}, "de_DE", "term"), wire=wire)
    scope = (into.live.id, "de_DE", "term")
    links: list[Json] = [{"locale": "en_EN", "text": "y", "id": f"1{n}"}]
    fields: JsonObject = {"translations": links, "along": [[f"1{n}"]] if rng.random() < 0.5 else []}
    live = Resource(f"{n}", "x", fields, "x", scope=scope)
    if into.verb is Verb.DELETE:
        return Change(Verb.DELETE, at, live=live, key="x", scope=scope)
    removed = {"translations": Delta(remove=(Entry("en_EN", "en_EN"),))} if rng.random() < 0.5 else {}
    changed = frozenset({"text"} if rng.random() < 0.5 else ())
    return Change(Verb.UPDATE, at, live=live, key="z", scope=scope, wire=wire, changed=changed, deltas=removed)


def test_oc_c31_five_thousand_entries_are_twenty_five_requests() -> None:
    changes = [
        Change(
            Verb.CREATE,
            Address(T, "GlossaryEntry", f"e{n}"),
            key=f"x{n}",
            scope=({"$id": f"{T}/Glossary/g{n % 500}"}, "de_DE", "term"),
            wire={"locale": "de_DE", "type": "term"},
        )
        for n in range(5000)
    ]
    changes += [change(Verb.CREATE, f"g{n}", f"G{n}") for n in range(500)]

    found = glossary.calls(GLOSSARY, changes)

    assert sum(c.carrier is None for c in found) == glossary.bound(GLOSSARY, changes) == 3 + 1 + 25


def rider(phase: Phase, i: str, **more: object) -> Call:
    at = Address(T, "GlossaryEntry", i)
    return Call(i, T, "GlossaryEntry", at, "POST", "/x", phase, body={"id": i}, carrier="c", **more)  # type: ignore[arg-type]


def verdicts(said: Sequence[Json], *riders: Call) -> list[tuple[bool | None, str]]:
    carrier = rider(Phase.UPDATE, "c")
    found = glossary.verdicts(GLOSSARY, carrier, riders, {"responses": {"entries": list(said)}})
    return [(found[r.id].done, found[r.id].message) for r in riders]


def test_oc_r103_of_answers_that_name_nobody_only_live_can_tell() -> None:
    made: Json = {"dataType": "GLOSSARYENTRY", "status": "SUCCESS", "description": "made"}
    wrong: Json = {"dataType": "glossaryEntry", "status": "ERROR", "description": "wrong"}
    new = [rider(Phase.CREATE, n) for n in ("a", "b")]

    assert [done for done, _ in verdicts([wrong, made], *new)] == [None, None]
    assert verdicts([made, made], *new) == [(True, "made")] * 2
    assert [done for done, _ in verdicts([wrong, wrong], *new)] == [False, False]


def test_oc_r103_an_echo_of_the_glossarys_id_speaks_of_nobody() -> None:
    wrong: Json = {"dataType": "glossaryEntry", "id": "25246", "status": "ERROR", "description": "no glossary"}

    assert verdicts([wrong], rider(Phase.UPDATE, "29638")) == [(False, "no glossary")]


def test_oc_r99_a_refused_removal_is_looked_at_and_remembered_if_it_stays() -> None:
    wrong: Json = {"id": "2", "status": "ERROR", "description": "There is no glossary entry"}
    effect = rider(Phase.UPDATE, "x").effect
    one = rider(Phase.REMOVE, "2", args={"link": {"id": "2"}}, effect=type(effect)(absent=("en_EN",)))

    found = glossary.verdicts(GLOSSARY, rider(Phase.UPDATE, "c"), [one], {"responses": {"entries": [wrong]}})

    assert found["2"].done is None
    assert set(found["2"].differs) == {"translations/en_EN"}


def test_oc_r91_what_a_manifest_must_not_say() -> None:
    spec: JsonObject = {"name": "two\nlines", "attributes": {"A": None, "B": "", "C": "\u0001", "D": "fine"}}
    document = Document(Address(T, "Glossary", "g"), "omn-core", spec, Place("g.yaml"))

    found = glossary.check(GLOSSARY, [document])

    assert [p.rule for p in found] == ["OC-R20", "OC-R91", "OC-R91", "OC-R20"]


def test_an_import_leaves_out_what_no_manifest_can_say() -> None:
    system = Resource("0", "Default", {"name": "Default"}, "Default")
    own = Resource("7", "Shoes", {"attributes": {"A": "x", "B": ["y", "z"]}}, "Shoes")
    listed = Collection("Glossary")

    assert "comes with the system" in glossary_import.draft(GLOSSARY, system, Drafted(), listed).refusal
    found = glossary_import.draft(GLOSSARY, own, Drafted({"name": "Shoes"}), listed)
    assert (found.spec, found.lost) == (
        {"name": "Shoes", "attributes": {"A": "x"}},
        {"attributes": "B: not a single text"},
    )


def test_an_import_keeps_translations_with_what_they_translate() -> None:
    source, target = entries(
        record("1", "Schuh", ("2", "en_EN", "shoe"), ("3", "en_EN", "boot")), record("2", "shoe", loc="en_EN")
    ).resources
    spec: JsonObject = {"text": "Schuh", "translations": [{"locale": "en_EN", "text": "boot"}]}
    listed = Collection("GlossaryEntry")

    assert "it is a translation" in glossary_entry_import.draft(ENTRY, target, Drafted(), listed).refusal
    found = glossary_entry_import.draft(ENTRY, source, Drafted(spec), listed)
    assert found.spec == {"text": "Schuh", "translationsMode": "additive"}
    assert found.lost == {"translations": "several translations into en_EN"}
