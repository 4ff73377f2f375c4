"""Measurements, each runnable by one command, all of them by `python -m benchmarks`. What can be counted is a test
besides; what is timed is none."""

from typing import Final

ALL: Final = (
    "noop",
    "octodns",
    "latency",
    "start_up",
    "first_apply",
    "safety",
    "large_plans",
    "calls",
    "codec",
    "estate",
)
"""In the order of the page. Each is a module of this package with `figures(rounds, quick)` (see `figures`)."""
