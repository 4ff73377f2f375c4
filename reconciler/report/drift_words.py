"""One field that differs, as drift tells it: what somebody did to live, not what a plan would do about it."""

from __future__ import annotations

from reconciler.model.change import FieldChange, Reason
from reconciler.report.values import Difference, difference

NOTHING = "nothing"


def drift_words(change: FieldChange, *, held: bool = False) -> str:
    """`verified: false -> true   (drift)` from live to declared; of the entry of a set
    `members: removed live: bob@example.com   (drift)`; `held`: a hold tells the reason. Raw."""
    d = difference(change)
    told = _entry(d, change.reason) if d.sign and d.what else _value(d)
    return f"{d.field}: {told}   ({'held' if held else change.reason})"


def declared_words(change: FieldChange) -> str:
    """`verified: true`, `members: bob@example.com {"isPrimary": true}`: what the manifest says. Raw."""
    d = difference(change)
    return f"{d.field}: " + " ".join(word for word in (d.what, d.after or "") if word)


def _entry(d: Difference, reason: Reason) -> str:
    """An entry that is on one side only. Who put it there or took it away is known only of drift."""
    absent = "removed live" if reason is Reason.DRIFT else "not live"
    extra = "added live" if reason is Reason.DRIFT else "only live"
    side = d.after if d.sign == "+" else d.before
    return f"{absent if d.sign == '+' else extra}: {d.what}" + (f" {side}" if side else "")


def _value(d: Difference) -> str:
    return f"{d.what} {d.before or NOTHING} -> {d.after or NOTHING}".lstrip()
