"""What must not be done to the glossaries that are live: the system's own, names that others have, and what is
in one that is to go (OC-R89, OC-R90, OC-R93)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Address
from reconciler.model.json import canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.record import replace
from reconciler.providers.omn_core.glossary_names import renames, slot, takes
from reconciler.providers.omn_core.translations import leaves

SYSTEM: Final = "0"
"""The id of the glossary that comes with the system (OC-R90)."""


def review_glossaries(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """The system's glossary stays as it is; no name is given twice."""
    return _named(kind, [_of_the_system(change) for change in changes], live)


def _of_the_system(change: Change) -> Change:
    if change.live is None or change.live.id != SYSTEM or not (change.writes or change.removes):
        return change
    reason = f"'{change.live.label}' (id {SYSTEM}) comes with the system: it is never changed, renamed or deleted"
    way_out = "declare its name alone, or manage a glossary of your own"
    return replace(change, holds=(*change.holds, Hold("system", reason, way_out, final=True)))


def _named(kind: Kind, changes: list[Change], live: Collection) -> list[Change]:
    """Hold whoever would take a name that another one keeps, and again, now that those stay as they are: one name
    that is taken fails a whole call (OC-R89)."""
    for _ in range(len(changes) + 1):
        keeps = _keeps(kind, changes, live)
        found = [_with_name(kind, change, keeps) for change in changes]
        if all(a is b for a, b in zip(changes, found, strict=True)):
            break
        changes = found
    return changes


def _keeps(kind: Kind, changes: Sequence[Change], live: Collection) -> dict[str, list[tuple[str, str]]]:
    """Who will have each name: (its id or address, what people call it)."""
    own = {c.live.id: c for c in changes if c.live is not None}
    found: dict[str, list[tuple[str, str]]] = {}
    for one in live.resources:
        change = own.get(one.id)
        if change is not None and not stuck(change) and change.verb is Verb.DELETE:
            continue
        moves = change is not None and not stuck(change) and renames(kind, change)
        name = str(change.key) if moves and change is not None else str(one.key)
        found.setdefault(slot(name), []).append((one.id, f"'{one.label}' (id {one.id})"))
    for change in changes:
        if change.verb is Verb.CREATE and not stuck(change):
            found.setdefault(slot(str(change.key)), []).append((str(change.address), str(change.address)))
    return found


def _with_name(kind: Kind, change: Change, keeps: Mapping[str, Sequence[tuple[str, str]]]) -> Change:
    if stuck(change) or not takes(kind, change):
        return change
    own = change.live.id if change.live else str(change.address)
    others = [label for at, label in keeps.get(slot(str(change.key)), ()) if at != own]
    if not others:
        return change
    reason = f"the name '{change.key}' is that of {others[0]}; case makes no difference here"
    hold = Hold("name-taken", reason, "choose another name, or rename or remove the other one first", final=True)
    return replace(change, holds=(*change.holds, hold))


def together(kind: Kind, changes: Sequence[Change], live: Mapping[str, Collection]) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """A glossary goes only with everything in it: what is not deleted by this plan holds it (OC-R93). An entry
    takes the place of another one only where nothing holds that (OC-R102)."""
    changes = _in_place(kind, changes)
    entries = (c for c in changes if c.address.kind != kind.name and not stuck(c))
    going = {i for change in entries for i in leaves(change)}
    return [_with_contents(kind, change, going) for change in changes]


def _in_place(kind: Kind, changes: Sequence[Change]) -> list[Change]:
    """Hold each new entry whose place another one is to leave that is held: two of one key would be there. What is
    held for good is known to the plan by itself."""
    held = {
        canonical([list(c.live.scope), c.live.key]): c.address
        for c in changes
        if c.address.kind != kind.name and c.live is not None and any(not h.only for h in c.holds) and not stuck(c)
    }
    return [_with_place(change, held) if change.verb is Verb.CREATE else change for change in changes]


def _with_place(change: Change, held: Mapping[str, Address]) -> Change:
    there = held.get(canonical([list(change.scope), change.key]))
    if there is None or stuck(change):
        return change
    reason = f"{there} is held, and it is live where this is to be"
    return replace(change, holds=(*change.holds, Hold("depends-on", reason, f"mend {there} first, or lift both")))


def _with_contents(kind: Kind, change: Change, going: set[str]) -> Change:
    if change.address.kind != kind.name or change.verb is not Verb.DELETE or change.live is None or stuck(change):
        return change
    inside = change.live.fields.get("contained")
    staying = [str(i) for i in (inside if isinstance(inside, list) else []) if i not in going]
    if not staying:
        return change
    some = ", ".join(staying[:5]) + (f" and {len(staying) - 5} more" if len(staying) > 5 else "")
    entries = "1 entry" if len(staying) == 1 else f"{len(staying)} entries"
    reason = f"{entries} in it would not be deleted by this plan (ids {some})"
    way_out = "move or delete them first, then plan again"
    return replace(change, holds=(*change.holds, Hold("in-use", reason, way_out, final=True)))


def stuck(change: Change) -> bool:
    """Whether it is held for good."""
    return any(h.final and not h.only for h in change.holds)
