"""Whether a call whose answer never came has happened, from a fresh reading."""

from __future__ import annotations

from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.plan import Call, Phase
from reconciler.model.shows import by_id, find, shows, still_live


def settled(kind: Kind, call: Call, live: Collection) -> bool | None:
    """Live shows the call's effect or it does not; None where the listing proves nothing or hides the field.

    The effect's values must be resolved. A create counts as done only if exactly one thing bears its key: the
    plan had made sure that none did. Of a kind that no read can find nobody can tell.
    """
    if call.phase is Phase.CREATE and not kind.findable:
        return None
    if call.phase is Phase.CREATE:
        found = find(kind, live, call.effect.key, call.effect.scope)
        if len(found) > 1:
            return None
        return True if found else (False if live.proof.complete else None)
    resource = by_id(live, call.becomes) if call.becomes else None
    resource = resource or (still_live(kind, live, call.live_id) if call.live_id else None)
    if resource is None and not live.proof.complete:
        return None
    return shows(kind, call.effect, resource)
