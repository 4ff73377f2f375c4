"""Locale: which locales labels may have, all in one list; a locale is known by its `tid` (OC-R17)."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.providers.omn_core.sources import collection, listed

PATH = "/common/locales/retrieve"


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One call, whatever is wanted."""
    return [] if replies else [Request(demand.target, "POST", PATH, body={"mode": "ALL"}, safe=True)]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every locale that labels may have. Raises ValueError on another shape."""
    return collection(kind, listed(replies, "/locales/entries"), Proof(bool(replies), "whole list in one answer"))
