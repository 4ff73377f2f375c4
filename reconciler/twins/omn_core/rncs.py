"""The root node configurations, below which directories stand."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.dam_things import Rnc

PATH = "/dam/rncs/retrieve"


def retrieve(call: Call) -> Answer:
    return call.answered("rncs", [_shown(call, rnc) for rnc in call.table(Rnc).values()])


def _shown(call: Call, rnc: Rnc) -> Json:
    meta = {key: call.date(value) if key.endswith("Date") else value for key, value in rnc.meta.items()}
    return {"tid": rnc.tid, "meta": meta}


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=retrieve),))
