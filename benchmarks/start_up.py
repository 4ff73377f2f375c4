"""What a command costs before it does anything, beside an interpreter that does nothing.

    python -m benchmarks.start_up [--rounds N] [--quick]

Both in an environment that holds what this package needs to run and pip, which installed it, and nothing else,
since what is merely installed can slow down every start.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.commands import COLD
from benchmarks.far_end import environment, serving
from benchmarks.figures import Figure, alone
from benchmarks.people import write_project
from benchmarks.rooms import bare
from benchmarks.sides import Side, loops, ratio, rounds

LEAST = 11
"""Rounds: a start takes a fiftieth of a second, and the machine's own moods tell."""
QUICK = 5
ALONE = {"PYTHONPATH": ""}
"""What is installed there is what runs, wherever this is started."""
COMMANDS = (
    (("--version",), 1.3, 1.15),
    (("--help",), 4.2, 2.2),
    (("validate",), 7.0, 5.5),
    (("plan",), 12.0, 9.0),
)
"""What is typed, its target and its stretch."""


def figures(count: int, quick: bool) -> list[Figure]:
    programs = bare()
    with TemporaryDirectory() as folder, serving(1) as end:
        project = Path(folder)
        write_project(project, 1)
        given = {**environment(end.url), **COLD, **ALONE}
        sides = [Side("nothing", (str(programs / "python"), "-c", "pass"), given, project)]
        for words, *_ in COMMANDS:
            sides.append(Side(words[0], (str(programs / "reconciler"), *words), given, project))
        found = rounds(sides, QUICK if quick else max(count, LEAST))
    return [
        Figure(
            f"start-up, {' '.join(words)}",
            "CPU, ours / python -c pass",
            ratio(found[words[0]], found["nothing"]),
            target,
            stretch,
            "of one file with one document" if not words[0].startswith("-") else "",
            loops=loops(found),
        )
        for words, target, stretch in COMMANDS
    ]


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
