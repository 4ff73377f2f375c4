"""Trees and scopes: which documents are matched before which, and what moves along with what is matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from reconciler.diff.index import Index, Thing
from reconciler.diff.match import Found, Match, bond_of, thing_at
from reconciler.diff.shelf import same_key
from reconciler.diff.tree import chain_above
from reconciler.model.document import Address, Document, Manage
from reconciler.model.json import Json
from reconciler.model.kind import REPLACE, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal
from reconciler.model.record import replace


def bound_things(index: Index) -> Iterator[tuple[Thing, Document]]:
    """The things that documents name by a pin, else that the ledger knows under their addresses."""
    for document in index.desired.documents:
        bond = bond_of(index, document)
        if bond is None and not document.pinned_id:
            continue
        shelf = index.shelf(document.address.target, index.kind_of(document))
        resource = shelf.by_id.get(document.pinned_id) if document.pinned_id else None
        resource = resource or (shelf.recorded(bond.id) if bond else None)
        if resource is not None:
            yield thing_at(document, resource), document


def meant_later(index: Index, document: Document, resource: Resource, found: Found, *, by_key: bool) -> bool:
    """Whether a document that is matched later has a stronger word on a thing: a pin, the ledger, or, against a
    mere key, `previously`."""
    other = index.bound.get(thing_at(document, resource)) if index.bound else None
    if other is None and by_key and index.previous_keys:
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


def rounds(index: Index) -> Iterator[list[Document]]:
    """The documents in the order in which they can be matched: what tells things apart before these, and
    in a tree from the root downwards, each round in the order of the addresses. All documents of a kind can be
    found by their keys from its first round on; what was yielded has to be matched when the next is asked for."""
    rounds: dict[tuple[int, int], list[Document]] = {}
    scoped: dict[int, list[tuple[Kind, Sequence[Document]]]] = {}
    for (_, name), alike in groupby(sorted(index.desired.documents, key=attrgetter("address")), _target_and_kind):
        documents = [*alike]
        kind = index.catalog.kind(documents[0].provider, name)
        rank = _rank(index, kind)
        if kind.scope:  # which is not known before what it is has been matched
            scoped.setdefault(rank, []).append((kind, documents))
        else:
            index.enter(kind, documents)
        if not kind.tree:
            rounds.setdefault((rank, 0), []).extend(documents)
            continue
        for document in documents:
            rounds.setdefault((rank, len(chain_above(kind, document))), []).append(document)
    for rank, depth in sorted(rounds):
        for kind, within in scoped.pop(rank, ()):
            index.enter(kind, within)
        yield rounds[rank, depth]


def _target_and_kind(document: Document) -> tuple[str, str]:
    return document.address[:2]


def _rank(index: Index, kind: Kind) -> int:
    """How many kinds deep a kind's scope, or what decides in which of its lists a thing is, refers; ten are
    followed."""
    refs, rank = _apart_by(kind), 0
    while refs and rank < 10:
        rank += 1
        refs = {r for ref in refs for r in _apart_by(index.catalog.kind(kind.provider, ref))}
    return rank


def _apart_by(kind: Kind) -> set[str]:
    """The kinds whose things tell those of this kind apart."""
    names = (*kind.scope, *(kind.rest.list.by if kind.rest.list else ()))
    return {ref for name in names if (ref := kind.fields[name].ref)}


def move_along(index: Index, documents: Sequence[Document], found: Mapping[Address, Match]) -> None:
    """In a tree, what lies beneath a thing that gets another place is found at its own new place from now on."""
    if not index.any_kind(lambda kind: kind.tree):
        return
    places: dict[tuple[str, str], dict[str, Json]] = {}
    for document in (d for d in documents if found[d.address].renames):
        match, kind = found[document.address], index.kind_of(document)
        goes = match.renames and kind.rename != REPLACE  # what is made anew leaves behind what lies in the old one
        if kind.tree and match.resource and goes and not any(h.final for h in match.holds):
            at = places.setdefault((document.address.target, kind.name), {})
            at[match.resource.id] = normal(kind.key_field, document.spec.get(kind.key))
    for (target, name), moved in places.items():
        provider = index.desired.targets[target].provider
        index.shelf(target, index.catalog.kind(provider, name)).move(moved)


def left_behind(index: Index, found: Mapping[Address, Match]) -> Mapping[Address, Match]:
    """In a tree, what keeps its chain of names while something above it moves away has to be moved as well, out of
    that; first what lies outermost, since others may go along beneath it."""
    if not index.any_kind(lambda kind: kind.tree):
        return found
    there = (index.documents[a] for a, m in found.items() if m.resource is not None)
    trees = [document for document in there if index.kind_of(document).tree]
    for _ in range(len(trees)):
        left = [d for d in trees if _goes_astray(index, d, found[d.address])]
        if not left:
            break
        outermost = min(_depth(index, d) for d in left)  # what lies in one of these goes along with it
        left = [d for d in left if _depth(index, d) == outermost]
        found = {**found, **{d.address: replace(found[d.address], renames=True) for d in left}}
        move_along(index, left, found)
    return found


def _depth(index: Index, document: Document) -> int:
    return len(chain_above(index.kind_of(document), document))


def _goes_astray(index: Index, document: Document, match: Match) -> bool:
    kind, resource = index.kind_of(document), match.resource
    if resource is None or match.renames or document.lifecycle.manage is not Manage.FULL or not resource.placed:
        return False
    shelf = index.shelf(document.address.target, kind)
    return not same_key(kind, shelf.key(resource), document.spec.get(kind.key))
