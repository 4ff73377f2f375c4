"""Which live thing a document means. Decided by remote id where we know one, by key where we do not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from reconciler.diff.index import Index, Shelf, key_text
from reconciler.model.change import Hold
from reconciler.model.document import Address, Document
from reconciler.model.json import Json, same
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import spoken
from reconciler.model.recorded import Bond


@dataclass(frozen=True, slots=True)
class Match:
    """The live thing a document means, if any, and what stands in the way. `renames`: its key is to change.

    `previous`: the address the ledger knows this thing under, where it is another one.
    """

    resource: Resource | None = None
    bond: Bond | None = None
    renames: bool = False
    previous: Address | None = None
    holds: tuple[Hold, ...] = ()


def match_all(index: Index) -> dict[Address, Match]:
    """Every document's match. Those known by pin, ledger or `previously` choose first, the others by key."""
    found: dict[Address, Match] = {}
    claimed: dict[tuple[str, str, str], Document] = {}
    for document in index.desired.documents:
        match = _known(index, document)
        if match is None:
            continue
        holder = claimed.get(_at(document, match.resource)) if match.resource else None
        if holder is not None and match.resource is not None:
            match = Match(None, match.bond, holds=(_taken(holder, match.resource),))
        found[document.address] = match
        if match.resource is not None:
            claimed[_at(document, match.resource)] = document
    for document in index.desired.documents:
        if document.address not in found:
            match = _by_key(index, document, claimed, found)
            found[document.address] = match
            if match.resource is not None:
                claimed[_at(document, match.resource)] = document
    leaving = _leaving(index, found)
    return {a: _without_collision(index, index.documents[a], m, leaving) for a, m in found.items()}


def _leaving(index: Index, found: Mapping[Address, Match]) -> set[tuple[str, str, str]]:
    """(target, kind, id) of everything whose key is about to be free: renamed, or deleted with its document."""
    renamed = {_at(index.documents[a], m.resource) for a, m in found.items() if m.resource and m.renames}
    moved = {m.previous for m in found.values()}
    gone = [b for b in index.unmatched_bonds() if b.on_remove == "delete" and b.address not in moved]
    return renamed | {(b.address.target, b.address.kind, b.id) for b in gone}


def _at(document: Document, resource: Resource) -> tuple[str, str, str]:
    return document.address.target, document.kind, resource.id


def _known(index: Index, document: Document) -> Match | None:
    """By pinned id, by the ledger, or by a previous key; None where only the key can tell."""
    kind = index.kind_of(document)
    shelf = index.shelf(document.address.target, kind)
    bond = _bond(index, document)
    previous = bond.address if bond and bond.address != document.address else None
    if document.pinned_id is not None:
        resource = shelf.by_id.get(document.pinned_id)
        if resource is None:
            return Match(None, bond, holds=(_no_such_id(document.pinned_id, kind),))
        return _renaming(kind, document, Match(resource, bond, previous=previous), pinned=True)
    recorded = shelf.recorded(bond.id) if bond else None
    if recorded is not None:
        return _renaming(kind, document, Match(recorded, bond, previous=previous))
    if document.previous_key is None:
        return None
    taken = bool(shelf.keyed(document.spec.get(kind.key)))
    if taken and not _moves_on(index, document, kind) and _taken_over(index, document, kind, shelf):
        return None
    return _by_previous_key(kind, shelf, document, bond)


def _moves_on(index: Index, document: Document, kind: Kind) -> bool:
    """Whether the live holder of our new key is itself renamed away by its own document."""
    text = key_text(kind, document.spec.get(kind.key))
    other = index.previous_keys.get((document.address.target, kind.name, text))
    return other is not None and other is not document and key_text(kind, other.spec.get(kind.key)) != text


def _taken_over(index: Index, document: Document, kind: Kind, shelf: Shelf) -> bool:
    """Whether another document's thing was renamed to our old key: then ours has been renamed already."""
    at = (document.address.target, kind.name, key_text(kind, document.previous_key))
    other = index.keys.get(at, document)
    return other is not document and other.previous_key is not None and not shelf.keyed(other.previous_key)


def _bond(index: Index, document: Document) -> Bond | None:
    """The ledger's word on this address, or on the one it had before."""
    bond = index.recorded.bonds.get(document.address)
    if bond is None and document.previous_name:
        old = replace(document.address, name=document.previous_name)
        bond = index.recorded.bonds.get(old) if old not in index.documents else None
    return bond


