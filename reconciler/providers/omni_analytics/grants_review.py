"""What is never granted or revoked, in folders and documents alike, and what becomes of grants nobody may read."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model.change import Change, Delta, Entry, Hold, Value
from reconciler.model.document import Document
from reconciler.model.entries import spread
from reconciler.model.kind import Kind
from reconciler.model.place import Problem
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS


def his_own(noun: str) -> str:
    """Why an owner is granted nothing; `noun`: what he owns."""
    return f"the owner of a {noun} has every right in it: he is granted nothing"


def grant_problems(kind: Kind, document: Document, noun: str) -> Iterator[Problem]:
    """An entry that names nobody, and a grant to the declared owner (OA-R62)."""
    one, owner = kind.fields[PERMISSIONS], document.spec.get("owner")
    for path, item in spread(one, document.spec.get(PERMISSIONS)):
        at = document.at("spec", PERMISSIONS, *path)
        if isinstance(item, dict) and one.key_in(item) is None:
            text = f"{document.address}: this grant names neither `users` nor `groups`"
            yield Problem(at, text, "say who gets it", rule="OA-R53")
        elif isinstance(item, dict) and owner and str(item.get("users")).casefold() == str(owner).casefold():
            yield Problem(at, f"{document.address}: {his_own(noun)}", "take him out here", rule="OA-R62")


def left_alone(change: Change, hold: Hold) -> Change:
    """The change without its permissions; what the ledger knows of them stays known."""
    bond = change.bond
    kept = {n: d for n, d in change.digests.items() if not _about_permissions(n)}
    was = {n: d for n, d in (bond.digests if bond else {}).items() if _about_permissions(n)}
    ours = {PERMISSIONS: bond.entries.get(PERMISSIONS, ())} if bond else {}
    return replace(
        change,
        fields=tuple(f for f in change.fields if f.path[0] != PERMISSIONS),
        deltas={n: d for n, d in change.deltas.items() if n != PERMISSIONS},
        digests={**kept, **was},
        entries_ours={**change.entries_ours, PERMISSIONS: ours.get(PERMISSIONS, ())},
        holds=(*change.holds, hold),
        notes=tuple(n for n in change.notes if PERMISSIONS not in n),
    )


def _about_permissions(name: str) -> bool:
    return name == PERMISSIONS or name.startswith((f"{PERMISSIONS}/", f"{PERMISSIONS}."))


def without(change: Change, ids: frozenset[str]) -> tuple[Change, list[Entry], list[Entry]]:
    """The change without the grants of these principals; those that were declared, and those about to go."""
    delta = change.deltas[PERMISSIONS]
    declared = [e for e in (*delta.add, *delta.change, *delta.kept) if _among(e, ids)]
    gone = [e for e in delta.remove if _among(e, ids)]
    shown = {e.shown for e in (*declared, *gone)}
    left = Delta(*(tuple(e for e in part if not _among(e, ids)) for part in _parts(delta)))
    found = replace(
        change,
        fields=tuple(f for f in change.fields if f.path[0] != PERMISSIONS or f.path[1] not in shown),
        deltas={**change.deltas, PERMISSIONS: left},
    )
    return found, declared, gone


def _among(entry: Entry, ids: frozenset[str]) -> bool:
    return isinstance(entry.id, str) and entry.id in ids


def without_owner(change: Change, owner: Value, noun: str) -> Change:
    """Nothing is granted to the owner, and what he was granted before he became it is not revoked."""
    if not isinstance(owner, str):
        return change
    left, declared, gone = without(change, frozenset({owner}))
    if not (declared or gone):
        return change
    way_out = "take him out of `permissions`"
    holds = tuple(
        Hold("owner-grant", f"{e.shown}: {his_own(noun)}", way_out, final=True, only=PERMISSIONS) for e in declared
    )
    ours = tuple(i for i in change.entries_ours.get(PERMISSIONS, ()) if i != owner)
    notes = (f"left in place: {e.shown} in {PERMISSIONS} (owns the {noun} now)" for e in gone)
    return replace(
        left,
        digests={n: d for n, d in change.digests.items() if n != f"{PERMISSIONS}/{owner}"},
        entries_ours={**change.entries_ours, PERMISSIONS: ours},
        holds=(*change.holds, *holds),
        notes=(*change.notes, *notes),
    )


def without_account(change: Change, account: str, ids: frozenset[str] = frozenset()) -> Change:
    """The account that the key acts for keeps the grant it has, whatever is declared (OA-R62). `account`: its
    address, case-folded; `ids`: its id, where a reading told it."""
    delta = change.deltas[PERMISSIONS]
    named = (e for e in (*delta.remove, *delta.change) if isinstance(e.id, str))
    own = frozenset(str(e.id) for e in named if e.id in ids or e.shown.casefold() == account)
    if not own:
        return change
    left, _, _ = without(change, own)
    reason = f"{account} is the account this runs as: its grant stays as it is"
    hold = Hold("own-account", reason, "change it in the product", final=True, only=PERMISSIONS)
    digests = {n: d for n, d in left.digests.items() if n.removeprefix(f"{PERMISSIONS}/") not in own}
    return replace(left, digests=digests, holds=(*left.holds, hold))


def _parts(delta: Delta) -> tuple[tuple[Entry, ...], ...]:
    return delta.add, delta.change, delta.remove, delta.kept, delta.others
