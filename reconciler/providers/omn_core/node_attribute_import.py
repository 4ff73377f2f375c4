"""NodeAttribute, for an import: its node by a path."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.normalise import spoken


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """A default is left out: it takes a look at each node by itself (OC-R70)."""
    return replace(drafted, spec={**drafted.spec, "node": spoken(resource.scope[0])})
