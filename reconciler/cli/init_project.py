"""`reconciler init DIR`: a project that works at once against the twins, with a ledger of its own."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from reconciler.cli.exit_codes import FINE, INVALID, REMOTE, USAGE, explained
from reconciler.cli.output import say
from reconciler.model.faults import UsageWrong

RENAMED = {"gitignore": ".gitignore"}
"""Files that would act where they are shipped, under the names they get."""


class AlreadyThere(UsageWrong):
    """Files stand where ours would go."""

    exit_code = INVALID


@click.command("init", short_help="Make a starter project.", epilog=explained(FINE, INVALID, USAGE, REMOTE))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
@click.option("--ledger-only", is_flag=True, help="Only make the ledger of a project that is there already.")
def command(directory: Path, ledger_only: bool) -> int:
    """Make a starter project: a project file, a few manifests, a README and a ledger.

    No file is overwritten: if one of them is there already, nothing is made.
    """
    from reconciler import workflow

    made = [] if ledger_only else starter(directory)
    made.append(workflow.make_ledger(directory.resolve()))
    root = directory.resolve()
    for path in made:
        say(f"made {path.relative_to(root) if path.is_relative_to(root) else path}\n")
    if not ledger_only:
        say(f"next: read {directory / 'README.md'}, or: cd {directory} && reconciler twin serve\n")
    return FINE


def starter(directory: Path) -> list[Path]:
    """Write the starter project's files. Raises AlreadyThere, having written none, where one of them exists."""
    root = directory.resolve()
    wanted = {root / name: file for name, file in _files(resources.files("reconciler.cli") / "starter")}
    there = [path for path in wanted if path.exists() or path.is_symlink()]
    if there:
        names = ", ".join(str(path.relative_to(root)) for path in there)
        hint = "take an empty folder; for just the ledger of a project: reconciler init --ledger-only"
        raise AlreadyThere(f"in {directory} there are already: {names}", hint=hint)
    for path, file in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.read_bytes())
    return list(wanted)


def _files(folder: Traversable, below: str = "") -> list[tuple[str, Traversable]]:
    """Every file under a shipped folder, with its path there."""
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        name = f"{below}{RENAMED.get(entry.name, entry.name)}"
        found += _files(entry, f"{name}/") if entry.is_dir() else [(name, entry)]
    return found
