"""`reconciler show plan.json`: a saved plan, as it was reviewed."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exit_codes import FINE, INVALID, STALE, USAGE, explained
from reconciler.cli.options import CALLS, SUMMARY, output_option
from reconciler.cli.plan_output import show_plan


@click.command("show", epilog=explained(FINE, INVALID, USAGE, STALE))
@click.argument("plan_file", type=click.Path(path_type=Path), metavar="PLAN.json")
@output_option("text", "json", "markdown")
@CALLS
@SUMMARY
def command(plan_file: Path, form: str, calls: bool, summary: bool) -> int:
    """Show a saved plan. Its content is checked against its id; no system is looked at."""
    from reconciler import workflow

    plan = workflow.saved_plan(plan_file)
    show_plan(plan, form, calls=calls, command=f"reconciler apply {plan_file}", summary=summary)
    return FINE
