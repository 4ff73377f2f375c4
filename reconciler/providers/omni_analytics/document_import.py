"""Document, for an import: the list of all; who may do what, and the model, where somebody asked, for they take a
request for each document. Settings show nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.model.drafted import Drafted
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.document_asked import MODEL
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS

DEAR: Final = (PERMISSIONS, f"{PERMISSIONS}Mode", MODEL)


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:  # noqa: ARG001 - the verb's shape
    """All documents, declared or not."""
    return Demand(target, kind.name, details=({"everything": True},))


def inquiry(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    spec: JsonObject,
    others: Mapping[str, Collection],  # noqa: ARG001 - the verb's shape
    asked: frozenset[str],
) -> JsonObject:
    """What the list shows, and what was asked for besides."""
    dear = {n for n in DEAR if n.removesuffix("Mode") not in asked}
    found = {n: v for n, v in spec.items() if n not in dear}
    if PERMISSIONS in asked:
        found[PERMISSIONS] = []
    if MODEL in asked:
        found.setdefault(MODEL, "-")
    return found


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """The name is people's to change in the product: it is managed where somebody writes it (OA-R114). A reader is
    told it all the same, for an identifier tells nobody anything."""
    spec = {n: v for n, v in drafted.spec.items() if n != "name"}
    return replace(drafted, spec=spec, notes=(*drafted.notes, f'"{resource.label}" in the product.'))
