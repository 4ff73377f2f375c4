"""What a reading costs, in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.model.json import Json
from reconciler.report.counts import in_words

A_FEW_SECONDS: Final = 5.0
"""A reading that takes no longer is not worth a word."""
NEWS: Final = 60.0
"""Neither is a forecast that changes by less."""


def reading_text(event: Mapping[str, Json], before: float | None = None) -> str:
    """`reading analytics: about 212 calls, 3 minutes at 60 a minute`, from an event of this name; empty where that
    is not worth a word. `before`: the seconds that were said before."""
    seconds, requests, rate = event.get("seconds"), event.get("requests"), event.get("perMinute")
    if not isinstance(seconds, int | float) or seconds < A_FEW_SECONDS:
        return ""
    if before is not None and abs(seconds - before) < NEWS:
        return ""
    word = "at least" if event.get("least") is True else "about"
    again = "" if before is None else "now "
    at = f" at {rate} a minute" if rate is not None else ""
    return f"reading {event.get('target')}: {again}{word} {requests} calls, {in_words(seconds)}{at}"
