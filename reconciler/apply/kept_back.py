"""What a hold keeps from leaving a set: it stays ours, else whoever lifts the hold finds that it never was."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.entries import entry_text
from reconciler.model.plan import Call, Phase
from reconciler.model.record import replace
from reconciler.model.recorded import Bond


def still_ours(bond: Bond, before: Bond | None, calls: Sequence[Call]) -> Bond:
    """The bond with the entries that the one `before` has, and that only a held call would have taken away."""
    if before is None or before.id != bond.id:
        return bond
    entries, digests = dict(bond.entries), dict(bond.digests)
    for call in calls:
        name = call.effect.set_field
        if name is None or not call.held or call.phase is not Phase.REMOVE:
            continue
        ours = {entry_text(one) for one in call.effect.absent}.intersection(before.entries.get(name, ()))
        entries[name] = tuple(sorted({*entries.get(name, ()), *ours}))
        own = {f"{name}/{one}" for one in ours}
        digests |= {at: digest for at, digest in before.digests.items() if at in own}
    return replace(bond, entries=entries, digests=digests)
