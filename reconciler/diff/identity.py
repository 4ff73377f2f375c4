"""Which live thing a document means. Decided by remote id where we know one, by key where we do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from reconciler.diff.index import Index, Thing, key_text
from reconciler.diff.tree import chain_above, in_own_list
from reconciler.model.change import Hold, Verb
from reconciler.model.document import Address, Document, Manage
from reconciler.model.json import Json, same
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken
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


Claimed: TypeAlias = "Mapping[Thing, Document]"
Found: TypeAlias = "Mapping[Address, Match]"


def match_all(index: Index) -> dict[Address, Match]:
    """Every document's match. Pins choose first, then the ledger (things still under their own key before others),
    then `previously`, then the key; the order of the documents decides nothing."""
    found: dict[Address, Match] = {}
    claimed: dict[Thing, Document] = {}
    index.bound.update(_bound(index))
    for documents in _rounds(index):
        index.enter(documents)
        _choose(index, documents, claimed, found)
        _move_along(index, documents, found)
        found |= _left_behind(index, found)
        index.matched.update({d.address: r for d in documents if (r := found[d.address].resource) is not None})
    found = {a: _with_history(index, index.documents[a], m) for a, m in found.items()}
    leaving = _leaving(index, found, claimed)
    return {a: _without_collision(index, index.documents[a], m, leaving) for a, m in found.items()}


def _bound(index: Index) -> Iterator[tuple[Thing, Document]]:
    """The things that documents name by a pin, else that the ledger knows under their addresses."""
    for document in index.desired.documents:
        shelf, bond = index.shelf(document.address.target, index.kind_of(document)), _bond(index, document)
        resource = shelf.by_id.get(document.pinned_id) if document.pinned_id else None
        resource = resource or (shelf.recorded(bond.id) if bond else None)
        if resource is not None:
            yield _at(document, resource), document


def _meant_later(index: Index, document: Document, resource: Resource, found: Found, *, by_key: bool) -> bool:
    """Whether a document that is matched later has a stronger word on a thing: a pin, the ledger, or, against a
    mere key, `previously`."""
    other = index.bound.get(_at(document, resource))
    if other is None and by_key:
        kind = index.kind_of(document)
        former = index.previous_keys.get(index.at(document, kind, resource.key))
        shelf, scope = index.shelf(document.address.target, kind), index.scope_of(document, kind)
        there = former is not None and shelf.live(former.spec.get(kind.key), scope)
        other = None if there else former
    return other is not None and other.address not in found and _deeper(index, other, document)


def _deeper(index: Index, one: Document, other: Document) -> bool:
    """Whether a document of the same kind is matched in a later round: what is matched in one round has its say in
    the order of the words."""
    kind = index.kind_of(other)
    return len(chain_above(kind, one)) > len(chain_above(kind, other))


def _rounds(index: Index) -> Iterator[list[Document]]:
    """The documents in the order in which they can be matched: what a scope refers to before what lies in it, and
    in a tree from the root downwards, each round in the order of the addresses."""
    rounds: dict[tuple[int, int], list[Document]] = {}
    for document in sorted(index.desired.documents, key=lambda d: d.address):
        kind = index.kind_of(document)
        depth = len(chain_above(kind, document))
        rounds.setdefault((_rank(index, document.provider, kind), depth), []).append(document)
        index.enter([document] if not kind.scope else [])
    yield from (rounds[at] for at in sorted(rounds))


def _rank(index: Index, provider: str, kind: Kind) -> int:
    """How many kinds deep a kind's scope refers; ten are followed."""
    refs, rank = {kind.fields[name].ref for name in kind.scope}, 0
    while (refs := refs - {None}) and rank < 10:
        rank += 1
        refs = {k.fields[n].ref for r in refs if r for k in [index.catalog.kind(provider, r)] for n in k.scope}
    return rank


def _move_along(index: Index, documents: Sequence[Document], found: Mapping[Address, Match]) -> None:
    """In a tree, what lies beneath a thing that gets another place is found at its own new place from now on."""
    places: dict[tuple[str, str], dict[str, Json]] = {}
    for document in documents:
        match, kind = found[document.address], index.kind_of(document)
        if kind.tree and match.resource and match.renames and not any(h.final for h in match.holds):
            at = places.setdefault((document.address.target, kind.name), {})
            at[match.resource.id] = normal(kind.key_field, document.spec.get(kind.key))
    for (target, name), moved in places.items():
        provider = index.desired.targets[target].provider
        index.shelf(target, index.catalog.kind(provider, name)).move(moved)


def _left_behind(index: Index, found: Mapping[Address, Match]) -> Mapping[Address, Match]:
    """In a tree, what keeps its chain of names while something above it moves away has to be moved as well, out of
    that; and again, since others may lie beneath it."""
    trees = [index.documents[a] for a, m in found.items() if m.resource and index.kind_of(index.documents[a]).tree]
    for _ in range(len(trees)):
        left = [d for d in trees if _goes_astray(index, d, found[d.address])]
        if not left:
            break
        found = {**found, **{d.address: replace(found[d.address], renames=True) for d in left}}
        _move_along(index, left, found)
    return found


