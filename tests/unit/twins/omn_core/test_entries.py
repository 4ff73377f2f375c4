"""The entries of glossaries of the OMN Core twin, and their translations."""

from __future__ import annotations

from typing import Any

from reconciler.twins.omn_core.glossary_things import Entry
from tests.unit.twins.omn_core.compact import ask, do, done, each, failed
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn

RETRIEVE = "/common/glossaries/retrieve"
PERSIST = "/common/glossaryEntries/persist"
PERFORM = "/common/glossaryEntries/perform"
CREATED = "The glossary entry has been created successfully"
UPDATED = "The glossary entry has been updated successfully"
NO_GLOSSARY = "There is no glossary with the given identity"
NO_ENTRY = "There is no glossary entry with the given tid/identity"


def text(value: str, loc: str = "en_EN") -> dict[str, Any]:
    return {"itm": [{"key": "value", "loc": loc, "value": value}]}


def entry(omn: Omn, value: str, loc: str = "en_EN", *links: object, **given: str) -> dict[str, Any]:
    sent: dict[str, Any] = {"parentId": house(omn), "loc": loc, "type": "term", "meta": text(value, loc), **given}
    return {**sent, "links": {"itms": list(links)}} if links else sent


def link(value: str, loc: str, **given: str) -> dict[str, Any]:
    return {"loc": loc, "mode": "delta", "type": "term", **text(value, loc), **given}


def house(omn: Omn) -> str:
    return omn.twin.glossary("House style").id


def persist(omn: Omn, *entries: object) -> list[Any]:
    return each(omn, PERSIST, "glossaryEntries", *entries)


def links(omn: Omn, value: str) -> list[tuple[str, str, str, str]]:
    """Locale, text, similarity and flag of the translations of a text."""
    shown = ask(omn, RETRIEVE, {"retrieveEntries": True})["glossaryEntries"]["entries"]
    found = [one for one in shown if one["meta"]["itm"][0]["value"] == value]
    return [
        (one["loc"], one["itm"][0]["value"], one["similarity"], one["forbidden"])
        for source in found
        for one in source.get("links", {}).get("itms", [])
    ]


def key_of(omn: Omn, value: str) -> str:
    return next(key for key, one in omn.twin.state.of(Entry).items() if one.value == value)


def test_creating_with_translations(omn: Omn) -> None:
    translation = link("Farbe", "de_DE", similarity="80", forbidden="true")
    (made,) = persist(omn, entry(omn, "colour", "en_GB", translation, link("couleur", "fr_FR")))
    found = omn.twin.entry(key_of(omn, "colour"))

    assert made == done("glossaryEntry", CREATED, "create", tid=found.tid)
    assert (found.loc, found.type, found.editor) == ("en_GB", "term", "admin@example.com")
    assert links(omn, "colour") == [("de_DE", "Farbe", "80", "true"), ("fr_FR", "couleur", "100", "false")]


def test_the_same_twice_are_two(each_omn: Omn) -> None:
    persist(each_omn, entry(each_omn, "colour"), entry(each_omn, "colour"))

    assert [one.value for one in each_omn.twin.state.of(Entry).values()].count("colour") == 2


def test_updating_by_id_and_by_tid(omn: Omn) -> None:
    key = key_of(omn, "sneaker")
    found, parent = omn.twin.entry(key), omn.twin.glossary("House style")
    by_tid = {"tid": found.tid, "parentTid": parent.tid, "loc": "en_EN", "type": "term", "meta": text("shoe")}
    both = persist(omn, entry(omn, "trainer", id=key, parentId=parent.id), by_tid)

    assert both == [done("glossaryEntry", UPDATED, "update", id=key)] * 2
    assert omn.twin.entry(key).value == "shoe"
    assert links(omn, "shoe") == [("de_DE", "Turnschuh", "100", "false")]


def test_a_text_without_its_locale_is_read_too(omn: Omn) -> None:
    sent = {**entry(omn, ""), "meta": {"value": "plain", "forbidden": "true", "lastEditedUsername": "kim"}}
    persist(omn, sent)
    found = omn.twin.entry(key_of(omn, "plain"))

    assert (found.forbidden, found.editor) == (True, "kim")


