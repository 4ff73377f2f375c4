"""The wires of one command: what is asked of whom, noted by what it is for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reconciler.model.faults import ProviderUnreachable, Unauthorised, UsageWrong
from reconciler.model.json import Json, canonical
from reconciler.model.live import Collection, Demand
from reconciler.model.record import Record, field, replace
from reconciler.workflow.setup import Setup

if TYPE_CHECKING:
    import asyncio

    from reconciler.apply import Look
    from reconciler.model.call import Reply, Request
    from reconciler.wire.late import Late
    from reconciler.wire.wires import Wires


class Asked(Record):
    """A Writer that remembers what was asked, by what it was for. `heralded`: the targets whose first request goes
    alone. `ahead`: how many requests of a target were made ahead of the reading that they are for, which will
    count them as its own."""

    wires: Wires
    heralded: frozenset[str] = frozenset()
    lines: dict[str, list[str]] = field(default_factory=dict)
    ahead: Callable[[str], int] = lambda _: 0
    _first: dict[str, asyncio.Event] = field(default_factory=dict)
    _refused: dict[str, Unauthorised] = field(default_factory=dict)

    async def read(self, request: Request, group: str = "reads") -> Reply:
        async with self._turn(request):
            self._note(group, request)
            return await self.wires.read(request)

    async def send(self, request: Request) -> Reply:
        """A call of the plan; one that changes nothing may be repeated as any reading."""
        async with self._turn(request):
            self._note("calls", request)
            return await (self.wires.read(request) if request.safe else self.wires.send(request))

    @asynccontextmanager
    async def _turn(self, request: Request) -> AsyncIterator[None]:
        """Behind the first request, where that goes alone. Raises where its key was refused: Unauthorised for a
        reading, ProviderUnreachable for a call, which is not sent then."""
        import asyncio

        target = request.target
        if target not in self.heralded:
            yield
        elif target in self._first:
            await self._first[target].wait()
            if (fault := self._refused.get(target)) is not None:
                raise fault if request.safe else _unsent(request)
            yield
        else:
            first = self._first[target] = asyncio.Event()
            try:
                yield
            except Unauthorised as fault:
                self._refused[target] = fault
                raise
            finally:
                first.set()

    def _note(self, group: str, request: Request) -> None:
        self.lines.setdefault(group, []).append(f"{request.target}: {request}")


def _unsent(request: Request) -> ProviderUnreachable:
    text = "not sent: the key was refused"
    return ProviderUnreachable(text, target=request.target, request=str(request))


class Together(Record):
    """Readings of kinds of one family, which are read at the same time: the list that shows them all is asked for
    once. Nothing is remembered beyond that."""

    asked: Asked
    tasks: dict[object, asyncio.Task[Reply]] = field(default_factory=dict)

    def read(self, family: object, request: Request, group: str) -> asyncio.Task[Reply]:
        """The answer to this request, or to one like it that is under way."""
        import asyncio

        text = "" if request.body is None else canonical(request.body)
        at = (family, group, request.method, request.path, request.query, text)
        if at not in self.tasks:
            self.tasks[at] = asyncio.ensure_future(self.asked.read(request, group))
            self.tasks[at].add_done_callback(lambda task: self._ended(at, task))
        return self.tasks[at]

    def _ended(self, at: object, task: asyncio.Task[Reply]) -> None:
        self.tasks.pop(at, None)
        if not task.cancelled():
            task.exception()  # whoever still waits for it is told


@asynccontextmanager
async def opened(setup: Setup) -> AsyncIterator[Asked]:
    """The wires to all targets, for as long as the block lasts."""
    from reconciler.wire.limits import USUAL
    from reconciler.wire.line import Line
    from reconciler.wire.wires import Wires

    targets, providers, limits = setup.desired.targets, setup.catalog.providers, setup.limits or USUAL
    operator, clock, rng, late = setup.operator, setup.clock, setup.rng, values_of(setup)
    spent, opens = setup.spent, setup.opens or Line
    async with Wires(
        targets, providers, operator, clock, rng, limits=limits, late=late, spent=spent, opens=opens
    ) as wires:
        heralded = frozenset(t.name for t in targets.values() if providers[t.provider].heralded)
        yield Asked(wires, heralded)


def values_of(setup: Setup) -> Late:
    """Where the secrets and files come from that bodies name."""
    if setup.late is not None:
        return setup.late
    import os

    from reconciler.load.attached import project_file
    from reconciler.load.secrets import resolve
    from reconciler.wire.late import Late

    def secret(reference: Mapping[str, Json]) -> str:
        return resolve(reference, setup.root, setup.operator.allowed_env, os.environ)

    return Late(secret, lambda path: project_file(setup.root, path))


def base_urls(setup: Setup) -> dict[str, str]:
    """Target -> base URL, for the targets the operator has opened."""
    found = {}
    for target in setup.desired.targets.values():
        access = setup.operator.access.get(target.name)
        if access is not None:
            found[target.name] = setup.catalog.providers[target.provider].base(access.url)
    return found


def looker(setup: Setup, asked: Asked) -> Look:
    """Fresh readings during a run, each request noted under what it is for."""
    import asyncio

    from reconciler.read.gather import body, collection

    under_way = Together(asked)

    async def look(demand: Demand, group: str) -> Collection:
        if demand.target not in setup.providers:
            raise UsageWrong(
                f"an interrupted run left calls in doubt in {demand.target}, which the project names no more",
                hint="put the target back into reconciler.yaml until they are looked up",
            )
        at = (setup.providers[demand.target], demand.kind)
        everything_may_be_gone = frozenset({f"{demand.target}/{demand.kind}"})
        kind, verbs = setup.catalog.kinds[at], setup.catalog.verbs[at]
        family = (demand.target, kind.family)
        alone = not setup.catalog.kind(at[0], kind.family).joined

        async def ask(request: Request, *, again: bool = False) -> Json:  # noqa: ARG001 - nothing is remembered
            if alone:
                return await body(lambda r: asked.read(r, group), request)
            return await body(lambda r: asyncio.shield(under_way.read(family, r, group)), request)

        by_id = group == "preconditions" or demand.singly or not kind.findable
        asked_for = demand if by_id else replace(demand, ids=())  # a list is not asked for what it lacks
        return await collection(kind, verbs, asked_for, ask, everything_may_be_gone)

    return look
