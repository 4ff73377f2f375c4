"""`reconciler access`: who can do what on which object, and through which grant. Nothing is changed anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, INVALID, REMOTE, USAGE, explained
from reconciler.cli.options import FILES, PROGRESS, READING, SELECTION, with_options
from reconciler.cli.output import say, style
from reconciler.cli.progress import before_reading

if TYPE_CHECKING:
    from reconciler.workflow import Options


@click.command("access", epilog=explained(FINE, INVALID, USAGE, REMOTE))
@with_options(FILES, SELECTION, READING)
@click.option("--who", default="", metavar="PERSON", help="Only this person or group: an address or a name.")
@click.option(
    "--what", default="", metavar="OBJECT", help="Only on this object: a name, an address, kind:Folder, or with *."
)
@click.option(
    "--from",
    "asked",
    type=click.Choice(["both", "manifests", "live"]),
    default="both",
    show_default=True,
    help="Where to look; `manifests` needs no network.",
)
@PROGRESS
@click.option(
    "-o",
    "--output",
    "form",
    type=click.Choice(["text", "markdown", "json", "csv"]),
    default="text",
    show_default=True,
    help="How the result is written to standard output.",
)
def command(options: Options, who: str, what: str, asked: str, progress: str, form: str) -> int:
    """Show who can do what on which object, through which grant and why.

    Every role of every person is listed with the path that leads to it (groups, folders), the reason that a
    manifest gives, and whether it is declared, live, or both; then what nobody can read. In a path, `,` parts
    groups, and `->` leads from an object to one that stands in it. A word of --who or --what that means nothing
    ends it with 1; both take `*` for any letters.
    """
    from reconciler.access import Question
    from reconciler.report import access_markdown, access_table, access_text
    from reconciler.workflow.access import access

    listing = access(options, Question(who, what, asked), before_reading(form, progress))
    if form == "json":
        say(access_table.access_json(listing))
    elif form == "csv":
        say(access_table.access_csv(listing))
    elif form == "markdown":
        say(access_markdown.access_markdown(listing))
    else:
        say(access_text.access_text(listing, style()))
    return FINE
