"""What is never granted or revoked, what may not be asked, and what the permissions of a folder cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reconciler.model.change import Change, Delta, Entry, Hold, Value
from reconciler.model.document import Document
from reconciler.model.entries import spread
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call
from reconciler.model.shows import by_id, shows
from reconciler.providers import rest
from reconciler.providers.omni_analytics.folder_grants import price
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS

HIS_OWN = "the owner of a folder has every right in it: he is granted nothing"


def permission_problems(kind: Kind, document: Document) -> Iterator[Problem]:
    """An entry that names nobody, and a grant to the declared owner (OA-R62)."""
    one, owner = kind.fields[PERMISSIONS], document.spec.get("owner")
    for path, item in spread(one, document.spec.get(PERMISSIONS)):
        at = document.at("spec", PERMISSIONS, *path)
        if isinstance(item, dict) and one.key_in(item) is None:
            text = f"{document.address}: this grant names neither `users` nor `groups`"
            yield Problem(at, text, "say who gets it", rule="OA-R53")
        elif isinstance(item, dict) and owner and str(item.get("users")).casefold() == str(owner).casefold():
            yield Problem(at, f"{document.address}: {HIS_OWN}", "take him out here", rule="OA-R62")


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Grants of owners taken out (OA-R62), permissions that cannot be read left alone (OA-A34), the price said."""
    asked = {str(d["address"]): d for d in live.details or ()}
    return [_reviewed(kind, c, asked.get(str(c.address))) for c in changes]


def _reviewed(kind: Kind, change: Change, detail: JsonObject | None) -> Change:
    if PERMISSIONS not in change.deltas:
        return change
    if detail is not None and change.live is not None and PERMISSIONS not in change.live.fields:
        return _left_alone(change)
    return _priced(kind, _without_owner(change), detail)


def _left_alone(change: Change) -> Change:
    """The API does not let us see the permissions, so we do not touch them; the folder itself goes on."""
    bond = change.bond
    reason = "the key may not read the permissions of this folder (403)"
    way_out = "let the key's user manage the folder, or take `permissions` out"
    kept = {n: d for n, d in change.digests.items() if not _about_permissions(n)}
    was = {n: d for n, d in (bond.digests if bond else {}).items() if _about_permissions(n)}
    ours = {PERMISSIONS: bond.entries.get(PERMISSIONS, ())} if bond else {}
    return replace(
        change,
        fields=tuple(f for f in change.fields if f.path[0] != PERMISSIONS),
        deltas={n: d for n, d in change.deltas.items() if n != PERMISSIONS},
        digests={**kept, **was},
        entries_ours={**change.entries_ours, PERMISSIONS: ours.get(PERMISSIONS, ())},
        holds=(*change.holds, Hold("forbidden", reason, way_out, final=True, only=PERMISSIONS)),
        notes=tuple(n for n in change.notes if PERMISSIONS not in n),
    )


def _about_permissions(name: str) -> bool:
    return name == PERMISSIONS or name.startswith((f"{PERMISSIONS}/", f"{PERMISSIONS}."))


def _without_owner(change: Change) -> Change:
    """Nothing is granted to the owner, and what he was granted before he became it is not revoked."""
    owner, delta = _owner(change), change.deltas[PERMISSIONS]
    declared = [e for e in (*delta.add, *delta.change, *delta.kept) if e.id == owner]
    gone = [e for e in delta.remove if e.id == owner]
    if owner is None or not (declared or gone):
        return change
    shown = {e.shown for e in (*declared, *gone)}
    holds = tuple(
        Hold("owner-grant", f"{e.shown}: {HIS_OWN}", "take him out of `permissions`", final=True, only=PERMISSIONS)
        for e in declared
    )
    left = Delta(*(tuple(e for e in part if e.id != owner) for part in _parts(delta)))
    ours = tuple(i for i in change.entries_ours.get(PERMISSIONS, ()) if i != owner)
    return replace(
        change,
        fields=tuple(f for f in change.fields if f.path[0] != PERMISSIONS or f.path[1] not in shown),
        deltas={**change.deltas, PERMISSIONS: left},
        digests={n: d for n, d in change.digests.items() if n != f"{PERMISSIONS}/{owner}"},
        entries_ours={**change.entries_ours, PERMISSIONS: ours},
        holds=(*change.holds, *holds),
        notes=(*change.notes, *(f"left in place: {e.shown} in {PERMISSIONS} (owns the folder now)" for e in gone)),
    )


def _owner(change: Change) -> Value:
    """Who owns the folder, as it is live, else as it will be made."""
    return change.live.fields.get("owner") if change.live else change.wire.get("owner")


def _parts(delta: Delta) -> tuple[tuple[Entry, ...], ...]:
    return delta.add, delta.change, delta.remove, delta.kept, delta.others


def _priced(kind: Kind, change: Change, detail: JsonObject | None) -> Change:
    """What the permissions cost, where they have to be written (OA-C13, OA-C14)."""
    calls = price(kind, change)
    if not calls:
        return change
    asked = detail["ask"] if detail is not None else None
    people = len(asked) if isinstance(asked, list) else 0
    before = people if change.live else 0
    note = (
        f"permissions cost: calls {calls}, reads {before} now, {before} just before and at most {people} after "
        f"(`lifecycle.ignore: [spec.{PERMISSIONS}]` leaves them alone)"
    )
    return replace(change, notes=(*change.notes, note))


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A grant, change or revoke of which nobody can tell may be sent again: it holds nothing but absolute values
    (OA-R64)."""
    if call.set_field is None:
        return rest.settled(kind, call, live)
    return shows(kind, call.effect, by_id(live, call.live_id)) is True
