"""ClientTeam, for an import: who is primary in several teams at once."""

from __future__ import annotations

from collections import Counter

from reconciler.model.drafted import Drafted
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection, Resource
from reconciler.model.record import replace
from reconciler.model.shows import entries_by_id

MEMBERS, PRIMARY = "members", "isPrimary"


def draft(kind: Kind, resource: Resource, drafted: Drafted, listed: Collection) -> Drafted:
    """No two manifests may say of one person that their team is the primary one (ST-R20): where the tracker has it
    so, none says it."""
    one = kind.fields[MEMBERS]
    counts: Counter[str] = Counter()
    for team in listed.resources:
        entries = entries_by_id(one, team.fields.get(MEMBERS))
        counts.update(i for i, e in entries.items() if isinstance(e, dict) and e.get(PRIMARY) is True)
    own = entries_by_id(one, resource.fields.get(MEMBERS))
    several = {i for i in own if counts[i] > 1}
    members = drafted.spec.get(MEMBERS)
    if not several or not isinstance(members, list):
        return drafted
    held: list[Json] = [{n: v for n, v in m.items() if n != PRIMARY} for m in members if isinstance(m, dict)]
    note = "isPrimary is left out: somebody here is primary in more than one team, which no manifests may say."
    return replace(drafted, spec={**drafted.spec, MEMBERS: held}, notes=(*drafted.notes, note))
