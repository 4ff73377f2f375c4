"""The end of an apply as JSON: the plan, and how each of its calls ended."""

from __future__ import annotations

from reconciler.model.json import Json, JsonObject
from reconciler.model.outcome import End, Fact, Report
from reconciler.model.plan import Plan
from reconciler.model.plan_json import to_json
from reconciler.report.ends import Ended, counted, ended, outputs, own_holds, questions, stuck
from reconciler.report.escape import json_text
from reconciler.report.reasons import reason


def report_json(report: Report, plan: Plan, exit_code: int) -> str:
    """`{plan, report}`. Of what answers told, only the ledger's facts are in it, not what other calls needed.
    `counts` has every call of the plan, `things` those that are about a thing, alone or with others in a call."""
    return json_text({"plan": to_json(plan), "report": _report(report, plan, exit_code)}) + "\n"


def _report(report: Report, plan: Plan, exit_code: int) -> JsonObject:
    outcomes: list[Json] = [_outcome(e) for e in ended(report, plan, *End)]
    asked: list[Json] = [
        {"address": str(e.call.address), "call": e.call.id, "question": e.outcome.question}
        for e in questions(report, plan)
    ]
    without_calls: list[Json] = [
        {
            "address": str(s.action.address),
            "rule": h.rule,
            "reason": h.reason,
            "wayOut": h.way_out,
            "final": h.final,
            "only": h.only,
        }
        for s in stuck(plan)
        for h in s.holds
    ]
    told: list[Json] = [
        {"address": address, "values": dict[str, Json](values)} for address, values in outputs(report, plan)
    ]
    return {
        "planId": report.plan_id,
        "run": report.run,
        "exitCode": exit_code,
        "counts": {str(end): report.count(end) for end in End},
        "things": {str(end): count for end, count in counted(report, plan).items()},
        "sent": {group: len(lines) for group, lines in report.requests.items()},
        "questions": asked,
        "outcomes": outcomes,
        "heldWithoutCalls": without_calls,
        "outputs": told,
        "notes": list(report.notes),
        "requests": {group: list(lines) for group, lines in report.requests.items()},
        "head": report.head,
        "seconds": round(report.seconds, 3),
        "interrupted": report.interrupted,
    }


def _outcome(one: Ended) -> JsonObject:
    call, outcome = one.call, one.outcome
    facts: JsonObject = {name: value for name, value in outcome.result.items() if name in [*Fact]}
    return {
        "call": call.id,
        "address": str(call.address),
        "role": str(call.role),
        "summary": call.summary,
        "line": call.line,
        "carrier": call.carrier,
        "end": str(outcome.end),
        "status": outcome.status or None,
        "message": reason(one) or ", ".join(hold.rule for hold in own_holds(one)),
        "settled": outcome.settled,
        "code": outcome.code or None,
        "question": outcome.question or None,
        "facts": facts,
    }
