"""Glossary, and the lead of its family: what entries need is written in its calls, and read in its list."""

from __future__ import annotations

from reconciler.providers.omn_core.answers import settled
from reconciler.providers.omn_core.glossary_answers import verdicts
from reconciler.providers.omn_core.glossary_calls import calls
from reconciler.providers.omn_core.glossary_check import check_glossaries as check
from reconciler.providers.omn_core.glossary_need import bound
from reconciler.providers.omn_core.glossary_records import parse_glossaries as parse
from reconciler.providers.omn_core.glossary_records import reads
from reconciler.providers.omn_core.glossary_review import review_glossaries as review
from reconciler.providers.omn_core.glossary_review import together

__all__ = ["bound", "calls", "check", "parse", "reads", "review", "settled", "together", "verdicts"]
