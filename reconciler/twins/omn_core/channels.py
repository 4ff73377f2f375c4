"""The channels, with the peos that are linked to them (OC-P38, OC-P39)."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.knobs import Knob
from reconciler.twins.core.values import Answer, Json, Refused
from reconciler.twins.omn_core.call import Call, OmnRoute
from reconciler.twins.omn_core.custom_values import shown_values
from reconciler.twins.omn_core.media import JSON, XML
from reconciler.twins.omn_core.peo_things import Channel, Peo
from reconciler.twins.omn_core.peos import shown
from reconciler.twins.omn_core.requests import identities

QUERY = "/cm/channels/query"
RETRIEVE = "/cm/channels/retrieve"


def query(call: Call) -> Answer:
    """All of them, whatever is asked."""
    if not call.body and call.hard("OC-P38"):
        raise Refused(400, "No criteria provided")
    channels = call.table(Channel).values()
    return call.plain({"tids": [one.tid for one in channels if call.caller.user not in one.denied]})


def retrieve(call: Call) -> Answer:
    """XML whatever is accepted, bare or as a text in JSON. Raises Refused if one of them is denied."""
    tids, ids = identities(call)
    table = call.table(Channel)
    by_id = {one.id: one for one in table.values()} if tids is None else {}
    asked = [table.get(tid) for tid in tids] if tids is not None else [by_id.get(key) for key in ids]
    found = [one for one in asked if one is not None]
    if any(call.caller.user in one.denied for one in found):
        raise Refused(403, "Channels retrieve API is restricted for the user")
    linked = _linked(call)
    answer = call.answered(
        "projects", [_shown(call, one, linked.get(one.tid, [])) for one in found], information="project"
    )
    return Answer(200, answer.body, {"content-type": JSON if call.hard("OC-P39") else XML})


def _linked(call: Call) -> dict[str, list[Peo]]:
    """The peos of each channel."""
    linked: dict[str, list[Peo]] = {}
    for peo in call.table(Peo).values():
        for tid in peo.projects:
            linked.setdefault(tid, []).append(peo)
    return linked


def _shown(call: Call, channel: Channel, peos: list[Peo]) -> Json:
    return {
        "tid": channel.tid,
        "type": channel.type,
        "orderSequence": channel.order,
        "name": channel.name,
        "meta": {
            "id": channel.id,
            "creationDate": call.date(channel.created),
            "modificationDate": call.date(channel.modified),
            "htmlIcon": "",
            "icon": channel.icon,
            "allowedFunctions": channel.functions,
        },
        "vals": shown_values(channel.vals),
        "links": dict(channel.links or {}),
        "peos": {"entries": [shown(call, peo, metadata=True, nodes=True) for peo in peos]},
    }


KIND: Kind[OmnRoute] = Kind(
    routes=(
        OmnRoute(method="POST", path=QUERY, safe=True, answer=query, plain=True),
        OmnRoute(method="POST", path=RETRIEVE, safe=True, answer=retrieve, plain=True),
    ),
    questions=(
        Knob("OC-P38", "a query for channels without any criterion", "shows all", "refused"),
        Knob("OC-P39", "the form of channels", "XML", "XML as a text in JSON"),
    ),
)
