"""What the ledger remembers, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.model.document import Address
from reconciler.model.json import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Bond:
    """What ties an address to a live thing.

    `made`: we created it (else we adopted it). `key`: the key last applied. `digests`: field -> digest of the
    normalised value last applied. `entries`: set field -> ids of entries that we added. `on_remove`, `protect`
    and `allow` are the lifecycle of the last apply, which acts after the document is gone. `by`: what decides in
    which list the thing is found.
    """

    address: Address
    id: str
    key: Json = None
    made: bool = False
    label: str = ""
    on_remove: str = "release"
    protect: bool = False
    allow: tuple[str, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> JsonObject:
        return {
            "address": str(self.address),
            "id": self.id,
            "key": self.key,
            "made": self.made,
            "label": self.label,
            "onRemove": self.on_remove,
            "protect": self.protect,
            "allow": list(self.allow),
            "digests": dict(self.digests),
            "entries": {k: list(v) for k, v in self.entries.items()},
            "by": dict(self.by),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Bond:
        """The inverse of `to_json`. Raises KeyError, TypeError or ValueError on another shape."""
        entries, digests, allow = value["entries"], value["digests"], value["allow"]
        by = value.get("by", {})
        if (
            not isinstance(entries, dict)
            or not isinstance(digests, dict)
            or not isinstance(allow, list)
            or not isinstance(by, dict)
        ):
            raise TypeError("not a bond")
        return cls(
            address=Address.parse(str(value["address"])),
            id=str(value["id"]),
            key=value["key"],
            made=bool(value["made"]),
            label=str(value["label"]),
            on_remove=str(value["onRemove"]),
            protect=bool(value["protect"]),
            allow=tuple(str(a) for a in allow),
            digests={k: str(v) for k, v in digests.items()},
            entries={k: tuple(str(i) for i in v) for k, v in entries.items() if isinstance(v, list)},
            by={k: str(v) for k, v in by.items()},
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """The ledger as the diff sees it. `exists` False: there is no ledger, so nothing is known of the past."""

    bonds: Mapping[Address, Bond] = field(default_factory=dict)
    exists: bool = False
    head: str = ""
    completed: frozenset[str] = frozenset()  # targets with at least one completed run

    def of(self, target: str, kind: str) -> tuple[Bond, ...]:
        return tuple(b for a, b in self.bonds.items() if a.target == target and a.kind == kind)
