"""Small functions that say no, each with a rule name, a reason and a way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from reconciler.model.change import Change, Changes, Hold, Verb
from reconciler.model.document import Address, Desired
from reconciler.model.kind import Kind
from reconciler.model.live import Live
from reconciler.model.nouns import plural
from reconciler.model.record import Record, field, replace
from reconciler.model.recorded import Recorded
from reconciler.plan.referred import Thing, made_by, named, named_elsewhere

IN_USE: Final = "in-use"
"""The rule that holds what has a use for others."""
USES: Final = "uses"
"""What a kind calls a count of all that uses a thing, whatever it is."""
CHILDREN: Final = "children"
"""What a kind calls a count of the things of its own kind that lie right in one."""
Uses: TypeAlias = "Counter[tuple[str, str, str, str]]"
"""(target, kind, id of a live thing, what) -> how many."""
FEW = 3
"""Below this number of deletes a percentage says nothing."""


class Scene(Record, frozen=True):
    """What a guard may look at besides the change itself."""

    changes: Sequence[Change]
    desired: Desired
    live: Live
    recorded: Recorded
    kinds: Callable[[Change], Kind]
    deletes: Counter[tuple[str, str]]
    creates: Counter[tuple[str, str]]
    children_going: Counter[Thing]
    children_coming: Counter[Thing]
    named: Mapping[Thing, Address]
    made_by: Mapping[Address, Address]
    named_elsewhere: Mapping[Address, Address] = field(default_factory=dict)
    letting_go: Uses = field(default_factory=Counter)
    released: Uses = field(default_factory=Counter)


def _thing(change: Change, remote_id: str) -> Thing:
    """A thing of the change's own kind: two kinds may use one id."""
    return change.address.target, change.address.kind, remote_id


def guarded(
    changes: Changes, desired: Desired, live: Live, recorded: Recorded, kinds: Callable[[Change], Kind]
) -> list[Change]:
    """Every change with the holds of all guards added to those the comparison found. A thing that stays for good
    keeps what it lies in, and so on upwards: each round looks again with what the last one found."""
    busy = [c for c in changes.changes if not c.rests]
    going = [c for c in busy if c.removes]
    deletes = Counter((c.address.target, c.address.kind) for c in going)
    coming = [c for c in busy if c.verb is Verb.CREATE]
    creates = Counter((c.address.target, c.address.kind) for c in coming if all(h.only for h in c.holds))
    inside = Counter(_thing(c, c.parent) for c in busy if isinstance(c.parent, str) and _goes_there(c))
    names = named(changes.changes, kinds) if going else {}
    makers = made_by(changes.changes, desired, kinds) if going else {}
    elsewhere = named_elsewhere(changes.changes, desired, kinds) if going else {}
    released = _released(busy, live, recorded, kinds)
    staying: set[Thing] = set()
    held = {c.address for c in busy if _stopped(c)}
    while True:
        leaving = [c for c in going if c.live and _thing(c, c.live.id) not in staying]
        leaving += [c for c in busy if c.live and _goes_away(c)]
        children = Counter(_thing(c, c.live.parent) for c in leaving if c.live and c.live.parent)
        letting_go = _letting_go([c for c in busy if c.address not in held], kinds)
        scene = Scene(
            changes=changes.changes,
            desired=desired,
            live=live,
            recorded=recorded,
            kinds=kinds,
            deletes=deletes,
            creates=creates,
            children_going=children,
            children_coming=inside,
            named=names,
            made_by=makers,
            named_elsewhere=elsewhere,
            letting_go=letting_go,
            released=released,
        )
        found = [_guarded(c, scene) for c in busy]
        stuck = {_thing(c, c.live.id) for c in found if c.removes and c.live and any(h.final for h in c.holds)}
        stopped = {c.address for c in found if _stopped(c)}
        if stuck <= staying and stopped <= held:
            return _in_place(changes.changes, busy, found)
        staying |= stuck
        held |= stopped


def _in_place(changes: Sequence[Change], busy: Sequence[Change], found: Sequence[Change]) -> list[Change]:
    """All changes, with what was found of the busy ones in the place of these."""
    news = {b.address: f for b, f in zip(busy, found, strict=True) if f is not b}
    return [news.get(c.address, c) for c in changes] if news else [*changes]


def _guarded(change: Change, scene: Scene) -> Change:
    holds = tuple(_holds(change, scene)) if change.removes or change.verb is Verb.REPLACE else ()
    return replace(change, holds=change.holds + holds) if holds else change


def _stopped(change: Change) -> bool:
    """Whether a hold stops all of it."""
    return bool(change.holds) and any(not h.only for h in change.holds)


