"""What the ledger is told about an address once its calls have ended, and just before its first."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reconciler.apply.bind import bind, newcomers
from reconciler.apply.book import Book
from reconciler.model.change import Hold, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Action, Check, Effect, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond
from tests.unit.apply.samples import A, Notebook, action, book, call, fallback, keep, plan
from tests.world import OMNI

BOND = Bond(A, "Live", key="Live", made=True)
OLD = Address(OMNI, "Label", "old")


def told(found: Book, one: Action, known: Mapping[Address, Bond] | None = None) -> list[str]:
    journal = Notebook()
    bind(journal, "run", found, one, known or {})
    keep(journal)
    return journal.told


def result(found: Book, number: str, **facts: Json) -> Book:
    found.end(Outcome(number, End.DONE, result={Fact[name]: value for name, value in facts.items()}))
    return found


def test_what_needed_no_call_is_recorded() -> None:
    assert told(book(), action(Verb.ADOPT, bond=BOND)) == ["bind a Live"]


def test_what_is_known_already_is_not_told_again() -> None:
    assert told(book(), action(Verb.NONE, bond=BOND), {A: BOND}) == []
    assert told(book(), action(Verb.NONE, bond=BOND), {A: Bond(A, "Live", key="live", made=True)}) == [
        "bind a Live"
    ]


def test_a_move_is_told_though_the_thing_is_the_same() -> None:
    journal = Notebook()

    bind(journal, "run", book(), action(Verb.MOVE, bond=BOND, previous=OLD), {A: BOND})

    assert journal.bonds == [(BOND, OLD)]


def test_a_created_thing_is_recorded_by_its_new_id() -> None:
    found = result(book(call(1)), "1", ID="t9")

    assert told(found, action(Verb.CREATE, 1, bond=Bond(A, ""))) == ["bind a t9"]


def test_a_created_thing_whose_id_nobody_knows_is_not_recorded() -> None:
    assert told(book(call(1), c1=End.DONE), action(Verb.CREATE, 1, bond=Bond(A, ""))) == []


def test_the_last_name_of_a_rename_counts() -> None:
    found = result(result(book(call(1), call(2, after=[1])), "1", BECOMES="tmp-1"), "2", BECOMES="New")

    assert told(found, action(Verb.RENAME, 1, 2, bond=BOND)) == ["bind a New"]


@pytest.mark.parametrize(
    "end", [End.FAILED, End.BLOCKED, End.STALE, End.NOT_SENT, End.IN_DOUBT, End.HELD, End.UNNEEDED]
)
@pytest.mark.parametrize("verb", [Verb.UPDATE, Verb.DELETE, Verb.RELEASE])
def test_one_call_that_did_not_work_leaves_the_ledger_alone(verb: Verb, end: End) -> None:
    found = book(call(1), call(2), c1=End.DONE, c2=end)

    assert told(found, action(verb, 1, 2, bond=BOND)) == []


def test_what_its_fall_back_did_has_worked() -> None:
    found = book(call(1), fallback(2, 1), c1=End.FAILED, c2=End.DONE)

    assert told(found, action(Verb.UPDATE, 1, 2, bond=BOND)) == ["bind a Live"]


def test_fall_backs_nobody_needed_are_not_missed() -> None:
    found = book(call(1), fallback(2, 1), c1=End.DONE, c2=End.UNNEEDED)

    assert told(found, action(Verb.UPDATE, 1, 2, bond=BOND)) == ["bind a Live"]


def test_held_removals_do_not_keep_the_rest_from_being_recorded() -> None:
    removal = call(2, phase=Phase.REMOVE, held=("protected",))

    assert told(book(call(1), removal, c1=End.DONE, c2=End.HELD), action(Verb.UPDATE, 1, 2, bond=BOND)) == [
        "bind a Live"
    ]
    assert told(book(call(1), removal, c1=End.FAILED, c2=End.HELD), action(Verb.UPDATE, 1, 2, bond=BOND)) == []


def test_what_a_hold_keeps_in_a_set_stays_ours() -> None:
    leaving = Effect(set_field="members", absent=("jane", "bob"))
    removal = call(2, phase=Phase.REMOVE, held=("protected",), effect=leaving)
    was = replace(BOND, entries={"members": ("jane",)}, digests={"members/jane": "j", "members/bob": "b"})
    journal = Notebook()
    for before in (was, replace(was, id="another")):
        done = action(Verb.UPDATE, 1, 2, bond=replace(BOND, entries={"members": ("ann",)}))
        bind(journal, "run", book(call(1), removal, c1=End.DONE, c2=End.HELD), done, {A: before})

    (kept, _), (other, _) = journal.bonds
    assert kept.entries == {"members": ("ann", "jane")}
    assert kept.digests == {"members/jane": "j"}
    assert other.entries == {"members": ("ann",)}


def test_any_other_held_call_does() -> None:
    held = call(2, held=("rule",))

    assert told(book(call(1), held, c1=End.DONE, c2=End.HELD), action(Verb.UPDATE, 1, 2, bond=BOND)) == []


@pytest.mark.parametrize(
    ("hold", "recorded"),
    [
        (Hold("taken", "", "", final=True), False),
        (Hold("immutable", "", "", final=True), True),
        (Hold("unreadable", "", "", final=True, only="remove"), True),
        (Hold("protected", "", ""), True),
    ],
)
def test_a_final_hold_stops_the_record_unless_it_is_of_a_fixed_field(hold: Hold, recorded: bool) -> None:
    assert bool(told(book(), action(Verb.UPDATE, bond=BOND, holds=(hold,)))) is recorded


def test_deletes_and_releases_end_a_bond() -> None:
    assert told(book(call(1), c1=End.DONE), action(Verb.DELETE, 1)) == ["release a: deleted"]
    assert told(book(), action(Verb.RELEASE, notes=("left git", "kept"))) == ["release a: left git; kept"]


def test_what_is_only_observed_is_not_recorded() -> None:
    assert told(book(), action(Verb.OBSERVE)) == []


# Before the first call

SEEN = Check(A, ("1",), "Live", id="Live")


def new(check: Check, known: Mapping[Address, Bond] | None = None, **words: object) -> dict[Address, object]:
    one = action(Verb.UPDATE, 1, **{"bond": BOND, **words})  # type: ignore[arg-type]
    return dict(newcomers(plan(call(1), actions=[one], checks=[check]), known or {}))


def test_what_is_about_to_be_changed_for_the_first_time_is_recorded_as_it_is() -> None:
    assert new(SEEN) == {A: (Bond(A, "Live", key="Live", label="a"), None)}


def test_a_thing_that_changes_its_address_takes_its_record_along() -> None:
    before = Bond(OLD, "Live", key="Live", made=True, protect=True)

    assert new(SEEN, {OLD: before}, previous=OLD) == {
        A: (Bond(A, "Live", key="Live", made=True, protect=True), OLD)
    }


@pytest.mark.parametrize(
    ("check", "known", "words"),
    [
        (SEEN, {A: BOND}, {}),
        (SEEN, {}, {"bond": None}),
        (Check(A, ("1",), "Live", absent=True), {}, {}),
        (Check(A, ("1",), "Live", absent=True, id="holder"), {}, {}),
    ],
)
def test_the_known_the_unbound_and_the_absent_are_no_newcomers(
    check: Check, known: dict[Address, Bond], words: dict[str, object]
) -> None:
    assert new(check, known, **words) == {}


def test_what_names_a_thing_that_is_in_doubt_again_is_not_recorded_yet() -> None:
    """Its create worked, and then no reading could show it: what was made in it is recorded once that is told."""
    late: Json = {"$from": {"call": "1", "path": "/id"}}
    inside = replace(call(2, after=[1]), effect=Effect(fields={"space": late}))
    found = book(call(1), inside, c2=End.DONE)
    bond = replace(BOND, digests={"space": "unknown"})
    found.end(Outcome("1", End.IN_DOUBT, "could not be verified"))

    assert told(found, action(Verb.CREATE, 2, bond=bond)) == []

    found.end(Outcome("1", End.DONE, result={"/id": "s1"}))
    assert told(found, action(Verb.CREATE, 2, bond=bond)) == ["bind a Live"]
