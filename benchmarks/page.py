"""What all benchmarks found, as text, as the tables of docs/performance.md, and the words on the machine."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.far_end import ROOT
from benchmarks.figures import Figure, markdown, text
from benchmarks.picture import picture
from benchmarks.sides import Ratio

PAGE: Final = ROOT / "docs" / "performance.md"
PICTURE: Final = ROOT / "docs" / "performance.svg"
BEGIN: Final = "<!-- figures: written by `make bench`, not by hand -->"
END: Final = "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Found:
    """One whole run: figures by benchmark, why others have none (not to be had here; gone wrong), and the load
    (processes that want a processor) at its beginning and its end."""

    figures: Mapping[str, Sequence[Figure]]
    missing: Mapping[str, str]
    failed: Mapping[str, str]
    rounds: int
    load: tuple[float, float]


def machine(found: Found) -> str:
    """What ran it, and how restless it was: the spread of the fixed work between the rounds, beside its
    median."""
    loops = [loop for each in found.figures.values() for figure in each for loop in figure.loops]
    before, after = found.load
    python = f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} processors"
    ran = f"{found.rounds} rounds. Load {before:.1f} before and {after:.1f} after."
    if not loops:
        return f"{python}; {ran}\n"
    spread = Ratio.of(loop / Ratio.of(loops).value for loop in loops)
    most = max(loops) / min(loops)
    return (
        f"{python}; {ran} The same fixed work between the rounds took {spread.low:.2f} to {spread.high:.2f} of its"
        f" median in the middle half, and {most:.2f} times as long at worst as at best.\n"
    )


def without(found: Found) -> str:
    """What has no figures, and why."""
    missing = [f"Not measured: {name}: {why}\n" for name, why in found.missing.items()]
    return "".join([*missing, *(f"Failed: {name}: {why}\n" for name, why in found.failed.items())])


def told(found: Found) -> str:
    """For a terminal."""
    parts = [f"{name}\n{text(figures)}" for name, figures in found.figures.items()]
    return "\n".join([*parts, without(found) + machine(found)])


def tables(found: Found) -> str:
    """For the page."""
    parts = [f"### {name}\n\n{markdown(figures)}" for name, figures in found.figures.items()]
    drawn = f"![Each figure beside its target, and how costs grow]({PICTURE.name})\n"
    return "\n".join([machine(found), drawn, *parts, *filter(None, [without(found)])])


def between(page: str, new: str) -> str:
    """The page with the part between the two marks replaced. Raises ValueError where they are not there once
    each, in this order."""
    head, first, rest = page.partition(BEGIN)
    old, last, tail = rest.partition(END)
    if not (first and last) or BEGIN in old + tail or END in head + tail:
        raise ValueError(f"the page must hold {BEGIN} and {END} once each")
    return f"{head}{BEGIN}\n\n{new}\n{END}{tail}"


def write(found: Found, page: Path = PAGE, drawn: Path = PICTURE) -> None:
    """Both, the text first made whole."""
    new = between(page.read_text(encoding="utf-8"), tables(found))
    every = [figure for figures in found.figures.values() for figure in figures]
    drawn.write_text(picture(every), encoding="utf-8")
    page.write_text(new, encoding="utf-8")
