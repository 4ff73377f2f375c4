"""Small things about the nouns: addresses, places, bonds, changes, errors."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.model.change import Change, Delta, Entry, Verb
from reconciler.model.document import Address, Document
from reconciler.model.faults import DependencyCycle, ManifestInvalid, ProviderRefused
from reconciler.model.json import ABSENT
from reconciler.model.place import Place, Problem, Severity
from reconciler.model.record import replace
from reconciler.model.recorded import Bond, Recorded

A = Address("t", "Kind", "a")


# Addresses.


@pytest.mark.parametrize("text", ["t/Kind/a", "t/Kind/parent/child"])
def test_an_address_reads_as_it_is_written(text: str) -> None:
    assert str(Address.parse(text)) == text


@pytest.mark.parametrize("text", ["", "t", "t/Kind", "t/Kind/", "/Kind/a", "t//a"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Address.parse(text)


# Places.


def test_the_nearest_place_that_is_known() -> None:
    places = {("spec",): Place("a.yaml", 4), ("spec", "members", 0): Place("a.yaml", 7, 5)}
    document = Document(A, "p", {}, Place("a.yaml", 1), places)

    assert str(document.at("spec", "members", 0, "user")) == "a.yaml:7:5"
    assert str(document.at("spec", "members", 1)) == "a.yaml:4:1"
    assert str(document.at("metadata")) == "a.yaml:1:1"


def test_problems_are_told_in_the_order_of_files_and_lines() -> None:
    late, early = Problem(Place("b.yaml", 1), "late"), Problem(Place("a.yaml", 9), "early", "do so")
    mild = Problem(Place("a.yaml", 10), "mild", severity=Severity.WARNING)

    assert str(ManifestInvalid([late, mild, early])).splitlines() == [
        "a.yaml:9:1: early (do so)",
        "a.yaml:10:1: warning: mild",
        "b.yaml:1:1: late",
    ]


# Bonds.

BOND = Bond(A, "id", ["k"], True, "label", "delete", True, ("x",), {"f": "d"}, {"s": ("i", "j")}, {"scope": "o"})


@pytest.mark.parametrize("lists", [(), ("t/Kind/a/b.below", "t/Kind/a.below")])
def test_a_bond_survives_json(lists: tuple[str, ...]) -> None:
    bond = replace(BOND, exact_in=lists)

    assert Bond.from_json(bond.to_json()) == bond


@pytest.mark.parametrize(
    "spoil", [{"entries": []}, {"digests": None}, {"allow": "x"}, {"by": 1}, {"exactIn": "x"}, {"address": "x"}]
)
def test_another_shape_is_no_bond(spoil: dict[str, Any]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Bond.from_json({**BOND.to_json(), **spoil})


def test_a_bond_of_an_earlier_version_says_nothing_of_lists() -> None:
    told = BOND.to_json()
    del told["by"]

    assert Bond.from_json(told).by == {}


def test_bonds_by_kind_and_target() -> None:
    others = [Address("t", "Other", "a"), Address("u", "Kind", "a")]
    recorded = Recorded({a: Bond(a, "id") for a in (A, *others)})

    assert [b.address for b in recorded.of("t", "Kind")] == [A]


# Changes.


@pytest.mark.parametrize(
    ("words", "writes"),
    [
        ({"verb": Verb.CREATE}, True),
        ({"verb": Verb.DELETE}, True),
        ({"verb": Verb.DELETE, "also_gone": True}, False),
        ({"verb": Verb.UPDATE}, False),
        ({"verb": Verb.ADOPT, "changed": frozenset({"f"})}, True),
        ({"verb": Verb.UPDATE, "deltas": {"s": Delta(kept=(Entry("e", "1"),))}}, False),
        ({"verb": Verb.UPDATE, "deltas": {"s": Delta(remove=(Entry("e", "1"),))}}, True),
        ({"verb": Verb.RELEASE}, False),
    ],
)
def test_a_change_knows_whether_live_is_touched(words: dict[str, Any], writes: bool) -> None:
    assert Change(address=A, **words).writes is writes


def test_absent_is_no_value() -> None:
    assert not ABSENT
    assert repr(ABSENT) == "absent"


# Errors.


def test_errors_say_where_and_what() -> None:
    assert str(DependencyCycle(["a", "b", "a"])) == "these turn in a circle: a -> b -> a"
    refused = ProviderRefused("no", target="t", request="GET /x", status=403, hint="ask")
    assert (str(refused), refused.reason, refused.status, refused.hint) == ("t: GET /x: no", "no", 403, "ask")
