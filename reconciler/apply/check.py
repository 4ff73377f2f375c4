"""Preconditions: does live still look as the plan saw it?"""

from __future__ import annotations

from reconciler.model.json import same
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import normal, spoken
from reconciler.model.plan import Check
from reconciler.model.shows import by_id, find, live_digest


def moved(kind: Kind, check: Check, live: Collection) -> str:
    """What no longer holds, in a sentence; empty if all is as the plan saw it."""
    if check.absent:
        found = [r for r in find(kind, live, check.key) if r.id != check.id and r.id not in check.fields]
        if found:
            return f"'{spoken(check.key)}' has appeared since the plan (id {found[0].id})"
        return "" if live.proof.complete else f"the list is not proven complete: {live.proof.by}"
    resource = by_id(live, check.id)
    if resource is None:
        return f"'{spoken(check.key)}' (id {check.id}) is live no more"
    if live_digest(kind, resource, check.fields, contents=check.contents) == check.digest:
        return ""
    if not same(normal(kind.key_field, resource.key), normal(kind.key_field, check.key)):
        return f"'{spoken(check.key)}' is now called '{spoken(resource.key)}'"
    what = ", ".join(check.fields) or "what it contains"
    return f"'{spoken(check.key)}' has changed since the plan ({what})"
