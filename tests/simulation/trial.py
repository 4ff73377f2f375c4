"""One history: a world, what befalls it, and plain re-runs until all is quiet."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from reconciler.ledger.event import Type
from reconciler.model.faults import GuardRefused
from reconciler.model.outcome import End
from reconciler.model.plan import Role
from tests.faults.seen import facts, far_ends
from tests.simulation.disk import Disk
from tests.simulation.mischief import Mischief, meddle, mischief_of, weather_of
from tests.simulation.process import EPOCH, Machine, Process
from tests.simulation.scenes import Scene, scene_of
from tests.simulation.trace import Run, Trace
from tests.simulation.weather import Weather
from tests.simulation.world import World, opened

PER_SCENE = 10
"""Histories that begin in the same world."""
STORMY = 4
"""Runs after which the weather is calm."""
MOST_RUNS = 14
"""Plain re-runs after which all has to be quiet."""
ATTEMPTS = 20
"""Worlds that are drawn, at most, until one makes sense."""
RESTART = (2.0, 5.0)
"""Seconds until a killed program is run again: longer than a request is on its way."""
EXPECTED = "--expect-missing"
"""The word of a refusal that asks whether everything of a kind was really deleted."""
GOOD = frozenset({End.DONE, End.UNNEEDED, End.HELD})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A scene, applied as it was before: the systems, the ledger and the sinks then; and how it ends undisturbed,
    with as many boundaries and requests. `quiet`: whether a second apply has nothing to do there."""

    scene: Scene
    states: Mapping[str, Mapping[str, Any]]
    events: tuple[Any, ...]
    kept: Mapping[str, str]
    wanted: Mapping[str, Any]
    holds: frozenset[str]
    crossings: int
    arrivals: int


@dataclass(slots=True)
class History:
    """What invariants are asked about. `started`, `ended`: the systems' states. `asked`: sentences by which a
    person was asked; `doubtful`: the addresses that nobody could tell of. `meddled`: what others did."""

    seed: int
    prepared: Prepared
    mischief: Mischief
    trace: Trace
    ended: Mapping[str, Any] = field(default_factory=dict)
    states: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    meddled: list[str] = field(default_factory=list)
    kept: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False
    holds: frozenset[str] = frozenset()
    seconds: float = 0.0
    drawn: int = 0
    keys: tuple[str, ...] = ()
    wrong: list[str] = field(default_factory=list)

    @property
    def scene(self) -> Scene:
        return self.prepared.scene


