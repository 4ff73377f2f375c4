"""`reconciler kinds`: what can be declared."""

from __future__ import annotations

import click

from reconciler.cli.exit_codes import FINE, USAGE, explained
from reconciler.cli.options import output_option
from reconciler.cli.output import say, style


@click.command("kinds", short_help="List every kind of thing there is.", epilog=explained(FINE, USAGE))
@output_option("text", "json", "markdown")
def command(form: str) -> int:
    """List every kind of thing, and what can be done with it."""
    from reconciler import workflow
    from reconciler.report import kinds

    catalog = workflow.catalog()
    known = [*catalog.kinds.values(), *catalog.refused.values()]
    if form == "json":
        say(kinds.kinds_json(known))
    elif form == "markdown":
        say(kinds.kinds_markdown(known))
    else:
        say(kinds.kinds_text(known, style()))
    return FINE
