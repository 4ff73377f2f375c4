"""What both sides agree on about batches: the reference's own list of checks, for the kinds served here."""

from __future__ import annotations

from tests.unit.twins.omn_core.compact import ask, do, each
from tests.unit.twins.omn_core.omn import Omn, document, kwd

GLOSSARIES = "/common/glossaries/persist"
DIRS = "/dam/dirs/persist"
PEOS = "/peo/peos/persist"


def test_a_failing_object_leaves_its_neighbours_saved(each_omn: Omn) -> None:
    dirs = [{"rnc": "MAM", "name": "x"}, {"rnc": "NO", "name": "y"}, {"rnc": "MAM", "name": "z"}]
    statuses = sorted(one["status"] for one in each(each_omn, DIRS, "dirs", *dirs))

    assert statuses == ["ERROR", "SUCCESS", "SUCCESS"]
    assert {"/MAM/x", "/MAM/z"} <= set(each_omn.twin.directory_paths())


def test_a_glossary_name_twice_is_500_and_what_was_before_is_saved(omn: Omn) -> None:
    sent = {"glossaries": {"entries": [{"name": "A"}, {"name": "A"}]}}

    assert ask(omn, GLOSSARIES, sent)["issues"][0]["code"] == "1000"
    assert omn.twin.log[-1].status == 500
    assert omn.twin.glossary("A").name == "A"


def test_a_keyword_twice_is_refused(omn: Omn) -> None:
    statuses = [one["status"] for one in omn.persist(kwd("A"), kwd("A"))]

    assert statuses == ["SUCCESS", "ERROR"]


def test_deepest_first_in_one_call(each_omn: Omn) -> None:
    paths = ["/MAM/products/2023", "/MAM/products"]
    actions = [{"dataType": "dir", "type": "delete", "tid": each_omn.twin.directory(path).tid} for path in paths]

    assert [one["status"] for one in each(each_omn, "/dam/dirs/perform", "actions", *actions)] == ["SUCCESS"] * 2


def test_a_move_onto_an_equal_name_moves_nothing(each_omn: Omn) -> None:
    each_omn.twin.add_directory("/MAM/archive/products")
    before = each_omn.twin.directories_without_ids()
    meta = {"destinationDirPath": "/MAM/archive"}
    shown = do(each_omn, "/dam/dirs/perform", "dir", "move", meta, path="/MAM/products")

    assert (shown["status"], shown["details"]["collision"]) == ("ERROR", "true")
    assert each_omn.twin.directories_without_ids() == before


def test_two_peos_of_one_name(each_omn: Omn) -> None:
    product = each_omn.twin.peos_without_ids()[0][0]  # type: ignore[index]
    peo = {"productTid": product, "templateId": "47220", "name": "A"}

    assert [one["status"] for one in each(each_omn, PEOS, "peos", peo, peo)] == ["SUCCESS"] * 2
    assert [one[2] for one in each_omn.twin.peos_without_ids()].count("A") == 2  # type: ignore[index]


def test_answers_stand_in_the_order_of_requests(omn: Omn) -> None:
    dirs = [{"rnc": "NO" if number % 2 else "MAM", "name": f"d{number}"} for number in range(6)]
    statuses = [one["status"] for one in each(omn, DIRS, "dirs", *dirs)]

    assert statuses == ["SUCCESS", "ERROR"] * 3


def test_xml_and_the_compact_notation_see_one_world(omn: Omn) -> None:
    val = '<val attr="A" type="multi_loc"><i18n loc="en_EN"><itm pos="0">x</itm></i18n></val>'
    sent = document("dirs", f'<dir rnc="MAM"><name>new</name><vals>{val}</vals></dir>')
    (made,) = omn.each(omn.post(DIRS, sent))
    shown = ask(omn, "/dam/dirs/retrieve", {"rncTid": "MAM"})["dirs"]["entries"][-1]

    assert (made["status"], made["tid"]) == ("SUCCESS", shown["tid"])
    value = {"attr": "A", "type": "multi_loc", "i18n": [{"loc": "en_EN", "itm": [{"pos": "0", "value": "x"}]}]}
    assert shown["vals"] == {"entries": [value]}


def test_a_glossary_entry_in_xml(each_omn: Omn) -> None:
    text = '<itm key="value" loc="de_DE">Sohle</itm><itm key="forbidden">false</itm>'
    link = '<itms loc="en_EN" mode="delta" type="term"><itm key="value" loc="en_EN">sole</itm></itms>'
    parent = each_omn.twin.glossary("House style").id
    inside = f"<meta>{text}</meta><links>{link}</links>"
    sent = f'<glossaryEntry parentId="{parent}" loc="de_DE" type="term">{inside}</glossaryEntry>'
    each_omn.post("/common/glossaryEntries/persist", document("glossaryEntries", sent))
    entries = each_omn.twin.glossaries_without_ids()[1]["entries"]  # type: ignore[index,call-overload]

    assert ["term", "de_DE", "Sohle", False, [["en_EN", "sole", "100", False]]] in entries  # type: ignore[operator]


def test_a_peo_in_xml(each_omn: Omn) -> None:
    product = each_omn.twin.peos_without_ids()[0][0]  # type: ignore[index]
    nodes = '<nodes><node>AWS</node><node tid="PRINT"/></nodes>'
    sent = f'<peo productTid="{product}" templateId="47220"><name>A</name>{nodes}</peo>'
    each_omn.post(PEOS, document("peos", sent))

    assert [product, "PeoTemplate1", "A", ["AWS", "PRINT"], False] in each_omn.twin.peos_without_ids()
