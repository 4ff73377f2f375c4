"""A person's `yes`, and why, before something is told to the ledger."""

from __future__ import annotations

import sys

import click

from reconciler.cli.output import fitting, say
from reconciler.model.faults import UsageWrong
from reconciler.report.escape import safe

YES = click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
REASON = click.option("--reason", help="Why, for the record; needed with --yes.")


def agreed(explanation: str, *, yes: bool, reason: str | None) -> str | None:
    """The reason, once a person who was told this has said `yes`; None where the answer was another. Raises
    UsageWrong where nobody can be asked and the reason is missing, Abort on Ctrl-C."""
    given = (reason or "").strip()
    if yes:
        if not given:
            raise UsageWrong("--yes needs --reason", hint="say why, for the record")
        return given
    if not sys.stdin.isatty():
        raise UsageWrong("nobody can be asked here", hint="add --yes and --reason")
    say(fitting("\n".join(safe(line) for line in explanation.split("\n")), sys.stderr), sys.stderr)
    given = given or str(click.prompt("Why, for the record", err=True)).strip()
    answer = click.prompt("Do it? Only `yes` does it", default="", show_default=False, err=True)
    return given if str(answer).strip() == "yes" else None
