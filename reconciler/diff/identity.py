"""Which live thing a document means. Decided by remote id where we know one, by key where we do not; where the key
is not written, by the field that stands in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.diff.fields import ignored
from reconciler.diff.index import MISSING, Index, Thing
from reconciler.diff.lists import Lists
from reconciler.diff.match import Claimed, Found, Match, bond_of, left_by, same_lookups, thing_at
from reconciler.diff.refusals import (
    ambiguous,
    name_taken,
    no_such_id,
    renamable,
    rename_holds,
    taken_by,
    unconfirmed,
    undecided,
)
from reconciler.diff.rounds import bound_things, left_behind, meant_later, move_along, rounds
from reconciler.diff.shelf import key_text, same_key
from reconciler.diff.tree import in_own_list
from reconciler.model.change import Hold, Value, Verb
from reconciler.model.document import Address, Document, Manage
from reconciler.model.json import same
from reconciler.model.kind import REPLACE, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal
from reconciler.model.record import replace


def match_all(index: Index) -> dict[Address, Match]:
    """Every document's match. Pins choose first, then the ledger (things still under their own key before others),
    then `previously`, then the key; the order of the documents decides nothing."""
    found: dict[Address, Match] = {}
    claimed: dict[Thing, Document] = {}
    index.bound.update(bound_things(index))
    for documents in rounds(index):
        _choose(index, documents, claimed, found)
        move_along(index, documents, found)
        found |= left_behind(index, found)
        index.matched.update({d.address: r for d in documents if (r := found[d.address].resource) is not None})
    if index.recorded.bonds:
        found = {a: _with_history(index, index.documents[a], m) for a, m in found.items()}
    leaving = _all_leaving(index, found, claimed)
    if not leaving:
        return found
    return {a: _without_collision(index, index.documents[a], m, leaving) for a, m in found.items()}


def _choose(
    index: Index, documents: Sequence[Document], claimed: dict[Thing, Document], found: dict[Address, Match]
) -> None:
    lookups = index.any_kind(lambda kind: bool(kind.lookups))
    left = [d for d in documents if _has_more_than_a_key(index, d, lookups=lookups)]
    for choose in (_pinned, _unchanged, _recorded, _formerly, _looked_up, _by_key):
        left = [d for d in (documents if choose is _by_key else left) if d.address not in found]
        for document in left:
            match = choose(index, document, claimed, found)
            if match is None:
                continue
            if match.resource is not None:
                holder = claimed.setdefault(thing_at(document, match.resource), document)
                if holder is not document:
                    match = Match(None, match.bond, holds=(taken_by(holder, match.resource),))
            found[document.address] = match


def _has_more_than_a_key(index: Index, document: Document, *, lookups: bool) -> bool:
    """Whether any word but its key may say which thing it means. `lookups`: of some kind fields do."""
    if document.pinned_id is not None or document.previous_key is not None:
        return True
    if index.recorded.bonds and bond_of(index, document):
        return True
    return lookups and bool(index.kind_of(document).lookups)


def _with_history(index: Index, document: Document, match: Match) -> Match:
    """The ledger's word on the matched thing itself: that of this address, else of one that no document bears any
    more. What it says of another thing is no word on this one. Where the id is the name, it is spelled as live is
    now: another spelling is no other thing."""
    resource = match.resource
    if resource is None or (match.bond is None and not index.orphans):
        return match
    shelf = index.shelf(document.address.target, index.kind_of(document))
    if match.bond is None or shelf.recorded(match.bond.id) is not resource:
        orphan = index.orphans.get(thing_at(document, resource)) if index.orphans else None
        if orphan is not match.bond:
            match = replace(match, bond=orphan, previous=orphan.address if orphan else match.previous)
    if match.bond is None or match.bond.id == resource.id:
        return match
    return replace(match, bond=replace(match.bond, id=resource.id))


def _all_leaving(index: Index, found: Mapping[Address, Match], claimed: Mapping[Thing, Document]) -> set[Thing]:
    """Everything whose key is about to be free: renamed, made anew elsewhere, or deleted with its document."""
    apart = index.any_kind(lambda kind: bool(kind.scope))
    matched = ((index.documents[a], m) for a, m in found.items() if apart or m.renames)
    going = {thing_at(d, m.resource) for d, m in matched if m.resource and _leaves(index, d, m)}
    deleted = [(at, b) for at, b in index.orphans.items() if b.on_remove == Verb.DELETE and at not in claimed]
    lists = Lists.of(index.desired) if deleted else Lists({})
    gone = {at for at, bond in deleted if not lists.let_go(bond)}
    return going | gone


def _leaves(index: Index, document: Document, match: Match) -> bool:
    """Whether its key is about to be free where a thing is: it gets another one, is moved away, or is made anew
    elsewhere."""
    if match.resource is None or match.renames or document.lifecycle.manage is not Manage.FULL:
        return match.renames
    kind = index.kind_of(document)
    if not kind.scope:
        return False
    scopes = zip(kind.scope, match.resource.scope, index.scope_of(document, kind), strict=False)
    other = [name for name, now, then in scopes if _elsewhere(now, then) and not ignored(document, name)]
    return any(kind.fields[name].replaces or kind.fields[name].immutable is None for name in other)


def _elsewhere(now: Value, then: Value) -> bool:
    """Whether a part of a scope is to be another one; not where that leads nowhere."""
    return not same(now, then) and not (isinstance(then, dict) and MISSING in then)


def _staying(
    index: Index, document: Document, resources: Sequence[Resource], claimed: Claimed, found: Found
) -> list[Resource]:
    """Those of some things that no other document is about to lead away."""
    holders = [(r, claimed.get(thing_at(document, r))) for r in resources]
    return [r for r, holder in holders if holder is None or not _leaves(index, holder, found[holder.address])]


def _pinned(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:  # noqa: ARG001
    """By the id that the document names."""
    if document.pinned_id is None:
        return None
    kind, bond = index.kind_of(document), bond_of(index, document)
    resource = index.shelf(document.address.target, kind).by_id.get(document.pinned_id)
    if resource is None or not in_own_list(index, document, kind, resource):
        return Match(None, bond, holds=(no_such_id(document.pinned_id, kind),))
    match = Match(resource, bond, previous=left_by(document, bond))
    return _renaming(index, kind, document, match, pinned=True)


def _unchanged(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:
    """By the id that the ledger knows, where that thing also has our key."""
    match = _recorded(index, document, claimed, found)
    if match is None or match.resource is None:
        return None
    kind = index.kind_of(document)
    now = index.shelf(document.address.target, kind).key(match.resource)
    return match if same_key(kind, now, document.spec.get(kind.key)) else None


def _recorded(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:  # noqa: ARG001
    """By the id that the ledger knows. Where another document has that thing already, the ledger's word is old: an
    id that is a name can come to mean something else."""
    bond = bond_of(index, document)
    if bond is None:
        return None
    kind = index.kind_of(document)
    resource = index.shelf(document.address.target, kind).recorded(bond.id)
    if resource is None or thing_at(document, resource) in claimed or not same_lookups(kind, document, bond):
        return None
    return _renaming(index, kind, document, Match(resource, bond, previous=left_by(document, bond)))


def _looked_up(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:  # noqa: ARG001
    """By the field that stands in the place of the key; None where that leads nowhere."""
    kind = index.kind_of(document)
    if not kind.lookups:
        return None
    bond = bond_of(index, document)
    there = index.shelf(document.address.target, kind).collection.resources
    for name in (n for n in kind.lookups if n in document.spec):
        wanted = normal(kind.fields[name], document.spec[name])
        live = [r for r in there if name in r.fields and same(normal(kind.fields[name], r.fields[name]), wanted)]
        if len(live) > 1:
            return Match(None, bond, holds=(ambiguous(kind, document.spec[name], live),))
        if live:
            return Match(live[0], bond, previous=left_by(document, bond))
    return None


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
    match = _by_previous_key(index, document, claimed, found)
    if match and match.resource and meant_later(index, document, match.resource, found, by_key=False):
        return None
    holder = claimed.get(thing_at(document, match.resource)) if match and match.resource else None
    heir = _heir(index, document, kind)
    if holder is not None and _settled(found[holder.address], own=holder is heir):
        return None
    if match and taken and heir is not None and not index.recorded.exists:
        return replace(match, holds=(*match.holds, undecided(document, kind)))
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


def _by_previous_key(index: Index, document: Document, claimed: Claimed, found: Found) -> Match | None:
    """Of several those count that are not about to leave that key with a document of their own."""
    kind, bond = index.kind_of(document), bond_of(index, document)
    shelf = index.shelf(document.address.target, kind)
    live = shelf.formerly(document.previous_key, index.scope_of(document, kind))
    live = _staying(index, document, live, claimed, found) if len(live) > 1 else live
    if len(live) > 1:
        return Match(None, bond, holds=(ambiguous(kind, document.previous_key, live),))
    if not live:
        return None
    return _renaming(index, kind, document, Match(live[0], bond))


def _renaming(index: Index, kind: Kind, document: Document, match: Match, *, pinned: bool = False) -> Match:
    """Whether the matched thing's key has to change, and whether anybody asked for that."""
    resource, bond = match.resource, match.bond
    if resource is None:
        return match
    unsaid = kind.key not in document.spec and bool(kind.lookups)
    keyless = unsaid or not kind.findable or not (resource.placed or pinned)
    if keyless or document.lifecycle.manage is not Manage.FULL:
        return match  # its key is none, or stays, or nobody can say what it is
    desired = document.spec.get(kind.key)
    spelled_anew = document.previous_key is not None and same(document.previous_key, resource.key)
    now = index.shelf(document.address.target, kind).key(resource)
    if same_key(kind, desired, now):
        anew = spelled_anew and not same(desired, resource.key)
        return match if match.renames is anew else replace(match, renames=anew)
    holds: tuple[Hold, ...] = ()
    drifted = bond is not None and key_text(kind, bond.key) == key_text(kind, desired)
    # The key it had when last applied counts too: an interrupted rename leaves it under a temporary one.
    known_as = [key_text(kind, k) for k in (resource.key, now, bond.key if bond else None) if k is not None]
    asked = document.previous_key is not None and key_text(kind, document.previous_key) in known_as
    if renamable(kind) and not (drifted or asked or pinned):
        holds += (unconfirmed(kind, document, resource),)
    return replace(match, renames=True, holds=match.holds + holds + rename_holds(kind, document))


