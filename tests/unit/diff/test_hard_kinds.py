"""Trees that move, keys within a scope, things no list shows, sets that go whole, values others write too."""

from __future__ import annotations

from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.json import JsonObject, digest
from reconciler.model.recorded import Recorded
from tests.unit.diff.hard import AT, bound, declared, rules, there, told

# Trees.


def test_what_lies_beneath_a_renamed_thing_stays_what_it_is() -> None:
    live = [there("Room", "1", ["Mode"]), there("Room", "2", ["Mode", "Shoes"], "1")]
    documents = [
        declared("Room", "fashion", {"path": "Fashion"}, previous_key="Mode"),
        declared("Room", "shoes", {"path": "Fashion/Shoes"}),
    ]

    found = told(documents, live)

    assert (found["fashion"].verb, found["fashion"].live.id if found["fashion"].live else "") == (Verb.RENAME, "1")
    assert (found["shoes"].live.id if found["shoes"].live else "") == "2"
    assert not found["shoes"].writes
    assert rules(found["shoes"]) == []


def test_a_child_may_tell_its_old_place_in_old_words_or_new_ones() -> None:
    live = [there("Room", "1", ["Mode"]), there("Room", "2", ["Mode", "Schuhe"], "1")]
    above = declared("Room", "fashion", {"path": "Fashion"}, previous_key="Mode")
    for before in ("Mode/Schuhe", "Fashion/Schuhe"):
        found = told([above, declared("Room", "shoes", {"path": "Fashion/Shoes"}, previous_key=before)], live)
        assert found["shoes"].verb is Verb.RENAME
        assert found["shoes"].parent == "1"


def test_two_that_swap_their_names_take_along_what_lies_beneath() -> None:
    live = [
        there("Room", "1", ["A"]),
        there("Room", "2", ["A", "x"], "1"),
        there("Room", "3", ["B"]),
        there("Room", "4", ["B", "x"], "3"),
    ]
    documents = [
        declared("Room", "a", {"path": "B"}, previous_key="A"),
        declared("Room", "b", {"path": "A"}, previous_key="B"),
        declared("Room", "ax", {"path": "B/x"}),
        declared("Room", "bx", {"path": "A/x"}),
    ]

    found = told(documents, live)

    assert {n: c.live.id for n, c in found.items() if c.live} == {"a": "1", "b": "3", "ax": "2", "bx": "4"}
    assert [n for n, c in found.items() if c.writes] == ["a", "b"]


def test_a_move_to_another_parent_names_that_parent() -> None:
    live = [there("Room", "1", ["A"]), there("Room", "2", ["B"]), there("Room", "3", ["A", "x"], "1")]
    documents = [
        declared("Room", "a", {"path": "A"}),
        declared("Room", "b", {"path": "B"}),
        declared("Room", "x", {"path": "B/x"}, previous_key="A/x"),
    ]

    assert told(documents, live)["x"].parent == "2"


# Scopes.


def test_one_key_in_two_scopes_is_two_things() -> None:
    live = [
        there("Box", "b1", "red"),
        there("Box", "b2", "blue"),
        there("Thing", "1", "cup", scope=("b1",), box="b1", size=1),
        there("Thing", "2", "cup", scope=("b2",), box="b2", size=1),
    ]
    documents = [
        declared("Thing", "red-cup", {"box": "red", "key": "cup", "size": 2}),
        declared("Thing", "blue-cup", {"box": "blue", "key": "cup", "size": 1}),
    ]

    found = told(documents, live)

    assert {n: (c.live.id, c.changed) for n, c in found.items() if c.live} == {
        "red-cup": ("1", frozenset({"size"})),
        "blue-cup": ("2", frozenset()),
    }


def test_a_scope_that_is_yet_to_be_made_holds_nothing_yet() -> None:
    documents = [
        declared("Box", "red", {"name": "Red"}),
        declared("Thing", "cup", {"box": "red", "key": "cup"}),
    ]

    found = told(documents, [there("Thing", "1", "cup", scope=("b9",), box="b9")])["cup"]

    assert (found.verb, found.scope) == (Verb.CREATE, ({"$id": f"{AT}/Box/red"},))


def test_a_reference_to_a_scoped_thing_is_looked_up_in_ones_own_scope() -> None:
    live = [
        there("Box", "b1", "red"),
        there("Box", "b2", "blue"),
        there("Thing", "1", "tray", scope=("b1",), box="b1"),
        there("Thing", "2", "tray", scope=("b2",), box="b2"),
    ]

    found = told([declared("Thing", "cup", {"box": "blue", "key": "cup", "above": "tray"})], live)["cup"]

    assert found.wire["above"] == "2"


# What no list shows.


