"""A sample of the campaign over hostile answers."""

from __future__ import annotations

from functools import partial

import pytest

from tests.fuzz.answers import trials
from tests.fuzz.crew import run

COUNT, BLOCK = 20_000, 48
"""Enough of each other for every scene to have its turn."""


@pytest.mark.timeout(900)
def test_hostile_answers_end_in_a_truthful_plan_or_in_words_that_name_the_call() -> None:
    summary = run(partial(trials, 20, BLOCK), COUNT)

    assert [f.text for f in summary.findings] == []
    assert summary.tried == COUNT
    ends = summary.ends
    assert ends["reading: AnswerInvalid"] > COUNT // 4
    assert ends["reading: planned as ever, or less"] > COUNT // 20
    assert ends["reading: planned, with other writes"]
    assert any(end.startswith("writing: all done") for end in ends)
    assert any(end.startswith("writing: not all done") for end in ends)
