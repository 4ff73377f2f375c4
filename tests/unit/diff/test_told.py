"""Pins and the ledger's memory against what was read (ST-R27, ST-R28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from reconciler.diff.told import Told, Unsure
from reconciler.model.document import Address, Desired, Document, Target
from reconciler.model.json import Json
from reconciler.model.live import Resource
from reconciler.model.recorded import Bond, Recorded
from tests.world import OMNI, PROVIDERS, TRACKER, catalog, doc

ANN, BOB = "ann@example.com", "bob@example.com"
USER = catalog().kind("studio-tracker", "User")
TARGETS = {name: Target(name, provider) for name, provider in PROVIDERS.items()}


def team(name: str, *members: Json) -> Document:
    return doc("ClientTeam", name, {"slug": name, "name": name, "members": [*members]})


def bond(name: str, **people: str) -> Bond:
    names = {f"User/{who}@example.com": i for who, i in people.items()}
    return Bond(Address(TRACKER, "ClientTeam", name), name, names=names)


def told(
    key: str, *documents: Document, bonds: Sequence[Bond] = (), read: Mapping[str, str] | None = None
) -> str | Unsure | None:
    """`read`: id -> address."""
    found = Told.by(Desired(documents, TARGETS, "x"), Recorded({b.address: b for b in bonds}), catalog())
    return found.of(
        TRACKER, USER, key, [Resource(i, email, {"email": email}) for i, email in (read or {}).items()]
    )


def why(found: str | Unsure | None) -> str:
    assert isinstance(found, Unsure)
    return found.why


def test_nobody_says_anything() -> None:
    assert told(ANN, team("a", {"user": ANN})) is None


def test_a_pin_comes_first_and_holds_for_every_spelling() -> None:
    pin = team("a", {"user": "Ann@Example.com", "userId": "u1"})

    assert told(ANN, pin) == "u1"
    assert told(ANN, pin, bonds=[bond("b", ann="u2")]) == "u1"
    assert told(ANN, pin, read={"u1": ANN, "u2": ANN}) == "u1"
    assert told(BOB, pin) is None


def test_a_pin_that_is_shown_as_somebody_else_is_no_word() -> None:
    pin = team("a", {"user": ANN, "userId": "u1"})

    is_bobs = f"the id u1 beside '{ANN}' is that of {BOB}"
    assert told(ANN, pin, read={"u1": BOB}) == Unsure(is_bobs, "correct one of the two")
    assert told(ANN, pin, read={"u2": BOB}) == "u1"


def test_two_pins_of_one_address_are_no_word() -> None:
    pins = (team("a", {"user": ANN, "userId": "u2"}), team("b", {"user": ANN, "userId": "u1"}))

    assert why(told(ANN, *pins)) == f"'{ANN}' is pinned to u1 and to u2"


def test_the_ledger_tells_whom_nothing_shows_and_agrees_with_what_does() -> None:
    assert told(ANN, bonds=[bond("a", ann="u1"), bond("b", ann="u1")]) == "u1"
    assert told(ANN, bonds=[bond("a", ann="u1")], read={"u1": "ANN@example.com", "u2": BOB}) == "u1"


@pytest.mark.parametrize("read", [{"u2": ANN}, {"u2": ANN, "u3": ANN}])
def test_another_id_live_than_in_the_ledger_is_no_word(read: Mapping[str, str]) -> None:
    assert why(told(ANN, bonds=[bond("a", ann="u1")], read=read)).endswith(" live, and u1 in the ledger")


def test_a_remembered_id_that_is_somebody_elses_by_now_is_not_believed() -> None:
    assert told(ANN, bonds=[bond("a", ann="u1")], read={"u1": "ann.smith@example.com"}) is None


def test_who_is_about_to_come_is_not_who_was_there_once() -> None:
    found = Told.by(Desired((), TARGETS, "x"), Recorded({b.address: b for b in [bond("a", ann="u1")]}), catalog())

    assert found.of(TRACKER, USER, ANN, ()) == "u1"
    assert found.of(TRACKER, USER, ANN, (), coming=True) is None


def test_a_ledger_that_contradicts_itself_is_not_asked() -> None:
    assert told(ANN, bonds=[bond("a", ann="u1"), bond("b", ann="u2")]) is None


def test_only_kinds_that_are_remembered_so_are_looked_up_there() -> None:
    person = catalog().kind("omni-analytics", "User")
    other = Bond(Address(OMNI, "Folder", "f"), "f", names={f"User/{ANN}": "u1"})
    found = Told.by(Desired((), TARGETS, "x"), Recorded({other.address: other}), catalog())

    assert found.of(OMNI, person, ANN, ()) is None
