"""The right to write to targets: taken before the first call, kept however long a call takes, given back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from reconciler.model.outcome import Journal, Lease

BEAT = 10.0
"""Seconds of real time between two looks at our leases: often enough to renew each in time, though a call may wait
minutes for its answer or for a place in the rate budget."""


@asynccontextmanager
async def leased(journal: Journal, targets: Sequence[str]) -> AsyncIterator[dict[str, Lease]]:
    """The leases of these targets. Raises GuardRefused while somebody else holds one, LedgerUnusable."""
    leases: dict[str, Lease] = {}
    beat = asyncio.create_task(_keep(journal, leases))
    try:
        for target in targets:
            leases[target] = journal.acquire(target)
        yield leases
    finally:
        beat.cancel()
        await asyncio.gather(beat, return_exceptions=True)  # a ledger that fails here fails the next write too
        for lease in leases.values():
            journal.give_back(lease)


async def _keep(journal: Journal, leases: dict[str, Lease]) -> None:
    while True:
        await asyncio.sleep(BEAT)
        for lease in leases.values():
            journal.holds(lease)
