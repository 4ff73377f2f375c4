"""What goes into which request for directories: OC-R109 to OC-R116. `told` checks each against OC-C41 as well."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.change import Change, Hold
from reconciler.model.json import Json
from reconciler.model.record import replace
from reconciler.providers.omn_core import directory
from tests.unit.providers.dirs import DIRECTORY, bodies, changed, doomed, inside, live, new, told


def test_oc_r109_what_lies_in_something_live_is_persisted_by_its_parent() -> None:
    assert bodies(new("a", "A", COLOUR="red"), new("b", "Old/B", "T7"), new("c", "C", rnc="DATA")) == [
        {"rnc": "MAM", "name": "A", "vals": {"entries": [{"attr": "COLOUR", "itm": ["red"]}]}},
        {"rnc": "DATA", "name": "C"},
        {"parent": "T7", "name": "B"},
    ]


def test_oc_r110_a_branch_takes_one_request_of_paths_parents_first() -> None:
    branch = [new("b", "A/B", inside("a")), new("a", "A"), new("c", "A/B/C", inside("b"))]

    assert told(branch) == [["create A", "create A/B", "create A/B/C"]]
    assert bodies(*branch)[1] == {"dataType": "dir", "path": "/MAM/A/B", "type": "createPath"}


def test_oc_r110_values_of_the_top_one_alone_take_a_persist_before() -> None:
    assert told([new("a", "A", COLOUR="red"), new("b", "A/B", inside("a"))]) == [
        ["create A"],
        ["create A/B"],
    ]


def test_oc_r113_values_of_what_is_made_by_its_path_wait_for_a_reading() -> None:
    told_ = told([new("a", "A"), new("b", "A/B", inside("a"), COLOUR="red")])

    assert told_ == [
        ["create A", "create A/B"],
        ["look up the new Directories"],
        ["update A/B"],
    ]


def test_oc_r113_the_values_name_the_directory_and_what_it_lies_in_by_that_reading() -> None:
    changes = [new("a", "A"), new("b", "A/B", inside("a"), COLOUR="red")]

    [*_, values] = bodies(*changes)

    read = "core/Directory#(look up)"
    assert isinstance(values, dict)
    assert values["tid"] == {"$find": {"read": read, "key": ["A", "B"], "scope": ["MAM"]}}
    assert values["parent"] == {"$find": {"read": read, "key": ["A"], "scope": ["MAM"]}}


def test_oc_r113_what_else_is_persisted_goes_along_with_those_values() -> None:
    was = live("T1", "X")
    changes = [new("a", "A"), new("b", "A/B", inside("a"), COLOUR="red"), changed("x", was, "Y")]

    assert told(changes)[-1] == ["rename X to Y", "update A/B"]
    assert len(told(changes)) == 3


def test_oc_r115_paths_go_ahead_where_values_can_then_go_along_with_a_name_that_a_move_needs() -> None:
    was = live("T1", "B")
    changes = [new("c", "C"), new("b", "C/B", inside("c"), COLOUR="red"), changed("a", was, "C/A", inside("c"))]

    assert [sorted(r) for r in told(changes)] == [
        ["create C", "create C/B"],
        ["look up the new Directories"],
        ["rename B to A", "update C/B"],
        ["move B to /MAM/C"],
    ]


def test_oc_r115_of_several_ways_that_counts_which_takes_least_of_what_nothing_holds() -> None:
    hold = Hold("unconfirmed", "it has another name", "confirm it")
    held = replace(changed("x", live("T1", "A/X", "T2"), "Y", None), holds=(hold,))
    free = [new("s", "S"), new("t", "S/T", inside("s"))]

    calls = directory.calls(DIRECTORY, [held, *free])

    assert told(free) == [["create S", "create S/T"]]
    assert len({c.carrier for c in calls if c.summary.startswith("create")}) == 1


def test_oc_r111_a_change_names_its_parent_and_its_name_whatever_changes() -> None:
    top, inner = live("T1", "A", children=1), live("T2", "A/B", "T1")

    assert bodies(changed("a", top, "Z"), changed("b", inner, COLOUR=["red", "blue"])) == [
        {"tid": "T1", "rnc": "MAM", "name": "Z"},
        {
            "tid": "T2",
            "parent": "T1",
            "name": "B",
            "vals": {
                "entries": [
                    {
                        "attr": "COLOUR",
                        "type": "multiple",
                        "itm": [{"pos": "0", "value": "red"}, {"pos": "1", "value": "blue"}],
                    }
                ]
            },
        },
    ]


def test_oc_r110_a_path_is_as_it_is_once_the_renames_above_it_have_gone() -> None:
    was = live("T1", "A")
    changes = [changed("a", was, "Z"), new("b", "Z/B", "T1"), new("c", "Z/B/C", inside("b"))]

    assert told(changes) == [["rename A to Z", "create Z/B"], ["create Z/B/C"]]
    assert bodies(*changes)[-1] == {"dataType": "dir", "path": "/MAM/Z/B/C", "type": "createPath"}


def test_oc_r112_moves_by_tid_to_the_rnc_by_its_path_and_to_what_is_new_by_its_path() -> None:
    a, b, c = live("T1", "A", children=1), live("T2", "A/B", "T1"), live("T3", "C")
    changes = [
        changed("b", b, "B", None),
        changed("c", c, "A/C", "T1"),
        new("n", "N"),
        changed("a", a, "N/A", inside("n")),
    ]

    moves = [m for m in bodies(*changes) if isinstance(m, dict) and m.get("type") == "move"]

    meta: list[Json] = [m["meta"] for m in moves]
    assert sorted(meta, key=str) == [
        {"destinationDirPath": "/MAM/", "overwrite": "false"},
        {"destinationDirPath": "/MAM/N", "overwrite": "false"},
        {"destinationDirTid": "T1", "overwrite": "false"},
    ]


def test_oc_r112_moved_and_renamed_is_a_move_and_a_persist() -> None:
    a, x = live("T1", "A"), live("T2", "X")

    assert [sorted(r) for r in told([changed("x", x, "A/Y", "T1"), changed("a", a)])] == [
        ["rename X to Y"],
        ["move X to /MAM/A"],
    ]


def test_oc_r115_two_names_that_change_places_take_a_temporary_one() -> None:
    a, b = live("T1", "A"), live("T2", "B")

    assert len(told([changed("a", a, "B"), changed("b", b, "A")])) == 2


def test_oc_r115_the_same_names_beneath_two_rncs_have_nothing_to_do_with_each_other() -> None:
    a, b = live("T1", "A"), live("T2", "B", rnc="DATA")

    assert told([changed("a", a, "B"), changed("b", b, "A")]) == [["rename A to B", "rename B to A"]]


def test_oc_r116_a_branch_goes_deepest_first() -> None:
    a, b = live("T1", "A", children=1), live("T2", "A/B", "T1")

    assert told([doomed("a", a), doomed("b", b)]) == [["delete A/B", "delete A"]]
    assert bodies(doomed("b", b)) == [{"dataType": "dir", "tid": "T2", "type": "delete"}]


def test_oc_r115_a_delete_that_frees_a_name_goes_first() -> None:
    a, b = live("T1", "A"), live("T2", "B")

    assert told([doomed("a", a), changed("b", b, "A")]) == [["delete A"], ["rename B to A"]]


def test_oc_c41_batches_are_as_large_as_the_target_says() -> None:
    few = {"batchSize": 2}
    changes = [_set(new(f"d{n}", f"D{n}"), few) for n in range(5)]

    assert [len(r) for r in told(changes)] == [2, 2, 1]


def test_oc_c41_nothing_needs_nothing() -> None:
    assert directory.calls(DIRECTORY, []) == []
    assert directory.bound(DIRECTORY, []) == 0


def _set(change: Change, settings: Mapping[str, Json]) -> Change:
    return replace(change, settings=settings)
