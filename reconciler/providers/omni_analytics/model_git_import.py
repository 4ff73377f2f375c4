"""ModelGit, for an import: every shared model is asked about, one by one (OA-R170)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.providers.omni_analytics.model_check import SHARED


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:
    """One look per shared model."""
    models = others["Model"].resources if "Model" in others else ()
    shared = [r for r in models if r.fields.get("modelKind") == SHARED]
    return Demand(
        target,
        kind.name,
        details=tuple({"address": "", "id": r.id, "scope": r.scope[0], "key": r.key} for r in shared),
    )
