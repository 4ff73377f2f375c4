"""The shapes of the table of every kind: what a manifest says step by step, what it costs, what others do.

What depends on the world of the moment, as an id, stands in the table as a function of it; what depends on the
profile of the twin as `By(plain, adversarial)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from reconciler.model.json import ABSENT, Json, JsonObject, Missing
from tests.world import World

Told: TypeAlias = "Callable[[World], Any]"
"""A value that only the world tells."""
Deeds: TypeAlias = "Callable[[World], object]"
"""What somebody else does."""


@dataclass(frozen=True, slots=True)
class By:
    """What the two profiles of a twin answer differently."""

    plain: Any
    adversarial: Any


def of(profile: str, value: Any) -> Any:
    """A value of the table in one profile."""
    return getattr(value, profile) if isinstance(value, By) else value


def known(w: World, value: Any) -> Any:
    """A value of the table with what the world tells filled in."""
    if callable(value):
        return value(w)
    if isinstance(value, Mapping):
        return {k: known(w, v) for k, v in value.items() if v is not ABSENT}
    if isinstance(value, list | tuple):
        return [known(w, v) for v in value]
    return value


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document as people write it: `spec` over that of its table, where it is the thing itself. `life` is
    `metadata.lifecycle`."""

    spec: Mapping[str, Any] = field(default_factory=dict)
    life: Mapping[str, Json] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    kind: str = ""
    name: str = ""


def say(**spec: Any) -> Sheet:
    return Sheet(spec)


GONE: Final = None
"""The document has left git."""


@dataclass(frozen=True, slots=True)
class Step:
    """What the manifest says of one field, and what follows.

    `says`: the value; ABSENT: left out. `calls`: the writes of the plan. `hold`: the rule that refuses it, or
    a set of rules.
    `refused`: the server does. `besides`: contingent calls that are sent. `note`: part of what the plan says.
    `behind`: before it, somebody else gives the live thing this value (in the API's words), or does this.
    `more`: other fields from now on.
    """

    says: Any
    calls: Any = 1
    hold: Any = ""
    refused: Any = False
    besides: Any = 0
    note: Any = ""
    behind: Any = ABSENT
    more: Mapping[str, Any] = field(default_factory=dict)

    def on(self, profile: str) -> Step:
        """This step as it is in one profile."""
        names = ("calls", "hold", "refused", "besides", "note")
        return replace(self, **{name: of(profile, getattr(self, name)) for name in names})


def left_out(**more: Any) -> Step:
    """Leaving a field out costs nothing: it is not managed any more."""
    return Step(ABSENT, **{"calls": 0, **more})


def drifted(says: Any, behind: Any, **more: Any) -> Step:
    """Somebody else changed what the manifest says; it is put right."""
    return Step(says, behind=behind, **more)


def never(says: Any, hold: Any = "", **more: Any) -> Step:
    """Nothing is sent."""
    return Step(says, 0, hold, **more)


@dataclass(frozen=True, slots=True)
class Row:
    """One writable property. `path`: `field`, `field/subfield` of the entries of a list or of an object, or
    `field/*/subfield` of the objects in an object of many. `rule`: of docs/apis, that says what it costs. `sends`:
    its name in a body, where that is not what the schema says.
    `more`: other fields of the document; `life`: its lifecycle. `begins`: the value before the first step, where
    the field can neither be left out then nor stands in the table's spec. `beside`: documents that it takes.
    `needed`: left out, it is a mistake, whatever the schema says."""

    path: str
    rule: str
    steps: tuple[Step, ...]
    sends: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    life: Mapping[str, Json] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    begins: Any = ABSENT
    beside: tuple[Sheet, ...] = ()
    needed: bool = False

    @property
    def top(self) -> str:
        return self.path.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can happen to a document, and what it takes.

    `first`: what git said before, None: nothing. `meanwhile`: what others do then. `now`: what git says, GONE: the
    document has left. `calls`: the writes in their order, `METHOD /path` with `*` for an id. `verb`: what the plan
    calls it. `holds`: the rules that refuse it. `there`, `gone`: what is live afterwards, and what is not, by the
    words of the table's `live`. `ends`: how its calls end. `mistake`: what the loader says, where it does not even
    let it through. `note`: part of what the plan says. `still`: what is to be done all the same. `also`:
    documents besides, at the first and now.
    """

    name: str
    rule: str
    now: Sheet | None = field(default_factory=Sheet)
    first: Sheet | None = None
    meanwhile: Deeds | None = None
    calls: Any = ()
    verb: Any = ""
    holds: Any = frozenset[str]()
    there: Any = ""
    gone: Any = ""
    ends: Any = frozenset({"done"})
    mistake: str = ""
    note: str = ""
    still: Any = ()
    also: tuple[tuple[Sheet, ...], tuple[Sheet, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class Table:
    """A kind: the least document of it, all rows and deeds. `entries`: the least entry of a list, by its field
    (`field/subfield` in an object).
    `edit`: somebody else writes these fields, in the API's words. `live`: what is there, in a word each.
    `set_up`: what is there before. `beside`: documents that every one of its documents needs. `own`: the name of
    its document. `along`: what the body of every change holds besides; None: all that is declared. `many`:
    which one of an object of many is meant, by its field."""

    provider: str
    kind: str
    own: str
    spec: Mapping[str, Any]
    live: Callable[[World], set[str]]
    rows: tuple[Row, ...]
    deeds: tuple[Deed, ...]
    edit: Callable[[World, JsonObject], object] | None = None
    entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    set_up: Deeds | None = None
    beside: tuple[Sheet, ...] = ()
    along: frozenset[str] | None = frozenset({"id"})
    many: Mapping[str, str] = field(default_factory=dict)

    @property
    def at(self) -> tuple[str, str]:
        return self.provider, self.kind


IDS: Final = re.compile(
    r"(?<=[/=])(cmo7[a-z]+\d+|\d+|0{7}[\da-f]-[\d-]+|(?:grp|d0c)\d+|tmp-[\da-f]+|<[^>]*>|id of [^?]*|id)(?=/|\?|$)"
)


def masked(call: str) -> str:
    """A request line without ids."""
    return IDS.sub("*", call)


def put(table: Table, spec: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A spec in which the field at this path has this value; ABSENT: it is left out."""
    top, _, below = path.partition("/")
    found = {**spec, top: _below(table, spec.get(top, {}), top, below, value)}
    return {k: v for k, v in found.items() if not isinstance(v, Missing)}


def _below(table: Table, now: Any, at: str, below: str, value: Any) -> Any:
    """What stands at `at`, where a value stands `below` it, and `now` nothing yet."""
    if not below:
        return value
    least = table.entries.get(at)
    if below.startswith("*/"):
        return {table.many[at]: {**(least or {}), below.removeprefix("*/"): value}}
    name, _, rest = below.partition("/")
    whole = now if least is None else least
    one = {**whole, name: _below(table, whole.get(name, {}), f"{at}/{name}", rest, value)}
    return one if least is None else [one]
