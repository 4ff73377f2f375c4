"""A change of owner, and what it does to grants: the new one needs one before, the previous one has one after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.model.change import ENTRY, Change, Delta, Entry, FieldChange, Hold, Reason, Value
from reconciler.model.json import ABSENT, Json
from reconciler.model.kind import Kind
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.folder_permissions import NO_ACCESS, PERMISSIONS
from reconciler.providers.omni_analytics.folder_whom import ROLES
from reconciler.providers.omni_analytics.grants import BOOST, Grant, Work, shown

OWNER: Final = "owner"
MANAGER: Final = "MANAGER"
UNRESOLVED: Final = "unresolved"
LEAST: Final = "VIEWER"
"""The role of a grant that is only there so that the ownership can be transferred."""


def previous(change: Change) -> str | None:
    """Who owns the document as it is live, if it is about to be transferred (OA-R110)."""
    owner = change.live.fields.get(OWNER) if change.live and OWNER in change.changed else None
    return owner if isinstance(owner, str) else None


def present(kind: Kind, change: Change) -> dict[str, Json]:
    """The grants that are there when grants are changed and revoked: those shown, and that of the previous owner,
    who is made MANAGER by the transfer (OA-R110)."""
    found, was = shown(kind.fields[PERMISSIONS], change), previous(change)
    return found | ({was: {"users": was, "role": MANAGER, BOOST: False}} if was else {})


def _own_grant(kind: Kind, change: Change) -> str | None:
    """The role that the new owner has by now; None where no list shows any."""
    owner = change.wire.get(OWNER)
    held = shown(kind.fields[PERMISSIONS], change).get(owner) if isinstance(owner, str) else None
    return str(held.get("role")) if isinstance(held, dict) else None


def with_way_in(kind: Kind, change: Change, needed: Work) -> tuple[Work, Work]:
    """What is to be done, with a grant for the new owner where he has none: along with others, of the roles that
    are granted the least, else as VIEWER in a call of its own. And, where he has NO_ACCESS, which lets nobody in,
    the change of that, to be made before (OA-R110)."""
    has = _own_grant(kind, change)
    if OWNER not in change.changed or has not in (None, NO_ACCESS):
        return needed, Work()
    entry = Entry("the new owner", change.wire[OWNER])
    if has is not None:
        return needed, Work(changes=(Grant(entry, "users", LEAST, boost=False),))
    going = [g.together for g in needed.grants if g.role != NO_ACCESS]
    role, boost = min(going, key=lambda at: (ROLES.index(at[0]), at[1]), default=(LEAST, False))
    return replace(needed, grants=(*needed.grants, Grant(entry, "users", role, boost))), Work()


def way_in(kind: Kind, change: Change) -> int:
    """How many calls more that takes: one, unless somebody is granted a role anyhow (OA-C21)."""
    has = _own_grant(kind, change)
    if OWNER not in change.changed or has not in (None, NO_ACCESS):
        return 0
    live = shown(kind.fields[PERMISSIONS], change)
    delta = change.deltas.get(PERMISSIONS, Delta())
    coming = [e for e in (*delta.add, *delta.change) if not (isinstance(e.id, str) and e.id in live)]
    alone = all(e.id == previous(change) or e.wire.get("role") == NO_ACCESS for e in coming)
    return int(alone or has is not None)


def reviewed(kind: Kind, change: Change) -> Change:
    """The previous owner's grant as the transfer will leave it: changed to what is declared for him, revoked where
    nothing is and the set is exact, else left (OA-R111)."""
    was, delta = previous(change), change.deltas.get(PERMISSIONS)
    if was is None or delta is None:
        return change
    own = next((e for e in delta.add if e.id == was), None)
    if own is not None:
        rest = tuple(e for e in delta.add if e is not own)
        stays = own.wire.get("role") == MANAGER and own.wire.get(BOOST) is not True
        kept = (*delta.kept, own) if stays else delta.kept
        turned = delta.change if stays else (*delta.change, own)
        return _with(change, replace(delta, add=rest, kept=kept, change=turned))
    if any(e.id == was for e in (*delta.change, *delta.kept)) or _additive(kind, change):
        return change
    name = change.live.names.get(was, was) if change.live else was
    entry = Entry(name, was, {"users": was})
    gone = FieldChange((PERMISSIONS, name), {"role": MANAGER}, ABSENT, Reason.INTENT, access=True)
    with_gone = replace(change, fields=(*change.fields, gone), holds=tuple(map(_removing, change.holds)))
    return _with(with_gone, replace(delta, remove=(*delta.remove, entry)))


def _removing(hold: Hold) -> Hold:
    """The hold of grants that name nobody keeps removals back as soon as there is one: he whom nobody knows may be
    he who would be revoked. The comparison, which knew of none, has said no more than what is left out."""
    own = (hold.rule, hold.only) == (UNRESOLVED, ENTRY) and hold.reason.startswith(f"{PERMISSIONS}: ")
    return replace(hold, only="remove") if own else hold


def _with(change: Change, delta: Delta) -> Change:
    return replace(change, deltas={**change.deltas, PERMISSIONS: delta})


def _additive(kind: Kind, change: Change) -> bool:
    spec: Mapping[str, Json] = change.document.spec if change.document else {}
    mode = f"{PERMISSIONS}Mode"
    return spec.get(mode, kind.default(mode)) == "additive"


def final_owner(change: Change) -> Value:
    """Who owns the document in the end."""
    if OWNER in change.changed:
        return change.wire[OWNER]
    return change.live.fields.get(OWNER) if change.live else None
