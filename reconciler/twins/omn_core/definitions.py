"""The list of attribute definitions: all, or those asked for."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Json
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.domains import shown_domain
from reconciler.twins.omn_core.labels import shown_labels
from reconciler.twins.omn_core.pim_things import Definition
from reconciler.twins.omn_core.selectors import asked_flag, asked_list, numbers

ROOT = "/pim/attribute-definitions"
INFORMATION = "attrDefinition"


def everything(call: Call) -> Answer:
    return _listed(call, _seen(call))


def retrieve(call: Call) -> Answer:
    """`all` beats `tids`, which beat `ids`."""
    every = asked_flag(call.body, "all")
    tids, ids = asked_list(call.body, "tids"), asked_list(call.body, "ids")
    seen = _seen(call)
    if every:
        return _listed(call, seen)
    wanted = frozenset(tids or ids or ())
    return _listed(call, [one for one in seen if (one.tid if tids else one.id) in wanted])


def query(call: Call) -> Answer:
    types = frozenset(asked_list(call.body, "types") or ())
    found = numbers(one.id for one in _seen(call) if one.type in types)
    return call.plain({**({"ids": found} if found else {}), "all": False})


def _seen(call: Call) -> list[Definition]:
    hidden, user = call.traffic.hidden(), call.caller.user
    return [one for one in call.table(Definition).values() if one.id not in hidden and user not in one.denied]


def _listed(call: Call, found: list[Definition]) -> Answer:
    return call.answered("attrDefs", map(_shown, found), information=INFORMATION)


def _shown(definition: Definition) -> Json:
    domain = definition.domain
    return {
        "id": definition.id,
        "tid": definition.tid,
        "type": definition.type,
        **({"domainVals": shown_domain(domain, full=True)} if domain is not None else {}),
        **({"multiValued": "true"} if definition.multi_valued else {}),
        "name": shown_labels(definition.labels),
    }


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="GET", path=ROOT, answer=everything),
        OmnRoute(method="POST", path=f"{ROOT}/retrieve", safe=True, answer=retrieve),
        OmnRoute(method="POST", path=f"{ROOT}/query", safe=True, answer=query, plain=True),
    )
)
