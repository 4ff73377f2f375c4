"""A plan as JSON and back, without loss; its id; and the values of a call once earlier answers are known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.document import Address
from reconciler.model.json import ABSENT, Json, JsonObject, Missing, canonical, digest
from reconciler.model.live import Demand
from reconciler.model.place import Place
from reconciler.model.plan import (
    Action,
    Call,
    Check,
    Effect,
    On,
    Phase,
    Plan,
    PlanTarget,
    Precondition,
    Role,
    Sink,
    Trigger,
)
from reconciler.model.recorded import Bond

FORMAT = "reconciler/plan-v1"
UNBOUND = ("id", "madeAt", "commit")
"""What the plan's id does not cover: itself, the time, and the commit."""


def plan_id(plan: Plan) -> str:
    """`sha256:<hex>` over the plan but for its `UNBOUND` parts: one id for one set of requests and reasons."""
    return digest({k: v for k, v in to_json(plan).items() if k not in UNBOUND})


def to_json(plan: Plan) -> JsonObject:
    """The plan as JSON of `schemas/plan.json`."""
    return {
        "format": FORMAT,
        "id": plan.id,
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
        "calls": [_call(c) for c in plan.calls],
        "preconditions": [_precondition(p) for p in plan.preconditions],
        "reads": list(plan.reads),
        "bound": plan.bound,
        "leftOut": [str(a) for a in plan.left_out],
        "warnings": list(plan.warnings),
    }


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


def _call(call: Call) -> JsonObject:
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
        "after": _in_order(call.after),
        "waits": _in_order(call.waits),
        "follows": _in_order(call.follows),
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
    }


def _trigger(trigger: Trigger) -> JsonObject:
    return {"refused": trigger.refused, "chain": trigger.chain, "on": str(trigger.on), "code": trigger.code}


def _in_order(call_ids: frozenset[str]) -> list[Json]:
    return [*sorted(call_ids, key=lambda i: (int(i) if i.isdigit() else 0, i))]


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
                "digest": c.digest,
                "scope": list(c.scope),
            }
            for c in precondition.checks
        ],
    }


def from_json(value: Mapping[str, Any]) -> Plan:
    """The inverse of `to_json`. Raises KeyError, TypeError or ValueError where the shape is not a plan's."""
    if value["format"] != FORMAT:
        raise ValueError(f"this is no plan of format {FORMAT}")
    return Plan(
        id=value["id"],
        tool=value["tool"],
        manifests=value["manifests"],
        commit=value["commit"],
        made_at=value["madeAt"],
        ledger_head=value["ledgerHead"],
        targets=tuple(PlanTarget(t["name"], t["provider"], t["base"], t["perMinute"]) for t in value["targets"]),
        actions=tuple(_action_from(a) for a in value["actions"]),
        calls=tuple(_call_from(c) for c in value["calls"]),
        preconditions=tuple(_precondition_from(p) for p in value["preconditions"]),
        reads=tuple(value["reads"]),
        bound=value["bound"],
        left_out=tuple(Address.parse(a) for a in value["leftOut"]),
        warnings=tuple(value["warnings"]),
    )


def _action_from(v: Mapping[str, Any]) -> Action:
    return Action(
        verb=Verb(v["verb"]),
        address=Address.parse(v["address"]),
        label=v["label"],
        place=Place(*v["place"]) if v["place"] else None,
        fields=tuple(
            FieldChange(
                tuple(f["path"]), f.get("before", ABSENT), f.get("after", ABSENT), Reason(f["reason"]), f["access"]
            )
            for f in v["changes"]
        ),
        holds=tuple(Hold(h["rule"], h["reason"], h["wayOut"], h["final"], h["only"]) for h in v["holds"]),
        notes=tuple(v["notes"]),
        effects=tuple(v["effects"]),
        calls=tuple(v["calls"]),
        bond=Bond.from_json(v["bond"]) if v["bond"] else None,
        previous=Address.parse(v["previous"]) if v["previous"] else None,
        access=v["access"],
    )