def test_a_thing_that_cannot_be_found_is_made_only_with_a_known_past() -> None:
    letter = declared("Letter", "hello", {"title": "Hello"})
    known = Recorded({}, exists=True, completed=frozenset({AT}))

    assert rules(told([letter])["hello"]) == ["unknown-past"]
    assert rules(told([letter], recorded=known)["hello"]) == []


def test_its_title_decides_nothing() -> None:
    letter = declared("Letter", "hello", {"title": "Hello"})

    assert told([letter], [there("Letter", "7", "Hello")])["hello"].live is None


def test_a_recorded_one_that_is_not_there_is_held_as_gone() -> None:
    letter = declared("Letter", "hello", {"title": "Hello"})

    assert rules(told([letter], bonds=[bound("Letter", "hello", "7")])["hello"]) == ["gone"]


def test_a_new_title_of_a_recorded_one_is_a_change_like_any_other() -> None:
    letter = declared("Letter", "hello", {"title": "Hello again"})

    found = told([letter], [there("Letter", "7", "Hello")], [bound("Letter", "hello", "7")])["hello"]

    assert (found.verb, found.changed, rules(found)) == (Verb.UPDATE, frozenset({"title"}), [])


def test_one_in_doubt_waits_for_a_person() -> None:
    at = Address(AT, "Letter", "hello")
    known = Recorded({}, exists=True, completed=frozenset({AT}), doubts={at: "POST /letters"})

    [hold] = told([declared("Letter", "hello", {"title": "Hello"})], recorded=known)["hello"].holds

    assert (hold.rule, hold.final) == ("in-doubt", True)
    assert f"reconciler resume --adopt {at}=ID" in hold.way_out


def test_a_token_acts_once() -> None:
    letter = declared("Letter", "hello", {"title": "Hello"}, once={"send": "1"})
    live = [there("Letter", "7", "Hello")]

    assert told([letter], live, [bound("Letter", "hello", "7")])["hello"].once == {"send": "1"}
    assert told([letter], live, [bound("Letter", "hello", "7", once={"send": "1"})])["hello"].once == {}


# Sets that go whole.


def test_what_an_additive_set_leaves_is_part_of_the_whole() -> None:
    spec: JsonObject = {"name": "Crew", "members": ["a", "b"], "membersMode": "additive"}
    live = [there("Crew", "1", "Crew", members=["b", "c"])]

    delta = told([declared("Crew", "crew", spec)], live)["crew"].deltas["members"]

    assert sorted(str(e.id) for e in delta.whole) == ["a", "b", "c"]


def test_first_removals_hold_the_whole_change_since_nothing_of_it_can_go_alone() -> None:
    live = [there("Crew", "1", "Crew", members=["b", "c"])]

    [hold] = told([declared("Crew", "crew", {"name": "Crew", "members": ["a", "b"]})], live)["crew"].holds

    assert (hold.rule, hold.only) == ("first-removals", "")


# Values that somebody else writes too.


def sized(sent: int, *, differs: str = "", size: int = 2) -> tuple[list[str], frozenset[str]]:
    live = [there("Box", "b1", "red"), there("Thing", "1", "cup", scope=("b1",), box="b1", size=9)]
    kept = {"size": digest(2)}
    bond = bound(
        "Thing", "cup", "1", digests=kept, sent={"size": sent}, differs={"size": differs} if differs else {}
    )
    found = told([declared("Thing", "cup", {"box": "red", "key": "cup", "size": size})], live, [bond])["cup"]
    return rules(found), found.changed


def test_a_value_sent_twice_that_differs_again_is_contended() -> None:
    assert sized(1) == ([], frozenset({"size"}))
    assert sized(2) == (["contended"], frozenset())
    assert sized(2, size=3) == ([], frozenset({"size"}))


def test_what_the_server_made_of_a_value_is_left_alone() -> None:
    assert sized(1, differs=digest(9)) == (["changed-by-server"], frozenset())
    assert sized(1, differs=digest(8)) == ([], frozenset({"size"}))


# Replacing, secrets, removal by other words.


def test_a_fixed_value_that_may_be_replaced_needs_consent() -> None:
    live = [there("Box", "b1", "red"), there("Thing", "1", "cup", scope=("b1",), box="b1", make="clay")]
    spec: JsonObject = {"box": "red", "key": "cup", "make": "glass"}

    assert rules(told([declared("Thing", "cup", spec)], live)["cup"]) == ["replace"]
    allowed = told([declared("Thing", "cup", spec, allow=["replace"])], live)["cup"]
    assert (allowed.verb, rules(allowed)) == (Verb.REPLACE, [])


