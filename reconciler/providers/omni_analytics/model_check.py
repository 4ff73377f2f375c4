"""What of a model's document is wrong whatever is live: which field goes with which kind of model (OA-R161)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.document import Document
from reconciler.model.kind import Kind
from reconciler.model.place import Problem

SCHEMA: Final = "SCHEMA"
SHARED: Final = "SHARED"
EXTENSION: Final = "SHARED_EXTENSION"
KINDS: Final = (SCHEMA, SHARED, EXTENSION)
"""In the order in which the models of one connection are made."""
UNNAMED: Final = "(schema)"
"""What a schema model is called here; the product knows it by its connection alone."""


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A name for all but schema models, `extends` for extensions alone, switches where they mean something."""
    return [problem for document in documents for problem in _problems(document)]


def _problems(document: Document) -> Iterator[Problem]:
    spec, what = document.spec, document.spec.get("modelKind")
    named = spec.get("name", UNNAMED) != UNNAMED
    if what == SCHEMA and named:
        text = "a SCHEMA model has no name of its own: a connection has one, and that is it"
        yield _wrong(document, "name", text, "take `name` out")
    if what != SCHEMA and not named:
        yield _wrong(document, "name", f"a {what} model needs a name", "add `name: …`")
    if what == EXTENSION and "extends" not in spec:
        text = "a SHARED_EXTENSION builds upon another model"
        yield _wrong(document, "modelKind", text, "add `extends: <the name of a shared model>`")
    if what != EXTENSION:
        for name in ("extends", "allowAsWorkbookBase"):
            if name in spec:
                yield _wrong(
                    document, name, f"`{name}` is for SHARED_EXTENSION models alone", f"take `{name}` out"
                )
    if what != SCHEMA and spec.get("refreshOnCreate") is True:
        text = "`refreshOnCreate` is for SCHEMA models alone"
        yield _wrong(document, "refreshOnCreate", text, "say it in the document of the connection's schema model")
    if what == SCHEMA and spec.get("accessGrants"):
        text = "`accessGrants` are for SHARED and SHARED_EXTENSION models"
        yield _wrong(document, "accessGrants", text, "say them in the document of a shared model")


def _wrong(document: Document, field: str, text: str, hint: str) -> Problem:
    return Problem(document.at("spec", field), f"{document.address}: {text}", hint, rule="OA-R161")
