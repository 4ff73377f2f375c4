"""Where a history comes to rest, and what a person knows by then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.faults.estate import differences
from tests.simulation.matched import Matched, amiss
from tests.simulation.trial import History


def converged(told: History, found: Matched) -> Iterator[str]:
    """It comes to rest; where nobody interfered and nothing had to be asked, where an undisturbed run does."""
    if not told.quiet:
        last = told.trace.runs[-1]
        ends = {str(o.end): o.message for o in last.report.outcomes} if last.report else {}
        yield f"never quiet: {last.ended} {last.error or ''} {ends}"
        return
    yield from _unsaid(told, found)
    if told.meddled or told.asked:
        return
    yield from differences(_but_lost(told.prepared.wanted), _but_lost(told.ended))
    if told.holds != told.prepared.holds:
        yield f"holds: {sorted(told.holds ^ told.prepared.holds)}"


def _but_lost(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Without the values that were shown once and reached nobody: no run can bring them back."""
    bonds = {address: {k: v for k, v in bond.items() if k != "lost"} for address, bond in seen["bonds"].items()}
    return {**seen, "bonds": bonds}


def _unsaid(told: History, found: Matched) -> Iterator[str]:
    """A value that was shown once is lost only with the answer that held it, and a person who has not heard of it,
    since the program died before it said so, reads it in every plan."""
    plan = told.trace.runs[-1].plan
    notes = {str(a.address): "\n".join(a.notes) for a in (plan.actions if plan else ())}
    before = told.prepared.wanted["bonds"]
    for address, bond in told.ended["bonds"].items():
        for name in bond["lost"]:
            if f"`{name}` is for was shown once and never seen" not in notes.get(address, ""):
                yield f"{address}: `{name}` is lost, and the plan does not say so"
            if name not in before.get(address, {}).get("lost", ()) and not _died_away(address, name, found):
                yield f"{address}: `{name}` is lost, and every answer that held it arrived"


def _died_away(address: str, name: str, found: Matched) -> bool:
    """Whether an answer that held a value may have reached nobody."""
    for one in found.writes:
        shown = {(str(c.address), c.sink.field) for c in one.calls if c.sink is not None}
        if (address, name) in shown and (amiss(one.exchange) or one.run.ended != "reported"):
            return True
    return False
