"""A sample of the campaign over damaged files, and each file that is made to hurt by its size alone."""

from __future__ import annotations

from functools import partial

import pytest

from tests.fuzz.crew import Trial, Wrong, peak_mib, run
from tests.fuzz.giants import GIANTS
from tests.fuzz.inputs import MANIFEST, PLAN, PROJECT_FILE, Input, drawn
from tests.fuzz.manifests import MOST_MEMORY, giants, trials
from tests.fuzz.minimal import minimal

COUNT = 20_000
MOST_MORE = MOST_MEMORY - 40
"""MiB that a file may take beyond what the process of these tests has; the command alone has about 40."""
SLOW = ("100,000 labels",)
"""Takes as long as all others together; the whole campaign has it."""


@pytest.mark.timeout(600)
def test_damaged_files_end_in_a_value_or_in_words_with_places() -> None:
    before = peak_mib("VmRSS")

    summary = run(partial(trials, 20), COUNT)

    assert [f.text for f in summary.findings] == []
    assert summary.tried == COUNT
    assert summary.peak - before <= MOST_MORE
    ends = summary.ends
    assert ends[f"{MANIFEST}: taken, and planned"] > COUNT // 50
    assert ends[f"{MANIFEST}: refused with places"] > COUNT // 2
    assert ends[f"{PROJECT_FILE}: taken"]
    assert ends[f"{PLAN}: taken"]


@pytest.mark.timeout(300)
def test_files_made_to_hurt_end_in_a_value_or_in_words_with_places() -> None:
    names = [name for name in GIANTS if name not in SLOW]

    before = peak_mib("VmRSS")
    summary = giants(names)

    assert [f.text for f in summary.findings] == []
    assert summary.tried == len(names)
    assert summary.peak - before <= MOST_MORE


def test_the_same_number_is_the_same_input() -> None:
    assert [drawn(5, n) for n in range(50)] == [drawn(5, n) for n in range(50)]
    assert drawn(5, 0) != drawn(6, 0)


# What watches over the trials has to see what it is there for.


def _hanging() -> Trial:
    def trial(n: int) -> str:
        while n == 1:
            pass
        return "fine"

    return trial


def _dying() -> Trial:
    import os
    import signal

    def trial(n: int) -> str:
        if n == 2:
            os.kill(os.getpid(), signal.SIGSEGV)
        if n == 3:
            raise KeyError("x")
        if n == 4:
            raise Wrong("a rule", "broken", b"data")
        return "fine"

    return trial


def test_a_hang_is_found_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.crew.HANG", 0.2)

    summary = run(_hanging, 5)

    assert [(f.trial, f.rule) for f in summary.findings] == [(1, "hang")]
    assert summary.ends["fine"] == 3  # what a killed worker had counted and not yet told is lost


def test_a_signal_a_traceback_and_a_broken_rule_are_found() -> None:
    summary = run(_dying, 6, 1)

    assert [(f.trial, f.rule.partition(":")[0]) for f in summary.findings] == [
        (2, "signal"),
        (3, "traceback"),
        (4, "a rule"),
    ]
    assert summary.findings[2].data == b"data"


def test_an_input_becomes_as_small_as_it_can() -> None:
    assert minimal(b"x" * 50 + b"[" + b"y" * 50, lambda data: b"[" in data) == b"["


def test_an_input_keeps_its_sort() -> None:
    one = drawn(1, 3)
    assert isinstance(one, Input)
    assert one.data
