"""What no document and no bond speaks of has to be afterwards as it was before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.model.plan_json import to_json
from tests.faults.seen import CREDENTIALS, HIDDEN, PASSING
from tests.simulation.trial import History

DONE = ("address", "label", "changes", "previous", "bond")
SENT = ("address", "path", "args", "query", "body", "expect", "effect", "becomes", "liveId", "keeps", "once")
"""What the actions and the calls of a plan say of things."""


def strangers(told: History) -> Iterator[str]:
    """Records of the systems that were changed or taken away, and whose id stands in no plan and no bond."""
    spoken = _spoken(told)
    for name, saved in told.prepared.states.items():
        before, after = _tables(saved), _tables(told.states[name])
        for table in before.keys() - CREDENTIALS - PASSING:
            for i, record in before[table].items():
                there = after.get(table, {}).get(i)
                if _own(i, record) & spoken or _about(i, record, spoken):
                    continue
                if there is None:
                    yield f"{name}/{table}/{i} is gone, and nobody spoke of it"
                elif changed := _unexplained(record, there, spoken):
                    yield f"{name}/{table}/{i}: {changed} changed, and nobody spoke of it"


def _tables(saved: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    state: dict[str, dict[str, dict[str, Any]]] = saved["state"]
    return state


def _own(i: str, record: Mapping[str, Any]) -> set[str]:
    return {i.casefold(), str(record.get("id", i)).casefold()}


def _about(i: str, record: Mapping[str, Any], spoken: set[str]) -> bool:
    """A record of what is between two things, or in one of them, changes with these."""
    above = (str(v) for k, v in record.items() if k.endswith(("_id", "_code", "id")) and v is not None)
    return any(one.casefold() in spoken for one in (i.partition("/")[0], *above))


def _named(before: Any, after: Any, spoken: set[str]) -> bool:
    """Whether all that differs in a set of names is spoken of: who renames a thing renames it everywhere, and who
    is made primary in one team is so in no other (ST-R22)."""
    if isinstance(before, dict) and isinstance(after, dict):
        return all(k.casefold() in spoken for k in {*before, *after} if before.get(k) != after.get(k))
    if not (isinstance(before, list) and isinstance(after, list)):
        return False
    return all(str(one).casefold() in spoken for one in before + after if (one in before) != (one in after))


def _unexplained(before: Mapping[str, Any], after: Mapping[str, Any], spoken: set[str]) -> list[str]:
    seen = (k for k in before if k not in HIDDEN and not k.endswith("_at") and before[k] != after.get(k))
    return sorted(k for k in seen if not _named(before[k], after.get(k), spoken))


def _spoken(told: History) -> set[str]:
    """Every text and number of a bond, and of what a plan says it writes: where, what, and to which thing. The
    plan's own numbers (of its calls, how many there are) are none of these: they may be anybody's id."""
    found: set[str] = set()
    for plan in {run.plan.id: run.plan for run in told.trace.runs if run.plan is not None}.values():
        shown: Any = to_json(plan)
        _collect([[action[word] for word in DONE] for action in shown["actions"]], found)
        _collect([[call[word] for word in SENT] for call in shown["calls"]], found)
    bonds = {id(bond): bond for run in told.trace.runs for bond in run.bonds.values()}
    for bond in bonds.values():
        _collect(bond.to_json(), found)
    return found


def _collect(value: Any, found: set[str]) -> None:
    if isinstance(value, dict):
        found.update(str(k).casefold() for k in value)
        for one in value.values():
            _collect(one, found)
    elif isinstance(value, list | tuple):
        for one in value:
            _collect(one, found)
    elif isinstance(value, str | int):
        found.add(str(value).casefold())
        found.update(str(value).casefold().split("/"))
        if str(value)[:1] in "[{" and isinstance(value, str):
            try:
                _collect(json.loads(value), found)
            except ValueError:
                return
