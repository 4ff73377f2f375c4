"""`reconciler history`: who ran what, when, and what became of it."""

from __future__ import annotations

from pathlib import Path

import click

from reconciler.cli.exit_codes import FINE, INVALID, REMOTE, USAGE, explained
from reconciler.cli.options import PROJECT, output_option
from reconciler.cli.output import say, style


@click.group(
    "history",
    invoke_without_command=True,
    epilog=explained(FINE, INVALID, USAGE, REMOTE),
)
@PROJECT
@click.option("--target", "targets", multiple=True, metavar="TARGET", help="Only runs of this one. Repeatable.")
@click.option("--since", metavar="DATE", help="Only from this day or moment on, in UTC: 2026-06-01.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="So many, the newest ones.")
@click.option("--lifted", is_flag=True, help="Only that by which a person lifted a hold.")
@output_option("text", "json", "markdown")
@click.pass_context
def command(
    ctx: click.Context,
    project: Path | None,
    targets: tuple[str, ...],
    since: str | None,
    limit: int,
    lifted: bool,
    form: str,
) -> int | None:
    """One line for each run, newest first: when, how it ended, its calls, the targets, who, from which commit, the
    plan. What a person told the ledger stands between them. `reconciler history show RUN` tells the whole of one.

    Nothing is sent to any system. Who it was is what the machine said; what a CI service claims stands beside it.
    """
    if ctx.invoked_subcommand is not None:
        return None
    from reconciler import workflow
    from reconciler.workflow.past import history

    found = history(workflow.Options(project), targets, since, limit, lifted=lifted)
    if form == "json":
        from reconciler.report.history_json import history_json

        say(history_json(found.entries, found.more))
    elif form == "markdown":
        from reconciler.report.history_markdown import history_markdown

        say(history_markdown(found.entries, found.more))
    else:
        from reconciler.report.history_text import history_text

        say(history_text(found.entries, found.more, style()))
    return FINE


@command.command("show", short_help="Show a run with every call.", epilog=explained(FINE, INVALID, USAGE, REMOTE))
@click.argument("run", metavar="RUN")
@PROJECT
@output_option("text", "json", "markdown")
def show(run: str, project: Path | None, form: str) -> int:
    """Show one run: who, when, how long, from which commit and plan, which holds were lifted and why, who gained
    and lost access, what was recorded without a call, each call with what became of it, what was looked up before
    and afterwards, and the ledger's head before and after. As JSON it has the fields before and after, too."""
    from reconciler import workflow
    from reconciler.workflow.past import run_in_full

    found = run_in_full(workflow.Options(project), run)
    if form == "json":
        from reconciler.report.history_json import run_json

        say(run_json(found))
    elif form == "markdown":
        from reconciler.report.history_markdown import run_markdown

        say(run_markdown(found))
    else:
        from reconciler.report.history_text import run_text

        say(run_text(found, style()))
    return FINE
