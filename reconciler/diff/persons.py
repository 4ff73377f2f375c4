"""One address, two kinds of people: an account and somebody who only gets mail (`x-access: {person: true}`)."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.diff.index import Index
from reconciler.model.change import Change, Verb
from reconciler.model.json import Json, digest
from reconciler.model.kind import Kind
from reconciler.model.normalise import normal
from reconciler.model.record import replace

NEW = (Verb.CREATE, Verb.ADOPT)


def also_known(index: Index, changes: Sequence[Change]) -> list[Change]:
    """The changes; who is new as one kind of person, and is declared or was read as another, is noted."""
    new = {c.document.provider for c in changes if c.verb in NEW and c.document}
    known = (kind for provider in sorted(new) for kind in index.catalog.of(provider))
    people = {(k.provider, k.name): k for k in known if k.access.person and k.findable}
    return [_noted(index, change, people) if change.verb in NEW else change for change in changes]


def _noted(index: Index, change: Change, people: dict[tuple[str, str], Kind]) -> Change:
    document = change.document
    own = people.get((document.provider, document.kind)) if document else None
    if document is None or own is None:
        return change
    key = document.spec.get(own.key)
    others = (k for (provider, _), k in people.items() if provider == own.provider and k.name != own.name)
    found = [note for other in others if (note := _also(index, change, other, key))]
    return replace(change, notes=(*change.notes, *found)) if found else change


def _also(index: Index, change: Change, other: Kind, key: Json) -> str:
    target = change.address.target
    wanted = digest(normal(other.key_field, key))
    for one in index.desired.of(target, other.name):
        if digest(normal(other.key_field, one.spec.get(other.key))) == wanted:
            return f"{one.address} has the same {other.key}"
    if index.is_live(target, other, key):
        return f"a {other.name} of the same {other.key} is live"
    return ""
