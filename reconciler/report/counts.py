"""What a plan costs: requests, and the time they take at least. Pure."""

from __future__ import annotations

from reconciler.model.plan import Plan
from reconciler.report.facts import held_calls, waits_for


def counts(plan: Plan) -> str:
    """`calls: 12 (+ at most 3)  bound: 12  reads: 4  preconditions: 2`, and how long that takes. What goes along
    in a request of others is no call; `held` counts things, whether they have calls or not."""
    calls_held = held_calls(plan)
    words = [calls_words(plan), f"bound: {plan.bound}", f"reads: {len(plan.reads)}"]
    if preconditions := sum(p.requests for p in plan.needed):
        words.append(f"preconditions: {preconditions}")
    if held := sum(bool(a.holds or waits_for(a, calls_held)) for a in plan.actions):
        words.append(f"held: {held}")
    if plan.writes:
        words.append(duration_text(least_seconds(plan)))
    return "  ".join(words)


def calls_words(plan: Plan) -> str:
    """`calls: 12 (+ at most 3)`."""
    return f"calls: {len(plan.writes)}" + (f" (+ at most {len(plan.contingent)})" if plan.contingent else "")


def least_seconds(plan: Plan) -> int:
    """How long the requests of the slowest target take at least. With n requests and r allowed in any 60 seconds
    that is `60 * (ceil(n / r) - 1)`; targets go side by side. Counted: calls, preconditions, verifying reads."""
    return max((_seconds(requests_to(plan, t.name), t.per_minute) for t in plan.targets), default=0)


def requests_to(plan: Plan, target: str) -> int:
    """Requests that applying sends to one target if nothing unforeseen happens; one verifying read per kind."""
    calls = [c for c in plan.writes if c.target == target]
    verified = {c.kind for c in plan.calls if c.verify and c.target == target and not c.held and not c.contingent}
    preconditions = sum(p.requests for p in plan.needed if p.demand.target == target)
    return sum(c.requests for c in calls) + preconditions + len(verified)


def _seconds(requests: int, per_minute: int | None) -> int:
    return 60 * (-(-requests // per_minute) - 1) if per_minute and requests else 0


def in_words(seconds: float) -> str:
    """`40 seconds`, `1 minute`, `3 minutes`, `2 hours`."""
    for size, word in ((5400, "hour"), (90, "minute"), (0, "second")):
        if seconds >= size:
            count = round(seconds / {"hour": 3600, "minute": 60, "second": 1}[word])
            return f"{count} {word}" + ("" if count == 1 else "s")
    return ""


def duration_text(seconds: float) -> str:
    """A least duration in words a person would use."""
    if seconds < 1:
        return "takes seconds"
    if seconds < 90:
        return f"at least {seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"at least {minutes} min" if minutes < 90 else f"at least {seconds / 3600:.1f} h"
