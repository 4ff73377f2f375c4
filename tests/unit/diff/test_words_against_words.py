"""Which live thing a document means where several words speak of it: pins, the ledger, former keys and keys."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Document, Lifecycle, Manage
from reconciler.model.record import replace
from tests.unit.diff import hard
from tests.unit.diff.hard import bound, declared, there
from tests.unit.diff.samples import JANE, bond, compared, folder, label, rules, team
from tests.world import doc

TWINS = [team("t1", "brand"), team("t2", "brand")]


def crew(name: str, slug: str, **words: object) -> Document:
    return doc("ClientTeam", name, {"slug": slug, "name": "Brand"}, **words)


def lab(name: str, key: str, **words: object) -> Document:
    return doc("Label", name, {"name": key}, **words)


def meant(found: dict[str, Change]) -> dict[str, tuple[Verb, str | None]]:
    """What is done, to which live thing."""
    return {name: (c.verb, c.live.id if c.live else None) for name, c in found.items()}


def test_of_two_of_one_key_the_one_that_is_about_to_leave_it_does_not_count() -> None:
    leaves = crew("leaves", "other", pinned_id="t2", allow=["rename"])

    found = compared([crew("stays", "brand"), leaves], TWINS)

    assert meant(found) == {"leaves": (Verb.RENAME, "t2"), "stays": (Verb.ADOPT, "t1")}
    assert rules(found["stays"]) == set()


def test_a_document_under_another_name_is_still_known_by_its_id() -> None:
    """Somebody renamed the team, and somebody else the document."""
    was = bond("ClientTeam", "old", "t1", "brand")

    found = compared([crew("new", "brand", previous_name="old", allow=["rename"])], [team("t1", "other")], [was])

    assert meant(found) == {"new": (Verb.RENAME, "t1")}
    assert found["new"].previous == was.address


@pytest.mark.parametrize(
    ("words", "own", "verb", "kept"),
    [
        ({"pinned_id": "t1"}, "t1", Verb.MOVE, True),
        ({"manage": "observe"}, "t1", Verb.OBSERVE, True),
        ({}, "t9", Verb.ADOPT, False),
    ],
)
def test_the_former_name_of_a_document_is_left_with_it(
    words: dict[str, object], own: str, verb: Verb, kept: bool
) -> None:
    """Also where it means another thing by now: nothing is said of the former name apart."""
    was = bond("ClientTeam", "old", own, "brand")

    found = compared([crew("new", "brand", previous_name="old", **words)], TWINS[:1], [was])

    assert meant(found) == {"new": (verb, "t1")}
    assert (found["new"].previous, found["new"].bond) == (was.address, was if kept else None)


def test_the_former_name_of_a_document_that_is_another_ones_now_tells_nothing() -> None:
    was = bond("ClientTeam", "old", "t1", "brand")

    found = compared([crew("new", "fresh", previous_name="old"), crew("old", "brand")], TWINS[:1], [was])

    assert meant(found) == {"new": (Verb.CREATE, None), "old": (Verb.NONE, "t1")}


def test_what_surely_becomes_something_else_is_no_bodys_former_thing() -> None:
    """Its pin leads it away, so `previously` of the other one is over; nothing stands in the way of either."""
    found = compared([lab("one", "new", previous_key="old"), lab("two", "other", pinned_id="old")], [label("old")])

    assert meant(found) == {"one": (Verb.CREATE, None), "two": (Verb.RENAME, "old")}
    assert [rules(c) for c in found.values()] == [set(), set()]


@pytest.mark.parametrize(("owner", "verb"), [("id of jane", Verb.ADOPT), ("id of bob", Verb.CREATE)])
def test_a_pin_into_a_list_of_its_own_owner_is_one(owner: str, verb: Verb) -> None:
    wanted = doc("Folder", "a", {"path": "Board", "scope": "restricted", "owner": JANE}, pinned_id="f")

    assert compared([wanted], [folder("f", "Board", scope="restricted", owner=owner)])["a"].verb is verb


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ({}, "ambiguous"),
        ({"previous_key": "brand", "allow": ["rename"]}, "ambiguous"),
        ({"pinned_id": "t7"}, "no-such-id"),
    ],
)
def test_what_stands_in_the_way_forgets_nothing_of_what_the_ledger_knows(
    words: dict[str, object], rule: str
) -> None:
    was = bond("ClientTeam", "a", "t9", "brand", made=True)
    key = "new" if "previous_key" in words else "brand"

    found = compared([crew("a", key, **words)], TWINS, [was])["a"]

    assert (rules(found), found.live, found.bond, found.was_made) == ({rule}, None, was, True)


def test_what_another_one_has_is_not_ours_and_what_we_knew_is_not_forgotten() -> None:
    was = bond("ClientTeam", "b", "t9", "brand", made=True)

    found = compared([crew("a", "brand"), crew("b", "brand")], TWINS[:1], [was])["b"]

    assert (rules(found), found.live, found.bond) == ({"taken"}, None, was)


def test_of_two_that_the_ledger_gives_one_thing_the_one_of_its_own_key_has_it() -> None:
    """Whichever comes first."""
    for names in (("one", "two"), ("two", "one")):
        own, other = names
        bonds = [bond("Label", name, "beta") for name in names]
        found = compared([lab(own, "beta"), lab(other, "gamma")], [label("beta")], bonds)
        assert meant(found) == {own: (Verb.NONE, "beta"), other: (Verb.CREATE, None)}


def test_a_spelling_that_is_live_already_is_not_asked_for_again() -> None:
    found = compared([lab("a", "Alpha", previous_key="Alpha")], [label("Alpha")])["a"]
    other = compared([lab("a", "Alpha", previous_key="beta")], [label("alpha")], [bond("Label", "a", "alpha")])[
        "a"
    ]

    assert (found.verb, found.changed) == (Verb.ADOPT, frozenset())
    assert (other.verb, other.changed) == (Verb.NONE, frozenset())


def test_one_that_is_only_observed_keeps_no_former_key_from_another() -> None:
    """Whichever comes first: see also what frees no name."""
    for other in ("a", "z"):
        seen = lab(other, "beta", previous_key="alpha", manage="observe")
        assert meant(compared([lab("own", "alpha"), seen], [label("alpha")]))["own"] == (Verb.ADOPT, "alpha")


# Scopes and trees.


BOXES = [there("Box", "b0", "red"), there("Box", "b1", "blue")]


def test_what_is_made_anew_in_a_box_that_is_still_to_come_leaves_its_place_to_another() -> None:
    live = [*BOXES, there("Pot", "1", "cup", scope=("b0",), box="b0")]
    documents = [
        declared("Box", "new", {"name": "New"}),
        declared("Pot", "goes", {"box": "new", "key": "cup"}, allow=["replace"]),
        declared("Pot", "comes", {"box": "red", "key": "cup"}),
    ]

    found = hard.told(documents, live, [bound("Pot", "goes", "1")])

    assert meant(found) == {
        "new": (Verb.CREATE, None), "goes": (Verb.REPLACE, "1"), "comes": (Verb.CREATE, None),
    }  # fmt: skip
    assert hard.rules(found["comes"]) == []


@pytest.mark.parametrize("box", ["red", "nowhere"])
def test_what_stays_or_leads_nowhere_takes_nothing_away_from_its_place(box: str) -> None:
    live = [*BOXES, there("Pot", "1", "cup", scope=("b0",), box="b0")]
    documents = [
        declared("Pot", "first", {"box": box, "key": "cup"}, allow=["replace"]),
        declared("Pot", "comes", {"box": "red", "key": "cup"}),
    ]

    found = hard.told(documents, live, [bound("Pot", "first", "1")])

    assert hard.rules(found["comes"]) == ["taken"]


def test_a_box_that_is_declared_is_known_before_what_is_in_it() -> None:
    live = [*BOXES, there("Thing", "1", "cup", scope=("b0",), box="b0")]
    red = declared("Box", "the-red-one", {"name": "red"})

    for box in ("red", "the-red-one"):
        found = hard.told([red, declared("Thing", "cup", {"box": box, "key": "cup"})], live)
        assert meant(found) == {"the-red-one": (Verb.ADOPT, "b0"), "cup": (Verb.ADOPT, "1")}


def test_a_document_is_meant_by_its_name_only_within_the_same_box() -> None:
    live = [*BOXES, there("Thing", "1", "tray", scope=("b0",), box="b0"),
            there("Thing", "2", "tray", scope=("b1",), box="b1")]  # fmt: skip
    tray = declared("Thing", "tray", {"box": "red", "key": "tray"})

    for box, own in (("red", "1"), ("blue", "2")):
        cup = declared("Thing", "cup", {"box": box, "key": "cup", "above": "tray"})
        assert hard.told([tray, cup], live)["cup"].wire["above"] == own
    anywhere = declared("Thing", "cup", {"key": "cup", "above": "tray"})
    assert hard.told([tray, anywhere], live)["cup"].wire["above"] == "1"


def test_what_the_ledger_knows_further_in_is_not_taken_by_a_mere_key() -> None:
    """Somebody moved it to the root, and it is brought back."""
    live = [there("Room", "1", ["A"]), there("Room", "2", ["X"])]
    documents = [declared("Room", "a", {"path": "A"}), declared("Room", "y", {"path": "X/A"})]

    found = hard.told(documents, live, [bound("Room", "y", "1", key=["X", "A"])])

    assert meant(found) == {"a": (Verb.CREATE, None), "y": (Verb.RENAME, "1")}
    assert [hard.rules(c) for c in found.values()] == [[], []]


def test_a_former_key_of_what_is_there_already_keeps_it_from_nobody() -> None:
    live = [there("Room", "1", ["A"]), there("Room", "2", ["X"]), there("Room", "3", ["X", "A"], "2")]
    inner = declared("Room", "y", {"path": "X/A"}, previous_key="A")

    found = hard.told([declared("Room", "a", {"path": "A"}), inner], live)

    assert meant(found) == {"a": (Verb.ADOPT, "1"), "y": (Verb.ADOPT, "3")}


def test_what_keeps_its_place_is_moved_out_of_what_goes_further_in() -> None:
    """What it lies in is matched only after it."""
    live = [
        there("Room", "1", ["A"]),
        there("Room", "2", ["A", "x"], "1"),
        there("Room", "4", ["C"]),
        there("Room", "5", ["C", "D"], "4"),
    ]
    documents = [
        declared("Room", "new", {"path": "A"}),
        declared("Room", "x", {"path": "A/x"}),
        declared("Room", "b", {"path": "C/D/B"}, previous_key="A"),
    ]

    found = hard.told(documents, live)

    assert meant(found) == {"new": (Verb.CREATE, None), "x": (Verb.RENAME, "2"), "b": (Verb.RENAME, "1")}
    assert (found["x"].parent, found["b"].parent) == ({"$id": "far/Room/new"}, "5")
    seen = replace(documents[1], lifecycle=Lifecycle(Manage.OBSERVE))
    assert hard.told([documents[0], seen, documents[2]], live)["x"].verb is Verb.OBSERVE
