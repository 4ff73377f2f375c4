"""The state of a run: which calls have ended and how, and what may go next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from heapq import heappop, heappush

from reconciler.apply.joints import Joint, joints_of, number
from reconciler.apply.judge import creates
from reconciler.apply.triggers import occurred, remedies
from reconciler.model.holding import carriers_named
from reconciler.model.json import Json
from reconciler.model.normalise import spoken
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, On, Plan, Role
from reconciler.model.record import Record, field, replace
from reconciler.model.values import found_at, resolved, waiting_for


class Book(Record):
    """Outcomes by call id, results by call id, and the graph between calls. `unlike`: calls whose effect a reading
    between the writes did not show. `riders`: carrier -> what goes along in it; `named`: call -> the carriers
    whose riders it speaks of, itself if it is one. `told_later`: creates whose id another call may tell. `joints`:
    what many calls wait for in common; `within`: call -> the joints it is in; `tied`: call -> how many it waits
    for."""

    plan: Plan
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    results: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    to_verify: set[str] = field(default_factory=set)
    unlike: set[str] = field(default_factory=set)
    calls: dict[str, Call] = field(default_factory=dict)
    fallbacks: dict[str, list[str]] = field(default_factory=dict)
    followers: dict[str, list[str]] = field(default_factory=dict)
    riders: dict[str, list[str]] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)
    told_later: set[str] = field(default_factory=set)
    own: dict[str, list[str]] = field(default_factory=dict)
    open: dict[str, set[str]] = field(default_factory=dict)
    queues: dict[str, list[int]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    joints: dict[frozenset[str], Joint] = field(default_factory=dict)
    within: dict[str, list[Joint]] = field(default_factory=dict)
    tied: dict[str, int] = field(default_factory=dict)
    ended: int = 0

    def __post_init__(self) -> None:
        self.calls = {c.id: c for c in self.plan.calls}
        for call in self.plan.calls:
            self.own.setdefault(str(call.address), []).append(call.id)
            if call.trigger:
                self.fallbacks.setdefault(call.trigger.refused, []).append(call.id)
                self.told_later |= {call.trigger.refused} if call.trigger.on is On.UNKNOWN else set()
            if call.carrier:
                self.riders.setdefault(call.carrier, []).append(call.id)
            if call.role is Role.FIND:
                self.told_later |= call.after
        for call in self.plan.calls:
            if named := (carriers_named(call) | {call.id}) & self.riders.keys():
                self.named[call.id] = named
        self._join()
        for place, call in enumerate(self.plan.calls):
            self.places[call.id] = place
            self.open[call.id] = self.before(call, self._tie(call))
            for before in self.open[call.id]:
                self.followers.setdefault(before, []).append(call.id)
            self._queue(call)

    def _join(self) -> None:
        """Where a fall-back may do the work of one that is waited for, each waits by itself."""

        def plain(call_id: str) -> bool:
            return call_id in self.calls and call_id not in self.fallbacks and call_id not in self.riders

        self.joints = joints_of(self.plan.calls, plain)
        for ids, joint in self.joints.items():
            for one in ids:
                self.within.setdefault(one, []).append(joint)

    def _tie(self, call: Call) -> list[frozenset[str]]:
        """Have it wait for joints instead of every single call in them; returns the sets of these."""
        if call.trigger is not None or call.carrier is not None or call.id in self.named:
            return []
        found = [ids for ids in {call.waits, call.follows} if ids in self.joints and call.id not in ids]
        for ids in found:
            self.joints[ids].followers.append(call.id)
        self.tied[call.id] = len(found)
        return found

    def _queue(self, call: Call) -> None:
        """Whoever waits for nothing is ready; a rider is no request of its own."""
        if not self.open[call.id] and not self.tied.get(call.id) and call.sent:
            heappush(self.queues.setdefault(call.target, []), self.places[call.id])

    def before(self, call: Call, tied: Collection[frozenset[str]] = ()) -> set[str]:
        """Every call that has to end first, the fall-backs of those included, and whatever the riders of its body
        wait for; they themselves go along. Nothing of what it is `tied` to."""
        own = self._needed(call, tied)
        carriers = self.named.get(call.id, set())
        aboard = {r for c in carriers for r in self.riders[c]}
        speaking = {i for i, named in self.named.items() if named & carriers}
        theirs = {i for r in aboard for i in self._needed(self.calls[r])} - speaking
        return (own | theirs) - aboard - {call.id}

    def _needed(self, call: Call, tied: Collection[frozenset[str]] = ()) -> set[str]:
        loose = (ids for ids in (call.after, call.waits, call.follows) if ids not in tied)
        direct = set[str]().union(*loose) & self.calls.keys()
        direct -= {i for i in direct if call.carrier and self.calls[i].carrier == call.carrier}  # they go together
        refused = call.trigger.refused if call.trigger else ""
        if call.trigger:
            direct |= {i for i in (refused, call.trigger.chain) if i in self.calls}
            direct |= {r for i in direct for r in self.riders.get(i, ())}
        return direct | self._fallbacks_of(direct - {refused, *self.riders.get(refused, ())}, call)

    def _fallbacks_of(self, ids: set[str], call: Call) -> set[str]:
        """The fall-backs of these calls, and theirs in turn, but for those that come after this very call."""
        found: set[str] = set()
        waiting = [f for i in ids for f in self.fallbacks.get(i, ())]
        while waiting:
            one = waiting.pop()
            if one not in found and not self._leads_to(call.id, one):
                found.add(one)
                waiting += self.fallbacks.get(one, ())
        return found

    def _leads_to(self, first: str, last: str) -> bool:
        """Whether a call comes before another, or is it."""
        seen, waiting = set[str](), [last]
        while waiting:
            one = waiting.pop()
            if one == first:
                return True
            if one not in seen and (call := self.calls.get(one)):
                seen.add(one)
                waiting += (*call.after, *call.waits, *call.follows, *([call.carrier] if call.carrier else ()))
                waiting += (call.trigger.refused, call.trigger.chain or "") if call.trigger else ()
        return False

    def end(self, outcome: Outcome) -> None:
        """Record a call's end; whatever waited only for it is ready now."""
        call = self.calls[outcome.call]
        first = outcome.call not in self.outcomes
        self.outcomes[outcome.call] = outcome
        self.ended += first and outcome.end is not End.UNNEEDED and call.sent and call.trigger is None
        if outcome.end is End.DONE:
            self.results[outcome.call] = outcome.result
        else:
            self.results.pop(outcome.call, None)
        for follower in self.followers.get(outcome.call, ()) if first else ():
            self.open[follower].discard(outcome.call)
            self._queue(self.calls[follower])
        for joint in self.within.get(outcome.call, ()):
            for follower in joint.ended(outcome, satisfied=self.satisfied(outcome.call)):
                self.tied[follower] -= 1
                self._queue(self.calls[follower])

    def know(self, call_id: str, told: Mapping[str, Json]) -> Outcome:
        """What has become known of a call that is done, after its end."""
        outcome = self.outcomes[call_id]
        self.end(replace(outcome, result={**outcome.result, **told}))
        return self.outcomes[call_id]

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

    # Riders

    def going(self, carrier: str) -> list[Call]:
        """The riders that nothing keeps from going along, in plan order."""
        return [self.calls[i] for i in self.riders.get(carrier, ()) if i not in self.outcomes]

    def bodies(self, call: Call) -> dict[str, list[Json]]:
        """The bodies that go along, by the carriers that a call names."""
        named = self.named.get(call.id, ())
        return {c: [resolved(r.body, self.results) for r in self.going(c)] for c in named}

    def left_behind(self, call: Call) -> Iterator[Outcome]:
        """The ends of the riders that do not go along, once a call that names their carrier is ready."""
        for carrier in sorted(self.named.get(call.id, ()), key=number):
            for rider in self.going(carrier):
                if (verdict := self.verdict(rider)) is not None:
                    yield verdict
            yield from self._all_or_nothing(carrier)

    def _all_or_nothing(self, carrier: str) -> Iterator[Outcome]:
        ends = [self.outcomes[i] for i in self.riders[carrier] if i in self.outcomes]
        missing = sorted((o for o in ends if o.end not in (End.DONE, End.HELD, End.UNNEEDED)), key=_not_sent)
        for rider in self.going(carrier) if self.calls[carrier].whole and missing else ():
            first = missing[0]
            yield _without(first, rider, f"it goes only with call {first.call}, which is {first.end}")

    # What becomes of a ready call

    def verdict(self, call: Call) -> Outcome | None:
        """What becomes of a ready call without sending it: blocked, or one that nobody needs."""
        for carrier in self.named.get(call.id, ()):
            if not self.going(carrier):
                ends = {self.outcomes[i].end for i in self.riders[carrier]}
                return Outcome(call.id, End.HELD if ends == {End.HELD} else End.UNNEEDED)
        if call.trigger is not None and not self._triggered(call):
            return Outcome(call.id, End.UNNEEDED)
        return self._blocked(call) or self._lacking(call)

    def _triggered(self, call: Call) -> bool:
        if call.trigger is None:
            return True
        if call.trigger.on is On.UNLIKE:
            return call.id in self.unlike
        whom = call.trigger.refused
        about = [whom, *self.riders.get(whom, ())] if call.trigger.on is On.UNDONE else [whom]
        return any(occurred(call.trigger, self.calls[i], self.outcomes[i]) for i in about if i in self.outcomes)

    def _blocked(self, call: Call) -> Outcome | None:
        """A contingent call follows one that has failed: only the chain before it must have worked."""
        after = call.after
        if call.trigger is not None:
            after = (after | {call.trigger.chain or ""}) - {call.trigger.refused}
        lacking = [self.outcomes[i] for i in self._ended(after) if not self.satisfied(i)]
        lacking += self._failed(call.waits)
        first = min(lacking, key=_not_sent, default=None)
        return _without(first, call, f"call {first.call} is {first.end}") if first is not None else None

    def _failed(self, ids: frozenset[str]) -> list[Outcome]:
        """What has failed of these, the first of a joint; what is held is no failure."""
        joint = self.joints.get(ids)
        if joint is not None:
            return [joint.first] if joint.first is not None else []
        failed = [self.outcomes[i] for i in self._ended(ids) if not self.satisfied(i)]
        return [o for o in failed if o.end is not End.HELD]

    def _ended(self, ids: Collection[str]) -> list[str]:
        return sorted((i for i in ids if i in self.outcomes), key=number)

    def _lacking(self, call: Call) -> Outcome | None:
        """A value that no answer and no reading has told."""
        for word, at in waiting_for([dict(call.args), dict(call.query), call.body, dict(call.expect)]):
            source = str(at["call" if word == "$from" else "read"])
            told = self.results.get(source, {})
            if word == "$from" and str(at["path"]) not in told:
                return Outcome(call.id, End.BLOCKED, f"call {source} told no {str(at['path']).strip('/')}")
            if word == "$find" and found_at(at["key"], at.get("scope")) not in told:
                return Outcome(call.id, End.BLOCKED, f"'{spoken(at['key'])}' is not live")
        return None

    def coming(self, call: Call) -> bool:
        """Whether a call is still to be sent, as far as anybody can tell by now."""
        return call.id not in self.outcomes and self._triggered(call) and self._blocked(call) is None

    def satisfied(self, call_id: str) -> bool:
        """Done, or nothing there to be done."""
        return self.outcomes[call_id].end is End.UNNEEDED or self.worked(call_id)

    def worked(self, call_id: str) -> bool:
        """Done, by itself or by its fall-back."""
        outcome = self.outcomes.get(call_id)
        if outcome is None:
            return False
        return outcome.end is End.DONE or bool(self.remedy(call_id)) or self._all_aboard(call_id)

    def remedy(self, call_id: str) -> list[str]:
        """The calls that did the work of one that had failed; empty if it was not done."""
        if self.outcomes[call_id].end is not End.FAILED:
            return []
        steps = remedies(self.calls[call_id], [self.calls[i] for i in self.fallbacks.get(call_id, ())])
        tried = [s.id for s in steps if s.id not in self.outcomes or self.outcomes[s.id].end is not End.UNNEEDED]
        return tried if all(self.worked(i) for i in tried) else []

    def _all_aboard(self, carrier: str) -> bool:
        """A request that failed, but all that it carried was done in another way."""
        riders = self.riders.get(carrier, [])
        failed = self.outcomes[carrier].end is End.FAILED
        return failed and bool(riders) and all(self.worked(i) for i in riders)

    def remedied(self) -> Iterator[Outcome]:
        """Refused calls whose fall-back did their work: they count as done."""
        for call_id, outcome in list(self.outcomes.items()):
            if outcome.end is not End.FAILED or not self.worked(call_id):
                continue
            steps = self.remedy(call_id)
            how = f"by call{'s' if len(steps) > 1 else ''} {', '.join(steps)}" if steps else "one by one"
            told = {k: v for i in steps for k, v in self.outcomes[i].result.items() if k == Fact.ID}
            text = f"refused ({outcome.message}), then done {how}"
            yield replace(outcome, end=End.DONE, message=text, result={**outcome.result, **told})

    def made(self, address: str) -> str | None:
        """The id of the thing that came about under this address."""
        told = (self.results.get(i, {}) for i in self.own.get(address, ()))
        found = [str(one[Fact.ID]) for one in told if Fact.ID in one]
        return found[-1] if found else None

    def looked_up(self, name: str) -> Json:
        """What the readings between the writes have told under this name; None where they told nothing."""
        found = (
            told[name] for i, told in self.results.items() if self.calls[i].role is Role.FIND and name in told
        )
        return next(iter([*found][-1:]), None)

    def nameless(self, target: str, kind: str) -> list[Call]:
        """Creates of a kind that are done and whose id nobody has told yet."""
        done = (self.calls[i] for i, o in self.outcomes.items() if o.end is End.DONE and Fact.ID not in o.result)
        return [c for c in done if creates(c) and (c.target, c.kind) == (target, kind)]


def _not_sent(outcome: Outcome) -> bool:
    return outcome.end is End.NOT_SENT


def _without(first: Outcome, call: Call, why: str) -> Outcome:
    """The end of a call without that of another: what was only not begun keeps what needs it from being begun, for
    the same reason."""
    if _not_sent(first):
        return Outcome(call.id, End.NOT_SENT, first.message or why)
    return Outcome(call.id, End.BLOCKED, why)