def _by_key(index: Index, document: Document, claimed: Claimed, found: Found) -> Match:
    """By the key itself; a thing that is about to leave it does not count."""
    kind = index.kind_of(document)
    bond = bond_of(index, document) if index.recorded.bonds else None
    live = _keyed(index, document, kind)
    if len(live) != 1 or thing_at(document, live[0]) in claimed:
        live = _staying(index, document, live, claimed, found)
    if live and (index.bound or index.previous_keys):
        live = [r for r in live if not meant_later(index, document, r, found, by_key=True)]
    if len(live) > 1:
        return Match(None, bond, holds=(ambiguous(kind, document.spec.get(kind.key), live),))
    previous = left_by(document, bond) if bond is not None else None
    return Match(live[0], bond, previous=previous) if live else Match(None, bond)


def _keyed(index: Index, document: Document, kind: Kind) -> list[Resource]:
    """The live things with the document's key, of those that its own list shows."""
    alike = index.keyed_alike(document, kind)
    if kind.rest.list is None or not kind.rest.list.by:
        return alike
    return [r for r in alike if in_own_list(index, document, kind, r)]


def _without_collision(index: Index, document: Document, match: Match, leaving: set[Thing]) -> Match:
    """A rename onto a name that somebody else keeps is refused, and so is a place; nothing is ever overwritten."""
    if match.resource is None or not leaving or thing_at(document, match.resource) not in leaving:
        return match
    kind = index.kind_of(document)
    if match.renames and not renamable(kind) and kind.rename != REPLACE:
        return match  # what cannot be renamed at all has no better chance with another name
    staying = [
        r
        for r in index.keyed(document, document.spec.get(kind.key))
        if r.id != match.resource.id and thing_at(document, r) not in leaving
    ]
    return replace(match, holds=(*match.holds, name_taken(kind, document, staying[0]))) if staying else match
