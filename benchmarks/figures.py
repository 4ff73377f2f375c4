"""What a benchmark gives: figures, each a ratio with its target; and how they are shown, as text and as Markdown.

A benchmark is a module with `figures(rounds, quick) -> list[Figure]` that runs its sides in turn
(`benchmarks.sides`), and a `main` of one line: `alone(figures, __doc__)`. `python -m benchmarks` finds it by its
name in `benchmarks.ALL`.

    found = rounds(sides, count)
    Figure("no-op plan, 10,000, cold", "CPU, ours / floor", ratio(found["ours"], found["floor"]), 1.5, 1.2,
           loops=loops(found))
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log

from benchmarks.sides import Ratio

ROUNDS = 5


class NotMeasured(RuntimeError):
    """What a benchmark needs is not to be had here; the others go on, and the page says so."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. `what`: the two sides, as "CPU, ours / floor". `target`, `stretch`: at most that much,
    or at least where `least`; without a target it is only told. `unit`: what stands behind the value where it is
    no ratio. `points`: for growth, the cost at each size (objects, CPU seconds). `loops`: `loops(found)` of the
    run it is from.
    """

    name: str
    what: str
    value: Ratio
    target: float | None = None
    stretch: float | None = None
    note: str = ""
    least: bool = False
    unit: str = ""
    points: tuple[tuple[int, float], ...] = ()
    loops: tuple[float, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the target is reached. None: it has none."""
        return None if self.target is None else self._reaches(self.target)

    @property
    def stretched(self) -> bool | None:
        """Whether the stretch is reached too."""
        return None if self.stretch is None else self._reaches(self.stretch)

    def _reaches(self, mark: float) -> bool:
        return self.value.value >= mark if self.least else self.value.value <= mark


def exactly(value: float) -> Ratio:
    """Of what was counted: there is no spread."""
    return Ratio(value, value, value)


def exponent(points: Sequence[tuple[int, float]]) -> float:
    """The power of its size that a cost grows with, by least squares over the logarithms. 1.0: linear."""
    across, up = [log(size) for size, _ in points], [log(cost) for _, cost in points]
    centre, level = sum(across) / len(across), sum(up) / len(up)
    spread = sum((x - centre) ** 2 for x in across)
    return sum((x - centre) * (y - level) for x, y in zip(across, up, strict=True)) / spread


def growth(by_size: Sequence[tuple[int, Sequence[float]]]) -> tuple[Ratio, tuple[tuple[int, float], ...]]:
    """The exponent of a cost, round by round with its middle half, and the medians at each size. `by_size`: the
    cost of every round at each size, as many rounds at each."""
    count = len(by_size[0][1])
    each = [exponent([(size, costs[n]) for size, costs in by_size]) for n in range(count)]
    points = tuple((size, sorted(costs)[count // 2]) for size, costs in by_size)
    return Ratio.of(each), points


# Shown


HEADS = ("figure", "measured", "middle half", "target", "stretch", "", "what", "note")


def number(value: float) -> str:
    """Three digits that matter, as a person writes them."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def mark(figure: Figure, value: float | None) -> str:
    """A target in words."""
    if value is None:
        return ""
    return f"{'≥' if figure.least else '≤'} {number(value)}"


def verdict(figure: Figure) -> str:
    """In one word, which is empty for what has no target."""
    if figure.met is None:
        return ""
    if not figure.met:
        return "missed"
    return "stretch" if figure.stretched else "met"


def cells(figure: Figure) -> tuple[str, ...]:
    """One row, in the order of HEADS."""
    value, unit = figure.value, f" {figure.unit}" if figure.unit else ""
    spread = "" if value.low == value.high else f"{number(value.low)} to {number(value.high)}"
    marks = (mark(figure, figure.target), mark(figure, figure.stretch), verdict(figure))
    return (figure.name, number(value.value) + unit, spread, *marks, figure.what, figure.note)


def text(found: Iterable[Figure]) -> str:
    """A table for a terminal; without the columns that say nothing."""
    rows = [HEADS, *(cells(figure) for figure in found)]
    kept = [n for n in range(len(HEADS)) if any(row[n] for row in rows[1:])]
    widths = {n: max(len(row[n]) for row in rows) for n in kept}
    return "\n".join("  ".join(row[n].ljust(widths[n]) for n in kept).rstrip() for row in rows) + "\n"


def markdown(found: Iterable[Figure]) -> str:
    """The same for a page."""
    rows = [HEADS, tuple("---" for _ in HEADS), *(cells(figure) for figure in found)]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in rows)


# On its own


def alone(figures: Callable[[int, bool], list[Figure]], says: str | None = None) -> None:
    """The `main` of a benchmark: `[--rounds N] [--quick]`, and the table."""
    parser = argparse.ArgumentParser(description=says, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--quick", action="store_true", help="few objects; says little")
    given = parser.parse_args()
    try:
        sys.stdout.write(text(figures(given.rounds, given.quick)))
    except NotMeasured as why:
        sys.exit(f"not measured: {why}")
