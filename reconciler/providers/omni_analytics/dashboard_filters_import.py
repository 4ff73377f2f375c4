"""DashboardFilters, for an import: what is empty says nothing (OA-R159)."""

from __future__ import annotations

from reconciler.model.drafted import Drafted
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.dashboard_filters import MAPS


def inquiry(kind: Kind, spec: JsonObject, others: object, asked: frozenset[str]) -> JsonObject:  # noqa: ARG001 - the verb's shape
    """All that the first look showed."""
    return spec


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """Every filter and control with what can be changed of it, but for what is null or off."""
    spec = dict(drafted.spec)
    for name in MAPS:
        there = resource.fields.get(name)
        spec[name] = {i: one for i, v in there.items() if (one := _said(v))} if isinstance(there, dict) else {}
    return replace(drafted, spec={n: v for n, v in spec.items() if v})


def _said(value: Json) -> JsonObject:
    return {n: v for n, v in value.items() if v not in (None, False, "")} if isinstance(value, dict) else {}
