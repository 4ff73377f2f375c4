"""What only schedules know of their changes: what the ledger alone can compare, what needs consent, what is left
alone (OA-R68 to OA-R81)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, FieldChange, Hold, Reason, Verb
from reconciler.model.json import ABSENT, Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.schedule_asked import OWNER, RECIPIENTS
from reconciler.providers.omni_analytics.schedule_check import MADE_ELSEWHERE, STEERED
from reconciler.providers.omni_analytics.schedule_parse import DOUBTFUL, UNLISTED

HALF_READ: Final = ("alert", "tile")
"""Fields of which a read shows a part."""
OURS: Final = ("email", "webhook", "sftp")
PAUSED: Final = "paused"
EFFECTS: Final = "effects"
NEW: Final = (Verb.CREATE, Verb.REPLACE)


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Every change with what the comparison could not know."""
    leaving = frozenset(c.live.id for c in changes if c.live and _leaves(c))
    return [_reviewed(kind, change, live, leaving) for change in changes]


def _leaves(change: Change) -> bool:
    """Whether its name is about to be free there."""
    return change.verb in (Verb.DELETE, Verb.REPLACE) or "name" in change.changed


def _reviewed(kind: Kind, change: Change, live: Collection, leaving: frozenset[str]) -> Change:
    if change.verb is Verb.OBSERVE:
        return change
    if holds := tuple(_untouchable(kind, change, live, leaving)):
        kept = tuple(h for h in change.holds if h.rule != "replace")
        return replace(change, holds=(*kept, *holds))
    if change.removes or change.document is None:
        return change
    for step in (_reasoned, _half_read, _system_disabled, _consented):
        change = step(change)
    return replace(change, effects=(*change.effects, *_effects(change)))


def _untouchable(kind: Kind, change: Change, live: Collection, leaving: frozenset[str]) -> Iterator[Hold]:
    """A schedule that is not what it seems, or that no call of ours can change, is left alone."""
    own = change.live
    if own is None:
        yield from _made_elsewhere(change)
        return
    unlisted, doubtful = live.seen.get(UNLISTED), live.seen.get(DOUBTFUL)
    if isinstance(unlisted, list) and own.id in unlisted:
        reason = "it answers when asked for by its id, but no list shows it"
        yield Hold("unlisted", reason, "look at it in the product, then plan again", final=True)
        return
    yield from _other_destination(change, str(own.fields.get("destination")))
    if isinstance(doubtful, dict) and own.id in doubtful and change.document is not None:
        reason = f"its recipients are not believed: {doubtful[own.id]}"
        yield Hold(
            "recipients-unproven", reason, "plan again; if it stays so, look at it in the product", final=True
        )
    there = [r.id for r in live.resources if r.id != own.id and (r.key, r.scope) == (change.key, change.scope)]
    if change.verb is Verb.REPLACE and there and not leaving.issuperset(there):
        reason = f"a {kind.name} '{change.key}' is already live there (id {there[0]})"
        yield Hold("taken", reason, "choose another name, or remove the other one first", final=True)


def _made_elsewhere(change: Change) -> Iterator[Hold]:
    """One that is not there and goes where no call of ours can send it (OA-R86)."""
    to = change.document.spec.get("destination") if change.document else None
    if to in MADE_ELSEWHERE:
        reason = f"a schedule delivered to {to} cannot be made by this API"
        yield Hold("destination", reason, "make it in the product; the next plan adopts it", final=True)


def _other_destination(change: Change, to: str) -> Iterator[Hold]:
    """A live one that no call of ours can change may still be paused and given away, as what it is (OA-R86)."""
    if change.document is None:
        return
    meant = str(change.document.spec.get("destination"))
    beyond = sorted(change.changed - {PAUSED, OWNER})
    if to in OURS and meant not in MADE_ELSEWHERE:
        return
    if to == meant and not beyond:
        return
    reason = f"it is delivered to {to}, which this API cannot make or change"
    if to in OURS:
        reason = f"it is delivered to {to}, and this API cannot make one that is delivered to {meant}"
    elif to == meant:
        reason += f" ({', '.join(n for n in STEERED if n in beyond) or ', '.join(beyond)})"
    yield Hold("destination", reason, "change it in the product, or take it out of the manifests", final=True)


