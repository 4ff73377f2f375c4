"""A key renamed in a list of nested documents without a word: one left the list, another came new (ADR 0012)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import SequenceMatcher
from itertools import groupby
from typing import TypeAlias

from reconciler.diff.index import Index, Thing
from reconciler.diff.lists import Lists
from reconciler.diff.nearness import CUTOFF
from reconciler.diff.refusals import renamable
from reconciler.model.change import Change, Delta, Entry, Hold, Verb
from reconciler.model.document import NEW_KEY, Address, Document, Manage, Nest
from reconciler.model.json import Json
from reconciler.model.kind import REPLACE, Field, Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal, spoken
from reconciler.model.nouns import a_kind
from reconciler.model.record import Record, replace

Pairs: TypeAlias = "dict[Address, Left]"
"""New document -> what it may be."""


class Left(Record, frozen=True):
    """What left a list, and is live. `out_of`: the name of the document around, as far as the ledger says it."""

    change: Change
    thing: Resource
    kind: Kind
    out_of: str = ""


class New(Record, frozen=True):
    """What came new into a list."""

    change: Change
    document: Document
    nest: Nest
    kind: Kind


def renames_unsaid(index: Index, changes: Sequence[Change]) -> list[Change]:
    """The changes; where one that is to be created may be what left its list, both wait if that would be deleted,
    and a note tells of it if that is let go."""
    new = sorted(_new(index, changes), key=_inwards)
    if not new:
        return [*changes]
    meant = {(a.target, a.kind, r.id) for a, r in index.matched.items()}
    left = [one for change in changes if (one := _left(index, change, meant)) is not None]
    pairs = _paired(index, new, left) if left else {}
    back = {one.change.address: (address, one) for address, one in pairs.items()}
    return [_said(change, pairs, back) for change in changes]


def _inwards(new: New) -> tuple[int, Address, Address]:
    around = new.nest.around
    return around.name.count("/"), around, new.change.address


def _new(index: Index, changes: Sequence[Change]) -> Iterator[New]:
    """What is to be created in a list, and does not say that it is another thing."""
    for change in changes:
        document = change.document
        if change.verb is not Verb.CREATE or document is None or document.nest is None or change.bond is not None:
            continue
        kind, life = index.kind_of(document), document.lifecycle
        ours = life.manage is not Manage.OBSERVE and NEW_KEY not in life.allow
        if ours and kind.findable:
            yield New(change, document, document.nest, kind)


def _left(index: Index, change: Change, meant: AbstractSet[Thing]) -> Left | None:
    """What is declared no more, and is live; not what another document means now."""
    bond = index.recorded.bonds.get(change.address) if change.removes or change.verb is Verb.RELEASE else None
    if bond is None:
        return None
    kind = index.catalog.kind(index.desired.targets[bond.address.target].provider, bond.address.kind)
    out_of = Address.parse(bond.exact_in[0].rpartition(".")[0]).name if bond.exact_in else ""
    if change.removes:
        return Left(change, change.live, kind, out_of) if change.live else None
    thing = index.thing_of(bond)
    at = (change.address.target, change.address.kind, thing.id if thing else "")
    return Left(change, thing, kind, out_of) if thing and at not in meant else None


def _paired(index: Index, new: Sequence[New], left: Sequence[Left]) -> Pairs:
    """Each new one with at most one that left its list, the most alike first; from the outermost lists inwards,
    since what may have another key has taken along what is in it."""
    lists, found = Lists.of(index.desired), dict[Address, Left]()
    by_list: dict[tuple[str, str, str, int], list[Left]] = {}
    for one in left:
        at = one.change.address
        for list_, parts in _in_lists(one):
            by_list.setdefault((at.target, at.kind, list_, parts), []).append(one)
    for (around, kind), group in groupby(new, key=lambda n: (n.nest.around, n.kind.name)):
        declared, was, those = lists.around.get(str(around)), found.get(around), list(group)
        names = {
            around.name,
            declared.previous_name if declared else None,
            was.change.address.name if was else None,
        }
        depths = {0, *(_parts(n.change.address, around.name) for n in those)}
        every = ((around.target, kind, name, depth) for name in names if name for depth in depths)
        there = {one.change.address: one for list_ in every for one in by_list.get(list_, ())}
        found |= _most_alike(index, those, list(there.values()))
    return found


def _in_lists(one: Left) -> Iterator[tuple[str, int]]:
    """The list it was in, as (the name around it, 0). Where the ledger does not say which: every one that its
    name could be of, with the number of parts that its own name has then, as for those that are in it now."""
    if one.out_of:
        yield one.out_of, 0
        return
    name = one.change.address.name
    for end in (i for i, c in enumerate(name) if c == "/"):
        yield name[:end], _parts(one.change.address, name[:end])


def _parts(address: Address, around: str) -> int:
    """How many parts a name has beside that of the document around it."""
    return address.name.removeprefix(f"{around}/").count("/") + 1


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
    most of what is declared is otherwise live, and the keys are far apart. A key that is a reference has no
    spelling of its own: only the same one counts."""
    own, former = spoken(new.change.key), spoken(left.thing.key)
    if not renamable(new.kind) and new.kind.key_field.ref and own != former:
        return None
    agreeing = list(_agreeing(index, new, left.thing))
    if new.kind.tree:  # what stands above both is no likeness
        own, former = own.rpartition("/")[2], former.rpartition("/")[2]
    keys = SequenceMatcher(None, own.casefold(), former.casefold())
    near = keys.ratio() if keys.quick_ratio() >= CUTOFF else 0.0
    share = sum(agreeing) / len(agreeing) if agreeing else 1.0
    return (share, near) if near >= CUTOFF or 2 * share > 1 else None


