"""A plan as JSON and back, without loss; its id; and the values of a call once earlier answers are known."""

from __future__ import annotations

from reconciler.model.change import FieldChange
from reconciler.model.common_sets import Numbers, common_sets, ids_json, in_order
from reconciler.model.json import JsonObject, Missing, digest
from reconciler.model.plan import (
    Action,
    Call,
    Effect,
    Plan,
    Precondition,
    ReadingCost,
    Trigger,
)

FORMAT = "reconciler/plan-v1"
UNBOUND = ("id", "madeAt", "commit", "reading")
"""What the plan's id does not cover: itself, the time, the commit, and what the reading was expected to take."""


def plan_id(plan: Plan) -> str:
    """`sha256:<hex>` over the plan but for its `UNBOUND` parts: one id for one set of requests and reasons."""
    return digest({k: v for k, v in _told(plan, "").items() if k not in UNBOUND})


def to_json(plan: Plan) -> JsonObject:
    """The plan as JSON of `schemas/plan.json`. What many calls wait for in common stands in `sets`."""
    return _told(plan, plan.id)


def _told(plan: Plan, own_id: str) -> JsonObject:
    sets = common_sets(plan.calls)
    return {
        "format": FORMAT,
        "id": own_id,
        "tool": plan.tool,
        "manifests": plan.manifests,
        "commit": plan.commit,
        "madeAt": plan.made_at,
        "ledgerHead": plan.ledger_head,
        "targets": [
            {"name": t.name, "provider": t.provider, "base": t.base, "perMinute": t.per_minute}
            for t in plan.targets
        ],
        "counts": {
            "calls": len(plan.writes),
            "bound": plan.bound,
            "contingent": len(plan.contingent),
            "held": len(plan.held),
            "reads": len(plan.reads),
            "preconditions": sum(p.requests for p in plan.needed),
        },
        "actions": [_action(a) for a in plan.actions],
        "calls": [_call(c, sets) for c in plan.calls],
        **({"sets": [in_order(ids) for ids in sets]} if sets else {}),
        "preconditions": [_precondition(p) for p in plan.preconditions],
        "reads": list(plan.reads),
        **({"reading": [_cost(c) for c in plan.reading]} if plan.reading else {}),
        "bound": plan.bound,
        "leftOut": [str(a) for a in plan.left_out],
        "warnings": list(plan.warnings),
        "access": [a.to_json() for a in plan.access],
    }


def _cost(cost: ReadingCost) -> JsonObject:
    told: JsonObject = {"target": cost.target, "foretold": cost.foretold, "least": cost.least, "made": cost.made}
    return {**told, "pages": dict(cost.pages)}


def _action(action: Action) -> JsonObject:
    return {
        "verb": str(action.verb),
        "address": str(action.address),
        "label": action.label,
        "place": [action.place.file, action.place.line, action.place.column] if action.place else None,
        "changes": [_field(f) for f in action.fields],
        "holds": [
            {"rule": h.rule, "reason": h.reason, "wayOut": h.way_out, "final": h.final, "only": h.only}
            for h in action.holds
        ],
        "notes": list(action.notes),
        "effects": list(action.effects),
        "calls": list(action.calls),
        "bond": action.bond.to_json() if action.bond else None,
        "previous": str(action.previous) if action.previous else None,
        "access": action.access,
    }


def _field(change: FieldChange) -> JsonObject:
    """`before` or `after` is left out where the value is absent."""
    found: JsonObject = {"path": list(change.path), "reason": str(change.reason), "access": change.access}
    for name, value in (("before", change.before), ("after", change.after)):
        if not isinstance(value, Missing):
            found[name] = value
    return found


def _call(call: Call, sets: Numbers) -> JsonObject:
    return {
        "id": call.id,
        "target": call.target,
        "kind": call.kind,
        "address": str(call.address),
        "role": str(call.role),
        "phase": call.phase.name.lower(),
        "summary": call.summary,
        "method": call.method,
        "path": call.path,
        "args": dict(call.args),
        "query": dict(call.query),
        "body": call.body,
        "after": in_order(call.after),
        "waits": ids_json(call.waits, sets),
        "follows": ids_json(call.follows, sets),
        "trigger": _trigger(call.trigger) if call.trigger else None,
        "expect": dict(call.expect),
        "effect": _effect(call.effect),
        "verify": call.verify,
        "newId": call.new_id,
        "becomes": call.becomes,
        "liveId": call.live_id,
        "setField": call.set_field,
        "held": list(call.held),
        "media": call.media,
        "repeat": call.repeat,
        "carrier": call.carrier,
        "whole": call.whole,
        "gate": call.gate,
        "clobbers": list(call.clobbers),
        "sink": {"at": call.sink.at, "field": call.sink.field, "to": dict(call.sink.to)} if call.sink else None,
        "once": dict(call.once),
        "requests": call.requests,
        "looks": call.looks,
        "keeps": dict(call.keeps),
        **({"asks": call.asks} if call.asks else {}),
    }


def _trigger(trigger: Trigger) -> JsonObject:
    return {"refused": trigger.refused, "chain": trigger.chain, "on": str(trigger.on), "code": trigger.code}


def _effect(effect: Effect) -> JsonObject:
    return {
        "key": effect.key,
        "gone": effect.gone,
        "fields": dict(effect.fields),
        "setField": effect.set_field,
        "present": [[i, dict(wire)] for i, wire in effect.present],
        "absent": list(effect.absent),
        "scope": list(effect.scope),
    }


def _precondition(precondition: Precondition) -> JsonObject:
    return {
        "demand": precondition.demand.to_json(),
        "requests": precondition.requests,
        "checks": [
            {
                "address": str(c.address),
                "calls": list(c.calls),
                "key": c.key,
                "absent": c.absent,
                "id": c.id,
                "fields": list(c.fields),
                "contents": c.contents,
                "looks": dict(c.looks),
                "scope": list(c.scope),
            }
            for c in precondition.checks
        ],
    }
