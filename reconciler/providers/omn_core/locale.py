"""Locale: which locales labels may have, all in one list; a locale is known by its `tid` (OC-R17)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.call import Request
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.providers.rest.parse import fields, unique

PATH = "/common/locales/retrieve"


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """One call, whatever is wanted."""
    return [] if replies else [Request(demand.target, "POST", PATH, body={"mode": "ALL"}, safe=True)]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every locale that labels may have. Raises ValueError on another shape."""
    found = unique(Resource(tid, tid, fields(kind, record), tid) for record, tid in _records(replies))
    return Collection(kind.name, found, Proof(bool(replies), "whole list in one answer"))


def _records(replies: Replies) -> Iterator[tuple[Json, str]]:
    for _, body in replies:
        entries = pick(body, "/locales/entries")
        if not isinstance(entries, list):
            raise ValueError("the answer holds no list of locales")  # noqa: TRY004 - the server's mistake
        for record in entries:
            tid = pick(record, "/tid")
            if not isinstance(tid, str) or not tid:
                raise ValueError("a locale has no tid")
            yield record, tid
