"""The delete rule: what goes, goes upward, and after whatever has to leave it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.model.change import Change
from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Phase, Role
from reconciler.model.record import replace

Thing: TypeAlias = "tuple[str, str, str | None]"
"""(target, kind, id), as far as it is known."""
Kinds: TypeAlias = "Mapping[tuple[str, str], Kind]"
"""(target, name of the kind) -> the kind."""


def delete_rule(calls: Sequence[Call], changes: Mapping[Address, Change], kinds: Kinds) -> list[Call]:
    """Deletes go upward, after every other write of their scope has succeeded: their own kind, and the kinds that
    refer to it. A delete that frees a name for another call is the exception; and what goes along with the thing,
    after its delete, is not waited for by it."""
    children = _children(calls, changes)
    frees = _freeing(calls, children)
    scopes: dict[tuple[str, str], frozenset[str]] = {}
    found = []
    for call in calls:
        if call.phase is Phase.DELETE and not call.contingent:
            after = call.after | children.get(_thing(call), frozenset())
            at = (call.target, call.kind)
            if at not in scopes and call.id not in frees:
                scopes[at] = _scope(call, calls, kinds)
            waits = frozenset() if call.id in frees else scopes[at]
            waits = but(waits, after)
            found.append(replace(call, after=after, waits=call.waits | waits if call.waits else waits))
        else:
            found.append(call)
    return found


def _freeing(calls: Sequence[Call], children: Mapping[Thing, frozenset[str]]) -> set[str]:
    """The deletes that free a name for another call, and those that have to go before them."""
    deletes = {c.id: c for c in calls if c.phase is Phase.DELETE}
    left = [i for c in calls if c.phase is not Phase.DELETE for i in c.after if i in deletes]
    found = set[str]()
    while left:
        here = left.pop()
        if here not in found:
            found.add(here)
            first = deletes[here].after | children.get(_thing(deletes[here]), frozenset())
            left += [i for i in first if i in deletes]
    return found


def _thing(call: Call) -> Thing:
    return call.target, call.kind, call.live_id


def _children(calls: Sequence[Call], changes: Mapping[Address, Change]) -> dict[Thing, frozenset[str]]:
    """Live thing -> the deletes of what lies in it."""
    found: dict[Thing, set[str]] = {}
    for call in calls:
        change = changes.get(call.address)
        parent = change.live.parent if change and change.live else None
        if call.phase is Phase.DELETE and parent is not None:
            found.setdefault((call.target, call.kind, parent), set()).add(call.id)
    return {thing: frozenset(ids) for thing, ids in found.items()}


def _scope(call: Call, calls: Sequence[Call], kinds: Kinds) -> frozenset[str]:
    refer = {name for (target, name), kind in kinds.items() if target == call.target and _refers(kind, call.kind)}
    near = {call.kind} | refer
    carriers = {c.carrier for c in calls}
    along = _behind(call, calls)
    return frozenset(
        c.id
        for c in calls
        if c.target == call.target
        and c.role is Role.WRITE
        and c.id not in carriers
        and c.kind in near
        and (c.phase is not Phase.DELETE or (c.kind != call.kind and c.id not in along))
    )


def _behind(call: Call, calls: Sequence[Call]) -> set[str]:
    """The deletes that come after one of the kind of this, or after what one of this kind comes after itself: they
    go along with it, or beside it, and it cannot wait for them."""
    followers: dict[str, list[str]] = {}
    deletes = [c for c in calls if c.phase is Phase.DELETE and c.target == call.target]
    for one in deletes:
        for before in one.after:
            followers.setdefault(before, []).append(one.id)
    found, left = set[str](), [i for c in deletes if c.kind == call.kind for i in (c.id, *c.after)]
    while left:
        fresh = [i for i in followers.get(left.pop(), ()) if i not in found]
        found.update(fresh)
        left += fresh
    return found


def _refers(kind: Kind, to: str) -> bool:
    fields = [*kind.fields.values(), *(s for f in kind.fields.values() for s in f.entries.values())]
    return any(to in (f.ref, f.mentions) for f in fields)


def but(ids: frozenset[str], others: frozenset[str]) -> frozenset[str]:
    """The very same set where nothing is to be taken out of it."""
    return ids if ids.isdisjoint(others) else ids - others
