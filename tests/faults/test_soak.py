"""A few cycles of the long watch (`python -m tests.faults.soak` goes through thousands)."""

from __future__ import annotations

from pathlib import Path

from tests.faults.drift import IN_A_ROW, THINGS, Rows
from tests.faults.soak import PER_LEDGER, Watch, elsewhere, watch


def test_what_somebody_else_changes_is_put_back_again_and_again(tmp_path: Path) -> None:
    with elsewhere() as (urls, settings):
        seen = watch(urls, settings, cycles=12, seed=5, folder=tmp_path)

    assert seen.wrong == []
    assert seen.cycles == 12
    assert seen.drifted >= 9, "few of the changes are such that nobody without a past may make them"
    assert seen.writes >= seen.drifted
    assert seen.leaked <= 0


def test_what_somebody_else_writes_is_declared_by_us_too() -> None:
    for ours, *theirs in THINGS:
        assert all(ours.spec.keys() == way.spec.keys() and ours.address == way.address for way in theirs)


def test_a_row_ends_where_a_field_is_left_alone_by_everybody() -> None:
    rows, name, members = Rows(), ("hub", "name"), ("fin", "members")

    for _ in range(IN_A_ROW):
        assert rows.left({name, members}) == set()
    assert rows.left({name, members}) == {name}, "entries of a set are put back each time"
    assert rows.left({name}) == {name}
    assert rows.left({members}) == set()
    assert rows.left({name}) == set()


def test_only_the_ends_of_ledgers_are_compared() -> None:
    teeth = [1_000_000 + 10_000 * (n % PER_LEDGER) for n in range(5 * PER_LEDGER)]

    assert Watch(rss=teeth).slope == 0
    assert Watch(rss=teeth[: 3 * PER_LEDGER]).slope is None
    grown = Watch(rss=[size + 100 * n for n, size in enumerate(teeth)]).slope
    assert grown is not None
    assert 4 < grown < 6
