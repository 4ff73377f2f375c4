"""Manifests as people write them, nested or not, through the loader; and what they bring about at the twin."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reconciler.load.desired import desired
from reconciler.model.document import Document
from tests.world import World, catalog

TARGETS = "{cms: {provider: omni-cms}, core: {provider: omn-core}}"
PROJECT = f"apiVersion: reconciler/v1\nkind: Project\ntargets: {TARGETS}\n"
Call = tuple[str, str, object]


def written(*texts: str) -> list[Document]:
    """The documents of these files, in order `manifests/0.yaml` …"""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reconciler.yaml").write_text(PROJECT)
        (root / "manifests").mkdir()
        for i, text in enumerate(texts):
            (root / f"manifests/{i}.yaml").write_text(text)
        return list(desired(root, catalog()).documents)


def site(components: str, **words: str) -> str:
    """A space `site` with components nested in it; `words` are more of its spec, or its `metadata`."""
    metadata = words.pop("metadata", "{name: site}")
    more = "".join(f"  {name}: {value}\n" for name, value in words.items())
    below = "".join(f"    {line}\n" for line in components.strip("\n").splitlines())
    nested = f"  components:\n{below}" if below else ""
    head = f"apiVersion: omni-cms/v1\nkind: Space\nmetadata: {metadata}\n"
    return f"{head}spec:\n  name: Website\n{more}{nested}"


def page(name: str, spec: str, metadata: str = "") -> str:
    """A component in a document of its own, in the space `Website`."""
    return (
        f"apiVersion: omni-cms/v1\nkind: Component\nmetadata: {{name: {name}{metadata}}}\n"
        f"spec: {{space: Website, type: page, {spec}}}\n"
    )


def sent(w: World) -> list[Call]:
    """What the twin was asked to write."""
    return [(e.method, e.call.split(" ", 1)[1], e.body) for e in w.cms.log if e.write]


def carried_out(w: World, documents: Sequence[Document]) -> list[Call]:
    """Apply, with the log as the oracle; nothing is left to do. What was written."""
    w.converge(*documents)
    return sent(w)


def live(w: World) -> dict[str, Mapping[str, Any]]:
    """Every component but the roots by its key."""
    state: Any = w.cms.dump()["state"]
    return {str(one["key"]): one for one in state["components"].values() if one["parent_id"] is not None}


def tree(w: World) -> dict[str, str]:
    """Key -> the key of what it lies in."""
    state: Any = w.cms.dump()["state"]
    every = {int(i): one for i, one in state["components"].items()}
    return {key: str(every[int(one["parent_id"])]["key"]) for key, one in live(w).items()}


def names(w: World) -> dict[str, str]:
    """The name of each recorded component's document -> its key."""
    return {a.name: str(b.key) for a, b in w.recorded.bonds.items() if a.kind == "Component"}
