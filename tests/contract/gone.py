"""Documents that are going to leave git."""

from __future__ import annotations

from reconciler.model.document import Document
from tests.world import doc

GONE = {"on_remove": "delete", "allow": ["delete"]}


def label(name: str, **metadata: object) -> Document:
    """A label, which is deleted with its document unless it says otherwise."""
    return doc("Label", name, {"name": name.title()}, **metadata)


def folder(name: str, path: str, **metadata: object) -> Document:
    """A folder that asks to be deleted with its document, unless `metadata` says something else."""
    return doc("Folder", name, {"path": path}, **(metadata or GONE))


def team(name: str, **metadata: object) -> Document:
    """A team that asks to be deleted with its document, unless `metadata` says something else."""
    return doc("ClientTeam", name, {"slug": name, "name": name.title()}, **(metadata or GONE))


KEEP = doc("Label", "keep", {"name": "Draft"})
