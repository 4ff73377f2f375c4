"""Directory, for an import: every RNC there is."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand | str:
    """All RNCs, a list each."""
    rncs = sorted(r.id for r in others.get("Rnc", Collection("Rnc")).resources)
    return Demand(target, kind.name, by=tuple({"rnc": one} for one in rncs)) if rncs else "there is no RNC"
