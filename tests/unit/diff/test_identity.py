"""Which live thing a document means: by pin, by ledger, by its previous key, by its key, in this order."""

from __future__ import annotations

import itertools

import pytest

from reconciler.diff.refusals import unconfirmed
from reconciler.model.change import Change, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from tests.unit.diff.samples import (
    BOB,
    JANE,
    PART,
    At,
    address,
    applied,
    bond,
    compared,
    desired_of,
    folder,
    kind_of,
    label,
    rules,
    team,
)
from tests.world import doc


def lab(name: str, key: str, **words: object) -> Document:
    return doc("Label", name, {"name": key}, **words)


def crew(name: str, slug: str, **words: object) -> Document:
    return doc("ClientTeam", name, {"slug": slug, "name": "Brand"}, **words)


def said(change: Change) -> tuple[Verb, str | None, set[str]]:
    """What is done, to which live thing, and what stands in the way."""
    return change.verb, change.live.id if change.live else None, rules(change)


# By the key.


def test_nothing_of_that_key_is_a_create() -> None:
    assert said(compared([lab("a", "new")])["a"]) == (Verb.CREATE, None, set())


def test_a_live_key_that_the_ledger_does_not_know_is_adopted_in_any_spelling() -> None:
    found = compared([lab("a", "PRODUCTION")], [label("Production")])["a"]

    assert said(found) == (Verb.ADOPT, "Production", set())
    assert not found.writes
    assert found.notes == ("spelled 'Production' live; `previously: {key: Production}` would change that",)


def test_without_a_ledger_nobody_adopts() -> None:
    assert said(compared([lab("a", "x1")], [label("x1")], ledger=False)["a"])[0] is Verb.NONE


def test_two_live_things_of_one_key_are_refused_with_their_ids() -> None:
    found = compared([crew("a", "brand")], [team("t2", "brand"), team("t1", "brand")])["a"]

    assert rules(found) == {"ambiguous"}
    assert found.holds[0].reason.endswith("is live: t1, t2")
    assert found.holds[0].final


def test_slugs_and_paths_are_compared_exactly() -> None:
    assert compared([crew("a", "brand")], [team("t1", "Brand")])["a"].verb is Verb.CREATE
    assert compared([doc("Folder", "a", {"path": "finance"})], [folder("f", "Finance")])["a"].verb is Verb.CREATE


def test_both_forms_of_a_path_mean_one_folder() -> None:
    things = [folder("f", "Finance"), folder("g", "Finance", "Reports", parent="f")]

    forms: list[Json] = ["Finance/Reports", ["Finance", "Reports"]]
    for path in forms:
        found = compared([doc("Folder", "a", {"path": path})], things)["a"]
        assert (found.verb, found.key, found.parent) == (Verb.ADOPT, ["Finance", "Reports"], "f")


# By a pinned id.

TWINS = [team("t1", "brand"), team("t2", "brand")]


def test_a_pin_singles_out_what_the_key_cannot() -> None:
    assert said(compared([crew("a", "brand", pinned_id="t2")], TWINS)["a"]) == (Verb.ADOPT, "t2", set())


def test_a_pin_to_nothing_is_refused() -> None:
    assert said(compared([crew("a", "brand", pinned_id="t3")], TWINS)["a"]) == (Verb.CREATE, None, {"no-such-id"})


def test_a_pin_is_stronger_than_the_ledger() -> None:
    found = compared([crew("a", "brand", pinned_id="t2")], TWINS, [bond("ClientTeam", "a", "t1", "brand")])["a"]

    assert found.live is not None
    assert found.live.id == "t2"


def test_a_pin_is_consent_to_a_new_key_but_not_to_its_risk() -> None:
    """ST-R14 asks for a second word."""
    things = [team("t1", "old")]

    assert said(compared([crew("a", "new", pinned_id="t1")], things)["a"]) == (Verb.RENAME, "t1", {"rename"})
    consenting = crew("a", "new", pinned_id="t1", allow=["rename"])
    assert said(compared([consenting], things)["a"]) == (Verb.RENAME, "t1", set())


# By the ledger.


def test_the_ledger_knows_a_thing_whatever_it_is_called() -> None:
    """A name that somebody changed in the product is brought back: the document says what it said before."""
    known = bond("Folder", "a", "f1", ["Finance"])

    found = compared([doc("Folder", "a", {"path": "Finance"})], [folder("f1", "Money")], [known])["a"]

    assert said(found) == (Verb.RENAME, "f1", {"no-rename"})


def test_a_slug_that_somebody_changed_is_brought_back_with_consent() -> None:
    known = bond("ClientTeam", "a", "t1", "brand")

    assert said(compared([crew("a", "brand")], [team("t1", "other")], [known])["a"])[2] == {"rename"}
    assert said(compared([crew("a", "brand", allow=["rename"])], [team("t1", "other")], [known])["a"])[2] == set()


