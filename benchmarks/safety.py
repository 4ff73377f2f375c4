"""What safety costs an apply of creates: the ledger on disk and the look at each answer, beside nothing of both
(`benchmarks.untold`); and beside a ledger that is lost with the process, which does all but wait for the disk.

    python -m benchmarks.safety [--rounds N] [--quick]
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.commands import COLD, OURS
from benchmarks.far_end import ROOT, environment, serving
from benchmarks.figures import Figure, alone
from benchmarks.people import write_project
from benchmarks.sides import Run, Side, fixed_work, own_environment, ran, ratio

SIZE: Final = 1_000
QUICK: Final = 100
APPLY: Final = ("apply", "--yes", "--progress", "none")
LOST: Final = (*APPLY, "--ephemeral-ledger")
SIDES: Final[Mapping[str, Sequence[str]]] = {
    "safe": (*OURS, *APPLY),
    "in memory": (*OURS, *LOST),
    "untold": (sys.executable, "-m", "benchmarks.untold", *LOST),
}


def figures(count: int, quick: bool) -> list[Figure]:
    """All in turn, each against a new far end; the first round does not count."""
    size = QUICK if quick else SIZE
    works: list[float] = []
    found: dict[str, list[Run]] = {name: [] for name in SIDES}
    with TemporaryDirectory() as folder:
        write_project(Path(folder), size)
        for number in range(count + 1):
            works.append(fixed_work().cpu)
            for name, words in SIDES.items():
                run = applied(Path(folder), name, words)
                found[name] += [run] if number else []
    return list(told(found, size, tuple(works)))


def applied(project: Path, name: str, words: Sequence[str]) -> Run:
    """Everybody is made, at a far end where nobody is yet; a ledger on disk is a new one."""
    rmtree(project / ".reconciler", ignore_errors=True)
    outside = own_environment(COLD)
    if words is SIDES["safe"]:
        subprocess.run((*OURS, "init", "--ledger-only"), cwd=project, env=outside, check=True, capture_output=True)
    with serving(0) as end:
        here = {**environment(end.url), **COLD, "PYTHONPATH": str(ROOT)}
        return ran(Side(name, words, here, project))


def told(found: Mapping[str, Sequence[Run]], size: int, works: tuple[float, ...]) -> Iterator[Figure]:
    """Elapsed time has no target: the far end shares the processors with us."""
    for what in ("cpu", "wall"):
        word = {"cpu": "CPU", "wall": "elapsed"}[what]
        for other in ("untold", "in memory"):
            gated = what == "cpu" and other == "untold"
            yield Figure(
                f"{size:,} writes, safe / {other}",
                f"{word}, apply with ledger and checks / {other}",
                ratio(found["safe"], found[other], what),
                1.10 if gated else None,
                1.05 if gated else None,
                loops=works,
            )


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
