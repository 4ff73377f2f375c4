"""Small functions that say no, each with a rule name, a reason and a way out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.model.change import Change, Changes, Hold, Verb
from reconciler.model.document import Desired
from reconciler.model.kind import Kind
from reconciler.model.live import Live
from reconciler.model.recorded import Recorded

FEW = 3
"""Below this number of deletes a percentage says nothing."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a guard may look at besides the change itself."""

    changes: Sequence[Change]
    desired: Desired
    live: Live
    recorded: Recorded
    kinds: Callable[[Change], Kind]
    deletes: Counter[tuple[str, str]]
    creates: Counter[tuple[str, str]]
    children_going: Counter[str]
    children_coming: Counter[str]


def guarded(
    changes: Changes, desired: Desired, live: Live, recorded: Recorded, kinds: Callable[[Change], Kind]
) -> list[Change]:
    """Every change with the holds of all guards added to those the comparison found. A thing that stays for good
    keeps what it lies in, and so on upwards: each round looks again with what the last one found."""
    going = [c for c in changes.changes if c.verb is Verb.DELETE]
    deletes = Counter((c.address.target, c.address.kind) for c in going)
    coming = [c for c in changes.changes if c.verb is Verb.CREATE]
    creates = Counter((c.address.target, c.address.kind) for c in coming if all(h.only for h in c.holds))
    inside = Counter(c.parent for c in changes.changes if isinstance(c.parent, str) and _goes_there(c))
    staying: set[str] = set()
    while True:
        leaving = [c.live for c in going if c.live and c.live.id not in staying]
        children = Counter(r.parent for r in leaving if r.parent)
        scene = Scene(changes.changes, desired, live, recorded, kinds, deletes, creates, children, inside)
        found = [replace(c, holds=c.holds + tuple(_holds(c, scene))) for c in changes.changes]
        stuck = {c.live.id for c in found if c.verb is Verb.DELETE and c.live and any(h.final for h in c.holds)}
        if stuck <= staying:
            return found
        staying |= stuck


def _goes_there(change: Change) -> bool:
    """Declared in its parent, and not in it yet."""
    return change.verb is not Verb.DELETE and (change.live is None or change.live.parent != change.parent)


def _holds(change: Change, scene: Scene) -> Iterator[Hold]:
    if change.verb is Verb.DELETE:
        for guard in DELETE_GUARDS:
            hold = guard(change, scene)
            if hold is not None:
                yield hold


def protected(change: Change, scene: Scene) -> Hold | None:
    """Protection is remembered in the ledger and outlives the document."""
    bond = scene.recorded.bonds.get(change.address)
    if bond is None or not bond.protect:
        return None
    way_out = "put the document back with `protect: false`, apply, then remove it"
    return Hold("protected", "lifecycle.protect was set when it was last applied", way_out)


def not_ours(change: Change, scene: Scene) -> Hold | None:  # noqa: ARG001 - the shape of a guard
    """What somebody else made is not ours to delete."""
    if change.was_made:
        return None
    return Hold("not-ours", "it was adopted, not created here", "delete it by hand, or set `onRemove: release`")


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
    reason = f"{count} of {live} {at[1]}s would be deleted (limit {limit.count}, or {limit.percent} %)"
    return Hold("too-many-deletes", reason, "delete in smaller steps, or raise guards.deletes in reconciler.yaml")


def contents(change: Change, scene: Scene) -> Hold | None:
    """Something that holds or serves other things, or is about to, is not deleted under them."""
    if change.live is None:
        return None
    if coming := scene.children_coming[change.live.id]:
        reason = f"{coming} declared things belong in it"
        return Hold("in-use", reason, "declare it too, or move what is declared in it", final=True)
    for name, count in sorted(change.live.contents.items()):
        if count is None:
            return Hold(
                "contents-unknown", f"the API does not say how many {name} it has", "delete it by hand", final=True
            )
        staying = count - (scene.children_going[change.live.id] if name == "children" else 0)
        if staying > 0:
            return Hold(
                "in-use",
                f"it is still in use ({name}: {staying})",
                "move or remove them first, then plan again",
                final=True,
            )
    return None


def last_one(change: Change, scene: Scene) -> Hold | None:
    """Some collections must never be empty; what is made in this plan is made first."""
    at = (change.address.target, change.address.kind)
    there = len(scene.live.of(*at).resources) + scene.creates[at]
    if not scene.kinds(change).prune.keep_last or scene.deletes[at] < there:
        return None
    return Hold("last-one", f"no {at[1]} would be left", "keep one, or delete the last by hand", final=True)


DELETE_GUARDS: tuple[Callable[[Change, Scene], Hold | None], ...] = (
    protected,
    not_ours,
    unproven_listing,
    too_many_deletes,
    contents,
    last_one,
)
