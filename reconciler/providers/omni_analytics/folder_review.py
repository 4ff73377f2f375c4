"""What is never granted or revoked, what may not be asked, and what the permissions of a folder cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Value
from reconciler.model.document import Document
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.model.shows import by_id, shows
from reconciler.providers import rest
from reconciler.providers.omni_analytics.folder_grants import price
from reconciler.providers.omni_analytics.folder_permissions import PERMISSIONS
from reconciler.providers.omni_analytics.grants import hidden
from reconciler.providers.omni_analytics.grants_review import (
    grant_problems,
    left_alone,
    without_account,
    without_owner,
)
from reconciler.providers.omni_analytics.own import account_of

FOLDER: Final = "folder"


def permission_problems(kind: Kind, document: Document) -> Iterator[Problem]:
    """An entry that names nobody, and a grant to the declared owner (OA-R62)."""
    yield from grant_problems(kind, document, FOLDER)


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Grants of owners taken out (OA-R62), permissions that cannot be read left alone (OA-A34), the price said."""
    asked = {str(d["address"]): d for d in live.details or ()}
    return [_reviewed(kind, c, asked.get(str(c.address))) for c in changes]


def _reviewed(kind: Kind, change: Change, detail: JsonObject | None) -> Change:
    if PERMISSIONS not in change.deltas:
        return change
    if detail is not None and change.live is not None and PERMISSIONS not in change.live.fields:
        return _left_alone(change)
    if account := account_of(change.settings):
        change = without_account(change, account)
    return _priced(kind, without_owner(change, _owner(change), FOLDER), detail)


def _left_alone(change: Change) -> Change:
    """The API does not let us see the permissions, so we do not touch them; the folder itself goes on."""
    reason = "the key may not read the permissions of this folder (403)"
    way_out = "let the key's user manage the folder, or take `permissions` out"
    return left_alone(change, Hold("forbidden", reason, way_out, final=True, only=PERMISSIONS))


def _owner(change: Change) -> Value:
    """Who owns the folder, as it is live, else as it will be made."""
    return change.live.fields.get("owner") if change.live else change.wire.get("owner")


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
    """A grant, change or revoke that a reading does not show may be sent again: it holds nothing but absolute
    values. Where no reading may ask, nobody can tell (OA-R64)."""
    if call.set_field is None:
        return rest.settled(kind, call, live)
    if hidden(call, live):
        return None
    return shows(kind, call.effect, by_id(live, call.live_id)) is True
