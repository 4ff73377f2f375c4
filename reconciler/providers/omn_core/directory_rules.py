"""What a manifest of directories must not say, and what it must not do to the directories that are live."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.change import Change, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.normalise import unlike_names
from reconciler.model.place import Problem
from reconciler.model.record import replace
from reconciler.providers.omn_core.custom_values import overlaid, texts
from reconciler.providers.omn_core.listing import chain
from reconciler.providers.omn_core.piece import OWN_VALUES
from reconciler.providers.omn_core.siblings import free_to_go, noted
from reconciler.providers.omn_core.texts import amiss


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Names and values that the server could not keep as they are (OC-R107, OC-R117)."""
    return [p for d in documents for p in (*_names(kind, d), *_values(d))]


def _names(kind: Kind, document: Document) -> Iterator[Problem]:
    for name in chain(document.spec.get(kind.key)):
        if why := "leads elsewhere; give the name itself" if name in (".", "..") else amiss(name):
            text = f"{document.address}: the name {name!r} {why}"
            yield Problem(document.at("spec", kind.key), text, rule="OC-R107")


def _values(document: Document) -> Iterator[Problem]:
    values = document.spec.get(OWN_VALUES)
    for name, value in values.items() if isinstance(values, dict) else ():
        for said in (name, *texts(value)):
            if said and (why := amiss(said)):
                place = document.at("spec", OWN_VALUES, name)
                yield Problem(place, f"{document.address}: `{name}`: {said!r} {why}", rule="OC-R117")


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Of values by locale just the declared locales count; names that others keep are not taken; what is in the
    way of a move is noted."""
    found = [_spoken_of(kind, change) for change in changes]
    return noted(kind, free_to_go(kind, found, live), live)


def _spoken_of(kind: Kind, change: Change) -> Change:
    """The change with the values as they are to be sent, and without what differs in locales nobody declared."""
    declared, there = change.wire.get(OWN_VALUES), change.live.fields.get(OWN_VALUES) if change.live else None
    if not isinstance(declared, dict) or not isinstance(there, dict):
        return change
    meant: Json = overlaid(there, declared)
    change = replace(change, wire={**change.wire, OWN_VALUES: meant})
    unlike = set(unlike_names(kind.fields[OWN_VALUES], there, meant))
    fields = tuple(f for f in change.fields if f.path[:1] != (OWN_VALUES,) or unlike.issuperset(f.path[1:2]))
    if unlike or OWN_VALUES not in {f.path[0] for f in change.fields}:
        return replace(change, fields=fields)
    holds = tuple(h for h in change.holds if h.only != OWN_VALUES)
    kept = replace(change, fields=fields, holds=holds, changed=change.changed - {OWN_VALUES})
    idle = change.verb is Verb.UPDATE and not fields and not kept.writes
    return replace(kept, verb=Verb.NONE) if idle else kept
