"""What only this kind knows of its changes together: the root, circles, merged metadata, files, listed orders."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from reconciler.model.change import Change, FieldChange, Hold, Reason, Value, Verb
from reconciler.model.json import ABSENT, Json, Missing, digest, same
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Place
from reconciler.model.record import replace
from reconciler.providers.omni_cms.knots import untied
from reconciler.providers.omni_cms.listed import LISTED, sequences
from reconciler.providers.omni_cms.records import ABSENT_FILE
from reconciler.providers.omni_cms.search import ROOT
from reconciler.providers.omni_cms.tree import (
    forest,
    needed,
    node,
    own_node,
    root_to_come,
    stopped,
    turning,
)

MIME = "mimeType"


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """The changes with everything that follows from the tree, the mode of a field, or another document."""
    found = [_placed(c, live) if _ours(c) else c for c in changes]
    found = [_file(_metadata(c)) if _ours(c) else c for c in found]
    found = _in_listed_order(_without_circles(found, live), live)
    found = [_verb(c) for c in _unproven(found, live)]
    needs = untied(kind, found, live, needed(found, live))
    return [replace(c, needs=needs.get(c.address, frozenset())) for c in found]


def _ours(change: Change) -> bool:
    """Declared, and not just observed."""
    return change.document is not None and change.verb is not Verb.OBSERVE


def _ignored(change: Change, name: str) -> bool:
    """`lifecycle.ignore` holds for what is live; at creation everything is set."""
    ignore = change.document.lifecycle.ignore if change.document else frozenset[str]()
    return change.live is not None and bool(ignore & {name, f"spec.{name}"})


def _declared(change: Change, name: str) -> Json:
    return change.document.spec.get(name) if change.document else None


def _with(
    change: Change,
    name: str,
    value: Value,
    before: Json | Missing,
    after: Json,
    live: Json | Missing | None = None,
) -> Change:
    """The change with one more field that differs; `live`: its value, where `before` is what people call that."""
    reason = _why(change, name, value, before if live is None else live)
    changed = change.changed | {name} if change.live else change.changed
    shown = (*change.fields, FieldChange((name,), before, after, reason))
    return replace(change, changed=changed, fields=shown)


def _why(change: Change, name: str, value: Value, live: Json | Missing) -> Reason:
    recorded = change.bond.digests.get(name) if change.bond else None
    if recorded is None or isinstance(live, Missing):
        return Reason.UNKNOWN if change.live else Reason.INTENT
    if digest(value) == recorded:
        return Reason.DRIFT
    return Reason.INTENT if digest(live) == recorded else Reason.BOTH


# Where it lies.


def _placed(change: Change, live: Collection) -> Change:
    """A component that names no parent lies in the root of its space (CM-R14, CM-R22)."""
    stays = change.live.parent if change.live else None
    if "parent" in change.wire:
        moves = "parent" in change.changed or change.live is None
        return replace(change, parent=change.wire["parent"] if moves else stays)
    if _declared(change, "parent") is not None or stopped(change) or _ignored(change, "parent"):
        return replace(change, parent=stays)  # it leads nowhere, as was said; or it is not ours to say
    roots = live.seen.get("roots")
    root = roots.get(str(change.scope[0])) if isinstance(roots, dict) else None
    if change.live is None and (made := root_to_come(change.scope[0])) is not None:
        return replace(change, wire={**change.wire, "parent": made}, parent=made)
    if not isinstance(root, str):
        return replace(change, holds=(*change.holds, _rootless(change)))
    now: Json | Missing = change.live.fields.get("parent", ABSENT) if change.live else ABSENT
    found = replace(
        change, wire={**change.wire, "parent": root}, digests={**change.digests, "parent": digest(root)}
    )
    if change.live is None or now == root:
        return replace(found, parent=root)
    keys = {r.id: r.key for r in live.resources}
    before = now if isinstance(now, Missing) else keys.get(str(now), now)
    return replace(_with(found, "parent", root, before, ROOT, now), parent=root)


def _rootless(change: Change) -> Hold:
    reason = f"the root of the space '{_declared(change, 'space')}' was not found"
    return Hold("no-root", reason, "look whether the space still has its component `root`", final=True)


def _without_circles(changes: Sequence[Change], live: Collection) -> list[Change]:
    """A component that would lie beneath itself stays where it is; and so does whoever needs that (CM-R30)."""
    found = list(changes)
    while bad := turning(forest(found, live)):
        found = [_held(c, _beneath_itself(c)) if own_node(c) in bad and not stopped(c) else c for c in found]
    return found


def _beneath_itself(change: Change) -> Hold:
    reason = f"'{_declared(change, 'parent')}' lies beneath it"
    return Hold("own-descendant", reason, "move that one out of it first, in the manifests too", final=True)


def _held(change: Change, hold: Hold) -> Change:
    return replace(change, holds=(*change.holds, hold))


# What it holds.


def _metadata(change: Change) -> Change:
    """Declared values over the live ones, or instead of them; the server's own `mimeType` goes along (CM-R24)."""
    declared, now = _declared(change, "metadata"), change.live.fields.get("metadata") if change.live else None
    if not isinstance(declared, dict) or not isinstance(now, dict) or change.live is None:
        return change
    mime = change.live.fields.get(MIME, ABSENT)
    wanted = dict(declared) if _declared(change, "metadataMode") == "exact" else {**now, **declared}
    before = {**now, MIME: mime} if MIME in declared and not isinstance(mime, Missing) else now
    differs = {k for k in before.keys() | wanted.keys() if not same(before.get(k, ABSENT), wanted.get(k, ABSENT))}
    whole = wanted if MIME in wanted or isinstance(mime, Missing) else {**wanted, MIME: mime}
    others = tuple(f for f in change.fields if f.path[0] != "metadata")
    if not differs:
        holds = tuple(h for h in change.holds if h.only != "metadata")
        return replace(change, changed=change.changed - {"metadata"}, fields=others, holds=holds)
    reason = next((f.reason for f in change.fields if f.path[0] == "metadata"), Reason.UNKNOWN)
    shown = (
        FieldChange(("metadata", name), before.get(name, ABSENT), wanted.get(name, ABSENT), reason)
        for name in sorted(differs)
    )
    return replace(change, wire={**change.wire, "metadata": whole}, fields=(*others, *shown))


