"""Entries of a set that lead nowhere: what is left out, where it is named, and what waits with it (ST-R28)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.diff.fields import Pair, unresolved
from reconciler.diff.index import Miss
from reconciler.model.change import ENTRY, Hold
from reconciler.model.json import Json
from reconciler.model.kind import Field
from reconciler.model.normalise import normal
from reconciler.model.place import SpecPath
from reconciler.model.record import replace

MOST: Final = 5
"""So many entries, and so many places of a name, are written out."""


def left_out(pair: Pair, one: Field, miss: Miss, entries: Sequence[tuple[str, SpecPath]]) -> Hold:
    """The hold for the entries (what people call each, and its place in the set) that come to nothing for one and
    the same reason: they are left out, and nothing is removed, for one of them may mean what is there."""
    hold = unresolved(pair.document, miss)
    own: list[SpecPath] = [(one.name, *path) for _, path in entries]
    others = [p for p in _named(pair, miss) if not any(p[: len(o)] == o for o in own)]
    at = _listed([str(pair.document.at("spec", *path)) for path in (*own, *others)])
    reason = f"{one.name}: {_listed([shown for shown, _ in entries])} left out; {at}: {miss.why}"
    return replace(hold, reason=reason, only="remove")


def of_nothing(holds: list[Hold], since: int) -> list[Hold]:
    """The holds with those from `since` on that keep removals back where nothing would be removed: they tell of
    what is left out, and of no more."""
    later = (replace(h, only=ENTRY) if (h.rule, h.only) == ("unresolved", "remove") else h for h in holds[since:])
    return [*holds[:since], *later]


def _listed(texts: Sequence[str]) -> str:
    texts = [*dict.fromkeys(texts)]
    more = f" and {len(texts) - MOST} more" if len(texts) > MOST else ""
    return ", ".join(texts[:MOST]) + more


def _named(pair: Pair, miss: Miss) -> Iterator[SpecPath]:
    """Every place of the document that names the very thing that there is not."""
    for name, value in pair.document.spec.items():
        if miss.kind and name in pair.kind.fields:
            yield from _within(pair, pair.kind.fields[name], value, (name,), miss)


def _within(pair: Pair, field: Field, value: Json, at: SpecPath, miss: Miss) -> Iterator[SpecPath]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _within(pair, field, item, (*at, i), miss)
    elif isinstance(value, dict):
        for name, sub in field.entries.items():
            yield from _within(pair, sub, value.get(name), (*at, name), miss) if name in value else ()
    else:
        ref = field.entries[field.entry_key].ref if field.entry_key else field.ref
        if ref == miss.kind and isinstance(value, str) and _same(pair, miss, value):
            yield at


def _same(pair: Pair, miss: Miss, value: str) -> bool:
    key = pair.index.catalog.kind(pair.kind.provider, miss.kind).key_field
    return bool(normal(key, value) == normal(key, miss.name))
