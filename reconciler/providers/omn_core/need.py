"""How many writes the changes of a tree need at least (OC-C2, OC-C41), from what differs alone, never from the
calls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from graphlib import CycleError, TopologicalSorter

from reconciler.model.change import Change
from reconciler.model.kind import Kind
from reconciler.providers.omn_core.batch import batch_size, requests
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.piece import Piece, Slot, Values, pieces, slots


class When(Enum):
    """When things are made by their paths: before anything is persisted, before anything moves, right after the
    moves, or at the very end."""

    AHEAD = 0
    FIRST = 1
    MOVED = 2
    LAST = 3


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """`[persisted] + [moved] + [deleted] + [waiting] + [freeing]`, each per batch (OC-C2): everything persisted at
    once before the moves, or after them, or in two parts, whichever takes least."""
    return least(Forest(pieces(kind, changes)), batch_size(changes))


def least(forest: Forest, most: int) -> int:
    """The least of all ways. `most`: objects in one request."""
    in_parts: int | None = _cost(
        forest, {s for p in forest.pieces for s in _takes(p.into, p.will, p)}, most, parts=2
    )
    ways = [in_parts]
    for when in When if forest.sown else (When.FIRST,):
        ways += [_before_the_moves(forest, most, when), _after_the_moves(forest, most, when)]
    return min(way for way in ways if way is not None)


def _cost(forest: Forest, wanted: set[Slot], most: int, parts: int = 1, *, apart: bool = False) -> int:
    """The requests of one way. `wanted`: the values that somebody takes on it. `apart`: whether what is persisted
    goes before the reading that tells the ids of what is made by its path, and so not along with its values."""
    early, aside = _giving_up(forest, wanted)
    doomed = sum(p.doomed for p in forest.pieces)
    persisted = len(forest.persisted) + len(aside)
    moved, later = sum(p.moved for p in forest.pieces), len(forest.later)
    others = (len(early), len(forest.sown), moved, doomed - len(early))
    writing = (persisted, later) if apart else (persisted + later,)
    persists = sum(requests(n, most) for n in writing)
    reading = 1 if later else 0
    least_parts = parts if parts > 1 else 0
    if forest.sown and not persisted:  # one of the parts is then made by paths
        least_parts = max(least_parts - 1, 0)
    return sum(requests(n, most) for n in others) + reading + max(persists, least_parts)


def _giving_up(forest: Forest, wanted: set[Slot]) -> tuple[set[str], list[Piece]]:
    """Who is deleted early for its value, and who gives it up otherwise, since its branch is still needed
    (OC-R31)."""
    giving = [d for d in forest.pieces if d.doomed and slots(d.out_of, d.was) & wanted]
    early = {p.name for d in giving if forest.untouched(d) for p in forest.branch(d)}
    return early, [d for d in giving if d.name not in early]


def _before_the_moves(forest: Forest, most: int, when: When) -> int | None:
    """What it takes if one persist suffices, before anything moves; None if it does not (OC-R27)."""
    writing = forest.persisted
    takes = {p.name: _takes(p.into if p.created else p.out_of, p.will, p) for p in writing}
    sown = _sown(forest)
    ahead = when is When.AHEAD
    first = ahead or when is When.FIRST
    if any(p.nested and forest.renamed_above(p) for p in writing) or _twice({**takes, **(sown if first else {})}):
        return None
    if ahead and any(p.created for p in writing):
        return None
    gives = {s: p.name for p in writing for s in slots(p.out_of, p.was) - slots(p.out_of, p.will)}
    moves = [p for p in forest.pieces if p.moved]
    bringing = {p.name: _takes(p.into, p.will, p) for p in moves}
    leaving = {s: p.name for p in moves for s in slots(p.out_of, p.was) if s not in gives}
    leaving |= {s: p.name for p in moves for s in slots(p.out_of, p.will)}
    used = _used(forest)
    still = used if ahead else used - gives.keys() - (set() if first else leaving.keys())
    if not _in_turn(takes, gives, used, {}) or not _in_turn(sown, {}, still, {}):
        return None
    if not first and _entered(forest):
        return None
    if not _in_turn(bringing, leaving, used - gives.keys(), _first(forest, moves)):
        return None
    wanted = {s for some in (*takes.values(), *sown.values(), *bringing.values()) for s in some}
    return _cost(forest, wanted, most, apart=not ahead)


def _after_the_moves(forest: Forest, most: int, when: When) -> int | None:
    """What it takes if one persist suffices, after everything has moved; None if it does not."""
    moves = [p for p in forest.pieces if p.moved]
    writing = forest.persisted
    if (
        when is When.AHEAD
        or not (moves or forest.later)
        or any(p.nested and forest.renamed_above(p) for p in writing)
    ):
        return None
    made = {p.name for p in writing if p.created}
    if any(a.name in made for p in moves for a in forest.above(p)):
        return None
    if when is not When.LAST and any(p.into in made for p in forest.sown):
        return None
    if when is not When.FIRST and _entered(forest):
        return None
    used, sown = _used(forest), _sown(forest)
    bringing = {p.name: _takes(p.into, p.was, p) for p in moves}
    leaving = {s: p.name for p in moves for s in slots(p.out_of, p.was)}
    takes = {p.name: slots(p.into, p.will) - slots(p.into, p.was) for p in writing}
    gives = {s: p.name for p in writing for s in slots(p.into, p.was) - slots(p.into, p.will)}
    still = {s for s in used if s not in leaving}
    wanted = {s for some in (*takes.values(), *sown.values(), *bringing.values()) for s in some}
    before = {**bringing, **(sown if when is not When.LAST else {})}
    if _twice({**bringing, **(sown if when is When.FIRST else {})}):
        return None
    if _giving_up(forest, {s for some in before.values() for s in some})[1]:  # which is before that persist
        return None
    brought = {s for some in bringing.values() for s in some}
    had = {When.FIRST: used, When.MOVED: still | brought, When.LAST: (still | brought) - gives.keys()}
    if not _in_turn(sown, {}, had[when], {}):
        return None
    if not _in_turn(bringing, leaving, used, _first(forest, moves)):
        return None
    apart = when is When.LAST
    return _cost(forest, wanted, most, apart=apart) if _in_turn(takes, gives, still | gives.keys(), {}) else None


def _used(forest: Forest) -> set[Slot]:
    """The values in use that no early delete sets free."""
    return forest.foreign.union(*(slots(p.out_of, p.was) for p in forest.pieces if not p.doomed))


def _takes(above: str, values: Values, one: Piece) -> set[Slot]:
    return slots(above, values) - slots(one.out_of, one.was)


def _entered(forest: Forest) -> bool:
    """Whether anything is moved into, or beneath, what is made by its path."""
    return any(a.name in forest.planted for p in forest.pieces if p.moved for a in forest.above(p))


def _sown(forest: Forest) -> dict[str, set[Slot]]:
    """The values that what is made by its path takes, with all that is persisted before or behind it."""
    return {p.name: _takes(p.into, p.will, p) for p in forest.sown}


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
        TopologicalSorter(
            {n: {m for m in before if m in after and m != n} for n, before in after.items()}
        ).prepare()
    except CycleError:
        return False
    return True