def _goes_astray(index: Index, document: Document, match: Match) -> bool:
    kind, resource = index.kind_of(document), match.resource
    if resource is None or match.renames or document.lifecycle.manage is not Manage.FULL or not resource.placed:
        return False
    shelf = index.shelf(document.address.target, kind)
    return key_text(kind, shelf.key(resource)) != key_text(kind, document.spec.get(kind.key))


def _choose(
    index: Index, documents: Sequence[Document], claimed: dict[Thing, Document], found: dict[Address, Match]
) -> None:
    for choose in (_pinned, _unchanged, _recorded, _formerly, _by_key):
        for document in documents:
            match = None if document.address in found else choose(index, document, claimed, found)
            if match is None:
                continue
            holder = claimed.get(_at(document, match.resource)) if match.resource else None
            if holder is not None and match.resource is not None:
                match = Match(None, match.bond, holds=(_taken(holder, match.resource),))
            found[document.address] = match
            if match.resource is not None:
                claimed[_at(document, match.resource)] = document


def _with_history(index: Index, document: Document, match: Match) -> Match:
    """The ledger's word on the matched thing itself: that of this address, else of one that no document bears any
    more. What it says of another thing is no word on this one."""
    if match.resource is None:
        return match
    shelf = index.shelf(document.address.target, index.kind_of(document))
    if match.bond is not None and shelf.recorded(match.bond.id) is match.resource:
        return match
    orphan = index.orphans.get(_at(document, match.resource))
    return replace(match, bond=orphan, previous=orphan.address if orphan else match.previous)


def _leaving(index: Index, found: Mapping[Address, Match], claimed: Mapping[Thing, Document]) -> set[Thing]:
    """Everything whose key is about to be free: renamed, or deleted with its document."""
    renamed = {_at(index.documents[a], m.resource) for a, m in found.items() if m.resource and m.renames}
    gone = {at for at, b in index.orphans.items() if b.on_remove == Verb.DELETE and at not in claimed}
    return renamed | gone


def _at(document: Document, resource: Resource) -> Thing:
    return document.address.target, document.kind, resource.id


