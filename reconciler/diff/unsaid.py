"""A key renamed in a list of nested documents without a word: one left the list, another came new (ADR 0012)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby
from typing import TypeAlias

from reconciler.diff.index import Index, Thing
from reconciler.diff.lists import Lists
from reconciler.diff.nearness import CUTOFF
from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import NEW_KEY, Address, Document, Manage, Nest
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken

Pairs: TypeAlias = "dict[Address, Left]"
"""New document -> what it may be."""


@dataclass(frozen=True, slots=True)
class Left:
    """What left a list, and is live."""

    change: Change
    thing: Resource


@dataclass(frozen=True, slots=True)
class New:
    """What came new into a list."""

    change: Change
    document: Document
    nest: Nest
    kind: Kind


def renames_unsaid(index: Index, changes: Sequence[Change]) -> list[Change]:
    """The changes; where one that is to be created may be what left its list, both wait if that would be deleted,
    and a note tells of it if that is let go."""
    new = sorted(_new(index, changes), key=_inwards)
    meant = {(a.target, a.kind, r.id) for a, r in index.matched.items()}
    left = [one for change in changes if (one := _left(index, change, meant)) is not None] if new else []
    pairs = _paired(index, new, left) if left else {}
    back = {one.change.address: address for address, one in pairs.items()}
    return [_said(change, pairs, back) for change in changes]


def _inwards(new: New) -> tuple[int, Address, Address]:
    around = new.nest.around
    return around.name.count("/"), around, new.change.address


def _new(index: Index, changes: Sequence[Change]) -> Iterator[New]:
    """What is to be created in a list, could have been renamed, and does not say that it is another thing."""
    for change in changes:
        document = change.document
        if change.verb is not Verb.CREATE or document is None or document.nest is None or change.bond is not None:
            continue
        kind, life = index.kind_of(document), document.lifecycle
        ours = life.manage is not Manage.OBSERVE and NEW_KEY not in life.allow
        if ours and kind.findable and kind.rename in ("yes", "consent"):
            yield New(change, document, document.nest, kind)


def _left(index: Index, change: Change, meant: AbstractSet[Thing]) -> Left | None:
    """What is declared no more, and is live; not what another document means now."""
    if change.removes:
        return Left(change, change.live) if change.live else None
    bond = index.recorded.bonds.get(change.address) if change.verb is Verb.RELEASE else None
    thing = index.thing_of(bond) if bond else None
    at = (change.address.target, change.address.kind, thing.id if thing else "")
    return Left(change, thing) if thing and at not in meant else None


def _paired(index: Index, new: Sequence[New], left: Sequence[Left]) -> Pairs:
    """Each new one with at most one that left its list, the most alike first; from the outermost lists inwards,
    since what may have another key has taken along what is in it."""
    lists, found = Lists.of(index.desired), dict[Address, Left]()
    by_list: dict[tuple[str, str, str], list[Left]] = {}
    for one in left:
        at = one.change.address
        by_list.setdefault((at.target, at.kind, at.name.rpartition("/")[0]), []).append(one)
    for (around, kind), group in groupby(new, key=lambda n: (n.nest.around, n.kind.name)):
        declared, was = lists.around.get(str(around)), found.get(around)
        names = {
            around.name,
            declared.previous_name if declared else None,
            was.change.address.name if was else None,
        }
        there = [one for name in names if name for one in by_list.get((around.target, kind, name), ())]
        found |= _most_alike(index, list(group), there)
    return found


def _most_alike(index: Index, new: Sequence[New], left: Sequence[Left]) -> Pairs:
    alike = ((_alike(index, n, one), n.change.address, one.change.address, one) for n in new for one in left)
    ranked = sorted((a for a in alike if a[0] is not None), key=lambda a: (a[0], a[1], a[2]), reverse=True)
    found: Pairs = {}
    taken = set[Address]()
    for _, address, former, one in ranked:
        if address not in found and former not in taken:
            found[address] = one
            taken.add(former)
    return found


def _alike(index: Index, new: New, left: Left) -> tuple[float, float] | None:
    """How alike two are, in what is declared and in their keys; None where neither speaks for one and the same:
    most of what is declared is otherwise live, and the keys are far apart."""
    same = index.catalog.verbs[new.document.provider, new.kind.name].same
    apart = {new.kind.key, *new.kind.scope, *new.nest.given}
    told = [new.kind.fields[n] for n in new.change.wire if n in left.thing.fields and n not in apart]
    values = ((f, normal(f, left.thing.fields[f.name]), normal(f, new.change.wire[f.name])) for f in told)
    agreeing = sum(same(f, live, wanted) for f, live, wanted in values)
    keys = SequenceMatcher(None, spoken(new.change.key).casefold(), spoken(left.thing.key).casefold())
    near = keys.ratio() if keys.quick_ratio() >= CUTOFF else 0.0
    share = agreeing / len(told) if told else 1.0
    return (share, near) if near >= CUTOFF or 2 * share > 1 else None


def _said(change: Change, pairs: Pairs, back: Mapping[Address, Address]) -> Change:
    one, new = pairs.get(change.address), back.get(change.address)
    if one is not None:
        line, other = _lines(one.thing)
        key = spoken(one.thing.key)
        if one.change.removes:
            why = (
                f"'{key}' left this list and would be {one.change.verb}d; it may be this one under its former key"
            )
            hold = Hold("rename-unconfirmed", why, f"add to its metadata: {line}; if it is another thing: {other}")
            return replace(change, holds=(*change.holds, hold))
        note = f"'{key}' left this list and stays live; if it is this one under its former key, add {line}"
        return replace(change, notes=(*change.notes, note))
    if new is not None and change.removes and change.live is not None:
        line, other = _lines(change.live)
        why = f"{new} is new in the list that it left, and may be this one under another key"
        hold = Hold(
            "rename-unconfirmed", why, f"add there to the metadata: {line}; if it is another thing: {other}"
        )
        return replace(change, holds=(*change.holds, hold))
    return change


def _lines(thing: Resource) -> tuple[str, str]:
    """What to add to the metadata of the new one, whichever it is."""
    return f"previously: {{key: {spoken(thing.key)}}}", f"lifecycle: {{allow: [{NEW_KEY}]}}"
