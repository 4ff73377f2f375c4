"""The state of a run: which calls have ended and how, and what may go next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

from reconciler.model.json import Json
from reconciler.model.outcome import End, Outcome
from reconciler.model.plan import Call, Plan

REFUSAL_KEEPS = (401, 403, 404, 408, 429)
"""Refusals that say something else than "not this way": they trigger no fall-back (ST-R21)."""


@dataclass(slots=True)
class Book:
    """Outcomes by call id, results by call id, and the graph between calls."""

    plan: Plan
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    results: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    to_verify: set[str] = field(default_factory=set)
    calls: dict[str, Call] = field(default_factory=dict)
    fallbacks: dict[str, list[str]] = field(default_factory=dict)
    followers: dict[str, list[str]] = field(default_factory=dict)
    open: dict[str, set[str]] = field(default_factory=dict)
    queues: dict[str, list[int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    ended: int = 0

    def __post_init__(self) -> None:
        self.calls = {c.id: c for c in self.plan.calls}
        for call in self.plan.calls:
            if call.trigger:
                self.fallbacks.setdefault(call.trigger.refused, []).append(call.id)
        for place, call in enumerate(self.plan.calls):
            self.open[call.id] = self.before(call)
            for before in self.open[call.id]:
                self.followers.setdefault(before, []).append(call.id)
            if not self.open[call.id]:
                self.queues.setdefault(call.target, []).append(place)
            self.places[call.id] = place

    def before(self, call: Call) -> set[str]:
        """Every call that has to end first, the fall-backs of those included."""
        direct = {*call.after, *call.waits} & self.calls.keys()
        if call.trigger:
            return direct | {i for i in (call.trigger.refused, call.trigger.chain) if i}
        return direct | {f for i in direct for f in self.fallbacks.get(i, ())}

    def end(self, outcome: Outcome) -> None:
        """Record a call's end; whatever waited only for it is ready now."""
        first = outcome.call not in self.outcomes
        self.outcomes[outcome.call] = outcome
        self.ended += first and outcome.end is not End.UNNEEDED
        if outcome.end is End.DONE:
            self.results[outcome.call] = outcome.result
        else:
            self.results.pop(outcome.call, None)
        for follower in self.followers.get(outcome.call, ()) if first else ():
            self.open[follower].discard(outcome.call)
            if not self.open[follower]:
                target = self.calls[follower].target
                heappush(self.queues.setdefault(target, []), self.places[follower])

    @property
    def waiting(self) -> bool:
        """Whether any call is ready."""
        return any(self.queues.values())

    def take(self, target: str) -> Call | None:
        """The next ready call of a target, in plan order."""
        queue = self.queues.get(target, [])
        while queue:
            call = self.plan.calls[heappop(queue)]
            if call.id not in self.outcomes:
                return call
        return None

    def verdict(self, call: Call) -> Outcome | None:
        """What becomes of a ready call without sending it: blocked, or a contingent call nobody needs."""
        if call.trigger is not None:
            return self._contingent(call)
        for i in sorted(call.after, key=_number):
            if i in self.calls and not self.worked(i):
                return Outcome(call.id, End.BLOCKED, f"call {i} is {self.outcomes[i].end}")
        for i in sorted(call.waits, key=_number):
            if i in self.calls and not self.worked(i) and self.outcomes[i].end is not End.HELD:
                return Outcome(call.id, End.BLOCKED, f"call {i} is {self.outcomes[i].end}")
        return None

    def _contingent(self, call: Call) -> Outcome | None:
        trigger = call.trigger
        first = self.outcomes[trigger.refused] if trigger else None
        chain = self.outcomes[trigger.chain] if trigger and trigger.chain else None
        if first is None or not refused(first):
            return Outcome(call.id, End.UNNEEDED)
        if chain is not None and chain.end is not End.DONE:
            return Outcome(call.id, End.BLOCKED, f"call {chain.call} is {chain.end}")
        return None

    def worked(self, call_id: str) -> bool:
        """Done, by itself or by its fall-back."""
        if self.outcomes[call_id].end is End.DONE:
            return True
        chain = self.fallbacks.get(call_id, [])
        return bool(chain) and self.outcomes[chain[-1]].end is End.DONE

    def remedied(self) -> Iterator[Outcome]:
        """Refused calls whose fall-back did their work: they count as done."""
        for call_id, chain in self.fallbacks.items():
            outcome = self.outcomes.get(call_id)
            last = self.outcomes.get(chain[-1])
            if outcome and outcome.end is End.FAILED and last and last.end is End.DONE:
                text = f"refused ({outcome.message}), then done by calls {', '.join(chain)}"
                yield replace(outcome, end=End.DONE, message=text)


def refused(outcome: Outcome) -> bool:
    """The server said no to the way, not to the caller."""
    return outcome.end is End.FAILED and 400 <= outcome.status < 500 and outcome.status not in REFUSAL_KEEPS


def _number(call_id: str) -> int:
    return int(call_id) if call_id.isdigit() else 0
