"""Glossaries of the OMN Core twin: lists, writes, deletes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.twins.omn_core.compact import ask, do, done, each, failed
from tests.unit.twins.omn_core.conftest import With
from tests.unit.twins.omn_core.omn import Omn, refusal

RETRIEVE = "/common/glossaries/retrieve"
PERSIST = "/common/glossaries/persist"
PERFORM = "/common/glossaries/perform"
CREATED = "The glossary has been created successfully"
UPDATED = "The glossary has been updated successfully"
BOTH = {"retrieveEntries": True, "retrieveLinks": True}


def names(omn: Omn, **asked: object) -> list[str]:
    return [one["name"] for one in ask(omn, RETRIEVE, asked)["glossaries"]["entries"]]


def texts(omn: Omn, **asked: object) -> list[str]:
    entries = ask(omn, RETRIEVE, asked).get("glossaryEntries", {}).get("entries", [])
    return [one["meta"]["itm"][0]["value"] for one in entries]


def persist(omn: Omn, *glossaries: object) -> list[Any]:
    return each(omn, PERSIST, "glossaries", *glossaries)


def test_a_list_of_all_of_some_and_of_none(each_omn: Omn) -> None:
    key = each_omn.twin.add_glossary("Legal")

    assert names(each_omn) == ["Default", "House style", "Legal"]
    assert names(each_omn, names=["House style"], ids=[int(key)]) == ["House style", "Legal"]
    assert names(each_omn, ids=[key]) == ["Legal"]
    assert names(each_omn, names=["x"]) == []
    assert names(each_omn, names=[], ids=[]) == names(each_omn)


def test_what_a_list_shows_of_a_glossary(omn: Omn) -> None:
    omn.twin.add_glossary("Legal", vals={"OWNER": "Pat", "TAGS": ["a", "b"], "NOTE": {"de_DE": "N"}})
    omn.twin.add_entry("Legal", "clause", type="sentence", translations={"de_DE": "Klausel"})
    (shown,) = ask(omn, RETRIEVE, {"names": ["Legal"]})["glossaries"]["entries"]

    meta = shown["meta"]
    assert [meta[key] for key in ("getNumberOfTerms", "numberOfSentences", "numberOfAllEntries")] == [
        "0",
        "2",
        "2",
    ]
    assert shown["vals"]["entries"] == [
        {"attr": "OWNER", "itm": ["Pat"]},
        {"attr": "TAGS", "type": "multiple", "itm": [{"pos": "0", "value": "a"}, {"pos": "1", "value": "b"}]},
        {"attr": "NOTE", "type": "localized", "itm": [{"loc": "de_DE", "value": "N"}]},
    ]
    default = ask(omn, RETRIEVE, {"ids": [0]})["glossaries"]["entries"][0]
    assert "numberOfAllEntries" not in default["meta"]
    assert "vals" not in default


def test_which_flag_shows_the_entries(omn: Omn, omn_with: With) -> None:
    odd = omn_with("OC-P21")
    both = ["sneaker", "Turnschuh"]

    assert texts(omn) == []
    assert texts(omn, retrieveEntries=True) == texts(omn, retrieveLinks=True) == texts(omn, **BOTH) == both
    assert texts(odd, retrieveEntries=True) == both
    assert refusal(odd.ask(RETRIEVE, BOTH))[:2] == (400, "1001")


def test_sources_and_targets_by_locale(each_omn: Omn) -> None:
    each_omn.twin.add_entry("House style", "colour", "en_GB", translations={"de_DE": "Farbe", "fr_FR": "couleur"})
    asked = {"names": ["House style"], "retrieveEntries": True, "targetLocales": ["fr_FR"]}
    shown = ask(each_omn, RETRIEVE, {**asked, "sourceLocales": ["en_GB"]})["glossaryEntries"]["entries"]

    assert [one["loc"] for one in shown] == ["en_GB"]
    assert [link["loc"] for link in shown[0]["links"]["itms"]] == ["fr_FR"]


def test_an_entry_without_translations_has_no_links(omn: Omn) -> None:
    entries = ask(omn, RETRIEVE, {"retrieveEntries": True})["glossaryEntries"]["entries"]

    assert [len(one.get("links", {}).get("itms", [])) for one in entries] == [1, 0]
    assert "forbidden" not in entries[0]["meta"]


@pytest.mark.parametrize("body", [{"names": "x"}, {"ids": [{}]}, {"retrieveEntries": "yes"}])
def test_members_of_another_form(each_omn: Omn, body: object) -> None:
    assert refusal(each_omn.ask(RETRIEVE, body))[1:3] == ("1001", "Invalid input provided")


def test_creating_renaming_and_describing(omn: Omn) -> None:
    value = {"attr": "OWNER", "itm": ["Pat"]}
    made, renamed, valued = persist(
        omn,
        {"name": "Legal", "meta": {"multipleTranslations": "true"}, "vals": {"entries": [value]}},
        {"id": omn.twin.glossary("House style").id, "name": "Style"},
        {"tid": omn.twin.glossary("House style").tid, "vals": {"entries": [value]}},
    )
    legal, style = omn.twin.glossary("Legal"), omn.twin.glossary("Style")

    assert made == done("glossary", CREATED, "create", id=legal.id)
    assert renamed == valued == done("glossary", UPDATED, "update", id=style.id)
    assert (legal.multiple, legal.creator) == (True, "admin@example.com")
    assert legal.vals == style.vals == {"OWNER": {"itm": ["Pat"]}}


def test_what_an_update_leaves_out(omn: Omn, omn_with: With) -> None:
    for world, left in ((omn, {"A", "B"}), (omn_with("OC-P29"), {"B"})):
        key = world.twin.add_glossary("Legal", vals={"A": "1"}, multiple=True)
        persist(world, {"id": key, "name": "Legal", "vals": {"entries": [{"attr": "B", "itm": ["2"]}]}})
        assert set(world.twin.glossary("Legal").vals or {}) == left
        assert world.twin.glossary("Legal").multiple


def test_unknown_glossaries_and_a_name_that_is_missing(each_omn: Omn) -> None:
    made, *_ = {one["description"]: one for one in persist(each_omn, {"name": ""})}.values()

    assert made["description"] == "Glossary name is missing"
    for by in ("id", "tid"):
        (shown,) = persist(each_omn, {by: "7", "name": "X"})
        assert shown["description"] == f'The glossary with {by} "7" does not exist.'
        assert (shown[by], shown["action"]) == ("7", "update")


@pytest.mark.parametrize("taken", [{"name": "House style"}, {"id": "0", "name": "House style"}])
def test_a_name_that_is_taken_breaks_the_call_off(omn: Omn, omn_with: With, taken: dict[str, str]) -> None:
    text = "Unable to create the glossary: glossary with name 'House style' already exists."
    for world, kept in ((omn, ["A"]), (omn_with("OC-P53"), [])):
        answer = ask(world, PERSIST, {"glossaries": {"entries": [{"name": "A"}, taken, {"name": "B"}]}})

        assert answer["issues"][0]["code"] == "1000"
        assert answer["issues"][0]["itms"][0]["errorMessage"] == text
        assert names(world) == ["Default", "House style", *kept]
        assert world.twin.log[-2].changed == bool(kept)


def test_a_rename_to_its_own_name_and_to_one_set_free(omn: Omn) -> None:
    key = omn.twin.glossary("House style").id
    answers = persist(omn, {"id": key, "name": "House style"}, {"id": key, "name": "Z"}, {"name": "House style"})

    assert [one["status"] for one in answers] == ["SUCCESS"] * 3


def test_a_new_glossary_may_not_tell_its_id(omn_with: With) -> None:
    assert persist(omn_with("OC-P54"), {"name": "A"}) == [done("glossary", CREATED, "create")]


def test_the_very_next_list_may_not_show_it(omn_with: With) -> None:
    odd = omn_with("OC-P44")
    persist(odd, {"name": "A"})

    assert "A" not in names(odd)
    assert "A" in names(odd)


def test_deleting(omn: Omn, omn_with: With) -> None:
    odd, key = omn_with("OC-P22"), omn.twin.glossary("House style").id
    gone = f'The glossary with id "{key}" does not exist.'

    assert do(omn, PERFORM, "glossary", "delete", id=key) == done(
        "glossary", "Glossary has been deleted.", "delete", id=key
    )
    assert texts(omn, retrieveEntries=True) == []
    assert do(omn, PERFORM, "glossary", "delete", id=key) == failed("glossary", gone, "delete", id=key)
    refused = f'The glossary with id "{key}" could not be deleted.'
    assert do(odd, PERFORM, "glossary", "delete", id=key) == failed("glossary", refused, "delete", id=key)
    assert len(texts(odd, retrieveEntries=True)) == 2


def test_what_is_not_deleted(omn: Omn) -> None:
    wrong = "The data type of the passed item is wrong. It must be 'glossary'"
    kept = 'The glossary with id "0" could not be deleted.'

    assert do(omn, PERFORM, "glossary", "delete", id="0") == failed("glossary", kept, "delete", id="0")
    assert do(omn, PERFORM, "keyword", "delete", id="1") == failed("keyword", wrong, "delete", id="1")
    assert do(omn, PERFORM, "glossary", "copy", id="1")["description"] == "Unsupported action type 'copy'"
