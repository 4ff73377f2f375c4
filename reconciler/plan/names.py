"""Names that pass from one thing to another: whoever takes one waits with the thing that cannot let go of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.record import replace

Name: TypeAlias = "tuple[str, str, str]"
Kinds: TypeAlias = "Callable[[Change], Kind]"
BEARING: Final = (Verb.CREATE, Verb.REPLACE, Verb.DELETE)
"""What is done to a thing that lets go of its name or takes one, whatever changes of it besides."""


def held_by_names(changes: Sequence[Change], kind_of: Kinds) -> list[Change]:
    """Every taker of a name whose bearer's own rename or delete is held for good is held too; and so on down the
    line. A hold that can be lifted is left to the edge between the two calls."""
    found = list(changes)
    touched = [(i, c) for i, c in enumerate(found) if c.changed or c.verb in BEARING]
    leaving = ((i, c, c.live) for i, c in touched if c.live and _leaves(kind_of(c), c))
    leavers = {_left(kind_of(c), c, live): i for i, c, live in leaving if kind_of(c).findable}
    takers = {_taken(kind_of(c), c): i for i, c in touched if _takes(kind_of(c), c)}
    queue = [name for name, i in leavers.items() if _final(found[i])]
    while queue:
        name = queue.pop()
        taker, leaver = takers.get(name), found[leavers[name]]
        if taker is None or taker == leavers[name] or _final(found[taker]):
            continue
        found[taker] = _waiting(found[taker], leaver)
        live = found[taker].live
        if live is not None:
            queue.append(_left(kind_of(found[taker]), found[taker], live))
    return found


def _waiting(change: Change, leaver: Change) -> Change:
    reason = f"{leaver.address} is held, and it bears the name '{spoken(change.key)}'"
    hold = Hold("depends-on", reason, f"mend {leaver.address} first", final=True)
    return replace(change, holds=(*change.holds, hold))


def _leaves(kind: Kind, change: Change) -> bool:
    return change.verb in (Verb.DELETE, Verb.REPLACE) or _anew(kind, change)


def _takes(kind: Kind, change: Change) -> bool:
    return change.verb is Verb.CREATE or (change.live is not None and _anew(kind, change))


def _anew(kind: Kind, change: Change) -> bool:
    """Whether a thing gets another name, or is moved among others."""
    return not change.changed.isdisjoint((kind.key, *kind.scope))


def _final(change: Change) -> bool:
    return any(h.final and not h.only for h in change.holds)


def _left(kind: Kind, change: Change, live: Resource) -> Name:
    """The name that a live thing bears now."""
    return _name(kind, change, live.key, _within(kind, live.parent, live.scope))


def _taken(kind: Kind, change: Change) -> Name:
    """The name that a thing is to bear."""
    return _name(kind, change, change.key, _within(kind, change.parent, change.scope))


def _within(kind: Kind, parent: Json, scope: Sequence[Json]) -> list[Json]:
    """What a name is one among the names of: in a tree what lies in one thing, or right beneath one root."""
    return [*([parent] if kind.tree else []), *scope]


def _name(kind: Kind, change: Change, key: Json, within: list[Json]) -> Name:
    """A name is one among the things of one scope; in a tree, among those that lie in one."""
    text = normal(kind.key_field, key)
    last = text[-1:] if kind.tree and isinstance(text, list) else text
    return change.address.target, kind.name, canonical([within, last])
