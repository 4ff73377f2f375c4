"""How many writes a set of changes needs at least (CM-C4), from what differs alone; never from the calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from reconciler.model.change import Change, Verb
from reconciler.model.document import Address
from reconciler.model.kind import Kind
from reconciler.providers.omni_cms.knots import MOST, Before, handovers, knots, places, with_keys
from reconciler.providers.omni_cms.records import ABSENT_FILE

ELSEWHERE = frozenset({"sequence", "file"})
"""Fields that have a call of their own where nothing else differs."""


def bound(kind: Kind, changes: Sequence[Change]) -> int:
    """`C + U + [Q > 0] + D + Z + Fu + Fd`, and the look at the root of each space that comes with the plan and
    receives components (CM-C3)."""
    writing = [c for c in changes if c.writes]
    whole = sum(c.verb in (Verb.CREATE, Verb.DELETE) or bool(c.changed - ELSEWHERE) for c in writing)
    reordered = any(c.changed - {"file"} == {"sequence"} and not _typed_anew(c) for c in writing)
    coming = {str(s["$id"]) for c in writing for s in c.scope[:1] if isinstance(s, dict) and "$id" in s}
    whole += len(coming)
    return whole + reordered + _rings(kind, writing) + sum(map(_of_file, writing)) + sum(map(_typed_anew, writing))


def _rings(kind: Kind, changes: Sequence[Change]) -> int:
    """How many keys have to be set free before their time, so that nothing waits for itself any more: of each knot
    the fewest that will do, all choices tried where there are few."""
    fixed = places(changes, {c.address: c.needs for c in changes})
    passing = handovers(kind, changes)
    return sum(_fewest(knot, fixed, passing) for knot in knots(with_keys(fixed, passing)))


def _fewest(knot: Sequence[Address], fixed: Before, passing: Mapping[Address, Address]) -> int:
    own = {a: fixed[a] & set(knot) for a in knot}
    leavers = [passing[a] for a in knot if passing.get(a) in knot]
    for count in range(1, len(leavers) + 1 if len(leavers) <= MOST else 1):
        if any(not knots(with_keys(own, passing, {*some})) for some in combinations(leavers, count)):
            return count
    return 1


def _of_file(change: Change) -> int:
    declared = change.wire.get("file")
    if change.verb is Verb.CREATE:
        return declared not in (None, ABSENT_FILE)
    return "file" in change.changed


def _typed_anew(change: Change) -> int:
    """A declared `mimeType` is written after an upload, which sets the server's own: that is a call more where
    nothing else needs one (CM-R33)."""
    metadata = change.document.spec.get("metadata") if change.document else None
    if (
        not isinstance(metadata, dict)
        or "mimeType" not in metadata
        or change.wire.get("file") in (None, ABSENT_FILE)
    ):
        return 0
    return change.verb is Verb.CREATE or ("file" in change.changed and not change.changed - ELSEWHERE)
