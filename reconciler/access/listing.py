"""Rows for people: what was asked for, from one side or both, with what nobody could read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from reconciler.access.declared import declared
from reconciler.access.evaluate import Derived, Index, derive
from reconciler.access.facts import ALL, PERSON, PLACE, Facts, Grant, Source, Thing
from reconciler.access.finished import RowKey, Sides, finished, orders_of
from reconciler.access.seen import as_read, seen, told_ids
from reconciler.access.unseen import concerned, incomplete, unseen
from reconciler.model.access import EVERYTHING, Listing, Row, Sort, Step, Unseen
from reconciler.model.catalog import Catalog
from reconciler.model.document import Desired
from reconciler.model.live import Live
from reconciler.model.record import Record, replace
from reconciler.model.recorded import Recorded

_SORTS: Final = (Sort.PERSON, Sort.GROUP, Sort.PLACE, Sort.EVERYBODY)


class Question(Record, frozen=True):
    """What was asked for. `who`, `what`: words of people, empty for everybody and everything. `asked`: manifests,
    live or both."""

    who: str = ""
    what: str = ""
    asked: str = "both"


MOST: Final = 200_000
"""So many rows are listed at most."""


class TooMany(LookupError):
    """There would be more rows than anybody can read, or a machine should hold."""


class NobodyMeant(LookupError):
    """A word of the question means nothing that is known. `choices`: what would."""

    def __init__(self, option: str, word: str, choices: Iterable[str]) -> None:
        super().__init__(f"{option} {word[:200]}: nothing that was looked at is called so")
        self.choices = tuple(sorted(set(choices)))


def listing(
    question: Question, desired: Desired, live: Live | None, recorded: Recorded, catalog: Catalog
) -> Listing:
    """Who can do what. `live` None: nothing was read. Raises NobodyMeant, TooMany."""
    providers = {t.name: t.provider for t in desired.targets.values()}
    mine = declared(desired, catalog) if question.asked != "live" else None
    told = told_ids(desired, recorded, catalog)
    theirs = seen(as_read(live, providers, told), catalog) if live is not None else None
    sides = [side for side in (mine, theirs) if side is not None]
    who = _meant("--who", question.who, sides, people=True)
    what = _meant("--what", question.what, sides, people=False)
    found: dict[RowKey, Row] = {}
    for side, is_live in ((mine, False), (theirs, True)):
        if side is not None:
            for one in _asked(side, who, what):
                _note(found, side, one, is_live=is_live)
                if len(found) > MOST:
                    raise TooMany(f"that would be more than {MOST:,} lines")
    rows = finished(found, Sides(mine, theirs), orders_of(catalog, providers))
    hidden = _hidden(unseen(desired, live, catalog), what, catalog, providers)
    nowhere: set[str] = set()
    if who is not None:
        asked = {one.target for one in hidden}
        nowhere = asked - _found_in(who, sides) - incomplete(live, catalog, providers)
    return Listing(
        question.asked,
        tuple(sorted(rows, key=_order)),
        tuple(one for one in hidden if one.target not in nowhere),
        question.who,
        tuple(sorted(nowhere)),
    )


def _found_in(who: frozenset[Thing], sides: Iterable[Facts]) -> set[str]:
    """The targets in which anything is known of somebody."""
    found = {one.target for one in who} - {""}
    for facts in sides:
        found |= {g.target for g in facts.grants if g.who in who or g.on in who}
        found |= {m.of.target for m in facts.memberships if m.who in who}
        found |= {target for one in who for target in facts.homes.get(one, ())}
    return found


def _hidden(
    every: Iterable[Unseen], what: frozenset[Thing] | None, catalog: Catalog, providers: Mapping[str, str]
) -> list[Unseen]:
    """What could not be read of what was asked about: of everything, or of the kinds that have a say in it."""
    if what is None:
        return [*every]
    asked = {
        target: concerned([*catalog.of(providers[target])], {t.kind for t in what if t.target == target})
        for target in {t.target for t in what}
    }
    return [one for one in every if one.target in asked and (not one.kind or one.kind in asked[one.target])]


def strangers(desired: Desired, live: Live, recorded: Recorded, catalog: Catalog) -> set[tuple[str, str]]:
    """Target and kind of people whom live names by nothing but an id."""
    providers = {t.name: t.provider for t in desired.targets.values()}
    return seen(as_read(live, providers, told_ids(desired, recorded, catalog)), catalog).strangers


def _asked(facts: Facts, who: frozenset[Thing] | None, what: frozenset[Thing] | None) -> Iterator[Derived]:
    """What the facts give those who were asked about, on what was asked about."""
    index = Index(facts)
    grants: Iterable[Grant] = facts.grants
    if who is not None:
        over = frozenset(g for one in who for g in index.over(one))
        grants = [g for at in sorted(over) for g in index.by_who.get(at, ())]
    if what is not None:
        around = frozenset(o for one in what for o in index.around(one))
        grants = [g for g in grants if g.on in around]
    for one in derive(index, grants, on=what):
        if who is None or _concerns(one, who):
            yield one


def _concerns(one: Derived, who: frozenset[Thing]) -> bool:
    return one.who in who or one.grant.who in who or any(m.of in who or m.who in who for m in one.memberships)


def _note(found: dict[RowKey, Row], facts: Facts, one: Derived, *, is_live: bool) -> None:
    """The row of what one side derives; where the other side has it as well, both are told, in the words of the
    first."""
    at = (one.who, one.grant, one.on)
    there = found.get(at)
    found[at] = replace(there, live=True) if there else _row(facts, one, is_live=is_live)


def _row(facts: Facts, one: Derived, *, is_live: bool) -> Row:
    source = one.grant.source
    for membership in one.memberships:
        source |= membership.source if membership.source is not one.grant.source else Source()
    return Row(
        target=one.grant.target,
        principal=facts.principal(one.who),
        role=one.grant.role,
        object=object_step(facts, one.on),
        flags=one.grant.flags,
        path=path_of(facts, one),
        assumed=tuple(dict.fromkeys(i.assumed for i in one.insides if i.assumed)),
        because=source.because,
        declared_at=source.places,
        declared=not is_live,
        live=is_live,
        gives=one.grant.gives,
    )


def object_step(facts: Facts, thing: Thing) -> Step:
    return facts.step(thing, Sort.OBJECT)


def path_of(facts: Facts, one: Derived) -> tuple[Step, ...]:
    """The groups, then the objects in between."""
    groups = [facts.step(m.of, Sort.GROUP) for m in one.memberships]
    return (*groups, *(facts.step(i.within, Sort.OBJECT) for i in one.insides))


def _order(row: Row) -> tuple[object, ...]:
    one = row.principal
    return (
        _SORTS.index(one.sort),
        one.name.casefold(),
        one.name,
        row.target,
        row.object.kind,
        row.object.name,
        not row.highest,
        row.role,
        [step.name for step in row.path],
    )


def _meant(option: str, word: str, sides: Sequence[Facts], *, people: bool) -> frozenset[Thing] | None:
    """What a word of the question means, whatever its case; None where there is none. Raises NobodyMeant."""
    if not word:
        return None
    found: set[Thing] = set()
    choices: list[str] = []
    for facts in sides:
        known = _principals(facts) if people else _objects(facts)
        for thing in known:
            names = {facts.name(thing), thing.ref if thing.kind == PERSON else "", *facts.aliases.get(thing, ())}
            names = {n for n in names if n} or {ALL if thing.kind == ALL else thing.ref}
            choices += names
            if any(_fits(word, name) for name in names) or word == f"kind:{thing.kind}":
                found.add(thing)
    if not found:
        raise NobodyMeant(option, word, choices)
    return frozenset(found)


def _fits(word: str, name: str) -> bool:
    a, b = word.casefold(), name.casefold()
    return a == b or ("*" in a and fnmatchcase(b, a.replace("[", "[[]").replace("?", "[?]")))


def _principals(facts: Facts) -> set[Thing]:
    people = {g.who for g in facts.grants} | {m.who for m in facts.memberships} | {m.of for m in facts.memberships}
    return people | {thing for thing in facts.names if thing.kind == PERSON}


def _objects(facts: Facts) -> set[Thing]:
    things = {g.on for g in facts.grants} | {i.thing for i in facts.insides} | {i.within for i in facts.insides}
    return things | {t for t in facts.names if t.kind not in (PERSON, ALL, PLACE, EVERYTHING)}
