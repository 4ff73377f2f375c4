"""The commands that tell the ledger something no run has done: forget, move, and the end of somebody's lease."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.model.document import Address
from reconciler.model.faults import UsageWrong
from reconciler.model.past import Holding
from reconciler.model.record import Record
from reconciler.model.recorded import Bond
from reconciler.workflow.past import inside
from reconciler.workflow.setup import Options, remembered

if TYPE_CHECKING:
    from reconciler.ledger import Ledger
    from reconciler.ledger.leases import Tenure

HELD = "held"


class About(Record, frozen=True):
    """What a person is about to say something of. `findable`: whether a read finds such things again."""

    bond: Bond
    findable: bool
    inside: tuple[Address, ...] = ()


def about(options: Options, address: Address) -> About:
    """What the ledger remembers of an address. Raises UsageWrong where that is nothing."""
    with remembered(options) as (catalog, project, ledger):
        recorded = ledger.recorded()
        if address not in recorded.bonds:
            from reconciler.load.nearest import did_you_mean, listed

            known = [str(a) for a in sorted(recorded.bonds)]
            hint = did_you_mean(str(address), known, f"known: {listed(known)}") if known else "it is empty so far"
            in_doubt = address in recorded.doubts
            text = "it is in doubt" if in_doubt else f"the ledger remembers nothing of {address}"
            raise UsageWrong(text, hint="`reconciler resume` takes the answer" if in_doubt else hint)
        target = project.targets.get(address.target)
        kind = catalog.kinds.get((target.provider, address.kind)) if target else None
        return About(recorded.bonds[address], kind is None or kind.findable, inside(ledger, address))


def forget_bond(options: Options, address: Address, reason: str, override: str = "") -> str:
    """The address leads to nothing from now on; returns the head hash. Raises as `Deeds.forget`."""
    with remembered(options) as (_, _, ledger):
        return ledger.deeds.forget(address, reason, override)


def move_bond(options: Options, old: Address, new: Address, reason: str) -> str:
    """What `old` leads to is `new` from now on; returns the head hash. Raises as `Deeds.move`."""
    with remembered(options) as (_, _, ledger):
        return ledger.deeds.move(old, new, reason)


def leases(options: Options, target: str | None = None) -> tuple[Holding, ...]:
    """The newest lease of each target, or of this one. Raises UsageWrong for a target nobody knows."""
    with remembered(options) as (_, project, ledger):
        tenures = ledger.tenures()
        if target is not None and target not in tenures and target not in project.targets:
            from reconciler.load.nearest import did_you_mean, listed

            known = sorted({*tenures, *project.targets})
            hint = did_you_mean(target, known, f"known: {listed(known)}")
            raise UsageWrong(f"nothing is known of a target '{target[:80]}'", hint=hint)
        return tuple(_holding(ledger, name, t) for name, t in sorted(tenures.items()) if target in (None, name))


def lives_here(options: Options, target: str) -> bool:
    """Whether the process that holds the lease of a target certainly lives, on this machine."""
    with remembered(options) as (_, _, ledger):
        return ledger.deeds.lives_here(target)


def end_lease(options: Options, target: str, reason: str) -> Holding:
    """End somebody's lease, and say whose it was. Raises UsageWrong where nobody holds one."""
    with remembered(options) as (_, _, ledger):
        return _holding(ledger, target, ledger.deeds.end_lease(target, reason), state=HELD)


def _holding(ledger: Ledger, target: str, tenure: Tenure, state: str = "") -> Holding:
    from reconciler.ledger.event import timestamp

    number, ended_by = ledger.ended_leases().get(target, (0, ""))
    return Holding(
        target=target,
        number=tenure.number,
        author=tenure.who.author,
        since=timestamp(tenure.since),
        expires=timestamp(tenure.expires),
        state=state or ledger.state_of(tenure),
        open_runs=tuple(one.run for one in ledger.unfinished((target,))),
        ended_by=ended_by if number == tenure.number else "",
    )