def _pinned(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:  # noqa: ARG001
    """By the id that the document names."""
    if document.pinned_id is None:
        return None
    kind, bond = index.kind_of(document), _bond(index, document)
    resource = index.shelf(document.address.target, kind).by_id.get(document.pinned_id)
    if resource is None or not in_own_list(index, document, kind, resource):
        return Match(None, bond, holds=(_no_such_id(document.pinned_id, kind),))
    match = Match(resource, bond, previous=_left(document, bond))
    return _renaming(index, kind, document, match, pinned=True)


def _unchanged(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:
    """By the id that the ledger knows, where that thing also has our key."""
    match = _recorded(index, document, claimed, found)
    kind = index.kind_of(document)
    resource = match.resource if match else None
    shelf = index.shelf(document.address.target, kind)
    own = resource is not None and key_text(kind, shelf.key(resource)) == key_text(
        kind, document.spec.get(kind.key)
    )
    return match if own else None


def _recorded(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:  # noqa: ARG001
    """By the id that the ledger knows. Where another document has that thing already, the ledger's word is old: an
    id that is a name can come to mean something else."""
    kind, bond = index.kind_of(document), _bond(index, document)
    resource = index.shelf(document.address.target, kind).recorded(bond.id) if bond else None
    if resource is None or _at(document, resource) in claimed:
        return None
    return _renaming(index, kind, document, Match(resource, bond, previous=_left(document, bond)))


def _left(document: Document, bond: Bond | None) -> Address | None:
    """The address that the document had before, where the ledger still uses it."""
    return bond.address if bond is not None and bond.address != document.address else None


def _formerly(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:
    """By the previous key, unless the rename is over already or the thing is another document's own."""
    if document.previous_key is None:
        return None
    kind = index.kind_of(document)
    taken = bool(index.keyed(document, document.spec.get(kind.key)))
    if taken and not _moves_on(index, document, kind) and _taken_over(index, document, kind):
        return None
    if document.lifecycle.manage is not Manage.FULL and _heir(index, document, kind) is not None:
        return None
    match = _by_previous_key(index, kind, document, _bond(index, document))
    if match and match.resource and _meant_later(index, document, match.resource, found, by_key=False):
        return None
    holder = claimed.get(_at(document, match.resource)) if match and match.resource else None
    heir = _heir(index, document, kind)
    if holder is not None and _settled(found[holder.address], own=holder is heir):
        return None
    if match and taken and heir is not None and not index.recorded.exists:
        return replace(match, holds=(*match.holds, _unknown_past(document, kind)))
    return match


def _settled(match: Match, *, own: bool) -> bool:
    """Whether a thing that a stronger word gave to another document stays its own, or surely becomes so."""
    return not match.holds if match.renames else own


def _heir(index: Index, document: Document, kind: Kind) -> Document | None:
    """The other document that now has our old key for its own."""
    other = index.keys.get(index.at(document, kind, document.previous_key))
    return other if other is not document else None


def _moves_on(index: Index, document: Document, kind: Kind) -> bool:
    """Whether the live holder of our new key is itself renamed away by its own document."""
    at = index.at(document, kind, document.spec.get(kind.key))
    other = index.previous_keys.get(at)
    return other is not None and other is not document and index.at(other, kind, other.spec.get(kind.key)) != at


def _taken_over(index: Index, document: Document, kind: Kind) -> bool:
    """Whether another document's thing was renamed to our old key: then ours has been renamed already."""
    other, shelf = _heir(index, document, kind), index.shelf(document.address.target, kind)
    if other is None or other.previous_key is None:
        return other is not None
    return not shelf.formerly(other.previous_key, index.scope_of(other, kind))


def _bond(index: Index, document: Document) -> Bond | None:
    """The ledger's word on this address, or on the one it had before."""
    bond = index.recorded.bonds.get(document.address)
    if bond is None and document.previous_name:
        old = replace(document.address, name=document.previous_name)
        bond = index.recorded.bonds.get(old) if old not in index.documents else None
    return bond


def _by_previous_key(index: Index, kind: Kind, document: Document, bond: Bond | None) -> Match | None:
    shelf = index.shelf(document.address.target, kind)
    found = shelf.formerly(document.previous_key, index.scope_of(document, kind))
    if len(found) > 1:
        return Match(None, bond, holds=(_ambiguous(kind, document.previous_key, found),))
    if not found:
        return None
    return _renaming(index, kind, document, Match(found[0], bond))


def _renaming(index: Index, kind: Kind, document: Document, match: Match, *, pinned: bool = False) -> Match:
    """Whether the matched thing's key has to change, and whether anybody asked for that."""
    resource, bond = match.resource, match.bond
    if resource is None:
        return match
    if not kind.findable or document.lifecycle.manage is not Manage.FULL or not (resource.placed or pinned):
        return match  # its key is none, or stays, or nobody can say what it is
    desired = document.spec.get(kind.key)
    spelled_anew = document.previous_key is not None and same(document.previous_key, resource.key)
    now = index.shelf(document.address.target, kind).key(resource)
    if key_text(kind, desired) == key_text(kind, now):
        return replace(match, renames=spelled_anew and not same(desired, resource.key))
    holds: tuple[Hold, ...] = ()
    drifted = bond is not None and key_text(kind, bond.key) == key_text(kind, desired)
    # The key it had when last applied counts too: an interrupted rename leaves it under a temporary one.
    known_as = [key_text(kind, k) for k in (resource.key, now, bond.key if bond else None) if k is not None]
    asked = document.previous_key is not None and key_text(kind, document.previous_key) in known_as
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


def _by_key(index: Index, document: Document, claimed: Claimed, found: Found) -> Match:
    """By the key itself; a thing that is about to leave it does not count."""
    kind = index.kind_of(document)
    bond = _bond(index, document)
    holders = {r.id: claimed.get(_at(document, r)) for r in _keyed(index, document, kind)}
    live = [r for r in _keyed(index, document, kind) if not (h := holders[r.id]) or not found[h.address].renames]
    live = [r for r in live if not _meant_later(index, document, r, found, by_key=True)]
    if len(live) > 1:
        return Match(None, bond, holds=(_ambiguous(kind, document.spec.get(kind.key), live),))
    return Match(live[0], bond, previous=_left(document, bond)) if live else Match(None, bond)


def _keyed(index: Index, document: Document, kind: Kind) -> list[Resource]:
    """The live things with the document's key, of those that its own list shows."""
    found = index.keyed(document, document.spec.get(kind.key))
    return [r for r in found if in_own_list(index, document, kind, r)]


def _without_collision(index: Index, document: Document, match: Match, leaving: set[Thing]) -> Match:
    """A rename onto a name that somebody else keeps is refused; nothing is ever overwritten."""
    if not match.renames or match.resource is None:
        return match
    kind = index.kind_of(document)
    staying = [
        r
        for r in index.keyed(document, document.spec.get(kind.key))
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


def _unknown_past(document: Document, kind: Kind) -> Hold:
    key = spoken(document.spec.get(kind.key))
    reason = f"both '{key}' and '{spoken(document.previous_key)}' are live and declared; is the rename over?"
    return Hold("rename-undecided", reason, "apply with a ledger, which knows, or take `previously` out")


def _no_such_id(pinned: str, kind: Kind) -> Hold:
    return Hold(
        "no-such-id",
        f"no live {kind.name} has the pinned id {pinned}",
        "correct metadata.id or leave it out",
        final=True,
    )
