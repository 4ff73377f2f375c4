"""`reconciler explain KIND[.field]`: what a kind or a field means."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, USAGE, explained
from reconciler.cli.output import say, style
from reconciler.model.faults import UsageWrong
from reconciler.model.json import Json, pick

if TYPE_CHECKING:
    from reconciler.model.catalog import Catalog, Provider
    from reconciler.model.kind import Kind


FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "metadata": ("manifest", ("metadata",)),
    "Project": ("project", ()),
    "reconciler.yaml": ("project", ()),
}
"""What can be explained besides kinds: the schema it stands in, and where."""


@click.command("explain", epilog=explained(FINE, USAGE))
@click.argument("what", metavar="[KIND[.FIELD] | metadata | reconciler.yaml]", required=False)
@click.option("--short", is_flag=True, help="Of a kind the fields alone, one line each.")
def command(what: str | None, short: bool) -> int:
    """Explain a kind, or one of its fields, from its schema; without an argument list the kinds.

    KIND may be written provider/Kind, or target/Kind in a project, where two providers have one; FIELD may lead
    further down: members.user.
    `metadata` explains what stands around every spec, `reconciler.yaml` (or `Project`) the project file.
    """
    from reconciler import workflow
    from reconciler.load.nearest import did_you_mean, listed
    from reconciler.report.explain import explain_text
    from reconciler.report.explain_short import explain_short
    from reconciler.report.schema_words import UnknownField

    catalog = workflow.catalog()
    if what is None:
        from reconciler.report.kinds import kinds_text

        say(kinds_text([*catalog.kinds.values(), *catalog.refused.values()], style()))
        return FINE
    name, *path = _words(what)
    try:
        if name in FORMS and short:
            raise UsageWrong(f"--short is for kinds, and {name} is none", hint="leave it out")
        if name in FORMS:
            say(_form(what, name, path, catalog))
            return FINE
        for kind in _found(name, catalog):
            say((explain_short if short else explain_text)(kind, tuple(path), style()))
    except UnknownField as unknown:
        hint = did_you_mean(unknown.word, unknown.choices, f"known: {listed(unknown.choices, 30)}")
        raise UsageWrong(f"{name} has no field '{'.'.join(path)}'", hint=hint) from None
    return FINE


def _words(what: str) -> list[str]:
    """What is asked for, step by step; the dot of the project file's own name is none between steps."""
    file, *path = what.split("reconciler.yaml", 1)
    return ["reconciler.yaml", *path[0].split(".")[1:]] if not file and path else what.split(".")


def _form(what: str, name: str, path: Sequence[str], catalog: Catalog) -> str:
    """A file's form, and the kinds that are called as it is. Raises UnknownField."""
    from reconciler.report.explain_file import explain_form

    form, inside = FORMS[name]
    text = explain_form(what, _schema(form, catalog.providers), (*inside, *path), style())
    for kind in sorted(catalog.kinds.values(), key=lambda k: k.provider):
        if kind.name == name:
            text += f"\nThere is a kind of this name: reconciler explain {kind.provider}/{name}\n"
    return text


def _schema(form: str, providers: Mapping[str, Provider]) -> Mapping[str, Json]:
    """The schema of a file's form; that of the project file with the settings that each provider knows."""
    from reconciler.load.shape import shipped_validator

    found = shipped_validator(form).schema
    schema: dict[str, Json] = json.loads(json.dumps(found))
    target = pick(schema, "/properties/targets/additionalProperties/properties") if form == "project" else None
    if isinstance(target, dict):
        for provider in sorted(providers.values(), key=lambda p: p.name):
            for name, description in provider.settings.items():
                said = f"{provider.name}: {description}"
                known = target.get(name)
                before = f"{known['description']} " if isinstance(known, dict) else ""
                target[name] = {"description": f"{before}{said}"}
    return schema


def _found(name: str, catalog: Catalog) -> list[Kind]:
    """The kind of this name; where several providers have one, each. Raises UsageWrong."""
    from reconciler.load.nearest import did_you_mean, listed

    kinds = [*catalog.kinds.values(), *catalog.refused.values()]
    known = sorted(kinds, key=lambda k: (k.provider, k.name))
    found = [k for k in known if name in (k.name, f"{k.provider}/{k.name}")]
    before, slash, last = name.partition("/")
    if not found and slash:
        provider = _served(catalog).get(before)
        found = [k for k in known if (k.provider, k.name) == (provider, last)]
    if not found:
        alike = [f"{k.provider}/{k.name}" for k in known if slash and k.name == last]
        if alike:
            hint = did_you_mean(name, alike, f"known: {listed(alike)}")
            raise UsageWrong(f"'{before}' is no provider, and no target of a project here", hint=hint)
        names = [*FORMS, *dict.fromkeys(k.name for k in known), *(f"{k.provider}/{k.name}" for k in known)]
        hint = did_you_mean(name, names, f"known: {listed(dict.fromkeys(k.name for k in known), 50)}")
        raise UsageWrong(f"no kind '{name}'", hint=hint)
    return found


def _served(catalog: Catalog) -> dict[str, str]:
    """Target -> provider in the project around us; nothing where there is none, or it cannot be read."""
    from reconciler.model.faults import ManifestInvalid
    from reconciler.workflow.setup import Options, project_of

    try:
        targets = project_of(Options(), catalog).targets
    except (UsageWrong, ManifestInvalid):
        return {}
    return {name: target.provider for name, target in targets.items()}
