"""What a manifest of keywords must not say, and what it must not do to the keywords that are live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.model.change import Change
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.live import Collection
from reconciler.model.place import Problem
from reconciler.providers.omn_core.labels import kept
from reconciler.providers.omn_core.listing import chain
from reconciler.providers.omn_core.siblings import free_to_go, noted
from reconciler.providers.omn_core.texts import amiss


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Values that the server could not keep as they are, and siblings of one label (OC-R20, OC-R22)."""
    return [*_values(kind, documents), *_twins(kind, documents)]


def _values(kind: Kind, documents: Sequence[Document]) -> Iterator[Problem]:
    for document in documents:
        for name in chain(document.spec.get(kind.key)):
            if why := amiss(name):
                text = f"{document.address}: the value {name!r} {why}"
                yield Problem(document.at("spec", kind.key), text, rule="OC-R20")
        for i, label in _labels(document):
            value = label.get("text")
            if isinstance(value, str) and (why := amiss(value)):
                place = document.at("spec", "labels", i, "text")
                yield Problem(place, f"{document.address}: the label {value!r} {why}", rule="OC-R20")


def _labels(document: Document) -> Iterator[tuple[int, Mapping[str, Json]]]:
    labels = document.spec.get("labels")
    for i, label in enumerate(labels if isinstance(labels, list) else []):
        if isinstance(label, dict):
            yield i, label


def _twins(kind: Kind, documents: Sequence[Document]) -> Iterator[Problem]:
    """The chain itself is the key, and every key is declared once anyhow."""
    first: dict[tuple[object, ...], Document] = {}
    for document in documents:
        above = chain(document.spec.get(kind.key))[:-1]
        for i, label in _labels(document):
            other = first.setdefault((above, label.get("locale"), label.get("text")), document)
            if other is not document:
                text = f"{document.address}: its sibling {other.address} has the label {label.get('text')!r} too"
                place = document.at("spec", "labels", i, "text")
                yield Problem(
                    place, text, f"in {label.get('locale')}, siblings need labels of their own", rule="OC-R22"
                )


def review(kind: Kind, changes: Sequence[Change], live: Collection) -> list[Change]:
    """Labels are never taken away; values that others keep are not taken; what is in the way of a move is
    noted."""
    found = [kept(change) for change in changes]
    return noted(kind, free_to_go(kind, found, live), live)
