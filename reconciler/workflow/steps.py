"""The steps of the commands: read live, plan, settle, apply, each over the rooms it needs."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from reconciler.model.document import Address
from reconciler.model.faults import (
    GuardRefused,
    ManifestInvalid,
    PlanStale,
    ProviderUnreachable,
    Unauthorised,
    UsageWrong,
)
from reconciler.model.holding import with_holds
from reconciler.model.json import Json
from reconciler.model.live import Collection, Demand, Live
from reconciler.model.outcome import Outcome, Report
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.recorded import Recorded
from reconciler.version import __version__
from reconciler.workflow.setup import Setup, needed

if TYPE_CHECKING:
    import asyncio

    from reconciler.apply import Look
    from reconciler.model.call import Reply, Request
    from reconciler.model.catalog import Catalog
    from reconciler.wire.late import Late
    from reconciler.wire.wires import Wires

Progress = Callable[[Mapping[str, Json]], None]


def silent(event: Mapping[str, Json]) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Override:
    """A hold that a person lifts for one plan: its rule, on one address, and why."""

    rule: str
    address: Address
    reason: str


@dataclass(slots=True)
class Asked:
    """A Writer that remembers what was asked, by what it was for. `heralded`: the targets whose first request goes
    alone."""

    wires: Wires
    heralded: frozenset[str] = frozenset()
    lines: dict[str, list[str]] = field(default_factory=dict)
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


@asynccontextmanager
async def opened(setup: Setup) -> AsyncIterator[Asked]:
    """The wires to all targets, for as long as the block lasts."""
    from reconciler.wire.limits import USUAL
    from reconciler.wire.wires import Wires

    targets, providers, limits = setup.desired.targets, setup.catalog.providers, setup.limits or USUAL
    operator, clock, rng, late = setup.operator, setup.clock, setup.rng, values_of(setup)
    async with Wires(
        targets, providers, operator, clock, rng, limits=limits, late=late, spent=setup.spent
    ) as wires:
        heralded = frozenset(t.name for t in targets.values() if providers[t.provider].heralded)
        yield Asked(wires, heralded)


def values_of(setup: Setup) -> Late:
    """Where the secrets and files come from that bodies name."""
    import os

    from reconciler.load.attached import project_file
    from reconciler.load.secrets import resolve
    from reconciler.wire.late import Late

    def secret(reference: Mapping[str, Json]) -> str:
        return resolve(reference, setup.root, setup.operator.allowed_env, os.environ)

    return Late(secret, lambda path: project_file(setup.root, path))


async def read_live(setup: Setup, recorded: Recorded, asked: Asked) -> Live:
    """Read what the manifests and the ledger make necessary, and nothing else."""
    from reconciler import read
    from reconciler.wire.readonly import ReadOnly

    wanted = read.demands(setup.desired, recorded, setup.catalog)
    reader, now = ReadOnly(asked), setup.clock.wall()
    return await read.live(wanted, setup.providers, setup.catalog, reader, setup.expect_missing, now)


async def make_plan(setup: Setup) -> Plan:
    """Say what it would take to make the live APIs match the manifests. Raises RemoteFault, GuardRefused,
    DependencyCycle."""
    from reconciler import diff
    from reconciler import plan as planning

    recorded = setup.recorded
    async with opened(setup) as asked:
        live = await read_live(setup, recorded, asked)
    changes = diff.compare(setup.desired, live, recorded, setup.catalog)
    bases = base_urls(setup)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(setup.clock.wall()))
    return planning.build(changes, setup.desired, live, recorded, setup.catalog, bases, __version__, now)


def base_urls(setup: Setup) -> dict[str, str]:
    """Target -> base URL, for the targets the operator has opened."""
    found = {}
    for target in setup.desired.targets.values():
        access = setup.operator.access.get(target.name)
        if access is not None:
            found[target.name] = setup.catalog.providers[target.provider].base(access.url)
    return found


async def settle(setup: Setup) -> tuple[dict[str, Mapping[str, Outcome]], tuple[str, ...], tuple[str, ...]]:
    """Look up what interrupted runs left in doubt, before anything else is done.

    Returns plan id -> outcomes of its interrupted run, sentences on what nobody can tell, and the requests made.
    Raises GuardRefused while another run is at work on one of the targets.
    """
    from reconciler import apply as applying

    ledger = needed(setup.ledger)
    targets = tuple(sorted(setup.desired.targets))
    if not ledger.unfinished(targets):
        return {}, (), ()
    outcomes: dict[str, Mapping[str, Outcome]] = {}
    doubts: list[str] = []
    async with applying.leased(ledger, targets), opened(setup) as asked:
        look = looker(setup, asked)
        for one in ledger.unfinished(targets):  # again: whoever held the leases may have ended it meanwhile
            settled = await applying.settle(
                one, setup.catalog, ledger, look, setup.clock, lambda: ledger.recorded().bonds
            )
            outcomes[settled.plan.id] = settled.outcomes
            doubts += settled.in_doubt
        return outcomes, tuple(doubts), tuple(asked.lines.get("settle", ()))


async def apply_plan(
    setup: Setup,
    plan: Plan,
    progress: Progress = silent,
    overrides: Sequence[Override] = (),
    earlier: Mapping[str, Outcome] | None = None,
    stop: asyncio.Event | None = None,
) -> Report:
    """Carry out a plan: exactly its calls. Raises PlanStale where it was used before, GuardRefused where another
    run holds a target, ManifestInvalid for a secret that is not what it must be, LedgerUnusable."""
    import asyncio

    from reconciler import apply as applying
    from reconciler.vault import Vault

    ledger = needed(setup.ledger)

    def admit() -> None:
        if not earlier:
            check_unused(setup, plan)

    going = released(plan, overrides)
    check_secrets(setup, going, earlier)
    async with opened(setup) as asked:
        job = applying.Run(
            plan=going,
            catalog=setup.catalog,
            writer=asked,
            journal=ledger,
            look=looker(setup, asked),
            clock=setup.clock,
            stop=stop or asyncio.Event(),
            admit=admit,
            known=setup.recorded.bonds,
            earlier=earlier or {},
            concurrency=writes_at_once(setup),
            progress=progress,
            says=tuple({"override": f"{o.rule}@{o.address}", "reason": o.reason} for o in overrides),
            seconds_left=asked.wires.expected_seconds,
            sinks=Vault(setup.root, folders=setup.operator.folders, commands=setup.operator.commands),
        )
        report = await applying.run(job)
        return replace(report, requests={k: tuple(v) for k, v in asked.lines.items()})


def writes_at_once(setup: Setup) -> dict[str, int]:
    """Target -> how many of its calls may be under way: no more than the project wants, or the API bears."""
    providers = setup.catalog.providers
    return {t.name: min(t.concurrency, providers[t.provider].concurrency) for t in setup.desired.targets.values()}


def released(plan: Plan, overrides: Sequence[Override]) -> Plan:
    """The plan with the named holds lifted; its id stays. Raises UsageWrong for a hold that is not there, and
    GuardRefused for one that cannot be lifted."""
    lifted = set()
    for override in overrides:
        action = next((a for a in plan.actions if a.address == override.address), None)
        hold = next((h for h in action.holds if h.rule == override.rule), None) if action else None
        if hold is None:
            raise UsageWrong(f"the plan holds nothing by {override.rule}@{override.address}")
        if hold.final:
            raise GuardRefused(f"{override.rule} has no override", hint=hold.way_out)
        lifted.add((override.address, override.rule))

    def kept(call: Call) -> list[str]:
        return [r for r in call.held if (call.address, r) not in lifted and not r.startswith("depends on ")]

    return replace(plan, calls=tuple(with_holds(plan.calls, kept).values()))


def looker(setup: Setup, asked: Asked) -> Look:
    """Fresh readings during a run, each request noted under what it is for."""
    from reconciler.read.live import body, collection

    async def look(demand: Demand, group: str) -> Collection:
        if demand.target not in setup.providers:
            raise UsageWrong(
                f"an interrupted run left calls in doubt in {demand.target}, which the project names no more",
                hint="put the target back into reconciler.yaml until they are looked up",
            )
        at = (setup.providers[demand.target], demand.kind)

        async def ask(request: Request, *, again: bool = False) -> Json:  # noqa: ARG001 - nothing is remembered
            return await body(lambda r: asked.read(r, group), request)

        everything_may_be_gone = frozenset({f"{demand.target}/{demand.kind}"})
        kind, verbs = setup.catalog.kinds[at], setup.catalog.verbs[at]
        by_id = group == "preconditions" or demand.singly or not kind.findable
        asked_for = demand if by_id else replace(demand, ids=())  # a list is not asked for what it lacks
        return await collection(kind, verbs, asked_for, ask, everything_may_be_gone)

    return look


def check_unused(setup: Setup, plan: Plan) -> None:
    """A plan is used once, and never after another one: names may stand for other things by then. What a person
    has yet to tell about is not made a second time. Raises PlanStale."""
    ledger = needed(setup.ledger)
    for call in plan.calls:
        anew = call.phase is Phase.CREATE and call.set_field is None and not call.once
        if anew and call.address in ledger.doubts():
            text = f"{call.address} may have been made by an earlier run of this plan"
            raise PlanStale(text, hint="`reconciler resume` asks what became of it; then plan again")
    if plan.calls and ledger.applied(plan.id):
        raise PlanStale("this plan has been applied already; a plan is used once", hint="plan again")
    if plan.calls and ledger.overtaken(plan.id, plan.ledger_head, [t.name for t in plan.targets]):
        raise PlanStale("another plan has been applied since this one was made", hint="plan again")


def check_binding(setup: Setup, plan: Plan) -> None:
    """A saved plan binds to the manifests, the targets and the tool it was made with. Raises PlanStale."""
    if plan.tool != __version__:
        raise PlanStale(f"the plan was made by version {plan.tool}, this is {__version__}", hint="plan again")
    if plan.manifests != setup.desired.digest:
        raise PlanStale("the manifests have changed since the plan was made", hint="plan again")
    bases = base_urls(setup)
    for target in plan.targets:
        if bases.get(target.name, "") != target.base:
            raise PlanStale(
                f"the target {target.name} is now {bases.get(target.name)}, was {target.base}", hint="plan again"
            )


def check_secrets(setup: Setup, plan: Plan, earlier: Mapping[str, Outcome] | None = None) -> None:
    """The secrets that are to be sent are what they must be, as far as they can be had here. Raises
    ManifestInvalid with the places of those that are not; nothing has been sent then."""
    from reconciler.workflow.secret_rules import broken_rules

    problems = broken_rules(plan, setup.desired, setup.catalog, values_of(setup).secret, earlier)
    if problems:
        raise ManifestInvalid(problems)


def check_ephemeral(plan: Plan, catalog: Catalog) -> None:
    """Without a lasting ledger nothing may be deleted, made that cannot be found again, or given another secret,
    and no token may act: all that would be forgotten. Raises GuardRefused."""
    providers, hint = {t.name: t.provider for t in plan.targets}, "apply with a ledger that lasts"
    for call in plan.calls:
        kind = catalog.kind(providers[call.target], call.kind)
        if call.held:
            continue
        if call.phase is Phase.DELETE:
            raise GuardRefused("an ephemeral ledger allows no deletes", hint=hint)
        if call.phase is Phase.CREATE and not kind.findable:
            raise GuardRefused(f"an ephemeral ledger allows no new {kind.name}: no read finds it again", hint=hint)
        if call.phase is Phase.UPDATE and any(kind.fields[n].write_only for n in call.effect.fields):
            raise GuardRefused("an ephemeral ledger allows no new version of a secret", hint=hint)
        if call.phase is Phase.UPDATE and call.once and call.sink is not None:
            raise GuardRefused("an ephemeral ledger allows no one-shot token to issue a secret anew", hint=hint)


@contextmanager
def interruptible(stop: asyncio.Event, progress: Progress = silent) -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) lets the calls under way end, the second stops at once; nothing is lost."""
    import asyncio
    import signal

    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def asked_to_stop() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
        else:
            progress({"event": "stopping", "line": "what is under way ends; Ctrl-C again stops at once"})
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, asked_to_stop)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
