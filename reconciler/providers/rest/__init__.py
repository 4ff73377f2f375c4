"""The verbs of an ordinary REST kind, derived from the `x-rest` word of its schema. Pure, and the same for all.

Holds: defaults for reads, parse, same, calls, bound and settled. Never: a word about any one provider or kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.catalog import Verbs
from reconciler.model.document import Document
from reconciler.model.json import Json, same
from reconciler.model.kind import Field, Kind
from reconciler.model.place import Problem
from reconciler.providers.rest.bound import bound
from reconciler.providers.rest.calls import calls
from reconciler.providers.rest.parse import parse
from reconciler.providers.rest.reads import reads
from reconciler.providers.rest.settled import settled


def no_problems(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """The schema has said all there is to say."""
    return []


def same_value(field: Field, before: Json, after: Json) -> bool:
    """Equal as JSON, once normalised; a set of plain values has no order."""
    if field.is_set and isinstance(before, list) and isinstance(after, list):
        return same(sorted(map(str, before)), sorted(map(str, after)))
    return same(before, after)


__all__ = ["VERBS", "bound", "calls", "no_problems", "parse", "reads", "same_value", "settled"]

VERBS = Verbs(no_problems, reads, parse, same_value, calls, bound, settled)
