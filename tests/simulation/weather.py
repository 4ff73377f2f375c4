"""What the network and the servers do to a request: drawn anew for each, from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from reconciler.twins import Fault

SILENCE: Final = 30.0
"""Seconds after which we give a silent server up."""
PROMPT: Final = 0.4
"""The longest that a request is on its way, in seconds. One that takes effect long after everybody has given it up
can be told from a lost one by nobody: that is not simulated, it is known to be beyond any client."""
WAITS: Final = (None, "0", "1", "7", "45", "120", "-3", "1000000000", "soon", "Thu, 01 Jan 2037 00:00:00 GMT")
WAITS_PAST: Final = "Thu, 01 Jan 1970 00:00:00 GMT"

NETWORK: Final = ("unsent", "lost", "mute before", "mute after", "answer lost")
SERVER: Final = ("refused", "failed before", "failed after", "throttled")
HOSTILE: Final = ("cut", "truncated", "html", "wrong type", "deep", "redirect")
KINDS: Final = NETWORK + SERVER + HOSTILE
REFUSALS: Final = (400, 403, 409, 422, 423)
FAILURES: Final = (500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Fate:
    """`there`, `back`: seconds on the way. `arrives`, `answers`: whether it and its answer get through; where not,
    `after` seconds later we know. `fault`: what the server makes of it."""

    name: str = "well"
    there: float = 0.0
    back: float = 0.0
    arrives: bool = True
    answers: bool = True
    unsent: bool = False
    after: float = 0.0
    fault: Fault | None = None


@dataclass(slots=True)
class Weather:
    """`chance` of a fault per request while any of `left` is left; `kinds`: those that come about here."""

    rng: random.Random
    chance: float = 0.0
    left: int = 0
    kinds: tuple[str, ...] = KINDS
    waits: tuple[str | None, ...] = (*WAITS, WAITS_PAST)
    drawn: int = 0

    def fate(self) -> Fate:
        there, back = self.rng.uniform(0.01, PROMPT), self._back()
        if self.left <= 0 or self.rng.random() >= self.chance:
            return Fate("well", there, back)
        self.left -= 1
        self.drawn += 1
        name = self.rng.choice(self.kinds)
        if name in NETWORK:
            return self._network(name, there, back)
        return Fate(name, there, back, fault=self._fault(name))

    def calm(self) -> None:
        """From now on all goes well."""
        self.left = 0

    def _back(self) -> float:
        """Mostly at once, now and then after seconds."""
        return self.rng.uniform(1.0, 25.0) if self.rng.random() < 0.02 else self.rng.uniform(0.01, 0.3)

    def _network(self, name: str, there: float, back: float) -> Fate:
        match name:
            case "unsent":
                return Fate(name, there, back, arrives=False, answers=False, unsent=True, after=there)
            case "lost":
                return Fate(name, there, back, arrives=False, answers=False, after=there)
            case "mute before":
                return Fate(name, there, back, arrives=False, answers=False, after=SILENCE)
            case "mute after":
                return Fate(name, there, back, answers=False, after=SILENCE)
            case _:
                return Fate(name, there, back, answers=False, after=there + back)

    def _fault(self, name: str) -> Fault:
        rng = self.rng
        match name:
            case "refused":
                return Fault("status", status=rng.choice(REFUSALS), effect=False)
            case "failed before" | "failed after":
                return Fault("status", status=rng.choice(FAILURES), effect=name == "failed after")
            case "throttled":
                return Fault("throttle", retry_after=rng.choice(self.waits), effect=False)
            case "deep":
                return Fault("deep", depth=200)
            case "html":
                return Fault("html", effect=rng.random() < 0.5)
            case _:
                return Fault(name.replace(" ", "_"))
