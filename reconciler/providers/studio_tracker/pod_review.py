"""What only all pods together tell: who moves from where to where, and which pods are empty then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final, TypeAlias

from reconciler.model.change import Change, Delta, Entry, FieldChange, Hold, Reason, Verb
from reconciler.model.entries import EXACT, entry_text
from reconciler.model.json import ABSENT, Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.normalise import spoken
from reconciler.model.record import Record, replace

MEMBERS: Final = "members"
LEAD: Final = "lead"
FIRST, UNRESOLVED = "first-removals", "unresolved"


class Homes(Record, frozen=True):
    """Who is to be where, by id and by address in normal form, whether or not that can be carried out. `now`: in
    which pod somebody is, by what was read, else by what the ledger knows. `declared`: ids of pods that a document
    is about."""

    by_id: Mapping[str, Change]
    by_address: Mapping[str, Change]
    now: Mapping[str, Resource]
    declared: frozenset[str]

    def of(self, person: Entry) -> Change | None:
        """The change of the pod that somebody is to be in."""
        return self.by_id.get(entry_text(person.id)) or self.by_address.get(person.shown.casefold())


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """One call moves somebody, the one that adds; the old pod's own change says so and sends nothing (ST-R67)."""
    declared = frozenset(c.live.id for c in changes if c.live is not None and c.document is not None)
    changes = [_said_again(change, changes) for change in changes]
    homes = Homes(_by_id(changes), _by_address(changes), _now(changes, live), declared)
    stranger = next((c for c in changes if any(h.rule == UNRESOLVED and h.only for h in c.holds)), None)
    return [_reviewed(change, homes, stranger) for change in changes]


def inside(resource: Resource | None) -> list[str]:
    """The ids of a live pod's members; none where nothing that was read tells."""
    members = resource.fields.get(MEMBERS) if resource else None
    return [str(m.get("user")) for m in members if isinstance(m, dict)] if isinstance(members, list) else []


def _delta(change: Change) -> Delta:
    return change.deltas.get(MEMBERS, Delta())


def _said_again(change: Change, changes: Sequence[Change]) -> Change:
    """Where nothing shows who is where, somebody whom the ledger knows in two pods, as after a run that was cut
    short, is put once more where they belong (ST-R70)."""
    delta = _delta(change)
    if change.live is None or MEMBERS in change.live.fields:
        return change
    others = [c.bond.digests for c in changes if c is not change and c.bond is not None and not c.removes]
    unsure = tuple(e for e in delta.kept if any(f"{MEMBERS}/{entry_text(e.id)}" in known for known in others))
    if not unsure:
        return change
    kept = tuple(e for e in delta.kept if e not in unsure)
    fields = (FieldChange((MEMBERS, e.shown), ABSENT, e.shown, Reason.UNKNOWN) for e in unsure)
    return replace(
        change,
        verb=Verb.UPDATE if change.verb is Verb.NONE else change.verb,
        deltas={**change.deltas, MEMBERS: replace(delta, add=(*delta.add, *unsure), kept=kept)},
        fields=(*change.fields, *fields),
    )


def _by_id(changes: Sequence[Change]) -> dict[str, Change]:
    return {entry_text(e.id): c for c in changes for d in [_delta(c)] for e in (*d.add, *d.change, *d.kept)}


def _by_address(changes: Sequence[Change]) -> dict[str, Change]:
    """By what the documents say, also those that are only observed, or held."""
    found: dict[str, Change] = {}
    for change in changes:
        members = change.document.spec.get(MEMBERS) if change.document else None
        for member in members if isinstance(members, list) else []:
            who: Json = member.get("user") if isinstance(member, dict) else member
            found[str(who).casefold()] = change
    return found


def _now(changes: Sequence[Change], live: Collection) -> dict[str, Resource]:
    """Where nothing shows a pod's members, the comparison has taken the ledger's word for who leaves it."""
    told = {entry_text(e.id): c.live for c in changes if c.live is not None for e in _delta(c).remove}
    return told | {person: pod for pod in live.resources for person in inside(pod)}


def _reviewed(change: Change, homes: Homes, stranger: Change | None) -> Change:
    if change.removes:
        return _emptied(change, homes)
    if change.document is None or change.verb is Verb.OBSERVE:
        return change
    change = _moves_in(_moves_out(change, homes), homes)
    return _careful(change, stranger) if _delta(change).remove else change


Leaving: TypeAlias = "Mapping[str, tuple[Entry, Change]]"
"""By id: who leaves a pod, and the change of the one that they are to be in."""


