"""Nothing is declared twice: no address, no key, no pinned id, no former name, no entry of a set."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from reconciler.load.draft import Draft
from reconciler.load.explain import Where
from reconciler.load.references import Register, key_text
from reconciler.model.document import Document
from reconciler.model.entries import spread
from reconciler.model.json import Json, canonical
from reconciler.model.kind import Field, Kind
from reconciler.model.normalise import normal
from reconciler.model.place import Problem, SpecPath

Mark: TypeAlias = "Callable[[Draft], Hashable]"


def repeated(drafts: Sequence[Draft], filed: Register) -> Iterator[Problem]:
    """Every second use of what may be used once, with the place of the first."""
    ordered = sorted((d for d in drafts if d.address), key=_in_order)
    distinct = ordered
    if len({d.address for d in ordered}) < len(ordered):
        yield from _twice(
            ordered, _address, ("metadata", "name"), "this document stands here a second time", "address"
        )
        distinct = list({d.address: d for d in reversed(ordered)}.values())[::-1]
    if filed.shared:
        yield from _twice(distinct, partial(_key, filed), (), "the same {kind} as {other}", "key")
    aged = [d for d in distinct if _has_a_past(d)]
    yield from _twice(aged, _pinned, ("metadata", "id"), "the same id as {other}", "pinned-id")
    kinds = {(d.kind.provider, d.kind.name): d.kind for d in distinct if d.kind}
    for name in sorted({name for kind in kinds.values() for name in kind.lookups}):
        yield from _twice(distinct, partial(_lookup, name), ("spec", name), "the same {kind} as {other}", "key")
    path: SpecPath = ("metadata", "previously", "name")
    yield from _twice(aged, _former_name, path, "the same former name as {other}", "previously")
    path = ("metadata", "previously", "key")
    yield from _twice(aged, partial(_former_key, filed), path, "the same former key as {other}", "previously")
    yield from _still_there(aged, distinct)
    for draft in distinct:
        if draft.document and draft.kind and draft.facts and draft.facts.sets:
            yield from _entries(draft, draft.kind, filed.kinds)


def _in_order(draft: Draft) -> tuple[str, int, int]:
    place = draft.place
    return place.file, place.line, place.column


def _has_a_past(draft: Draft) -> bool:
    """Whether a document says more of what it is or was than its name and its key."""
    one = draft.document
    return one is not None and not (one.pinned_id is one.previous_name is one.previous_key is None)


def _twice(drafts: Sequence[Draft], mark: Mark, path: SpecPath, message: str, rule: str) -> Iterator[Problem]:
    first: dict[Hashable, Draft] = {}
    for draft in drafts:
        value = mark(draft)
        if value is None or draft.kind is None:
            continue
        other = first.setdefault(value, draft)
        if other is not draft and not (rule == "key" and None not in (_pinned(other), _pinned(draft))):
            text = message.format(kind=draft.kind.name, other=other.address)
            text += f"; the first is at {other.positions.nearest(_said_at(other, path))}"
            yield _where(draft).problem(_said_at(draft, path), text, rule=rule)


def _said_at(draft: Draft, path: SpecPath) -> SpecPath:
    """Where a document says what it says twice. What a nested one does not say itself follows from its key; a key
    that is left out is told of the whole spec, after what its kind says of that."""
    if path and not (draft.nested and path not in draft.positions):
        return path
    key: SpecPath = ("spec", draft.kind.key) if draft.kind else path
    return key if key in draft.positions else key[:1]


def _where(draft: Draft) -> Where:
    return Where(draft.positions, (), str(draft.address))


def _address(draft: Draft) -> Hashable:
    return draft.address


def _at(draft: Draft) -> tuple[str, str]:
    return (draft.address.target, draft.address.kind) if draft.address else ("", "")


def _key(filed: Register, draft: Draft) -> Hashable:
    """One key per scope, unless pins tell apart who share it; where no read can find a thing, its key decides
    nothing."""
    kind = draft.kind
    if kind is None or not kind.findable or not isinstance(draft.spec.get(kind.key), str | list):
        return None
    return (*_at(draft), filed.scope(draft), key_text(kind, draft.spec[kind.key]))


def _of_document(draft: Draft, value: Callable[[Document], Json]) -> Hashable:
    found = value(draft.document) if draft.document else None
    return None if found is None else (*_at(draft), canonical(found))


def _pinned(draft: Draft) -> Hashable:
    return _of_document(draft, lambda d: d.pinned_id)


def _lookup(name: str, draft: Draft) -> Hashable:
    """What stands in the place of the key."""
    kind, value = draft.kind, draft.spec.get(name)
    if kind is None or name not in kind.lookups or not isinstance(value, str):
        return None
    return (*_at(draft), canonical(normal(kind.fields[name], value)))


def _former_name(draft: Draft) -> Hashable:
    return _of_document(draft, lambda d: d.previous_name)


def _former_key(filed: Register, draft: Draft) -> Hashable:
    kind, document = draft.kind, draft.document
    if kind is None or document is None or document.previous_key is None:
        return None
    return (*_at(draft), filed.scope(draft), key_text(kind, document.previous_key))


def _still_there(aged: Sequence[Draft], drafts: Sequence[Draft]) -> Iterator[Problem]:
    """A former name that another document still bears."""
    places = {d.address: d.place for d in drafts} if aged else {}
    for draft in aged:
        document = draft.document
        if document is None or document.previous_name is None or draft.address is None:
            continue
        former = type(draft.address)(draft.address.target, draft.address.kind, document.previous_name)
        if former in places and (path := _former_at(draft)):
            text = f"{former} is still declared, at {places[former]}"
            hint = "remove one of the two"
            if path[-1] == "key":
                hint = (
                    "if that rename is over, take `previously` out; only documents of their own can pass keys on"
                )
            yield _where(draft).problem(path, text, hint, rule="previously")


def _former_at(draft: Draft) -> SpecPath:
    """Where a document says its former name. A nested one does so by its former key; where just the document
    around it had another name, it says nothing."""
    path: SpecPath = ("metadata", "previously", "name")
    if not draft.nested or path in draft.positions:
        return path
    by_key: SpecPath = ("metadata", "previously", "key")
    return by_key if by_key in draft.positions else ()


def _entries(draft: Draft, kind: Kind, kinds: Mapping[tuple[str, str], Kind]) -> Iterator[Problem]:
    """The same entry twice in a set, in whatever spelling."""
    for name, value in draft.spec.items():
        one = kind.fields.get(name)
        if one is None or not one.is_set or not isinstance(value, list):
            continue
        first: dict[str, SpecPath] = {}
        for steps, item in spread(one, value):
            path = ("spec", name, *steps)
            text = _identity(kind, one, item, kinds)
            before = first.setdefault(text, path)
            if before is not path:
                at = draft.positions.nearest(before)
                yield _where(draft).problem(
                    path, f"the same as the item at {at}", "remove one", rule="repeated-item"
                )


def _identity(kind: Kind, one: Field, item: Json, kinds: Mapping[tuple[str, str], Kind]) -> str:
    """What tells an entry from others, in one spelling."""
    entry = item if isinstance(item, dict) else {}
    key, found = one.key_in(entry), dict[str, str]()
    for name in one.entry_parts or (key or "",):
        by = one.entries[name] if name else one
        target = kinds[kind.provider, by.ref].key_field if by.ref else by
        found[name] = _entry_text(target, entry.get(name) if name else item)
    return canonical(found)


def _entry_text(one: Field | None, value: Json) -> str:
    return canonical(normal(one, value) if one else value)
