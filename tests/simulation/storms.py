"""Time and rate: runs through storms of refusals for haste, with others on the same key, and clocks that jump.

`python -m tests.simulation.storms --count 1000 --jobs 2`.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from reconciler.model.document import Document
from reconciler.twins.core.values import Request
from tests.simulation.invariants import CAP, MINUTE
from tests.simulation.matched import Matched
from tests.simulation.mischief import DAY
from tests.simulation.process import Machine
from tests.simulation.scenes import Scene
from tests.simulation.trace import Exchange, Run
from tests.simulation.trial import in_time
from tests.simulation.weather import Weather
from tests.simulation.world import World, opened
from tests.world import CMS, OMNI, TRACKER, doc

OVER = 1.05
"""More than so many times the bound is sent only for what was refused."""
BATCH = 25


@dataclass(frozen=True, slots=True)
class Storm:
    """`per_minute`: of the key. `others`: requests by somebody else with the same key, at these seconds. `jumps`:
    arrival -> seconds by which the wall clock jumps. `strict`: whether the server counts for itself."""

    seed: int
    name: str
    labels: int
    per_minute: int
    chance: float
    refusals: int
    others: tuple[float, ...]
    jumps: tuple[tuple[int, float], ...]
    concurrency: int


@dataclass(slots=True)
class Weathered:
    """What came of one. `requests`: of ours; `bound`: the least that the runs' plans needed, readings included."""

    storm: Storm
    requests: int = 0
    refused: int = 0
    bound: int = 0
    busiest: int = 0
    longest: float = 0.0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def storm_of(seed: int) -> Storm:
    rng = random.Random(f"storm {seed}")
    rate = rng.choice((10, 20, 30, 60))
    return Storm(
        seed,
        rng.choice((OMNI, CMS, TRACKER)),
        rng.randint(3, 40),
        rate,
        rng.choice((0.0, 0.05, 0.2, 0.5)),
        rng.choice((0, 3, 10, 40)),
        tuple(sorted(rng.uniform(0, 600) for _ in range(rng.choice((0, 0, rate // 2, 3 * rate))))),
        tuple((rng.randint(1, 60), rng.choice((-DAY, DAY))) for _ in range(rng.randint(0, 4))),
        rng.choice((1, 4, 8)),
    )


def documents(storm: Storm) -> tuple[Document, ...]:
    """So many small things of one system."""
    makers: dict[str, Callable[[int], Document]] = {
        OMNI: lambda n: doc("Label", f"l{n}", {"name": f"Label {n}"}),
        TRACKER: lambda n: doc("ClientTeam", f"t{n}", {"slug": f"t-{n}", "name": f"Team {n}"}),
        CMS: lambda n: doc("Space", f"s{n}", {"name": f"Space {n}"}),
    }
    return tuple(makers[storm.name](n) for n in range(storm.labels))


def weathered(seed: int) -> Weathered:
    """One storm, with re-runs until all is done, and what it shows."""
    storm = storm_of(seed)
    found = Weathered(storm)
    scene = Scene(seed, "after", "plain", (storm.name,), (), documents(storm), storm.per_minute, storm.concurrency)
    weather = Weather(random.Random(f"rain {seed}"), storm.chance, storm.refusals, ("throttled",))
    world = opened(scene, weather)
    machine = Machine("ci-1.example.com")
    _arm(world, storm, machine)
    in_time(world, _through(world, scene, machine, found))
    found.requests = len(world.trace.exchanges)
    found.refused = sum(e.status == 429 or e.fate != "well" for e in world.trace.exchanges)
    found.seconds = world.loop.time()
    found.wrong += _wrong(world, found)
    return found


async def _through(world: World, scene: Scene, machine: Machine, found: Weathered) -> None:
    for n in range(20):
        if n > 6:
            world.far.weather.calm()
        run = await world.command(world.process(machine), scene.after, scene.number)
        if run.plan is not None and not run.plan.writes and run.report is not None:
            return
        await asyncio.sleep(3.0)
    found.wrong.append(f"never done: {world.trace.runs[-1].ended}")


def _arm(world: World, storm: Storm, machine: Machine) -> None:
    twin = world.twins[storm.name]
    given = {name.lower(): value for name, value in twin.default_headers.items()}

    def other() -> None:
        twin.rate.wait(twin.token(Request("GET", f"{twin.base_path}/", headers=given)))

    def jump(seconds: float) -> None:
        machine.ahead += seconds

    for moment in storm.others:
        world.loop.call_later(moment, other)
    for arrival, seconds in storm.jumps:
        world.far.meanwhile.setdefault(arrival, []).append(partial(jump, seconds))


def _wrong(world: World, found: Weathered) -> Iterator[str]:
    storm, trace = found.storm, world.trace
    for run in trace.runs:
        own = [e for e in trace.exchanges if e.process is run.process]
        found.busiest = max(found.busiest, _busiest(own))
        found.longest = max(found.longest, *run.process.naps, 0.0)
        found.bound += len(own) if run.plan is None else _needed(run, own)
    if found.busiest > storm.per_minute:
        yield f"{found.busiest} requests in a minute, {storm.per_minute} granted"
    if found.longest > CAP + 0.01:
        yield f"slept {found.longest:.1f} s"
    if found.requests > OVER * found.bound + found.refused:
        yield f"{found.requests} requests; bound {found.bound}, refused {found.refused}"
    doubles = [w.exchange.line() for w in Matched(trace).writes if w.exchange.changed and not w.calls]
    yield from doubles


def _needed(run: Run, own: Sequence[Exchange]) -> int:
    """Readings, preconditions, calls and verifying reads of a run that nothing is refused."""
    assert run.plan is not None
    if run.report is None:
        return len(own)
    return len(run.plan.reads) + sum(map(len, run.report.requests.values()))


def _busiest(own: Sequence[Exchange]) -> int:
    """The most requests of a process that arrived in any minute."""
    arrived = sorted(e.arrived for e in own if e.arrived is not None)
    most = first = 0
    for last, moment in enumerate(arrived):
        while moment - arrived[first] >= MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


def batch(seeds: Sequence[int]) -> list[Weathered]:
    return [weathered(seed) for seed in seeds]


def campaign(seeds: Sequence[int], jobs: int) -> list[Weathered]:
    batches = [seeds[i : i + BATCH] for i in range(0, len(seeds), BATCH)]
    if jobs == 1:
        return [one for some in batches for one in batch(some)]
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        return [one for some in pool.imap(batch, batches) for one in some]


def summary(found: Sequence[Weathered], seconds: float) -> str:
    requests, bound = sum(f.requests for f in found), sum(f.bound for f in found)
    refused, bad = sum(f.refused for f in found), [f for f in found if f.wrong]
    simulated, longest = sum(f.seconds for f in found), max(f.longest for f in found)
    return "\n".join(
        [
            f"{len(found)} storms in {seconds:.1f} s: {simulated / 3600:.1f} h simulated",
            f"  {requests} requests, bound {bound}, {refused} refused; longest pause {longest:.1f} s",
            f"  fullest minute: {max(f.busiest / f.storm.per_minute for f in found):.0%} of what was granted",
            f"  violations: {len(bad)} storms",
            *(f"  --seed {f.storm.seed}: {'; '.join(f.wrong[:3])}" for f in bad[:10]),
        ]
    )


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="the first")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    said = parser.parse_args(words)
    began = time.perf_counter()
    found = campaign(range(said.seed, said.seed + said.count), said.jobs)
    print(summary(found, time.perf_counter() - began))
    return any(f.wrong for f in found)


if __name__ == "__main__":
    sys.exit(main())
