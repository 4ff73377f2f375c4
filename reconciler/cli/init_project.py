"""`reconciler init DIR`: a project that works at once against the twins, with a ledger of its own."""

from __future__ import annotations

import shlex
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from reconciler.cli.exit_codes import FINE, INVALID, REMOTE, USAGE, explained
from reconciler.cli.output import say
from reconciler.cli.private import PRIVATE, keep_private
from reconciler.model.faults import UsageWrong
from reconciler.model.ledger_place import Server

RENAMED = {"gitignore": ".gitignore", "gitkeep": ".gitkeep"}
"""Files that would act where they are shipped, under the names they get."""


KEPT = ("README.md", ".gitignore", "manifests/.gitkeep")
"""Files that many folders have already; the project works without ours."""


class AlreadyThere(UsageWrong):
    """Files stand where ours would go."""

    exit_code = INVALID


@click.command("init", epilog=explained(FINE, INVALID, USAGE, REMOTE))
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".", metavar="[DIR]")
@click.option("--empty", is_flag=True, help="Without manifests: to take over what is live, with `import`.")
@click.option("--ledger-only", is_flag=True, help="Only make the ledger of the project that DIR lies in.")
def command(directory: Path, empty: bool, ledger_only: bool) -> int:
    """Make a starter project: a project file, a few manifests, a README and a ledger.

    No file is overwritten. A README.md or .gitignore that is there is kept; if there is a reconciler.yaml or one
    of the manifests, nothing is made.
    """
    if empty and ledger_only:
        raise UsageWrong("--empty makes a project, --ledger-only makes none", hint="give one of the two")
    if ledger_only:
        from reconciler.load.project import find_project

        _tell_ledger(find_project(directory))
        return FINE
    made, kept = starter(directory, "blank" if empty else "starter")
    root = directory.resolve()
    for path in made:
        _say(f"made {path.relative_to(root)}\n")
    for path in kept:
        _say(f"kept {path.relative_to(root)}: it is yours, and nothing was added to it\n")
    _tell_ledger(root)
    _say(_next(directory, empty=empty, ours=root / "README.md" in made))
    return FINE


def _say(text: str) -> None:
    """Lines with names of files and folders in them, which may be anything."""
    from reconciler.report.escape import safe

    say("\n".join(map(safe, text.split("\n"))))


def _next(directory: Path, *, empty: bool, ours: bool) -> str:
    """What to do now; commands on lines of their own."""
    read = f"read {directory / 'README.md'}, or" if ours else ""
    words = f"{read} say where your systems are, and import what is live" if empty else f"{read} try it on twins"
    command = "reconciler doctor" if empty else "reconciler twin serve &"
    return f"next: {words.strip()}:\n  cd {shlex.quote(str(directory))}\n  {command}\n"


def _tell_ledger(root: Path) -> None:
    """Make the ledger where there is none, and say which it is."""
    from reconciler import workflow
    from reconciler.workflow.setup import project_of

    place = project_of(workflow.Options(project=root), workflow.catalog()).ledger
    if isinstance(place, Server):
        _tell_server(root, place)
        return
    shown = place.relative_to(root) if root == Path.cwd() or not Path.cwd().is_relative_to(root) else place
    if place.exists():
        _say(f"{shown} is there already: untouched\n")
        return
    if place.is_relative_to(root / PRIVATE):
        keep_private(root / PRIVATE)
    workflow.make_ledger(root)
    _say(f"made {shown}\n")


def _tell_server(root: Path, place: Server) -> None:
    from reconciler import workflow

    _say(f"made {place}\n" if workflow.make_ledger(root) else f"{place} is there already: untouched\n")


def starter(directory: Path, which: str = "starter") -> tuple[list[Path], list[Path]]:
    """Write the files of a shipped project; returns those made, and those that were there and may stay. Raises
    AlreadyThere, having written none, where another one of them exists."""
    root = directory.resolve()
    wanted = {root / name: file for name, file in _files(resources.files("reconciler.cli") / which)}
    there = [path for path in wanted if path.exists() or path.is_symlink()]
    kept = [path for path in there if path in {root / name for name in KEPT}]
    if in_the_way := [path for path in there if path not in kept]:
        names = ", ".join(str(path.relative_to(root)) for path in in_the_way)
        hint = "take another folder; for just the ledger of a project: reconciler init --ledger-only"
        raise AlreadyThere(f"in {directory} there are already: {names}", hint=hint)
    made = [path for path in wanted if path not in kept]
    for path in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wanted[path].read_bytes())
    return made, kept


def _files(folder: Traversable, below: str = "") -> list[tuple[str, Traversable]]:
    """Every file under a shipped folder, with its path there."""
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda e: e.name):
        name = f"{below}{RENAMED.get(entry.name, entry.name)}"
        found += _files(entry, f"{name}/") if entry.is_dir() else [(name, entry)]
    return found
