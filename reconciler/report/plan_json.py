"""A plan as JSON: what `--out` saves, what `apply` takes, what machines read."""

from __future__ import annotations

from reconciler.model.plan import Plan
from reconciler.model.plan_json import to_json
from reconciler.report.escape import json_text


def plan_json(plan: Plan) -> str:
    """The whole plan, nothing folded and nothing cut."""
    return json_text(to_json(plan)) + "\n"
