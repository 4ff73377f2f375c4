"""Briefs, tasks and users of OMG Platform in one story: documents out of files, runs, and what was sent."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reconciler.load.desired import desired
from reconciler.model.document import Document
from reconciler.model.json import canonical
from reconciler.workflow.binding import released
from tests.contract.briefs import DELETABLE, Deed, lifting
from tests.world import PLATFORM, World, catalog, check_log

PROJECT = f"apiVersion: reconciler/v1\nkind: Project\ntargets: {{{PLATFORM}: {{provider: omg-platform}}}}\n"
CLEAN: Any = DELETABLE


def written(*texts: str) -> list[Document]:
    """The documents of these files, in order `manifests/0.yaml` … Raises ManifestInvalid."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "reconciler.yaml").write_text(PROJECT)
        (root / "manifests").mkdir()
        for i, text in enumerate(texts):
            (root / f"manifests/{i}.yaml").write_text(text)
        return list(desired(root, catalog()).documents)


def sheet(kind: str, name: str, *lines: str, metadata: str = "") -> str:
    """One document as people write it; `lines` are its spec."""
    head = f"apiVersion: omg-platform/v1\nkind: {kind}\nmetadata: {{name: {name}{metadata}}}\nspec:\n"
    return head + "".join(f"  {line}\n" for line in lines)


def sent(p: World) -> list[str]:
    """The writes that the twin saw, `METHOD /path {body}`; of an upload only the first two."""
    writes = [e for e in p.platform.log if e.write]
    return [f"{e.call} {canonical(e.body)}" if isinstance(e.body, dict) else e.call for e in writes]


def applied(p: World, *documents: Document, lift: Iterable[str] = ("unknown-past",)) -> Deed:
    """Plan and apply, with the log as the oracle: whatever its ends are."""
    plan = p.plan(*documents)
    lifted = lifting(plan, *lift)
    p.platform.log.clear()
    report = p.apply(plan, *lifted)
    check_log(p, released(plan, lifted), report)
    return Deed(plan, report, sent(p))


def done(p: World, *documents: Document, lift: Iterable[str] = ("unknown-past",)) -> Deed:
    """The same, and nothing failed; a second plan has no call."""
    deed = applied(p, *documents, lift=lift)
    assert set(deed.ends) <= {"done", "held"}, deed.report.outcomes
    assert [c.line for c in p.plan().writes] == []
    return deed
