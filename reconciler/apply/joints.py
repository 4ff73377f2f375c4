"""What many calls of a run wait for in common, kept count of once for all of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from reconciler.model.outcome import End, Outcome
from reconciler.model.plan import Call
from reconciler.model.record import Record, field


class Joint(Record):
    """A set of calls that several others wait for. `open`: those that have not ended; `followers`: who waits for
    all of them to; `amiss`: the ends of those that count against who waits; `first`: the one that is told."""

    open: set[str]
    followers: list[str] = field(default_factory=list)
    amiss: dict[str, Outcome] = field(default_factory=dict)
    first: Outcome | None = None

    def ended(self, outcome: Outcome, *, satisfied: bool) -> Iterator[str]:
        """Count an end, also one that is told anew. Yields who waits no longer for any of the set."""
        if not satisfied and outcome.end is not End.HELD:
            self.amiss[outcome.call] = outcome
        else:
            self.amiss.pop(outcome.call, None)
        if self.first is None or self.first.call == outcome.call or outcome.call in self.amiss:
            self.first = self._told(outcome)
        if outcome.call in self.open:
            self.open.discard(outcome.call)
            yield from self.followers if not self.open else ()

    def _told(self, news: Outcome) -> Outcome | None:
        """What has failed before what was only not begun, in the order of the plan."""
        if self.first is None or self.first.call == news.call:
            return min(self.amiss.values(), key=_grave, default=None)
        return min(self.first, news, key=_grave)


def _grave(outcome: Outcome) -> tuple[bool, int]:
    return outcome.end is End.NOT_SENT, number(outcome.call)


def number(call_id: str) -> int:
    """The place of a call in its plan."""
    return int(call_id) if call_id.isdigit() else 0


def joints_of(calls: Iterable[Call], plain: Callable[[str], bool]) -> dict[frozenset[str], Joint]:
    """The sets of calls that several calls wait for or follow. `plain`: whether the end of a call is final, and
    nothing else does its work; sets of only such are taken."""
    times = Counter(ids for c in calls for ids in (c.waits, c.follows) if len(ids) > 1)
    return {ids: Joint({*ids}) for ids, count in times.items() if count > 1 and all(map(plain, ids))}
