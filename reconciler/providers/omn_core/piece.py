"""One thing of a tree in a plan: what it is called and where it stands, before and after.

The trees of keywords and of directories are told apart by nothing here: a directory has one value, its name, and
no labels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.model.change import Change, Value, Verb
from reconciler.model.json import pick
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.record import Record
from reconciler.providers.omn_core.listing import chain

PLAIN = ""
"""Stands for the unlocalized value among the locales."""
ROOT = ""
"""Stands for the id of what roots lie in. Where there are several trees, the key of each follows a slash, which no
id begins with (`root`)."""

IN_THE_WAY = "inTheWay"
"""Where `review`, which sees every live thing, leaves word for `calls`, which sees only those of the plan."""

OWN_VALUES = "attributes"
"""The field of custom values, whose names are nobody else's business."""

Values: TypeAlias = "Mapping[str, str]"
"""Locale, or `PLAIN`, -> value."""
Slot: TypeAlias = "tuple[str, str, str]"
"""(what it lies in, locale or `PLAIN`, value): two things never share one (OC-R22, OC-R107)."""


class Piece(Record, frozen=True):
    """`was`: empty for what is to be created; `will`: empty for what is to be deleted. `out_of`, `into`: ids of
    what it lies in, `$address` for one to be created. `more`: whether more than its values is to be written."""

    change: Change
    was: Values
    will: Values
    out_of: str
    into: str
    more: bool = False

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
        """Whether a live one is persisted: a value changes, or what else it has."""
        return not self.created and not self.doomed and (self.was != self.will or self.more)

    @property
    def renamed(self) -> bool:
        return self.spoken and self.was.get(PLAIN) != self.will.get(PLAIN)

    @property
    def moved(self) -> bool:
        return not self.created and not self.doomed and self.out_of != self.into

    @property
    def foreign(self) -> set[Slot]:
        """Values in the way of its move that one has which is not to be changed."""
        found = self.change.live.fields.get(IN_THE_WAY) if self.change.live else None
        return (
            {(str(s[0]), str(s[1]), str(s[2])) for s in found if isinstance(s, list)}
            if isinstance(found, list)
            else set()
        )

    @property
    def path(self) -> tuple[str, ...]:
        """Where it is to stand, the key of its tree first where there are several; for what is to be deleted,
        where it stands."""
        return (*map(str, self.change.scope), *chain(self.change.key))

    @property
    def old_path(self) -> tuple[str, ...]:
        """Where it stands; empty for what is to be created."""
        return (*map(str, self.change.live.scope), *chain(self.change.live.key)) if self.change.live else ()


def piece(kind: Kind, change: Change) -> Piece:
    """The change in our words."""
    live = change.live
    was = values(live) if live else {}
    out_of = lies_in(live) if live else ROOT
    if change.verb is Verb.DELETE:
        return Piece(change, was, {}, out_of, out_of)
    renames = live is None or kind.key in change.changed
    will = {**was, **({PLAIN: chain(change.key)[-1]} if renames else {}), **_declared(change)}
    into = (_above(change.parent) or root(change.scope)) if renames else out_of
    return Piece(change, was, will, out_of, into, _more(change))


def values(live: Resource) -> dict[str, str]:
    """The values of a live thing: a keyword's `value` and `labels`, a directory's `name`."""
    plain, labels = live.fields.get("value", live.fields.get("name")), live.fields.get("labels")
    found = {PLAIN: plain} if isinstance(plain, str) else {}
    for label in labels if isinstance(labels, list) else []:
        found[str(pick(label, "/locale"))] = str(pick(label, "/text"))
    return found


def _declared(change: Change) -> dict[str, str]:
    delta = change.deltas.get("labels")
    entries = (*delta.kept, *delta.change, *delta.add) if delta else ()
    return {str(e.wire["locale"]): str(e.wire["text"]) for e in entries}


def _above(parent: Value) -> str:
    """Our word for what a thing is to lie in."""
    if isinstance(parent, dict):
        return "$" + str(parent.get("$id"))
    return str(parent) if parent else ROOT


def root(scope: Sequence[Value]) -> str:
    """Our word for what the roots of a tree lie in."""
    return "/".join((ROOT, *map(str, scope)))


def lies_in(live: Resource) -> str:
    """Our word for what a live thing lies in."""
    return live.parent or root(live.scope)


def _more(change: Change) -> bool:
    """Whether custom values are to be written: all that there are for a new thing, else what differs."""
    return OWN_VALUES in (change.wire if change.live is None else change.changed)


def pieces(kind: Kind, changes: Sequence[Change]) -> list[Piece]:
    """What is live or to be created; of what is merely let go nobody knows where it stands."""
    return [piece(kind, c) for c in changes if c.live is not None or c.verb is Verb.CREATE]


def slots(above: str, of: Values) -> set[Slot]:
    """What one with these values occupies under that parent."""
    return {(above, locale, value) for locale, value in of.items()}


def beneath(path: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a path leads to or through another."""
    return len(other) <= len(path) and tuple(path[: len(other)]) == tuple(other)


def temporary(one: Piece, locale: str) -> str:
    """A value nobody would choose, the same at every run (OC-R27)."""
    text = f"{one.change.address} {locale}"
    return "tmp-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
