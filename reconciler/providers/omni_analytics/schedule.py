"""Schedule: listed per document or all at once, changed whole; recipients, state and owner by calls of their own
(OA-R66 to OA-R85)."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.json import Json, pick
from reconciler.model.json import same as equal
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection
from reconciler.model.plan import Call, Phase
from reconciler.model.shows import by_id
from reconciler.providers import rest
from reconciler.providers.omni_analytics.schedule_asked import details, narrow, showing
from reconciler.providers.omni_analytics.schedule_calls import calls
from reconciler.providers.omni_analytics.schedule_check import check
from reconciler.providers.omni_analytics.schedule_lists import expected, reads
from reconciler.providers.omni_analytics.schedule_parse import parse
from reconciler.providers.omni_analytics.schedule_review import HALF_READ, review

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "expected",
    "narrow",
    "parse",
    "reads",
    "review",
    "same",
    "settled",
    "showing",
]


def same(field: Field, before: Json, after: Json) -> bool:
    """As far as a read shows it: of an alert its condition, of a tile that there is one (OA-R71)."""
    if field.name == "alert":
        return before is not None and equal(_when(before), _when(after))
    if field.name == "tile":
        return before is not None
    return rest.same_value(field, before, after)


def _when(alert: Json) -> Json:
    found = pick(alert, "/when")
    return found if isinstance(found, str) else None


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """OA-C16, without looking at the calls."""
    return sum(_least(change) for change in changes if change.writes)


def _least(change: Change) -> int:
    """Create: it, a pause, a transfer. Change: all that is plain in one, with a look where somebody is removed;
    else recipients added and removed; pause or resume; transfer. Delete: one. Replace: delete and create."""
    if change.removes:
        return 1
    if change.verb in (Verb.CREATE, Verb.REPLACE):
        own = 1 + (change.wire.get("paused") is True) + ("owner" in change.wire)
        return own + (change.verb is Verb.REPLACE)
    deltas = change.deltas.values()
    removed, added = any(d.remove for d in deltas), any(d.add for d in deltas)
    plain = bool(change.changed - {"paused", "owner"})
    own = 1 + removed if plain else added + removed
    return own + ("paused" in change.changed) + ("owner" in change.changed)


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """A PUT whose values no read shows is sent again, and so is whatever else this reading says nothing of: all
    but the create hold absolute values, and nothing is lost by that (OA-R82)."""
    fields = [kind.fields[name] for name in call.effect.fields]
    unseen = any(f.name in HALF_READ or f.unreadable or f.write_only for f in fields)
    verdict = rest.settled(kind, call, live)
    if call.phase is not Phase.CREATE and by_id(live, call.live_id) is not None:
        again = verdict is None or (call.phase is Phase.UPDATE and unseen)
        return False if again else verdict
    return verdict
