"""Fresh readings during a run, and what they are good for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from reconciler.model.catalog import Catalog
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.plan import Call, Effect, Plan
from reconciler.model.plan_json import resolved


class Look(Protocol):
    """Read one collection afresh. `group` says for what: `preconditions`, `settle` or `verify`."""

    async def __call__(self, demand: Demand, group: str) -> Collection:
        """Raises RemoteFault."""
        ...


class Kinds:
    """The kinds of a plan's targets."""

    def __init__(self, catalog: Catalog, plan: Plan) -> None:
        self._catalog = catalog
        self._providers = {t.name: t.provider for t in plan.targets}
        self._demands = {(p.demand.target, p.demand.kind): p.demand for p in plan.preconditions}

    def of(self, call: Call) -> Kind:
        return self._catalog.kind(self._providers[call.target], call.kind)

    def demand(self, call: Call) -> Demand:
        """How the collection of a call is read. Every kind that is written to has one in the plan."""
        return self._demands[(call.target, call.kind)]

    def settled(self, call: Call, live: Collection) -> bool | None:
        verbs = self._catalog.verbs[(self._providers[call.target], call.kind)]
        return verbs.settled(self.of(call), call, live)


def with_values(call: Call, results: Mapping[str, Mapping[str, Json]]) -> Call:
    """The call with its effect's values, and the id of its thing, filled in. Raises KeyError like `resolved`."""
    effect = call.effect
    own = call.live_id
    if own is None and "id" in call.args:
        own = str(resolved(call.args["id"], results))
    return replace(
        call,
        live_id=own,
        effect=Effect(
            effect.key,
            effect.gone,
            {k: resolved(v, results) for k, v in effect.fields.items()},
            effect.set_field,
            tuple(
                (resolved(i, results), {k: resolved(v, results) for k, v in w.items()}) for i, w in effect.present
            ),
            tuple(resolved(i, results) for i in effect.absent),
        ),
    )
