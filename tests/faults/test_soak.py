"""A few cycles of the long watch (`python -m tests.faults.soak` goes through thousands)."""

from __future__ import annotations

from pathlib import Path

from tests.faults.soak import elsewhere, watch


def test_what_somebody_else_changes_is_put_back_again_and_again(tmp_path: Path) -> None:
    with elsewhere() as (urls, settings):
        seen = watch(urls, settings, cycles=12, seed=5, folder=tmp_path)

    assert seen.wrong == []
    assert seen.cycles == 12
    assert seen.drifted >= 9, "few of the changes are such that nobody without a past may make them"
    assert seen.writes >= seen.drifted
    assert seen.leaked <= 0
