"""What has to be read at all: the kinds that are declared, recorded for deletion, or referred to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from reconciler.model.catalog import Catalog
from reconciler.model.document import Address, Desired, Document
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Demand
from reconciler.model.normalise import normal
from reconciler.model.recorded import Bond, Recorded


@dataclass(slots=True)
class Wanted:
    """One collection to be read. `by`: fields as written, references not yet ids; `known_by`: those from the
    ledger, already ids."""

    target: str
    kind: Kind
    by: list[dict[str, str]] = field(default_factory=list)
    known_by: list[dict[str, str]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)  # in normal form -> one way it is written
    ids: set[str] = field(default_factory=set)
    removing: bool = False

    def demand(self, references: Mapping[str, Collection]) -> Demand:
        """The demand, with the names in `by` replaced by the ids that the other kinds' readings gave."""
        by = [b for raw in self.by if (b := _with_ids(self.kind, raw, references)) is not None]
        distinct = {tuple(sorted(b.items())): b for b in (*by, *self.known_by)}
        return Demand(
            self.target,
            self.kind.name,
            tuple(distinct[key] for key in sorted(distinct)),
            tuple(sorted(self.names.values())),
            tuple(sorted(self.ids)),
            self.removing,
        )


def demands(desired: Desired, recorded: Recorded, catalog: Catalog) -> list[Wanted]:
    """Every collection that the documents and the ledger make necessary, and nothing else."""
    found: dict[tuple[str, str], Wanted] = {}
    declared = _declared(desired)

    def at(target: str, kind: Kind) -> Wanted:
        return found.setdefault((target, kind.name), Wanted(target, kind))

    for document in desired.documents:
        kind = catalog.kind(document.provider, document.kind)
        wanted = at(document.address.target, kind)
        _add_projection(wanted, document)
        for ref_kind in referred(kind, document.spec):
            at(document.address.target, catalog.kind(document.provider, ref_kind))
        for ref_kind, name in references(kind, document.spec):
            if Address(document.address.target, ref_kind, name) not in declared:
                referred_to = at(document.address.target, catalog.kind(document.provider, ref_kind))
                one = str(normal(referred_to.kind.key_field, name))
                referred_to.names[one] = max(name, referred_to.names.get(one, name))
    for bond in _bonds(desired, recorded, declared):
        provider = desired.targets[bond.address.target].provider
        wanted = at(bond.address.target, catalog.kind(provider, bond.address.kind))
        wanted.ids.add(bond.id)
        if wanted.kind.rest.list and wanted.kind.rest.list.by:
            wanted.known_by.append(dict(bond.by))
        wanted.removing |= bond.address not in declared
    return [found[key] for key in sorted(found)]


def referred(kind: Kind, spec: Mapping[str, Json]) -> set[str]:
    """The kinds that the declared fields refer to, named or not: what leaves a set is shown by its name too."""
    fields = [kind.fields[name] for name in spec if name in kind.fields]
    return {f.ref for one in fields for f in (one, *one.entries.values()) if f.ref}


def references(kind: Kind, spec: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """(kind, name) of everything a spec refers to."""
    for name, value in spec.items():
        field_ = kind.fields.get(name)
        if field_ is not None:
            yield from _of_field(field_, value)


def _of_field(field_: Field, value: Json) -> Iterator[tuple[str, str]]:
    if field_.ref and isinstance(value, str):
        yield field_.ref, value
    for item in value if isinstance(value, list) else []:
        if field_.ref and isinstance(item, str):
            yield field_.ref, item
        if isinstance(item, dict):
            for name, sub in field_.entries.items():
                yield from _of_field(sub, item.get(name))


def _declared(desired: Desired) -> set[Address]:
    """Every address the documents bear or bore."""
    now = {d.address for d in desired.documents}
    return now | {replace(d.address, name=d.previous_name) for d in desired.documents if d.previous_name}


def _add_projection(wanted: Wanted, document: Document) -> None:
    listing = wanted.kind.rest.list
    if listing and listing.by:
        projection = {n: str(document.spec[n]) for n in listing.by if n in document.spec}
        if projection not in wanted.by:
            wanted.by.append(projection)


def _with_ids(kind: Kind, raw: Mapping[str, str], references: Mapping[str, Collection]) -> dict[str, str] | None:
    """None where a name leads to nobody: the comparison reports the miss, no list can be read for it."""
    found: dict[str, str] = {}
    for name, value in raw.items():
        ref = kind.fields[name].ref
        if ref is None:
            found[name] = value
            continue
        matches = [r.id for r in references[ref].resources if _matches(r.key, value)] if ref in references else []
        if len(set(matches)) != 1:
            return None
        found[name] = matches[0]
    return found


def _matches(key: Json, name: str) -> bool:
    return isinstance(key, str) and key.casefold() == name.casefold()


def _bonds(desired: Desired, recorded: Recorded, declared: set[Address]) -> Iterable[Bond]:
    """Bonds of declared documents, and of those that left git to be deleted. A release needs no reading."""
    for address, bond in recorded.bonds.items():
        if (
            address.target in desired.targets
            and address not in desired.left_out
            and (address in declared or (desired.selects(address) and bond.on_remove != "release"))
        ):
            yield bond
