"""One benchmark in a process of its own, its figures as JSON.

    python -m benchmarks.apart NAME --rounds N [--quick]

Apart, because a process that has grown large makes those it starts look large, and because one that fails takes
nothing along.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import asdict
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from benchmarks.far_end import ROOT
from benchmarks.figures import Figure, NotMeasured
from benchmarks.sides import Failed, Ratio


def figures_of(name: str, rounds: int, quick: bool) -> list[Figure]:
    """What it measured. Raises NotMeasured where it cannot be measured here, Failed where it went wrong."""
    if find_spec(f"benchmarks.{name}") is None:
        raise NotMeasured("there is no such benchmark")
    words = [sys.executable, "-m", "benchmarks.apart", name, "--rounds", str(rounds), *(["--quick"] * quick)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        said = process.stdout.read()
    if process.returncode:
        raise Failed(f"it ended with {process.returncode}")
    found = json.loads(said)
    if isinstance(found, str):
        raise NotMeasured(found)
    return [from_json(one) for one in found]


def from_json(one: dict[str, Any]) -> Figure:
    points = tuple((int(size), float(cost)) for size, cost in one["points"])
    return Figure(**{**one, "value": Ratio(**one["value"]), "points": points, "loops": tuple(one["loops"])})


def to_json(found: list[Figure]) -> str:
    return json.dumps([asdict(figure) for figure in found])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    try:
        said = to_json(import_module(f"benchmarks.{given.name}").figures(given.rounds, given.quick))
    except NotMeasured as why:
        said = json.dumps(str(why))
    sys.stdout.write(said)


if __name__ == "__main__":
    main()
