"""Fields that are fixed at creation and that no read returns: refused where the ledger knows another value, taken
as declared where it knows none (OA-R163)."""

from __future__ import annotations

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.kind import Kind
from reconciler.model.record import replace


def fixed(kind: Kind, change: Change) -> Change:
    """The change without what could only be sent at creation; idle where nothing else is left of it. What is
    refused is not recorded as sent."""
    if change.live is None or change.document is None or change.verb is Verb.OBSERVE:
        return change
    unseen = {n for n in change.changed if kind.fields[n].immutable is not None and kind.fields[n].unreadable}
    sent = change.bond.digests if change.bond and change.bond.id == change.live.id else {}
    wrong = sorted(n for n in unseen if n in sent)
    taken = sorted(unseen - {*wrong})
    holds = (
        Hold(
            "immutable",
            f"`{n}` was sent as something else, and is fixed once created",
            _way_out(kind, n),
            final=True,
        )
        for n in wrong
    )
    notes = [f"not verifiable: {', '.join(taken)} (taken as declared)"] if taken else []
    return idle(
        replace(
            change,
            changed=change.changed - unseen,
            digests={**change.digests, **{n: sent[n] for n in wrong}},
            fields=tuple(f for f in change.fields if f.path[0] not in taken),
            holds=(*change.holds, *holds),
            notes=(*change.notes, *notes),
        )
    )


def _way_out(kind: Kind, name: str) -> str:
    return kind.fields[name].immutable or ""


def idle(change: Change) -> Change:
    """No update where nothing is left to be updated."""
    left = change.changed or change.fields or change.once or any(change.deltas.values())
    if change.verb is not Verb.UPDATE or left:
        return change
    return replace(change, verb=Verb.MOVE if change.previous is not None else Verb.NONE)
