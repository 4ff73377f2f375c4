"""`reconciler lease`: who may write to a target just now, and how to end that."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reconciler.cli.asking import YES, agreed
from reconciler.cli.exit_codes import FINE, HELD, INVALID, REMOTE, USAGE, explained
from reconciler.cli.options import PROJECT, output_option
from reconciler.cli.output import fitting, say, style
from reconciler.model.faults import UsageWrong


@click.group(
    "lease",
    invoke_without_command=True,
    epilog=explained(FINE, INVALID, USAGE, HELD, REMOTE),
)
@click.pass_context
def command(ctx: click.Context) -> None:
    """One run at a time writes to a target: whoever holds its lease. Nothing here is sent to any system."""
    if ctx.invoked_subcommand is None:
        say(ctx.get_help() + "\n")


@command.command("show", short_help="Show the leases.", epilog=explained(FINE, INVALID, USAGE, REMOTE))
@click.argument("target", required=False)
@PROJECT
@output_option("text", "json")
def show(target: str | None, project: Path | None, form: str) -> int:
    """Show the newest lease of each target: who holds it, where, since when, until when, its number, and whether
    its process has certainly ended."""
    from reconciler import workflow
    from reconciler.workflow.bookkeeping import leases

    found = leases(workflow.Options(project), target)
    if form == "json":
        from reconciler.report.ledger_json import leases_json

        say(leases_json(found))
    else:
        from reconciler.report.ledger_text import leases_text

        say(leases_text(found, style()))
    return FINE


@command.command(
    "release", short_help="End somebody's lease.", epilog=explained(FINE, INVALID, USAGE, HELD, REMOTE)
)
@click.argument("target")
@click.option("--reason", required=True, help="Why, for the record.")
@YES
@PROJECT
def release(target: str, reason: str, yes: bool, project: Path | None) -> int:
    """End the lease of a target, whoever holds it; who did it and why is recorded.

    A run that holds it sends nothing more to that target: it looks at its lease right before each write. What it
    had under way comes to its end, and its report says what is left. Of a process of this machine that still lives
    it asks first, unless --yes is given: Ctrl-C ends that one better.
    """
    from reconciler import workflow
    from reconciler.report.escape import safe
    from reconciler.report.past_words import who
    from reconciler.workflow.bookkeeping import end_lease, lives_here

    if not reason.strip():
        raise UsageWrong("--reason is empty", hint="say why, for the record")
    if not yes and lives_here(workflow.Options(project), target):
        told = f"the process that holds {target} lives, on this machine: Ctrl-C ends it, and so does SIGTERM"
        if not sys.stdin.isatty():
            raise UsageWrong(told, hint="add --yes to end its lease all the same")
        if agreed(told, yes=False, reason=reason) is None:
            say("Nothing was ended.\n", sys.stderr)
            return HELD
    found = end_lease(workflow.Options(project), target, reason.strip())
    text = f"Ended: lease {found.number} of {target}, held by {who(found.author)}, process {found.author.pid}."
    if found.open_runs:
        runs = ", ".join(found.open_runs)
        text += f"\n{runs}: unfinished. If its process still lives it stops at its next write; `reconciler apply`"
        text += " looks up what became of it."
    say(fitting("\n".join(safe(line) for line in text.split("\n")), sys.stdout))
    return FINE
