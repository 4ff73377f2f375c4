"""One keyword of a plan: what it is called and where it stands, before and after."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reconciler.model.change import Change, Value, Verb
from reconciler.model.json import pick
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.providers.omn_core.listing import chain

PLAIN = ""
"""Stands for the unlocalized value among the locales."""
ROOT = ""
"""Stands for the id of what roots lie in."""

IN_THE_WAY = "inTheWay"
"""Where `review`, which sees every live keyword, leaves word for `calls`, which sees only those of the plan."""

Values: TypeAlias = "Mapping[str, str]"
"""Locale, or `PLAIN`, -> value."""
Slot: TypeAlias = "tuple[str, str, str]"
"""(what it lies in, locale or `PLAIN`, value): two keywords never share one (OC-R22)."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`was`: empty for what is to be created; `will`: empty for what is to be deleted. `out_of`, `into`: ids of
    the keywords above, `$address` for one to be created."""

    change: Change
    was: Values
    will: Values
    out_of: str
    into: str

    @property
    def name(self) -> str:
        """Its live id, or `$address`: the same words that `into` speaks."""
        return self.change.live.id if self.change.live else "$" + str(self.change.address)

    @property
    def created(self) -> bool:
        return self.change.live is None

    @property
    def nested(self) -> bool:
        """Whether it is to be created beneath another one that is."""
        return self.created and self.into.startswith("$")

    @property
    def doomed(self) -> bool:
        return self.change.verb is Verb.DELETE

    @property
    def spoken(self) -> bool:
        """Whether a value of a live keyword changes."""
        return not self.created and not self.doomed and self.was != self.will

    @property
    def renamed(self) -> bool:
        return self.spoken and self.was.get(PLAIN) != self.will.get(PLAIN)

    @property
    def moved(self) -> bool:
        return not self.created and not self.doomed and self.out_of != self.into

    @property
    def foreign(self) -> set[Slot]:
        """Values in the way of its move that a keyword has which is not to be changed."""
        found = self.change.live.fields.get(IN_THE_WAY) if self.change.live else None
        return (
            {(str(s[0]), str(s[1]), str(s[2])) for s in found if isinstance(s, list)}
            if isinstance(found, list)
            else set()
        )

    @property
    def path(self) -> tuple[str, ...]:
        """Where it is to stand; for what is to be deleted, where it stands."""
        return chain(self.change.key)

    @property
    def old_path(self) -> tuple[str, ...]:
        """Where it stands; empty for what is to be created."""
        return chain(self.change.live.key) if self.change.live else ()


def piece(kind: Kind, change: Change) -> Piece:
    """The change in our words."""
    live = change.live
    was = values(live) if live else {}
    out_of = (live.parent or ROOT) if live else ROOT
    if change.verb is Verb.DELETE:
        return Piece(change, was, {}, out_of, out_of)
    renames = live is None or kind.key in change.changed
    will = {**was, **({PLAIN: chain(change.key)[-1]} if renames else {}), **_declared(change)}
    return Piece(change, was, will, out_of, _above(change.parent) if renames else out_of)


def values(live: Resource) -> dict[str, str]:
    """The values of a live keyword."""
    plain, labels = live.fields.get("value"), live.fields.get("labels")
    found = {PLAIN: plain} if isinstance(plain, str) else {}
    for label in labels if isinstance(labels, list) else []:
        found[str(pick(label, "/locale"))] = str(pick(label, "/text"))
    return found


def _declared(change: Change) -> dict[str, str]:
    delta = change.deltas.get("labels")
    entries = (*delta.kept, *delta.change, *delta.add) if delta else ()
    return {str(e.wire["locale"]): str(e.wire["text"]) for e in entries}


def _above(parent: Value) -> str:
    """Our word for what a keyword lies in."""
    if isinstance(parent, dict):
        return "$" + str(parent.get("$id"))
    return str(parent) if parent else ROOT


def pieces(kind: Kind, changes: Sequence[Change]) -> list[Piece]:
    """What is live or to be created; of what is merely let go nobody knows where it stands."""
    return [piece(kind, c) for c in changes if c.live is not None or c.verb is Verb.CREATE]


def slots(above: str, of: Values) -> set[Slot]:
    """The values a keyword with these occupies under that parent."""
    return {(above, locale, value) for locale, value in of.items()}


def beneath(path: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a path leads to or through another."""
    return len(other) <= len(path) and tuple(path[: len(other)]) == tuple(other)


def temporary(one: Piece, locale: str) -> str:
    """A value nobody would choose, the same at every run (OC-R27)."""
    text = f"{one.change.address} {locale}"
    return "tmp-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
