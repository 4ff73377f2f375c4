"""`doctor`: whether a set-up is fit to work with, and what safe calls say of our assumptions about an API."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reconciler.model.call import Reader
from reconciler.model.doctor import CheckUp, Examination, Grade, HealthRead, Known, Sign
from reconciler.model.faults import (
    AnswerInvalid,
    AnswerLost,
    ProviderFailed,
    ProviderRefused,
    ProviderUnreachable,
    ReconcilerError,
    RemoteFault,
    Unauthorised,
    UsageWrong,
)
from reconciler.model.record import replace
from reconciler.workflow import surroundings
from reconciler.workflow.setup import Options, Setup, catalog, ledger_of, project_of, selected

if TYPE_CHECKING:
    from reconciler.model.catalog import Provider
    from reconciler.model.document import Target
    from reconciler.wire.limits import Limits
    from reconciler.wire.wires import Wires


def check_up(options: Options, targets: Sequence[str] = (), *, offline: bool = False) -> CheckUp:
    """Everything a set-up needs, looked at once. `targets`: those whose access and health matter, else all.
    `offline`: nothing is sent. Raises UsageWrong for a target that the project does not name."""
    import asyncio

    known = catalog()
    found = surroundings.looked_at(options, known, targets)
    if offline or found.setup is None:
        return CheckUp(tuple(found.signs))
    return asyncio.run(healths(found.setup, found.signs))


async def healths(setup: Setup, before: Sequence[Sign] = ()) -> CheckUp:
    """The health of each target that the operator has opened, after the signs that were found before."""
    from reconciler.wire.limits import USUAL

    signs = [*before]
    async with _wires(setup, replace(setup.limits or USUAL, tries=1)) as wires:
        for name in sorted(setup.operator.access):
            signs += await _health(setup, name, wires)
        return CheckUp(tuple(signs), _sent(wires))


def examine(options: Options, name: str) -> Examination:
    """What safe calls tell of our assumptions about one target's API. Raises UsageWrong, ManifestInvalid,
    LedgerUnusable, and RemoteFault where the target does not answer or refuses the key."""
    import asyncio
    from contextlib import ExitStack

    from reconciler.load.operator_config import operator
    from reconciler.wire.clock import real_clock

    known = catalog()
    project = project_of(options, known)
    surroundings.check_names([name], project.targets)
    with ExitStack() as stack:
        clock = real_clock()
        ledger = ledger_of(options, project, clock, stack)
        desired = selected(options, project, known, ())
        setup = Setup(desired, known, operator([name], os.environ), clock, ledger, root=project.root)
        return asyncio.run(examined(setup, name))


async def examined(setup: Setup, name: str) -> Examination:
    """As `examine`, with what it works with at hand."""
    from reconciler import providers
    from reconciler.read.examine import examine as examining
    from reconciler.wire.limits import USUAL
    from reconciler.wire.readonly import ReadOnly

    provider = setup.desired.targets[name].provider
    asked = providers.probes(provider)
    async with _wires(setup, setup.limits or USUAL) as wires:
        findings, silent = await examining(known_of(setup, name), asked.probes, ReadOnly(wires))
        return Examination(name, provider, tuple(findings), asked.left, _sent(wires), silent)


def known_of(setup: Setup, name: str) -> Known:
    """The ids of a target that the ledger or a manifest names, kind by kind; those of the ledger first."""
    found: dict[str, dict[str, None]] = {}
    for address, bond in setup.recorded.bonds.items():
        if address.target == name:
            found.setdefault(address.kind, {})[bond.id] = None
    for document in setup.desired.documents:
        if document.address.target == name and document.pinned_id is not None:
            found.setdefault(document.kind, {})[document.pinned_id] = None
    return Known(name, {kind: tuple(ids) for kind, ids in found.items()})


def _wires(setup: Setup, limits: Limits) -> Wires:
    from reconciler.wire.wires import Wires

    targets, providers = setup.desired.targets, setup.catalog.providers
    return Wires(targets, providers, setup.operator, setup.clock, setup.rng, limits=limits, spent=setup.spent)


def _sent(wires: Wires) -> tuple[str, ...]:
    """What was sent, each try by itself; without queries, which may name a person."""
    lines = (
        f"{one.target}: {one.request.partition('?')[0]}" for one in wires.requests for _ in range(one.attempts)
    )
    return tuple(lines)


async def _health(setup: Setup, name: str, wires: Wires) -> list[Sign]:
    """The signs of one target's health; after a fault that speaks for all calls, no further one is made."""
    from reconciler import providers
    from reconciler.wire.readonly import ReadOnly

    target = setup.desired.targets[name]
    provider = setup.catalog.providers[target.provider]
    signs: list[Sign] = []
    for read in providers.probes(target.provider).health:
        fault = await _tried(read, name, ReadOnly(wires))
        signs.append(_sign(read, target, provider, fault))
        if signs[-1].grade is Grade.FAIL:
            break
    return signs


async def _tried(read: HealthRead, name: str, reader: Reader) -> ReconcilerError | None:
    """What is wrong with the call, if anything; one that should need no key is tried with it too (ST-R2)."""
    request = replace(read.request, target=name, keyless=read.keyless)
    try:
        await reader.read(request)
    except ProviderRefused as refusal:
        if not read.keyless or refusal.status not in (401, 403):
            return refusal
        return await _tried(replace(read, keyless=False), name, reader)
    except ReconcilerError as error:
        return error
    return None


def _sign(read: HealthRead, target: Target, provider: Provider, error: ReconcilerError | None) -> Sign:
    line = str(read.request)
    if error is None:
        return Sign(target.name, Grade.OK, f"{line}: {read.tells}")
    words = error.reason if isinstance(error, RemoteFault) else str(error)
    if isinstance(error, RemoteFault) and error.status in read.harmless:
        return Sign(target.name, Grade.WARN, f"{line}: {words}: {read.meaning}", read.way_out)
    meant, way_out = _meaning(error, provider)
    return Sign(target.name, Grade.FAIL, f"{meant}: {line}: {words}", way_out or error.hint, far=True)


def _meaning(error: ReconcilerError, provider: Provider) -> tuple[str, str]:
    """Bad key, wrong host, or down: what kind of fault it is; and a way out, where the fault has no better one."""
    key, at = provider.credential, "the URL in the operator's configuration"
    if isinstance(error, Unauthorised) or (isinstance(error, ProviderRefused) and error.status == 403):
        another = f"{'an' if key[:1] in 'aeioAEIO' else 'a'} {key}"
        return f"the {key} is not accepted", f"give the operator's configuration {another} of that very system"
    if isinstance(error, ProviderUnreachable):
        return "nobody answers there: the host is wrong, or it is down", ""
    if isinstance(error, ProviderFailed | AnswerLost):
        return "it is down", "wait, or ask who runs it; then run this again"
    if isinstance(error, AnswerInvalid):
        return "what answers there is not this API", f"correct {at}"
    if isinstance(error, ProviderRefused) and error.status == 404:
        return "that API is not there: wrong host, path or tenant", f"correct {at}"
    if isinstance(error, ProviderRefused) and error.status == 429:
        return "it asks for patience", "run this again in a minute"
    return "it cannot be asked" if isinstance(error, UsageWrong) else "it says no", ""