def _file(change: Change) -> Change:
    """`file: absent` where there is one: nothing that was recorded says otherwise (CM-R33)."""
    if _declared(change, "file") != ABSENT_FILE or change.live is None or _ignored(change, "file"):
        return change
    if change.live.fields.get("hasFile") is not True:
        return change
    if "file" in change.changed:
        shown = (replace(f, before="a file") if f.path == ("file",) else f for f in change.fields)
        return replace(change, fields=tuple(shown))
    notes = tuple(n for n in change.notes if not n.startswith("not verifiable: file"))
    return _with(replace(change, notes=notes), "file", ABSENT_FILE, "a file", ABSENT_FILE)


# In which order.


def _in_listed_order(changes: Sequence[Change], live: Collection) -> list[Change]:
    """Children of a listed parent, or of the root of a listed space, get the sequences that their documents' order
    asks for (CM-R28)."""
    roots = set(_listed_roots(live))
    changes = [_held(c, _said_twice()) if _numbers_itself(c, roots) else c for c in changes]
    listed = {own_node(c) for c in changes if _ours(c) and _declared(c, "order") == LISTED} | roots
    families: dict[str, list[Change]] = {}
    for change in changes:
        above = node(change.wire["parent"]) if "parent" in change.wire else None
        free = _ours(change) and not stopped(change) and not _ignored(change, "sequence")
        if free and above is not None and above in listed:
            families.setdefault(above, []).append(change)
    numbers = {c.address: n for family in families.values() for c, n in _numbered(family)}
    return [_sequenced(c, numbers[c.address]) if c.address in numbers else c for c in changes]


def _listed_roots(live: Collection) -> Iterator[str]:
    """The roots of the spaces that say `order: listed`, those that come with this plan included."""
    roots, spaces = live.seen.get("roots"), live.seen.get("listed")
    for space in spaces if isinstance(spaces, list) else ():
        known = roots.get(str(space)) if isinstance(roots, dict) else None
        yield str(known) if known is not None else node(root_to_come({"$id": space}) or space)


def _numbers_itself(change: Change, roots: Set[str]) -> bool:
    """Whether it says its place although its space does."""
    above = node(change.wire["parent"]) if "parent" in change.wire else None
    return _ours(change) and above in roots and _declared(change, "sequence") is not None and not stopped(change)


def _said_twice() -> Hold:
    reason = "`order: listed` of its space says its place already"
    return Hold("listed", reason, "take `sequence` out", final=True)


def _numbered(family: Sequence[Change]) -> list[tuple[Change, int]]:
    in_order = sorted(family, key=lambda c: (c.document.place if c.document else Place(""), c.address))
    return list(zip(in_order, sequences([_sequence(c) for c in in_order]), strict=True))


def _sequence(change: Change) -> int | None:
    now = change.live.fields.get("sequence") if change.live else None
    if isinstance(now, float) and now.is_integer():
        return int(now)  # 3.0 is 3, in JSON
    return now if isinstance(now, int) and not isinstance(now, bool) else None


def _sequenced(change: Change, number: int) -> Change:
    found = replace(
        change,
        wire={**change.wire, "sequence": number},
        digests={**change.digests, "sequence": digest(number)},
    )
    now = _sequence(change)
    return found if now == number else _with(found, "sequence", number, ABSENT if now is None else now, number)


# What may not be done at all.


def _unproven(changes: Sequence[Change], live: Collection) -> list[Change]:
    """Where the reading proves nothing, nothing is changed (CM-R11); after a walk, and in a space that no manifest
    names, nothing is deleted (CM-R13, CM-R32). A space that goes itself is still named (CM-R19)."""
    declared = [c.scope for c in changes if c.document is not None]
    ours = live.seen.get("declared")
    declared += [(one,) for one in ours] if isinstance(ours, list) else []
    return [_judged(c, declared, live) for c in changes]


def _judged(change: Change, declared: Sequence[tuple[Value, ...]], live: Collection) -> Change:
    if not live.proof.complete and change.live is not None and change.writes and not change.removes:
        return _held(change, _unsure(live.proof.by))
    if change.verb is Verb.DELETE and live.seen.get("walked") is True:
        return _held(change, _unsure(f"{live.proof.by}, and nothing counts what a walk should show"))
    if change.verb is Verb.DELETE and change.scope not in declared:
        reason = "no manifest names its space any more"
        way_out = "declare the space, or keep one component of it declared"
        return _held(change, Hold("undeclared-space", reason, way_out))
    return change


def _unsure(why: str) -> Hold:
    way_out = "plan again; if it stays so, look at the API's answer"
    return Hold("unproven-listing", f"the list of Component is not proven complete: {why}", way_out, final=True)


def _verb(change: Change) -> Change:
    """The word for it, now that all that differs is known."""
    if change.verb not in (Verb.NONE, Verb.UPDATE, Verb.MOVE):
        return change
    if change.fields or change.changed or change.once:
        return replace(change, verb=Verb.UPDATE)
    return replace(change, verb=Verb.MOVE if change.previous is not None else Verb.NONE)
