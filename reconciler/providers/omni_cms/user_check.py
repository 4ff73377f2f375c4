"""What is wrong with the documents of accounts, offline: keys without a place to go, tokens without a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from reconciler.model.document import Document
from reconciler.model.json import canonical
from reconciler.model.kind import Kind
from reconciler.model.place import Problem, Severity

KEY, KEY_TO, PASSWORD, ROTATE = "apiKey", "keyTo", "password", "rotateKey"
PRESENT, ABSENT_KEY = "present", "absent"
PLACE: Final = "add `keyTo: {toFile: secrets/<name>.key}`, or toKeyring, toCommand"


def check(kind: Kind, documents: Sequence[Document]) -> list[Problem]:  # noqa: ARG001 - the verb's shape
    """A key that is to be there has a place of its own to go to; a token has a key to make (CM-R49, CM-R50)."""
    found = [p for d in documents for p in _of_one(d)]
    taken: dict[str, Document] = {}
    for document in documents:
        to = document.spec.get(KEY_TO)
        first = taken.setdefault(canonical(to), document) if isinstance(to, dict) else document
        if first is not document:
            text = f"{document.address}: the key of {first.address} goes to the same place"
            found.append(Problem(document.at("spec", KEY_TO), text, "one would cover the other", rule="CM-R49"))
    return found


def _of_one(document: Document) -> Iterator[Problem]:
    wanted, address = document.spec.get(KEY), document.address
    if wanted == PRESENT and KEY_TO not in document.spec:
        text = f"{address}: a new key is shown once, and has no place to go"
        yield Problem(document.at("spec", KEY), text, PLACE, rule="CM-R49")
    if wanted != PRESENT and ROTATE in document.once:
        text = f"{address}: `once.{ROTATE}` makes a new key, and the account is to have none"
        yield Problem(document.at("metadata", "once", ROTATE), text, f"add `{KEY}: present`", rule="CM-R50")
    if wanted != PRESENT and KEY_TO in document.spec:
        text = f"{address}: no key will ever go there"
        place = document.at("spec", KEY_TO)
        yield Problem(place, text, f"add `{KEY}: present`, or take it out", Severity.WARNING, "CM-R49")
