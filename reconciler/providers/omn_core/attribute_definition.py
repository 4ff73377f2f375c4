"""AttributeDefinition: known by the `tid` that we choose, all that differs in one persist (OC-R40 to OC-R49)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.change import Change, Hold, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Field, Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.model.record import replace
from reconciler.providers import rest
from reconciler.providers.omn_core import domain, labels
from reconciler.providers.omn_core.answers import settled, verdicts
from reconciler.providers.omn_core.class_parse import ATTRIBUTES
from reconciler.providers.omn_core.definition_list import details, guarding, parse, reads, showing
from reconciler.providers.omn_core.definition_writes import bound, calls
from reconciler.providers.omn_core.texts import amiss

__all__ = [
    "bound",
    "calls",
    "check",
    "details",
    "guarding",
    "parse",
    "reads",
    "review",
    "same",
    "settled",
    "showing",
    "verdicts",
]


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Names that the server could not keep as they are, and values of one id (OC-R20, OC-R43)."""
    return [
        p
        for document in documents
        for p in (*_name(kind, document), *labels.problems(document), *values(document))
    ]


def _name(kind: Kind, document: Document) -> Iterator[Problem]:
    name = document.spec.get(kind.key)
    if isinstance(name, str) and (why := amiss(name)):
        text = f"{document.address}: the identifier {name!r} {why}"
        yield Problem(document.at("spec", kind.key), text, rule="OC-R20")


def values(document: Document) -> Iterator[Problem]:
    """What is wrong with the values of the field `domain`, whatever the kind."""
    whole = document.spec.get("domain")
    said = whole.get("values") if isinstance(whole, dict) else None
    seen: set[str] = set()
    for i, one in enumerate(said if isinstance(said, list) else []):
        own = str(one.get("id")) if isinstance(one, dict) else ""
        at = ("spec", "domain", "values", i)
        if why := amiss(own):
            yield Problem(document.at(*at, "id"), f"{document.address}: the id {own!r} {why}", rule="OC-R20")
        if own in seen:
            text = f"{document.address}: two values have the id {own!r}"
            yield Problem(document.at(*at, "id"), text, "give each an id of its own", rule="OC-R43")
        seen.add(own)
        told = one.get("labels") if isinstance(one, dict) else None
        for locale, label in told.items() if isinstance(told, dict) else ():
            if why := amiss(str(label)):
                place = document.at(*at, "labels", locale)
                yield Problem(place, f"{document.address}: the label {label!r} {why}", rule="OC-R20")


def same(field: Field, before: Json, after: Json) -> bool:
    """A domain is what it says of itself; all else is as it is."""
    return domain.same(before, after) if field.name == "domain" else rest.same_value(field, before, after)


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:  # noqa: ARG001 - the verb's shape
    """Labels are never taken away; what is in use is not made anew (OC-R48)."""
    return [_in_use(labels.kept(change)) for change in changes]


def _in_use(change: Change) -> Change:
    uses = change.live.contents.get(ATTRIBUTES) if change.live and change.verb is Verb.REPLACE else None
    if not uses:
        return change
    attributes = "1 attribute at a node makes" if uses == 1 else f"{uses} attributes at nodes make"
    way_out = "let these go first, in an apply of their own, or declare another definition"
    hold = Hold("in-use", f"{attributes} use of it, so it cannot be made anew", way_out, final=True)
    return replace(change, holds=(*change.holds, hold))
