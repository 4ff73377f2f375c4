"""One request for the places of all components that only their place differs of (CM-R27)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.change import Change
from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.omni_cms.answers import number

CALL = ("PUT", "/component/sequence")


def ordering(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """The request, what it carries, and the same per space, for a server that takes one space at a time."""
    if not changes:
        return []
    carrier = _carrier(kind, changes[0].address.target, 1, f"put {len(changes)} {kind.name}s in order")
    riders = [_rider(kind, c, carrier) for c in changes]
    spaces = sorted({str(c.scope[0]) for c in changes}, key=lambda s: (len(s), s))
    return [carrier, *riders, *(_by_space(kind, carrier, riders, spaces) if len(spaces) > 1 else ())]


def _carrier(kind: Kind, target: str, count: int, summary: str) -> Call:
    name = "(batch)" if count == 1 else f"(batch {count})"
    own = f"{target}/{kind.name}/{name}"
    return Call(
        id=own,
        target=target,
        kind=kind.name,
        address=Address(target, kind.name, name),
        method=CALL[0],
        path=CALL[1],
        phase=Phase.CHANGE,
        body={"sequences": [{"$riders": own}]},
        summary=summary,
    )


def _rider(kind: Kind, change: Change, carrier: Call) -> Call:
    remote_id = change.live.id if change.live else ""
    return Call(
        id=f"{change.address}#sequence",
        target=carrier.target,
        kind=kind.name,
        address=change.address,
        method=carrier.method,
        path=carrier.path,
        phase=Phase.CHANGE,
        body={"id": number(remote_id), "sequence": change.wire["sequence"]},
        summary=f"give {kind.name} {change.key} its place",
        effect=Effect(fields={"sequence": change.wire["sequence"]}, scope=change.scope),
        verify=True,
        live_id=remote_id,
        carrier=carrier.id,
    )


def _by_space(kind: Kind, first: Call, riders: Sequence[Call], spaces: Sequence[str]) -> Iterator[Call]:
    for count, space in enumerate(spaces, 2):
        own = [r for r in riders if str(r.effect.scope[0]) == space]
        words = f"if refused for several spaces: put {len(own)} {kind.name}s of one in order"
        again = _carrier(kind, first.target, count, words)
        yield replace(again, role=Role.CONTINGENT, trigger=Trigger(first.id))
        for rider in own:
            trigger = Trigger(rider.id)
            yield replace(rider, id=f"{rider.id}:again", role=Role.CONTINGENT, carrier=again.id, trigger=trigger)
