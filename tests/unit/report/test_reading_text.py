"""The sentence that says what a reading costs."""

from __future__ import annotations

import pytest

from reconciler.model.json import Json
from reconciler.report.counts import in_words
from reconciler.report.reading_text import reading_text


def event(requests: int, seconds: float, *, least: bool = False, rate: int | None = 60) -> dict[str, Json]:
    said: dict[str, Json] = {"event": "reading", "target": "analytics", "requests": requests, "least": least}
    return {**said, "made": 0, "seconds": seconds, "perMinute": rate}


def test_oa_c44_what_it_takes_and_how_long() -> None:
    assert reading_text(event(212, 180.3)) == "reading analytics: about 212 calls, 3 minutes at 60 a minute"
    assert reading_text(event(70, 60.1, least=True)) == (
        "reading analytics: at least 70 calls, 60 seconds at 60 a minute"
    )


def test_oa_c44_a_few_seconds_are_not_worth_a_word() -> None:
    assert reading_text(event(60, 0.0)) == ""
    assert reading_text(event(61, 4.9)) == ""


def test_oa_c44_it_is_said_again_where_that_was_wrong_by_a_minute() -> None:
    assert reading_text(event(230, 180.3), before=180.3) == ""
    assert reading_text(event(330, 300.5), before=180.3) == (
        "reading analytics: now about 330 calls, 5 minutes at 60 a minute"
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1.2, "1 second"), (60.1, "60 seconds"), (91, "2 minutes"), (5399, "90 minutes"), (7300, "2 hours")],
)
def test_durations(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
