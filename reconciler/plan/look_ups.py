"""Things that come about beside what is created: one reading for all of a kind tells their ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from reconciler.model.catalog import Catalog
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.live import Demand, Live
from reconciler.model.plan import Call, Phase, Precondition, Role
from reconciler.model.record import replace
from reconciler.model.values import waiting_for

Providers: TypeAlias = "Callable[[str], str]"
"""Target -> provider."""
MADE = "(made)"


def looked_up(creator: Call, made: Mapping[str, Json]) -> JsonObject:
    """The id of what this create brings about, as the reading after it will tell."""
    return {"$find": {"read": f"{creator.target}/{made['kind']}/{MADE}", "key": made["key"], "scope": []}}


def with_look_ups(
    calls: Sequence[Call], live: Live, catalog: Catalog, providers: Providers
) -> tuple[list[Call], tuple[Precondition, ...]]:
    """The calls, and one reading for each kind of which something comes about, after all that bring it about; and
    how it is made, as readings that nothing is checked by."""
    found, readings = list(calls), list[Precondition]()
    for (target, name), keys in sorted(_wanted(calls).items()):
        kind = catalog.kind(providers(target), name)
        verbs = catalog.verbs[(kind.provider, name)]
        demand = verbs.narrow(kind, _again(target, name, keys, live), (), 0)
        firsts = verbs.reads(kind, demand, ())
        makers = {k.name for k in catalog.of(kind.provider) if k.makes == name}
        own = {c.id for c in calls if c.target == target and c.kind in makers and c.phase is Phase.CREATE}
        found.append(
            Call(
                id=f"{target}/{name}/{MADE}",
                target=target,
                kind=name,
                address=Address(target, name, MADE),
                method=firsts[0].method,
                path=firsts[0].path,
                query=dict(firsts[0].query),
                phase=Phase.CREATE,
                role=Role.FIND,
                summary=f"look up each {name} that came about",
                after=frozenset(own),
                requests=len(firsts),
            )
        )
        readings.append(Precondition(demand, (), len(firsts)))
    return found, tuple(readings)


def _wanted(calls: Sequence[Call]) -> dict[tuple[str, str], set[str]]:
    """(target, kind) -> the keys that are looked for."""
    found: dict[tuple[str, str], set[str]] = {}
    for call in calls:
        for word, at in waiting_for([dict(call.args), dict(call.query), call.body]):
            if word == "$find" and str(at["read"]).endswith(f"/{MADE}"):
                target, name, _ = str(at["read"]).split("/")
                found.setdefault((target, name), set()).add(str(at["key"]))
    return found


def _again(target: str, name: str, keys: set[str], live: Live) -> Demand:
    """The same reading for these keys. What the first one told besides (`Collection.seen`) goes along: a kind may
    look another way by it."""
    before = live.demands.get((target, name), Demand(target, name))
    seen = dict(live.of(target, name).seen)
    return replace(before, wanted=tuple(sorted(keys)), details=(*before.details, *([seen] if seen else [])))
