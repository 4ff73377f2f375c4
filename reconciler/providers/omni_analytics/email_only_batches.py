"""Many email-only users in one request; where it is refused, each half of them again, down to one (OA-R203,
OA-R204)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.model.plan import Call, Phase, Role, Trigger
from reconciler.model.record import replace
from reconciler.providers.omni_analytics.endpoints import ENDPOINTS

BATCH: Final = 20
"""People in one request, at most (documented)."""


def batches(kind: Kind, riders: Sequence[Call]) -> list[Call]:
    """As few requests as possible, and for each the halves that follow its refusal: for n people at most 2n - 2
    requests more."""
    found: list[Call] = []
    for number, start in enumerate(range(0, len(riders), BATCH), 1):
        some = riders[start : start + BATCH]
        name = "(batch)" if number == 1 else f"(batch {number})"
        carrier = _carrier(kind, some[0], name)
        found += [carrier, *_along(carrier, some), *_halves(carrier, some, [r.id for r in some])]
    return found


def _carrier(kind: Kind, first: Call, name: str) -> Call:
    """The request. Its place in the plan is after its riders."""
    method, path = ENDPOINTS["bulkManageEmailOnlyUsers"].split(" ", 1)
    one = f"{first.target}/{kind.name}#{name}"
    return Call(
        id=one,
        target=first.target,
        kind=kind.name,
        address=Address(first.target, kind.name, name),
        method=method,
        path=path,
        phase=Phase.UPDATE,
        body={"users": [{"$riders": one}]},
        summary=f"make and change {kind.name}s",
    )


def _along(carrier: Call, riders: Sequence[Call]) -> Iterator[Call]:
    return (replace(r, method=carrier.method, path=carrier.path, carrier=carrier.id) for r in riders)


def _halves(refused: Call, riders: Sequence[Call], before: Sequence[str]) -> Iterator[Call]:
    """What is sent where this request is refused, whose answer does not say for whom. An upsert may be repeated:
    nothing has to be known of those whom it has reached before the refusal. `before`: the riders as they went."""
    if len(riders) < 2:
        return
    middle = (len(riders) + 1) // 2
    for part, word in ((slice(None, middle), "a"), (slice(middle, None), "b")):
        half = replace(
            refused,
            id=f"{refused.id}{word}",
            body={"users": [{"$riders": f"{refused.id}{word}"}]},
            role=Role.CONTINGENT,
            trigger=Trigger(refused.id),
            summary=f"if refused: make and change {refused.kind}s, {len(riders[part])} of them",
        )
        again = [
            replace(
                r,
                id=f"{old}{word}",
                role=Role.CONTINGENT,
                trigger=Trigger(old),
                summary=f"if refused: {r.summary}",
            )
            for r, old in zip(riders[part], before[part], strict=True)
        ]
        yield half
        yield from _along(half, again)
        yield from _halves(half, riders[part], [r.id for r in again])
