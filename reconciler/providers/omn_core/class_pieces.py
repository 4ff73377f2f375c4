"""The changes of classifications, nodes and attributes, as what is written of the tree and what goes from it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.normalise import segments
from reconciler.model.record import Record, field
from reconciler.providers.omn_core.class_list import Chain

CLASS, NODE, ATTRIBUTE = "Classification", "ClassificationNode", "NodeAttribute"
ANEW = Verb.REPLACE


def chain(value: Json) -> Chain:
    """A path, however it is written."""
    names = segments(value)
    return tuple(map(str, names)) if isinstance(names, list) else ()


def at(change: Change) -> Chain:
    """The node that a change writes to; of a classification its root node."""
    if change.address.kind == CLASS:
        return (str(change.key),)
    return chain(change.key) if change.address.kind == NODE else chain(change.scope[0] if change.scope else None)


def live_at(change: Change) -> Chain:
    """The node as it is live; empty where there is none."""
    if change.live is None:
        return ()
    if change.address.kind == CLASS:
        return (str(change.live.key),)
    return chain(change.live.key if change.address.kind == NODE else change.live.fields.get("node"))


def written(change: Change) -> bool:
    """Whether it goes into a persist."""
    return change.writes and not change.removes


def doomed(change: Change) -> bool:
    """Whether its live thing is deleted, for good or to be made anew."""
    return change.live is not None and change.writes and change.verb in (Verb.DELETE, ANEW)


def creates(change: Change) -> bool:
    return written(change) and (change.live is None or change.verb is ANEW)


def rooting(change: Change) -> bool:
    """Whether its root node comes with it: a new classification, or one that lacks it (OC-R66)."""
    return change.address.kind == CLASS and written(change) and (creates(change) or "rooted" in change.changed)


class Doomed(Record):
    """What is deleted by itself, and what goes along with what it stands in (OC-R76, OC-R77)."""

    classes: list[Change] = field(default_factory=list)
    nodes: list[Change] = field(default_factory=list)
    attributes: list[Change] = field(default_factory=list)
    along: dict[str, list[Change]] = field(default_factory=dict)

    def add(self, change: Change, owner: Change | None) -> None:
        if owner is not None:
            self.along.setdefault(str(owner.address), []).append(change)
        else:
            own = {CLASS: self.classes, NODE: self.nodes, ATTRIBUTE: self.attributes}
            own[change.address.kind].append(change)


def doomed_ones(changes: Sequence[Change]) -> Doomed:
    """All that goes: the nodes the deepest first."""
    going = [c for c in changes if doomed(c)]
    classes = {live_at(c)[0]: c for c in going if c.address.kind == CLASS}
    nodes = {live_at(c): c for c in going if c.address.kind == NODE}
    found = Doomed()
    for change in sorted(going, key=lambda c: (-len(live_at(c)), live_at(c), c.address)):
        above = classes.get(live_at(change)[0]) if change.address.kind != CLASS else None
        owner = above or (nodes.get(live_at(change)) if change.address.kind == ATTRIBUTE else None)
        found.add(change, owner)
    return found


def early(changes: Sequence[Change]) -> frozenset[Address]:
    """What goes before anything is written (OC-R73): what is made anew, what stands where something is made, and
    the nodes beneath such a node."""
    going = [c for c in changes if doomed(c)]
    in_the_way = {*freed(changes).values()}
    first = [c for c in going if c.verb is ANEW or c.address in in_the_way]
    tops = {live_at(c) for c in first if c.address.kind == NODE}
    beneath = [c for c in going if c.address.kind == NODE and _beneath(live_at(c), tops)]
    return frozenset(c.address for c in (*first, *beneath))


def freed(changes: Sequence[Change]) -> dict[Address, Address]:
    """What is made where another one stands that goes -> that one."""
    made = {_place(c, at(c), c.key): c.address for c in changes if creates(c) and c.address.kind != CLASS}
    going = [(c, _place(c, live_at(c), c.live.key)) for c in changes if doomed(c) and c.live is not None]
    return {made[where]: c.address for c, where in going if made.get(where, c.address) != c.address}


def _place(change: Change, where: Chain, key: Json) -> tuple[str, Chain, str]:
    """Where a thing stands, as nothing else of its kind does."""
    return change.address.kind, where, str(key) if change.address.kind == ATTRIBUTE else ""


def _beneath(own: Chain, tops: Container[Chain]) -> bool:
    return any(own[:n] in tops for n in range(1, len(own)))


def split(changes: Sequence[Change], first: Container[Address]) -> tuple[list[Change], list[Change]]:
    """Those that go before anything is written, and the others."""
    return [c for c in changes if c.address in first], [c for c in changes if c.address not in first]


class Unit(Record):
    """What counts as one in a request: a node, itself or by its attributes; or a classification by itself. `chain`
    of one name: the root node or, where `node` is False, just the classification."""

    chain: Chain
    node: bool
    changes: list[Change] = field(default_factory=list)


def units(changes: Sequence[Change]) -> list[Unit]:
    """All that is written, classification by classification, parents first. A classification goes with the first
    of its nodes, if there is one."""
    found: dict[Chain, Unit] = {}
    classes = sorted((c for c in changes if c.address.kind == CLASS and written(c)), key=lambda c: str(c.key))
    for change in (c for c in changes if c.address.kind != CLASS and written(c)):
        found.setdefault(at(change), Unit(at(change), node=True)).changes.append(change)
    firsts = first_nodes(found)
    for change in classes:
        own = at(change)
        if rooting(change):
            found.setdefault(own, Unit(own, node=True)).changes.insert(0, change)
        elif own[0] in firsts:
            found[firsts[own[0]]].changes.insert(0, change)
        else:
            found[own] = Unit(own, node=False, changes=[change])
    return [found[one] for one in sorted(found)]


def first_nodes(chains: Mapping[Chain, object]) -> dict[str, Chain]:
    """Classification -> the first of its nodes that is written."""
    firsts: dict[str, Chain] = {}
    for one in sorted(chains):
        firsts.setdefault(one[0], one)
    return firsts


def standing(changes: Sequence[Change]) -> Iterator[Change]:
    """What stays, or comes."""
    return (c for c in changes if c.verb is not Verb.DELETE)
