"""What nobody could read: what no read of a kind ever shows, and what this reading did not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.access.told import tells
from reconciler.model.access import Unseen
from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection, Live


def unseen(desired: Desired, live: Live | None, catalog: Catalog) -> Iterator[Unseen]:
    """For each target that is in question: kind by kind, what its schema says, and what was left out this time."""
    used = {d.address.target for d in desired.documents} | {t for t, _ in (live.collections if live else ())}
    for target in sorted(used):
        kinds = sorted(catalog.of(desired.targets[target].provider), key=lambda k: k.name)
        if not any(map(tells, kinds)):
            yield Unseen(target, "", "nothing that is managed there says who may do what")
        for kind in kinds:
            yield from (Unseen(target, kind.name, sentence) for sentence in kind.access.unseen)
            if live is not None and (target, kind.name) in live.collections and tells(kind):
                yield from _this_time(target, kind, live.of(target, kind.name))


def incomplete(live: Live | None, catalog: Catalog, providers: Mapping[str, str]) -> set[str]:
    """The targets in which a list that tells of access was not read to its end: somebody may stand in the rest."""
    read = live.collections.items() if live is not None else ()
    known = {(p, k.name) for p in providers.values() for k in catalog.of(p) if tells(k)}
    return {t for (t, kind), one in read if (providers.get(t), kind) in known and not one.proof.complete}


def concerned(kinds: Sequence[Kind], named: Iterable[str]) -> set[str]:
    """The kinds that have a say in who can do what on things of the named ones: whom those let in, what they stand
    in, and whoever gives roles on them."""
    found, before = set(named), -1
    while len(found) != before:
        before = len(found)
        for kind in kinds:
            for one in (f for f in kind.fields.values() if f.gives is not None):
                if kind.name in found:
                    found |= {f.ref for f in (one, *one.entries.values()) if f.ref}
                elif _onto(kind, one) & found:
                    found.add(kind.name)
    return found


def _onto(kind: Kind, one: Field) -> set[str]:
    """The kinds of what a field gives roles on, where that is not the thing itself."""
    names = one.gives.on if one.gives else ()
    fields = (one.entries.get(name) or kind.fields.get(name) for name in names)
    return {f.ref for f in fields if f is not None and f.ref}


def _this_time(target: str, kind: Kind, read: Collection) -> Iterator[Unseen]:
    if not read.proof.complete:
        yield Unseen(target, kind.name, f"the list is not proven complete: {read.proof.by}")
    for name, one in kind.fields.items():
        if one.gives is None:
            continue
        without = sum(name not in resource.fields for resource in read.resources)
        if without and name not in (kind.key, *kind.scope):
            yield Unseen(target, kind.name, f"`{name}` was not read of {_some(without, len(read.resources))}")
        untold = sum(len(resource.unknown.get(name, ())) for resource in read.resources)
        if untold:
            entries = "1 entry" if untold == 1 else f"{untold} entries"
            yield Unseen(target, kind.name, f"nobody can tell of {entries} of `{name}` whether it is there")


def _some(count: int, all_of_them: int) -> str:
    return f"{count} of {all_of_them}" if count < all_of_them else f"any ({count})"
