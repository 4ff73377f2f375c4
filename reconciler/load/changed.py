"""`--changed-since`: which addresses mean something else than they did at an earlier commit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from reconciler.load import git
from reconciler.load.desired import drafts_of
from reconciler.load.files import PROJECT_FILE, inside
from reconciler.load.project import Project, load_project, parse_project
from reconciler.load.variables import Variables
from reconciler.model.catalog import Catalog
from reconciler.model.document import Address, Desired, Document
from reconciler.model.faults import ManifestInvalid, UsageWrong
from reconciler.model.json import canonical

_UNWRITTEN: Final = frozenset({"place", "places", "spec", "nest"})
_WRITTEN: Final = tuple(name for name in Document.__struct_fields__ if name not in _UNWRITTEN)


def changed_since(
    desired: Desired,
    project_dir: Path,
    revision: str,
    catalog: Catalog,
    *,
    environment: str | None = None,
    variables: Mapping[str, str] | None = None,
) -> frozenset[Address]:
    """Addresses whose document differs in meaning from that of a git revision, is new, or is gone.

    Comments, order and files do not count; values of variables do, and so do a target's settings. An earlier
    document that is wrong by today's rules counts as different. Raises UsageWrong for an unknown revision.
    """
    current = load_project(project_dir, catalog.providers)
    at = git.resolved(project_dir, revision)
    earlier = _earlier_project(current, at, catalog)
    values = _variables(earlier, current, environment, dict(variables or {}))
    sources = [s for s in git.files_at(project_dir, at, _paths(earlier)) if s.path != PROJECT_FILE]
    drafts = drafts_of(sources, earlier, catalog, values, partial(git.file_at, project_dir, at)).drafts
    before = {d.address: d.document for d in drafts if d.address}
    now = {d.address: d for d in desired.documents}
    moved = {n for n in desired.targets if desired.targets[n] != earlier.targets.get(n)}
    return frozenset(
        address
        for address in before.keys() | now.keys()
        if address.target in moved or not _alike(before.get(address), now.get(address))
    )


def _alike(before: Document | None, now: Document | None) -> bool:
    if before is None or now is None:
        return False
    # As text, so that True does not pass for 1.
    return canonical(before.spec) == canonical(now.spec) and all(
        getattr(before, name) == getattr(now, name) for name in _WRITTEN
    )


def _earlier_project(current: Project, at: str, catalog: Catalog) -> Project:
    """The project file of that commit; today's where there was none, or none that today's rules accept."""
    found = [s for s in git.files_at(current.root, at, [PROJECT_FILE]) if s.path == PROJECT_FILE]
    if not found:
        return current
    try:
        return parse_project(found[0].data, current.root, catalog.providers)
    except ManifestInvalid:
        return current


def _variables(earlier: Project, current: Project, environment: str | None, given: Mapping[str, str]) -> Variables:
    """With the values of that commit; with today's where it did not know the environment."""
    try:
        return earlier.variables_for(environment, given)
    except UsageWrong:
        return current.variables_for(environment, given)


def _paths(project: Project) -> list[str]:
    return [path for path, _ in project.manifests if _is_inside(project.root, path)]


def _is_inside(root: Path, path: str) -> bool:
    try:
        inside(root, path)
    except ValueError:
        return False
    return True
