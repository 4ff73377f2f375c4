"""A plan that finds nothing to do, beside the floor: processor time, growth, memory, calls.

    python -m benchmarks.noop [--rounds N] [--quick]

*Cold* reads every manifest and stands beside the floor; *warm* finds what it read before and stands beside the
floor that does so too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.commands import COLD, floor, nothing_to_do, planned, warm
from benchmarks.far_end import FarEnd, pages, serving
from benchmarks.figures import Figure, alone, exactly, growth
from benchmarks.people import write_project
from benchmarks.sides import Ratio, Run, Side, loops, ratio, rounds

ONE = 1
SIZES = (1_000, 10_000, 50_000)
QUICK = (300, 2_000)
Found = Mapping[str, Sequence[Run]]


def figures(count: int, quick: bool) -> list[Figure]:
    """All sizes at once, so that growth too is measured within each round."""
    sizes = QUICK if quick else SIZES
    with ExitStack() as stack:
        room = Path(stack.enter_context(TemporaryDirectory()))
        ends = {size: stack.enter_context(serving(size)) for size in (ONE, *sizes)}
        for size in ends:
            write_project(room / str(size), size)
        one = nothing_to_do("one", ends[ONE].url, room / str(ONE), COLD)
        found = rounds([one, *(side for size in sizes for side in sides(room, ends[size].url, size))], count)
        # Only now: plans read here would make this process large, and with it whatever it starts.
        counted = [calls(ends[size], room / str(size), size) for size in sizes]
    return [*ratios(found, sizes), *grown(found, sizes), *memory(found, sizes[-2:]), *counted]


def sides(room: Path, url: str, size: int) -> Iterator[Side]:
    """The four of one size."""
    project, kept = room / str(size), room / f"{size}.json"
    yield floor(f"floor {size}", url, project)
    yield nothing_to_do(f"cold {size}", url, project, COLD)
    yield floor(f"cached {size}", url, project, "--cached", str(kept))
    yield nothing_to_do(f"warm {size}", url, project, warm(room / "cache"))


def ratios(found: Found, sizes: Sequence[int]) -> Iterator[Figure]:
    """Ours beside the floor. What start-up costs tells at a small size: it has no target."""
    for size in sizes:
        far = size >= 10_000
        for state, least, target, stretch in (("cold", "floor", 1.5, 1.2), ("warm", "cached", 1.8, 1.3)):
            yield Figure(
                f"no-op plan, {size:,}, {state}",
                f"CPU, ours / {least}",
                ratio(found[f"{state} {size}"], found[f"{least} {size}"]),
                target if far else None,
                stretch if far else None,
                loops=loops(found),
            )


def grown(found: Found, sizes: Sequence[int]) -> Iterator[Figure]:
    """How the cost grows with the number of people."""
    for state, target in (("cold", 1.05), ("warm", 1.0)):
        value, points = growth([(size, [run.cpu for run in found[f"{state} {size}"]]) for size in sizes])
        name = f"growth of a no-op plan, {state}"
        yield Figure(name, "exponent of CPU", value, target, points=points, loops=loops(found))


def memory(found: Found, sizes: Sequence[int]) -> Iterator[Figure]:
    """What one more person takes, between the two largest sizes, and what is taken for a single one."""
    few, many = sizes
    for state in ("cold", "warm"):
        pairs = list(zip(found[f"{state} {few}"], found[f"{state} {many}"], strict=True))
        slopes = [(b.memory - a.memory) / (many - few) for a, b in pairs]
        yield Figure(
            f"memory, {state}",
            f"peak, from {few:,} to {many:,}",
            Ratio.of(slopes),
            3_000,
            1_500,
            unit="bytes per object",
        )
    base = Ratio.of(run.memory / 1e6 for run in found["one"])
    yield Figure("memory with one person", "peak", base, 45, unit="MB", loops=loops(found))


def calls(end: FarEnd, project: Path, size: int) -> Figure:
    """One per page: as the plan states them, and as the far end saw them. Raises AssertionError where these
    differ, or where anything was written or would be."""
    end.asked()
    plan = planned(end.url, project)
    seen = end.asked()
    stated = len(plan["reads"])
    assert plan["calls"] == []
    assert dict(seen) == {"GET": stated}, f"{stated} stated, asked {dict(seen)}"
    least = pages(size)
    note = f"{stated:,} stated, {seen['GET']:,} asked, {least:,} pages"
    return Figure(f"calls, {size:,}", "calls / pages", exactly(stated / least), 1.0, note=note)


def main() -> None:
    alone(figures, __doc__)


if __name__ == "__main__":
    main()
