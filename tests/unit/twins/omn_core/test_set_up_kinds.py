"""What a test does to glossaries, directories and peos of the OMN Core twin behind the API's back."""

from __future__ import annotations

import pytest

from reconciler.twins import OmnCoreTwin
from reconciler.twins.omn_core.world import PRODUCTS
from tests.unit.twins.omn_core.compact import ask, each
from tests.unit.twins.omn_core.omn import Omn

SHOE = PRODUCTS[0][0]


def world(twin: OmnCoreTwin) -> object:
    return (
        twin.glossaries_without_ids(),
        twin.directories_without_ids(),
        twin.peos_without_ids(),
        twin.products_without_ids(),
    )


def fill(twin: OmnCoreTwin) -> None:
    twin.add_glossary("Legal", vals={"A": "1"})
    twin.add_entry("Legal", "clause", "en_GB", "sentence", translations={"de_DE": "Klausel"})
    twin.add_rnc("MAM")
    twin.add_directory("/MAM/a/b", vals={"A": ["1", "2"]})
    twin.add_asset("/MAM/a/b")
    twin.add_template("1", "T")
    twin.add_product("p1", vals={"A": {"en_EN": "x"}})
    twin.add_channel("AWS")
    twin.add_peo("p1", "1", "P", ["AWS"])


def test_equal_worlds_are_equal_whatever_their_ids() -> None:
    one, other = OmnCoreTwin(), OmnCoreTwin(seed=500)
    other.add_keyword("first")
    for twin in (one, other):
        fill(twin)

    assert world(one) == world(other)
    other.change_entry(next(iter(other.state.of(type(other.entry(other.add_entry("Legal", "x")))))), "y")
    assert world(one) != world(other)


def test_a_saved_world_answers_alike(omn: Omn) -> None:
    saved, again = omn.twin.dump(), OmnCoreTwin()
    again.load(saved)

    assert world(again) == world(omn.twin)
    assert again.digest() == omn.twin.digest()


def test_what_people_do_to_glossaries(omn: Omn) -> None:
    twin = omn.twin
    twin.change_glossary("House style", name="Style", vals={"A": "1"})
    key = twin.add_entry("Style", "x")
    twin.add_translation(key, "ix", "de_DE", similarity=70)
    twin.change_entry(key, "y", forbidden=True)

    shown = twin.glossaries_without_ids()[1]
    assert shown["name"] == "Style"  # type: ignore[index,call-overload]
    assert ["term", "en_EN", "y", True, [["de_DE", "ix", "70", False]]] in shown["entries"]  # type: ignore[index,call-overload,operator]
    twin.remove_entry(key)
    twin.remove_glossary("Style")
    assert [one["name"] for one in twin.glossaries_without_ids()] == ["Default"]  # type: ignore[index,call-overload]
    with pytest.raises(KeyError):
        twin.glossary("Style")


def test_what_people_do_to_directories(omn: Omn) -> None:
    twin = omn.twin
    twin.rename_directory("/MAM/archive", "old")
    twin.move_directory("/MAM/products", "/MAM/old")
    twin.move_directory("/MAM/old/products/2023", "/DATA")
    twin.describe_directory("/MAM/old", {"A": "1"})

    assert twin.directory_paths() == ["/MAM/old", "/MAM/old/products", "/DATA/2023", "/DATA/imports"]
    assert twin.directory("/MAM/old").vals == {"A": {"itm": ["1"]}}
    twin.remove_directory("/MAM/old")
    assert twin.directory_paths() == ["/DATA/2023", "/DATA/imports"]
    assert len(twin.add_directories("/MAM/x/y", "/MAM/x/z")) == 2
    with pytest.raises(KeyError):
        twin.directory("/MAM/old")
    with pytest.raises(KeyError):
        twin.add_directory("/NO/a")


def test_what_people_do_to_products_and_peos(omn: Omn) -> None:
    twin = omn.twin
    tid = twin.add_peo(SHOE, "47220", "A")
    twin.change_peo(tid, name="B", projects=["AWS"])
    twin.change_product(SHOE, name="Boot", vals={"A": "1"})

    assert [SHOE, "PeoTemplate1", "B", ["AWS"], False] in twin.peos_without_ids()
    assert (twin.product(SHOE).name, twin.product(SHOE).vals) == ("Boot", {"A": {"itm": ["1"]}})
    twin.remove_peo(tid)
    twin.link_product(SHOE, "X", PRODUCTS[1][0])
    twin.remove_product(PRODUCTS[1][0])
    assert not [one["links"] for one in twin.products_without_ids() if one["links"]]  # type: ignore[index,call-overload]
    with pytest.raises(KeyError):
        twin.peo(tid)


def test_what_is_made_behind_the_back_shows_at_once() -> None:
    twin = OmnCoreTwin("adversarial")
    twin.edit("POST", "/common/glossaries/persist", {"glossaries": {"entries": [{"name": "A"}]}})
    shown = twin.edit("POST", "/common/glossaries/retrieve", {}).body

    assert len(shown["glossaries"]["entries"]) == 2  # type: ignore[index,call-overload,arg-type]


def test_mishaps_befall_every_kind(omn: Omn) -> None:
    for value in ("G", "E", "D", "P", "Q"):
        omn.twin.mar(value, "WARNING", "The rest is lost")
    glossary = omn.twin.glossary("House style").id
    entry = {"parentId": glossary, "loc": "de_DE", "type": "term", "meta": {"value": "E"}}
    sent = [
        ("/common/glossaries/persist", "glossaries", {"name": "G"}),
        ("/common/glossaryEntries/persist", "glossaryEntries", entry),
        ("/dam/dirs/persist", "dirs", {"rnc": "MAM", "name": "D"}),
        ("/peo/peos/persist", "peos", {"productTid": SHOE, "templateId": "47220", "name": "P"}),
        ("/pim/products/persist", "products", {"tid": "q", "name": "Q"}),
    ]

    assert {each(omn, *one)[0]["description"] for one in sent} == {"The rest is lost"}


def test_a_call_breaks_off_in_the_middle(omn: Omn) -> None:
    omn.twin.break_after(1)
    dirs = [{"rnc": "MAM", "name": name} for name in ("x", "y")]

    assert ask(omn, "/dam/dirs/persist", {"dirs": {"entries": dirs}})["issues"][0]["code"] == "1000"
    assert "/MAM/x" in omn.twin.directory_paths()
    assert "/MAM/y" not in omn.twin.directory_paths()
