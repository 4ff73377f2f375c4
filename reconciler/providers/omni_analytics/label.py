"""Label: an ordinary kind but for names that a path cannot carry."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reconciler.model.document import Document
from reconciler.model.kind import Kind
from reconciler.model.place import Problem


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Blanks at either end are refused, and `..`, which a path would fold away, alone or between slashes (OA-R10,
    OA-R20)."""
    return [
        Problem(d.at("spec", kind.key), f"{d.address}: the name {name!r} {why}", rule="OA-R20")
        for d in documents
        if isinstance(name := d.spec.get(kind.key), str) and (why := _wrong(name))
    ]


def _wrong(name: str) -> str:
    if name != name.strip():
        return "has a blank at its beginning or end; take it away"
    steps = [part.split(";", 1)[0] for part in re.split(r"[/\\]", name)]
    return "cannot be addressed in a URL; choose another" if {".", ".."} & {*steps} else ""
