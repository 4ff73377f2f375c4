"""The same document in another notation, checked for nothing but its form."""

from __future__ import annotations

from reconciler.twins.core.kinds import Kind
from reconciler.twins.core.values import Answer, Refused
from reconciler.twins.omn_core import documents
from reconciler.twins.omn_core.call import Call, OmnRoute, Takes
from reconciler.twins.omn_core.media import XML
from reconciler.twins.omn_core.notation import TooDeep

PATH = "/common/transform"


def transform(call: Call) -> Answer:
    try:
        content = documents.write(call.body) if call.accept == XML else None
    except TooDeep:
        raise Refused(400, "Malformed request body") from None
    return Answer(200, call.body, {"content-type": call.accept}, content)


KIND: Kind[OmnRoute] = Kind(
    routes=(OmnRoute(method="POST", path=PATH, safe=True, answer=transform, takes=Takes.DOCUMENT),)
)
