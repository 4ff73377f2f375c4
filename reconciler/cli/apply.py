"""`reconciler apply`: carry out a plan, a saved one or one made now, exactly as it was shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import (
    FINE,
    HELD,
    IN_DOUBT,
    INTERRUPTED,
    INVALID,
    PARTLY,
    REMOTE,
    STALE,
    USAGE,
    explained,
    of_report,
)
from reconciler.cli.options import (
    CALLS,
    FILES,
    PROGRESS,
    READING,
    SELECTION,
    apply_command,
    output_option,
    with_options,
)
from reconciler.cli.output import say, style
from reconciler.cli.plan_output import show_plan
from reconciler.cli.progress import Line, before_reading, watcher
from reconciler.model.faults import PlanStale, UsageWrong

if TYPE_CHECKING:
    from reconciler.model.outcome import Report
    from reconciler.model.plan import Plan
    from reconciler.workflow import Options, Override


@click.command(
    "apply",
    epilog=explained(FINE, INVALID, USAGE, HELD, STALE, PARTLY, IN_DOUBT, REMOTE, INTERRUPTED),
)
@click.argument("plan_file", type=click.Path(path_type=Path), metavar="[PLAN.json]", required=False)
@with_options(FILES, SELECTION, READING)
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.option("--override", "overrides", multiple=True, metavar="RULE@ADDRESS", help="Lift one hold. Repeatable.")
@click.option("--plan-id", help="Go on only if this is the plan's id; needed with --override.")
@click.option("--reason", help="Why a hold is lifted, for the record; needed with --override.")
@PROGRESS
@output_option("text", "json", "markdown")
@CALLS
def command(
    options: Options,
    plan_file: Path | None,
    yes: bool,
    overrides: tuple[str, ...],
    plan_id: str | None,
    reason: str | None,
    progress: str,
    form: str,
    calls: bool,
) -> int:
    """Make the live systems match the manifests.

    With PLAN.json exactly that plan is carried out, or refused if it is stale. Without, a plan is made, shown, and
    carried out after a `yes`; any other answer sends nothing and ends with 4. The first Ctrl-C lets the calls
    under way end (then 6, partly applied), the second stops at once (7: the next apply looks up what became of
    it). Ctrl-C at the question, or before anything was sent, ends with 130.
    """
    from reconciler import workflow

    _check_file(options, plan_file)
    released = _overrides(overrides, plan_id, reason)
    _check_asking(yes=yes)
    saved = workflow.saved_plan(plan_file) if plan_file else None
    with workflow.ready(options, saved, before_reading(form, progress)) as ready:
        _check_id(ready.plan, plan_id)
        if form == "text":
            show_plan(ready.plan, "text", calls=calls)
        if (ready.plan.writes or released) and not yes and not _agreed(ready.plan, form):
            say("Not applied: nothing was sent.\n", sys.stderr)
            return HELD
        watch = watcher(progress)
        report = workflow.apply(ready, watch, released)
        if isinstance(watch, Line):
            watch.clear()
    _show_report(report, ready.plan, form, calls=calls, command=apply_command(options, None))
    return of_report(report, ready.plan)


def _check_file(options: Options, plan_file: Path | None) -> None:
    """Raises UsageWrong where a part of a plan is asked for, or there is no such file."""
    if plan_file and (options.only or options.exclude or options.changed_since):
        raise UsageWrong(
            "a saved plan is carried out whole", hint="give the selection to `reconciler plan` instead"
        )
    if plan_file and not plan_file.exists():
        raise UsageWrong(f"there is no file {plan_file}", hint="make one with `reconciler plan --out plan.json`")


def _check_asking(*, yes: bool) -> None:
    if not yes and not sys.stdin.isatty():
        raise UsageWrong("nobody can be asked here", hint="look at `reconciler plan` first, then add --yes")


def _overrides(words: Sequence[str], plan_id: str | None, reason: str | None) -> list[Override]:
    """What `--override` says. Raises UsageWrong where a part of it is missing."""
    from reconciler.model.document import Address
    from reconciler.workflow import Override

    if words and not (plan_id and reason and reason.strip()):
        raise UsageWrong("--override needs --plan-id and --reason", hint="the plan's text ends with its id")
    found = []
    for word in words:
        rule, _, address = word.partition("@")
        try:
            found.append(Override(rule, Address.parse(address), reason or ""))
        except ValueError:
            raise UsageWrong(f"--override {word}", hint="write --override RULE@target/Kind/name") from None
    return found


def _check_id(plan: Plan, plan_id: str | None) -> None:
    if plan_id is not None and plan_id != plan.id:
        raise PlanStale(f"this is the plan {plan.id}, not {plan_id}", hint="look at the plan again")


def _agreed(plan: Plan, form: str) -> bool:
    """Whether a person who has seen the plan says `yes`. Raises Abort on Ctrl-C."""
    if form != "text":
        from reconciler.report.plan_text import plan_text

        say(plan_text(plan, style(sys.stderr)), sys.stderr)
    answer = click.prompt("Apply this plan? Only `yes` applies it", default="", show_default=False, err=True)
    return str(answer).strip() == "yes"


def _show_report(report: Report, plan: Plan, form: str, *, calls: bool, command: str) -> None:
    from reconciler.report.ends import stuck
    from reconciler.report.facts import pending

    if form == "json":
        from reconciler.report.report_json import report_json

        say(report_json(report, plan, of_report(report, plan)))
    elif form == "markdown":
        from reconciler.report.report_markdown import report_markdown

        say(report_markdown(report, plan, command=command))
    elif report.outcomes or pending(plan) or stuck(plan):
        from reconciler.report.report_text import report_text

        say("\n" + report_text(report, plan, style(), calls=calls, command=command))
    elif report.head:
        say(f"ledger head {report.head}\n")
