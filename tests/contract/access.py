"""What is derived of access, as rows that a twin's own evaluation can be compared with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from reconciler.access import Question
from reconciler.model.access import AccessChange, Listing, Sort
from reconciler.model.recorded import Recorded
from reconciler.workflow.access import answered, looked_up
from tests.world import World, catalog

Row = tuple[str, str, str, str]
"""Who, role, kind, name of the object."""


def who_can(w: World, target: str) -> set[Row]:
    """The twin's own evaluation, from its state."""
    twin = w.twins[target]
    name = f"reconciler.twins.{twin.provider.replace('-', '_')}.who_can"
    found: Callable[[Any], set[Row]] = import_module(name).who_can
    return found(twin)


def live(w: World, **words: str) -> Listing:
    return asyncio.run(looked_up(w.setup(), Question(asked="live", **words)))


def both(w: World, **words: str) -> Listing:
    return asyncio.run(looked_up(w.setup(), Question(asked="both", **words)))


def manifests(w: World, **words: str) -> Listing:
    return answered(Question(asked="manifests", **words), w.setup().desired, None, Recorded(), catalog())


def rows(listing: Listing, target: str) -> set[Row]:
    """What the listing says, in the words of `who_can`. Groups are in no row."""
    found: set[Row] = set()
    for one in listing.rows:
        if one.gives and one.principal.sort is not Sort.GROUP and one.target == target:
            who = one.principal.name if one.principal.sort is Sort.PLACE else one.principal.name.casefold()
            found.add((who, one.role, one.object.kind, one.object.name))
    return found


def changed(changes: Iterable[AccessChange], *, gains: bool) -> set[Row]:
    """What a plan says that is gained or lost, but for what is held and what stands in other objects."""
    told = [c for c in changes if c.gains == gains and not c.held and c.sort is not Sort.GROUP]
    names = {c: [w if c.sort is Sort.PLACE else w.casefold() for w in c.who] for c in told}
    return {(who, c.role, c.object.kind, c.object.name) for c in told for who in names[c]}


def of(found: Iterable[Row], *kinds: str) -> set[Row]:
    return {row for row in found if row[2] in kinds}
