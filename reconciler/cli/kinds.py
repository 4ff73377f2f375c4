"""`reconciler kinds`: what can be declared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, USAGE, explained
from reconciler.cli.options import output_option
from reconciler.cli.output import say, style
from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.model.kind import Kind


@click.command("kinds", epilog=explained(FINE, USAGE))
@click.argument("wanted", metavar="[PROVIDER | KIND]...", nargs=-1)
@output_option("text", "json", "markdown")
def command(wanted: tuple[str, ...], form: str) -> int:
    """List every kind of thing, and what can be done with it; with arguments those of a PROVIDER, or a KIND (which
    may be written provider/Kind), alone.
    """
    from reconciler import workflow
    from reconciler.report import kinds

    catalog = workflow.catalog()
    known = _narrowed([*catalog.kinds.values(), *catalog.refused.values()], wanted)
    if form == "json":
        say(kinds.kinds_json(known))
    elif form == "markdown":
        say(kinds.kinds_markdown(known))
    else:
        say(kinds.kinds_text(known, style()))
    return FINE


def _narrowed(kinds: Sequence[Kind], wanted: Sequence[str]) -> Sequence[Kind]:
    """The kinds that any of these words means; all where there is none. Raises UsageWrong."""
    from reconciler.load.nearest import did_you_mean, listed

    words = {word for k in kinds for word in _words(k)}
    for word in wanted:
        if word not in words:
            providers = sorted({k.provider for k in kinds})
            alike = sorted(one for one in words if ("/" in one) == ("/" in word))
            hint = did_you_mean(word, alike, f"providers: {listed(providers)}")
            raise UsageWrong(f"no provider and no kind is called '{word[:60]}'", hint=hint)
    return [k for k in kinds if not wanted or not _words(k).isdisjoint(wanted)]


def _words(kind: Kind) -> set[str]:
    return {kind.provider, kind.name, f"{kind.provider}/{kind.name}"}
