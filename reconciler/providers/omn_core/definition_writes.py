"""The calls for attribute definitions: one persist for all that are new or change, one perform for all that go;
those that are made anew go first (OC-R41, OC-R47, OC-R48)."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.json import Json, JsonObject
from reconciler.model.kind import Kind
from reconciler.model.normalise import spoken
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core import domain, labels
from reconciler.providers.omn_core.batch import batch_size, batches, requests
from reconciler.providers.omn_core.carrying import ACTIONS, carrier, rider

PERSIST, PERFORM = "/pim/attribute-definitions/persist", "/pim/attribute-definitions/perform"
DOMAIN = "domain"


def calls(kind: Kind, changes: Sequence[Change]) -> list[Call]:
    """Deletes of what is made anew, then all that is persisted, then deletes: each a request for up to a batch."""
    anew, written, doomed = _parts(changes)
    steps = [
        *(
            (PERFORM, "definitions made anew", part)
            for part in batches([_delete(c) for c in anew], batch_size(changes))
        ),
        *((PERSIST, "definitions", part) for part in batches([_write(c) for c in written], batch_size(changes))),
        *((PERFORM, "definitions", part) for part in batches([_delete(c) for c in doomed], batch_size(changes))),
    ]
    found: list[Call] = []
    for n, (path, _, riders) in enumerate(steps, 1):
        carrier = _carrier(kind, riders[0], path, n)
        found += [carrier, *(replace(r, carrier=carrier.id) for r in riders)]
    return found


def bound(kind: Kind, changes: Sequence[Change]) -> int:  # noqa: ARG001 - the verb's shape
    """`⌈anew/b⌉ + ⌈(new + changed + anew)/b⌉ + ⌈deleted/b⌉` (OC-C11)."""
    most, writing = batch_size(changes), [c for c in changes if c.writes]
    anew = sum(c.verb is Verb.REPLACE for c in writing)
    deleted = sum(c.verb is Verb.DELETE for c in writing)
    return requests(anew, most) + requests(len(writing) - deleted, most) + requests(deleted, most)


def _parts(changes: Sequence[Change]) -> tuple[list[Change], list[Change], list[Change]]:
    """What is made anew, what is persisted (these once more among them), what goes for good."""
    writing = [c for c in changes if c.writes]
    anew = [c for c in writing if c.verb is Verb.REPLACE]
    return anew, [c for c in writing if not c.removes], [c for c in writing if c.verb is Verb.DELETE]


def _carrier(kind: Kind, first: Call, path: str, n: int) -> Call:
    word, box = ("persist", "attrDefs") if path == PERSIST else ("perform", ACTIONS)
    return carrier(kind, first.target, n, path, f"{word} {kind.name}s", box=box)


def _delete(change: Change) -> Call:
    """By `tid`, as all of them: one call may not mix them with ids (OC-R47). Of one that is made anew no list will
    show that it was gone."""
    own = change.live.id if change.live else spoken(change.key)
    return replace(
        rider(change, "delete", PERFORM, Phase.DELETE),
        body={"dataType": "attrDefinition", "tid": own, "type": "delete"},
        summary=f"delete {change.address.kind} {own}",
        effect=Effect(gone=True),
        verify=change.verb is not Verb.REPLACE,
        looks=True,
    )


def _write(change: Change) -> Call:
    """A definition whole: what is live, overlaid with what is declared (OC-R41)."""
    key = spoken(change.key)
    fresh = change.live is None or change.verb is Verb.REPLACE
    texts, (body, fields) = labels.whole(change), _told(change, key)
    effect = Effect(key=key if fresh else None, fields=fields)
    if present := labels.shown(texts):
        effect = replace(effect, set_field=labels.LABELS, present=present)
    one = rider(change, "create" if fresh else "update", PERSIST, Phase.CREATE if fresh else Phase.UPDATE)
    return replace(
        one,
        args={"tid": key},
        body={**body, **labels.wire(texts)},
        summary=f"{'create' if fresh else 'update'} {change.address.kind} {key}",
        effect=effect,
        after=frozenset({f"{change.address}#delete"} if change.verb is Verb.REPLACE else ()),
        new_id="{tid}" if fresh else None,
        live_id=None if fresh else one.live_id,
        clobbers=() if fresh else ("multiValued", DOMAIN, labels.LABELS),
    )


def _told(change: Change, key: str) -> tuple[JsonObject, JsonObject]:
    """What is sent besides labels, and what live must show of it."""
    fresh = change.live is None or change.verb is Verb.REPLACE
    live = {} if fresh or change.live is None else change.live.fields
    known: JsonObject = {**live, **{n: v for n, v in change.wire.items() if fresh or n in change.changed}}
    has = domain.overlaid(live.get(DOMAIN), known.get(DOMAIN))
    many = known.get("multiValued") is True
    body: JsonObject = {"tid": key, "type": known.get("type")}
    if many or "multiValued" in known:
        body["multiValued"] = "true" if many else "false"
    if (told := domain.wire(has, full=True)) is not None:
        body["domainVals"] = told
    sent: dict[str, Json] = {"type": known.get("type"), "multiValued": many, DOMAIN: has}
    wanted = {n for n in sent if n in change.wire and (fresh or n in change.changed)}
    return body, {n: v for n, v in sent.items() if n in wanted}
