"""Names for live things: readable, one for each, and the same in every run."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Final

from reconciler.model.json import Json, canonical
from reconciler.model.kind import Kind
from reconciler.model.live import Resource
from reconciler.model.normalise import normal
from reconciler.model.record import Record, field

LONGEST_STEP: Final = 60
LONGEST: Final = 200
_OTHERS: Final = re.compile(r"[^a-z0-9._]+")
_MARKS: Final = re.compile(r"[-._]*[-.][-._]*|__+")


def slug(text: str) -> str:
    """A text as a name: small letters, digits and single marks between them; empty where nothing is left."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode()
    words = _OTHERS.sub("-", plain.casefold())
    return _MARKS.sub(lambda run: run[0] if len(run[0]) == 1 else "-", words)[:LONGEST_STEP].strip("-._")


def key_of(kind: Kind, key: Json, scope: Sequence[Json] = ()) -> str:
    """One text per key, in normal form, in its scope."""
    return canonical([normal(kind.key_field, key), *(list(scope) if kind.scope else [])])


def named(
    kind: Kind,
    resources: Iterable[Resource],
    known: Mapping[str, str],
    taken: Iterable[str] = (),
    scopes: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Id -> name of every thing. `known`: those that have a name already; `taken`: names that others have;
    `scopes`: what the values of scope fields are called.

    A name is never the key of another thing of the kind: a reference would then mean two things.
    """
    ordered = sorted(resources, key=lambda r: (key_of(kind, r.key, r.scope), r.id))
    keys: dict[str, set[str]] = {}
    for one in ordered:
        keys.setdefault(key_of(kind, one.key), set()).add(one.id)
    alone = {text for text, ids in keys.items() if len(ids) == 1}
    found = {r.id: known[r.id] for r in ordered if r.id in known}
    used = {*taken, *known.values()}
    for one in ordered:
        if one.id not in found:
            choices = _choices(kind, one, scopes or {}, alone=key_of(kind, one.key) in alone)
            found[one.id] = next(
                c for c in choices if c not in used and keys.get(key_of(kind, c), {one.id}) == {one.id}
            )
            used.add(found[one.id])
    return found


def _choices(kind: Kind, one: Resource, scopes: Mapping[str, str], *, alone: bool) -> Iterator[str]:
    """Its key; with its scope before it where others have that key, or where that is a place, a chain of names;
    then with numbers."""
    steps = one.key if kind.tree and isinstance(one.key, list) else [one.key]
    if kind.scope and (not alone or any(isinstance(value, list) for value in one.scope)):
        above = (v if isinstance(v, list) else [scopes.get(str(v), v)] for v in one.scope)
        steps = [*(step for part in above for step in part), *steps]
    base = "/".join(filter(None, (slug(str(step)) for step in steps)))
    if not base or any(not slug(str(step)) for step in steps):
        base = f"{base or slug(kind.name)}-{_mark(one.id)}"
    if len(base) > LONGEST:
        base = f"{base[:LONGEST].strip('-._/')}-{_mark(canonical([one.key]))}"
    yield base
    yield from (f"{base}-{number}" for number in count(2))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


class Names(Record):
    """What documents call live things. `documents`: (kind, id) -> the name of its document; `keys`: (kind, id) ->
    its natural key, for what has none; `people`: kinds whose things are called by their keys in any case."""

    documents: dict[tuple[str, str], str] = field(default_factory=dict)
    keys: dict[tuple[str, str], str] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)

    def of(self, kind: str, remote_id: Json) -> str | None:
        """None where nobody can say which thing that is."""
        at = (kind, str(remote_id))
        own = None if kind in self.people else self.documents.get(at)
        return own or self.keys.get(at)

    def natural(self, kind: Kind, resources: Sequence[Resource]) -> None:
        """Let these be called by their keys, as far as a key means one of them alone; a chain of names by these,
        joined, unless one of them holds a slash."""
        texts = Counter(key_of(kind, r.key) for r in resources)
        for one in resources:
            called = _joined(one) if kind.tree else one.key
            if isinstance(called, str) and called and texts[key_of(kind, one.key)] == 1:
                self.keys[kind.name, one.id] = called


def _joined(one: Resource) -> str | None:
    steps = [str(step) for step in one.key] if isinstance(one.key, list) else []
    return "/".join(steps) if one.placed and all(step and "/" not in step for step in steps) else None