def test_a_new_key_without_previously_is_held_with_the_line_to_add() -> None:
    found = compared([lab("a", "new")], [label("old")], [bond("Label", "a", "old")])["a"]

    assert said(found) == (Verb.RENAME, "old", {"rename-unconfirmed"})
    assert found.holds[0].way_out == "add to its metadata: previously: {key: old}"
    assert not found.holds[0].final


def test_where_the_id_is_the_name_its_spelling_may_change() -> None:
    found = compared([lab("a", "Alpha")], [label("ALPHA")], [bond("Label", "a", "Alpha", made=True)])["a"]

    assert said(found) == (Verb.NONE, "ALPHA", set())
    assert found.was_made, "what we made stays ours, however somebody spells it"


def test_what_is_recorded_and_gone_is_made_again() -> None:
    known = bond("Label", "a", "x1", made=True, digests=applied("Label", {"name": "x1"}))

    found = compared([lab("a", "x1")], [], [known])["a"]

    assert said(found) == (Verb.CREATE, None, set())


def test_the_record_of_another_thing_says_nothing_of_this_one() -> None:
    """The team was deleted, and somebody made one of the same slug: it is not ours, and its members are not."""
    old = bond("ClientTeam", "a", "t1", "brand", made=True, entries={"members": ("id of bob",)})
    wanted = doc(
        "ClientTeam",
        "a",
        {"slug": "brand", "name": "Brand", "members": [{"user": JANE}], "membersMode": "additive"},
    )

    found = compared([wanted], [team("t2", "brand", members={"jane": False, "bob": False})], [old])["a"]

    assert said(found) == (Verb.ADOPT, "t2", set())
    assert not found.was_made
    assert found.deltas["members"].remove == ()
    assert BOB not in str(found.fields)


def test_an_id_that_is_a_name_can_come_to_mean_another_thing() -> None:
    """`two` was called beta, which is gone; what is called beta now is `one`'s, renamed by others and known so."""
    bonds = [bond("Label", "one", "beta"), bond("Label", "two", "beta", "Beta")]

    found = compared([lab("one", "beta"), lab("two", "gamma")], [label("beta")], bonds)

    assert said(found["one"]) == (Verb.NONE, "beta", set())
    assert said(found["two"]) == (Verb.CREATE, None, set())


def test_a_folder_whose_place_does_not_show_is_still_known_by_its_id() -> None:
    known = bond("Folder", "a", "f1", ["Board", "Minutes"])
    hidden = folder("f1", "(unplaced) /board/minutes", "Minutes", placed=False)

    found = compared(
        [doc("Folder", "a", {"path": "Board/Minutes"}), doc("Folder", "b", {"path": "Board"})], [hidden], [known]
    )

    assert said(found["a"]) == (Verb.NONE, "f1", set())


# By the previous key.


def test_a_previous_key_that_is_live_is_a_rename() -> None:
    found = compared([lab("a", "new", previous_key="OLD")], [label("old")])["a"]

    assert said(found) == (Verb.RENAME, "old", set())
    assert found.changed == {"name"}


def test_a_previous_key_that_is_not_live_is_over_or_never_was() -> None:
    assert said(compared([lab("a", "new", previous_key="old")], [label("new")])["a"]) == (Verb.ADOPT, "new", set())
    assert said(compared([lab("a", "new", previous_key="old")])["a"]) == (Verb.CREATE, None, set())


def test_two_live_things_of_the_previous_key_are_refused() -> None:
    wanted = crew("a", "new", previous_key="brand", allow=["rename"])

    assert rules(compared([wanted], TWINS)["a"]) == {"ambiguous"}


def test_both_keys_live_is_refused() -> None:
    """Nothing is ever overwritten (OA-R23)."""
    found = compared([lab("a", "new", previous_key="old")], [label("old"), label("new")])["a"]

    assert said(found) == (Verb.RENAME, "old", {"name-taken"})
    assert found.holds[0].final


def test_a_spelling_is_changed_only_if_previously_asks_for_it() -> None:
    things = [label("alpha")]

    assert compared([lab("a", "Alpha")], things)["a"].changed == frozenset()
    assert compared([lab("a", "Alpha", previous_key="alpha")], things)["a"].changed == {"name"}
    assert compared([lab("a", "Alpha", previous_key="alpha")], [label("Alpha")])["a"].changed == frozenset()


def test_a_team_slug_needs_consent_too() -> None:
    things = [team("t1", "old")]

    assert rules(compared([crew("a", "new", previous_key="old")], things)["a"]) == {"rename"}
    assert rules(compared([crew("a", "new", previous_key="old", allow=["rename"])], things)["a"]) == set()


