"""What tells an id besides the reading: a pin beside the name, and what the ledger remembers (ST-R27, ST-R28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired
from reconciler.model.entries import pinned
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.recorded import Recorded

At: TypeAlias = "tuple[str, str, str]"
"""(target, kind, key in normal form)."""
PIN = "say beside the name which id it is"


@dataclass(frozen=True, slots=True)
class Unsure:
    """Two words that contradict each other."""

    why: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Told:
    """`pins`: from the manifests; `remembered`: from the ledger, where all that it knows agrees."""

    pins: Mapping[At, frozenset[str]]
    remembered: Mapping[At, str]

    @classmethod
    def by(cls, desired: Desired, recorded: Recorded, catalog: Catalog) -> Told:
        pins: dict[At, set[str]] = {}
        for document in desired.documents:
            for ref, name, remote_id in pinned(catalog.kind(document.provider, document.kind), document.spec):
                key_field = catalog.kind(document.provider, ref).key_field
                at = (document.address.target, ref, str(normal(key_field, name)))
                pins.setdefault(at, set()).add(remote_id)
        known: dict[At, set[str]] = {}
        for address, bond in recorded.bonds.items():
            for called, remote_id in bond.names.items():
                kind, _, key = called.partition("/")
                known.setdefault((address.target, kind, key), set()).add(remote_id)
        once = {at: min(ids) for at, ids in known.items() if len(ids) == 1}
        return cls({at: frozenset(ids) for at, ids in pins.items()}, once)

    def of(
        self, target: str, kind: Kind, key: Json, read: Sequence[Resource], *, coming: bool = False
    ) -> str | Unsure | None:
        """The id of the thing with this key; None where neither word says. `read`: what was read of the kind.
        `coming`: it is not live, and about to be made: what the ledger remembers is of one that is no more."""
        at = (target, kind.name, str(normal(kind.key_field, key)))
        if at in self.pins:
            return self._pinned(kind, at, read)
        known = self.remembered.get(at) if kind.remembered and not coming else None
        if known is None or _other_keys(kind, at[2], known, read):
            return None
        live = {r.id for r in read if str(normal(kind.key_field, r.key)) == at[2]}
        if live <= {known}:
            return known
        return Unsure(f"'{spoken(key)}' is {', '.join(sorted(live))} live, and {known} in the ledger", PIN)

    def _pinned(self, kind: Kind, at: At, read: Sequence[Resource]) -> str | Unsure:
        ids = sorted(self.pins[at])
        if len(ids) > 1:
            return Unsure(f"'{at[2]}' is pinned to {' and to '.join(ids)}", "pin it to one id")
        others = _other_keys(kind, at[2], ids[0], read)
        if others:
            return Unsure(f"the id {ids[0]} beside '{at[2]}' is that of {others[0]}", "correct one of the two")
        return ids[0]


def _other_keys(kind: Kind, key: str, remote_id: str, read: Sequence[Resource]) -> list[str]:
    """What a thing is called that was read, and is not called as it should be."""
    shown = {str(normal(kind.key_field, r.key)) for r in read if r.id == remote_id}
    return [] if key in shown else sorted(shown)
