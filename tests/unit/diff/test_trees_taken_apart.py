"""Trees of which one part moves away and another keeps its place, in whatever scope."""

from __future__ import annotations

import pytest

from reconciler.model.change import Change, Verb
from reconciler.model.document import Document
from reconciler.model.json import Json
from reconciler.model.live import Resource
from tests.unit.diff.anywhere import Held, told
from tests.world import doc

RNC = Resource("r1", "MAM", {"tid": "MAM"})
DIRECTORY, KEYWORD = "Directory", "Keyword"
KINDS = pytest.mark.parametrize("kind", [DIRECTORY, KEYWORD])


def declared(kind: str, name: str, path: str, **words: object) -> Document:
    if kind == DIRECTORY:
        return doc("core/Directory", name, {"rnc": "MAM", "path": path}, **words)
    return doc("core/Keyword", name, {"path": path}, **words)


def live(kind: str, *paths: str) -> Held:
    """Things whose ids are their paths."""
    found = [thing(kind, path.split("/")) for path in paths]
    return {f"core/{kind}": found, "core/Rnc": [RNC]}


def thing(kind: str, path: list[str]) -> Resource:
    own, above = "/".join(path), "/".join(path[:-1]) or None
    fields: dict[str, Json] = {"path": [*path]}
    if kind == DIRECTORY:
        return Resource(own, [*path], {"rnc": "r1", **fields}, path[-1], above, scope=("r1",))
    return Resource(own, [*path], fields, path[-1], above)


def meant(found: dict[str, Change]) -> dict[str, tuple[Verb, str | None]]:
    return {name: (c.verb, c.live.id if c.live else None) for name, c in found.items()}


@KINDS
def test_what_lies_in_something_left_behind_goes_along_with_it(kind: str) -> None:
    """It would be a request for nothing: where the one goes the other is, too."""
    documents = [
        declared(kind, "b", "C/D/B", previous_key="A"),
        declared(kind, "a", "A"),
        declared(kind, "x", "A/x"),
        declared(kind, "y", "A/x/y"),
    ]

    found = meant(told(documents, live(kind, "A", "A/x", "A/x/y", "C", "C/D"), ledger=False))

    assert found == {
        "b": (Verb.RENAME, "A"), "a": (Verb.CREATE, None), "x": (Verb.RENAME, "A/x"), "y": (Verb.NONE, "A/x/y"),
    }  # fmt: skip


@KINDS
def test_a_former_key_further_in_is_a_stronger_word_than_a_key(kind: str) -> None:
    documents = [declared(kind, "a", "A"), declared(kind, "y", "X/A", previous_key="A")]

    found = meant(told(documents, live(kind, "A", "X"), ledger=False))

    assert found == {"a": (Verb.CREATE, None), "y": (Verb.RENAME, "A")}
