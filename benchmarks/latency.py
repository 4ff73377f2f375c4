"""How much of the waiting is hidden: a plan with nothing to do against a far end that takes its time.

    python -m benchmarks.latency [--rounds N] [--quick]

The time by the clock over the larger of two: what the calls take by themselves, eight at once, and the processor
time of the plan. 1.0 would be reading manifests and asking at the same time, with nothing before and nothing
after. A busy machine stretches the clock and not the processor time: only a quiet one shows the truth.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.commands import COLD, floor, nothing_to_do, warm
from benchmarks.far_end import pages, serving
from benchmarks.figures import Figure, alone
from benchmarks.people import write_project
from benchmarks.sides import Ratio, loops, rounds

LATENCY = 0.1
PEOPLE, QUICK = 10_000, 1_000


def figures(count: int, quick: bool) -> list[Figure]:
    people = QUICK if quick else PEOPLE
    with TemporaryDirectory() as folder, serving(people, LATENCY) as end:
        room = Path(folder)
        project = room / "project"
        write_project(project, people)
        found = rounds(
            [
                floor("calls", end.url, project, "--calls"),
                nothing_to_do("cold", end.url, project, COLD),
                nothing_to_do("warm", end.url, project, warm(room / "cache")),
            ],
            count,
        )
    alone_took = [float(run.said) for run in found["calls"]]
    note = f"{pages(people)} calls of {LATENCY * 1000:.0f} ms"
    return [
        Figure(
            f"waiting hidden, {people:,}, {state}",
            "time, ours / max(calls alone, CPU)",
            Ratio.of(
                run.wall / max(network, run.cpu) for run, network in zip(found[state], alone_took, strict=True)
            ),
            1.2,
            1.1,
            note,
            loops=loops(found),
        )
        for state in ("cold", "warm")
    ]


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
