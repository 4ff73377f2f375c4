"""A plan in the form that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.cli.output import say, style

if TYPE_CHECKING:
    from reconciler.model.plan import Plan


def show_plan(plan: Plan, form: str, *, calls: bool, command: str = "", summary: bool = False) -> None:
    """Write the plan to standard output."""
    if form == "json":
        from reconciler.report.plan_json import plan_json

        say(plan_json(plan))
    elif form == "markdown":
        from reconciler.report.plan_markdown import plan_markdown

        say(plan_markdown(plan, command=command, summary=summary))
    else:
        from reconciler.report.plan_text import plan_text

        say(plan_text(plan, style(), calls=calls, command=command, summary=summary))
