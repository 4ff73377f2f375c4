"""Labels and folders of the analytics instance: documents of them, and what people do in the product."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.twins.omni_analytics.things import Folder
from tests.world import World, doc

FINANCE = "00000002-0000-4000-8000-000000000001"
JANE, BOB = "00000001-0000-4000-8000-000000000003", "00000001-0000-4000-8000-000000000004"


def folder(name: str, path: Json, **metadata: object) -> Document:
    """A folder that declares its path alone."""
    return doc("Folder", name, {"path": path}, **metadata)


BOARD = doc("Folder", "board", {"path": "Board", "scope": "restricted", "owner": "jane@example.com"})


def rename_folder(w: World, old: str, new: str) -> None:
    """What a person does in the product; the API of this edition has no call for it."""
    with w.omni.lock:
        table = w.omni.state.of(Folder)
        one = next(f for f in table.values() if f.name == old)
        table[one.id] = replace(one, name=new)


def label(name: str, shown: str, was: str | None = None, **metadata: object) -> Document:
    """A label that declares its name alone. `was`: the older name."""
    return doc("Label", name, {"name": shown}, **({"previous_key": was} if was else {}), **metadata)


def live_names(w: World) -> list[str]:
    """The labels that are live, by name."""
    body = w.omni.edit("GET", "/v1/labels").body
    assert isinstance(body, dict)
    labels = body["labels"]
    assert isinstance(labels, list)
    return sorted(str(one["name"]) for one in labels if isinstance(one, dict))