def _moves_out(change: Change, homes: Homes) -> Change:
    """Whoever is to be in another pod leaves this one by that alone."""
    there = {entry_text(e.id): e for e in (*_members_of(change.live), *_delta(change).remove)}
    leaving = {i: (e, home) for i, e in there.items() if (home := homes.of(e)) and home.address != change.address}
    if not leaving:
        return change
    change = _without(change, leaving.keys())
    notes = (*_other_notes(change, leaving), *_said(leaving))
    return _settled_down(_first_removals(replace(change, notes=notes)))


def _without(change: Change, people: Set[str]) -> Change:
    """The change without these removals."""
    delta = _delta(change)
    names = {e.shown for e in delta.remove if entry_text(e.id) in people}
    if not names:
        return change
    kept = replace(delta, remove=tuple(e for e in delta.remove if e.shown not in names))
    fields = (f for f in change.fields if not (f.path[0] == MEMBERS and f.after is ABSENT and f.path[1] in names))
    return replace(change, deltas={**change.deltas, MEMBERS: kept}, fields=tuple(fields))


def _other_notes(change: Change, leaving: Leaving) -> Iterator[str]:
    """Nobody is left in place who leaves with a call to another pod."""
    stays = tuple(f"left in place: {entry.shown} ".casefold() for entry, _ in leaving.values())
    return (note for note in change.notes if not note.casefold().startswith(stays))


def _said(leaving: Leaving) -> Iterator[str]:
    for person, home in leaving.values():
        if not _kept(person, home):
            yield f"{person.shown} leaves it for {spoken(home.key)}: the call there moves, and none is sent here"


def _kept(person: Entry, home: Change) -> bool:
    """Whether somebody is in the new pod by now, as far as anybody can tell."""
    return entry_text(person.id) in {entry_text(e.id) for e in _delta(home).kept}


def _members_of(resource: Resource | None) -> Iterator[Entry]:
    """Who is in a pod as it is live, by id and address."""
    for one in inside(resource):
        yield Entry(resource.names.get(one, one) if resource else one, one)


def _first_removals(change: Change) -> Change:
    """The first removals from a pod wait for a word; moves are none."""
    delta, bond = _delta(change), change.bond
    ours = set(bond.entries.get(MEMBERS, ())) if bond else set()
    foreign = [e for e in delta.remove if e.id not in ours]
    holds = [h for h in change.holds if h.rule != FIRST or foreign]
    if len(holds) == len(change.holds):
        return change
    unsure = any(h.rule == UNRESOLVED for h in holds)
    digests = dict(change.digests) if unsure else {**change.digests, MEMBERS: EXACT}
    return replace(change, holds=tuple(holds), digests=digests)


def _settled_down(change: Change) -> Change:
    """An update that has nothing left to update is none."""
    idle = change.verb is Verb.UPDATE and not (change.fields or change.writes)
    return replace(change, verb=Verb.NONE) if idle else change


def _moves_in(change: Change, homes: Homes) -> Change:
    """A new home takes somebody out of the old one, whoever looks after that (ST-R67)."""
    found = []
    for entry in _delta(change).add:
        old = homes.now.get(entry_text(entry.id))
        if old is not None and (change.live is None or old.id != change.live.id):
            whose = "" if old.id in homes.declared else ", which no document declares"
            found.append(f"moves {entry.shown} here from {old.label or spoken(old.key)}{whose}")
    return replace(change, effects=(*change.effects, *found)) if found else change


def _careful(change: Change, stranger: Change | None) -> Change:
    """Somebody whom nobody knows may be a misspelling of one who is about to be taken out of another pod."""
    if stranger is None or stranger is change or any(h.rule == UNRESOLVED for h in change.holds):
        return change
    reason = f"{stranger.address} names somebody whom nobody knows, who may be one of those removed here"
    hold = Hold(UNRESOLVED, reason, f"mend {stranger.address} first", final=True, only="remove")
    return replace(change, holds=(*change.holds, hold))


def _emptied(change: Change, homes: Homes) -> Change:
    """A pod is deleted empty, or once all that are in it have moved by this very plan (ST-R69)."""
    if change.live is None:
        return change
    if not isinstance(change.live.fields.get(MEMBERS), list):
        reason = "nothing that was read tells who is in it"
        hold = Hold("contents-unknown", reason, "delete it by hand", final=True)
        return replace(change, holds=(*change.holds, hold))
    people = {e.shown: homes.by_id.get(entry_text(e.id)) for e in _members_of(change.live)}
    going = {who: home for who, home in people.items() if home is not None and _free(home)}
    left = sorted(people.keys() - going.keys())
    if left:
        reason = f"it is the home of {', '.join(left)}"
        hold = Hold("in-use", reason, "declare them in another pod, or take them out first", final=True)
        return replace(change, holds=(*change.holds, hold))
    return replace(change, needs=change.needs | {home.address for home in going.values()})


def _free(change: Change) -> bool:
    return not any(h.final and not h.only for h in change.holds)
