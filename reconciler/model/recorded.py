"""What the ledger remembers, as a frozen value."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.model.document import Address
from reconciler.model.forecast import Pages
from reconciler.model.json import NOTHING, Json, JsonObject
from reconciler.model.record import Record


class Bond(Record, frozen=True):
    """What ties an address to a live thing.

    `made`: we created it (else we adopted it). `key`: the key last applied. `digests`: field -> digest of the
    normalised value last applied. `entries`: set field -> ids of entries that we added. `on_remove`, `protect`
    and `allow` are the lifecycle of the last apply, which acts after the document is gone. `by`: what decides
    in which list the thing is found. `once`: the one-shot tokens that have acted. `sent`: field -> how many
    applies in a row have sent the value of `digests`. `differs`: field -> digest of the live value that the
    server made of what was sent. `lost`: fields whose once-shown value never reached its sink. `names`:
    `<Kind>/<key>` -> the id that a reference led to, of kinds that the ledger has to remember. `kept`:
    `<set>/<entry>` -> what nobody declares of an entry that was taken away to be made anew, and is not there yet.
    `exact_in`: the lists of nested documents that `on_remove` follows from, as in `Nest`; empty where the document
    said it itself. `told`: `<set>/<entry>` -> what an answer said of an entry and no read shows, as its id; it
    stays known when the entry is declared no more.
    """

    address: Address
    id: str
    key: Json = None
    made: bool = False
    label: str = ""
    on_remove: str = "release"
    protect: bool = False
    allow: tuple[str, ...] = ()
    digests: Mapping[str, str] = NOTHING
    entries: Mapping[str, tuple[str, ...]] = NOTHING
    by: Mapping[str, str] = NOTHING
    once: Mapping[str, str] = NOTHING
    sent: Mapping[str, int] = NOTHING
    differs: Mapping[str, str] = NOTHING
    lost: tuple[str, ...] = ()
    names: Mapping[str, str] = NOTHING
    kept: Mapping[str, JsonObject] = NOTHING
    exact_in: tuple[str, ...] = ()
    told: Mapping[str, JsonObject] = NOTHING

    def to_json(self) -> JsonObject:
        return {
            **({"exactIn": list(self.exact_in)} if self.exact_in else {}),
            **({"told": dict(self.told)} if self.told else {}),
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
            "once": dict(self.once),
            "sent": dict(self.sent),
            "differs": dict(self.differs),
            "lost": list(self.lost),
            "names": dict(self.names),
            "kept": dict(self.kept),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Json]) -> Bond:
        """The inverse of `to_json`. Raises KeyError, TypeError or ValueError on another shape."""
        entries, digests, allow = value["entries"], value["digests"], value["allow"]
        if not isinstance(entries, dict) or not isinstance(digests, dict) or not isinstance(allow, list):
            raise TypeError("not a bond")
        sent = _texts(value, "sent")
        return cls(
            address=Address.parse(str(value["address"])),
            id=str(value["id"]),
            key=value["key"],
            made=bool(value["made"]),
            label=str(value["label"]),
            on_remove=str(value["onRemove"]),
            protect=bool(value["protect"]),
            allow=tuple(str(a) for a in allow) if allow else (),
            digests={k: str(v) for k, v in digests.items()},
            entries={k: tuple(str(i) for i in v) for k, v in entries.items() if isinstance(v, list)} or NOTHING,
            by=_texts(value, "by"),
            once=_texts(value, "once"),
            sent={k: int(v) for k, v in sent.items()} if sent else NOTHING,
            differs=_texts(value, "differs"),
            lost=_all_texts(value, "lost"),
            names=_texts(value, "names"),
            kept=_objects(value, "kept"),
            exact_in=_all_texts(value, "exactIn"),
            told=_objects(value, "told"),
        )


def _texts(value: Mapping[str, Json], name: str) -> Mapping[str, str]:
    """An object of texts; empty where an older version did not write it, as most are."""
    found = value.get(name, {})
    if not isinstance(found, dict):
        raise TypeError("not a bond")
    return {k: str(v) for k, v in found.items()} if found else NOTHING


def _objects(value: Mapping[str, Json], name: str) -> Mapping[str, JsonObject]:
    """An object of objects; empty where an older version did not write it, as most are."""
    found = value.get(name, {})
    if not isinstance(found, dict) or not all(isinstance(v, dict) for v in found.values()):
        raise TypeError("not a bond")
    return {k: v for k, v in found.items() if isinstance(v, dict)} if found else NOTHING


def _all_texts(value: Mapping[str, Json], name: str) -> tuple[str, ...]:
    """A list of texts; empty where an older version did not write it, as most are."""
    found = value.get(name, [])
    if not isinstance(found, list):
        raise TypeError("not a bond")
    return tuple(str(v) for v in found) if found else ()


class Recorded(Record, frozen=True):
    """The ledger as the diff sees it. `exists` False: there is no ledger, so nothing is known of the past.
    `doubts`: addresses of creates that nobody can tell anything about, with the request, until a person answers.
    `places`: target -> where it was when something was recorded of it: URL and tenant. `pages`: target -> how long
    its lists were when they were last read whole for an apply.
    """

    bonds: Mapping[Address, Bond] = NOTHING
    exists: bool = False
    head: str = ""
    completed: frozenset[str] = frozenset()  # targets with at least one completed run
    doubts: Mapping[Address, str] = NOTHING
    places: Mapping[str, str] = NOTHING
    pages: Mapping[str, Pages] = NOTHING

    def of(self, target: str, kind: str) -> tuple[Bond, ...]:
        return tuple(b for a, b in self.bonds.items() if a.target == target and a.kind == kind)
