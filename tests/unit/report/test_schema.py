"""Every plan that is saved is one that can be read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.load.plan_file import read_plan
from reconciler.model.plan import Plan
from reconciler.model.plan_from_json import from_json
from reconciler.report.plan_json import plan_json
from tests.golden.batches import batch_plan
from tests.golden.sample import quiet_plan, rich_plan


@pytest.mark.parametrize("plan", [batch_plan(), rich_plan(), quiet_plan()])
def test_a_saved_plan_keeps_to_its_schema_and_loses_nothing(plan: Plan, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(plan_json(plan), encoding="utf-8")
    assert from_json(read_plan(file)) == plan
    assert json.loads(plan_json(plan))["counts"]["calls"] == len(plan.writes)
