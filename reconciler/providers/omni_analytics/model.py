"""Model: made once and never changed; a schema model before the shared ones of its connection, and these before
what extends them (OA-R160 to OA-R167)."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.plan import Call
from reconciler.providers import rest
from reconciler.providers.omni_analytics.model_calls import calls, owes_refresh, refreshes, validates
from reconciler.providers.omni_analytics.model_check import check
from reconciler.providers.omni_analytics.model_reads import details, parse, reads, showing
from reconciler.providers.omni_analytics.model_review import review
from reconciler.providers.omni_analytics.validation import verdicts

__all__ = ["bound", "calls", "check", "details", "parse", "reads", "review", "settled", "showing", "verdicts"]


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """One POST per model, and for those that ask for it a refresh and a validation (OA-C29)."""
    made = [c for c in changes if c.verb is Verb.CREATE]
    return sum(1 + refreshes(c) + validates(c) for c in made) + sum(map(owes_refresh, changes))


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A refresh shows in no reading: it is asked for again, which reads the same schema once more (OA-R164)."""
    return False if call.id == "refresh" or call.path.endswith("/refresh") else rest.settled(kind, call, live)
