"""Keys of other things that a document sends as they stand (`x-mentions`): what is to come before it, what the
selection has left out, and what is nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.diff.fields import Compared, unresolved
from reconciler.diff.index import Index, Miss
from reconciler.diff.match import Match
from reconciler.diff.sets import ComparedSets
from reconciler.model.change import Hold, Value
from reconciler.model.document import Address, Document
from reconciler.model.kind import Field, Kind


def needed(
    index: Index, document: Document, kind: Kind, match: Match, out: Compared, sets: ComparedSets
) -> frozenset[Address]:
    """The documents of what is mentioned in what is to be written, and is not live under that key yet."""
    coming = ((kind.fields[n].entries, e) for n, d in sets.deltas.items() for e in (*d.add, *d.change))
    found = set[Address]()
    for subs, entry in coming:
        for name, address in entry.declared.items():
            if not _is_live(index, document, subs[name], entry.wire[name]):
                found.add(address)
    anew = match.resource is None or out.replaces
    for one, value in _plain(kind, out):
        by = index.declaring(document, one, value) if anew or one.name in out.changed else None
        if by is not None and not _is_live(index, document, one, value):
            found.add(by.address)
    return frozenset(found - {document.address})


def aside(index: Index, document: Document, kind: Kind, out: Compared) -> dict[str, Address]:
    """Field -> the document that declares what it mentions, where that is not live and was not selected."""
    found: dict[str, Address] = {}
    for one, value in _plain(kind, out) if index.desired.declared else ():
        if index.declaring(document, one, value) is None and not _is_live(index, document, one, value):
            there = index.catalog.kind(kind.provider, one.mentions or "")
            if (by := index.left_aside(document.address.target, there, value)) is not None:
                found[one.name] = by
    return found


def lost(index: Index, document: Document, kind: Kind, out: Compared) -> Iterator[Hold]:
    """A hold for all that is mentioned and is neither live nor declared, where a thing is to be made anew: it
    would be deleted, and could not be made again. What was not read, or not wholly, says nothing."""
    for one, value in _plain(kind, out):
        there = index.catalog.kind(kind.provider, one.mentions or "")
        at = (document.address.target, there.name)
        if at not in index.live.collections or not index.live.collections[at].proof.complete:
            continue
        if index.declaring(document, one, value) is None and not _is_live(index, document, one, value):
            yield unresolved(document, _nowhere(index, document, there, value), one.name)


def _nowhere(index: Index, document: Document, there: Kind, value: Value) -> Miss:
    miss = index.by_key(document.address.target, there, value)
    return miss if isinstance(miss, Miss) else Miss(f"no {there.name} has this key")


def _plain(kind: Kind, out: Compared) -> Iterator[tuple[Field, Value]]:
    """The fields that mention a thing, with what they say."""
    for name, value in out.wire.items():
        if kind.fields[name].mentions is not None and not kind.fields[name].is_set and value is not None:
            yield kind.fields[name], value


def _is_live(index: Index, document: Document, one: Field, value: Value) -> bool:
    """Whether a thing has this key by now."""
    there = index.catalog.kind(document.provider, one.mentions or "")
    return index.is_live(document.address.target, there, value)
