"""Where a run is killed: at four borders of each of its writes; and where the run that repeats it is, too."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tests.faults.trials import LEDGER, SENT, Point
from tests.faults.undisturbed import Undisturbed

BORDERS: Final = ("before send", "before commit", "after commit", "after reply")
"""Before it goes out; at the far end, which has not looked at it; in effect, and not answered; answered, and
nothing written down."""
PAUSES: Final = ("before-effect", "after-effect")


@dataclass(frozen=True, slots=True, order=True)
class Kill:
    """A border of the n-th write, with so many calls under way at once."""

    n: int
    border: str
    concurrency: int

    def __str__(self) -> str:
        return f"{self.n}:{self.border.replace(' ', '-')}:{self.concurrency}"

    @staticmethod
    def parse(text: str) -> Kill:
        """The inverse of `str`. Raises ValueError."""
        n, border, concurrency = text.split(":")
        if (named := border.replace("-", " ")) not in BORDERS:
            raise ValueError(f"{border} is none of {', '.join(BORDERS)}")
        return Kill(int(n), named, int(concurrency))

    def at(self, target: str) -> Point:
        """What a far end has and has not looked at may be lost with the connection, or done all the same: of each
        write one with one call at a time, and the other with several."""
        match self.border:
            case "before send":
                return Point(SENT, self.n, "send")
            case "before commit":
                lost = (self.n + (self.concurrency > 1)) % 2
                return Point(target, self.n, "unsent" if lost else "before-effect")
            case "after commit":
                return Point(target, self.n, "after-effect")
        return Point(SENT, self.n, "reply")


def every(writes: int, concurrency: Sequence[int]) -> list[Kill]:
    """Four kills for each write."""
    return [Kill(n, border, c) for c in concurrency for n in range(1, writes + 1) for border in BORDERS]


def sampled(writes: int, concurrency: Sequence[int], share: float, seed: int) -> list[Kill]:
    """A share of all of them, of which at least one is at each border and at each concurrency."""
    rng, found = random.Random(seed), list[Kill]()
    for c in concurrency:
        for border in BORDERS:
            chosen = rng.sample(range(1, writes + 1), max(1, round(writes * share)))
            found += [Kill(n, border, c) for n in sorted(chosen)]
    return found


def pairs(wanted: Undisturbed, target: str, concurrency: Sequence[int], many: int, seed: int) -> list[Pair]:
    """So many runs that are killed at a border of a write, each with a place where the next one is: before or
    after any of its requests, readings of what became of the first included, or of its appends to the ledger."""
    rng, writes = random.Random(seed), wanted.writes[target]
    found = []
    for _ in range(many):
        first = Kill(rng.randint(1, writes), rng.choice(BORDERS), rng.choice(list(concurrency)))
        left = 1 - (first.n - 1) / writes  # the nearer the end, the less there is to be repeated
        requests, appends = (max(6, round(n * left)) for n in (wanted.requests[target] * 0.8, wanted.appended))
        asked = Point(target, rng.randint(1, requests), rng.choice(PAUSES), writes=False)
        told = Point(LEDGER, rng.randint(1, appends), rng.choice(("before", "after")))
        found.append(Pair(first, rng.choice((asked, told))))
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """A kill, and where the run after it is killed."""

    first: Kill
    second: Point

    def __str__(self) -> str:
        second = self.second
        return f"{self.first}+{second.where}:{second.n}:{second.phase}"

    @staticmethod
    def parse(text: str) -> Pair:
        """The inverse of `str`. Raises ValueError."""
        first, _, second = text.partition("+")
        where, n, phase = second.split(":")
        return Pair(Kill.parse(first), Point(where, int(n), phase, writes=where == LEDGER))
