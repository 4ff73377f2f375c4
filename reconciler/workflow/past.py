"""The commands that look back: what was run, what is remembered and why, whether the record is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.model.document import Address
from reconciler.model.faults import LedgerUnusable, UsageWrong
from reconciler.model.json import JsonObject
from reconciler.model.past import BondStory, Chain, Deed, PastRun, RunInFull, Touch
from reconciler.model.recorded import Bond
from reconciler.workflow.setup import Options, remembered

if TYPE_CHECKING:
    from reconciler.ledger import Ledger
    from reconciler.ledger.past import Past

LARGEST = 1 << 30
"""Bytes of an export that is read back."""


@dataclass(frozen=True, slots=True)
class Events:
    """Runs and deeds, newest first; `more`: how many older ones were left out."""

    entries: tuple[PastRun | Deed, ...]
    more: int = 0


def history(
    options: Options, targets: Sequence[str] = (), since: str | None = None, limit: int | None = None
) -> Events:
    """What was run and said, newest first. `since`: a date, or a moment, in UTC unless it says otherwise. Raises
    UsageWrong for a target nobody knows, or a word that is no date."""
    moment = _moment(since) if since is not None else None
    with remembered(options) as (_, project, ledger):
        past = ledger.past()
    runs = past.runs()
    known = {*project.targets, *(t for r in runs for t in r.targets)}
    for name in targets:
        _one_of(name, sorted(known), f"nothing is known of a target '{name[:80]}'")
    entries: list[PastRun | Deed] = [r for r in runs if not targets or not set(r.targets).isdisjoint(targets)]
    entries += [d for d in past.deeds if not targets or d.about.partition("/")[0] in targets]
    entries.sort(key=_time, reverse=True)
    if moment is not None:
        entries = [e for e in entries if datetime.fromisoformat(_time(e)) >= moment]
    shown = entries if limit is None else entries[:limit]
    return Events(tuple(_counted(past, e) for e in shown), len(entries) - len(shown))


def _counted(past: Past, entry: PastRun | Deed) -> PastRun | Deed:
    """A run with its calls counted as its own report did: things, and not the requests that carried several."""
    if not isinstance(entry, PastRun):
        return entry
    from reconciler.report.ends import counted

    try:
        found = past.in_full(entry.id)
    except (KeyError, TypeError, ValueError):
        return entry  # of a plan that this version cannot read, the outcomes are counted
    return replace(entry, counts=counted(found.report, found.plan))


def run_in_full(options: Options, run: str) -> RunInFull:
    """A run with every call of its plan. Raises UsageWrong for one that the ledger does not know, LedgerUnusable
    where this version cannot read its plan."""
    from reconciler.report.ends import counted

    with remembered(options) as (_, _, ledger):
        past = ledger.past()
        run = f"run-{run}" if run.isdigit() else run  # as the report of an apply calls it
        known = [r.id for r in past.runs()]
        _one_of(run, known, f"the ledger knows no run '{run[:80]}'")
        try:
            found = past.in_full(run)
            return replace(found, run=replace(found.run, counts=counted(found.report, found.plan)))
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


def bond_story(options: Options, address: Address) -> BondStory:
    """A bond, and everything that happened to it. Raises UsageWrong where nothing is remembered of the address."""
    with remembered(options) as (catalog, project, ledger):
        found = ledger.recorded()
        if address in found.doubts:
            raise UsageWrong(f"{address} is in doubt: {found.doubts[address]}", hint="`reconciler resume` asks")
        known = {str(a): a for a in sorted(found.bonds)}
        _one_of(str(address), [*known], f"the ledger remembers nothing of {address}")
        origins = ledger.origins()
        target = project.targets.get(address.target)
        kind = catalog.kinds.get((target.provider, address.kind)) if target else None
        try:
            touches = origins.touches(address)
        except (KeyError, TypeError, ValueError) as error:
            raise LedgerUnusable(
                f"this version cannot read a plan that touched {address}: {type(error).__name__} {error}",
                hint="use the version of reconciler that ran it",
            ) from error
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


def exported(options: Options) -> Iterator[JsonObject]:
    """Every event of the chain, oldest first, as it lies there."""
    from reconciler.ledger.export import as_json

    with remembered(options) as (_, _, ledger):
        for event in ledger.events():
            yield as_json(event)


def verified(options: Options, head: str = "", file: Path | None = None) -> Chain:
    """The whole chain, of the ledger or of an export, computed again. `head`: a hash that was printed earlier, or
    at least its first twelve characters. Raises UsageWrong, ManifestInvalid for a file that is no export, and
    LedgerUnusable where the ledger cannot be read at all."""
    from reconciler.ledger.export import SHORTEST, Exported, checked, unreadable

    if head and (len(head) < SHORTEST or len(head) > 64 or set(head) - set("0123456789abcdef")):
        raise UsageWrong(
            f"--head {head[:80]}: that is no head",
            hint=f"its first {SHORTEST} to 64 characters, as an apply printed it",
        )
    if file is not None:
        return checked(Exported(str(file), _text_of(file)), head)
    try:
        with remembered(options) as (_, _, ledger):
            return checked(ledger.source, head)
    except LedgerUnusable as error:
        found = unreadable(error)
        if found is None:
            raise
        return found


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageWrong(
            f"{file} cannot be read: {error.strerror}", hint="name a file that an export wrote"
        ) from None
    if len(data) > LARGEST:
        raise UsageWrong(f"{file} is larger than {LARGEST >> 20} MiB", hint="check it where it was written")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise UsageWrong(f"{file} is not what an export writes: it is not ASCII") from None


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
