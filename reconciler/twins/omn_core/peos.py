"""Finding peos, and the list of those that are named (OC-P46)."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.peo_things import Channel, Peo, Template
from reconciler.twins.omn_core.requests import identities, moment, one_text, within
from reconciler.twins.omn_core.selectors import asked_flag, asked_list

QUERY = "/peo/peos/query"
RETRIEVE = "/peo/peos/retrieve"


def query(call: Call) -> Answer:
    """The tids of the peos that every criterion fits. Raises Refused if there is none."""
    since, until = moment(call, "modifiedFrom"), moment(call, "modifiedUntil")
    listed, product = asked_list(call.body, "names"), one_text(call, "tidProduct")
    names = frozenset(listed) if listed is not None else None
    projects = _projects(call)
    if all(criterion is None for criterion in (since, until, names, product, projects)):
        raise Refused(400, "No criteria provided")
    unfound = _unfound(call)
    found = [
        one.tid
        for one in call.table(Peo).values()
        if within(one.modified, since, until)
        and (names is None or one.name in names)
        and (product is None or one.product == product)
        and (projects is None or not projects.isdisjoint(one.projects))
        and one.tid not in unfound
        and call.caller.user not in one.denied
    ]
    return call.plain({"tids": found})


def _projects(call: Call) -> frozenset[str] | None:
    """The channel that is asked for, with those below it unless they are not wanted; None for no such question."""
    tid, children = one_text(call, "tidProject"), asked_flag(call.body, "withChildren", True)
    if tid is None:
        return None
    below: dict[str, list[str]] = {}
    for channel in call.table(Channel).values():
        below.setdefault(channel.parent or "", []).append(channel.tid)
    found, left = {tid}, [tid]
    while children and left:
        news = [one for one in below.get(left.pop(), ()) if one not in found]
        found.update(news)
        left.extend(news)
    return frozenset(found)


def _unfound(call: Call) -> frozenset[str]:
    """The new peos that this query does not find yet."""
    unfound = call.traffic.unfound
    hidden = frozenset(unfound)
    for tid in hidden:
        unfound[tid] -= 1
        if not unfound[tid]:
            del unfound[tid]
    return hidden


def retrieve(call: Call) -> Answer:
    tids, ids = identities(call)
    metadata, names_only = asked_flag(call.body, "withMetadata"), asked_flag(call.body, "namesOnly")
    table = call.table(Peo)
    by_id = {one.id: one for one in table.values()} if tids is None else {}
    asked = [table.get(tid) for tid in tids] if tids is not None else [by_id.get(key) for key in ids]
    found = [one for one in asked if one is not None and call.caller.user not in one.denied]
    entries = [shown(call, one, metadata=metadata, nodes=not names_only) for one in found]
    return call.answered("peos", entries, information="peo")


def shown(call: Call, peo: Peo, *, metadata: bool, nodes: bool) -> Json:
    """A peo as lists show it: its template by name."""
    template = call.table(Template).get(peo.template_id)
    meta = {
        "id": peo.id,
        "creationDate": call.date(peo.created),
        "modificationDate": call.date(peo.modified),
    }
    return {
        "default": str(peo.default).lower(),
        "product": peo.product,
        "template": template.name if template is not None else "",
        "tid": peo.tid,
        **({"meta": meta} if metadata else {}),
        "name": peo.name,
        **({"nodes": {"entries": list(peo.projects)}} if nodes else {}),
    }


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=QUERY, safe=True, answer=query, plain=True),
        OmnRoute(method="POST", path=RETRIEVE, safe=True, answer=retrieve),
    ),
    questions=(Knob("OC-P46", "a query after a peo is created", "finds it", "does not, nor does the next"),),
)
