"""`reconciler import`: manifests for what is live and declared nowhere. Nothing is changed in any system."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from reconciler.cli.exit_codes import FINE, INVALID, REMOTE, USAGE, explained
from reconciler.cli.options import FILES, with_options
from reconciler.cli.output import fitting, say
from reconciler.model.faults import UsageWrong

if TYPE_CHECKING:
    from reconciler.workflow import Options
    from reconciler.workflow.importer import LeftOut
    from reconciler.workflow.imports import Imported

MOST_LINES = 12
"""Things that are left out for one reason, said by name; of more just the count."""


@click.command("import", epilog=explained(FINE, INVALID, USAGE, REMOTE))
@click.argument("target")
@click.argument("kinds", nargs=-1, metavar="[KIND]…")
@with_options(FILES)
@click.option(
    "--to", "--output-dir", "folder", metavar="DIR", help="Where to write, below a folder of `manifests:`."
)
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
@click.option(
    "--by",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only the lists of this value, of kinds that have several, as --by owner=jane@example.com. Repeatable.",
)
@click.option(
    "--with",
    "asked",
    multiple=True,
    metavar="FIELD",
    help="Also read this field, which costs requests for every thing (Folder's permissions). Repeatable.",
)
@click.option("--with-files", is_flag=True, help="Download files, and put them beside the manifests.")
@click.option(
    "--without",
    multiple=True,
    metavar="FIELD",
    help="Leave this field out, and do not ask for it thing by thing. Repeatable.",
)
def command(
    options: Options,
    target: str,
    kinds: tuple[str, ...],
    folder: str | None,
    dry_run: bool,
    by: tuple[str, ...],
    asked: tuple[str, ...],
    with_files: bool,
    without: tuple[str, ...],
) -> int:
    """Write a manifest for everything in TARGET that no manifest declares yet, of these kinds or of all.

    Only what a read shows is written, without defaults and secrets, into manifests/TARGET/<kinds>.yaml; files that
    are there are added to and never rewritten. What is written needs no call: a plan adopts it as it is. Run
    again it adds only what is new. What cannot be a manifest is listed, with the reason.
    """
    from reconciler.workflow.importer import FILE
    from reconciler.workflow.imports import Wish, import_live, write_imported

    fields = frozenset((*asked, *([FILE] if with_files else [])))
    wish = Wish(target, kinds, _values(by), fields, frozenset(without), folder, dry_run)
    imported = import_live(options, wish, _tell)
    if dry_run:
        say(_printed(imported))
    else:
        write_imported(imported)
    out = sys.stderr if dry_run else None
    say(fitting(_report(imported, target, dry_run=dry_run), out), out)
    return FINE


def _values(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not (name and equals and value):
            raise UsageWrong(f"--by {word}: there is no value", hint="write --by FIELD=VALUE")
        found[name] = (*found.get(name, ()), value)
    return found


def _tell(sentence: str) -> None:
    from reconciler.report.escape import safe

    say(fitting(safe(sentence), sys.stderr), sys.stderr)


def _printed(imported: Imported) -> str:
    """The new documents as they would stand in their files; on a terminal nothing of it acts."""
    from reconciler.report.escape import safe

    found = []
    for path, text in sorted(imported.files.texts.items()):
        lines = ("\t".join(map(safe, line.split("\t"))) for line in text.split("\n"))
        found.append(f"# {safe(path)}\n" + "\n".join(lines))
    return "---\n".join(found)


def _report(imported: Imported, target: str, *, dry_run: bool) -> str:
    from reconciler.report.escape import safe

    return "".join(f"{safe(line)}\n" for line in _lines(imported, target, dry_run=dry_run))


def _lines(imported: Imported, target: str, *, dry_run: bool) -> Iterator[str]:
    added = imported.files.added
    count = sum(len(drafts) for drafts in added.values())
    word = "would be written" if dry_run else "written"
    declared = f"; {imported.declared} declared already" if imported.declared else ""
    yield f"{target}: {_some(count, 'manifest')} {word}{declared}; {_some(imported.requests, 'request')}"
    for path, drafts in sorted(added.items()):
        yield f"  {path}  +{len(drafts)}" + (", added to what was there" if path in imported.files.before else "")
    if imported.files.beside:
        yield f"  {_some(len(imported.files.beside), 'file')} beside them"
    yield from _left_out(imported.left_out)
    yield from (f"note: {warning}" for warning in imported.warnings)
    if not count:
        yield "nothing new"
    elif not dry_run:
        yield "next: reconciler plan"


def _left_out(things: Sequence[LeftOut]) -> Iterator[str]:
    """By kind, field and reason: what was left out, by name where there are few."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in things:
        groups.setdefault((one.kind, one.field, one.why), []).append(one.thing)
    if groups:
        yield "left out:"
    for (kind, name, why), titles in sorted(groups.items()):
        what = f"{kind}.{name}" if name else kind
        counted = Counter(title for title in titles if title)
        named = [title if n == 1 else f"{title} ({n})" for title, n in sorted(counted.items())]
        if not named:
            yield f"  {what}: {why}"
        elif len(named) <= MOST_LINES:
            yield f"  {what} {', '.join(named)}: {why}"
        else:
            yield f"  {what}, {len(titles)} of them: {why}"


def _some(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")
