"""Keyword: a tree whose every write goes along with others in one request, and is proven by one list at the
end."""

from __future__ import annotations

from reconciler.providers.omn_core.answers import verdicts
from reconciler.providers.omn_core.keyword_settled import made, settled
from reconciler.providers.omn_core.listing import details, parse, reads
from reconciler.providers.omn_core.need import bound
from reconciler.providers.omn_core.riders import calls
from reconciler.providers.omn_core.rules import check, review

__all__ = ["bound", "calls", "check", "details", "made", "parse", "reads", "review", "settled", "verdicts"]
