"""The verbs of an ordinary REST kind, derived from the `x-rest` word of its schema. Pure, and the same for all.

Holds: a default for every verb. Never: a word about any one provider or kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.model.catalog import Verbs, Verdict
from reconciler.model.change import Change
from reconciler.model.document import Document
from reconciler.model.json import Json, same
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call
from reconciler.providers.rest.bound import bound
from reconciler.providers.rest.calls import calls
from reconciler.providers.rest.details import details, narrow
from reconciler.providers.rest.expected import expected, expecting
from reconciler.providers.rest.listed import sift
from reconciler.providers.rest.parse import parse
from reconciler.providers.rest.reads import reads, surely
from reconciler.providers.rest.settled import settled


def no_problems(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """The schema has said all there is to say."""
    return []


def same_value(field: Field, before: Json, after: Json) -> bool:
    """Equal as JSON, once normalised; a set of plain values has no order."""
    if field.is_set and isinstance(before, list) and isinstance(after, list):
        return same(sorted(map(str, before)), sorted(map(str, after)))
    return same(before, after)


def as_they_are(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """The comparison has said all there is to say."""
    return list(changes)


def to_be_looked_up(kind: Kind, carrier: Call, riders: Sequence[Call], body: Json) -> Mapping[str, Verdict]:  # noqa: ARG001 - the verb's shape
    """An answer in no form that we know says nothing of anybody."""
    return {rider.id: Verdict(None) for rider in riders}


__all__ = [
    "VERBS",
    "as_they_are",
    "bound",
    "calls",
    "details",
    "expected",
    "expecting",
    "narrow",
    "no_problems",
    "parse",
    "reads",
    "same_value",
    "settled",
    "sift",
    "surely",
    "to_be_looked_up",
]

VERBS = Verbs(
    check=no_problems,
    reads=reads,
    parse=parse,
    same=same_value,
    calls=calls,
    bound=bound,
    settled=settled,
    details=details,
    narrow=narrow,
    review=as_they_are,
    verdicts=to_be_looked_up,
    expected=expected,
    surely=surely,
    sift=sift,
)
