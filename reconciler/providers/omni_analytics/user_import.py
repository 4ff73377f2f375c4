"""User, for an import: the whole list, just to be looked at, and attributes where somebody asked for them."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.document import Manage
from reconciler.model.drafted import Drafted
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.asked_people import ATTRIBUTES

NOTE = "people come and go by sign-on: take `manage` out, and this account would be made again where it is missing"


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """Everybody, not just those to whom somebody refers (OA-R15)."""
    return Demand(target, kind.name, details=({"everybody": True},))


def inquiry(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    spec: JsonObject,
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
    asked: frozenset[str],
) -> JsonObject:
    """Attributes that the list did not show take a request for each person: they are read where somebody asked."""
    shown: Json = spec.get(ATTRIBUTES)
    return spec if ATTRIBUTES in asked or shown else {n: v for n, v in spec.items() if n != ATTRIBUTES}


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """An account that is imported is observed: one that has left must not come back by itself (OA-R199)."""
    return replace(drafted, manage=Manage.OBSERVE, notes=(*drafted.notes, NOTE))
