"""The end of an apply as JSON: the plan, and how each of its calls ended."""

from __future__ import annotations

from reconciler.model.json import Json, JsonObject
from reconciler.model.outcome import End, Report
from reconciler.model.plan import Plan
from reconciler.model.plan_json import to_json
from reconciler.report.ends import ended, own_holds, stuck
from reconciler.report.escape import json_text
from reconciler.report.report_text import reason


def report_json(report: Report, plan: Plan, exit_code: int) -> str:
    """`{plan, report}`; what answers gave to other calls is not in it."""
    return json_text({"plan": to_json(plan), "report": _report(report, plan, exit_code)}) + "\n"


def _report(report: Report, plan: Plan, exit_code: int) -> JsonObject:
    outcomes: list[Json] = [
        {
            "call": e.call.id,
            "address": str(e.call.address),
            "line": e.call.line,
            "end": str(e.outcome.end),
            "status": e.outcome.status or None,
            "message": reason(e) or ", ".join(hold.rule for hold in own_holds(e)),
            "settled": e.outcome.settled,
            "code": e.outcome.code or None,
            "question": e.outcome.question or None,
        }
        for e in ended(report, plan, *End)
    ]
    without_calls: list[Json] = [
        {"address": str(s.action.address), "rule": h.rule, "reason": h.reason, "wayOut": h.way_out}
        for s in stuck(plan)
        for h in s.holds
    ]
    return {
        "planId": report.plan_id,
        "run": report.run,
        "exitCode": exit_code,
        "counts": {str(end): report.count(end) for end in End},
        "outcomes": outcomes,
        "heldWithoutCalls": without_calls,
        "notes": list(report.notes),
        "requests": {group: list(lines) for group, lines in report.requests.items()},
        "head": report.head,
        "seconds": round(report.seconds, 3),
        "interrupted": report.interrupted,
    }
