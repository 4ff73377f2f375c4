"""How many writes the changes of keywords need at least: OC-C2, from what differs alone, never from the calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from math import ceil

from reconciler.model.change import Change
from reconciler.model.kind import Kind
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.piece import Piece, Slot, Values, pieces, slots
from reconciler.providers.omn_core.riders import BATCH


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """`[persisted] + [moved] + [deleted] + [waiting] + [freeing]`, each per batch (OC-C2): everything persisted at
    once before the moves, or after them, or in two parts, whichever takes least."""
    forest = Forest(pieces(kind, changes))
    in_parts = _cost(forest, {s for p in forest.pieces for s in _takes(p.into, p.will, p)}, parts=2)
    ways = [_before_the_moves(forest), _after_the_moves(forest), in_parts]
    return min(way for way in ways if way is not None)


def _cost(forest: Forest, wanted: set[Slot], parts: int = 1) -> int:
    """The requests of one way. `wanted`: the values that somebody takes on it."""
    early, aside = _giving_up(forest, wanted)
    doomed = sum(p.doomed for p in forest.pieces)
    persisted = sum(p.created or p.spoken for p in forest.pieces) + len(aside)
    moved = sum(p.moved for p in forest.pieces)
    others = sum(ceil(n / BATCH) for n in (len(early), moved, doomed - len(early)))
    return others + max(ceil(persisted / BATCH), parts if parts > 1 else 0)


def _giving_up(forest: Forest, wanted: set[Slot]) -> tuple[set[str], list[Piece]]:
    """Who is deleted early for its value, and who gives it up otherwise, since its branch is still needed
    (OC-R31)."""
    giving = [d for d in forest.pieces if d.doomed and slots(d.out_of, d.was) & wanted]
    early = {p.name for d in giving if forest.untouched(d) for p in forest.branch(d)}
    return early, [d for d in giving if d.name not in early]


def _before_the_moves(forest: Forest) -> int | None:
    """What it takes if one persist suffices, before anything moves; None if it does not (OC-R27)."""
    writing = [p for p in forest.pieces if p.created or p.spoken]
    takes = {p.name: _takes(p.into if p.created else p.out_of, p.will, p) for p in writing}
    if any(p.nested and forest.renamed_above(p) for p in writing) or _twice(takes):
        return None
    gives = {s: p.name for p in writing for s in slots(p.out_of, p.was) - slots(p.out_of, p.will)}
    moves = [p for p in forest.pieces if p.moved]
    bringing = {p.name: _takes(p.into, p.will, p) for p in moves}
    leaving = {
        s: p.name for p in moves for s in slots(p.out_of, p.will) | slots(p.out_of, p.was) if s not in gives
    }
    used = _used(forest)
    if not _in_turn(takes, gives, used, {}):
        return None
    if not _in_turn(bringing, leaving, used - gives.keys(), _first(forest, moves)):
        return None
    return _cost(forest, {s for wanted in (*takes.values(), *bringing.values()) for s in wanted})


def _after_the_moves(forest: Forest) -> int | None:
    """What it takes if one persist suffices, after everything has moved; None if it does not."""
    moves = [p for p in forest.pieces if p.moved]
    writing = [p for p in forest.pieces if p.created or p.spoken]
    if not moves or any(p.nested and forest.renamed_above(p) for p in writing):
        return None
    if any(a.created for p in moves for a in forest.above(p)):
        return None
    used = _used(forest)
    bringing = {p.name: _takes(p.into, p.was, p) for p in moves}
    leaving = {s: p.name for p in moves for s in slots(p.out_of, p.was)}
    takes = {p.name: slots(p.into, p.will) - slots(p.into, p.was) for p in writing}
    gives = {s: p.name for p in writing for s in slots(p.into, p.was) - slots(p.into, p.will)}
    still = {s for s in used if s not in leaving}
    wanted = {s for some in (*takes.values(), *bringing.values()) for s in some}
    if _twice(bringing) or _giving_up(forest, wanted)[1]:
        return None
    if not _in_turn(bringing, leaving, used, _first(forest, moves)):
        return None
    return _cost(forest, wanted) if _in_turn(takes, gives, still | gives.keys(), {}) else None


def _used(forest: Forest) -> set[Slot]:
    """The values in use that no early delete sets free."""
    return forest.foreign.union(*(slots(p.out_of, p.was) for p in forest.pieces if not p.doomed))


def _takes(above: str, values: Values, one: Piece) -> set[Slot]:
    return slots(above, values) - slots(one.out_of, one.was)


def _twice(takes: Mapping[str, set[Slot]]) -> bool:
    """Whether two would have one value, if only for a while."""
    every = [s for taken_ in takes.values() for s in taken_]
    return len(every) != len(set(every))


def _first(forest: Forest, moves: Iterable[Piece]) -> dict[str, set[str]]:
    return {p.name: {q.name for q in forest.first(p)} for p in moves}


def _in_turn(
    takes: Mapping[str, set[Slot]], gives: Mapping[Slot, str], used: set[Slot], first: Mapping[str, set[str]]
) -> bool:
    """Whether there is an order in which every value is free when it is taken: nobody takes one that stays in use,
    and they do not turn in a circle."""
    if any(s in used and s not in gives for wanted in takes.values() for s in wanted):
        return False
    after = {n: {gives[s] for s in wanted if s in gives} | first.get(n, set()) for n, wanted in takes.items()}
    try:
        TopologicalSorter({n: before & after.keys() - {n} for n, before in after.items()}).prepare()
    except CycleError:
        return False
    return True
