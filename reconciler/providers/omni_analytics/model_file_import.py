"""ModelFile, for an import: nobody is helped by all files of all models as manifests (OA-R183)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand | str:  # noqa: ARG001 - the verb's shape
    """A sentence: a model's code belongs into git."""
    return "a model's files belong into its repository: import ModelGit, and declare single files by hand"
