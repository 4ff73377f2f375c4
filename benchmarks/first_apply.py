"""Writing: everything for the first time, and one in a hundred anew. Growth, memory, and the number of calls.

python -m benchmarks.first_apply [--rounds N] [--quick]
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.commands import COLD, OURS, ours, planned
from benchmarks.far_end import FarEnd, pages, serving
from benchmarks.figures import Figure, alone, exactly, growth
from benchmarks.people import write_project
from benchmarks.sides import Ratio, Run, fixed_work, own_environment, ran

SIZES = (1_000, 10_000)
QUICK = (100, 500)


@dataclass(frozen=True, slots=True)
class Applied:
    """One apply: what it cost, what its plan said of its requests, and what was asked of the far end by method."""

    run: Run
    bound: int
    checks: int
    asked: Counter[str]


Found = Mapping[int, Sequence[Applied]]


def figures(count: int, quick: bool) -> list[Figure]:
    sizes = QUICK if quick else SIZES
    works: list[float] = []
    found: dict[int, list[Applied]] = {size: [] for size in sizes}
    for _ in range(count):
        works.append(fixed_work().cpu)
        for size in sizes:
            found[size].append(first_apply(size))
    return [
        *grown(found, tuple(works)),
        memory(found, *sizes),
        *(calls("first apply", size, found[size][0], pages(0)) for size in sizes),
        calls("one in a hundred changed", sizes[0], one_in_a_hundred(sizes[0]), pages(sizes[0])),
    ]


def first_apply(size: int) -> Applied:
    """Against a far end where nobody is yet."""
    with TemporaryDirectory() as folder, serving(0) as end:
        write_project(Path(folder), size)
        return applied(end, Path(folder))


def one_in_a_hundred(size: int) -> Applied:
    """Everybody is there, and one in a hundred is to have another name."""
    with TemporaryDirectory() as folder, serving(size) as end:
        write_project(Path(folder), size, size // 100)
        return applied(end, Path(folder))


def applied(end: FarEnd, project: Path) -> Applied:
    """Apply the project. What the plan says is asked of one made before, which is not counted."""
    words = (*OURS, "init", "--ledger-only")
    subprocess.run(words, cwd=project, env=own_environment(COLD), check=True, capture_output=True)
    plan = planned(end.url, project)
    end.asked()
    run = ran(ours("apply", end.url, project, ("apply", "--yes", "--progress", "none"), COLD))
    return Applied(run, plan["bound"], plan["counts"]["preconditions"], end.asked())


def grown(found: Found, works: tuple[float, ...]) -> Iterator[Figure]:
    """How the cost grows with the number of people."""
    value, points = growth([(size, [one.run.cpu for one in each]) for size, each in found.items()])
    yield Figure("growth of a first apply", "exponent of CPU", value, 1.05, points=points, loops=works)


def memory(found: Found, few: int, many: int) -> Figure:
    """What one more person takes at most, while the plan is made and sent."""
    pairs = zip(found[few], found[many], strict=True)
    slopes = Ratio.of((b.run.memory - a.run.memory) / (many - few) for a, b in pairs)
    what = f"peak, from {few:,} to {many:,}"
    return Figure("memory, first apply", what, slopes, unit="bytes per object")


def calls(name: str, size: int, one: Applied, listed: int) -> Figure:
    """All that was asked, over the least that it takes: the pages that list who is there, the reads that check
    right before writing that nothing has moved since, and the plan's bound of writes."""
    asked = sum(one.asked.values())
    by_method = ", ".join(f"{number:,} {method}" for method, number in sorted(one.asked.items()))
    note = f"{by_method}; {listed:,} to list, {one.checks:,} to check, {one.bound:,} to write"
    value = exactly(asked / (listed + one.checks + one.bound))
    return Figure(f"calls, {name}, {size:,}", "calls / least", value, 1.0, note=note)


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