def _call_from(v: Mapping[str, Any]) -> Call:
    return Call(
        id=v["id"],
        target=v["target"],
        kind=v["kind"],
        address=Address.parse(v["address"]),
        role=Role(v["role"]),
        phase=Phase[v["phase"].upper()],
        summary=v["summary"],
        method=v["method"],
        path=v["path"],
        args=v["args"],
        query=v["query"],
        body=v["body"],
        after=frozenset(v["after"]),
        waits=frozenset(v["waits"]),
        follows=frozenset(v["follows"]),
        trigger=_trigger_from(v["trigger"]) if v["trigger"] else None,
        expect=v["expect"],
        effect=_effect_from(v["effect"]),
        verify=v["verify"],
        new_id=v["newId"],
        becomes=v["becomes"],
        live_id=v["liveId"],
        set_field=v["setField"],
        held=tuple(v["held"]),
        media=v["media"],
        repeat=v["repeat"],
        carrier=v["carrier"],
        whole=v["whole"],
        gate=v["gate"],
        clobbers=tuple(v["clobbers"]),
        sink=Sink(v["sink"]["at"], v["sink"]["field"], v["sink"]["to"]) if v["sink"] else None,
        once=v["once"],
        requests=v["requests"],
        looks=v["looks"],
    )


def _trigger_from(v: Mapping[str, Any]) -> Trigger:
    return Trigger(v["refused"], v["chain"], On(v["on"]), v["code"])


def _effect_from(v: Mapping[str, Any]) -> Effect:
    return Effect(
        key=v["key"],
        gone=v["gone"],
        fields=v["fields"],
        set_field=v["setField"],
        present=tuple((i, wire) for i, wire in v["present"]),
        absent=tuple(v["absent"]),
        scope=tuple(v["scope"]),
    )


def demand_from(v: Mapping[str, Any]) -> Demand:
    """The inverse of `Demand.to_json`."""
    return Demand(
        target=v["target"],
        kind=v["kind"],
        by=tuple(v["by"]),
        wanted=tuple(v["wanted"]),
        ids=tuple(v["ids"]),
        removing=v["removing"],
        details=tuple(v["details"]),
        fresh=tuple(v["fresh"]),
        singly=v["singly"],
        moving=tuple(v["moving"]),
    )


def _precondition_from(v: Mapping[str, Any]) -> Precondition:
    checks = tuple(
        Check(
            address=Address.parse(c["address"]),
            calls=tuple(c["calls"]),
            key=c["key"],
            absent=c["absent"],
            id=c["id"],
            fields=tuple(c["fields"]),
            contents=c["contents"],
            digest=c["digest"],
            scope=tuple(c["scope"]),
        )
        for c in v["checks"]
    )
    return Precondition(demand_from(v["demand"]), checks, v["requests"])


Riders: TypeAlias = "Mapping[str, Sequence[Json]]"
"""Carrier -> the bodies of the riders that go along, in plan order."""


def resolved(value: Json, results: Mapping[str, Mapping[str, Json]], riders: Riders | None = None) -> Json:
    """The value with everything that was not known yet filled in: `{"$from": {call, path}}`, `{"$find": {read,
    key, scope}}`, `{"$riders": carrier}` in a list, `{"$count": carrier}`. Raises KeyError where that is not
    known."""
    if isinstance(value, dict) and len(value) == 1:
        [(word, at)] = value.items()
        if word == "$from" and isinstance(at, dict):
            return results[str(at["call"])][str(at["path"])]
        if word == "$find" and isinstance(at, dict):
            return results[str(at["read"])][found_at(at["key"], at["scope"])]
        if word == "$count" and riders is not None:
            return len(riders[str(at)])
    if isinstance(value, dict):
        return {k: resolved(v, results, riders) for k, v in value.items()}
    if isinstance(value, list):
        return [r for v in value for r in _spread(v, results, riders)]
    return value


def _spread(item: Json, results: Mapping[str, Mapping[str, Json]], riders: Riders | None) -> Sequence[Json]:
    if isinstance(item, dict) and set(item) == {"$riders"} and riders is not None:
        return riders[str(item["$riders"])]
    return [resolved(item, results, riders)]


def found_at(key: Json, scope: Json = None) -> str:
    """Where the result of a find keeps the id of the one thing with this key. No pointer and no fact begins so."""
    return "=" + canonical([key, scope or []])


def sources(value: Json) -> set[str]:
    """The calls whose answers a value needs."""
    return {str(at["read" if word == "$find" else "call"]) for word, at in waiting_for(value)}


def waiting_for(value: Json) -> Iterator[tuple[str, JsonObject]]:
    """Every `$from` and `$find` in a value, with what it names."""
    if isinstance(value, dict):
        for word, at in value.items():
            if len(value) == 1 and word in ("$from", "$find") and isinstance(at, dict):
                yield word, at
            else:
                yield from waiting_for(at)
    for item in value if isinstance(value, list) else []:
        yield from waiting_for(item)