def _by_previous_key(kind: Kind, shelf: Shelf, document: Document, bond: Bond | None) -> Match | None:
    found = shelf.keyed(document.previous_key)
    if len(found) > 1:
        return Match(None, bond, holds=(_ambiguous(kind, document.previous_key, found),))
    if not found:
        return None
    return _renaming(kind, document, Match(found[0], bond))


def _renaming(kind: Kind, document: Document, match: Match, *, pinned: bool = False) -> Match:
    """Whether the matched thing's key has to change, and whether anybody asked for that."""
    resource, bond = match.resource, match.bond
    if resource is None:
        return match
    desired = document.spec.get(kind.key)
    spelled_anew = document.previous_key is not None and same(document.previous_key, resource.key)
    if key_text(kind, desired) == key_text(kind, resource.key):
        return replace(match, renames=spelled_anew and not same(desired, resource.key))
    holds: tuple[Hold, ...] = ()
    drifted = bond is not None and key_text(kind, bond.key) == key_text(kind, desired)
    asked = document.previous_key is not None and key_text(kind, document.previous_key) == key_text(
        kind, resource.key
    )
    if not (drifted or asked or pinned):
        line = f"previously: {{key: {spoken(resource.key)}}}"
        holds += (
            Hold(
                "rename-unconfirmed",
                f"the ledger knows it live as '{spoken(resource.key)}'",
                f"add to its metadata: {line}",
            ),
        )
    return replace(match, renames=True, holds=match.holds + holds + rename_holds(kind, document))


def rename_holds(kind: Kind, document: Document) -> tuple[Hold, ...]:
    """Whether this kind can be renamed, and whether the document consents where the API makes it risky."""
    if kind.rename == "yes":
        return ()
    if kind.rename != "consent":
        return (Hold("no-rename", f"the API cannot rename a {kind.name}", kind.rename, final=True),)
    if "rename" in document.lifecycle.allow:
        return ()
    reason = f"others find a {kind.name} by its {kind.key}; a change of it can make them create the old one again"
    return (Hold("rename", reason, "add `rename` to lifecycle.allow"),)


def _by_key(
    index: Index,
    document: Document,
    claimed: dict[tuple[str, str, str], Document],
    found: dict[Address, Match],
) -> Match:
    kind = index.kind_of(document)
    bond = _bond(index, document)
    live = index.shelf(document.address.target, kind).keyed(document.spec.get(kind.key))
    if len(live) > 1:
        return Match(None, bond, holds=(_ambiguous(kind, document.spec.get(kind.key), live),))
    if not live:
        return Match(None, bond)
    holder = claimed.get(_at(document, live[0]))
    if holder is not None:
        if found[holder.address].renames:
            return Match(None, bond)  # its name is about to be free
        return Match(None, bond, holds=(_taken(holder, live[0]),))
    other = index.bonds_by_id.get(_at(document, live[0]))
    previous = other.address if other and other.address not in index.documents else None
    previous = previous if previous not in index.desired.left_out else None
    match = Match(live[0], bond or (other if previous else None), previous=previous)
    return _renaming(kind, document, match)


def _without_collision(
    index: Index, document: Document, match: Match, leaving: set[tuple[str, str, str]]
) -> Match:
    """A rename onto a name that somebody else keeps is refused; nothing is ever overwritten."""
    if not match.renames or match.resource is None:
        return match
    kind = index.kind_of(document)
    staying = [
        r
        for r in index.shelf(document.address.target, kind).keyed(document.spec.get(kind.key))
        if r.id != match.resource.id and _at(document, r) not in leaving
    ]
    if not staying:
        return match
    reason = f"'{spoken(document.spec.get(kind.key))}' is already live as another {kind.name} (id {staying[0].id})"
    hold = Hold("name-taken", reason, "choose another name, or remove or rename the other one first", final=True)
    return replace(match, holds=(*match.holds, hold))


def _ambiguous(kind: Kind, key: Json, found: list[Resource]) -> Hold:
    ids = ", ".join(sorted(r.id for r in found))
    return Hold(
        "ambiguous",
        f"more than one {kind.name} '{spoken(key)}' is live: {ids}",
        "say which one with metadata.id",
        final=True,
    )


def _taken(holder: Document, resource: Resource) -> Hold:
    return Hold(
        "taken",
        f"the live thing with this key (id {resource.id}) belongs to {holder.address}",
        "give one of the two another key, or say `previously` where it moves",
        final=True,
    )


def _no_such_id(pinned: str, kind: Kind) -> Hold:
    return Hold(
        "no-such-id",
        f"no live {kind.name} has the pinned id {pinned}",
        "correct metadata.id or leave it out",
        final=True,
    )
