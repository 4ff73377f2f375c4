"""Where components lie and are to lie: circles that must never arise, and which move has to go before which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.live import Collection
from reconciler.model.record import Record


def node(value: Value) -> str:
    """A component in the tree: its id, or the address of one that is yet to be created."""
    return str(value["$id"]) if isinstance(value, dict) and "$id" in value else str(value)


def own_node(change: Change) -> str:
    return change.live.id if change.live else str(change.address)


def stopped(change: Change) -> bool:
    """Whether a hold keeps the change for good."""
    return any(h.final and not h.only for h in change.holds)


def goes(change: Change) -> bool:
    """Whether the change puts a component into another place, or into its first."""
    return not stopped(change) and (change.verb is Verb.CREATE or "parent" in change.changed)


def root_to_come(space: Value) -> Value | None:
    """The root of a space that the same plan creates: a look after that create tells its id (CM-C3)."""
    made = space.get("$id") if isinstance(space, dict) else None
    return None if made is None else {"$from": {"call": f"{made}#root", "path": "/id"}}


class Forest(Record, frozen=True):
    """What everything lies in, now and once all changes are made; and which changes put something somewhere."""

    now: Mapping[str, str | None]
    then: Mapping[str, str | None]
    goers: Mapping[str, Change]

    def above(self, start: str | None) -> Iterator[str]:
        """The chain upwards as it is to be, `start` first; it ends where it comes round."""
        seen = set[str]()
        here = start
        while here is not None and here not in seen:
            seen.add(here)
            yield here
            here = self.then.get(here)

    def may_lie_in(self, start: str | None, other: str) -> bool:
        """Whether some order of the moves would, for a moment, put `start` beneath `other`."""
        seen, left = set[str](), [start]
        while left:
            here = left.pop()
            if here == other:
                return True
            if here is not None and here not in seen:
                seen.add(here)
                left += [self.now.get(here), self.then.get(here)]
        return False


def forest(changes: Sequence[Change], live: Collection) -> Forest:
    """The tree of all spaces, with every change that is not stopped."""
    now = {r.id: r.parent for r in live.resources}
    goers = {own_node(c): c for c in changes if goes(c)}
    then: dict[str, str | None] = {**now, **{at: node(c.parent) for at, c in goers.items()}}
    return Forest(now, then, goers)


def turning(trees: Forest) -> set[str]:
    """Every component that would lie beneath itself."""
    return {at for at in trees.goers if at in set(trees.above(trees.then[at]))}


def needed(changes: Sequence[Change], live: Collection) -> dict[Address, frozenset[Address]]:
    """What each change must not go without. A move: the moves above its new place, if it could otherwise get
    beneath itself on the way (CM-R30, CM-R35). A delete: the moves out of it (CM-R31)."""
    trees = forest(changes, live)
    found: dict[Address, frozenset[Address]] = {}
    for at, change in trees.goers.items():
        if change.live is not None and trees.may_lie_in(trees.then[at], at):
            above = (trees.goers.get(one) for one in trees.above(trees.then[at]))
            found[change.address] = frozenset(c.address for c in above if c and c is not change)
    for change in changes:
        if change.verb is Verb.DELETE and change.live is not None:
            leaving = (c.address for c in changes if c.live and c.live.parent == change.live.id and goes(c))
            found[change.address] = frozenset(leaving)
    return found