def _letting_go(changes: Sequence[Change], kinds: Callable[[Change], Kind]) -> Uses:
    """How many things let go of a live thing, by (target, kind, id, what): of which kind (as `projects`), and of
    whatever kind (`USES`). They are deleted, refer to another one from now on, or lose it from a set."""
    found: Uses = Counter()
    for change in changes:
        if change.live is None or not change.writes:
            continue
        kind = kinds(change)
        for ref, was in _let_go(kind, change):
            for what in _called(kind):
                found[change.address.target, ref, was, what] += 1
    return found


def _called(kind: Kind) -> Iterator[str]:
    """What a count of things of a kind may be called in that which they are in or refer to."""
    yield from (plural(kind.name), plural(kind.name).lower(), USES)


def _released(changes: Sequence[Change], live: Live, recorded: Recorded, kinds: Callable[[Change], Kind]) -> Uses:
    """How many things that are declared no more stay, in or with a live one, by (target, kind, id, what)."""
    found: Uses = Counter()
    for change in (c for c in changes if c.verb is Verb.RELEASE and not c.also_gone):
        at, bond = change.address, recorded.bonds.get(change.address)
        if bond is None:
            continue
        kind = kinds(change)
        for thing in (r for r in live.of(at.target, at.kind).resources if r.id == bond.id):
            if thing.parent is not None:
                found[at.target, at.kind, thing.parent, CHILDREN] += 1
            for name, one in kind.fields.items():
                was = thing.fields.get(name)
                if one.ref and isinstance(was, str):
                    found.update((at.target, one.ref, was, what) for what in _called(kind))
    return found


def _let_go(kind: Kind, change: Change) -> Iterator[tuple[str, str]]:
    """(kind, id) of each thing that a live one refers to no more."""
    for name, one in kind.fields.items():
        was = change.live.fields.get(name) if change.live else None
        if one.ref and isinstance(was, str) and (change.verb is Verb.DELETE or name in change.changed):
            yield one.ref, was
        elif one.ref and one.is_set and not any(h.only == "remove" for h in change.holds):
            delta = change.deltas.get(name)
            yield from ((one.ref, e.id) for e in (delta.remove if delta else ()) if isinstance(e.id, str))


def _goes_away(change: Change) -> bool:
    """Moved out of what it lies in, and nothing holds that."""
    if change.live is None or change.live.parent == change.parent or change.removes or not change.writes:
        return False
    return all(h.only for h in change.holds)


def _goes_there(change: Change) -> bool:
    """Declared in its parent, and not in it yet."""
    return (change.live is None or change.live.parent != change.parent) and not change.removes


def _holds(change: Change, scene: Scene) -> Iterator[Hold]:
    if change.removes:
        guards = DELETE_GUARDS if change.verb is Verb.DELETE else SOFT_GUARDS
        found = [hold for guard in guards if (hold := guard(change, scene)) is not None]
        yield from (hold for hold in found if hold.rule != IN_USE)
        yield from _in_use([hold for hold in found if hold.rule == IN_USE])
    elif change.verb is Verb.REPLACE and (kept := protected(change, scene)) is not None:
        yield kept


def _in_use(found: Sequence[Hold]) -> Iterator[Hold]:
    """One hold, whatever keeps a thing in use: who names it says more than how many do, and stands first."""
    if found:
        best = found[-1]
        reasons = dict.fromkeys(hold.reason for hold in reversed(found))
        yield replace(best, reason="; ".join(reasons))


def protected(change: Change, scene: Scene) -> Hold | None:
    """Protection is remembered in the ledger and outlives the document: who lifts it deletes in a later apply."""
    bond = scene.recorded.bonds.get(change.address)
    if change.verb is Verb.REPLACE:
        return _kept_from_replacing(change, bond is not None and bond.protect)
    if bond is None or not bond.protect:
        return None
    way_out = "put the document back with `protect: false`, apply, then remove it"
    return Hold("protected", "lifecycle.protect was set when it was last applied", way_out)


def _kept_from_replacing(change: Change, recorded: bool) -> Hold | None:
    """What is made anew is deleted first; the document is still there, and may protect it by itself."""
    if not recorded and not (change.document and change.document.lifecycle.protect):
        return None
    reason = "it would be deleted and made anew, and lifecycle.protect keeps it"
    return Hold("protected", reason, "apply it with `protect: false` and nothing else changed, then change it")


