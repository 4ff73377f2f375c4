"""What one input comes to, and whether that is one of the ends it may have: a value, or problems each of which has
a file, a line and a column."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from reconciler import diff, read, workflow
from reconciler import plan as planning
from reconciler.load import desired as loading
from reconciler.load.operator_config import operator
from reconciler.load.project import Project, load_project, parse_project
from reconciler.load.validators import Validators
from reconciler.model.document import Desired
from reconciler.model.faults import (
    DependencyCycle,
    GuardRefused,
    ManifestInvalid,
    PlanStale,
    ReconcilerError,
    UsageWrong,
)
from reconciler.model.live import Collection, Live, Proof
from reconciler.model.operator import Operator
from reconciler.model.place import Problem
from reconciler.model.plan import Plan
from reconciler.model.recorded import Recorded
from reconciler.report.plan_markdown import plan_markdown
from reconciler.report.plan_text import plan_text
from reconciler.report.style import Style
from reconciler.workflow import Setup
from tests.fuzz.crew import Wrong
from tests.fuzz.inputs import MANIFEST, OPERATOR, PLAN, PROJECT_FILE, Input
from tests.unit.load.projects import PROJECT, catalog
from tests.world import hasty_clock

CONSTANT, PER_MIB = 1.0, 1.0
"""CPU seconds that an input may take, and how many more per MiB of it, where a campaign judges that. A test does
not: it would judge the machine."""
FILE = "manifests/fuzzed.yaml"


class Bench:
    """What a worker keeps from one input to the next: the kinds, their validators, the projects, a folder."""

    def __init__(self, timed: bool = False) -> None:
        self._timed = timed
        self._folder = TemporaryDirectory()
        self.root = Path(self._folder.name)
        known = catalog()
        shared = Validators(known.kinds, known.refused)
        made: Any = loading
        made.Validators = lambda *_: shared
        made.load_project = lambda root, _: _project(root)
        made.git.commit = lambda *_: None

    def judged(self, one: Input) -> str:
        """The sort of its end. Raises Wrong, and whatever gets through."""
        began = time.process_time()
        try:
            end = self._end(one)
        except Exception as error:
            error.data = one.data  # type: ignore[attr-defined]
            raise
        took, may = time.process_time() - began, CONSTANT + PER_MIB * len(one.data) / (1 << 20)
        if self._timed and took > may:
            raise Wrong("slow", f"{took:.1f} s for {len(one.data):,} bytes of a {one.sort}", one.data)
        return f"{one.sort}: {end}"

    def _end(self, one: Input) -> str:
        try:
            if one.sort == MANIFEST:
                return self._manifest(one)
            if one.sort == PROJECT_FILE:
                parse_project(one.data, self.root, catalog().providers)
            elif one.sort == OPERATOR:
                self._operator(one)
            elif one.sort == PLAN:
                self._plan(one)
        except ManifestInvalid as invalid:
            _placed(invalid.problems, one)
            return "refused with places"
        except (UsageWrong, PlanStale, GuardRefused, DependencyCycle) as refusal:
            _worded(str(refusal), one)
            return f"refused as a whole ({type(refusal).__name__})"
        return "taken"

    def _manifest(self, one: Input) -> str:
        root = one.root or self.root
        found = loading.desired(root, catalog(), paths=[FILE], proposed={FILE: one.data})
        _placed(found.warnings, one)
        return f"taken, and {planned_offline(found)}"

    def _operator(self, one: Input) -> None:
        path = self.root / "operator.yaml"
        path.write_bytes(one.data)
        operator(["analytics", "studio"], {"RECONCILER_CONFIG": str(path)})

    def _plan(self, one: Input) -> None:
        path = self.root / "plan.json"
        path.write_bytes(one.data)
        _shown(workflow.saved_plan(path), one)


@cache
def _project(root: Path) -> Project:
    if (root / "reconciler.yaml").exists():
        return load_project(root, catalog().providers)
    return parse_project(PROJECT.encode(), root, catalog().providers)


def planned_offline(desired: Desired) -> str:
    """A plan against systems in which nothing is: as far as one gets without a request."""
    known, recorded = catalog(), Recorded()
    setup = Setup(desired, known, Operator({}), hasty_clock())
    wanted = read.demands(setup.desired, recorded, known)
    collections = {
        (w.target, w.kind.name): Collection(w.kind.name, (), Proof(True, "nothing is there")) for w in wanted
    }
    try:
        live = Live(collections, demands={(w.target, w.kind.name): w.demand({}) for w in wanted})
        changes = diff.compare(setup.desired, live, recorded, known)
        planning.build(changes, setup.desired, live, recorded, known, {}, "0", "2026-01-01T00:00:00Z")
    except ReconcilerError as error:
        return f"no plan: {type(error).__name__}"
    return "planned"


def _shown(plan: Plan, one: Input) -> None:
    """A forged plan that is taken may say anything; it must say it harmlessly."""
    for text in (plan_text(plan, Style(), calls=True), plan_markdown(plan)):
        bad = {c for c in text if not c.isprintable() and c != "\n"}
        if bad:
            raise Wrong("raw characters", f"{sorted(map(hex, map(ord, bad)))} in a plan's text", one.data)
        text.encode()
    json.dumps(plan.id)


def _placed(problems: Sequence[Problem], one: Input) -> None:
    for problem in problems:
        place = problem.place
        if not place.file or place.line < 1 or place.column < 1 or not problem.message:
            raise Wrong("no place", str(problem)[:300], one.data)
        _worded(str(problem), one)


def _worded(text: str, one: Input) -> None:
    if not text.strip() or len(text) > 20_000:
        raise Wrong("words", f"{len(text)} characters of a refusal: {text[:300]!r}", one.data)
    if bad := {c for c in text if not c.isprintable() and c != "\n"}:
        raise Wrong("raw characters", f"{sorted(map(hex, map(ord, bad)))} in a refusal: {text[:300]!r}", one.data)
