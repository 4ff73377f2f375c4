"""What every request for many of this API has in common, and whatever goes along in one (OC-R6)."""

from __future__ import annotations

from reconciler.model.change import Change
from reconciler.model.document import Address
from reconciler.model.json import JsonObject
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Phase

ACTIONS = "actions"


def carrier(
    kind: Kind, target: str, number: int, path: str, summary: str, *, box: str = ACTIONS, media: str = "xml"
) -> Call:
    """The request of this number for things of a kind, its riders right in `box`: that of a persist, else actions.
    Its place in the plan is after its riders."""
    name = "(batch)" if number == 1 else f"(batch {number})"
    one = f"{target}/{kind.name}#{name}"
    body: JsonObject = {box: {"entries": [{"$riders": one}]}}
    return Call(
        id=one,
        target=target,
        kind=kind.name,
        address=Address(target, kind.name, name),
        method="POST",
        path=path,
        phase=Phase.CHANGE if box == ACTIONS else Phase.UPDATE,
        body=body,
        media=media,
        summary=summary,
    )


def rider(change: Change, word: str, path: str = "", phase: Phase = Phase.UPDATE, media: str = "xml") -> Call:
    """A call that goes along in a request, and is looked at afterwards (OC-R33). `path`: where it is known before
    the request."""
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method="POST",
        path=path,
        phase=phase,
        media=media,
        verify=True,
        live_id=change.live.id if change.live else None,
    )
