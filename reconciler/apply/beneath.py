"""What lies beneath a thing of a tree goes along when that is renamed or moved. The ledger is told so also of what
no document declares any more: where it lay, nobody would find it, and it would pass for gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.apply.look import Kinds
from reconciler.model.document import Address
from reconciler.model.json import Json
from reconciler.model.normalise import segments
from reconciler.model.plan import Plan
from reconciler.model.record import replace
from reconciler.model.recorded import Bond


def moves(plan: Plan, kinds: Kinds) -> bool:
    """Whether anything of a plan may have led something else away."""
    return any(a.calls and a.bond is not None and kinds.trees(a.address) for a in plan.actions)


def moved_along(kinds: Kinds, before: Mapping[Address, Bond], now: Mapping[Address, Bond]) -> Iterator[Bond]:
    """The bonds of what lies beneath, under the chains of names that it has now. `before`, `now`: what the ledger
    knew when the run began, and knows by now; whatever it was told of a thing itself counts."""
    moved: dict[tuple[str, ...], tuple[str, ...]] = {}
    for address, bond in now.items():
        was = before.get(address)
        if was is not None and was.id == bond.id and was.key != bond.key:
            for tree in kinds.trees(address):
                moved[(address.target, tree, *_chain(was.key))] = _chain(bond.key)
    for address, bond in now.items() if moved else ():
        was = before.get(address)
        if was is not None and was.key == bond.key and address.kind in kinds.trees(address):
            names = _chain(bond.key)
            above = (
                n for n in range(len(names) - 1, 0, -1) if (address.target, address.kind, *names[:n]) in moved
            )
            if (n := next(above, 0)) > 0:
                there = moved[(address.target, address.kind, *names[:n])]
                yield replace(bond, key=list[Json]([*there, *names[n:]]))


def _chain(key: Json) -> tuple[str, ...]:
    names = segments(key) if isinstance(key, list) else [key]
    return tuple(map(str, names)) if isinstance(names, list) else ()
