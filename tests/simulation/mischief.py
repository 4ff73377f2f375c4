"""What befalls one history: drawn from its seed before it begins, and shrinkable from the command line."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reconciler.ledger.leases import LEASE_SECONDS
from reconciler.model.document import Document
from reconciler.twins import OmniTwin, TrackerTwin, Twin
from tests.laws.lives import DEEDS, SLUGS, TITLES
from tests.simulation.weather import HOSTILE, KINDS, NETWORK, SERVER, Weather
from tests.world import OMNI, TRACKER, World, hasty_clock

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Mischief:
    """`chance` and `faults`: of the network and the servers. `crashes`: the boundary at which each of the first
    processes dies (0: it lives). `pauses`: arrival -> seconds for which the machine stands still from then on.
    `jumps`: arrival -> seconds by which its wall clock jumps. `second`: the arrival at which somebody starts the
    same command on another machine. `edits`: arrivals at which a person changes something in a product."""

    chance: float = 0.0
    faults: int = 0
    kinds: tuple[str, ...] = KINDS
    crashes: tuple[int, ...] = ()
    pauses: tuple[tuple[int, float], ...] = ()
    jumps: tuple[tuple[int, float], ...] = ()
    second: int = 0
    edits: tuple[int, ...] = ()

    def __str__(self) -> str:
        said = [f"{self.faults} faults at {self.chance}" if self.faults else "", _said("crashes", self.crashes)]
        said += [_said("pauses", self.pauses), _said("jumps", self.jumps), _said("edits", self.edits)]
        said += [f"a second runner at {self.second}" if self.second else ""]
        return "; ".join(filter(None, said)) or "nothing"

    def smaller(self) -> list[Mischief]:
        """The same with one thing less, the largest steps first."""
        found = [replace(self, faults=n) for n in dict.fromkeys((0, self.faults // 2, self.faults - 1)) if n >= 0]
        found = found if self.faults else []
        for name in ("crashes", "pauses", "jumps", "edits"):
            have = getattr(self, name)
            found += [_with(self, name, (*have[:i], *have[i + 1 :])) for i in range(len(have))]
        return [*found, replace(self, second=0)] if self.second else found


def _with(whole: Mischief, name: str, value: Any) -> Mischief:
    """The same with another value of one field."""
    more: dict[str, Any] = {name: value}
    return replace(whole, **more)


def _said(what: str, those: Sequence[object]) -> str:
    return f"{what} at {', '.join(map(str, those))}" if those else ""


def mischief_of(seed: int, crossings: int, arrivals: int) -> Mischief:
    """`crossings`, `arrivals`: the boundaries and requests of an undisturbed run."""
    rng = random.Random(f"mischief {seed}")
    most = max(2, arrivals)

    def sometimes(chance: float, count: int) -> range:
        return range(rng.randint(1, count) if rng.random() < chance else 0)

    def moment() -> int:
        return rng.randint(1, most)

    kinds = rng.choice((KINDS, KINDS, NETWORK, SERVER, HOSTILE, (rng.choice(KINDS),)))
    return Mischief(
        chance=rng.choice((0.02, 0.05, 0.1, 0.3)),
        faults=rng.choice((0, 0, 1, 2, 4, 8)),
        kinds=kinds,
        crashes=tuple(rng.randint(1, max(2, crossings)) for _ in sometimes(0.5, 3)),
        pauses=tuple((moment(), rng.uniform(LEASE_SECONDS + 5, 4 * LEASE_SECONDS)) for _ in sometimes(0.15, 2)),
        jumps=tuple((moment(), rng.choice((-DAY, DAY))) for _ in sometimes(0.2, 2)),
        second=moment() if rng.random() < 0.25 else 0,
        edits=tuple(moment() for _ in sometimes(0.15, 3)),
    )


def weather_of(seed: int, mischief: Mischief) -> Weather:
    return Weather(random.Random(f"weather {seed}"), mischief.chance, mischief.faults, mischief.kinds)


def meddle(rng: random.Random, twins: Mapping[str, Twin], documents: Sequence[Document]) -> str:
    """A person does something in one of the products, by the API's own rules; what it was."""
    world = World(twins, {}, hasty_clock(), None)
    choices = []
    if isinstance(twins.get(OMNI), OmniTwin):
        choices += [("label", d) for d in ("rename", "mark", "delete", "create")]
        choices += [("folder", d) for d in ("delete", "create", "fill")]
    if isinstance(twins.get(TRACKER), TrackerTwin):
        choices += [("team", d) for d in ("rename", "slug", "delete", "create")]
    if not choices:
        return "nothing"
    thing, deed = rng.choice(choices)
    names = sorted({str(d.spec["name"]) for d in documents if d.kind == "Label"} | {"Somebody's"})
    which = rng.choice(names) if thing == "label" else rng.choice(SLUGS) if deed == "create" else "0"
    which = str(rng.randint(0, 5)) if thing == "folder" or (thing == "team" and deed != "create") else which
    said = {"label": rng.choice(names), "folder": "Somebody's", "team": rng.choice(TITLES)}[thing]
    value: object = rng.random() < 0.5 if deed == "mark" else rng.choice(SLUGS) if deed == "slug" else said
    DEEDS[thing](world, deed, which, value)
    return f"{deed} {thing} {which} {value}"