def test_nothing_is_made_anew_where_another_one_stands_and_stays() -> None:
    """Making it there would write over what somebody else keeps; where that leaves, too, the place is free."""
    live = [
        *(there("Box", f"b{n}", name) for n, name in enumerate(("red", "blue", "green"))),
        there("Pot", "1", "cup", scope=("b0",), box="b0"),
        there("Pot", "2", "cup", scope=("b1",), box="b1"),
    ]
    bonds = [bound("Pot", "mine", "1"), bound("Pot", "theirs", "2")]
    mine = declared("Pot", "mine", {"box": "blue", "key": "cup"}, allow=["replace"])
    theirs = declared("Pot", "theirs", {"box": "green", "key": "cup"}, allow=["replace"])

    alone = told([mine], live, bonds[:1])["mine"]
    both = told([mine, theirs], live, bonds)

    assert (alone.verb, rules(alone)) == (Verb.REPLACE, ["name-taken"])
    assert alone.holds[0].final
    assert [(c.verb, rules(c)) for c in both.values()] == [(Verb.REPLACE, [])] * 2


def test_a_secret_is_sent_again_with_a_new_version_alone() -> None:
    live = [there("Box", "b1", "red"), there("Thing", "1", "cup", scope=("b1",), box="b1")]

    def changed(version: int, source: str = "PIN") -> frozenset[str]:
        spec: JsonObject = {"box": "red", "key": "cup", "code": {"fromEnv": source, "version": version}}
        bond = bound("Thing", "cup", "1", digests={"code": digest({"version": 1})})
        return told([declared("Thing", "cup", spec)], live, [bond])["cup"].changed

    assert changed(1) == frozenset()
    assert changed(1, "OTHER") == frozenset()
    assert changed(2) == {"code"}


def test_what_left_git_may_be_archived() -> None:
    live = [there("Room", "1", ["A"])]

    found = told([], live, [bound("Room", "a", "1", made=True, on_remove="archive")])["a"]

    assert (found.verb, found.removes, found.writes) == (Verb.ARCHIVE, True, True)


def test_a_value_that_was_never_seen_is_said_until_a_token_issues_another() -> None:
    live = [there("Letter", "7", None, title="Hello")]
    gone = bound("Letter", "hello", "7", lost=("link",))
    note = "the value that `link` is for was shown once and never seen: `once: {send: …}` issues another"
    assert note in told([declared("Letter", "hello", {"title": "Hello"})], live, [gone])["hello"].notes
    again = declared("Letter", "hello", {"title": "Hello"}, once={"send": "1"})
    assert told([again], live, [gone])["hello"].notes == ()


def test_a_deeper_document_with_a_stronger_word_keeps_its_thing() -> None:
    """What is matched from the root on does not take, by a mere key, what is pinned or recorded further in."""
    live = [there("Room", "1", ["A"]), there("Room", "2", ["X"])]
    outer, inner = declared("Room", "a", {"path": "A"}), declared("Room", "y", {"path": "X/A"}, pinned_id="1")

    pinned = told([outer, inner], live)
    assert (pinned["a"].verb, pinned["y"].live.id if pinned["y"].live else "") == (Verb.CREATE, "1")
    known = declared("Room", "y", {"path": "X/A"}, previous_key="A")
    recorded = told([outer, known], live, [bound("Room", "y", "1", key=["A"])])
    assert (recorded["a"].verb, recorded["y"].live.id if recorded["y"].live else "") == (Verb.CREATE, "1")
    former = told([outer, known], live)
    assert (former["a"].verb, former["y"].live.id if former["y"].live else "") == (Verb.CREATE, "1")
    shallow = told([outer, declared("Room", "b", {"path": "B"}, pinned_id="1")], live)
    assert (shallow["a"].verb, shallow["b"].live.id if shallow["b"].live else "") == (Verb.CREATE, "1")


def test_what_keeps_its_place_while_all_above_it_moves_is_moved_out() -> None:
    live = [
        there("Room", "1", ["A"]),
        there("Room", "2", ["A", "x"], "1"),
        there("Room", "3", ["A", "x", "y"], "2"),
        there("Room", "4", ["C"]),
    ]
    documents = [
        declared("Room", "b", {"path": "B"}, previous_key="A"),
        declared("Room", "new", {"path": "A"}),
        declared("Room", "x", {"path": "A/x"}),
        declared("Room", "y", {"path": "A/x/y"}),
        declared("Room", "c", {"path": "C"}),
    ]
    bonds = [bound("Room", "x", "2", key=["A", "x"]), bound("Room", "y", "3", key=["A", "x", "y"])]

    found = told(documents, live, bonds)

    assert {n: (c.verb, c.live.id if c.live else None) for n, c in found.items()} == {
        "b": (Verb.RENAME, "1"), "new": (Verb.CREATE, None), "x": (Verb.RENAME, "2"), "y": (found["y"].verb, "3"),
        "c": (Verb.ADOPT, "4"),
    }  # fmt: skip
    assert (found["x"].parent, found["y"].writes) == ({"$id": f"{AT}/Room/new"}, False)
