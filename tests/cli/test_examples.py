"""Every example does what its page says: it is valid, its plan applies, and nothing is left to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from reconciler import workflow
from reconciler.cli.demo import twins
from reconciler.model.outcome import End

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(p.parent for p in (ROOT / "examples").glob("*/reconciler.yaml"))


@pytest.mark.parametrize("example", [*EXAMPLES, ROOT / "manifests"], ids=lambda p: p.name)
def test_an_example_applies_and_then_needs_no_calls(example: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(example, tmp_path / "project"))
    options = workflow.Options(project=root)
    assert workflow.validate(options).warnings == ()
    workflow.make_ledger(root)

    with twins():
        with workflow.ready(options) as ready:
            report = workflow.apply(ready)
        left = workflow.plan(options)

    assert {o.end for o in report.outcomes} <= {End.DONE, End.UNNEEDED}
    assert len(ready.plan.writes) == ready.plan.bound > 0
    assert left.calls == ()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda p: p.name)
def test_an_example_has_a_page(example: Path) -> None:
    assert (example / "README.md").read_text().startswith("# ")
