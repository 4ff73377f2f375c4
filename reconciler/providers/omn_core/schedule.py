"""What goes into which request, and in which order: nobody ever takes a value that somebody else still has.

The requests are, in this order: deletes that free a value, what is persisted, what is made by its path, moves,
what has to be persisted or made after those, values of what was made by its path, deletes (OC-R27, OC-R31); or
the paths first, and their values along with what is persisted (OC-R113). Each way is played through on the values
as they are; whoever cannot go waits for the second persist, and in a ring one gets a temporary value first.
"""

from __future__ import annotations

from reconciler.model.record import replace
from reconciler.providers.omn_core.forest import Forest
from reconciler.providers.omn_core.play import Play
from reconciler.providers.omn_core.steps import Choice, Schedule, Stuck


def schedule(forest: Forest) -> Schedule:
    """The fewest requests: everything persisted at once before the moves, or after them, or in two parts; with the
    values of what is made by its path, where that can be made before all that."""
    persisted = forest.persisted
    found = [_at_once(forest, Choice())]
    if found[0] is not None and not found[0].freeing and not forest.later:
        return found[0]
    apart, paths = forest.later or any(p.moved for p in forest.pieces), frozenset(p.name for p in forest.sown)
    if apart and not any(forest.renamed_above(p) for p in persisted if p.nested):
        everything = frozenset(p.name for p in persisted)
        ways = [everything, *([paths, everything | paths] if paths else [])]
        found += [_at_once(forest, Choice(waits)) for waits in ways]
        found += [_in_parts(forest, Choice(everything, patient=patient)) for patient in (False, True)]
    if forest.later and not any(p.created for p in persisted):
        found.append(_at_once(forest, Choice(ahead=True)))
    found += [_in_parts(forest, Choice()), _in_parts(forest, Choice(patient=True))]
    good = [f for f in found if f is not None]
    return min(good, key=lambda f: f.cost) if good else _forced(forest)


def _at_once(forest: Forest, choice: Choice) -> Schedule | None:
    """All that is persisted in one request, if that works, perhaps after deletes that free a value."""
    for _ in range(len(forest.pieces) + 1):
        found = _attempt(forest, choice)
        if isinstance(found, Schedule):
            return found
        if not found.early > choice.early:
            return None
        choice = replace(choice, early=found.early)
    return None


def _attempt(forest: Forest, choice: Choice) -> Schedule | Choice:
    try:
        return Play(forest, choice).schedule()
    except Stuck as stuck:
        return stuck.better


def _in_parts(forest: Forest, choice: Choice) -> Schedule | None:
    """From one choice to the next, as far as that leads."""
    found = _last(forest, choice)
    return found if isinstance(found, Schedule) else None


def _last(forest: Forest, choice: Choice) -> Schedule | Choice:
    """The end of that way: a schedule, or the choice that knows no better one."""
    for _ in range(3 * len(forest.pieces) + 3):
        found = _attempt(forest, choice)
        if isinstance(found, Schedule) or found == choice:
            return found
        choice = found
    return choice


def _forced(forest: Forest) -> Schedule:
    """Where nothing leads through: whoever cannot go goes all the same, for the server to refuse it."""
    found = _last(forest, Choice())
    return found if isinstance(found, Schedule) else Play(forest, found, forced=True).schedule()
