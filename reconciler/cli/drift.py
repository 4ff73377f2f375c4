"""`reconciler drift`: what was changed behind our back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, INVALID, PENDING, REMOTE, USAGE, explained
from reconciler.cli.options import (
    DETAILED,
    FILES,
    PROGRESS,
    READING,
    SELECTION,
    apply_command,
    output_option,
    with_options,
)
from reconciler.cli.output import say, style
from reconciler.cli.progress import before_reading
from reconciler.model.faults import UsageWrong
from reconciler.model.record import replace

if TYPE_CHECKING:
    from reconciler.workflow import Options

HINT = "`reconciler plan` compares with the manifests; a ledger begins with `reconciler init --ledger-only`"


@click.command(
    "drift",
    epilog=explained(FINE, INVALID, PENDING, USAGE, REMOTE),
)
@with_options(FILES, SELECTION, READING)
@PROGRESS
@output_option("text", "json", "markdown")
@DETAILED
def command(options: Options, progress: str, form: str, detailed: bool) -> int:
    """Show only what differs from what was last applied, why, and how to repair or accept it.

    What the manifests newly ask for is not drift; see `reconciler plan`. Nothing is changed anywhere.
    Without a ledger nobody knows what was last applied: then it ends with 3.
    """
    from reconciler import workflow
    from reconciler.report import drift

    plan = workflow.plan(options, before_reading(form, progress))
    if options.ephemeral or not plan.ledger_head:
        raise UsageWrong("there is no ledger, so drift cannot be told from what the manifests ask for", hint=HINT)
    repair = apply_command(replace(options, only=(), exclude=(), changed_since=None), None)
    if form == "json":
        say(drift.drift_json(plan, repair))
    elif form == "markdown":
        say(drift.drift_markdown(plan, command=repair))
    else:
        say(drift.drift_text(plan, style(), repair))
    return PENDING if detailed and drift.drifts(plan) else FINE
