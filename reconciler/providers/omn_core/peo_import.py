"""Peo, for an import: everything that was ever changed."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace

NO_TEMPLATE = "the API shows no id of the template: to make it anew, add `templateId`"


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """All peos (OC-R126)."""
    return Demand(target, kind.name, details=({"every": True},))


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """As it is; by its id where others have its product, template and name too (OC-R128)."""
    alike = [r for r in listed.resources if (r.scope, r.key) == (resource.scope, resource.key)]
    found = replace(drafted, notes=(*drafted.notes, NO_TEMPLATE))
    return replace(found, pin=True) if len(alike) > 1 else found