def _agreeing(index: Index, new: New, thing: Resource) -> Iterator[bool]:
    """Of each declared field that is known of the live thing, whether it is live as declared."""
    same = index.catalog.verbs[new.document.provider, new.kind.name].same
    apart = {new.kind.key, *new.kind.scope, *new.nest.given}
    for name, value in new.change.wire.items():
        if name in thing.fields and name not in apart:
            one = new.kind.fields[name]
            yield same(one, normal(one, thing.fields[name]), normal(one, value))
    for name, delta in new.change.deltas.items():
        if name in thing.fields:
            yield _all_live(new.kind.fields[name], delta, thing.fields[name])


def _all_live(one: Field, delta: Delta, live: Json) -> bool:
    """Whether each entry that is declared is among the live ones."""
    there = live if isinstance(live, list) else []
    return all(any(_is_live(one, e, item) for item in there) for e in delta.add)


def _is_live(one: Field, entry: Entry, item: Json) -> bool:
    if not isinstance(item, dict):
        return item == entry.id
    key = one.key_in(item)
    parts: Json = [item.get(name) for name in one.entry_parts] if one.entry_parts else item.get(key or "")
    return parts == entry.id and all(item.get(n) == v for n, v in entry.wire.items() if n not in one.keys)


def _said(change: Change, pairs: Pairs, back: Mapping[Address, tuple[Address, Left]]) -> Change:
    one, heir = pairs.get(change.address), back.get(change.address)
    if one is not None:
        key = spoken(one.thing.key)
        if one.change.removes:
            why = f"'{key}' left this list and would be {one.change.verb}d; it may be this one under another key"
            hold = Hold("rename-unconfirmed", why + _fixed(one.kind), _way_out("add to its metadata", one))
            return replace(change, holds=(*change.holds, hold))
        note = f"'{key}' left this list and stays live"
        if renamable(one.kind):
            note += f"; if it is this one under its former key, add {_previously(one)}"
        else:
            note += f": {a_kind(one.kind.name)} cannot be renamed, so another one is made"
        return replace(change, notes=(*change.notes, note))
    if heir is not None and change.removes:
        new, left = heir
        why = f"{new} is new in the list that it left, and may be this one under another key{_fixed(left.kind)}"
        hold = Hold("rename-unconfirmed", why, _way_out("add there to the metadata", left))
        return replace(change, holds=(*change.holds, hold))
    return change


def _fixed(kind: Kind) -> str:
    return "" if renamable(kind) else f", and {a_kind(kind.name)} cannot be renamed"


def _way_out(where: str, left: Left) -> str:
    """What to write in the new document, whichever it is; where nothing can have another key, what else to do."""
    another = f"lifecycle: {{allow: [{NEW_KEY}]}}"
    if renamable(left.kind):
        return f"{where}: {_previously(left)}; if it is another thing: {another}"
    instead = "keep the former key" if left.kind.rename == REPLACE else left.kind.rename
    return f"{instead}; if one is to be deleted and another made, {where}: {another}"


def _previously(left: Left) -> str:
    return f"previously: {{key: {spoken(left.thing.key)}}}"
