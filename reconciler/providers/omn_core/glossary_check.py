"""What a manifest of glossaries and entries must not say (OC-R89, OC-R91)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.model.document import Document
from reconciler.model.json import Json, pick
from reconciler.model.kind import Kind
from reconciler.model.place import Problem, Severity
from reconciler.providers.omn_core.glossary_names import slot
from reconciler.providers.omn_core.texts import amiss


def check_glossaries(kind: Kind, documents: Sequence[Document]) -> list[Problem]:
    """Names and custom values that the server could not keep as they are, values to be taken away, and names that
    can hardly be given."""
    return [*(problem for document in documents for problem in _glossary(document)), *_alike(kind, documents)]


def _alike(kind: Kind, documents: Sequence[Document]) -> Iterator[Problem]:
    """A warning, since two that are live under such names stay as they are (OC-R89)."""
    first: dict[str, Document] = {}
    for document in documents:
        name = document.spec.get(kind.key)
        other = first.setdefault(slot(name), document) if isinstance(name, str) else document
        if other is not document:
            text = f"{document.address}: the name {name!r} differs from that of {other.address} in case alone"
            place, hint = document.at("spec", kind.key), "neither is given where the other one is live or to be"
            yield Problem(place, text, hint, Severity.WARNING, "OC-R89")


def _glossary(document: Document) -> Iterator[Problem]:
    yield from _text(document, "the name", document.spec.get("name"), "name")
    attributes = document.spec.get("attributes")
    for name, value in (attributes if isinstance(attributes, dict) else {}).items():
        if value is None or value == "":
            text = f"{document.address}: the custom value {name!r} cannot be taken away by this API"
            place = document.at("spec", "attributes", name)
            yield Problem(place, text, "leave it out, and it stays as it is", rule="OC-R91")
        else:
            yield from _text(document, f"the custom value {name!r}:", value, "attributes", name)


def check_entries(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """Texts that the server could not keep as they are."""
    return [problem for document in documents for problem in _entry(document)]


def _entry(document: Document) -> Iterator[Problem]:
    yield from _text(document, "the text", document.spec.get("text"), "text")
    translations = document.spec.get("translations")
    for i, one in enumerate(translations if isinstance(translations, list) else []):
        text = pick(one, "/text")
        if isinstance(text, str):
            yield from _text(document, "the translation", text, "translations", i, "text")


def _text(document: Document, what: str, value: Json, *at: str | int) -> Iterator[Problem]:
    if isinstance(value, str) and (why := amiss(value)):
        yield Problem(document.at("spec", *at), f"{document.address}: {what} {value!r} {why}", rule="OC-R20")
