"""What only documents know of their changes: what is not there, what would shut somebody out, what is left alone
(OA-R100 to OA-R118)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Delta, Entry, Hold, Value, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import normal
from reconciler.model.place import Problem
from reconciler.model.record import replace
from reconciler.model.shows import entries_by_id
from reconciler.providers.omni_analytics import document_owner
from reconciler.providers.omni_analytics.document_labels import LABELS
from reconciler.providers.omni_analytics.document_owner import MANAGER, OWNER, final_owner
from reconciler.providers.omni_analytics.document_parse import ADDRESSES, FORBIDDEN, UNLISTED, UNPROVEN
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS
from reconciler.providers.omni_analytics.grants_review import (
    grant_problems,
    left_alone,
    without_account,
    without_owner,
)
from reconciler.providers.omni_analytics.own import account_of

DOCUMENT: Final = "document"
CLEARS: Final = "clear-existing-draft"
LAST: Final = "last-manager"
PLACE: Final = ("folder", "scope")
FIXED: Final = "no-rename"
BESIDE: Final = frozenset({"taken", "ambiguous", "no-such-id", FIXED})
"""Holds that say themselves why a document leads to nothing."""


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Grants that name nobody, or the declared owner (OA-R53, OA-R62)."""
    return [p for d in documents for p in grant_problems(kind, d, DOCUMENT)]


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Every change with what the comparison could not know."""
    return [_reviewed(kind, change, live) for change in changes]


def _reviewed(kind: Kind, change: Change, live: Collection) -> Change:
    if change.document is None:
        return change
    if change.live is None or _leads_nowhere(kind, change, live):
        return _missing(change)
    if change.label == change.key and change.live.label:
        change = replace(change, label=change.live.label)
    if change.verb is Verb.OBSERVE:
        return change
    change = _readable(kind, _in_its_folder(kind, _spelled(_noted(change, live))), live)
    if PERMISSIONS in change.deltas:
        change = without_owner(document_owner.reviewed(kind, change), final_owner(change), DOCUMENT)
        change = _with_a_manager(kind, _own_account(change, live))
    return replace(change, effects=(*change.effects, *_effects(change)))


def _missing(change: Change) -> Change:
    """Documents are content: one that is not there is never made (OA-R100)."""
    reason = f"no document '{change.key}' is live, and none is ever made"
    way_out = "correct the identifier (File > Document settings), or let the key's user see the document"
    hold = Hold("no-such-document", reason, way_out, final=True)
    own = change.holds if change.live is None else tuple(h for h in change.holds if h.rule != FIXED)
    said = any(h.rule in BESIDE for h in own)
    holds = own if said else (*own, hold)
    return replace(
        change, verb=Verb.NONE, live=None, fields=(), wire={}, deltas={}, holds=holds, effects=(), notes=()
    )


def _leads_nowhere(kind: Kind, change: Change, live: Collection) -> bool:
    """Whether only the ledger leads to a document: the identifier that is declared by now is no live one's."""
    fixed = any(h.rule == FIXED for h in change.holds)
    return fixed and all(
        normal(kind.key_field, r.key) != normal(kind.key_field, change.key) for r in live.resources
    )


def _ids(live: Collection, word: str) -> frozenset[str]:
    found = live.seen.get(word)
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def _noted(change: Change, live: Collection) -> Change:
    """What no list shows is compared with what was sent last (OA-R103)."""
    if change.live is None or change.live.id not in _ids(live, UNLISTED):
        return change
    note = "no list shows it to this key: folder, scope and labels are compared with what was sent last"
    return replace(change, notes=(*change.notes, note))


def _spelled(change: Change) -> Change:
    """A label is its name, whatever the case: a document that shows another spelling of it has it (OA-R107)."""
    delta = change.deltas.get(LABELS, Delta())
    there = {str(e.id).casefold() for e in (*delta.remove, *delta.others)}
    alike = {e.id.casefold() for e in delta.add if isinstance(e.id, str)} & there
    if not alike:
        return change

    def apart(entries: Sequence[Entry]) -> tuple[Entry, ...]:
        return tuple(e for e in entries if str(e.id).casefold() not in alike)

    own = tuple(e for e in delta.add if str(e.id).casefold() in alike)
    left = Delta(apart(delta.add), delta.change, apart(delta.remove), (*delta.kept, *own), apart(delta.others))
    fields = (f for f in change.fields if f.path[0] != LABELS or f.path[1].casefold() not in alike)
    return replace(change, fields=tuple(fields), deltas={**change.deltas, LABELS: left})


def _readable(kind: Kind, change: Change, live: Collection) -> Change:
    """Grants that the key may not see, or that did not come whole, are left alone; so is then the owner, who needs
    one (OA-R108)."""
    own = change.live.id if change.live else ""
    if own in _ids(live, FORBIDDEN):
        reason = "the key may not read who has access to this document (403)"
        rule, way_out = "forbidden", "let the key's user manage the document, or take this out"
    elif own in _ids(live, UNPROVEN):
        reason = "the list of who has access to this document does not come whole"
        rule, way_out = "unproven-access", "plan again; if it stays so, look at the API's answer"
    else:
        return change
    if PERMISSIONS in change.deltas:
        change = left_alone(change, Hold(rule, reason, way_out, final=True, only=PERMISSIONS))
    if OWNER in change.changed:
        change = _not_sent(kind, change, (OWNER,), Hold(rule, reason, way_out, final=True, only=OWNER))
    return change


