"""Rnc: the places that directories lie in, all in one list; each is known by its `tid` (OC-R50)."""

from __future__ import annotations

from reconciler.model.call import Request
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies
from reconciler.providers.omn_core.sources import collection, listed

PATH = "/dam/rncs/retrieve"


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One call, without a body."""
    return [] if replies else [Request(demand.target, "POST", PATH, safe=True)]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every RNC. Raises ValueError on another shape."""
    return collection(kind, listed(replies, "/rncs/entries"), Proof(bool(replies), "whole list in one answer"))
