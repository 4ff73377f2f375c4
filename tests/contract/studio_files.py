"""Manifests of the studio as people write them, in files, through the loader."""

from __future__ import annotations

import tempfile
from pathlib import Path

from reconciler.load.desired import desired
from reconciler.model.document import Document
from reconciler.model.faults import ManifestInvalid
from tests.world import catalog

SETTINGS = "organisation: acme"


def written(*texts: str, settings: str = SETTINGS) -> list[Document]:
    """The documents of these files, in order `manifests/0.yaml` …; `settings`: of the target. Raises
    ManifestInvalid."""
    more = f", {settings}" if settings else ""
    project = f"apiVersion: reconciler/v1\nkind: Project\ntargets:\n  studio: {{provider: studio-tracker{more}}}\n"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reconciler.yaml").write_text(project)
        (root / "manifests").mkdir()
        for i, text in enumerate(texts):
            (root / f"manifests/{i}.yaml").write_text(text)
        return list(desired(root, catalog()).documents)


def problems(*texts: str, settings: str = SETTINGS) -> list[str]:
    """What is wrong with these files, `file:line:column: words` each; warnings are not among it."""
    try:
        written(*texts, settings=settings)
    except ManifestInvalid as invalid:
        return [str(p) for p in invalid.problems]
    return []


def file(kind: str, name: str, spec: str) -> str:
    """One document; `spec` is YAML in lines, of which the first is line 5 of the file."""
    lines = "".join(f"  {line}\n" for line in spec.strip("\n").splitlines())
    return f"apiVersion: studio-tracker/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n{lines}"
