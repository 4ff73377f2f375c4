"""What goes along in a request for one glossary entry (OC-R95 to OC-R102)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.model.change import Change, Value, Verb
from reconciler.model.document import Address
from reconciler.model.plan import Call, Effect, Phase
from reconciler.model.record import replace
from reconciler.providers.omn_core import glossary_bodies
from reconciler.providers.omn_core.carrying import rider
from reconciler.providers.omn_core.translations import FIELD, along, delta, removed

ENTRY: Final = "glossaryEntry"


def moves(change: Change) -> bool:
    return change.live is not None and change.verb is not Verb.DELETE and "glossary" in change.changed


def persists(change: Change) -> bool:
    """Whether an entry is made, or its text, what no read shows of it or a translation is to change."""
    if change.verb is Verb.DELETE:
        return False
    need = delta(change)
    return change.live is None or bool(change.changed & {"text", "forbidden"} or need.add or need.change)


def _persisted(change: Change) -> frozenset[str]:
    return frozenset({f"{change.address}#persist"} if persists(change) else ())


def persist(change: Change, into: Value, after: frozenset[str]) -> Call:
    """`into`: the glossary that it is to be in, as far as its id is known; `after`: what makes that."""
    one = rider(change, "persist")
    hidden = {n: v for n, v in change.wire.items() if n == "forbidden"}
    if change.live is not None:
        fields = {n: v for n, v in ({"text": change.key} | hidden).items() if n in change.changed}
        return replace(
            one,
            body=glossary_bodies.entry(change, change.live.scope[0]),
            effect=glossary_bodies.entry_effect(Effect(fields=fields), change),
            clobbers=(FIELD,),
            summary=f"update GlossaryEntry {change.live.label}",
        )
    effect = Effect(key=change.key, fields={**hidden, "glossary": into}, scope=(into, *change.scope[1:]))
    return replace(
        one,
        phase=Phase.CREATE,
        after=after,
        body=glossary_bodies.entry(change, into),
        effect=glossary_bodies.entry_effect(effect, change),
        summary=f"create GlossaryEntry {change.label}",
    )


def move(change: Change, into: Value, after: frozenset[str]) -> Call:
    """After its own text has been persisted where it is."""
    one = rider(change, "move")
    return replace(
        one,
        phase=Phase.CHANGE,
        after=after | _persisted(change),
        body={"dataType": ENTRY, "id": one.live_id, "type": "moveToGlossary", "meta": {"glossaryId": into}},
        effect=Effect(fields={"glossary": into}),
        summary=f"move GlossaryEntry {change.live.label if change.live else ''} to another glossary",
    )


def removals(change: Change) -> Iterator[Call]:
    """Each translation that leaves an entry is deleted as the entry that it is (OC-R99)."""
    for locale, target in removed(change):
        yield replace(
            rider(change, f"remove {locale}"),
            phase=Phase.REMOVE,
            after=_persisted(change),
            args={"link": glossary_bodies.link(change, locale)},
            body={"dataType": ENTRY, "id": target, "type": "delete"},
            set_field=FIELD,
            effect=Effect(set_field=FIELD, absent=(locale,)),
            summary=f"delete the translation of {change.label} into {locale}",
        )


def deletes(change: Change, own: Mapping[str, Address]) -> Iterator[Call]:
    """The entry, and after it the translations that go along, once nothing has them for a translation any more
    (OC-R101). `own`: id -> address of all entries that go."""
    one, going = rider(change, "delete"), along(change)
    entry = replace(
        one,
        phase=Phase.DELETE,
        body={"dataType": ENTRY, "id": one.live_id, "type": "delete"},
        effect=Effect(gone=True),
        clobbers=(FIELD,) if going else (),
        summary=f"delete GlossaryEntry {change.label}",
    )
    yield entry
    for target, others in going:
        first = {f"{own[i]}#delete" for i in others if i in own}
        yield replace(
            entry,
            id=f"{entry.id} {target}",
            live_id=target,
            after=frozenset({entry.id, *first}),
            body={"dataType": ENTRY, "id": target, "type": "delete"},
            clobbers=(),
            summary=f"delete a translation of {change.label}",
        )
