"""The steps of the commands: read live, plan, settle, apply, each over the rooms it needs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reconciler.model.change import Changes, Verb
from reconciler.model.live import Live
from reconciler.model.outcome import Outcome, Report
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.model.recorded import Recorded
from reconciler.version import __version__
from reconciler.workflow.asking import Asked, base_urls, looker, opened
from reconciler.workflow.binding import Override, check_secrets, check_unused, released
from reconciler.workflow.costs import Progress, costs, silent
from reconciler.workflow.places import check_places, remember_places
from reconciler.workflow.setup import Setup, needed

if TYPE_CHECKING:
    import asyncio

    from reconciler.diff import Glance
    from reconciler.model.call import Reader
    from reconciler.workflow.early import Early


async def read_live(
    setup: Setup,
    recorded: Recorded,
    asked: Asked,
    progress: Progress = silent,
    reader: Reader | None = None,
    glance: Glance | None = None,
) -> Live:
    """Read what the manifests and the ledger make necessary, and nothing else; first say what that will cost.
    `reader`: who knows answers by now, and else asks `asked`; `glance`: looks at each page as it comes."""
    from reconciler import diff, read
    from reconciler.wire.readonly import ReadOnly

    wanted = read.demands(setup.desired, recorded, setup.catalog)
    reads, now = ReadOnly(reader or asked), setup.clock.wall()
    telling = costs(setup, asked, progress)
    forecasts = read.Forecasts(wanted, setup.providers, setup.catalog, recorded.pages, telling)
    saw = glance or diff.Glance(setup.desired)
    return await read.live(
        wanted, setup.providers, setup.catalog, reads, setup.expect_missing, now, forecasts, saw
    )


async def make_plan(setup: Setup, progress: Progress = silent, early: Early | None = None) -> Plan:
    """Say what it would take to make the live APIs match the manifests. `early`: what was asked ahead. Raises
    RemoteFault, GuardRefused, DependencyCycle."""
    from reconciler import diff
    from reconciler import plan as planning
    from reconciler.access import access_changes

    recorded = setup.recorded
    check_places(setup, recorded)
    async with early.opened(setup) if early else opened(setup) as asked:
        glance = diff.Glance(setup.desired)
        live = await read_live(setup, recorded, asked, progress, early, glance)
    changes = diff.compare(setup.desired, live, recorded, setup.catalog, glance)
    live = _without_answers(live, changes)
    bases = base_urls(setup)
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(setup.clock.wall()))
    plan = planning.build(changes, setup.desired, live, recorded, setup.catalog, bases, __version__, now)
    access = access_changes(changes, plan, setup.desired, live, recorded, setup.catalog)
    return replace(plan, stamp="", access=access) if access else plan


def _without_answers(live: Live, changes: Changes) -> Live:
    """What was read, without the answers of kinds of which nothing changes: they are large, and only say what a
    check before a write will ask."""
    changing = {(c.address.target, c.address.kind) for c in changes.changes if c.verb is not Verb.NONE}
    return replace(live, replies={at: one for at, one in live.replies.items() if at in changing})


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
    check_places(setup, setup.recorded)
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
    run holds a target, ManifestInvalid for a secret that cannot be had or is not what it must be,
    LedgerUnusable."""
    import asyncio

    from reconciler import apply as applying
    from reconciler.vault import Vault
    from reconciler.wire.redact import met

    ledger = needed(setup.ledger)

    def admit() -> None:
        if not earlier:
            check_unused(setup, plan)
        check_places(setup, setup.recorded)
        remember_places(setup, ledger)
        for cost in plan.reading:
            if cost.pages:
                ledger.measured(cost.target, cost.pages)

    going, operator = released(plan, overrides), setup.operator
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
            remembered=lambda: ledger.recorded().bonds,
            earlier=earlier or {},
            concurrency=writes_at_once(setup),
            progress=progress,
            says=tuple({"override": f"{o.rule}@{o.address}", "reason": o.reason} for o in overrides),
            seconds_left=asked.wires.expected_seconds,
            sinks=setup.sinks
            or Vault(
                setup.root,
                folders=operator.folders,
                commands=operator.commands,
                withheld=operator.secret_env,
                met=met,
            ),
        )
        report = await applying.run(job)
        return replace(report, requests={k: tuple(v) for k, v in asked.lines.items()})


def writes_at_once(setup: Setup) -> dict[str, int]:
    """Target -> how many of its calls may be under way: no more than the project wants, or the API bears."""
    providers = setup.catalog.providers
    return {t.name: min(t.concurrency, providers[t.provider].concurrency) for t in setup.desired.targets.values()}


@contextmanager
def interruptible(stop: asyncio.Event, progress: Progress = silent) -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM, or the terminal's end, unless that is ignored) lets the calls under way end,
    the second stops at once; nothing is lost."""
    import asyncio
    import signal

    loop, task = asyncio.get_running_loop(), asyncio.current_task()

    def asked_to_stop() -> None:
        if stop.is_set() and task is not None:
            task.cancel()
        else:
            progress({"event": "stopping", "line": "what is under way ends; Ctrl-C again stops at once"})
        stop.set()

    every = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {n: signal.getsignal(n) for n in every if signal.getsignal(n) is not signal.SIG_IGN}
    for number in before:
        loop.add_signal_handler(number, asked_to_stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler or signal.SIG_DFL)
