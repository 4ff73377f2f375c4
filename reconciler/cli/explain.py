"""`reconciler explain KIND[.field]`: what a kind or a field means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, USAGE, explained
from reconciler.cli.output import say, style
from reconciler.model.faults import UsageWrong
from reconciler.model.json import Json

if TYPE_CHECKING:
    from reconciler.model.kind import Kind


FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "metadata": ("manifest", ("metadata",)),
    "Project": ("project", ()),
    "reconciler.yaml": ("project", ()),
}
"""What can be explained besides kinds: the schema it stands in, and where."""


@click.command("explain", short_help="Explain a kind or a field.", epilog=explained(FINE, USAGE))
@click.argument("what", metavar="KIND[.FIELD] | metadata | reconciler.yaml")
def command(what: str) -> int:
    """Explain a kind, or one of its fields, from its schema.

    KIND may be written provider/Kind where two providers have one; FIELD may lead further down: members.user.
    `metadata` explains what stands around every spec, `reconciler.yaml` (or `Project`) the project file.
    """
    from reconciler import workflow
    from reconciler.load.nearest import did_you_mean, listed
    from reconciler.report.explain import explain_text
    from reconciler.report.explain_file import explain_form
    from reconciler.report.schema_words import UnknownField

    name, *path = _words(what)
    try:
        if name in FORMS:
            form, inside = FORMS[name]
            say(explain_form(what, _schema(form), (*inside, *path), style()))
            return FINE
        catalog = workflow.catalog()
        for kind in _found(name, [*catalog.kinds.values(), *catalog.refused.values()]):
            say(explain_text(kind, tuple(path), style()))
    except UnknownField as unknown:
        hint = did_you_mean(unknown.word, unknown.choices, f"known: {listed(unknown.choices, 30)}")
        raise UsageWrong(f"{name} has no field '{'.'.join(path)}'", hint=hint) from None
    return FINE


def _words(what: str) -> list[str]:
    """What is asked for, step by step; the dot of the project file's own name is none between steps."""
    file, *path = what.split("reconciler.yaml", 1)
    return ["reconciler.yaml", *path[0].split(".")[1:]] if not file and path else what.split(".")


def _schema(form: str) -> Mapping[str, Json]:
    from reconciler.load.shape import shipped_validator

    found = shipped_validator(form).schema
    return found if isinstance(found, Mapping) else {}


def _found(name: str, kinds: Iterable[Kind]) -> list[Kind]:
    """The kind of this name; where several providers have one, each. Raises UsageWrong."""
    from reconciler.load.nearest import did_you_mean, listed

    known = sorted(kinds, key=lambda k: (k.provider, k.name))
    found = [k for k in known if name in (k.name, f"{k.provider}/{k.name}")]
    if not found:
        names = [*FORMS, *dict.fromkeys(k.name for k in known), *(f"{k.provider}/{k.name}" for k in known)]
        hint = did_you_mean(name, names, f"known: {listed(dict.fromkeys(k.name for k in known), 50)}")
        raise UsageWrong(f"no kind '{name}'", hint=hint)
    return found
