"""Set-valued fields: which entries to add, change and remove, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from reconciler.diff.fields import Compared, Pair, ignored, managed
from reconciler.diff.left_out import of_nothing
from reconciler.diff.reasons import why_entry
from reconciler.diff.set_entries import (
    identity_of,
    name_of,
    recorded_entries,
    unlike,
    unlike_record,
    wanted_entries,
    whole,
)
from reconciler.model.change import Delta, Entry, FieldChange, Hold, Reason
from reconciler.model.entries import EXACT, entry_digest, entry_text, identity
from reconciler.model.json import ABSENT, Json, Missing, digest
from reconciler.model.kind import Field
from reconciler.model.record import Record, field, replace
from reconciler.model.shows import entries_by_id

NAMED = digest("named")
"""The mark, under `set.subfield`, of a set in which an entry is identified by that one of several subfields."""


class ComparedSets(Record):
    """Set field -> what it needs; set field -> ids of entries that are ours once the plan is done."""

    deltas: dict[str, Delta] = field(default_factory=dict)
    ours: dict[str, tuple[str, ...]] = field(default_factory=dict)


def compare_sets(pair: Pair, ours: Mapping[str, tuple[str, ...]], out: Compared) -> ComparedSets:
    """`ours`: set field -> ids of the entries that the ledger says we added."""
    found = ComparedSets()
    for one in managed(pair.kind, pair.document):
        if one.is_set and pair.resource is not None and ignored(pair.document, one.name):
            _remember(pair, one, ours, out, found)
        elif one.is_set:
            _compare_set(pair, one, set(ours.get(one.name, ())), out, found)
    return found


def _remember(
    pair: Pair, one: Field, ours: Mapping[str, tuple[str, ...]], out: Compared, found: ComparedSets
) -> None:
    """A set that is left alone for now: what the ledger knows of it stays known."""
    about = (f"{one.name}/", f"{one.name}.")
    out.digests |= {n: d for n, d in pair.recorded.items() if n == one.name or n.startswith(about)}
    if one.name in ours:
        found.ours[one.name] = ours[one.name]


def _compare_set(pair: Pair, one: Field, ours: set[str], out: Compared, found: ComparedSets) -> None:
    held = len(out.holds)
    wanted = wanted_entries(pair, one, out)
    readable = pair.resource is None or one.name in pair.resource.fields
    live = entries_by_id(one, pair.resource.fields[one.name]) if pair.resource and readable else {}
    untold = set(pair.resource.unknown.get(one.name, ())) if pair.resource else set()
    if not readable:
        out.notes.append(f"not verifiable: {one.name} (the API does not show them)")
    add: list[Entry] = []
    change: list[Entry] = []
    kept: list[Entry] = []
    alike = _alike(pair, one, wanted, live, ours, out)
    wanted = {text: entry for text, entry in wanted.items() if text not in alike}
    for text, entry in wanted.items():
        if text in live:
            differing = unlike(one, entry, live[text])
            (change if differing else kept).append(_beside(entry, live[text]))
            _note_change(pair, one, entry, text, live[text], differing, out)
        elif (readable and text not in untold) or f"{one.name}/{text}" not in pair.recorded:
            kept_back = pair.bond.kept.get(f"{one.name}/{text}") if pair.bond else None
            add.append(_beside(entry, kept_back))
            _note_add(pair, one, entry, text, out)
        elif differing := unlike_record(pair, one, entry, text):
            change.append(entry)
            _note_change(pair, one, entry, text, None, differing, out)
        else:
            kept.append(entry)
    out.notes += _unverifiable(one, [e for e in kept if entry_text(e.id) in untold])
    if readable:
        there = live | {i: None for i in untold if i not in live and i in {*ours, *recorded_entries(pair, one)}}
    else:
        there = dict.fromkeys([*ours, *recorded_entries(pair, one)])
    there = {text: entry for text, entry in there.items() if text not in alike}
    remove = _removals(pair, one, wanted, there, ours, out)
    out.holds = out.holds if remove else of_nothing(out.holds, held)
    others = _others(pair, one, {*wanted, *(entry_text(e.id) for e in remove)}, live)
    found.deltas[one.name] = Delta(tuple(add), tuple(change), tuple(remove), tuple(kept), others)
    added = {entry_text(e.id) for e in add}
    found.ours[one.name] = tuple(sorted(ours & {*wanted, *alike} | added))
    _record(pair, one, wanted, [e for e in remove if entry_text(e.id) not in ours], out)


def _beside(entry: Entry, live: Json) -> Entry:
    """A declared entry with the live one that it means, or with what was kept of it when it was taken away."""
    return replace(entry, live=live) if isinstance(live, dict) else entry


def _alike(
    pair: Pair, one: Field, wanted: Mapping[str, Entry], live: Mapping[str, Json], ours: set[str], out: Compared
) -> set[str]:
    """The identities that more than one live entry has. Nobody can say which of them is meant, so nothing is done
    about those that are declared, or would be removed."""
    several = {text: e for text, e in live.items() if one.entry_parts and isinstance(e, list)}
    for text, entries in several.items():
        if text not in wanted and _additive(pair, one) and text not in ours:
            continue
        shown = wanted[text].shown if text in wanted else name_of(pair, one, text, entries[0])
        own = [n for n, sub in one.entries.items() if sub.read_only]
        ids = ", ".join(str(e[n]) for e in entries if isinstance(e, dict) for n in own if n in e)
        reason = f"more than one of `{one.name}` is {shown}" + (f": {ids}" if ids else "")
        out.holds.append(Hold("ambiguous", reason, "remove all but one in the product", final=True, only=one.name))
    return {*several}


def _record(pair: Pair, one: Field, wanted: Mapping[str, Entry], foreign: list[Entry], out: Compared) -> None:
    """What the ledger will remember: each entry, and whether the removals of the set are ours to make. `foreign`:
    entries to be removed that we did not add."""
    if foreign and _first_removals(pair, one):
        reason = f"`{one.name}` of this {pair.kind.name} was never managed before; {len(foreign)} would be removed"
        way_out = "add `first-removals` to lifecycle.allow, or set "
        only = "" if whole(pair.kind, one) else "remove"
        out.holds.append(Hold("first-removals", reason, way_out + f"`{one.name}Mode: additive`", only=only))
    elif _additive(pair, one) or any(h.rule == "unresolved" and h.only for h in out.holds):
        out.digests[one.name] = pair.recorded.get(one.name, digest("additive"))
    else:
        out.digests[one.name] = EXACT
    for text, entry in wanted.items():
        out.digests[f"{one.name}/{text}"] = entry_digest(one, entry.wire)
        if one.entry_keys and (key := one.key_in(entry.wire)):
            out.digests[f"{one.name}.{key}"] = NAMED


def _first_removals(pair: Pair, one: Field) -> bool:
    return pair.recorded.get(one.name) != EXACT and "first-removals" not in pair.document.lifecycle.allow


def _additive(pair: Pair, one: Field) -> bool:
    """As the document says, else as the kind is: some sets are never exact."""
    mode = f"{one.name}Mode"
    return pair.document.spec.get(mode, pair.kind.default(mode)) == "additive"


def _others(pair: Pair, one: Field, known: set[str], live: Mapping[str, Json]) -> tuple[Entry, ...]:
    """The live entries that nobody declares and nobody removes, as they are."""
    left = ((i, e) for i, e in live.items() if i not in known)
    return tuple(Entry(name_of(pair, one, i, e), i, e if isinstance(e, dict) else {}) for i, e in left)


def _unverifiable(one: Field, kept: list[Entry]) -> list[str]:
    """What is as it was sent last, as far as anybody can tell."""
    names = ", ".join(e.shown for e in kept)
    return [f"not verifiable: {one.name} of {names} (last sent as declared)"] if kept else []


def _removals(
    pair: Pair,
    one: Field,
    wanted: Mapping[str, Entry],
    present: Mapping[str, Json],
    ours: set[str],
    out: Compared,
) -> list[Entry]:
    """Exact: whatever is not listed. Additive: only what we added ourselves. `present`: what is in the set, as far
    as it can be read, and as far as it cannot what the ledger knows."""
    additive = _additive(pair, one)
    found: list[Entry] = []
    for text in sorted(set(present) - set(wanted)):
        shown = name_of(pair, one, text, present[text])
        if additive and text not in ours:
            if f"{one.name}/{text}" in pair.recorded:
                out.notes.append(f"left in place: {shown} in {one.name} (not added by us)")
            continue
        reason = why_entry(pair.recorded, one.name, text, removed=True)
        out.fields.append(FieldChange((one.name, shown), present[text], ABSENT, reason, one.access))
        there = present[text]
        own, entry = (identity(one, there), there) if isinstance(there, dict) and one.entry_parts else (text, {})
        found.append(Entry(shown, own, identity_of(one, text, there), live=entry))
    return found


def _note_add(pair: Pair, one: Field, entry: Entry, text: str, out: Compared) -> None:
    gone = pair.resource is None and one.name not in pair.recorded
    known = _formerly(pair, one, entry, text)
    reason = Reason.INTENT if gone else why_entry(pair.recorded, one.name, known, removed=False)
    rest = {k: v for k, v in entry.wire.items() if k not in one.keys}
    after: Json = rest.get(one.entry_value) if rest.keys() == {one.entry_value} else rest or entry.shown
    out.fields.append(FieldChange((one.name, entry.shown), ABSENT, after, reason, one.access))


def _formerly(pair: Pair, one: Field, entry: Entry, text: str) -> str:
    """The entry as the ledger has it: by the id that what it names had when that was applied last."""
    refs = [one.entries[key].ref for key in one.keys] or [one.ref]
    found = (entry_text(pair.index.formerly(pair.document, ref, entry.id)) for ref in refs if ref)
    return next((was for was in (text, *found) if f"{one.name}/{was}" in pair.recorded), text)


def _note_change(
    pair: Pair, one: Field, entry: Entry, text: str, live: Json, differing: list[str], out: Compared
) -> None:
    there = live if isinstance(live, dict) else {}
    new, reason = _why_changed(one, entry, there, differing, pair.recorded.get(f"{one.name}/{text}"))
    for name in differing:
        before: Json | Missing = there.get(name, ABSENT)
        own = Reason.INTENT if live is None else Reason.UNKNOWN if name in new else reason
        out.fields.append(FieldChange((one.name, entry.shown, name), before, entry.wire[name], own, one.access))


def _why_changed(
    one: Field, entry: Entry, live: Mapping[str, Json], differing: Sequence[str], applied: str | None
) -> tuple[Sequence[str], Reason]:
    """The subfields that were not declared the last time, and why the others differ. What the ledger knows is the
    entry as a whole: as it is declared now or as it is live, but for what is new."""
    if applied is None:
        return differing, Reason.UNKNOWN
    old = {**entry.wire, **{name: live[name] for name in differing if name in live}}
    for many in range(len(differing) + 1):
        for new in combinations(differing, many):
            for whole_entry, reason in ((entry.wire, Reason.DRIFT), (old, Reason.INTENT)):
                if entry_digest(one, {k: v for k, v in whole_entry.items() if k not in new}) == applied:
                    return new, reason
    return (), Reason.BOTH
