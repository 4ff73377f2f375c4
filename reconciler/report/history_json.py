"""What was run and said, as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.json import Json, JsonObject
from reconciler.model.outcome import End
from reconciler.model.past import Author, Deed, Late, Lifted, PastRun, RunInFull
from reconciler.model.plan_json import to_json
from reconciler.report.ends import ended, questions
from reconciler.report.escape import json_text
from reconciler.report.past_words import STATUS
from reconciler.report.reasons import reason
from reconciler.report.run_past import access_of, done, held_firmly


def history_json(entries: Sequence[PastRun | Deed], more: int) -> str:
    """`{entries, more}`: runs and deeds, newest first; `more` older ones are left out."""
    rows: list[Json] = [run_row(e) if isinstance(e, PastRun) else deed_row(e) for e in entries]
    return json_text({"entries": rows, "more": more}) + "\n"


def run_json(found: RunInFull) -> str:
    """`{run, calls}` and what belongs to it; of what answers told nothing but the message."""
    asked: list[Json] = [
        {"address": str(e.call.address), "call": e.call.id, "question": e.outcome.question}
        for e in questions(found.report, found.plan)
    ]
    calls: list[Json] = [
        {
            "call": one.call.id,
            "address": str(one.call.address),
            "summary": one.call.summary,
            "line": one.call.line,
            "carrier": one.call.carrier,
            "end": str(one.outcome.end),
            "status": one.outcome.status or None,
            "message": reason(one) or one.outcome.message,
            "code": one.outcome.code or None,
            "settled": one.outcome.settled,
        }
        for one in ended(found.report, found.plan, *End)
    ]
    access: list[Json] = [{**one.change.to_json(), "certain": one.sure} for one in access_of(found)]
    without_calls: list[Json] = [
        {"address": str(s.action.address), "rule": h.rule, "reason": h.reason, "wayOut": h.way_out}
        for s in held_firmly(found)
        for h in s.holds
    ]
    recorded: list[Json] = [
        {"address": str(one.address), "verb": one.verb, "id": one.id or None, "why": one.why or None}
        for one in found.kept
    ]
    whole: JsonObject = {
        "run": run_row(found.run),
        "seconds": found.seconds,
        "overrides": [lifted_row(one, found.run.author) for one in found.lifted],
        "lookedUpBefore": [_late(one) for one in found.before],
        "lookedUp": _late(found.late) if found.late else None,
        "questions": asked,
        "answers": [deed_row(one) for one in found.answers],
        "calls": calls,
        "actions": _actions(found),
        "access": access,
        "recorded": recorded,
        "heldWithoutCalls": without_calls,
    }
    return json_text(whole) + "\n"


def _actions(found: RunInFull) -> list[Json]:
    """What was to become of each thing that has calls, with its fields before and after, as the plan had them.
    `done`: null where only some of its calls were."""
    told = to_json(found.plan)["actions"]
    rows: list[Json] = []
    for action, row in zip(found.plan.actions, told if isinstance(told, list) else (), strict=True):
        if action.calls and isinstance(row, dict):
            own = {name: row[name] for name in ("verb", "address", "label", "calls", "changes", "effects")}
            rows.append({**own, "done": done(found, [action])})
    return rows


def lifted_row(lifted: Lifted, author: Author) -> JsonObject:
    said: JsonObject = {"override": lifted.rule_at, "rule": lifted.rule, "address": lifted.address}
    return {**said, "reason": lifted.reason, "who": author_row(author)}


def run_row(run: PastRun) -> JsonObject:
    return {
        "run": run.id,
        "began": run.began,
        "ended": run.ended or None,
        "who": author_row(run.author),
        "version": run.tool,
        "commit": run.commit,
        "planId": run.plan_id,
        "targets": list(run.targets),
        "status": STATUS.get(run.status, run.status),
        "counts": {str(end): count for end, count in run.counts.items()},
        "withoutAnswer": run.open,
        "recorded": run.kept,
        "lifted": [lifted_row(one, run.author) for one in run.lifted],
        "headBefore": run.head_before,
        "headAfter": run.head_after or None,
    }


def deed_row(deed: Deed) -> JsonObject:
    return {
        "deed": deed.what,
        "time": deed.time,
        "about": deed.about,
        "detail": deed.detail or None,
        "reason": deed.reason or None,
        "override": deed.override or None,
        "who": author_row(deed.author),
        "head": deed.head,
    }


def author_row(author: Author) -> JsonObject:
    """`claimed`: what the environment said, unchecked; None where it said nothing."""
    claimed: JsonObject = {"actor": author.actor, "service": author.service, "job": author.job}
    known: JsonObject = {"user": author.user, "host": author.host, "process": author.pid}
    return {**known, "claimed": claimed if any(claimed.values()) else None}


def _late(late: Late) -> JsonObject:
    return {
        "run": late.run,
        "time": late.time,
        "who": author_row(late.author) if late.author else None,
        "happened": late.happened,
        "notHappened": late.not_happened,
        "unknown": late.unknown,
    }
