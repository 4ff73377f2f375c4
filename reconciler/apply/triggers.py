"""When a contingent call is sent, and which of them do the work of the call they follow. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.apply.judge import creates
from reconciler.model.outcome import End, Fact, Outcome
from reconciler.model.plan import Call, On, Role, Trigger

REFUSAL_KEEPS = (401, 403, 404, 408, 429)
"""Refusals that say something else than "not this way": they trigger no fall-back (ST-R21)."""


def refused(outcome: Outcome) -> bool:
    """The server said no to the way, not to the caller."""
    return outcome.end is End.FAILED and 400 <= outcome.status < 500 and outcome.status not in REFUSAL_KEEPS


def occurred(trigger: Trigger, call: Call, outcome: Outcome) -> bool:
    """Whether what has become of a call is what a contingent one waits for. `On.UNLIKE` needs a reading: never."""
    match trigger.on:
        case On.REFUSED:
            return refused(outcome)
        case On.CODE:
            return outcome.end is End.FAILED and outcome.code == trigger.code
        case On.ASTRAY:
            return refused(outcome) or (outcome.end is End.FAILED and outcome.status == 404)
        case On.UNKNOWN:
            named = call.new_id is not None or creates(call)
            return outcome.end is End.DONE and named and Fact.ID not in outcome.result
        case On.UNDONE:
            return outcome.end is End.FAILED
        case On.UNLIKE:
            return False


def remedies(call: Call, contingent: Sequence[Call]) -> list[Call]:
    """Of the contingent calls on this one, those that do its work in another way: readings and gates do none, and
    one that goes for whatever was not done does that of its own address alone."""
    ways = (On.REFUSED, On.CODE, On.ASTRAY, On.UNDONE)
    return [
        c
        for c in contingent
        if c.role not in (Role.FIND, Role.GATE)
        and c.trigger is not None
        and c.trigger.on in ways
        and (c.trigger.on is not On.UNDONE or c.address == call.address)
    ]
