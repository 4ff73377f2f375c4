"""What goes into which request: OC-R24 to OC-R31, on values alone. `told` checks each against OC-C2 as well."""

from __future__ import annotations

from reconciler.model.change import Change
from reconciler.model.json import Json
from reconciler.model.plan import Call, On, Role
from reconciler.providers.omn_core import keyword
from tests.unit.providers.omn import KEYWORD, changed, doomed, live, new, told


def bodies(*changes: Change) -> list[Json]:
    return [c.body for c in keyword.calls(KEYWORD, changes) if c.carrier and not c.contingent]


def test_oc_r24_creates_name_the_parent_by_id_by_path_or_as_the_root() -> None:
    inner: Json = {"$id": "core/Keyword/a"}

    sent = bodies(new("a", "A", en_GB="A!"), new("b", "A/B", inner), new("c", "Old/C", "7"))

    assert sent == [
        {"parentPath": "/", "name": {"itm": ["A", {"loc": "en_GB", "value": "A!"}]}},
        {"parentPath": "/A", "name": {"itm": ["B"]}},
        {"parentId": "7", "name": {"itm": ["C"]}},
    ]


def test_oc_r23_a_changed_keyword_is_sent_whole() -> None:
    was = live("7", "A", en_GB="old", fr_FR="vieux")

    assert bodies(changed("a", was, en_GB="new", de_DE="neu")) == [
        {
            "id": "7",
            "name": {
                "itm": [
                    "A",
                    {"loc": "de_DE", "value": "neu"},
                    {"loc": "en_GB", "value": "new"},
                    {"loc": "fr_FR", "value": "vieux"},
                ]
            },
        }
    ]


def test_oc_r27_everything_persisted_goes_into_one_call() -> None:
    a, b = live("1", "A"), live("2", "B")

    assert told(
        [
            changed("a", a, "C"),
            changed("b", b, en_GB="b"),
            new("d", "D"),
            new("e", "D/E", {"$id": "core/Keyword/d"}),
        ]
    ) == [["rename A to C", "update B", "create D", "create D/E"]]


def test_oc_r26_moves_by_id_by_path_and_to_the_root() -> None:
    a, b, c = live("1", "A"), live("2", "A/B", "1"), live("3", "C")
    to_new: Json = {"$id": "core/Keyword/n"}

    sent = bodies(
        new("n", "N"), changed("b", b, "B", None), changed("c", c, "A/C", "1"), changed("a", a, "N/A", to_new)
    )

    moves = [m["meta"] for m in sent if isinstance(m, dict) and "type" in m]
    assert sorted(moves, key=str) == [
        {"destinationKwdId": "1"},
        {"destinationKwdPath": "/"},
        {"destinationKwdPath": "/N"},
    ]


def test_oc_r26_a_move_and_a_rename_are_two_calls_the_rename_first() -> None:
    assert told([changed("a", live("1", "A/B", "9"), "C", None)]) == [["rename A/B to C"], ["move A/B to /"]]


def test_oc_r26_the_move_first_where_an_old_sibling_has_the_new_value() -> None:
    old, sibling = live("1", "A/B", "9"), live("2", "A/C", "9")
    renamed = changed("a", old, "C", None)
    going = changed("s", sibling, "S/C", "8")

    assert told([renamed, going]) == [["move A/B to /", "move A/C to /S"], ["rename A/B to C"]]


def test_oc_r27_in_one_persist_who_frees_a_value_stands_before_who_takes_it() -> None:
    a, b = live("1", "A"), live("2", "B")

    [[*order]] = told([changed("a", a, "B"), changed("b", b, "C"), new("n", "A")])

    assert order == ["rename B to C", "rename A to B", "create A"]


def test_oc_r27_a_ring_of_values_takes_a_second_persist() -> None:
    a, b = live("1", "A"), live("2", "B")

    [first, second] = told([changed("a", a, "B"), changed("b", b, "A")])

    assert [f.partition(" to ")[0] for f in first] == ["rename A", "rename B"]
    assert "tmp-" in first[0]
    assert second == ["rename A to B"]


def test_oc_r27_a_ring_of_labels_too() -> None:
    a, b = live("1", "A", en_GB="one"), live("2", "B", en_GB="two")

    [first, second] = told([changed("a", a, en_GB="two"), changed("b", b, en_GB="one")])

    assert (len(first), second) == (2, ["update A"])


def test_oc_r27_a_ring_by_moves_gets_a_temporary_value_as_well() -> None:
    a, b = live("1", "A/X", "8"), live("2", "B/X", "9")

    [first, moves, second] = told([changed("a", a, "B/X", "9"), changed("b", b, "A/X", "8")])

    assert (len(first), len(moves), second) == (1, 2, ["update A/X"])


