"""Task: made once, and never seen again: no call reads, changes or deletes one (OP-R27 to OP-R33)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Document
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Demand, Proof, Replies, Resource
from reconciler.model.normalise import normal
from reconciler.model.place import Problem
from reconciler.model.plan import Call
from reconciler.model.record import replace
from reconciler.providers.rest.bodies import body
from reconciler.providers.rest.calls import create

SUPERSEDE = "supersede"
UNSEEN = "not verifiable: nothing reads a task"
OTHERWISE = "take the change back, or say `once: {supersede: <new value>}`, which makes another task beside it"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """An end before the start is refused by the server, and here at once (OP-R28)."""
    return [p for d in documents for p in _ends_early(kind, d)]


def _ends_early(kind: Kind, document: Document) -> Iterator[Problem]:
    start, end = (normal(kind.fields[name], document.spec.get(name)) for name in ("startDate", "endDate"))
    if isinstance(start, str) and isinstance(end, str) and end < start:
        text = f"{document.address}: it would end before it begins"
        yield Problem(document.at("spec", "endDate"), text, "an equal one is fine", rule="OP-R28")


def parse(kind: Kind, demand: Demand, replies: Replies) -> Collection:  # noqa: ARG001 - the verb's shape
    """What is recorded or pinned is taken to be there, and nothing is known of it (OP-R29)."""
    known = tuple(Resource(i, "", {}) for i in dict.fromkeys((*demand.ids, *demand.fresh)))
    return Collection(kind.name, known, Proof(complete=True, by="what is recorded is taken to be there"))


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """What was sent otherwise is refused, unless another task is asked for (OP-R30, OP-R31)."""
    return [_reviewed(c) if c.document and c.live and c.verb is not Verb.OBSERVE else _let_go(c) for c in changes]


def _let_go(change: Change) -> Change:
    """Nothing is called, and nothing is gone (OP-R32)."""
    if change.verb is not Verb.RELEASE:
        return change
    return replace(change, notes=("left git; it is forgotten here, and still there on the server",))


def _reviewed(change: Change) -> Change:
    own = change.live.id if change.live else ""
    sent = change.bond.digests if change.bond and change.bond.id == own else {}
    notes = tuple(n for n in change.notes if not n.startswith("not verifiable"))
    if SUPERSEDE in change.once:
        effect = f"makes another task; the one before it (id {own}) stays on the server, for people to remove"
        return replace(change, notes=notes, effects=(*change.effects, effect))
    fixed = {name for name in change.changed if name in sent}
    fixed |= {name for name in sent if name not in change.digests}  # left out by now: it cannot be taken back
    taken = replace(
        change,
        changed=frozenset(),
        fields=tuple(f for f in change.fields if f.path[0] in fixed),
        holds=(*change.holds, *(_fixed(name) for name in sorted(fixed))),
        notes=(*notes, UNSEEN),
        digests={**change.digests, **{name: sent[name] for name in fixed}},
    )
    if taken.verb is not Verb.UPDATE or fixed:
        return taken
    return replace(taken, verb=Verb.MOVE if taken.previous is not None else Verb.NONE)


def _fixed(name: str) -> Hold:
    return Hold("immutable", f"`{name}` was sent as something else, and a task cannot be changed", OTHERWISE, True)


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """One POST per task made, or made once more; its token is spent with it (OP-R28, OP-R31)."""
    endpoint = kind.rest.create
    writing = [c for c in changes if c.writes] if endpoint else []
    return [
        replace(create(kind, c, endpoint, body(kind, endpoint, c)), once=dict(c.once)) for c in writing if endpoint
    ]


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """One per task that is not known yet, one per new token (OP-C2)."""
    return sum(c.document is not None and (c.live is None or SUPERSEDE in c.once) for c in changes if c.writes)