def not_ours(change: Change, scene: Scene) -> Hold | None:  # noqa: ARG001 - the shape of a guard
    """What somebody else made is not ours to delete."""
    if change.was_made:
        return None
    by_hand = f"{change.verb} it by hand"
    if change.verb is not Verb.DELETE:
        by_hand = "put the document back with the values you want it to have"
    way_out = f"{by_hand}, or put it back with `onRemove: release`, apply, then remove it"
    return Hold("not-ours", f"it was adopted, not created here: not ours to {change.verb}", way_out)


def unproven_listing(change: Change, scene: Scene) -> Hold | None:
    """What a thing contains may be in the part of the list that did not come."""
    proof = scene.live.of(change.address.target, change.address.kind).proof
    if proof.complete:
        return None
    reason = f"the list is not proven complete: {proof.by}"
    return Hold("unproven-listing", reason, "plan again; if it stays so, look at the API's answer", final=True)


def too_many_deletes(change: Change, scene: Scene) -> Hold | None:
    """Absolute and percent, per kind and target; the percentage counts from three deletes on."""
    at = (change.address.target, change.address.kind)
    count, limit = scene.deletes[at], scene.desired.delete_limit
    live = len(scene.live.of(*at).resources)
    share = 100 * count // live if live else 0
    if count <= limit.count and (count < FEW or share <= limit.percent):
        return None
    reason = f"{count} of {live} {plural(at[1])} would be deleted (limit {limit.count}, or {limit.percent} %)"
    return Hold("too-many-deletes", reason, "delete in smaller steps, or raise guards.deletes in reconciler.yaml")


def contents(change: Change, scene: Scene) -> Hold | None:
    """Something that holds or serves other things, or is about to, is not deleted under them."""
    if change.live is None:
        return None
    if coming := scene.children_coming[_thing(change, change.live.id)]:
        reason = f"{coming} declared things belong in it"
        return Hold(IN_USE, reason, "declare it too, or move what is declared in it", final=True)
    for name, count in sorted(change.live.contents.items()):
        if count is None:
            return Hold(
                "contents-unknown", f"the API does not say how many {name} it has", "delete it by hand", final=True
            )
        at = (change.address.target, change.address.kind, change.live.id, name)
        gone = scene.children_going[_thing(change, change.live.id)] if name == CHILDREN else scene.letting_go[at]
        if (staying := count - gone) > 0:
            what = f"{plural(change.address.kind)} in it" if name == CHILDREN else name
            return _still_used(what, staying, min(staying, scene.released[at]))
    return None


def _still_used(what: str, staying: int, released: int) -> Hold:
    """Of those that stay some may do so only because they are released, which their own documents said."""
    which = f", {'' if released == staying else f'{released} of them '}released by this plan" if released else ""
    way_out = "move or remove them first, then plan again"
    if released:
        others = "" if released == staying else "; move or remove the others first"
        back = "put these back with `onRemove: delete` (a nested list: its mode `exact`)"
        way_out = f"{back}, apply, then take all out{others}"
    return Hold(IN_USE, f"it is still in use ({what}: {staying}{which})", way_out, final=True)


def still_named(change: Change, scene: Scene) -> Hold | None:
    """What a declared document refers to stays, selected or not: the reference would lead nowhere (OA-R49)."""
    at = (change.address.target, change.address.kind, change.live.id if change.live else "")
    by = scene.named.get(at) or scene.named_elsewhere.get(change.address)
    if by is None:
        return None
    return Hold(IN_USE, f"{by} names it", "take it out there first, or declare it again", final=True)


def still_relied_on(change: Change, scene: Scene) -> Hold | None:
    """What came about with a thing may go with it, while a declared document refers to it (ST-R60)."""
    by = scene.made_by.get(change.address)
    if by is None:
        return None
    reason = f"{by} names the {scene.kinds(change).makes} that came about with this, and may go with it"
    return Hold(IN_USE, reason, "take it out there first, or declare it again", final=True)


def last_one(change: Change, scene: Scene) -> Hold | None:
    """Some collections must never be empty; what is made in this plan is made first."""
    at = (change.address.target, change.address.kind)
    there = len(scene.live.of(*at).resources) + scene.creates[at]
    if not scene.kinds(change).prune.keep_last or scene.deletes[at] < there:
        return None
    return Hold("last-one", f"no {at[1]} would be left", "keep one, or delete the last by hand", final=True)


SOFT_GUARDS: tuple[Callable[[Change, Scene], Hold | None], ...] = (protected, not_ours, too_many_deletes)
"""What is archived or deactivated stays on the server, with all it contains."""

DELETE_GUARDS: tuple[Callable[[Change, Scene], Hold | None], ...] = (
    protected,
    not_ours,
    unproven_listing,
    too_many_deletes,
    contents,
    still_named,
    still_relied_on,
    last_one,
)