def test_oc_r27_who_takes_a_value_that_a_move_frees_waits_for_it() -> None:
    a = live("1", "A")

    assert told([changed("a", a, "B/A", "9"), new("n", "A")]) == [["move A to /B"], ["create A"]]
    assert told([changed("a", a, "B/A", "9"), new("n", "A"), new("m", "M")]) == [
        ["move A to /B"],
        ["create M", "create A"],
    ]


def test_oc_r27_who_is_created_under_a_path_that_a_rename_changes_waits() -> None:
    old = live("1", "Old")
    parent: Json = {"$id": "core/Keyword/n"}

    assert told([changed("o", old, "New"), new("n", "New/N", "1"), new("m", "New/N/M", parent)]) == [
        ["rename Old to New", "create New/N"],
        ["create New/N/M"],
    ]


def test_oc_r28_deletes_go_deepest_first_after_everything_else() -> None:
    a, b, c = live("1", "A", children=1), live("2", "A/B", "1"), live("3", "C")

    assert told([doomed("a", a), doomed("b", b), changed("c", c, en_GB="c")]) == [
        ["update C"],
        ["delete A/B", "delete A"],
    ]


def test_oc_r31_a_delete_that_frees_a_value_goes_early_with_what_is_beneath_it() -> None:
    a, b, x = live("1", "A", children=1), live("2", "A/B", "1"), live("3", "X")

    assert told([doomed("a", a), doomed("b", b), doomed("x", x), new("n", "A")]) == [
        ["delete A/B", "delete A"],
        ["create A"],
        ["delete X"],
    ]


def test_oc_r31_but_not_while_something_of_the_plan_is_still_in_its_branch() -> None:
    a, b = live("1", "A", children=1), live("2", "A/B", "1")

    [moves, rest, last] = told([doomed("a", a), changed("b", b, "B", None), new("n", "A")])

    assert rest[0].startswith("rename A to tmp-")
    assert (moves, rest[1:], last) == (["move A/B to /"], ["create A"], ["delete A"])


def test_oc_r28_a_delete_comes_after_every_move_out_of_its_branch() -> None:
    a, b = live("1", "A", children=1), live("2", "A/B", "1")

    calls = {c.summary: c for c in keyword.calls(KEYWORD, [doomed("a", a), changed("b", b, "B", None)])}

    assert "core/Keyword/b#move" in calls["delete Keyword A"].after


def test_oc_r28_a_delete_waits_for_what_nobody_says_will_leave() -> None:
    [_, gone] = keyword.calls(KEYWORD, [doomed("a", live("1", "A", children=1))])

    assert gone.args == {"beneath": {"$id": "a keyword beneath A"}}


def test_oc_r26_what_is_moved_beneath_its_own_child_lets_that_out_first() -> None:
    a, b = live("1", "A"), live("2", "A/B", "1")

    [order] = told([changed("a", a, "B/A", "2"), changed("b", b, "B", None)])

    assert order == ["move A/B to /", "move A to /B"]


def test_oc_r30_a_repair_per_level_beneath_the_first() -> None:
    a, b = {"$id": "core/Keyword/a"}, {"$id": "core/Keyword/b"}
    made = [new("a", "A"), new("b", "A/B", a), new("c", "A/B/C", b), new("d", "A/D", a)]  # type: ignore[arg-type]

    calls = [c for c in keyword.calls(KEYWORD, made) if c.contingent]

    sent = [c for c in calls if c.sent]
    assert [c.role for c in sent] == [Role.FIND, Role.CONTINGENT] * 2
    again = [c for c in calls if not c.sent]
    assert [c.address.name for c in again] == ["b", "d", "c"]
    assert again[0].body == {
        "parentId": {"$find": {"read": sent[0].id, "key": ["A"], "scope": []}},
        "name": {"itm": ["B"]},
    }
    assert all(c.trigger and c.trigger.on is On.UNDONE for c in calls)


def test_oc_r10_at_most_200_objects_go_into_one_call() -> None:
    calls = keyword.calls(KEYWORD, [new(f"k{n:03}", f"K{n:03}") for n in range(401)])

    assert keyword.bound(KEYWORD, [new(f"k{n:03}", f"K{n:03}") for n in range(401)]) == 3
    assert [sum(_in(r, c) for r in calls) for c in calls if c.sent] == [200, 200, 1]


def _in(rider: Call, carrier: Call) -> bool:
    return rider.carrier == carrier.id


def test_in_sync_nothing() -> None:
    assert told([changed("a", live("1", "A"))]) == []
    assert told([]) == []
