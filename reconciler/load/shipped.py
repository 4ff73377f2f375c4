"""Where the folders lie that travel with the program: in an installed wheel, else at the top of the checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped(name: str) -> Path:
    """The folder `schemas` or `manifests` as shipped. Raises FileNotFoundError where the installation lacks it."""
    for folder in (_PACKAGE / "_shipped" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"this installation lacks its folder '{name}'; install it again")
