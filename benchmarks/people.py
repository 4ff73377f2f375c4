"""The things that are counted by the thousand: people with a name, an address and seven plain fields each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

PROVIDER: Final = "omni-analytics"
TARGET: Final = "analytics"
PER_FILE: Final = 1_000
"""Documents in one file: as many as a person may bear to see in an editor."""
PROJECT: Final = f"""\
apiVersion: reconciler/v1
kind: Project
targets:
  {TARGET}:
    provider: {PROVIDER}
    limits: {{requestsPerMinute: 100000}}
manifests: [manifests/]
"""


def email(number: int) -> str:
    return f"person{number:06}@example.com"


def shown_name(number: int) -> str:
    return f"Person {number:06}"


def attributes(number: int) -> dict[str, Any]:
    """Seven plain values; texts, since the API gives back what it was given as text."""
    return {
        "region": ("EMEA", "APAC", "AMER")[number % 3],
        "department": f"Department {number % 40}",
        "office": f"Office {number % 90}",
        "costCentre": f"CC-{number % 700:04}",
        "manager": email(number // 10),
        "employee": f"E{number:07}",
        "language": ("en", "de", "fr", "pt")[number % 4],
    }


def manifest(number: int, name: str = "") -> str:
    """One document as a person would write it, without the line that parts it from the next. `name`: shown instead
    of the usual one."""
    lines = "".join(f"    {name}: {value}\n" for name, value in attributes(number).items())
    return (
        f"apiVersion: {PROVIDER}/v1\n"
        "kind: User\n"
        "metadata:\n"
        f"  name: person-{number:06}\n"
        "spec:\n"
        f"  email: {email(number)}\n"
        f"  name: {name or shown_name(number)}\n"
        f"  attributes:\n{lines}"
    )


def write_project(root: Path, people: int, renamed: int = 0) -> None:
    """A project that declares them, in an empty folder. `renamed`: so many of them, evenly spread, have another
    name than they would have."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "reconciler.yaml").write_text(PROJECT, encoding="utf-8")
    folder = root / "manifests"
    folder.mkdir(exist_ok=True)
    for first, text in files(people, renamed):
        (folder / f"people-{first:06}.yaml").write_text(text, encoding="utf-8")


def files(people: int, renamed: int = 0) -> Iterator[tuple[int, str]]:
    """The number of a file's first person, and the file's text."""
    other = {number * people // renamed: "Renamed" for number in range(renamed)}
    for first in range(0, people, PER_FILE):
        inside = range(first, min(first + PER_FILE, people))
        yield first, "---\n".join(manifest(n, other.get(n, "")) for n in inside)
