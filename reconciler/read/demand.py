"""What has to be read at all: the kinds that are declared, recorded for deletion, or referred to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from reconciler.model.catalog import Catalog
from reconciler.model.document import Address, Desired, Document
from reconciler.model.entries import pinned
from reconciler.model.json import canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal
from reconciler.model.recorded import Bond, Recorded
from reconciler.read.named import Named
from reconciler.read.references import leads_to, references, referred
from reconciler.read.released import kept_under_our_keys
from reconciler.read.wanted import Supposed, Wanted


def demands(desired: Desired, recorded: Recorded, catalog: Catalog) -> list[Wanted]:
    """Every collection that the documents and the ledger make necessary, and nothing else."""
    found: dict[tuple[str, str], Wanted] = {}
    declared = _declared(desired)
    declaring = _kinds(desired, catalog)
    documents = {d.address: d for d in desired.documents}
    keyed = _keyed(desired, declaring)
    owners = {(a.target, a.kind, b.id): a for a, b in recorded.bonds.items()}
    told = _told(desired, recorded, declaring, catalog)
    kinds: dict[str, Mapping[str, Kind]] = {}

    def at(target: str, kind: Kind) -> Wanted:
        if (target, kind.name) not in found:
            by_name = kinds.setdefault(kind.provider, catalog.named(kind.provider))
            named = Named(documents, recorded.bonds, by_name, keyed, owners, told)
            found[target, kind.name] = Wanted(target, kind, named=named)
        return found[target, kind.name]

    for document in desired.documents:
        own = declaring[document.provider, document.address.kind]
        at(document.address.target, own).add_document(document)
    for target, there, name in _referred_to(desired, declaring, catalog):
        wanted = at(target, there)
        known = name is not None and (target, there.name, str(normal(there.key_field, name))) in told
        if name is not None and Address(target, there.name, name) not in declared and not known:
            wanted.call(name)
    for bond in _bonds(desired, recorded, declared):
        provider = desired.targets[bond.address.target].provider
        wanted = at(bond.address.target, catalog.kind(provider, bond.address.kind))
        wanted.add_bond(bond)
        wanted.removing |= bond.address not in declared
        for ref_kind in _once_named(wanted.kind, bond, declared):
            at(bond.address.target, catalog.kind(provider, ref_kind))
    for bond in kept_under_our_keys(desired, recorded, declared, declaring):
        found[bond.address.target, bond.address.kind].ids.add(bond.id)
    for target, family in _families(found, catalog):
        at(target, family)
    _suppose(_mentioned(desired, declaring, catalog, keyed), {*found}, at)
    return [found[key] for key in sorted(found)]


def _kinds(desired: Desired, catalog: Catalog) -> dict[tuple[str, str], Kind]:
    """The kinds of which anything is declared, by (provider, name)."""
    return {at: catalog.kind(*at) for at in {(d.provider, d.address.kind) for d in desired.documents}}


def _referred_to(
    desired: Desired, declaring: Mapping[tuple[str, str], Kind], catalog: Catalog
) -> Iterator[tuple[str, Kind, str | None]]:
    """(target, kind, name) of everything that documents refer to; None for a kind that is wanted, named or not."""
    for document, kind in _of(desired, declaring, lambda kind: bool(leads_to(kind.fields.values()))):
        target = document.address.target
        for name in referred(kind, document.spec):
            yield target, catalog.kind(document.provider, name), None
        for there, name in references(kind, document.spec):
            yield target, catalog.kind(document.provider, there), name


def _suppose(
    mentioned: Iterable[tuple[str, Kind, Supposed]],
    sure: AbstractSet[tuple[str, str]],
    at: Callable[[str, Kind], Wanted],
) -> None:
    """Ask for these if need be. `sure`: the (target, kind) of which something is wanted in any case."""
    for target, there, one in mentioned:
        at(target, there).suppose(one, certain=(target, there.name) in sure)


def _mentioned(
    desired: Desired,
    declaring: Mapping[tuple[str, str], Kind],
    catalog: Catalog,
    keyed: Mapping[tuple[str, str, str], Document],
) -> Iterator[tuple[str, Kind, Supposed]]:
    """(target, kind, …) of whatever documents mention (`x-mentions`) whose things may have to be made anew: what
    is neither declared nor live could not be made again, once it has been deleted for that."""
    for document, kind in _of(desired, declaring, lambda kind: kind.remade):
        target = document.address.target
        for one in kind.fields.values():
            key = document.spec.get(one.name)
            if one.mentions is None or one.mentions == kind.name or not isinstance(key, str):
                continue
            there = catalog.kind(document.provider, one.mentions)
            if (target, there.name, canonical(normal(there.key_field, key))) not in keyed:
                yield target, there, Supposed(kind, document, key)


def _families(found: Mapping[tuple[str, str], Wanted], catalog: Catalog) -> list[tuple[str, Kind]]:
    """What is written together is read together: the kinds of a family know of each other."""
    kinds = ((target, one.kind) for (target, _), one in found.items())
    whole = ((t, catalog.kind(k.provider, k.family).joined.values()) for t, k in kinds)
    return [(target, kind) for target, family in whole for kind in family]


def _once_named(kind: Kind, bond: Bond, declared: set[Address]) -> set[str]:
    """The kinds of what was last in those sets of a declared thing whose entries may be of several kinds."""
    sets = [one for one in kind.fields.values() if one.entry_keys and bond.address in declared]
    was = [one.entries[key] for one in sets for key in one.entry_keys if f"{one.name}.{key}" in bond.digests]
    return {sub.ref for sub in was if sub.ref}


def _of(
    desired: Desired, declaring: Mapping[tuple[str, str], Kind], wanted: Callable[[Kind], bool]
) -> Iterator[tuple[Document, Kind]]:
    """The documents of the kinds of which this is true, with these."""
    kinds = {at: kind for at, kind in declaring.items() if wanted(kind)}
    for document in desired.documents if kinds else ():
        kind = kinds.get((document.provider, document.address.kind))
        if kind is not None:
            yield document, kind


def _keyed(desired: Desired, declaring: Mapping[tuple[str, str], Kind]) -> dict[tuple[str, str, str], Document]:
    """The documents by their keys, as far as a key alone tells them apart; of the kinds that others name."""
    named = {(at[0], name) for at, kind in declaring.items() for name in leads_to(kind.fields.values())}
    found: dict[tuple[str, str, str], Document] = {}
    for document, kind in _of(
        desired, declaring, lambda k: (k.provider, k.name) in named and k.findable and not k.scope
    ):
        key = canonical(normal(kind.key_field, document.spec.get(kind.key)))
        found.setdefault((document.address.target, kind.name, key), document)
    return found


def _told(
    desired: Desired, recorded: Recorded, declaring: Mapping[tuple[str, str], Kind], catalog: Catalog
) -> dict[tuple[str, str, str], str]:
    """(target, kind, key) of whatever a pin or the ledger tells the id of, which it is: nobody has to be asked
    (ST-R27). Empty where two pins contradict each other."""
    ids: dict[tuple[str, str, str], set[str]] = {}
    for address, bond in recorded.bonds.items():
        for name, remote_id in bond.names.items():
            kind_, _, key = name.partition("/")
            ids.setdefault((address.target, kind_, key), set()).add(remote_id)
    found = {at: min(several) for at, several in ids.items() if len(several) == 1}
    pins: dict[tuple[str, str, str], set[str]] = {}
    for document, kind in _of(desired, declaring, lambda kind: _pins(kind.fields.values())):
        for ref, name, remote_id in pinned(kind, document.spec):
            key_field = catalog.kind(document.provider, ref).key_field
            at = (document.address.target, ref, str(normal(key_field, name)))
            pins.setdefault(at, set()).add(remote_id)
    return found | {at: min(several) if len(several) == 1 else "" for at, several in pins.items()}


def _pins(fields: Iterable[Field]) -> bool:
    """Whether any of these fields holds the id of what another one names."""
    return any(one.pins or _pins(one.entries.values()) for one in fields)


def _declared(desired: Desired) -> set[Address]:
    """Every address the documents bear or bore."""
    now = {d.address for d in desired.documents}
    return now | {d.address._replace(name=d.previous_name) for d in desired.documents if d.previous_name}


def _bonds(desired: Desired, recorded: Recorded, declared: set[Address]) -> Iterable[Bond]:
    """Bonds of declared documents, and of those that left git to be deleted. A release alone needs no reading."""
    for address, bond in recorded.bonds.items():
        if (
            address.target in desired.targets
            and address not in desired.left_out
            and (address in declared or (desired.selects(address) and bond.on_remove != "release"))
        ):
            yield bond
