"""A plan that the ledger kept, whichever version wrote it: what plans did not say yet means what it meant then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reconciler.model.plan import On, Plan
from reconciler.model.plan_from_json import from_json

CALL: Final[Mapping[str, Any]] = {
    "follows": [],
    "media": "json",
    "repeat": True,
    "carrier": None,
    "whole": False,
    "gate": False,
    "clobbers": [],
    "sink": None,
    "once": {},
    "requests": 1,
    "looks": False,
    "keeps": {},
}
EFFECT: Final[Mapping[str, Any]] = {"scope": []}
DEMAND: Final[Mapping[str, Any]] = {"details": [], "fresh": [], "singly": False, "moving": []}
CHECK: Final[Mapping[str, Any]] = {"scope": [], "contents": False, "looks": {}}
TRIGGER: Final[Mapping[str, Any]] = {"on": str(On.REFUSED), "code": ""}


def kept_plan(value: Mapping[str, Any]) -> Plan:
    """The plan of a run, for looking up what became of it: its preconditions say where what it wrote is listed. A
    plan that is yet to be carried out is read from its file, which has to be whole. Raises KeyError, TypeError or
    ValueError on another shape."""
    calls = [_completed(call) for call in value["calls"]]
    return from_json({**value, "calls": calls, "preconditions": [_read(one) for one in value["preconditions"]]})


def _read(precondition: Mapping[str, Any]) -> dict[str, Any]:
    demand = {**DEMAND, **precondition["demand"]}
    checks = [{**CHECK, **one} for one in precondition["checks"]]
    return {"requests": 1, **precondition, "demand": demand, "checks": checks}


def _completed(call: Mapping[str, Any]) -> dict[str, Any]:
    trigger = call["trigger"] and {**TRIGGER, **call["trigger"]}
    return {**CALL, **call, "effect": {**EFFECT, **call["effect"]}, "trigger": trigger}
