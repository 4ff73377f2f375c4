"""What tells an id besides the reading: a pin beside the name, and what the ledger remembers (ST-R27, ST-R28)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired
from reconciler.model.entries import pinned, pins_ids
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.record import Record
from reconciler.model.recorded import Recorded

At: TypeAlias = "tuple[str, str, str]"
"""(target, kind, key in normal form)."""
PIN = "say beside the name which id it is"


class Unsure(Record, frozen=True):
    """Two words that contradict each other."""

    why: str
    otherwise: str


class Told(Record, frozen=True):
    """`pins`: from the manifests; `remembered`: from the ledger, where all that it knows agrees."""

    pins: Mapping[At, frozenset[str]]
    remembered: Mapping[At, str]

    @classmethod
    def by(cls, desired: Desired, recorded: Recorded, catalog: Catalog) -> Told:
        pins: dict[At, set[str]] = {}
        every = {(d.provider, d.kind) for d in desired.documents}
        pinning = {of: kind for of in every if pins_ids(kind := catalog.kind(*of))}
        for document in desired.documents if pinning else ():
            one = pinning.get((document.provider, document.kind))
            for ref, name, remote_id in pinned(one, document.spec) if one is not None else ():
                key_field = catalog.kind(document.provider, ref).key_field
                at = (document.address.target, ref, str(normal(key_field, name)))
                pins.setdefault(at, set()).add(remote_id)
        known: dict[At, set[str]] = {}
        for address, bond in ((a, b) for a, b in recorded.bonds.items() if b.names):
            for called, remote_id in bond.names.items():
                word, _, key = called.partition("/")
                known.setdefault((address.target, word, key), set()).add(remote_id)
        once = {at: min(ids) for at, ids in known.items() if len(ids) == 1}
        return cls({at: frozenset(ids) for at, ids in pins.items()}, once)

    def of(
        self, target: str, kind: Kind, key: Json, read: Sequence[Resource], *, coming: bool = False
    ) -> str | Unsure | None:
        """The id of the thing with this key; None where neither word says. `read`: what was read of the kind.
        `coming`: it is not live, and about to be made: what the ledger remembers is of one that is no more."""
        if not self.pins and not self.remembered:
            return None
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
