"""How many writes a set of changes needs at least, from what differs alone; never from the calls themselves."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal, spoken


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """One per object to create, delete, or change in any field; one per entry to add, change or remove; one more
    per circle of renames, since two things never share a key (OA-C4, OA-C5, ST-C2)."""
    writing = [c for c in changes if c.writes]
    objects = sum(c.verb in (Verb.CREATE, Verb.DELETE) or bool(c.changed) for c in writing)
    entries = sum(len(d.add) + len(d.change) + len(d.remove) for c in writing for d in c.deltas.values())
    return objects + entries + circles(kind, writing)


def circles(kind: Kind, changes: Sequence[Change]) -> int:
    """Circles in the map old key -> new key."""
    to = {
        spoken(normal(kind.key_field, c.live.key)): spoken(normal(kind.key_field, c.key))
        for c in changes
        if c.live and kind.key in c.changed and c.verb is not Verb.DELETE
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