def _not_sent(kind: Kind, change: Change, names: Sequence[str], hold: Hold) -> Change:
    """The change without these fields, which wait."""
    known = change.bond.digests if change.bond else {}
    kept = {n: d for n, d in change.digests.items() if n not in names}
    return replace(
        change,
        changed=change.changed - {*names},
        digests=kept | {n: known[n] for n in names if n in known},
        effects=tuple(e for e in change.effects if e not in {kind.fields[n].effect for n in names}),
        holds=(*change.holds, hold),
    )


def _in_its_folder(kind: Kind, change: Change) -> Change:
    """A document has the scope of its folder: the server refuses any other (OA-R109)."""
    scope = change.wire.get("scope")
    if change.live is None or not {*PLACE} & change.changed or scope is None:
        return change
    if "folder" in change.wire:
        named = change.refers.get("folder")
        there = named.now.fields.get("scope") if named is not None and named.now is not None else None
        if there in (None, scope):
            return change
        reason = f"its folder is {there}, and a document in it cannot be {scope}"
    elif change.live.fields.get("folder") is None:
        return change
    else:
        reason = "it lies in a folder, whose scope it has: that alone cannot be changed"
    way_out = "take `scope` out, or declare a `folder` of that scope (or `folder: null`)"
    waiting: dict[str, Value] = {n: change.wire[n] for n in PLACE if n in change.changed}
    hold = Hold("unlike-folder", reason, way_out, final=True, only=next(iter(waiting)))
    return replace(_not_sent(kind, change, PLACE, hold), withheld={**change.withheld, **waiting})


def _own_account(change: Change, live: Collection) -> Change:
    """The account that the key acts for keeps its grant (OA-R112)."""
    account, told = account_of(change.settings), live.seen.get(ADDRESSES)
    known = told if isinstance(told, dict) else {}
    ids = frozenset(i for i, address in known.items() if str(address).casefold() == account)
    return without_account(change, account, ids) if account else change


def _with_a_manager(kind: Kind, change: Change) -> Change:
    """Somebody besides the owner manages it afterwards, if somebody did before, or a person has said that this is
    meant (OA-R113)."""
    delta = change.deltas[PERMISSIONS]
    before = entries_by_id(kind.fields[PERMISSIONS], change.live.fields.get(PERMISSIONS)) if change.live else {}
    had = {i for i, e in before.items() if isinstance(e, dict) and e.get("role") == MANAGER}
    lost = {str(e.id) for e in (*delta.remove, *delta.change) if e.wire.get("role") != MANAGER}
    gains = any(e.wire.get("role") == MANAGER for e in (*delta.add, *delta.change))
    owner = final_owner(change)
    staying = had - lost - ({owner} if isinstance(owner, str) else set())
    was = document_owner.previous(change)
    gains = gains or (was is not None and _stays_manager(delta, was))
    allowed = change.document is not None and LAST in change.document.lifecycle.allow
    waits = any(h.only == "remove" for h in change.holds) and not any(str(e.id) in had for e in delta.change)
    if not had or staying or gains or allowed or waits or not lost & had:
        return change
    reason = "nobody but the owner would manage it any more"
    way_out = f"declare somebody as MANAGER, or add `{LAST}` to lifecycle.allow"
    left = left_alone(change, Hold(LAST, reason, way_out, final=True, only=PERMISSIONS))
    return replace(left, fields=change.fields, withheld={**left.withheld, PERMISSIONS: delta})


def _effects(change: Change) -> Iterator[str]:
    """What else happens, in a sentence each (OA-R109, OA-R110, OA-R114)."""
    if "folder" in change.changed and change.live is not None:
        named, was = change.refers.get("folder"), change.live.fields.get("scope")
        there = named.now.fields.get("scope") if named is not None and named.now is not None else None
        to = change.wire.get("scope", there)
        if to is not None and was is not None and to != was:
            yield f"moves it from {was} to {to}: who may see it changes"
    allowed = change.document.lifecycle.allow if change.document else frozenset[str]()
    if "name" in change.changed and CLEARS in allowed:
        yield "discards whatever draft of it somebody has"
    delta: Delta | None = change.deltas.get(PERMISSIONS)
    was_owner = document_owner.previous(change)
    if was_owner is not None and (delta is None or _stays_manager(delta, was_owner)):
        names: Mapping[str, str] = change.live.names if change.live else {}
        yield f"the previous owner, {names.get(was_owner, was_owner)}, stays as MANAGER"


def _stays_manager(delta: Delta, was: str) -> bool:
    spoken_of: list[Json] = [e.id for e in (*delta.change, *delta.remove)]
    return was not in spoken_of
