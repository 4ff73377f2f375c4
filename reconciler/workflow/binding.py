"""What binds a plan to the moment it was made in, and what a person may release of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from reconciler.model.change import Verb
from reconciler.model.document import Address
from reconciler.model.faults import GuardRefused, ManifestInvalid, PlanStale, UsageWrong
from reconciler.model.holding import with_holds
from reconciler.model.outcome import Outcome
from reconciler.model.plan import Call, Phase, Plan
from reconciler.model.record import Record, replace
from reconciler.version import __version__
from reconciler.workflow.asking import base_urls, values_of
from reconciler.workflow.setup import Setup, needed

if TYPE_CHECKING:
    from reconciler.model.catalog import Catalog
    from reconciler.model.recorded import Bond


FAST: Final = 3600.0
"""Seconds by which the clock of the machine that planned may be ahead of this one."""


class Override(Record, frozen=True):
    """A hold that a person lifts for one plan: its rule, on one address, and why."""

    rule: str
    address: Address
    reason: str


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


def check_unused(setup: Setup, plan: Plan) -> None:
    """A plan is used once, and never after another one: names may stand for other things by then. What a person
    has yet to tell about is not made a second time. Raises PlanStale."""
    ledger = needed(setup.ledger)
    for call in plan.calls:
        anew = call.phase is Phase.CREATE and call.set_field is None and not call.once
        if anew and call.address in ledger.doubts():
            text = f"{call.address} may have been made by an earlier run of this plan"
            raise PlanStale(text, hint="`reconciler resume` asks what became of it; then plan again")
    lasting = setup.recorded.exists  # one that ends with the process gives no head to its plans
    if lasting and not plan.ledger_head and (told := _told_of(plan, setup)):
        text = f"the plan was made without the ledger, which remembers {told} by now"
        raise PlanStale(text, hint="plan again where the ledger is")
    if plan.calls and ledger.applied(plan.id):
        raise PlanStale("this plan has been applied already; a plan is used once", hint="plan again")
    if _remembers(plan, setup.recorded.bonds) and ledger.overtaken(
        plan.id, plan.ledger_head, [t.name for t in plan.targets]
    ):
        raise PlanStale("another plan has been applied since this one was made", hint="plan again")


def _remembers(plan: Plan, known: Mapping[Address, Bond]) -> bool:
    """Whether applying it tells the ledger anything. A plan without calls may: who adopts what another run has
    made meanwhile would have the ledger forget who made it."""
    parting = any(a.verb is Verb.RELEASE for a in plan.actions)
    return bool(plan.calls) or parting or any(a.bond and known.get(a.address) != a.bond for a in plan.actions)


def _told_of(plan: Plan, setup: Setup) -> str:
    """What the ledger knows of the plan's targets: a plan that knew nothing of it may make what was made already,
    and would have the ledger forget what is ours. Empty where that is nothing."""
    recorded, own = setup.recorded, {t.name for t in plan.targets}
    known = sorted({a for a in (*recorded.bonds, *recorded.doubts) if a.target in own})
    return f"{known[0]}" + (f" and {len(known) - 1} more" if len(known) > 1 else "") if known else ""


def check_binding(setup: Setup, plan: Plan) -> None:
    """A saved plan binds to the manifests, the targets and the tool it was made with. Raises PlanStale."""
    if plan.tool != __version__:
        raise PlanStale(f"the plan was made by version {plan.tool}, this is {__version__}", hint="plan again")
    if setup.clock.wall() + FAST < _moment(plan.made_at):
        text = f"the plan was made at {plan.made_at}, which has not come yet: this clock or that one is wrong"
        raise PlanStale(text, hint="set the clock right, then plan again")
    if plan.manifests != setup.desired.digest:
        raise PlanStale("the manifests have changed since the plan was made", hint="plan again")
    bases = base_urls(setup)
    for target in plan.targets:
        if bases.get(target.name, "") != target.base:
            raise PlanStale(
                f"the target {target.name} is now {bases.get(target.name)}, was {target.base}", hint="plan again"
            )


def _moment(text: str) -> float:
    """Seconds since 1970. Raises PlanStale for what is no moment."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        raise PlanStale(f"'{text[:40]}' is no moment at which a plan was made", hint="plan again") from None


def check_secrets(setup: Setup, plan: Plan, earlier: Mapping[str, Outcome] | None = None) -> None:
    """The secrets that are to be sent can be had, and are what they must be. Raises ManifestInvalid with the
    places of those of which that is not so; nothing has been sent then."""
    from reconciler.workflow.secret_rules import unfit_secrets

    problems = unfit_secrets(plan, setup.desired, setup.catalog, values_of(setup).secret, earlier)
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
