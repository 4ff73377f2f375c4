"""The folder of what belongs to this machine alone: the ledger, and the keys of local twins."""

from __future__ import annotations

from pathlib import Path

from reconciler.cli.output import sync_folder

PRIVATE = ".reconciler"


def keep_private(folder: Path) -> None:
    """Make the folder, for nobody else to read, and have git pass it over whatever the project's own .gitignore
    says. A folder that is there stays as it is: who made it decides. Raises OSError."""
    if folder.exists():
        return
    folder.mkdir(mode=0o700, parents=True)
    (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    (folder / ".gitignore").chmod(0o600)
    sync_folder(folder.parent)  # or a power loss takes the folder away, and the ledger that will lie in it
