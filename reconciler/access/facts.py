"""The facts that access is derived from: grants, memberships, and what stands in what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeAlias

from reconciler.model.access import EVERYTHING, Sort, Step
from reconciler.model.kind import Kind
from reconciler.model.record import Record, aside, field, replace

PERSON: Final = "person"
ALL: Final = "everybody"
PLACE: Final = "place"


class Thing(NamedTuple):
    """Somebody or something. `kind` is that of a schema, `EVERYTHING`, or one of the small words above, which no
    schema bears. People and places are the same in all targets, so theirs is empty."""

    target: str
    kind: str
    ref: str


def person(address: str) -> Thing:
    return Thing("", PERSON, address.casefold())


def place(text: str) -> Thing:
    return Thing("", PLACE, text)


def everybody(target: str) -> Thing:
    return Thing(target, ALL, "")


def everything(target: str) -> Thing:
    return Thing(target, EVERYTHING, EVERYTHING)


class Source(Record, frozen=True):
    """Where a fact stands: `file:line`, and why it is so; nothing of what was read."""

    places: tuple[str, ...] = ()
    because: tuple[str, ...] = ()

    def __or__(self, other: Source) -> Source:
        return Source(
            tuple(dict.fromkeys((*self.places, *other.places))),
            tuple(dict.fromkeys((*self.because, *other.because))),
        )


@aside("unknown", "source")
class Grant(Record, frozen=True):
    """`who` has `role` on `on`. `gives` False: and gets nothing by it. `reaches`: in what stands in it, too.
    `opens` False: it is told, and counts as no access. `unknown`: nobody can tell whether it was so before."""

    who: Thing
    role: str
    on: Thing
    target: str
    flags: tuple[str, ...] = ()
    gives: bool = True
    reaches: bool = False
    opens: bool = True
    unknown: bool = False
    source: Source = field(default_factory=Source)


@aside("source")
class Membership(Record, frozen=True):
    """`who`, a person or a group, belongs to `of`."""

    who: Thing
    of: Thing
    source: Source = field(default_factory=Source)


class Inside(Record, frozen=True):
    """`thing` stands in `within`, and what is granted there reaches it. `assumed`: the id of that assumption."""

    thing: Thing
    within: Thing
    assumed: str = ""


Fact: TypeAlias = "Grant | Membership | Inside"


class Facts(Record):
    """All facts of one side, each once. `names`: what people call a thing; `aliases`: what else it is called.
    `titles`: what people call a thing whose name is a bare identifier. `strangers`: target and kind of people of
    whom just an id is known. `homes`: the targets in which somebody has an account, or is declared to."""

    grants: dict[Grant, Grant] = field(default_factory=dict)
    memberships: dict[Membership, Membership] = field(default_factory=dict)
    insides: dict[Inside, Inside] = field(default_factory=dict)
    names: dict[Thing, str] = field(default_factory=dict)
    aliases: dict[Thing, set[str]] = field(default_factory=dict)
    titles: dict[Thing, str] = field(default_factory=dict)
    strangers: set[tuple[str, str]] = field(default_factory=set)
    homes: dict[Thing, set[str]] = field(default_factory=dict)

    def add(self, facts: Iterable[Fact]) -> None:
        """One that stands in two places keeps both."""
        for fact in facts:
            if isinstance(fact, Grant):
                there = self.grants.get(fact)
                self.grants[fact] = replace(there, source=there.source | fact.source) if there else fact
            elif isinstance(fact, Membership):
                known = self.memberships.get(fact)
                self.memberships[fact] = replace(known, source=known.source | fact.source) if known else fact
            else:
                self.insides.setdefault(fact, fact)

    def call(self, thing: Thing, name: str, *others: str) -> None:
        self.names.setdefault(thing, name)
        self.aliases.setdefault(thing, set()).update(o for o in (name, *others) if o)

    def entitle(self, thing: Thing, kind: Kind, *titles: str) -> None:
        """The first of these that says more than the name, where the kind's key is not what people know it by."""
        if kind.title != kind.key and (told := next((t for t in titles if t and t != self.name(thing)), "")):
            self.titles.setdefault(thing, told)

    def name(self, thing: Thing) -> str:
        """What people call it; a person by the address, in one spelling everywhere."""
        if thing.kind == PERSON and "@" in thing.ref:
            return thing.ref
        return self.names.get(thing, thing.ref)

    def step(self, thing: Thing, sort: Sort) -> Step:
        """The thing as a step of a path, or an end of it."""
        kind = thing.kind if sort in (Sort.GROUP, Sort.OBJECT) else ""
        title = self.titles.get(thing, "") if sort is Sort.OBJECT else ""
        return Step(sort, ALL if sort is Sort.EVERYBODY else self.name(thing), kind, title)

    def principal(self, thing: Thing) -> Step:
        sorts = {PERSON: Sort.PERSON, ALL: Sort.EVERYBODY, PLACE: Sort.PLACE}
        return self.step(thing, sorts.get(thing.kind, Sort.GROUP))
