"""What a manifest of classifications, nodes or attributes must not say (OC-R20, OC-R65)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.kind import Kind
from reconciler.model.normalise import segments
from reconciler.model.place import Problem
from reconciler.providers.omn_core import domain
from reconciler.providers.omn_core.texts import amiss


def check_classes(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Identifiers and labels that the server could not keep as they are; labels that two have (OC-R65)."""
    found = [p for d in documents for p in (*_names(d, kind.key), *_labels(d))]
    return [*found, *_shared(documents)]


def check_nodes(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """The same of nodes; and a root node, which is none of theirs."""
    found = [p for d in documents for p in (*_names(d, kind.key), *_labels(d))]
    for document in documents:
        path = segments(document.spec.get(kind.key))
        if isinstance(path, list) and len(path) == 1:
            text = f"{document.address}: '{path[0]}' is a root node, which belongs to its classification"
            hint = f"declare a Classification with `identifier: {path[0]}` instead"
            found.append(Problem(document.at("spec", kind.key), text, hint, rule="OC-R62"))
    return found


def check_attributes(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """Values that the server could not keep; a value twice; a default that its domain does not have."""
    return [p for d in documents for p in (*_names(d, "node"), *_domain(d))]


def _names(document: Document, field: str) -> Iterator[Problem]:
    names = segments(document.spec.get(field))
    for name in names if isinstance(names, list) else []:
        if isinstance(name, str) and (why := amiss(name)):
            yield Problem(
                document.at("spec", field), f"{document.address}: the identifier {name!r} {why}", rule="OC-R20"
            )


def _labels(document: Document) -> Iterator[Problem]:
    labels = document.spec.get("labels")
    for i, label in enumerate(labels if isinstance(labels, list) else []):
        text = label.get("text") if isinstance(label, dict) else None
        if isinstance(text, str) and (why := amiss(text)):
            place = document.at("spec", "labels", i, "text")
            yield Problem(place, f"{document.address}: the label {text!r} {why}", rule="OC-R20")


def _shared(documents: Sequence[Document]) -> Iterator[Problem]:
    """The server takes no label that another classification has (OC-R65)."""
    first: dict[tuple[object, object], Document] = {}
    for document in documents:
        labels = document.spec.get("labels")
        for i, label in enumerate(labels if isinstance(labels, list) else []):
            if not isinstance(label, dict):
                continue
            other = first.setdefault((label.get("locale"), label.get("text")), document)
            if other is not document:
                text = f"{document.address}: {other.address} has the label {label.get('text')!r} too"
                hint = f"in {label.get('locale')}, classifications need labels of their own"
                yield Problem(document.at("spec", "labels", i, "text"), text, hint, rule="OC-R65")


def _domain(document: Document) -> Iterator[Problem]:
    held = document.spec.get("domain")
    ids = domain.ids(held)
    for value, times in Counter(ids).items():
        if times > 1:
            text = f"{document.address}: the value {value!r} is in the domain {times} times"
            yield Problem(document.at("spec", "domain", "values"), text, "keep one of them", rule="OC-R43")
        if why := amiss(value):
            text = f"{document.address}: the id {value!r} of a value {why}"
            yield Problem(document.at("spec", "domain", "values"), text, rule="OC-R20")
    default = document.spec.get("default")
    if isinstance(default, str) and _lists(held) and default not in ids:
        text = f"{document.address}: the default {default!r} is none of the domain's values"
        yield Problem(document.at("spec", "default"), text, f"choose one of {', '.join(ids)}", rule="OC-R72")


def _lists(held: Json) -> bool:
    return isinstance(held, dict) and "values" in held
