"""What stands in the way of a model, and what making one means (OA-R161 to OA-R166)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.json import canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.fixed import fixed
from reconciler.providers.omni_analytics.model_calls import REFRESHED, owes_refresh, refreshes, validates
from reconciler.providers.omni_analytics.model_check import SCHEMA


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Fixed fields refused, a shared model held that has no schema model to stand on, effects said."""
    schemas = {canonical(list(r.scope)): r.id for r in live.resources if r.fields.get("modelKind") == SCHEMA}
    declared = {canonical(list(c.scope)): c for c in changes if c.document and c.wire.get("modelKind") == SCHEMA}
    return [_reviewed(kind, c, set(schemas), declared) for c in changes]


def _reviewed(kind: Kind, change: Change, schemas: set[str], declared: dict[str, Change]) -> Change:
    change = fixed(kind, change)
    if owes_refresh(change):
        text = "starts reading the database's schema: the run that made it never came to that"
        verb = Verb.UPDATE if change.verb is Verb.NONE else change.verb
        return replace(change, verb=verb, once={REFRESHED: "done"}, effects=(*change.effects, text))
    if change.verb is not Verb.CREATE:
        return change
    change = replace(change, effects=(*change.effects, *_effects(change)))
    at = canonical(list(change.scope))
    if change.wire.get("modelKind") == SCHEMA or at in schemas or any(h.final for h in change.holds):
        return change
    if (schema := declared.get(at)) is not None:
        return replace(change, needs=change.needs | {schema.address})
    reason = "its connection has no schema model, which a shared one needs"
    way_out = "declare one: `modelKind: SCHEMA` with the same connection"
    return replace(change, holds=(*change.holds, Hold("no-schema-model", reason, way_out, final=True)))


def _effects(change: Change) -> Iterator[str]:
    """What making it brings with it."""
    yield "made for good: this API can neither change nor rename nor delete a model"
    if refreshes(change):
        yield "starts reading the database's schema; nothing waits for that, and the model is empty meanwhile"
    if validates(change):
        yield "validates it afterwards: an error found makes the apply fail, and undoes nothing"
