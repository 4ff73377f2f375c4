"""Preconditions: does live still look as the plan saw it?"""

from __future__ import annotations

from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import spoken
from reconciler.model.plan import Check
from reconciler.model.shows import CONTENTS, KEY, by_id, find, live_looks


def moved(kind: Kind, check: Check, live: Collection) -> str:
    """What no longer holds, in a sentence; empty if all is as the plan saw it. What is amiss around the thing is
    told only where it is itself as it was."""
    return _moved(kind, check, live) or next((live.amiss[i] for i in check.calls if i in live.amiss), "")


def _moved(kind: Kind, check: Check, live: Collection) -> str:
    if check.absent:
        there = find(kind, live, check.key, check.scope)
        found = [r for r in there if r.id != check.id and r.id not in check.fields]
        if found:
            return f"'{spoken(check.key)}' has appeared since the plan (id {found[0].id})"
        return "" if live.proof.complete else f"the list is not proven complete: {live.proof.by}"
    resource = by_id(live, check.id)
    if resource is None:
        return f"'{spoken(check.key)}' (id {check.id}) is live no more"
    looks = live_looks(kind, resource, check.fields, contents=check.contents)
    other = [name for name, digest in looks.items() if check.looks.get(name) != digest]
    if KEY in other:
        return f"'{spoken(check.key)}' is now called '{spoken(resource.key)}'"
    what = ", ".join("what it contains" if name == CONTENTS else name for name in other)
    return f"'{spoken(check.key)}' has changed since the plan ({what})" if other else ""
