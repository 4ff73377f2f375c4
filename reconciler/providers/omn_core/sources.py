"""What is only read, so that other kinds can name it: each thing is known by one text (OC-R50 to OC-R53)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Proof, Replies, Resource
from reconciler.providers.rest.parse import fields, unique


def collection(kind: Kind, records: Iterable[Json], proof: Proof) -> Collection:
    """One thing for each record, its key as its id. Raises ValueError where a record has none."""
    return Collection(kind.name, unique(_one(kind, record) for record in records), proof)


def _one(kind: Kind, record: Json) -> Resource:
    key = pick(record, f"/{kind.key}")
    if not isinstance(key, str) or not key:
        raise ValueError(f"a {kind.name} has no {kind.key}")
    return Resource(key, key, fields(kind, record), key)


def listed(replies: Replies, at: str) -> Iterator[Json]:
    """The records of all answers, each at this pointer. Raises ValueError where there is no list."""
    for request, body in replies:
        entries = pick(body, at)
        if not isinstance(entries, list):
            raise ValueError(f"{request}: the answer holds no list at '{at}'")  # noqa: TRY004 - the server's mistake
        yield from entries
