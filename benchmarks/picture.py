"""Figures as a picture: each beside its target, and how costs grow. Plain SVG; readable on light and on dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import log10
from typing import Final

from benchmarks.figures import Figure, number, verdict

WIDTH: Final = 1_020
LABEL: Final = 330
"""Where bars begin."""
TARGET: Final = 600
"""Where every target stands: a bar that ends before it has reached its target."""
LONGEST: Final = 48
"""Characters of a name that have room there."""
END: Final = 710
"""Where a bar that goes on is cut."""
ROW: Final = 24
HEAD: Final = 64
FAINT: Final = ' opacity="0.25"'
SIDE: Final = 300
"""Height of the picture of growth, without its words."""
STYLE: Final = """\
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.quiet { fill: #57606a }
.line { stroke: #57606a; stroke-width: 1 }
.over { stroke: #24292f; stroke-width: 1.5 }
.met { fill: #2f8f5b } .missed { fill: #c2701c }
.curve { fill: none; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .quiet { fill: #9da7b1 }
  .line { stroke: #9da7b1 }
  .over { stroke: #ffffff }
  .met { fill: #3fb27f } .missed { fill: #e0913f }
}
</style>
"""
COLOURS: Final = ("#3b82c4", "#c2701c", "#2f8f5b", "#a05fb5", "#b8514f", "#7a8a2e")
"""For curves: of a middle lightness, which is seen on white and on black."""


def picture(found: Sequence[Figure]) -> str:
    """All figures that have a target, then those that have points."""
    bars = [figure for figure in found if figure.target is not None]
    curves = [figure for figure in found if len(figure.points) > 1]
    below = HEAD + ROW * len(bars) + 30
    height = below + (HEAD + SIDE + 50 if curves else 0)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">\n',
        "<title>Each figure beside its target, and how costs grow</title>\n",
        STYLE,
        *compared(bars),
        *(grown(curves, below) if curves else ()),
        "</svg>\n",
    ]
    return "".join(parts)


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(words)}</text>\n'


def line(x1: float, y1: float, x2: float, y2: float, more: str = "", kind: str = "line") -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{more}/>\n'


# Beside the target


def compared(bars: Sequence[Figure]) -> Iterator[str]:
    """A row for each: a bar as long as the figure is of its target, a notch at the stretch."""
    yield text(0, 18, "Each figure beside its target", "title")
    yield text(0, 38, "Shorter is better; the notch is the stretch; the thin line is the middle half.", "quiet")
    yield text(TARGET, 56, "target", "quiet", "middle")
    for n, figure in enumerate(bars):
        yield from row(figure, HEAD + ROW * n)
    yield line(TARGET, HEAD - 2, TARGET, HEAD + ROW * len(bars), ' stroke-dasharray="4 3"')


def row(figure: Figure, top: float) -> Iterator[str]:
    middle = top + ROW / 2
    value = figure.value
    name = figure.name if len(figure.name) <= LONGEST else figure.name[: LONGEST - 1] + "…"
    yield text(LABEL - 8, middle + 4, name, anchor="end")
    kind = "met" if figure.met else "missed"
    end = across(figure, value.value)
    yield f'<rect class="{kind}" x="{LABEL}" y="{top + 6:.1f}" width="{end - LABEL:.1f}" height="{ROW - 12}"/>\n'
    if value.low != value.high:
        yield line(across(figure, value.low), middle, across(figure, value.high), middle, kind="over")
    if figure.stretch is not None:
        notch = across(figure, figure.stretch)
        yield line(notch, top + 3, notch, top + ROW - 3, kind="over")
    beyond = "… " if end >= END else ""
    unit = f" {figure.unit}" if figure.unit else ""
    sign = "≥" if figure.least else "≤"
    words = f"{beyond}{number(value.value)}{unit} ({sign} {number(figure.target or 0)}): {verdict(figure)}"
    yield text(
        max(end, across(figure, value.high), across(figure, value.low), TARGET) + 8, middle + 4, words, "quiet"
    )


def across(figure: Figure, value: float) -> float:
    """Where a value stands: its target at TARGET, whether it is to be small or large."""
    assert figure.target is not None
    share = figure.target / value if figure.least else value / figure.target
    return min(LABEL + share * (TARGET - LABEL), END)


# Growth


def grown(curves: Sequence[Figure], top: float) -> Iterator[str]:
    """Cost over size, each beside its own at the smallest size, both by powers of ten; and what is linear."""
    yield text(0, top + 18, "How costs grow", "title")
    yield text(0, top + 38, "CPU beside that at the smallest size; the broken line is linear growth.", "quiet")
    most = max(max(_beside_first(figure, at)) for figure in curves for at in figure.points)
    left, right, floor, roof = 60.0, 560.0, top + HEAD + SIDE, top + HEAD
    span = log10(most) or 1.0

    def place(size: float, cost: float) -> tuple[float, float]:
        return left + (right - left) * log10(size) / span, floor - (floor - roof) * log10(cost) / span

    for power in range(int(span) + 1):
        x, y = place(10**power, 10**power)
        yield line(x, floor, x, roof, FAINT) + line(left, y, right, y, FAINT)
        yield text(x, floor + 18, f"{10**power:,}×", "quiet", "middle")
        yield text(left - 8, y + 4, f"{10**power:,}×", "quiet", "end")
    yield text((left + right) / 2, floor + 36, "as many objects", "quiet", "middle")
    yield line(*place(1, 1), *place(most, most), ' stroke-dasharray="4 3"')
    for n, figure in enumerate(curves):
        yield from curve(figure, n, [place(*_beside_first(figure, at)) for at in figure.points], roof)


def curve(figure: Figure, n: int, places: Sequence[tuple[float, float]], roof: float) -> Iterator[str]:
    """One line with its dots, and its name in the list at the right."""
    colour, along = COLOURS[n % len(COLOURS)], " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline class="curve" stroke="{colour}" points="{along}"/>\n'
    for x, y in places:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>\n'
    y = roof + 10 + 20 * n
    yield f'<rect x="576" y="{y - 9:.1f}" width="10" height="10" fill="{colour}"/>\n'
    name = figure.name.removeprefix("growth of ")
    sizes = f"{figure.points[0][0]:,} to {figure.points[-1][0]:,}"
    yield text(592, y, f"{name}, {sizes}: n^{figure.value.value:.2f}")


def _beside_first(figure: Figure, at: tuple[int, float]) -> tuple[float, float]:
    first = figure.points[0]
    return at[0] / first[0], at[1] / first[1]
