"""What calls to one object of this API have in common, whatever its kind: the id in the body, and what follows an
answer that is rare."""

from __future__ import annotations

from reconciler.model.json import Json
from reconciler.model.plan import Call, On, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.omni_cms.answers import number
from reconciler.providers.omni_cms.codec import TEXT_ID

WRONG_TYPE = "omni.field.wrong.type"


def with_id(call: Call, own: Json) -> Call:
    """A PUT repeats the id of its path, as a number (CM-R3)."""
    if not isinstance(call.body, dict) or call.phase is not Phase.UPDATE:
        return call
    return replace(call, body={"id": number(own), **call.body})


def listed_id(call: Call, listing: str) -> Call:
    """The list once more, where a create's answer names no id (CM-R18, CM-R43)."""
    method, path = listing.split(" ", 1)
    return Call(
        id=f"{call.id}:look",
        target=call.target,
        kind=call.kind,
        address=call.address,
        method=method,
        path=path,
        phase=Phase.CREATE,
        role=Role.FIND,
        summary=f"if the answer names no id: look up {call.kind} {call.effect.key}",
        trigger=Trigger(call.id, on=On.UNKNOWN),
    )


def text_id(call: Call) -> Call:
    """The same PUT with its id as text, for a server that wants it so (CM-R26, CM-R44)."""
    body = call.body if isinstance(call.body, dict) else {}
    return replace(
        call,
        id=f"{call.id}:text",
        media=TEXT_ID,
        body={**body, "id": _text(body.get("id"))},
        role=Role.CONTINGENT,
        summary=f"if the id has to be text: {call.summary}",
        after=frozenset(),
        waits=frozenset(),
        trigger=Trigger(call.id, on=On.CODE, code=WRONG_TYPE),
    )


def _text(value: Json) -> Json:
    return str(value) if isinstance(value, int) else value
