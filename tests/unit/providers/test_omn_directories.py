"""Directories as they are read and as manifests may say them: OC-R105 to OC-R108, OC-R116 to OC-R118."""

from __future__ import annotations

import pytest

from reconciler.model.call import Request
from reconciler.model.change import Change, FieldChange
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from reconciler.providers.omn_core import custom_values, directory
from tests.unit.providers.dirs import DIRECTORY, T, changed, document, live, new

LIST, ASSETS = "/dam/dirs/retrieve", "/dam/assets/query"
DEMAND = Demand(T, "Directory", by=({"rnc": "MAM"},))


def record(tid: str, name: str, parent: str = "", rnc: str = "MAM", **more: Json) -> Json:
    return {"tid": tid, "name": name, **({"parent": parent} if parent else {"rnc": rnc}), **more}


def read(*records: Json, demand: Demand = DEMAND) -> Replies:
    [request] = directory.reads(DIRECTORY, demand, ())
    return ((request, {"dirs": {"entries": list(records)}}),)


def parsed(*records: Json, demand: Demand = DEMAND) -> Collection:
    return directory.parse(DIRECTORY, demand, read(*records, demand=demand))


def test_oc_r105_one_list_for_each_rnc_concerned() -> None:
    demand = replace(DEMAND, by=({"rnc": "MAM"}, {"rnc": "DATA"}))

    asked = directory.reads(DIRECTORY, demand, ())

    assert [(r.path, r.body) for r in asked] == [
        (LIST, {"rncTid": "DATA", "level": -1}),
        (LIST, {"rncTid": "MAM", "level": -1}),
    ]
    assert directory.reads(DIRECTORY, DEMAND, read(record("T1", "a"))) == []


def test_oc_r106_the_tree_is_rebuilt_from_the_parents_whatever_the_order() -> None:
    found = parsed(record("T3", "c", "T2"), record("T2", "b", "T1"), record("T1", "a"))

    assert {r.id: (r.key, r.scope, r.parent) for r in found.resources} == {
        "T1": (["a"], ("MAM",), None),
        "T2": (["a", "b"], ("MAM",), "T1"),
        "T3": (["a", "b", "c"], ("MAM",), "T2"),
    }
    assert found.proof.complete
    assert {r.id: r.contents["children"] for r in found.resources} == {"T1": 1, "T2": 1, "T3": 0}


def test_oc_r106_what_belongs_to_another_rnc_is_left_out_with_all_beneath() -> None:
    found = parsed(record("T1", "a"), record("T9", "b", rnc="DATA"), record("T8", "c", "T9"))

    assert [r.id for r in found.resources] == ["T1"]


def test_oc_r106_what_has_no_way_up_matches_nothing() -> None:
    found = parsed(record("T1", "a", "T7"), record("T2", "b", "T3"), record("T3", "c", "T2"), record("T4", ""))

    assert [r.placed for r in found.resources] == [False, False, False, False]


def test_oc_r106_a_list_without_tids_is_no_list() -> None:
    with pytest.raises(ValueError, match="no tid"):
        parsed({"name": "a", "rnc": "MAM"})
    with pytest.raises(ValueError, match="no list"):
        directory.parse(DIRECTORY, DEMAND, ((Request(T, "POST", LIST), {"kwds": {}}),))


def test_oc_r105_an_rnc_that_is_not_there_has_no_directories() -> None:
    [request] = directory.reads(DIRECTORY, DEMAND, ())

    assert directory.parse(DIRECTORY, DEMAND, ((request, None),)).resources == ()


def test_oc_r116_the_assets_of_all_that_is_to_go_are_counted() -> None:
    going = Bond(Address(T, "Directory", "a"), "T1", on_remove="delete")
    kept = Bond(Address(T, "Directory", "b"), "T2", on_remove="delete")
    details = directory.details(DIRECTORY, [document("b", "b")], [going, kept], {})
    demand = replace(DEMAND, details=details, removing=True)
    replies = read(record("T1", "a"), record("T2", "b"), demand=demand)

    [query] = directory.reads(DIRECTORY, demand, replies)

    assert (query.path, query.body, query.safe) == (ASSETS, {"directory": {"tid": "T1"}}, True)
    found = directory.parse(DIRECTORY, demand, (*replies, (query, {"tids": ["A1", "A2"]})))
    assert {r.id: dict(r.contents) for r in found.resources} == {
        "T1": {"children": 0, "assets": 2},
        "T2": {"children": 0},
    }
    counts: list[tuple[Json, int]] = [({}, 0), ({"all": False}, 0), ({"tids": []}, 0), ({"ids": [1, 2, 3]}, 3)]
    for body, number in counts:
        [first, _] = directory.parse(DIRECTORY, demand, (*replies, (query, body))).resources
        assert first.contents["assets"] == number
    others: list[Json] = [None, [], {"tids": None}, {"tids": 2}, {"assets": [{"tid": "A1"}]}, {"found": {}}]
    for odd in others:
        with pytest.raises(ValueError, match="does not list assets"):
            directory.parse(DIRECTORY, demand, (*replies, (query, odd)))
    assert directory.reads(DIRECTORY, replace(demand, removing=False), replies) == []


