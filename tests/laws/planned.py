"""Plans of documents and answers alone: no server, no ledger, only values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler import diff
from reconciler import plan as planning
from reconciler.model.call import Request
from reconciler.model.document import DeleteLimit, Desired, Document, Target
from reconciler.model.json import Json
from reconciler.model.live import Demand, Live
from reconciler.model.plan import Plan
from reconciler.model.recorded import Bond, Recorded
from tests.world import CORE, OMNI, PROVIDERS, TRACKER, catalog

TARGETS = {name: Target(name, PROVIDERS[name]) for name in (OMNI, TRACKER, CORE)}


def get(target: str, path: str) -> Request:
    return Request(target, "GET", path, safe=True)


def read(target: str, answers: Mapping[str, Mapping[str, Json]], *, removing: bool = False) -> Live:
    """`answers`: kind -> path -> body, in the order of asking."""
    found, demands = {}, {}
    for name, replies in answers.items():
        demand = Demand(target, name, removing=removing)
        asked = tuple((get(target, path), body) for path, body in replies.items())
        verbs = catalog().verbs[PROVIDERS[target], name]
        found[target, name] = verbs.parse(catalog().kind(PROVIDERS[target], name), demand, asked)
        demands[target, name] = demand
    return Live(found, (), demands)


def plan_of(documents: Iterable[Document], live: Live, bonds: Iterable[Bond] = (), *, ledger: bool = True) -> Plan:
    desired = Desired(tuple(documents), TARGETS, "sha256:0", DeleteLimit(100, 100))
    recorded = Recorded({b.address: b for b in bonds}, exists=ledger)
    changes = diff.compare(desired, live, recorded, catalog())
    bases = {OMNI: "https://omni.example.com/api", TRACKER: "https://studio.example.com/tracker"}
    bases[CORE] = "https://omn.example.com/api/core/v1"
    return planning.build(changes, desired, live, recorded, catalog(), bases, "0", "2026-06-01T00:00:00+00:00")