def test_a_thing_that_the_ledger_gives_to_another_is_not_renamed() -> None:
    """`previously` is old: that thing is `two`'s own, and keeps its name."""
    things, bonds = [label("old")], [bond("Label", "two", "old")]

    found = compared([lab("one", "new", previous_key="old"), lab("two", "old")], things, bonds)

    assert said(found["one"]) == (Verb.CREATE, None, set())
    assert said(found["two"]) == (Verb.NONE, "old", set())


def test_a_former_key_that_it_never_had_is_told_beside_the_one_it_had() -> None:
    found = compared([lab("a", "new", previous_key="odl")], [label("old")], [bond("Label", "a", "old")])["a"]

    [hold] = found.holds
    assert hold.reason == "the ledger knows it live as 'old', `previously.key` says 'odl'"
    assert hold.way_out == "write the key it had: previously: {key: old}"


def test_of_a_former_chain_the_last_name_is_not_enough() -> None:
    node = doc("Folder", "a", {"path": "Finance/Clean"}, previous_key="Raw")
    hold = unconfirmed(kind_of("Folder"), node, folder("f", "Finance", "Raw")[1])

    assert hold.way_out == "write the key it had from the root on, nested or not: previously: {key: Finance/Raw}"


def test_a_thing_of_which_another_holds_on_to_is_taken() -> None:
    """The ledger says it is `two`'s, and `two` may or may not be renamed: nobody guesses."""
    things, bonds = [label("old")], [bond("Label", "two", "old")]

    found = compared([lab("one", "new", previous_key="old"), lab("two", "other")], things, bonds)

    assert rules(found["one"]) == {"taken"}
    assert rules(found["two"]) == {"rename-unconfirmed"}


# Names that pass from one to another.


def test_a_name_is_free_once_its_bearer_is_renamed() -> None:
    found = compared([lab("a", "beta", previous_key="alpha"), lab("b", "alpha")], [label("alpha")])

    assert said(found["a"]) == (Verb.RENAME, "alpha", set())
    assert said(found["b"]) == (Verb.CREATE, None, set())


def test_names_are_handed_down_a_chain() -> None:
    documents = [lab("a", "beta", previous_key="alpha"), lab("b", "gamma", previous_key="beta")]

    found = compared(documents, [label("alpha"), label("beta")])

    assert {n: said(c) for n, c in found.items()} == {
        "a": (Verb.RENAME, "alpha", set()),
        "b": (Verb.RENAME, "beta", set()),
    }


SWAP = [lab("a", "beta", previous_key="alpha"), lab("b", "alpha", previous_key="beta")]


def test_two_names_are_swapped_once() -> None:
    things = [label("alpha"), label("beta")]

    assert {c.verb for c in compared(SWAP, things).values()} == {Verb.RENAME}
    done = [bond("Label", "a", "beta"), bond("Label", "b", "alpha")]
    assert {c.verb for c in compared(SWAP, things, done).values()} == {Verb.NONE}


def test_without_a_ledger_nobody_knows_whether_names_were_swapped() -> None:
    found = compared(SWAP, [label("alpha"), label("beta")], ledger=False)

    assert [rules(c) for c in found.values()] == [{"rename-undecided"}] * 2
    assert not found["a"].holds[0].final


def test_a_name_that_was_taken_over_is_not_taken_back() -> None:
    """Both keys are live and declared, and `b` came later: the rename is over, also where nothing is known."""
    documents = [lab("a", "beta", previous_key="alpha"), lab("b", "alpha")]

    found = compared(documents, [label("alpha"), label("beta")], ledger=False)

    assert {c.verb for c in found.values()} == {Verb.NONE}


def test_a_document_that_changes_nothing_frees_no_name() -> None:
    """`create-only` and `observe` rename nothing, so their old name is not to be had."""
    for manage in ("observe", "create-only"):
        documents = [lab("a", "beta", previous_key="alpha", manage=manage), lab("b", "alpha")]
        assert said(compared(documents, [label("alpha")])["b"]) == (Verb.ADOPT, "alpha", set())


def test_the_order_of_documents_decides_nothing() -> None:
    documents = [
        lab("a", "beta", previous_key="alpha"),
        lab("b", "gamma", previous_key="beta"),
        lab("c", "alpha", pinned_id="gamma"),
    ]
    things = [label("alpha"), label("beta"), label("gamma")]

    results = [compared(order, things) for order in itertools.permutations(documents)]

    assert all(one == results[0] for one in results)


def test_of_two_with_one_word_the_first_address_has_it() -> None:
    """Whatever the order of the files."""
    documents = [lab("one", "x1"), lab("two", "x2")]
    bonds = [bond("Label", "one", "beta"), bond("Label", "two", "beta")]

    for order in itertools.permutations(documents):
        found = compared(order, [label("beta")], bonds)
        assert (found["one"].verb, found["two"].verb) == (Verb.RENAME, Verb.CREATE)


