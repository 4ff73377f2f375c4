"""Who takes which name of a glossary when: nobody while somebody else still has it, since that fails the whole
call (OC-R89, OC-R94)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.model.record import Record, field

Persisted: TypeAlias = "tuple[Change, str]"
"""A glossary, and the name that it is persisted with."""


def slot(name: str) -> str:
    """What a name occupies: nobody knows whether the server tells names apart by case."""
    return name.casefold()


def renames(kind: Kind, change: Change) -> bool:
    return change.live is not None and change.verb is not Verb.DELETE and kind.key in change.changed


def takes(kind: Kind, change: Change) -> bool:
    """Whether it is to have a name that it has not had."""
    if change.verb is Verb.CREATE:
        return True
    return (
        renames(kind, change) and change.live is not None and slot(str(change.key)) != slot(str(change.live.key))
    )


def leaves(kind: Kind, change: Change) -> bool:
    """Whether it gives its name up."""
    return change.live is not None and (change.verb is Verb.DELETE or takes(kind, change))


def temporary(change: Change) -> str:
    """A name nobody would choose, the same at every run."""
    text = str(change.address)
    return "tmp-" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class Turns(Record, frozen=True):
    """What is deleted first, persisted, persisted once that has worked, and deleted last. `givers`: name that
    somebody takes -> the glossaries that give it up."""

    early: tuple[Change, ...] = ()
    first: tuple[Persisted, ...] = ()
    second: tuple[Persisted, ...] = ()
    late: tuple[Change, ...] = ()
    givers: Mapping[str, Sequence[Address]] = field(default_factory=dict)


def turns(kind: Kind, changes: Sequence[Change], early: bool, needed: frozenset[str]) -> Turns:
    """Whose name is free goes first; whose name another one gives up goes second, after that one has given it up:
    by its own new name, by a temporary one, or, with `early`, by going at once. `needed`: ids of glossaries out of
    which something is moved: these cannot go at once."""
    doomed = [c for c in changes if c.verb is Verb.DELETE]
    writing = [c for c in changes if c.verb is not Verb.DELETE]
    wanted = {slot(str(c.key)) for c in writing if takes(kind, c)}
    free = {c.address for c in doomed if early and _had(c) in wanted and c.live and c.live.id not in needed}
    given = {_had(c) for c in changes if leaves(kind, c) and c.address not in free}
    waits = {c.address for c in writing if takes(kind, c) and slot(str(c.key)) in given}
    givers: dict[str, list[Address]] = {}
    for change in (c for c in changes if leaves(kind, c)):
        givers.setdefault(_had(change), []).append(change.address)
    giving = [c for c in changes if c.live and _had(c) in wanted and _gives(kind, c, waits, free)]
    return Turns(
        tuple(c for c in doomed if c.address in free),
        (
            *((c, str(c.key)) for c in writing if c.address not in waits),
            *((c, temporary(c)) for c in giving),
        ),
        tuple((c, str(c.key)) for c in writing if c.address in waits),
        tuple(c for c in doomed if c.address not in free),
        givers,
    )


def _gives(kind: Kind, change: Change, waits: set[Address], free: set[Address]) -> bool:
    """Whether it has to give its name up before it gets its own, or goes."""
    waiting = change.address in waits and leaves(kind, change)
    return waiting or (change.verb is Verb.DELETE and change.address not in free)


def _had(change: Change) -> str:
    return slot(str(change.live.key)) if change.live else ""
