"""Which components of the server are at work."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.peo_things import Component

PATH = "/common/components/retrieve"


def retrieve(call: Call) -> Answer:
    return call.plain({one.name: one.status for one in call.table(Component).values()})


KIND: Kind[OmnRoute] = Kind(routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=retrieve, plain=True),))