# Addresses that change.


def test_a_new_name_of_the_document_is_a_move_without_calls() -> None:
    found = compared(
        [lab("new", "x1", previous_name="old")], [label("x1")], [bond("Label", "old", "x1", made=True)]
    )

    assert list(found) == ["new"]
    assert (found["new"].verb, found["new"].previous) == (Verb.MOVE, address("Label", "old"))
    assert found["new"].was_made
    assert not found["new"].writes


def test_an_address_that_nobody_bears_hands_its_thing_on() -> None:
    """By its key or by its previous key: what goes with one address and comes with another is one thing."""
    old = bond("Label", "old", "x1", made=True, on_remove="delete")

    for document in (lab("new", "x1"), lab("new", "x2", previous_key="x1")):
        found = compared([document], [label("x1")], [old])
        assert list(found) == ["new"]
        assert found["new"].previous == address("Label", "old")
        assert found["new"].was_made


def test_what_another_document_has_now_is_not_deleted() -> None:
    """Two addresses on one id, of which one has left git."""
    bonds = [bond("Label", "old", "x1", label="X", made=True, on_remove="delete"), bond("Label", "new", "x1")]

    found = compared([lab("new", "x1")], [label("x1")], bonds)

    assert (found["old"].verb, found["old"].label, found["old"].key) == (Verb.RELEASE, "X", "x1")
    assert found["old"].notes == ("left git; it is analytics/Label/new now",)


def test_what_a_document_may_mean_is_not_deleted() -> None:
    old = bond("ClientTeam", "old", "t1", "brand", made=True, on_remove="delete")

    found = compared([crew("new", "brand")], TWINS, [old])

    assert rules(found["new"]) == {"ambiguous"}
    assert rules(found["old"]) == {"ambiguous"}


def test_what_is_left_out_hands_nothing_on() -> None:
    old = bond("Label", "old", "x1", made=True)
    scene = desired_of(left_out=(old.address,))

    found = compared([lab("new", "x1")], [label("x1")], [old], desired=scene)

    assert (found["new"].verb, found["new"].previous) == (Verb.ADOPT, None)


# Lists that are read for others' sake.

RESTRICTED = {"scope": "restricted", "owner": JANE}


@pytest.mark.parametrize(
    "things",
    [
        [folder("f", "Board")],
        [folder("f", "Board", scope="restricted", owner="id of bob")],
        [folder("f", "Board"), folder("g", "Board", scope="restricted", owner="id of bob")],
    ],
)
def test_a_restricted_folder_is_one_of_its_own_owners_list(things: list[At]) -> None:
    """With other documents the others would not have been read: they are not what is meant."""
    wanted = doc("Folder", "a", {"path": "Board", **RESTRICTED})
    own = folder("own", "Board", **RESTRICTED | {"owner": "id of jane"})

    assert compared([wanted], things)["a"].verb is Verb.CREATE
    assert said(compared([wanted], [*things, own])["a"]) == (Verb.ADOPT, "own", set())


def test_a_folder_for_all_is_none_of_the_restricted_ones() -> None:
    things = [folder("f", "Board", scope="restricted")]

    assert compared([doc("Folder", "a", {"path": "Board"})], things)["a"].verb is Verb.CREATE


def test_a_pin_into_another_list_is_no_pin() -> None:
    wanted = doc("Folder", "a", {"path": "Board"}, pinned_id="f")

    assert rules(compared([wanted], [folder("f", "Board", scope="restricted")])["a"]) == {"no-such-id"}


# Proof.


def test_absence_needs_a_proof_and_presence_does_not() -> None:
    found = compared([lab("a", "x1"), lab("b", "x2")], [label("x2")], proofs={"Label": PART})

    assert rules(found["a"]) == {"unproven-listing"}
    assert "some of it" in found["a"].holds[0].reason
    assert rules(found["b"]) == set()


# Hands off.


@pytest.mark.parametrize("manage", ["observe", "create-only"])
def test_hands_off_shows_what_differs_and_touches_nothing(manage: str) -> None:
    wanted = doc("Label", "a", {"name": "x1", "verified": True}, manage=manage)

    found = compared([wanted], [label("x1", verified=False)])["a"]

    assert (found.verb, [f.path for f in found.fields], found.writes) == (Verb.OBSERVE, [("verified",)], False)
    assert found.notes == (f"lifecycle.manage is {manage}: not changed",)


def test_what_is_only_observed_is_never_made() -> None:
    assert rules(compared([lab("a", "x1", manage="observe")])["a"]) == {"observe"}
    assert rules(compared([lab("a", "x1", manage="create-only")])["a"]) == set()
