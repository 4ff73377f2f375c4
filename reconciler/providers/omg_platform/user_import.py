"""User, for an import: the list, and agencies and job roles by name or by id, not by both."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.drafted import Drafted
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.providers.omg_platform.user import EITHER


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Whoever the list shows."""
    return Demand(target, kind.name, details=({"again": True},))


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """The name where one is known, else the id (OP-R40). Who has no address is known by the id alone."""
    spec, lost = dict(drafted.spec), dict(drafted.lost)
    for name, remote_id in EITHER:
        lost.pop(name, None)
        if name in spec:
            spec.pop(remote_id, None)
    if not spec.get("email"):
        return replace(drafted, refusal="the list shows no address; pin the id, as metadata.id")
    return replace(drafted, spec=spec, lost=lost)
