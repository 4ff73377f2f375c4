"""Component, for an import: every space is searched, what is a space's own is left to it, files are downloaded
where that was asked for."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.drafted import Drafted
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Resource
from reconciler.model.record import replace
from reconciler.providers.omni_cms.records import ABSENT_FILE
from reconciler.providers.omni_cms.search import ROOT


def everything(kind: Kind, target: str, others: Mapping[str, Collection]) -> Demand:
    """All live spaces."""
    spaces = (r.id for r in others.get("Space", Collection("Space")).resources)
    ordered = sorted(spaces, key=lambda i: (len(i), i))
    told: JsonObject = {"spaces": list[Json](ordered), "declared": []}
    return Demand(target, kind.name, details=(told,))


def inquiry(
    kind: Kind,  # noqa: ARG001 - the verb's shape
    spec: JsonObject,
    others: Mapping[str, Collection],  # noqa: ARG001
    asked: frozenset[str],
) -> JsonObject:
    """A file that was asked for is downloaded, one that was not is not even looked for."""
    return {**spec, "verifyFiles": True} if "file" in asked else spec


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:  # noqa: ARG001 - the verb's shape
    """The root comes with its space, and what lies in it names no parent (CM-R14). A file that was downloaded is
    compared until an apply has recorded it (CM-R33)."""
    if resource.key == ROOT:
        return replace(drafted, refusal="the root of a space comes with it")
    roots = listed.seen.get("roots")
    spec = dict(drafted.spec)
    lost = dict(drafted.lost)
    if isinstance(roots, dict) and resource.fields.get("parent") in roots.values():
        spec.pop("parent", None)
        lost.pop("parent", None)
    elif "parent" in lost:
        return replace(drafted, refusal=f"`parent`: {lost['parent']}")
    notes = drafted.notes
    if spec.get("file") == ABSENT_FILE:
        spec.pop("file")
    elif "file" in spec:
        spec["verifyFiles"] = True
        notes = (*notes, "verifyFiles: take it out after the first apply, which records what the file holds.")
    return replace(drafted, spec=spec, lost=lost, notes=notes)
