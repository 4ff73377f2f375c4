"""One request for many calls of things that lie in no tree: peos and products, and their links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.model.change import Change
from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, Phase
from reconciler.providers.omn_core.batch import batch_size, batches


@dataclass(slots=True)
class Grouped:
    """The requests of one kind and target. `changes`: of these things; `count`: requests so far."""

    kind: Kind
    changes: Sequence[Change]
    count: int = 0

    def requests(self, riders: Sequence[Call], what: str) -> Iterator[Call]:
        """Each batch: the request, and its riders; what waits for a person in requests of its own, so that the
        others fill theirs. `what`: for people, as `link Peos`."""
        holds = {c.address: {h.only for h in c.holds} for c in self.changes}

        def held(call: Call) -> bool:
            only = holds[call.address]
            return "" in only or (call.phase is Phase.REMOVE and "remove" in only)

        for some in ([r for r in riders if not held(r)], [r for r in riders if held(r)]):
            for batch in batches(some, batch_size(self.changes)):
                carrier = self._carrier(batch[0], what)
                yield carrier
                yield from (replace(r, carrier=carrier.id) for r in batch)

    def _carrier(self, first: Call, what: str) -> Call:
        self.count += 1
        name, path = "(batch)" if self.count == 1 else f"(batch {self.count})", first.path
        one = f"{first.target}/{self.kind.name}#{name}"
        return Call(
            id=one,
            target=first.target,
            kind=self.kind.name,
            address=Address(first.target, self.kind.name, name),
            method="POST",
            path=path,
            phase=Phase.CHANGE if first.phase is Phase.DELETE else Phase.UPDATE,
            body=_around(path, self.kind.name, one),
            media="xml",
            summary=what,
        )


LINKS: Mapping[str, str] = {"Peo": "peoToProject", "Product": "productToProduct"}
"""Kind -> what its links are called in a request that makes them."""
BOXES: Mapping[str, str] = {"Peo": "peos", "Product": "products"}


def _around(path: str, kind: str, carrier: str) -> JsonObject:
    """What the riders stand in."""
    riders: list[Json] = [{"$riders": carrier}]
    if path.endswith("/links/persist"):
        return {"links": {"itms": [{"type": LINKS[kind], "itms": riders}]}}
    return {BOXES[kind] if path.endswith("/persist") else "actions": {"entries": riders}}


def rider(change: Change, word: str, path: str, phase: Phase) -> Call:
    """A call that goes along in a request, and is looked at afterwards (OC-R33)."""
    return Call(
        id=f"{change.address}#{word}",
        target=change.address.target,
        kind=change.address.kind,
        address=change.address,
        method="POST",
        path=path,
        phase=phase,
        media="xml",
        verify=True,
        live_id=change.live.id if change.live else None,
    )


def delete(change: Change, path: str, data_type: str, tid: str) -> Call:
    """A delete by the long id, which its answer repeats."""
    label = change.live.label if change.live else change.label
    return replace(
        rider(change, "delete", path, Phase.DELETE),
        args={"tid": tid},
        body={"dataType": data_type, "tid": tid, "type": "delete"},
        summary=f"delete {change.address.kind} {label}",
        effect=Effect(gone=True),
    )
