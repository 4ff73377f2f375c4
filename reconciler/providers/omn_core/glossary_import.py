"""Glossary, for an import: the list shows them all."""

from __future__ import annotations

from reconciler.model.drafted import Drafted
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers.omn_core.glossary_review import SYSTEM


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """The system's own needs no manifest; a custom value that is no single text has no place in one (OC-R90,
    OC-R91)."""
    if resource.id == SYSTEM:
        return replace(drafted, refusal="it comes with the system; entries in it name it as it is called")
    live = resource.fields.get("attributes")
    values = live if isinstance(live, dict) else {}
    plain: JsonObject = {name: value for name, value in values.items() if isinstance(value, str) and value}
    spec = {n: v for n, v in drafted.spec.items() if n != "attributes"}
    if plain:
        spec["attributes"] = plain
    lost = dict(drafted.lost)
    if odd := sorted(values.keys() - plain.keys()):
        lost["attributes"] = f"{', '.join(odd)}: not a single text"
    return replace(drafted, spec=spec, lost=lost)