def _reasoned(change: Change) -> Change:
    """Of what a read shows in part nobody can tell that somebody else has changed it, too (OA-R70, OA-R71)."""
    part = {OWNER, *HALF_READ}
    doubtful = (f.path[0] in part and f.reason is Reason.BOTH for f in change.fields)
    fields = zip(change.fields, doubtful, strict=True)
    return replace(change, fields=tuple(replace(f, reason=Reason.INTENT) if d else f for f, d in fields))


def _half_read(change: Change) -> Change:
    """What no read shows of a field that is partly shown is compared with what was sent last (OA-R71)."""
    if change.live is None:
        return change
    found = change
    waiting = {h.only for h in change.holds}
    digests = change.bond.digests if change.bond else {}
    ignored = change.document.lifecycle.ignore if change.document else frozenset[str]()
    for name in HALF_READ:
        asked = name in change.wire and name not in {*change.changed, *waiting, *ignored}
        if asked and f"spec.{name}" not in ignored and name in change.live.fields:
            if digests.get(name) == change.digests.get(name):
                note = f"not verifiable: {name} (last sent as declared, as far as it is not shown)"
                found = replace(found, notes=(*found.notes, note))
            else:
                found = _sent_anew(found, name, Reason.INTENT if name in digests else Reason.UNKNOWN)
    return found


def _sent_anew(change: Change, name: str, reason: Reason) -> Change:
    declared: Json = change.document.spec.get(name) if change.document else None
    one = FieldChange((name,), ABSENT, declared, reason)
    verb = Verb.UPDATE if change.verb in (Verb.NONE, Verb.MOVE) else change.verb
    return replace(change, verb=verb, fields=(*change.fields, one), changed=change.changed | {name})


def _system_disabled(change: Change) -> Change:
    """The server refuses to pause and to resume what it has disabled itself (OA-R79)."""
    reason = change.live.fields.get("systemDisabled") if change.live and change.verb is not Verb.REPLACE else None
    if reason is None:
        return change
    text = f"the system has disabled it: {reason}"
    if PAUSED not in change.changed:
        return replace(change, notes=(*change.notes, text))
    hold = Hold("system-disabled", text, "mend that in the product, then plan again", only=PAUSED)
    return replace(change, changed=change.changed - {PAUSED}, holds=(*change.holds, hold))


def _consented(change: Change) -> Change:
    """A transfer cannot be taken back: it needs consent (OA-R80)."""
    transfers = OWNER in change.wire if change.verb in NEW else OWNER in change.changed
    allowed = change.document is not None and EFFECTS in change.document.lifecycle.allow
    if not transfers or allowed:
        return change
    reason = "the API cannot take a transfer back, and later runs use the new owner's access"
    hold = Hold(EFFECTS, reason, "add `effects` to lifecycle.allow, or take `owner` out", only=OWNER)
    return replace(
        change,
        changed=change.changed - {OWNER},
        wire={n: v for n, v in change.wire.items() if n != OWNER},
        digests={n: v for n, v in change.digests.items() if n != OWNER},
        holds=(*change.holds, hold),
        withheld={**change.withheld, OWNER: change.wire[OWNER]},
    )


def _effects(change: Change) -> Iterator[str]:
    """What else happens, in a sentence each (OA-R75, OA-R76, OA-R80, OA-R81)."""
    if change.verb is Verb.REPLACE:
        yield "deletes the schedule with its history; another one, with another id, takes its place"
    if change.verb in NEW:
        yield _delivers(change.wire)
        if change.wire.get(PAUSED) is True:
            yield "a delivery between its create and its pause is possible"
    elif change.changed - {PAUSED, OWNER}:
        yield "options that the document leaves out may fall back to their defaults"
    if (delta := change.deltas.get(RECIPIENTS)) and delta.add:
        yield "an address that belongs to nobody may be made an email-only user"
    if OWNER in (change.wire if change.verb in NEW else change.changed):
        yield "the transfer cannot be reversed by the API; later runs use the new owner's access"


def _delivers(wire: Mapping[str, Json]) -> str:
    match wire.get("destination"):
        case "email":
            return "sends mail at its times"
        case "webhook":
            return f"posts data to {wire.get('url')} at its times"
        case _:
            return f"puts files on {wire.get('address')} at its times"
