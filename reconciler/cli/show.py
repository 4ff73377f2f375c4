"""`reconciler show plan.json`: a saved plan, as it was reviewed."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exit_codes import FINE, INVALID, STALE, USAGE, explained
from reconciler.cli.options import CALLS, output_option
from reconciler.cli.plan_output import show_plan


@click.command("show", short_help="Show a saved plan.", epilog=explained(FINE, INVALID, USAGE, STALE))
@click.argument("plan_file", type=click.Path(path_type=Path), metavar="PLAN.json")
@output_option("text", "json", "markdown")
@CALLS
def command(plan_file: Path, form: str, calls: bool) -> int:
    """Show a saved plan. Its content is checked against its id; no system is looked at."""
    from reconciler import workflow

    show_plan(workflow.saved_plan(plan_file), form, calls=calls, command=f"reconciler apply {plan_file}")
    return FINE
