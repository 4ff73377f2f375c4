"""What a write sends back of its surroundings must still be so when it is sent (OC-R69)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Demand
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.providers.omn_core.class_list import Tree, looks

AROUND: Final = "around"
"""In `args` of a call, the digest of what stands around it; in a detail of a demand, that of each call."""
AT: Final = "at"
"""In `args` of a call, the path of the node that it is written to."""


def guarded(demand: Demand, calls: Sequence[Call]) -> Demand:
    """The demand, to which the digests of these calls are added, if there are any."""
    held: JsonObject = {c.id: [c.args[AT], c.args[AROUND]] for c in calls if AROUND in c.args}
    return replace(demand, details=(*demand.details, {AROUND: held})) if held else demand


def amiss(demand: Demand, live: Tree) -> Mapping[str, str]:
    """Call -> why it would undo what somebody has done since."""
    now: dict[str, str] = {}
    found: dict[str, str] = {}
    for call, at, was in _asked(demand):
        if at not in now:
            now[at] = looks(live, tuple(at.strip("/").split("/")))
        if now[at] != was:
            found[call] = f"what else '{at.strip('/')}' has, and is sent along, has changed since the plan"
    return found


def _asked(demand: Demand) -> Iterator[tuple[str, str, Json]]:
    for detail in demand.details:
        held = detail.get(AROUND)
        for call, pair in held.items() if isinstance(held, dict) else ():
            if isinstance(pair, list):
                yield call, str(pair[0]), pair[1]
