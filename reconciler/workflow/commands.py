"""The commands that look at the live systems, step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from reconciler.model.faults import PlanStale, ReconcilerError
from reconciler.model.outcome import Outcome, Report
from reconciler.model.plan import Plan
from reconciler.model.record import Record, field
from reconciler.workflow.binding import (
    Override,
    check_binding,
    check_ephemeral,
    check_secrets,
    check_unused,
)
from reconciler.workflow.costs import Progress, silent
from reconciler.workflow.resume import left_behind
from reconciler.workflow.setup import Options, Setup, needed, prepared, prepared_early
from reconciler.workflow.steps import apply_plan, interruptible, make_plan, settle


def plan(options: Options, progress: Progress = silent) -> Plan:
    """What it would take to make the live APIs match the manifests; nothing is changed anywhere."""
    import asyncio

    async def planned() -> Plan:
        async with prepared_early(options) as (setup, early):
            for run in left_behind(setup.ledger, tuple(sorted(setup.desired.targets))) if setup.ledger else ():
                progress({"event": "unfinished", "run": run})
            return await make_plan(setup, progress, early)

    return asyncio.run(planned())


def saved_plan(path: Path) -> Plan:
    """A plan from its file. Raises UsageWrong, ManifestInvalid, and PlanStale where it has been edited."""
    from reconciler.load.plan_file import read_plan
    from reconciler.model.json import same
    from reconciler.model.plan_from_json import from_json
    from reconciler.model.plan_json import plan_id, to_json

    value = read_plan(path)
    try:
        found = from_json(value)
    except (KeyError, TypeError, ValueError) as error:
        raise PlanStale(f"{path} is not a plan this version can read: {error}", hint="plan again") from None
    if plan_id(found) != found.id or not same(to_json(found), value):
        raise PlanStale(f"{path} is not what was planned: its content does not match its id", hint="plan again")
    return found


class Ready(Record, frozen=True):
    """A plan about to be applied, and what an interrupted run of it has already done."""

    setup: Setup
    plan: Plan
    earlier: Mapping[str, Outcome] = field(default_factory=dict)


@contextmanager
def ready(options: Options, saved: Plan | None = None, progress: Progress = silent) -> Iterator[Ready]:
    """Look up what an interrupted run left in doubt, then plan (or check that a saved plan still binds).

    Raises PlanStale, GuardRefused while another run is at work, ManifestInvalid for a secret that cannot be had or
    is not what it must be, and CallInDoubt where nobody can tell whether a call happened."""
    import asyncio

    with prepared(options) as setup:
        needed(setup.ledger)
        if saved is not None:
            check_binding(setup, saved)
        earlier, doubts, _ = asyncio.run(settle(setup))
        if doubts:
            raise CallInDoubt(doubts)
        if saved is not None and not earlier.get(saved.id):
            check_unused(setup, saved)
        found = saved or asyncio.run(make_plan(setup, progress))
        if not setup.lasting:
            check_ephemeral(found, setup.catalog)
        done = earlier.get(found.id, {}) if saved else {}
        check_secrets(setup, found, done)
        yield Ready(setup, found, done)


def apply(ready_: Ready, progress: Progress = silent, overrides: Sequence[Override] = ()) -> Report:
    """Carry out a plan that `ready` gave. The first Ctrl-C lets the calls under way end, the second stops."""
    import asyncio

    async def job() -> Report:
        stop = asyncio.Event()
        with interruptible(stop, progress):
            return await apply_plan(ready_.setup, ready_.plan, progress, overrides, ready_.earlier, stop)

    try:
        return asyncio.run(job())
    except asyncio.CancelledError:
        raise Interrupted("stopped; what was under way is looked up by the next apply") from None


class CallInDoubt(ReconcilerError):
    """Calls of an interrupted run that no reading can tell anything about, and what a person has to answer."""

    exit_code = 7

    def __init__(self, doubts: Sequence[str]) -> None:
        super().__init__("\n".join(doubts), hint="look in the product, then run `reconciler apply` again")


class Interrupted(ReconcilerError):
    """A second Ctrl-C."""

    exit_code = 7