def test_who_edited_and_when_may_be_sent(each_omn: Omn) -> None:
    for value, date in (("x", "2022-12-14T03:00:00.000+03:00"), ("y", "02.02.2022")):
        meta = {"value": value, "lastEditedUsername": "kim", "lastEditedDate": date}
        persist(each_omn, {**entry(each_omn, ""), "meta": meta})

    assert each_omn.twin.entry(key_of(each_omn, "x")).edited == "2022-12-14T00:00:00.000Z"
    assert each_omn.twin.entry(key_of(each_omn, "y")).edited == each_omn.twin.clock.now()
    assert ask(each_omn, RETRIEVE, {"retrieveEntries": True})["glossaryEntries"]["entries"]


def test_what_is_refused(omn: Omn) -> None:
    key = key_of(omn, "sneaker")
    answers = persist(
        omn,
        entry(omn, "x", id=key, type="sentenc"),
        {"tid": "t", "loc": "en_EN", "type": "term"},
        entry(omn, "x", id="7", parentId="8"),
        entry(omn, "x", id="7", type="sentence"),
        entry(omn, "x", tid="7"),
        entry(omn, "x", id=key, type="sentence"),
        entry(omn, ""),
        entry(omn, "x", "xx_XX"),
        entry(omn, "x", "en_EN", link("y", "xx_XX")),
        entry(omn, "x", "en_EN", link("y", "de_DE", type="no")),
        entry(omn, "x", "en_EN", link("y", "de_DE", id="7")),
    )

    assert answers == [
        failed("glossaryEntry", "Unknown translation entry type 'sentenc'", id=key),
        failed("glossaryEntry", "Glossary entry 't' does not contain a link to glossary.", tid="t"),
        failed("glossaryEntry", NO_GLOSSARY, id="7"),
        failed("glossaryEntry", "Sentence with identity '7' not found.", id="7"),
        failed("glossaryEntry", "Term with identity '7' not found.", tid="7"),
        failed("glossaryEntry", f"Sentence with identity '{key}' not found.", id=key),
        failed("glossaryEntry", "Glossary entry value is missing"),
        failed("glossaryEntry", "Cannot find language id with code 'xx_XX'."),
        failed("glossaryEntry", "Cannot find language id with code 'xx_XX'."),
        failed("glossaryEntry", "Unknown translation entry type 'no'"),
        failed("glossaryEntry", "Term with identity '7' not found."),
    ]
    assert len(omn.twin.state.of(Entry)) == 2


def test_what_a_missing_glossary_echoes(omn_with: With) -> None:
    odd = omn_with("OC-P41")
    (shown,) = persist(odd, entry(odd, "x", id="7", parentId="8"))
    copied = do(odd, PERFORM, "glossaryEntry", "copyToGlossary", {"glossaryId": "8"}, id=key_of(odd, "sneaker"))

    assert shown == failed("glossaryEntry", NO_GLOSSARY, id="8")
    assert copied == failed("glossaryEntry", NO_GLOSSARY, "copyToGlossary", id="8")


def test_a_new_entry_may_not_tell_its_tid(omn_with: With) -> None:
    odd = omn_with("OC-P54")

    assert persist(odd, entry(odd, "x")) == [done("glossaryEntry", CREATED, "create")]


def test_the_very_next_list_may_not_show_it(omn_with: With) -> None:
    odd = omn_with("OC-P44")
    persist(odd, entry(odd, "colour", "en_GB", link("Farbe", "de_DE")))

    assert links(odd, "colour") == []
    assert links(odd, "colour") == [("de_DE", "Farbe", "100", "false")]


def test_a_translation_is_changed_by_its_id(each_omn: Omn) -> None:
    key, target = key_of(each_omn, "sneaker"), key_of(each_omn, "Turnschuh")
    changed = link("Sneaker", "de_DE", id=target, similarity="90")
    persist(each_omn, entry(each_omn, "sneaker", "en_EN", changed, id=key))

    assert links(each_omn, "sneaker") == [("de_DE", "Sneaker", "90", "false")]


