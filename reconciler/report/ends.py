"""What became of a run: counts, what is left, and what to do next. Counts come from outcomes, not the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.model.change import Hold
from reconciler.model.outcome import End, Fact, Outcome, Report
from reconciler.model.plan import Action, Call, Plan

UNSETTLED = (End.IN_DOUBT, End.FAILED, End.STALE, End.BLOCKED, End.NOT_SENT, End.HELD)
"""The ends a person has to know of, the gravest first."""

WORDS: Mapping[End, str] = {
    End.IN_DOUBT: "In doubt: nobody knows whether they happened",
    End.FAILED: "Failed",
    End.STALE: "Stale: live is not what the plan saw, so nothing was sent",
    End.BLOCKED: "Blocked: what they need did not come about",
    End.NOT_SENT: "Not sent",
    End.HELD: "Held",
    End.DONE: "Done",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """A call of the plan, its action, and how it ended."""

    call: Call
    action: Action | None
    outcome: Outcome


def ended(report: Report, plan: Plan, *ends: End) -> list[Ended]:
    """The calls that ended so, in the order of the plan."""
    outcomes = {o.call: o for o in report.outcomes}
    actions = {a.address: a for a in plan.actions}
    found = [Ended(c, actions.get(c.address), outcomes[c.id]) for c in plan.calls if c.id in outcomes]
    return [e for e in found if e.outcome.end in ends]


@dataclass(frozen=True, slots=True)
class Stuck:
    """An action, and those of its holds that no call stands for: nothing in the outcomes tells of them."""

    action: Action
    holds: tuple[Hold, ...]


def stuck(plan: Plan) -> list[Stuck]:
    """What is held so firmly that there is no call to hold, in the order of the plan."""
    held = {(c.address, rule) for c in plan.calls for rule in c.held}
    found = [
        Stuck(a, tuple(h for h in a.holds if (a.address, h.rule) not in held)) for a in plan.actions if a.holds
    ]
    return [one for one in found if one.holds]


def own_holds(one: Ended) -> tuple[Hold, ...]:
    """The holds of its action that kept this call back; none where it only depends on another."""
    if one.outcome.end is not End.HELD or one.action is None:
        return ()
    return tuple(h for h in one.action.holds if h.rule in one.call.held)


def tally(report: Report, plan: Plan) -> str:
    """`10 done, 1 failed, 1 held`; held counts calls, and changes that have none because they are held."""
    counts = {end: report.count(end) for end in (End.DONE, *UNSETTLED)}
    counts[End.HELD] += len(stuck(plan))
    return ", ".join(f"{count} {end}" for end, count in counts.items() if count) or "0 calls"


def run_name(report: Report) -> str:
    """`4`: the run's name without the word that stands before it anyway."""
    return report.run.removeprefix("run-")


def remembered(plan: Plan) -> int:
    """How many things the ledger now remembers anew or no more, without any call."""
    return sum(not a.calls and not a.holds and a.verb in ("adopt", "move", "release") for a in plan.actions)


def advice(report: Report, plan: Plan, apply: str) -> list[tuple[str, str]]:
    """Commands to go on with and what each does, gravest first; `apply` is the one that continues. Empty: nothing
    is left to do."""
    found = []
    if any(Fact.DOUBT in o.result for o in report.outcomes):
        found.append(("reconciler resume", "asks what only a person can tell"))
    if any(o.end is End.IN_DOUBT and Fact.DOUBT not in o.result for o in report.outcomes):
        found.append((apply, "looks first whether the calls in doubt happened, then goes on"))
    elif report.count(End.FAILED, End.BLOCKED, End.STALE, End.NOT_SENT):
        found.append((apply, "plans anew what is left; what is done is not sent again"))
    if report.count(End.HELD) or stuck(plan):
        found.append(("reconciler plan", "says what holds the held changes, and each way out"))
    return found
