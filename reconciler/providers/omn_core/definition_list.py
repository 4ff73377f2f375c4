"""Attribute definitions as they are live: one list, and what it does not show of what is recorded (OC-R40)."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.call import Request
from reconciler.model.json import Json, JsonObject, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.providers.omn_core import domain, labels
from reconciler.providers.omn_core.sources import listed
from reconciler.providers.rest.parse import unique

PATH = "/pim/attribute-definitions/retrieve"


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """All in one call; then, once, what is recorded and was not in it."""
    if not replies:
        return [Request(demand.target, "POST", PATH, body={"all": True}, safe=True)]
    missing = sorted(set(demand.ids) - {_tid(r) for r in _records(replies)})
    if len(replies) > 1 or not missing:
        return []
    body: JsonObject = {"tids": list[Json](missing)}
    return [Request(demand.target, "POST", PATH, body=body, safe=True, may_be_gone=True)]


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """Every definition. Raises ValueError on another shape."""
    found = unique(_definition(record) for record in _records(replies))
    by = "recorded ids asked for" if len(replies) > 1 else "whole list in one answer"
    return Collection(kind.name, found, Proof(bool(replies), by))


def _records(replies: Replies) -> Iterator[Json]:
    told = tuple((r, body) for r, body in replies if body is not None or not r.may_be_gone)
    return listed(told, "/attrDefs/entries")


def _definition(record: Json) -> Resource:
    tid, kind_of = _tid(record), pick(record, "/type")
    fields: JsonObject = {
        "identifier": tid,
        "multiValued": pick(record, "/multiValued") == "true",
        "labels": labels.parsed(record),
        "domain": domain.parsed(record),
    }
    if isinstance(kind_of, str):
        fields["type"] = kind_of
    return Resource(tid, tid, fields, tid)


def _tid(record: Json) -> str:
    tid = pick(record, "/tid")
    if not isinstance(tid, str) or not tid:
        raise ValueError("an attribute definition has no tid")
    return tid