def test_oc_r117_every_shape_of_a_value_goes_there_and_back() -> None:
    values: dict[str, Json] = {
        "A": "temp",
        "B": ["red", "blue"],
        "C": {"de_DE": "rot", "en_GB": "red"},
        "D": {"en_GB": ["red", "blue"]},
    }

    sent = custom_values.wire(values)

    assert sent == {
        "entries": [
            {"attr": "A", "itm": ["temp"]},
            {
                "attr": "B",
                "type": "multiple",
                "itm": [{"pos": "0", "value": "red"}, {"pos": "1", "value": "blue"}],
            },
            {
                "attr": "C",
                "type": "localized",
                "itm": [{"loc": "de_DE", "value": "rot"}, {"loc": "en_GB", "value": "red"}],
            },
            {
                "attr": "D",
                "type": "multi_loc",
                "i18n": [{"loc": "en_GB", "itm": [{"pos": "0", "value": "red"}, {"pos": "1", "value": "blue"}]}],
            },
        ]
    }
    assert custom_values.parsed({"vals": sent}) == values


def test_oc_r117_values_are_texts_and_places_count() -> None:
    assert custom_values.wire({"N": 33, "T": False}) == {
        "entries": [{"attr": "N", "itm": ["33"]}, {"attr": "T", "itm": ["false"]}]
    }
    val: Json = {"attr": "B", "type": "multiple", "itm": [{"pos": "1", "value": "y"}, {"pos": "0", "value": "x"}]}
    assert custom_values.parsed({"vals": {"entries": [val]}}) == {"B": ["x", "y"]}
    assert custom_values.parsed({"vals": {"entries": [{"attr": "E"}, {"attr": "F", "itm": []}]}}) == {}


def test_oc_r118_values_are_known_where_the_server_shows_any() -> None:
    shown: Json = {"entries": [{"attr": "A", "itm": ["x"]}]}

    some = parsed(record("T1", "a", vals=shown), record("T2", "b"))
    none = parsed(record("T1", "a"), record("T2", "b"))

    assert [r.fields.get("attributes") for r in some.resources] == [{"A": "x"}, {}]
    assert all("attributes" not in r.fields for r in none.resources)


def test_oc_r117_live_values_of_other_locales_do_not_differ_and_are_sent_back() -> None:
    was = live("T1", "a", values={"C": {"en_GB": "red", "de_DE": "rot"}})
    there = Collection("Directory", (was,), Proof(True, "all"))

    [same] = directory.review(DIRECTORY, [_declaring(was, {"C": {"en_GB": "red"}})], there)
    [other] = directory.review(DIRECTORY, [_declaring(was, {"C": {"en_GB": "blue"}})], there)

    assert not same.writes
    assert other.wire["attributes"] == {"C": {"en_GB": "blue", "de_DE": "rot"}}


def _declaring(was: Resource, values: dict[str, Json]) -> Change:
    one = changed("a", was, None, "same", **values)
    return replace(one, fields=tuple(FieldChange(("attributes", n), None, v) for n, v in values.items()))


@pytest.mark.parametrize(
    ("path", "values", "word"),
    [
        ("a/ b", None, "blank"),
        ("a/..", None, "leads elsewhere"),
        ("a\u0001", None, "XML"),
        ("a", {"A": "two\nlines"}, "line break"),
        ("a", {"A": {"en_GB": [" x"]}}, "blank"),
    ],
)
def test_oc_r107_what_the_server_could_not_keep_is_refused(path: str, values: dict[str, Json], word: str) -> None:
    [problem] = directory.check(DIRECTORY, [document("d", path, values)])

    assert word in problem.message


def test_oc_r107_a_name_that_a_sibling_keeps_is_not_taken() -> None:
    there = Collection("Directory", (live("T1", "A"), live("T2", "B")), Proof(True, "all"))

    [held] = directory.review(DIRECTORY, [changed("b", there.resources[1], "A")], there)
    [free] = directory.review(DIRECTORY, [new("c", "C")], there)

    assert [h.rule for h in held.holds] == ["name-taken"]
    assert free.holds == ()