def test_translations_that_are_left_out_stay(each_omn: Omn) -> None:
    persist(each_omn, entry(each_omn, "sneaker", id=key_of(each_omn, "sneaker")))

    assert len(links(each_omn, "sneaker")) == 1


def test_a_translation_without_id(omn: Omn, omn_with: With) -> None:
    same = link("Turnschuh", "de_DE", forbidden="true")
    for world, expected in ((omn, ["true"]), (omn_with("OC-P37"), ["false", "true"])):
        persist(world, entry(world, "sneaker", "en_EN", same, id=key_of(world, "sneaker")))
        assert [flag for *_, flag in links(world, "sneaker")] == expected


def test_another_text_takes_the_place_unless_there_may_be_several(omn: Omn) -> None:
    omn.twin.add_glossary("Free", multiple=True)
    omn.twin.add_entry("Free", "sole", translations={"de_DE": "Sohle"})
    free = {"id": key_of(omn, "sole"), "parentId": omn.twin.glossary("Free").id}
    persist(omn, entry(omn, "sneaker", "en_EN", link("Sneaker", "de_DE"), id=key_of(omn, "sneaker")))
    persist(omn, entry(omn, "sole", "en_EN", link("Schuhsohle", "de_DE"), **free))

    assert [value for _, value, *_ in links(omn, "sneaker")] == ["Sneaker"]
    assert [value for _, value, *_ in links(omn, "sole")] == ["Sohle", "Schuhsohle"]


def test_deleting(each_omn: Omn) -> None:
    key = key_of(each_omn, "sneaker")
    shown = do(each_omn, PERFORM, "glossaryEntry", "delete", id=key)

    assert shown["description"] == "The glossary entry has been deleted successfully"
    assert [one.value for one in each_omn.twin.state.of(Entry).values()] == ["Turnschuh"]
    again = do(each_omn, PERFORM, "glossaryEntry", "delete", id=key)
    assert (again["status"], again["description"], again["id"]) == ("ERROR", NO_ENTRY, key)


def test_deleting_a_translation(omn: Omn, omn_with: With) -> None:
    odd, key = omn_with("OC-P36"), key_of(omn, "Turnschuh")
    tid = omn.twin.entry(key).tid

    assert do(omn, PERFORM, "glossaryEntry", "delete", tid=tid)["status"] == "SUCCESS"
    assert links(omn, "sneaker") == []
    assert do(odd, PERFORM, "glossaryEntry", "delete", id=key) == failed(
        "glossaryEntry", NO_ENTRY, "delete", id=key
    )
    assert len(links(odd, "sneaker")) == 1
    assert do(odd, PERFORM, "glossaryEntry", "delete", id=key_of(odd, "sneaker"))["status"] == "SUCCESS"
    assert do(odd, PERFORM, "glossaryEntry", "delete", id=key)["status"] == "SUCCESS"


def test_copying_and_moving_to_another_glossary(omn: Omn) -> None:
    other, key = omn.twin.add_glossary("Other"), key_of(omn, "sneaker")
    copied = do(omn, PERFORM, "glossaryEntry", "copyToGlossary", {"glossaryId": other}, id=key)
    both = ["Turnschuh", "Turnschuh", "sneaker", "sneaker"]

    assert copied == done("glossaryEntry", "Glossary entry has been copied", "copyToGlossary", id=key)
    assert sorted(one.value for one in omn.twin.state.of(Entry).values()) == both
    assert len(links(omn, "sneaker")) == 2
    moved = do(omn, PERFORM, "glossaryEntry", "moveToGlossary", {"glossaryId": other}, id=key)
    assert moved == done("glossaryEntry", "Glossary entry has been moved", "moveToGlossary", id=key)
    assert {one.glossary_id for one in omn.twin.state.of(Entry).values()} == {other}
    missing = do(omn, PERFORM, "glossaryEntry", "moveToGlossary", id=key)
    assert missing == failed("glossaryEntry", NO_GLOSSARY, "moveToGlossary", id=key)
