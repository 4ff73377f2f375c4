"""Document: an existing dashboard or workbook; where it lies, who may do what with it, how it is labelled (OA-R100
to OA-R118)."""

from __future__ import annotations

from reconciler.providers.omni_analytics.document_asked import details, narrow, showing
from reconciler.providers.omni_analytics.document_calls import bound, calls, settled
from reconciler.providers.omni_analytics.document_expected import expected
from reconciler.providers.omni_analytics.document_lists import reads
from reconciler.providers.omni_analytics.document_parse import parse
from reconciler.providers.omni_analytics.document_review import check, review

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "expected",
    "narrow",
    "parse",
    "reads",
    "review",
    "settled",
    "showing",
]
