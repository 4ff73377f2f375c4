"""Why a call ended as it did, and where its thing is declared, in words. What is returned is raw."""

from __future__ import annotations

from reconciler.model.outcome import End
from reconciler.model.plan import Action
from reconciler.report.ends import PATIENCE, Ended, own_holds
from reconciler.report.facts import DEPENDS

REFUSED, BROKEN = 400, 500
"""The first status that says no by itself (what is refused below it was refused inside a yes), and the first that
says nothing about what was sent."""
DENIED = (401, 403)
"""No to the caller, not to what was sent."""


def reason(one: Ended) -> str:
    """The status if it says something, the API's code, the message, what it depends on. Holds of its own are told
    apart from this, with their ways out; so is the question to a person."""
    outcome = one.outcome
    if outcome.end is End.HELD:
        return ", ".join(_other_rules(one))
    words = f"{_status(one)}{_code(one)}{outcome.message}".strip().removesuffix(":")
    if one.again is not None:
        alike = one.again.message == outcome.message
        words += "; once more: the same" if alike else f"; once more: {one.again.message}"
    looked_up = outcome.settled and outcome.end is End.DONE and not words
    return "found done by a reading" if looked_up else words


def _other_rules(one: Ended) -> list[str]:
    """The rules that hold it besides holds of its own; with such it matters to nobody what else it waits for, and
    it never does for its own calls."""
    told = {hold.rule for hold in own_holds(one)}
    own = {f"{DEPENDS}{i}" for i in (one.call.id, *one.fellows)}
    left = (rule for rule in one.call.held if rule not in told | own)
    return [rule for rule in left if not (told and rule.startswith(DEPENDS))]


def next_step(one: Ended) -> str:
    """What to do about a call that failed; empty of any other."""
    status, at = one.outcome.status or 0, place_of(one.action)
    if one.outcome.end is not End.FAILED:
        return ""
    if status in DENIED:
        return "apply again once the key's account may do this"
    if 0 < status < BROKEN and status not in PATIENCE:
        if status < REFUSED:
            return f"apply again; if it fails again, look at {at or 'what it names'} or in the product"
        return f"apply again once {at or 'what it names'} is mended"
    return "apply again: it is planned and sent anew"


def _status(one: Ended) -> str:
    status = one.outcome.status
    told = one.outcome.message.startswith((f"answered {status}", "the answer"))
    if not status or told or one.outcome.end is End.DONE:
        return ""
    return f"{status} " if status >= REFUSED else f"in a {status} answer: "


def _code(one: Ended) -> str:
    """The API's own name for a mistake, unless its message begins with it."""
    code = one.outcome.code
    return f"{code}: " if code and one.outcome.end is End.FAILED and code not in one.outcome.message else ""


def place_of(action: Action | None) -> str:
    """`manifests/teams.yaml:4`; empty where it is declared no more."""
    at = action.place if action else None
    return f"{at.file}:{at.line}" if at else ""
