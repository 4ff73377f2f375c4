"""A plan from its JSON: the inverse of `plan_json`, without loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.model.access import AccessChange
from reconciler.model.change import FieldChange, Hold, Reason, Verb
from reconciler.model.common_sets import ids_from
from reconciler.model.document import Address
from reconciler.model.json import ABSENT
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
    ReadingCost,
    Role,
    Sink,
    Trigger,
)
from reconciler.model.plan_json import FORMAT
from reconciler.model.recorded import Bond


def from_json(value: Mapping[str, Any]) -> Plan:
    """The inverse of `to_json`. Raises KeyError, TypeError or ValueError where the shape is not a plan's."""
    if value["format"] != FORMAT:
        raise ValueError(f"this is no plan of format {FORMAT}")
    sets = [frozenset(ids) for ids in value.get("sets", ())]
    return Plan(
        stamp=value["id"],
        tool=value["tool"],
        manifests=value["manifests"],
        commit=value["commit"],
        made_at=value["madeAt"],
        ledger_head=value["ledgerHead"],
        targets=tuple(PlanTarget(t["name"], t["provider"], t["base"], t["perMinute"]) for t in value["targets"]),
        actions=tuple(_action_from(a) for a in value["actions"]),
        calls=tuple(_call_from(c, sets) for c in value["calls"]),
        preconditions=tuple(_precondition_from(p) for p in value["preconditions"]),
        reads=tuple(value["reads"]),
        bound=value["bound"],
        left_out=tuple(Address.parse(a) for a in value["leftOut"]),
        warnings=tuple(value["warnings"]),
        access=tuple(AccessChange.from_json(a) for a in value.get("access", ())),
        reading=tuple(_cost_from(c) for c in value.get("reading", ())),
    )


def _cost_from(v: Mapping[str, Any]) -> ReadingCost:
    return ReadingCost(v["target"], v["foretold"], v["least"], v["made"], dict(v["pages"]))


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


def _call_from(v: Mapping[str, Any], sets: Sequence[frozenset[str]]) -> Call:
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
        waits=ids_from(v["waits"], sets),
        follows=ids_from(v["follows"], sets),
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
        keeps=v["keeps"],
        asks=v.get("asks", ""),
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
            looks=c["looks"],
            scope=tuple(c["scope"]),
        )
        for c in v["checks"]
    )
    return Precondition(demand_from(v["demand"]), checks, v["requests"])
