"""One order of all calls, the same at every run. What many calls wait for in common is one knot of the graph, so
that it grows with the plan and not with its square."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import TypeAlias

from reconciler.model.faults import DependencyCycle
from reconciler.model.holding import carriers_named
from reconciler.model.kind import Kind
from reconciler.model.plan import Call
from reconciler.plan.ranks import Place, placing

Node: TypeAlias = "str | int"
"""The id of a call, or the number of a knot."""
Graph: TypeAlias = "dict[Node, set[Node]]"
"""Node -> what comes before it."""


def ordered(calls: Iterable[Call], kinds: Mapping[tuple[str, str], Kind] | None = None) -> list[Call]:
    """One topological order, ties broken by the rank of the kind, phase, address and id: a request that carries
    others after all that it carries, and what follows one of these after it. Raises DependencyCycle naming the
    calls."""
    by_id = {c.id: c for c in calls}
    if not by_id:  # and no kind is looked at
        return []
    place = placing(kinds or {})
    sorter: TopologicalSorter[Node] = TopologicalSorter(_graph(by_id))
    try:
        sorter.prepare()
    except CycleError as error:
        raise DependencyCycle([by_id[i].summary for i in error.args[1] if i in by_id]) from None
    found: list[Call] = []
    ready: list[Place] = []
    while sorter.is_active():
        for call_id in _ready(sorter):
            heappush(ready, place(by_id[call_id]))
        if ready:
            *_, call_id = heappop(ready)
            found.append(by_id[call_id])
            sorter.done(call_id)
    return found


def _ready(sorter: TopologicalSorter[Node]) -> Iterator[str]:
    """The calls that could begin by now; a knot is untied as soon as all in it have gone."""
    while nodes := sorter.get_ready():
        for node in nodes:
            if isinstance(node, str):
                yield node
            else:
                sorter.done(node)


def _graph(by_id: Mapping[str, Call]) -> Graph:
    riders = riders_of(by_id.values())
    times = Counter(ids for c in by_id.values() for ids in (c.waits, c.follows) if len(ids) > 1)
    knots = {ids: n for n, (ids, count) in enumerate(times.items()) if count > 1}
    found: Graph = {}
    inside: dict[int, set[str]] = {}
    for ids, n in knots.items():
        inside[n] = _with_carriers(ids & by_id.keys(), by_id)
        found[n] = {*inside[n]}
    for call in by_id.values():
        own = {knots[ids] for ids in (call.waits, call.follows) if ids in knots}
        tied = {n for n in own if inside[n].isdisjoint({call.id, call.carrier or call.id})}
        loose = (ids for ids in (call.waits, call.follows) if knots.get(ids) not in tied)
        found[call.id] = {*tied, *earlier(call, by_id, riders, loose)}
    return found


def earlier(
    call: Call, by_id: Mapping[str, Call], riders: Mapping[str, set[str]], among: Iterable[frozenset[str]]
) -> set[str]:
    """The calls that stand earlier in the plan: what a call needs (it waits for `among`, and comes after others),
    the requests that carry what it needs, and the riders of the request that it is or previews."""
    refused = {call.trigger.refused} if call.trigger else set()
    needed = {*call.after, *refused}.union(*among) & by_id.keys()
    carriers = _with_carriers(needed, by_id) - needed - {call.id, call.carrier}
    named = (riders.get(c, set()) for c in (call.id, *carriers_named(call)))
    return needed.union(carriers, *named) - {call.id}


def _with_carriers(ids: Iterable[str], by_id: Mapping[str, Call]) -> set[str]:
    return {*ids, *(c for i in ids if (c := by_id[i].carrier))}


def riders_of(calls: Iterable[Call]) -> dict[str, set[str]]:
    """Request -> what goes along in it."""
    found: dict[str, set[str]] = {}
    for call in calls:
        if call.carrier is not None:
            found.setdefault(call.carrier, set()).add(call.id)
    return found
