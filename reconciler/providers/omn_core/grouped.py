"""One request for many calls of things that lie in no tree: peos and products, and their links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.change import Change
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import Record, replace
from reconciler.providers.omn_core.batch import batch_size, batches
from reconciler.providers.omn_core.carrying import carrier, rider


class Grouped(Record):
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
                one = self._carrier(batch[0], what)
                yield one
                yield from (replace(r, carrier=one.id) for r in batch)

    def _carrier(self, first: Call, what: str) -> Call:
        self.count += 1
        delete = first.phase is Phase.DELETE
        one = carrier(self.kind, first.target, self.count, first.path, what)
        body = _around(first.path, self.kind.name, one.id)
        return replace(one, phase=Phase.CHANGE if delete else Phase.UPDATE, body=body)


LINKS: Mapping[str, str] = {"Peo": "peoToProject", "Product": "productToProduct"}
"""Kind -> what its links are called in a request that makes them."""
BOXES: Mapping[str, str] = {"Peo": "peos", "Product": "products"}


def _around(path: str, kind: str, carrier: str) -> JsonObject:
    """What the riders stand in."""
    riders: list[Json] = [{"$riders": carrier}]
    if path.endswith("/links/persist"):
        return {"links": {"itms": [{"type": LINKS[kind], "itms": riders}]}}
    return {BOXES[kind] if path.endswith("/persist") else "actions": {"entries": riders}}


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
