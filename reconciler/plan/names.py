"""Names that pass from one thing to another: whoever takes one waits with the thing that cannot let go of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeAlias

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal, spoken

Name: TypeAlias = "tuple[str, str, str]"
Kinds: TypeAlias = "Callable[[Change], Kind]"


def held_by_names(changes: Sequence[Change], kind_of: Kinds) -> list[Change]:
    """Every taker of a name whose bearer's own rename or delete is held for good is held too; and so on down the
    line. A hold that can be lifted is left to the edge between the two calls."""
    found = list(changes)
    leaving = ((i, c, c.live) for i, c in enumerate(found) if c.live and _leaves(kind_of(c), c))
    leavers = {_name(kind_of(c), c, live.key): i for i, c, live in leaving}
    takers = {_name(kind_of(c), c, c.key): i for i, c in enumerate(found) if _takes(kind_of(c), c)}
    queue = [name for name, i in leavers.items() if _final(found[i])]
    while queue:
        name = queue.pop()
        taker, leaver = takers.get(name), found[leavers[name]]
        if taker is None or taker == leavers[name] or _final(found[taker]):
            continue
        found[taker] = _waiting(found[taker], leaver)
        live = found[taker].live
        if live is not None:
            queue.append(_name(kind_of(found[taker]), found[taker], live.key))
    return found


def _waiting(change: Change, leaver: Change) -> Change:
    reason = f"{leaver.address} is held, and it bears the name '{spoken(change.key)}'"
    hold = Hold("depends-on", reason, f"mend {leaver.address} first", final=True)
    return replace(change, holds=(*change.holds, hold))


def _leaves(kind: Kind, change: Change) -> bool:
    return change.verb is Verb.DELETE or kind.key in change.changed


def _takes(kind: Kind, change: Change) -> bool:
    return change.verb is Verb.CREATE or (change.live is not None and kind.key in change.changed)


def _final(change: Change) -> bool:
    return any(h.final and not h.only for h in change.holds)


def _name(kind: Kind, change: Change, key: Json) -> Name:
    return change.address.target, kind.name, canonical(normal(kind.key_field, key))
