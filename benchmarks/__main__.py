"""Every benchmark, one after the other, the sides of each in turn: `python -m benchmarks`.

    python -m benchmarks [--rounds N] [--quick] [--only NAME ...] [--page]

With --page the tables of docs/performance.md and its picture are written anew; only a whole run may do so.
"""

from __future__ import annotations

import argparse
import os
import sys
import time

from benchmarks import ALL
from benchmarks.apart import figures_of
from benchmarks.figures import ROUNDS, Figure, NotMeasured
from benchmarks.page import Found, told, write
from benchmarks.sides import Failed

QUICK_ROUNDS = 1


def measured(names: list[str], rounds: int, quick: bool) -> Found:
    """All of them; what cannot be measured here, or fails, is said and left out."""
    before = os.getloadavg()[0]
    figures: dict[str, list[Figure]] = {}
    missing: dict[str, str] = {}
    failed: dict[str, str] = {}
    for name in names:
        began = time.monotonic()
        try:
            figures[name] = figures_of(name, rounds, quick)
        except NotMeasured as why:
            missing[name] = str(why)
        except Failed as why:
            failed[name] = str(why)
        sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    return Found(figures, missing, failed, rounds, (before, os.getloadavg()[0]))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, help=f"{ROUNDS} if not said")
    parser.add_argument("--quick", action="store_true", help="few objects, one round; says little")
    parser.add_argument("--only", action="append", choices=ALL, metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--page", action="store_true", help="write docs/performance.md and its picture")
    given = parser.parse_args()
    if given.page and (given.quick or given.only):
        parser.error("the page is written from a whole run alone")
    rounds = given.rounds or (QUICK_ROUNDS if given.quick else ROUNDS)
    found = measured(given.only or list(ALL), rounds, given.quick)
    sys.stdout.write(told(found))
    if found.failed:
        sys.exit(1)
    if given.page:
        write(found)


if __name__ == "__main__":
    main()
