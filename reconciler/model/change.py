"""What differs between desired and live, and what we mean to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias

from reconciler.model.document import Address, Document
from reconciler.model.json import NOTHING, Json, Missing
from reconciler.model.live import Resource
from reconciler.model.place import Place
from reconciler.model.record import Record, aside
from reconciler.model.recorded import Bond

Value: TypeAlias = Json
"""JSON in which `{"$id": "<address>"}` stands for the id of a thing not created yet, and `{"$made": {by, kind,
key}}` for that of the thing which creating `by` brings about."""


class Verb(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    MOVE = "move"
    RENAME = "rename"
    DELETE = "delete"
    ARCHIVE = "archive"
    DEACTIVATE = "deactivate"
    ADOPT = "adopt"
    RELEASE = "release"
    OBSERVE = "observe"
    NONE = "none"


REMOVALS: Final = (Verb.DELETE, Verb.ARCHIVE, Verb.DEACTIVATE)
"""What is done to a thing whose document left git; each is also the word of `lifecycle.onRemove`."""


TOUCHING: Final = (Verb.CREATE, Verb.REPLACE, *REMOVALS)
"""What is done to a thing as a whole, whatever of it differs."""


ENTRY: Final = "entry"
"""The `Hold.only` of entries of a set that come to nothing: just they are left out."""


UNKNOWN_PAST: Final = "unknown-past"
"""The rule that holds the create of a thing that no read can find, while the ledger has no past to go by. Until a
person has said of each such thing that it is new, the past stays unknown (OP-R13)."""


class Reason(StrEnum):
    """Why a field differs: the manifest changed, live changed, both did, or nobody can say."""

    INTENT = "intent"
    DRIFT = "drift"
    BOTH = "both"
    UNKNOWN = "unknown"


@aside("place")
class FieldChange(Record, frozen=True):
    """One field that differs, in the words of the manifest. A set has one change per entry that differs:
    path `(field, entry)` or `(field, entry, subfield)`. `place`: where it is declared, as far as that is known; no
    part of what a saved plan holds."""

    path: tuple[str, ...]
    before: Json | Missing
    after: Json | Missing
    reason: Reason = Reason.UNKNOWN
    access: bool = False
    place: Place | None = None


class Hold(Record, frozen=True):
    """Why a change waits: the rule's name, the reason, and a way out. `final`: no override lifts it.

    `only`: empty for the whole change; `remove`: just the removals from its sets wait, the rest goes on; `ENTRY`:
    just what it names is left out; a field's name: just that field is not sent.
    """

    rule: str
    reason: str
    way_out: str
    final: bool = False
    only: str = ""


class Entry(Record, frozen=True):
    """One entry of a set. `id` is its identity on the wire (an id, or `$id` of a thing to come; a list of such
    values where several parts identify it); `wire` its declared subfields with references resolved. `live`: the
    entry as it is live, with what only the API writes of it; of one that was taken away to be made anew, what
    nobody declares. `declared`: subfield -> the document that declares the thing whose key it is (`x-mentions`).
    """

    shown: str
    id: Value
    wire: Mapping[str, Value] = NOTHING
    live: Mapping[str, Json] = NOTHING
    declared: Mapping[str, Address] = NOTHING


class Delta(Record, frozen=True):
    """What a set needs: entries to add, to change in place, to remove; those already right; and `others`, live
    ones that are left as they are without being declared."""

    add: tuple[Entry, ...] = ()
    change: tuple[Entry, ...] = ()
    remove: tuple[Entry, ...] = ()
    kept: tuple[Entry, ...] = ()
    others: tuple[Entry, ...] = ()

    @property
    def whole(self) -> tuple[Entry, ...]:
        """The whole set as it is to be."""
        return (*self.kept, *self.change, *self.add, *self.others)

    def __bool__(self) -> bool:
        return bool(self.add or self.change or self.remove)


class Named(Record, frozen=True):
    """What a reference leads to, as it is called once the plan is carried out: `key` and, for people, `label`.
    `now`: as it is live, None where it is yet to be created."""

    key: Json
    label: str
    now: Resource | None = None


class Change(Record, frozen=True):
    """One address and what is to be done with it.

    `wire`: every declared, comparable field with references resolved (sets left out); `changed`: the names of
    those that differ. `deltas`: set field -> what it needs. `parent`: the parent's id, for tree kinds.
    `key`: the desired key; the live key stands in `live`. `was_made`: the ledger says we created it.
    `digests`: field -> digest of the desired normalised value, as the ledger will record it. `scope`: the desired
    values of the kind's scope fields. `once`: declared one-shot tokens that have not acted yet. `bond`: what the
    ledger remembers. `effects`: what the API will do besides, in a sentence each. `refers`: plain field -> what it
    names. `needs`: addresses without whose own change this one would do harm.
    `aside`: field -> the document, not selected, that declares the thing whose key it mentions and that is not
    live. `settings`: the target's own words, as the project file names them (own account, batch size …). `names`:
    `<Kind>/<key>` -> the id that a reference leads to, of kinds that the ledger has to remember. `withheld`: field
    -> what a hold has left out of this (a value, or what a set would need): never sent, but told. `beside`: where
    the kind's own `review` or `together`, which see everything live, leave word for its `calls` and `bound`, which
    do not.
    """

    verb: Verb
    address: Address
    document: Document | None = None
    live: Resource | None = None
    key: Json = None
    label: str = ""
    fields: tuple[FieldChange, ...] = ()
    wire: Mapping[str, Value] = NOTHING
    changed: frozenset[str] = frozenset()
    deltas: Mapping[str, Delta] = NOTHING
    parent: Value = None
    was_made: bool = False
    holds: tuple[Hold, ...] = ()
    notes: tuple[str, ...] = ()
    digests: Mapping[str, str] = NOTHING
    entries_ours: Mapping[str, tuple[str, ...]] = NOTHING
    by: Mapping[str, str] = NOTHING
    previous: Address | None = None  # the address this thing had before (a move in the ledger)
    also_gone: bool = False  # recorded, but no longer live: only the ledger changes
    scope: tuple[Value, ...] = ()
    once: Mapping[str, str] = NOTHING
    bond: Bond | None = None
    effects: tuple[str, ...] = ()
    refers: Mapping[str, Named] = NOTHING
    needs: frozenset[Address] = frozenset()
    aside: Mapping[str, Address] = NOTHING
    settings: Mapping[str, Json] = NOTHING
    names: Mapping[str, Value] = NOTHING
    withheld: Mapping[str, Value | Delta] = NOTHING
    beside: Mapping[str, Json] = NOTHING

    @property
    def removes(self) -> bool:
        """Whether this is what leaving git means for a thing: it is deleted, archived or deactivated."""
        return self.verb in REMOVALS

    @property
    def rests(self) -> bool:
        """Whether it is as declared, and nothing stands in its way: nothing comes of it, for others either."""
        if self.verb is not Verb.NONE or self.holds or self.changed or self.deltas or self.once or self.withheld:
            return False
        return self.live is not None and self.live.parent == self.parent

    @property
    def writes(self) -> bool:
        """Whether live has to be touched at all."""
        if self.verb in TOUCHING:
            return not self.also_gone
        return bool(self.changed or self.once) or (bool(self.deltas) and any(self.deltas.values()))


class Changes(Record, frozen=True):
    """All changes of a run, in the order of their addresses. `live_counts`: (target, kind) -> live things."""

    changes: tuple[Change, ...]
    live_counts: Mapping[tuple[str, str], int] = NOTHING
