"""Rows with what all of them together tell: which side says so, the highest role, what a thing is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from reconciler.access.facts import Facts, Grant, Thing
from reconciler.model.access import Row
from reconciler.model.catalog import Catalog
from reconciler.model.kind import Kind
from reconciler.model.record import Record, replace

RowKey: TypeAlias = "tuple[Thing, Grant, Thing]"
"""Who has it, by which grant, on what."""


class Sides(Record, frozen=True):
    """What manifests say and what was read, None where that was not asked."""

    mine: Facts | None
    theirs: Facts | None

    def title(self, thing: Thing) -> str:
        """As it is called live, else as manifests call it."""
        told = (side.titles.get(thing, "") for side in (self.theirs, self.mine) if side is not None)
        return next(filter(None, told), "")


def finished(
    found: Mapping[RowKey, Row], sides: Sides, orders: Mapping[tuple[str, str], Sequence[str]]
) -> Iterator[Row]:
    """The rows with both sides' word, and with the highest role of each principal on each object marked. None is
    where one stands beside it that is in no order: nobody can tell whether that is higher."""
    highest: dict[tuple[Thing, Thing], int] = {}
    beside: set[tuple[Thing, Thing]] = set()
    for (who, grant, on), row in found.items():
        if (rank := _rank(grant, on, orders)) is not None and row.gives:
            highest[who, on] = max(rank, highest.get((who, on), -1))
        elif rank is None and row.gives:
            beside.add((who, on))
    for (who, grant, on), row in found.items():
        rank = _rank(grant, on, orders)
        top = None if rank is None or (who, on) in beside else row.gives and rank == highest.get((who, on))
        yield replace(
            row,
            object=replace(row.object, title=sides.title(on)),
            declared=bool(row.declared) if sides.mine is not None else None,
            live=bool(row.live) if sides.theirs is not None else None,
            highest=top,
        )


def _rank(grant: Grant, on: Thing, orders: Mapping[tuple[str, str], Sequence[str]]) -> int | None:
    roles = orders.get((on.target, on.kind), ())
    return roles.index(grant.role) if grant.role in roles else None


def orders_of(catalog: Catalog, providers: Mapping[str, str]) -> dict[tuple[str, str], Sequence[str]]:
    def kinds(provider: str) -> Iterator[Kind]:
        return (k for k in catalog.of(provider) if k.access.roles)

    return {(t, k.name): k.access.roles for t, provider in providers.items() for k in kinds(provider)}
