"""ClassificationNode, for an import: root nodes come with their classifications."""

from __future__ import annotations

from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """None for a root node (OC-R62)."""
    root = isinstance(resource.key, list) and len(resource.key) == 1
    return replace(drafted, refusal="a root node, which its Classification stands for") if root else drafted
