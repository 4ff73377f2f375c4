"""One step of a story: plan, look at every count, apply, look again, and find nothing left to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.model.change import Hold
from reconciler.model.document import Address, Document
from reconciler.model.json import canonical
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Action, Plan
from reconciler.twins import LogEntry, Twin
from reconciler.workflow import Override
from reconciler.workflow.binding import released
from tests.contract.oracle import (
    TEAMS,
    Paths,
    listings,
    marked,
    preconditions_needed,
    reads_needed,
    snapshot,
    writes_needed,
)
from tests.world import World, check_log


@dataclass(frozen=True, slots=True)
class Deed:
    """A plan and what became of it. `sent`: every write as the twins saw it, `METHOD /path {body}`."""

    plan: Plan
    report: Report
    sent: tuple[str, ...]

    def action(self, name: str) -> Action:
        return action(self.plan, name)

    @property
    def ends(self) -> set[str]:
        return {str(o.end) for o in self.report.outcomes}


def planned(w: World, *documents: Document) -> Plan:
    """A plan, after looking at what it cost to make: the reads of OA-C1 to OA-C3 and ST-C1, and not one write. The
    formulas know no lists that lag (OA-P6); plans made right after an apply meet those in `carried_out`."""
    w.documents = list(documents)
    w.omni.lag.show_all()
    expected = +reads_needed(w, documents)
    clear_logs(w)
    plan = w.plan()
    seen = [e for twin in (w.omni, w.tracker) for e in twin.log]
    assert [e.call for e in seen if e.write] == []
    assert _by_path(seen) == expected
    assert len(plan.reads) == len(seen)
    assert len(plan.writes) == plan.bound
    return plan


def carried_out(w: World, *documents: Document, overrides: Iterable[Override] = (), unseen: int = 0) -> Deed:
    """Plan and apply: the writes are those of OA-C4, OA-C5 and ST-C2; all of them end well, and a second plan has
    none. `unseen`: writes that change nothing (the API hid that they are not needed), less the server's own."""
    deed = applied(w, planned(w, *documents), overrides=overrides, unseen=unseen)
    assert deed.ends <= {"done", "held", "unneeded"}
    left = w.plan()
    assert [c.line for c in left.writes] == []
    assert len(left.writes) == left.bound
    assert held(left) <= held(deed.plan)
    return deed


def applied(w: World, plan: Plan, *, overrides: Iterable[Override] = (), unseen: int = 0) -> Deed:
    """Apply a plan: the request log is the plan, and its counts are the formulas'."""
    lifted = tuple(overrides)
    before, lists = marked(w), listings(w, w.documents)
    clear_logs(w)
    report = w.apply(plan, *lifted)
    going = released(plan, lifted)
    check_log(w, going, report)
    after = snapshot(w)
    sent = [e for twin in (w.omni, w.tracker) for e in twin.log if e.write]
    extra = sum(_was_extra(plan, report, o.call) for o in report.outcomes)
    assert len(sent) - extra == writes_needed(before, after) + unseen
    assert len(plan.contingent) == 2 * sum("/members" in c.path and c.phase.name == "CHANGE" for c in plan.writes)
    lines, waiting = [c.line for c in going.writes], [c.line for c in going.held]
    assert asked(report, "preconditions") == +preconditions_needed(w, before, after, lists, lines, waiting)
    flags = any(isinstance(e.body, dict) and "isPrimary" in e.body for e in sent)
    assert asked(report, "verify") == (Paths({TEAMS: 1}) if flags else Paths())
    return Deed(plan, report, tuple(written(e) for e in sent))


def sentence(call: str, body: object) -> str:
    return call + (f" {canonical(body)}" if body is not None else "")


def written(entry: LogEntry) -> str:
    """A write in one line."""
    return sentence(entry.call, entry.body)


def would_send(plan: Plan) -> list[str]:
    """The plan's writes in one line each, in the order of the plan."""
    return [sentence(c.line, c.body) for c in plan.writes]


def asked(report: Report, group: str) -> Paths:
    """The requests of one group, by path."""
    return Counter(_place(line.split(" ", 2)[2]) for line in report.requests.get(group, ()))


def _by_path(entries: Iterable[LogEntry]) -> Paths:
    return Counter(_place(e.call.split(" ", 1)[1]) for e in entries)


def _place(path: str) -> str:
    bare = path.partition("?")[0]
    return "/v1/labels/*" if bare.startswith("/v1/labels/") else bare


def _was_extra(plan: Plan, report: Report, call_id: str) -> bool:
    """Sent, but neither planned for certain nor of any effect: a fall-back, or a refused call."""
    call = next(c for c in plan.calls if c.id == call_id)
    end = next(o.end for o in report.outcomes if o.call == call_id)
    return end is End.FAILED or (call.contingent and end is End.DONE)


def clear_logs(w: World) -> None:
    for twin in (w.omni, w.tracker):
        twin.log.clear()


def action(plan: Plan, name: str) -> Action:
    """The action on the only address of this name."""
    found = [a for a in plan.actions if a.address.name == name]
    assert len(found) == 1, [str(a.address) for a in plan.actions]
    return found[0]


def held(plan: Plan) -> set[tuple[Address, str]]:
    """Every hold in the plan: address and rule."""
    return {(a.address, h.rule) for a in plan.actions for h in a.holds}


def only_hold(plan: Plan, name: str) -> Hold:
    """The one hold on this address."""
    holds = action(plan, name).holds
    assert len(holds) == 1, holds
    return holds[0]


def made(twin: Twin, method: str, path: str, body: object = None) -> str:
    """Change the world behind our back; the id of what was made, if anything."""
    answer = twin.edit(method, path, body)  # type: ignore[arg-type]
    assert answer.ok, answer
    return str(answer.body.get("id", "")) if isinstance(answer.body, dict) else ""
