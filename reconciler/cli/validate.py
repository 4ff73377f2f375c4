"""`reconciler validate`: are the files right? Offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, INVALID, USAGE, explained
from reconciler.cli.options import FILES, SELECTION, output_option, with_options
from reconciler.cli.output import say, style
from reconciler.model.faults import ManifestInvalid

if TYPE_CHECKING:
    from reconciler.model.document import Desired
    from reconciler.workflow import Options


@click.command("validate", epilog=explained(FINE, INVALID, USAGE))
@with_options(FILES, SELECTION)
@output_option("text", "json", "markdown")
def command(options: Options, form: str) -> int:
    """Check every file, offline, and show all mistakes at once."""
    from reconciler import workflow
    from reconciler.report import problems

    try:
        desired = workflow.validate(options)
    except ManifestInvalid as invalid:
        if form == "text":
            raise
        shown = problems.problems_json if form == "json" else problems.problems_markdown
        say(shown(invalid.problems))
        return INVALID
    if form == "json":
        say(problems.problems_json(desired.warnings, len(desired.documents)))
    elif form == "markdown":
        say(problems.problems_markdown(desired.warnings))
    else:
        say(problems.problems_text(desired.warnings, style()) + _fine(desired))
    return FINE


def _some(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _fine(desired: Desired) -> str:
    targets = len({d.address.target for d in desired.documents})
    counted = f"Valid: {_some(len(desired.documents), 'document')} for {_some(targets, 'target')}"
    return counted + (f", {len(desired.left_out)} left out by the selection\n" if desired.left_out else "\n")
