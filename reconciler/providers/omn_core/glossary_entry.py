"""GlossaryEntry: read in the list of glossaries, written in the calls of `glossary`."""

from __future__ import annotations

from reconciler.providers.omn_core.answers import settled
from reconciler.providers.omn_core.glossary_check import check_entries as check
from reconciler.providers.omn_core.glossary_records import parse_entries as parse
from reconciler.providers.omn_core.glossary_records import reads
from reconciler.providers.omn_core.translation_review import review_entries as review

__all__ = ["check", "parse", "reads", "review", "settled"]
