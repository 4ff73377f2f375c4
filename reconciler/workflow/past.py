"""The commands that look back: what was run, what is remembered and why, whether the record is whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from reconciler.model.document import Address
from reconciler.model.faults import LedgerUnusable, UsageWrong
from reconciler.model.past import AT_WORK, UNFINISHED, BondStory, Deed, Former, PastRun, RunInFull, Touch
from reconciler.model.record import Record, replace
from reconciler.model.recorded import Bond
from reconciler.workflow.setup import Options, remembered

if TYPE_CHECKING:
    from reconciler.ledger import Ledger
    from reconciler.ledger.past import Past


class Events(Record, frozen=True):
    """Runs and deeds, newest first; `more`: how many older ones were left out."""

    entries: tuple[PastRun | Deed, ...]
    more: int = 0


def history(
    options: Options,
    targets: Sequence[str] = (),
    since: str | None = None,
    limit: int | None = None,
    *,
    lifted: bool = False,
) -> Events:
    """What was run and said, newest first. `since`: a date, or a moment, in UTC unless it says otherwise.
    `lifted`: only that by which a hold was lifted. Raises UsageWrong for a target nobody knows, or a word that is
    no date."""
    moment = _moment(since) if since is not None else None
    with remembered(options) as (_, project, ledger):
        past = ledger.past()
        runs = _at_work(ledger, past.runs())
    known = {*project.targets, *(t for r in runs for t in r.targets)}
    for name in targets:
        _one_of(name, sorted(known), f"nothing is known of a target '{name[:80]}'")
    entries: list[PastRun | Deed] = [r for r in runs if not targets or not set(r.targets).isdisjoint(targets)]
    entries += [d for d in past.deeds if not targets or d.about.partition("/")[0] in targets]
    entries = [e for e in entries if not lifted or (e.lifted if isinstance(e, PastRun) else e.override)]
    entries.sort(key=_time)
    entries.reverse()  # of one moment, too, the last comes first
    if moment is not None:
        entries = [e for e in entries if datetime.fromisoformat(_time(e)) >= moment]
    shown = entries if limit is None else entries[:limit]
    return Events(tuple(_counted(past, e) for e in shown), len(entries) - len(shown))


def _counted(past: Past, entry: PastRun | Deed) -> PastRun | Deed:
    """A run with its calls counted as its own report did: things, and not the requests that carried several."""
    if not isinstance(entry, PastRun):
        return entry
    from reconciler.report.run_past import as_told

    try:
        return as_told(replace(past.in_full(entry.id), run=entry)).run
    except (KeyError, TypeError, ValueError):
        return entry  # of a plan that this version cannot read, the outcomes are counted


def _at_work(ledger: Ledger, runs: Sequence[PastRun]) -> list[PastRun]:
    """Of runs without an end those told apart whose own process holds a lease just now."""
    held = {t: tenure.who.author for t, tenure in ledger.tenures().items() if ledger.state_of(tenure) == "held"}
    last = {target: run.id for run in runs for target in run.targets}

    def busy(run: PastRun) -> bool:
        return any(last[t] == run.id and held.get(t) == run.author for t in run.targets)

    return [replace(r, status=AT_WORK) if r.status == UNFINISHED and busy(r) else r for r in runs]


def run_in_full(options: Options, run: str) -> RunInFull:
    """A run with every call of its plan. Raises UsageWrong for one that the ledger does not know, LedgerUnusable
    where this version cannot read its plan."""
    from reconciler.report.run_past import as_told

    with remembered(options) as (_, _, ledger):
        past = ledger.past()
        run = f"run-{run}" if run.isdigit() else run
        known = {r.id: r for r in _at_work(ledger, past.runs())}
        _one_of(run, [*known], f"the ledger knows no run '{run[:80]}'")
        try:
            return as_told(replace(past.in_full(run), run=known[run]))
        except (KeyError, TypeError, ValueError) as error:
            text = f"this version cannot read the plan of {run}: {type(error).__name__} {error}"
            raise LedgerUnusable(text, hint="use the version of reconciler that ran it") from error


def bonds(
    options: Options, targets: Sequence[str] = (), kinds: Sequence[str] = (), *, made: bool | None = None
) -> list[tuple[Bond, Touch | None]]:
    """Everything that is remembered, each with when and by which run it came to be, in the order of addresses."""
    with remembered(options) as (_, project, ledger):
        found, origins = ledger.recorded().bonds, ledger.origins()
    known = {*project.targets, *(a.target for a in found)}
    for name in targets:
        _one_of(name, sorted(known), f"nothing is known of a target '{name[:80]}'")
    for name in kinds:
        text = f"nothing is remembered of a kind '{name[:80]}'"
        _one_of(name, sorted({a.kind for a in found}), text)
    return [
        (bond, origins.since(address))
        for address, bond in sorted(found.items())
        if (not targets or address.target in targets)
        and (not kinds or address.kind in kinds)
        and made in (None, bond.made)
    ]


def bond_story(options: Options, address: Address) -> BondStory | Former:
    """A bond, or an address that leads to nothing, and everything that happened to it. Raises UsageWrong where the
    ledger never heard of the address."""
    with remembered(options) as (catalog, project, ledger):
        found, origins = ledger.recorded(), ledger.origins()
        known = sorted({*found.bonds, *found.doubts, *origins.known()})
        _one_of(str(address), [*map(str, known)], f"the ledger never heard of {address}")
        target = project.targets.get(address.target)
        kind = catalog.kinds.get((target.provider, address.kind)) if target else None
        try:
            touches = origins.touches(address)
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerUnusable(
                f"this version cannot read a plan that touched {address}: {type(error).__name__} {error}",
                hint="use the version of reconciler that ran it",
            ) from error
        if address not in found.bonds:
            return Former(address, touches, origins.now(address), found.doubts.get(address, ""))
        return BondStory(
            found.bonds[address],
            origins.since(address),
            touches,
            findable=kind is None or kind.findable,
            inside=inside(ledger, address),
        )


def inside(ledger: Ledger, address: Address) -> tuple[Address, ...]:
    """The addresses with bonds of their own that are nested in this one."""
    at = f"{address.name}/"
    known = ledger.recorded((address.target,)).bonds
    return tuple(sorted(a for a in known if a.name.startswith(at)))


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageWrong(f"--since {text[:80]}: that is no date", hint="write it as 2026-06-01") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _time(entry: PastRun | Deed) -> str:
    return entry.began if isinstance(entry, PastRun) else entry.time


def _one_of(name: str, known: Sequence[str], text: str) -> None:
    """Raises UsageWrong, with the nearest names, for a name that is none of these."""
    if name not in known:
        from reconciler.load.nearest import did_you_mean, listed

        hint = did_you_mean(name, known, f"known: {listed(known)}") if known else "it is empty so far"
        raise UsageWrong(text, hint=hint)
