"""Agencies and job roles: no call lists them, so they are known from the users that were read (OP-R40)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.call import Request
from reconciler.model.document import Document
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.recorded import Bond


def details(
    kind: Kind,
    documents: Sequence[Document],  # noqa: ARG001 - the verb's shape
    bonds: Sequence[Bond],  # noqa: ARG001 - the verb's shape
    others: Mapping[str, Collection],
) -> tuple[JsonObject, ...]:
    """The (id, name) pairs that the users show."""
    users = others.get("User")
    pairs = users.seen.get(kind.name) if users else None
    return ({"pairs": pairs},) if pairs else ()


def reads(kind: Kind, demand: Demand, replies: Replies) -> list[Request]:  # noqa: ARG001 - the verb's shape
    """Nothing is asked for them."""
    return []


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """One thing per pair: a name with two ids is ambiguous, an id with two names is found by either."""
    pairs = [pair for detail in demand.details for pair in _list(detail.get("pairs"))]
    found = tuple(Resource(str(i), str(n), {kind.key: str(n)}, str(n)) for i, n in map(_list, pairs))
    return Collection(kind.name, found, Proof(complete=True, by="what the users show"))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
