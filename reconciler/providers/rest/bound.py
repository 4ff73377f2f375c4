"""How many writes a set of changes needs at least, from what differs alone; never from the calls themselves."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import Change, Value, Verb
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal, spoken


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """One per object to create, delete, or change in any field or in a set that goes whole, two to replace one;
    one per entry of any other set to add, change or remove; one more per circle of renames, since two things
    never share a key (OA-C4, OA-C5, OA-C12, ST-C2)."""
    writing = [c for c in changes if c.writes]
    whole = {name for name, endpoints in kind.rest.sets.items() if endpoints.whole}
    count = 0
    for change in writing:
        touched = bool(change.changed) or any(change.deltas.get(name) for name in whole)
        count += 2 if change.verb is Verb.REPLACE else change.removes or change.verb is Verb.CREATE or touched
        others = (d for name, d in change.deltas.items() if name not in whole)
        count += sum(len(d.add) + len(d.change) + len(d.remove) for d in others)
    return count + circles(kind, writing)


def _in_scope(kind: Kind, key: Json, scope: Sequence[Value]) -> str:
    return f"{list(scope) if kind.scope else ''}{spoken(normal(kind.key_field, key))}"


def circles(kind: Kind, changes: Sequence[Change]) -> int:
    """Circles in the map old key -> new key, scope by scope."""
    to = {
        _in_scope(kind, c.live.key, c.live.scope): _in_scope(kind, c.key, c.scope)
        for c in changes
        if c.live and kind.key in c.changed and not c.removes and c.verb is not Verb.REPLACE
    }
    count, seen = 0, set[str]()
    for start in to:
        trail: list[str] = []
        here = start
        while here in to and here not in seen:
            seen.add(here)
            trail.append(here)
            here = to[here]
        count += here in trail and len(trail) > 1
    return count
