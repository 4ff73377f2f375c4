"""Directory: a tree beneath each RNC, of which only what lies in something live can be persisted, and only a list
proves what became of a write."""

from __future__ import annotations

from reconciler.providers.omn_core.directory_answers import made, settled, verdicts
from reconciler.providers.omn_core.directory_list import details, narrow, parse, reads
from reconciler.providers.omn_core.directory_rules import check, review
from reconciler.providers.omn_core.directory_writes import bound, calls

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "made",
    "narrow",
    "parse",
    "reads",
    "review",
    "settled",
    "verdicts",
]
