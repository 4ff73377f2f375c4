"""`reconciler explain KIND[.field]`: what a kind or a field means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, USAGE, explained
from reconciler.cli.output import say, style
from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.model.kind import Kind


@click.command("explain", short_help="Explain a kind or a field.", epilog=explained(FINE, USAGE))
@click.argument("what", metavar="KIND[.FIELD]")
def command(what: str) -> int:
    """Explain a kind, or one of its fields, from its schema.

    KIND may be written provider/Kind where two providers have one; FIELD may lead further down: members.user
    """
    from reconciler import workflow
    from reconciler.load.nearest import did_you_mean, listed
    from reconciler.report.explain import UnknownField, explain_text

    name, *path = what.split(".")
    try:
        for kind in _found(name, workflow.catalog().kinds.values()):
            say(explain_text(kind, tuple(path), style()))
    except UnknownField as unknown:
        hint = did_you_mean(unknown.word, unknown.choices, f"known: {listed(unknown.choices, 30)}")
        raise UsageWrong(f"{name} has no field '{'.'.join(path)}'", hint=hint) from None
    return FINE


def _found(name: str, kinds: Iterable[Kind]) -> list[Kind]:
    """The kind of this name; where several providers have one, each. Raises UsageWrong."""
    from reconciler.load.nearest import did_you_mean, listed

    known = sorted(kinds, key=lambda k: (k.provider, k.name))
    found = [k for k in known if name in (k.name, f"{k.provider}/{k.name}")]
    if not found:
        names = [*dict.fromkeys(k.name for k in known), *(f"{k.provider}/{k.name}" for k in known)]
        hint = did_you_mean(name, names, f"known: {listed(dict.fromkeys(k.name for k in known), 50)}")
        raise UsageWrong(f"no kind '{name}'", hint=hint)
    return found
