"""`reconciler plan`: what would change, and by which calls. Nothing is changed anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, HELD, INVALID, PENDING, REMOTE, USAGE, explained
from reconciler.cli.options import (
    CALLS,
    DETAILED,
    FILES,
    PROGRESS,
    READING,
    SELECTION,
    SUMMARY,
    apply_command,
    output_option,
    with_options,
)
from reconciler.cli.output import checked_place, save
from reconciler.cli.plan_output import show_plan
from reconciler.cli.progress import before_reading

if TYPE_CHECKING:
    from reconciler.workflow import Options


@click.command(
    "plan",
    epilog=explained(FINE, INVALID, PENDING, USAGE, HELD, REMOTE),
)
@with_options(FILES, SELECTION, READING)
@click.option("--out", type=click.Path(path_type=Path), help="Save the plan for `reconciler apply FILE`.")
@PROGRESS
@output_option("text", "json", "markdown")
@CALLS
@SUMMARY
@DETAILED
def command(
    options: Options, out: Path | None, progress: str, form: str, calls: bool, summary: bool, detailed: bool
) -> int:
    """Show what it would take to make the live systems match the manifests.

    Reads the live systems and writes nothing. With --detailed-exitcode it ends with 2 where apply would change
    something, and with 4 where everything that differs is held.
    """
    from reconciler import workflow
    from reconciler.report.facts import pending
    from reconciler.report.plan_json import plan_json

    checked_place(out)
    plan = workflow.plan(options, before_reading(form, progress))
    if out is not None:
        save(out, plan_json(plan))
    show_plan(plan, form, calls=calls, command=apply_command(options, out), summary=summary)
    if detailed and pending(plan):
        return PENDING
    return HELD if detailed and any(a.holds for a in plan.actions) else FINE