def in_time(world: World, main: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine to its end in simulated time. Raises Stuck, and what a twin broke on."""
    loop = world.loop
    asyncio.set_event_loop(loop)
    try:
        found = loop.run_until_complete(main)
        rest = asyncio.all_tasks(loop)
        assert not rest, rest
    finally:
        asyncio.set_event_loop(None)
        loop.close()
    if world.far.broken:
        raise world.far.broken[0]
    assert not loop.unheard, loop.unheard
    return found


_PREPARED: dict[int, Prepared] = {}


def prepared(number: int) -> Prepared:
    """Kept for the histories that begin in it; only the newest."""
    if number not in _PREPARED:
        _PREPARED.clear()
        drawn = (_prepare(scene_of(number, attempt)) for attempt in range(ATTEMPTS))
        _PREPARED[number] = next(one for one in drawn if one is not None)
    return _PREPARED[number]


def _prepare(scene: Scene) -> Prepared | None:
    """None where even an undisturbed run comes to no rest: the documents name what nobody has."""
    world = opened(scene, Weather(random.Random(0)))
    machine = Machine("ci-0.example.com")

    async def until(documents: Any) -> Run:
        run = await world.command(world.process(machine), documents, "before")
        for _ in range(3):
            if run.plan is None or not run.plan.writes:
                return run
            run = await world.command(world.process(machine), documents, "before")
        return run

    async def main() -> Prepared | None:
        first = await until(scene.before)
        states = {name: twin.dump() for name, twin in world.twins.items()}
        events, kept, arrivals = world.disk.events, dict(world.kept), world.far.arrivals
        process = world.process(machine)
        await world.command(process, scene.after, "after")
        crossings, arrivals = process.crossed, world.far.arrivals - arrivals
        last = await until(scene.after)
        if not (_at_rest(first) and _at_rest(last)):
            return None
        wanted = seen(world)
        return Prepared(scene, states, events, kept, wanted, holds_of(last), crossings, arrivals)

    found: Prepared | None = in_time(world, main())
    return found


def _at_rest(run: Run) -> bool:
    if run.plan is None or run.report is None or run.plan.writes:
        return False
    return {o.end for o in run.report.outcomes} <= GOOD


def seen(world: World) -> dict[str, Any]:
    process = Process(Machine("eyes.example.com"), 0, world.loop.time)
    ledger = world.setup(process, (), "seen").ledger
    assert ledger is not None
    recorded = ledger.recorded()  # whoever opens it computes the whole chain again
    return {"live": far_ends(world.twins), "bonds": facts(recorded, world.twins)}


def holds_of(run: Run) -> frozenset[str]:
    actions = run.plan.actions if run.plan else ()
    return frozenset(f"{a.address}: {h.rule}" for a in actions for h in a.holds)


def history(seed: int, mischief: Mischief | None = None) -> History:
    """The history of this seed; `mischief`: instead of what the seed draws."""
    ready = prepared(seed // PER_SCENE)
    drawn = mischief or mischief_of(seed, ready.crossings, ready.arrivals)
    weather = weather_of(seed, drawn)
    world = opened(ready.scene, weather, Disk(ready.events), ready.states)
    if drawn.second:  # machines that share a ledger share a server's, and its clock
        world.disk.time = lambda: EPOCH + world.loop.time()
    world.kept.update(ready.kept)
    found = History(seed, ready, drawn, world.trace)
    in_time(world, _Play(world, found, random.Random(f"history {seed}")).main())
    found.seconds, found.drawn, found.kept = world.loop.time(), weather.drawn, world.kept
    found.keys = tuple(str(t.default_key) for t in world.twins.values())
    return found


@dataclass(slots=True)
class _Play:
    world: World
    told: History
    rng: random.Random
    home: Machine = field(default_factory=lambda: Machine("ci-1.example.com"))
    others: list[asyncio.Task[Run]] = field(default_factory=list)
    current: Process | None = None
    held: frozenset[str] | None = None

    async def main(self) -> None:
        self._arm()
        documents = self.told.scene.after
        for n in range(MOST_RUNS):
            if n >= STORMY:
                self.world.far.weather.calm()
            crashes = self.told.mischief.crashes
            self.current = self.world.process(self.home, crashes[n] if n < len(crashes) else 0)
            run = await self.world.command(self.current, documents, self.told.seed)
            self._note(run)
            if self._all_quiet(run) and self._for_good(run):
                self.told.quiet, self.told.holds = True, holds_of(run)
                break
            await asyncio.sleep(self.rng.uniform(*RESTART))
            if isinstance(run.error, GuardRefused):
                self._answer(run.error)
                await asyncio.sleep(30)
            if n >= STORMY and self._rests(run):  # all that is still to come is up to the others, however slow
                await asyncio.gather(*self.others)
        await asyncio.gather(*self.others)
        self.told.ended = seen(self.world)
        self.told.states = {name: twin.dump() for name, twin in self.world.twins.items()}

    def _answer(self, refusal: GuardRefused) -> None:
        """Somebody looks after whom others deleted everything of a kind, and says so as the refusal asks for."""
        words = refusal.hint.split()
        if self.told.meddled and EXPECTED in words:
            self.world.expect_missing |= {words[words.index(EXPECTED) + 1]}

    def _for_good(self, run: Run) -> bool:
        """Whether the next run would find no more to do: what it holds back is what an undisturbed run holds back,
        or the run before. A reading that proved nothing holds back for once."""
        before, self.held = self.held, holds_of(run)
        return self.held in (self.told.prepared.holds, before)

    def _all_quiet(self, run: Run) -> bool:
        return all(t.done() for t in self.others) and self._rests(run)

    def _rests(self, run: Run) -> bool:
        """Whether this program has nothing left that it could do."""
        if run.plan is None or run.report is None:
            return False
        return _at_rest(run) or (self.world.far.weather.left == 0 and self._up_to_a_person(run))

    def _up_to_a_person(self, run: Run) -> bool:
        """Whether all that still fails is about what was asked, and waits for the answer."""
        assert run.plan is not None
        assert run.report is not None
        calls = {c.id: c for c in run.plan.calls}
        failing = {o.call for o in run.report.outcomes if o.end not in GOOD}
        first = {i for i in failing if not calls[i].after & failing}
        if not self.told.asked or any(o.end is End.IN_DOUBT and not o.question for o in run.report.outcomes):
            return False
        done = {o.call for o in run.report.outcomes if o.end is End.DONE and calls[o.call].role is Role.WRITE}
        return bool(first) and {str(calls[i].address) for i in first | done} <= self.told.doubtful

    def _note(self, run: Run) -> None:
        for append in self.told.trace.appends:
            content = append.event.content if append.event.type == Type.OUTCOME else {}
            if content.get("end") == End.IN_DOUBT:
                self.told.doubtful.add(append.event.address)
                if content["question"]:  # asked for good, though the process may die before anybody reads it
                    self.told.asked.append(str(content["question"]))
        if run.error is not None and type(run.error).__name__ == "CallInDoubt":
            self.told.asked.append(str(run.error))
        if run.report is not None:
            self.told.asked += [o.question for o in run.report.outcomes if o.question]

    def _arm(self) -> None:
        mischief, at = self.told.mischief, self._at
        for when, seconds in mischief.pauses:
            at(when, partial(self._pause, seconds))
        for when, seconds in mischief.jumps:
            at(when, partial(self._jump, seconds))
        for when in mischief.edits:
            at(when, self._meddle)
        if mischief.second:
            at(mischief.second, self._second)

    def _at(self, arrival: int, happens: Callable[[], None]) -> None:
        self.world.far.meanwhile.setdefault(arrival, []).append(happens)

    def _pause(self, seconds: float) -> None:
        if self.current is not None and not self.current.dead:
            self.current.paused_until = self.world.loop.time() + seconds
            self.told.trace.step(f"{self.current} stands still for {seconds:.0f} s")

    def _jump(self, seconds: float) -> None:
        self.home.ahead += seconds
        self.told.trace.step(f"the clock of {self.home.name} jumps by {seconds:.0f} s")

    def _meddle(self) -> None:
        what = meddle(self.rng, self.world.twins, self.told.scene.after)
        self.told.meddled.append(what)
        self.told.trace.step(f"a person: {what}")

    def _second(self) -> None:
        self.others.append(self.world.loop.create_task(self._beside()))

    async def _beside(self) -> Run:
        process = self.world.process(Machine("ci-2.example.com"))
        run = await self.world.command(process, self.told.scene.after, self.told.seed)
        self._note(run)
        return run
