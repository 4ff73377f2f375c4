"""What only a person can tell: whether a create worked whose answer was lost and that no read can find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from shlex import quote
from typing import TYPE_CHECKING

from reconciler.model.document import Address
from reconciler.model.faults import UsageWrong
from reconciler.model.outcome import Fact, Outcome
from reconciler.model.record import Record, replace
from reconciler.model.recorded import Bond
from reconciler.workflow.setup import Options, remembered

if TYPE_CHECKING:
    from reconciler.ledger import Ledger
    from reconciler.load.project import Project
    from reconciler.model.catalog import Catalog


class Question(Record, frozen=True):
    """A create in doubt: its address, the name for people, the request, and the two commands that answer."""

    address: Address
    label: str
    line: str

    @property
    def made(self) -> str:
        return f"reconciler resume --adopt {quote(f'{self.address}=ID')}"

    @property
    def not_made(self) -> str:
        return f"reconciler resume --forget {quote(str(self.address))}"


class Past(Record, frozen=True):
    """What answering needs."""

    catalog: Catalog
    project: Project
    ledger: Ledger


def questions(options: Options) -> tuple[Question, ...]:
    """Everything that is in doubt, those calls included that a killed run had begun. Raises GuardRefused while a
    run is at work."""
    with _past(options) as past:
        found = past.ledger.doubts().items()
        return tuple(Question(address, doubt.label, doubt.line) for address, doubt in sorted(found))


def cut_short(options: Options) -> tuple[str, ...]:
    """The runs that did not finish, and hold nothing any more: the next apply looks them up."""
    with remembered(options) as (_, project, ledger):
        return left_behind(ledger, tuple(sorted(project.targets)))


def left_behind(ledger: Ledger, targets: tuple[str, ...]) -> tuple[str, ...]:
    """Runs on these targets without an end, of which none is being worked on just now."""
    tenures = ledger.tenures()
    free = (t for t in targets if t not in tenures or ledger.state_of(tenures[t]) != "held")
    return tuple(dict.fromkeys(one.run for t in free for one in ledger.unfinished((t,))))


def adopt(options: Options, address: Address, remote_id: str) -> None:
    """The create has worked, and made the thing with this id: it is ours from now on. An answer may be given anew:
    an id is soon mistyped. Raises UsageWrong where the address is not in doubt, or the id is another's."""
    with _past(options) as past:
        doubt, told = past.ledger.doubts().get(address), _told_before(past, address)
        if doubt is None and told is None:
            raise _not_in_doubt(past, address)
        taken = [b.address for b in past.ledger.recorded().of(address.target, address.kind) if b.id == remote_id]
        if taken and taken != [address]:
            raise UsageWrong(
                f"the id {remote_id} is that of {taken[0]}", hint="look for another one in the product"
            )
        if doubt is not None:
            bond = Bond(address, remote_id, key=doubt.key, made=True, label=doubt.label, once=dict(doubt.once))
            past.ledger.answer(address, bond, *_end(past, address, remote_id))
        elif told is not None:
            anew = replace(told, id=remote_id, digests={}, entries={}, sent={}, differs={}, told={}, kept={})
            past.ledger.answer(address, anew, *_end_anew(past, told, remote_id))


def forget(options: Options, address: Address) -> None:
    """The create has not worked, or the recorded thing is gone: the address leads to nothing. Raises UsageWrong
    where it is neither in doubt nor recorded, or where a read can tell."""
    with _past(options) as past:
        recorded = address in past.ledger.recorded().bonds and _unfindable(past, address)
        if address not in past.ledger.doubts() and not recorded:
            raise _not_in_doubt(past, address)
        past.ledger.answer(address, None, *_end(past, address, None))


@contextmanager
def _past(options: Options) -> Iterator[Past]:
    """The ledger, with every doubt in it, while no run is at work on any target."""
    from reconciler import apply as applying

    with remembered(options) as (catalog, project, ledger), ExitStack() as stack:
        targets = tuple(sorted(project.targets))
        for target in targets:
            stack.callback(ledger.give_back, ledger.acquire(target))
        for one in ledger.unfinished(targets):
            for call, outcome in applying.unanswered(one, catalog):
                if call.address not in ledger.doubts():
                    ledger.conclude(one.run, call.address, outcome)
        yield Past(catalog, project, ledger)


def _end(past: Past, address: Address, remote_id: str | None) -> tuple[Outcome | None, str]:
    """How the call in doubt ended, where its run is still open: that run need not ask again."""
    from reconciler import apply as applying

    doubt = past.ledger.doubts().get(address)
    for one in past.ledger.unfinished(tuple(past.project.targets)) if doubt else ():
        if doubt is not None and one.run == doubt.run:
            return applying.answer(one, doubt.call, remote_id), one.run
    return None, ""


def _told_before(past: Past, address: Address) -> Bond | None:
    """What an address leads to by a person's answer alone; None where it was not answered so."""
    said = [d for d in past.ledger.past().deeds if d.about == str(address)]
    bond = past.ledger.recorded().bonds.get(address)
    return bond if bond and said and (said[-1].what, said[-1].detail) == ("made", bond.id) else None


def _end_anew(past: Past, told: Bond, remote_id: str) -> tuple[Outcome | None, str]:
    """The end of the call that the answer before was about, where its run is still open: it made another id."""
    from reconciler import apply as applying

    for one in past.ledger.unfinished(tuple(past.project.targets)):
        plan = applying.kept(one)
        own = (c.id for c in plan.calls if c.address == told.address and c.id in one.outcomes)
        for call in own:
            if one.outcomes[call].result.get(Fact.ID) == told.id:
                return applying.answer(one, call, remote_id), one.run
    return None, ""


def _unfindable(past: Past, address: Address) -> bool:
    target = past.project.targets.get(address.target)
    kind = past.catalog.kinds.get((target.provider, address.kind)) if target else None
    return kind is not None and not kind.findable


def _not_in_doubt(past: Past, address: Address) -> UsageWrong:
    from reconciler.load.nearest import did_you_mean

    known = [str(a) for a in sorted(past.ledger.doubts())]
    hint = did_you_mean(str(address), known, f"in doubt: {', '.join(known)}") if known else "nothing is in doubt"
    return UsageWrong(f"{address} is not in doubt", hint=hint)
